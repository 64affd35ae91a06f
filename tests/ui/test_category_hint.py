"""The category that is suggested while the text is typed: seen beside its label, taken by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services import categories, shop
from tests.ui.guide_rig import open_guide, written
from tests.ui.window_rig import CTRL, KEY, a_small_case, at, commit, contents, fill, go, press, row, save, settle, until
from ui.views.follow_up import FollowUpPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow

BROKEN = "F5 采用：商品问题 > 质量（“坏了”）"


def hint(window: MainWindow) -> str:
    shown = row(window, "category")._hint
    return shown.text() if shown is not None and shown.isVisible() else ""


def type_content(qtbot: QtBot, window: MainWindow, text: str, expected: str) -> None:
    go(window, "content")
    commit(text)
    until(qtbot, lambda: hint(window) == expected)


def test_the_words_propose_a_category_and_one_key_takes_it(qtbot: QtBot, window: MainWindow) -> None:
    assert hint(window) == ""

    type_content(qtbot, window, "水壶坏了", BROKEN)
    assert row(window, "category").value() is None, "nothing is chosen by itself"
    assert BROKEN in row(window, "category").editor.accessibleDescription()
    press(KEY.Key_F5)

    assert row(window, "category").value() == "商品问题 > 质量"
    assert hint(window) == ""
    assert at(window) == "content", "the person goes on typing"


def test_what_was_chosen_stays_until_the_key_is_pressed(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "category")
    commit("价格")
    press(KEY.Key_Tab)

    go(window, "content")
    type_content(qtbot, window, "水壶坏了", BROKEN)

    assert row(window, "category").value() == "商品问题 > 价格"
    press(KEY.Key_F5)
    assert row(window, "category").value() == "商品问题 > 质量"


def test_the_line_goes_when_that_category_is_chosen_by_hand_or_the_text_is_gone(
    qtbot: QtBot, window: MainWindow
) -> None:
    type_content(qtbot, window, "水壶坏了", BROKEN)
    go(window, "category")
    commit("质量")
    press(KEY.Key_Return)
    assert hint(window) == ""
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    assert hint(window) == BROKEN

    go(window, "content")
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)

    assert hint(window) == ""
    press(KEY.Key_F5)
    assert row(window, "category").value() is None


def test_the_key_does_nothing_where_nothing_is_proposed(qtbot: QtBot, window: MainWindow) -> None:
    type_content(qtbot, window, "水壶坏了", BROKEN)
    go(window, "content")
    press(KEY.Key_A, CTRL)
    commit("天气很好")
    until(qtbot, lambda: hint(window) == "")

    press(KEY.Key_F5)

    assert row(window, "category").value() is None


def test_a_case_with_the_category_that_was_accepted_is_saved_and_the_next_form_proposes_nothing(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    type_content(qtbot, window, "水壶坏了", BROKEN)
    press(KEY.Key_F5)
    go(window, "customer_name")
    commit("李女士")

    save(qtbot, window)

    assert contents(folder) == ["水壶坏了"]
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    assert hint(window) == ""


def test_the_shops_own_words_speak_at_once(qtbot: QtBot, window: MainWindow) -> None:
    type_content(qtbot, window, "车位坏了", BROKEN)

    window.desk.ask(lambda ws: categories.add_category(ws, "停车"), lambda saved: window.desk.take_shop(saved.shop))
    window.desk.ask(lambda ws: categories.put_word(ws, "车位", "停车"), lambda saved: window.desk.take_shop(saved.shop))

    until(qtbot, lambda: hint(window) == "F5 采用：停车（“车位”）")
    press(KEY.Key_F5)
    assert row(window, "category").value() == "停车"


def test_a_category_of_a_draft_that_is_hidden_meanwhile_stays_readable(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "category")
    commit("质量")
    press(KEY.Key_Return)

    for path in ("商品问题 > 质量",):
        window.desk.ask(
            lambda ws, path=path: categories.toggle_category(ws, path),
            lambda saved: window.desk.take_shop(saved.shop),
        )
    window.desk.ask(
        lambda ws: categories.add_category(ws, "商品问题 > 质量与包装"),
        lambda saved: window.desk.take_shop(saved.shop),
    )
    settle(qtbot, window.desk)

    assert row(window, "category").value() == "商品问题 > 质量", "and not the only other one that has its words"


def test_the_guide_begins_with_the_plan_for_the_category(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "category")
    commit("质量")
    press(KEY.Key_Return)

    open_guide(qtbot, window.desk)

    shown = written(window.register)
    assert "预案 · 商品问题：验看、退换、反馈采购" in shown
    assert "4 及时反馈采购人员" in shown
    assert shown.index("预案 ·") < shown.index("先处理客户心情")
    go(window, "category")
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    assert "先处理客户心情" in written(window.register)
    assert "预案 ·" not in written(window.register)


def test_the_plans_are_those_of_the_trade(qtbot: QtBot, window: MainWindow) -> None:
    window.desk.ask(
        lambda ws: shop.save_shop(ws, "云栖酒店", "hotel", ["小周"]), lambda saved: window.desk.take_shop(saved.shop)
    )
    settle(qtbot, window.desk)
    go(window, "category")
    commit("财物")
    press(KEY.Key_Return)

    open_guide(qtbot, window.desk)

    assert "预案 · 财物、人身：立即上报" in written(window.register)


def test_the_guide_of_a_case_begins_with_the_plan_for_its_category(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    save(qtbot, window)
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    press(KEY.Key_Return)

    open_guide(qtbot, window.desk)

    page = window.findChild(FollowUpPage)
    assert page is not None
    assert "预案 · 商品问题：验看、退换、反馈采购" in written(page)


def test_what_one_form_speaks_for_is_offered_on_no_other(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"content": "空调不制冷"})
    until(qtbot, lambda: bool(row(window, "category").hint))
    press(KEY.Key_N, CTRL)
    fill(window, {"content": "问一下营业时间"})
    press(KEY.Key_Tab, CTRL)
    until(qtbot, lambda: bool(row(window, "category").hint))

    press(KEY.Key_Tab, CTRL)
    press(KEY.Key_F5)

    assert row(window, "content").value() == "问一下营业时间"
    assert (row(window, "category").hint, row(window, "category").value()) == ("", None)
