"""A customer who came before: found while typing, taken over, told of, and the same matter again; all by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from desk_app.services import customers, desk, search
from tests.helpers.builders import acted, registered
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    contents,
    drafts_on_disk,
    go,
    is_seen,
    press,
    row,
    save,
    saved,
    settle,
    told,
    until,
)
from ui.views.customer_menu import CustomerMenu, MergeDialog
from ui.views.register_customer import CustomerWatch
from ui.views.register_matches import MatchList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier
WATER = "昨天买的电水壶通电后不加热，按说明书试了三次都一样。"
AGAIN = "前几天买的电水壶，通电不加热，试了三次"


@pytest.fixture
def shop(workspace: Workspace, qtbot: QtBot, window: MainWindow) -> Workspace:
    """A register with three customers, and the window ready for its keys."""
    registered(workspace, "a", customer_name="张小山先生", customer_address="和平路 8 号", item={"member_no": "M77"})
    registered(workspace, "b", customer_name="张小山", content="空调不制冷")
    registered(workspace, "c", customer_name="曾国华", customer_phone="13912345678", content="发票开错了抬头")
    registered(workspace, "d", customer_name="匿名者", customer_phone="13900008000", anonymous=True)
    search.catch_up(workspace)
    window.register.prepare()
    settle(qtbot, window.desk)
    return workspace


def test_the_window_gets_ready_for_it_by_itself(qtbot: QtBot, window: MainWindow) -> None:
    until(qtbot, lambda: window.register.findChild(CustomerWatch) is not None)


def listed(window: MainWindow) -> tuple[str, ...]:
    """Return the lines of the list under a field; none where it is closed."""
    found = window.register.findChild(MatchList)
    return found.lines if found.isVisible() else ()


def who(window: MainWindow) -> str:
    """Return who the form is said to be about; empty where nothing is said."""
    watch = window.register.findChild(CustomerWatch)
    return next((place.who.text() for place in (watch.pane, watch.line) if is_seen(place.who)), "")


def alike(window: MainWindow) -> str:
    """Return what is said of the same matter; empty where nothing is."""
    watch = window.register.findChild(CustomerWatch)
    notes = (watch.pane.alike.words, watch.line.alike.words)
    return next((words.text() for words in notes if is_seen(words)), "")


def type_in(qtbot: QtBot, window: MainWindow, key: str, text: str) -> None:
    go(window, key)
    commit(text)
    settle(qtbot, window.desk)


def values(window: MainWindow) -> dict[str, object]:
    return window.register.form.values()


@pytest.mark.parametrize(
    ("key", "typed", "line"),
    [
        ("customer_phone", "8000", "张小山　138-****-8000　最近 11-22 空调不制冷　共 2 件"),
        ("customer_name", "zgh", "曾国华　139****5678　最近 11-22 发票开错了抬头　共 1 件"),
    ],
)
def test_who_may_be_meant_stands_under_the_field_and_the_keys_stay_there(
    qtbot: QtBot, window: MainWindow, shop: Workspace, key: str, typed: str, line: str
) -> None:
    go(window, key)
    assert listed(window) == ()

    commit(typed)
    settle(qtbot, window.desk)

    assert [text.replace("138-**** 8000", "138-****-8000") for text in listed(window)] == [line]
    assert at(window) == key
    press(KEY.Key_Escape)
    assert listed(window) == ()
    assert row(window, key).value() == typed


def test_too_little_or_nobody_known_shows_nothing(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_phone", "800")
    assert listed(window) == ()

    commit("07")
    settle(qtbot, window.desk)
    assert listed(window) == ()
    press(KEY.Key_Backspace)
    settle(qtbot, window.desk)
    press(KEY.Key_Backspace)
    commit("0")
    settle(qtbot, window.desk)
    assert len(listed(window)) == 1

    press(KEY.Key_Tab)
    assert listed(window) == ()


def test_one_key_takes_the_customer_over_and_the_next_question_has_the_focus(
    qtbot: QtBot, window: MainWindow, shop: Workspace
) -> None:
    type_in(qtbot, window, "content", "又坏了")
    type_in(qtbot, window, "customer_phone", "8000")

    press(KEY.Key_F6)
    settle(qtbot, window.desk)

    said = values(window)
    assert (said["customer_name"], said["customer_phone"]) == ("张小山", "138-0013 8000")
    assert at(window) == "customer_address"  # the last case has none
    assert who(window) == "老客户 张小山 · 第 3 次投诉"


@pytest.mark.parametrize("begun", ["曾", "ZGH", "zg"])
def test_what_was_typed_by_hand_stays_and_what_was_begun_is_completed(
    qtbot: QtBot, window: MainWindow, shop: Workspace, begun: str
) -> None:
    type_in(qtbot, window, "customer_name", begun)
    type_in(qtbot, window, "customer_address", "别处")
    registered(shop, "e", customer_name="曾国华", customer_phone="13912345678", customer_address="新街 1 号")
    type_in(qtbot, window, "customer_phone", "5678")

    press(KEY.Key_F6)
    settle(qtbot, window.desk)

    said = values(window)
    assert (said["customer_name"], said["customer_address"]) == ("曾国华", "别处")
    assert "；地址/营业地址与上次不同，没有改" in told(window)


def test_taking_over_is_taken_back_from_wherever_the_keys_are(
    qtbot: QtBot, window: MainWindow, shop: Workspace
) -> None:
    type_in(qtbot, window, "customer_name", "张")
    before = values(window)
    press(KEY.Key_F6)
    settle(qtbot, window.desk)
    assert values(window) != before
    assert at(window) == "occurred_at"

    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert values(window) == before


def test_arrows_mark_another_line_and_the_item_of_a_person_comes_along(
    qtbot: QtBot, window: MainWindow, shop: Workspace
) -> None:
    registered(
        shop, "e", customer_name="张小海", customer_phone="13711112222", item={"member_no": "M88", "model": "SX"}
    )
    type_in(qtbot, window, "customer_name", "张")
    assert [line.split("　")[0] for line in listed(window)] == ["张小海", "张小山"]

    press(KEY.Key_Down)
    press(KEY.Key_Down)
    press(KEY.Key_F6)
    settle(qtbot, window.desk)

    assert values(window)["customer_name"] == "张小海"
    assert values(window)["item"] == {"member_no": "M88"}


def test_a_click_on_a_line_takes_it_over_too(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_name", "张")
    registered(shop, "e", customer_name="张小海", customer_phone="13711112222")
    commit("小")
    settle(qtbot, window.desk)
    shown = window.register.findChild(MatchList)

    second = QPoint(shown.width() // 2, shown._line() * 3 // 2)
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=second)
    settle(qtbot, window.desk)

    assert values(window)["customer_name"] == "张小山"


def test_after_a_save_the_key_waits_for_the_next_form(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    a_small_case(window)
    save(qtbot, window)

    press(KEY.Key_F6)
    assert saved(window)
    press(KEY.Key_N, CTRL)

    assert at(window) == "kind"


def test_f6_pressed_before_the_answer_is_here_takes_it_when_it_comes(
    qtbot: QtBot, window: MainWindow, shop: Workspace
) -> None:
    go(window, "customer_phone")
    commit("8000")
    press(KEY.Key_F6)
    settle(qtbot, window.desk)

    assert values(window)["customer_name"] == "张小山"


def test_nobody_anonymous_is_looked_up_or_told_of(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_phone", "13800138000")
    assert who(window)

    row(window, "anonymous").editor.click()
    settle(qtbot, window.desk)
    assert who(window) == ""

    type_in(qtbot, window, "customer_name", "张")
    assert listed(window) == ()


def test_who_it_is_goes_with_the_form(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_phone", "13800138000")
    assert who(window) == "老客户 张小山 · 第 3 次投诉"

    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    assert who(window) == ""

    press(KEY.Key_1, ALT)
    settle(qtbot, window.desk)
    assert who(window) == "老客户 张小山 · 第 3 次投诉"


def test_on_a_narrow_window_one_line_over_the_form_says_it(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_phone", "13800138000")

    window.resize(640, 480)
    settle(qtbot, window.desk)

    assert who(window).startswith("老客户 张小山 · 第 3 次投诉 · 未了 2 件")


def test_the_line_leaves_the_field_with_the_keys_in_sight(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    window.resize(640, 480)
    go(window, "customer_phone")
    scroll = window.register._scroll
    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().value() - 1000)
    scroll.ensureWidgetVisible(row(window, "customer_phone"), 0, 0)  # at the very foot

    commit("13800138000")
    settle(qtbot, window.desk)

    assert who(window)
    field = row(window, "customer_phone").editor
    until(qtbot, lambda: field.visibleRegion().boundingRect() == field.rect())


def test_the_same_matter_is_told_and_one_key_adds_to_it(
    qtbot: QtBot, window: MainWindow, shop: Workspace, folder: DataFolder
) -> None:
    number = desk.case_file(shop, customers.look_up(shop, "item", "M77")[0].number).case.number
    type_in(qtbot, window, "content", AGAIN)
    type_in(qtbot, window, "customer_phone", "13800138000")
    type_in(qtbot, window, "demand", "退钱")
    until(qtbot, lambda: alike(window) != "")
    assert alike(window).startswith(f"可能是同一件：{number} 11-22「昨天买的电水壶")
    cases = len(contents(folder))

    press(KEY.Key_D, ALT)
    settle(qtbot, window.desk)

    assert len(contents(folder)) == cases
    assert drafts_on_disk(folder) == []
    said = desk.case_file(shop, number).events[-1].data
    assert (said["direction"], said["content"]) == ("in", f"{AGAIN}\n投诉要求：退钱")
    assert number in told(window)
    assert window._stack.current == "follow_up"
    assert values(window).keys() <= {"kind", "channel", "route", "severity"}

    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert len(desk.case_file(shop, number).deeds) == 1
    assert window._stack.currentWidget() is window.register
    assert (values(window)["content"], values(window)["demand"]) == (AGAIN, "退钱")
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1)


def test_going_on_registers_a_new_case(qtbot: QtBot, window: MainWindow, shop: Workspace, folder: DataFolder) -> None:
    cases = len(contents(folder))
    type_in(qtbot, window, "content", AGAIN)
    type_in(qtbot, window, "category", "质量")
    type_in(qtbot, window, "customer_name", "张小山")
    type_in(qtbot, window, "customer_phone", "13800138000")
    until(qtbot, lambda: alike(window) != "")

    save(qtbot, window)

    assert len(contents(folder)) == cases + 1
    assert "已保存" in saved(window)
    assert who(window) == ""


def test_a_closed_case_takes_nothing_and_says_what_to_do(
    qtbot: QtBot, window: MainWindow, shop: Workspace, folder: DataFolder
) -> None:
    number = customers.look_up(shop, "item", "M77")[0].number
    for action, given in (
        ("determine", {"responsibility": "misunderstanding"}),
        ("reply", {"content": "已换新"}),
        ("return_visit", {"satisfaction": "satisfied"}),
        ("feed_back", {"content": "已通报"}),
        ("amend", {"occurred_at": "昨天", "place": "二楼"}),
        ("close", {"result": "已换新"}),
    ):
        acted(shop, number, action, **given)
    type_in(qtbot, window, "content", AGAIN)
    type_in(qtbot, window, "customer_phone", "13800138000")
    until(qtbot, lambda: alike(window) != "")
    assert "（已结案）" in alike(window)

    press(KEY.Key_D, ALT)
    settle(qtbot, window.desk)

    assert "重新打开" in told(window)
    assert values(window)["content"] == AGAIN
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1)


def test_the_menu_opens_a_case_and_the_draft_stays_a_tab(
    qtbot: QtBot, window: MainWindow, shop: Workspace, folder: DataFolder
) -> None:
    type_in(qtbot, window, "customer_phone", "13800138000")
    press(KEY.Key_H, CTRL)
    menu = window.findChild(CustomerMenu)
    assert [action.text().split("　")[1] for action in menu.actions()[:2]] == [
        "11-22 空调不制冷 已登记",
        "11-22 昨天买的电水壶通电后不加热，按说明书试了三次都一样。 已登记",
    ]

    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert (
        window._stack.page("follow_up")._detail.number == customers.look_up(shop, "customer_name", "张小山")[0].number
    )
    press(KEY.Key_1, CTRL)
    assert values(window)["customer_phone"] == "13800138000"


def test_the_class_is_changed_by_keys(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    type_in(qtbot, window, "customer_phone", "13800138000")

    press(KEY.Key_H, CTRL)
    press(KEY.Key_C)
    press(KEY.Key_1)
    settle(qtbot, window.desk)

    watch = window.register.findChild(CustomerWatch)
    assert watch.pane._standing.text().startswith("重点客户")


def test_two_customers_are_made_one_by_the_number_of_a_case_and_parted_again(
    qtbot: QtBot, window: MainWindow, shop: Workspace
) -> None:
    other = customers.look_up(shop, "customer_name", "zgh")[0].number
    type_in(qtbot, window, "customer_phone", "13800138000")
    press(KEY.Key_H, CTRL)
    press(KEY.Key_M)
    dialog = window.findChild(MergeDialog)
    dialog.activateWindow()
    until(qtbot, lambda: QApplication.focusWidget() is dialog.number)
    commit(other[-3:])
    settle(qtbot, window.desk)
    assert dialog.preview.text() == "另一位：曾国华 13912345678"

    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    assert who(window) == "老客户 张小山 · 第 4 次投诉"
    assert "现在是同一位客户" in told(window)
    assert "与 曾国华 13912345678 合并" in window.register.findChild(CustomerWatch).pane._lines.accessibleName()

    window.activateWindow()
    until(qtbot, lambda: QApplication.focusWidget() is not None)
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)
    assert who(window) == "老客户 张小山 · 第 3 次投诉"


def test_a_known_customer_s_complaint_takes_at_most_twelve_keys_beside_its_text(
    qtbot: QtBot, window: MainWindow, shop: Workspace, folder: DataFolder
) -> None:
    cases = len(contents(folder))
    keys = 0

    def key(name: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        nonlocal keys
        keys += 1
        press(name, modifiers)
        settle(qtbot, window.desk)

    key(KEY.Key_F6)
    commit("8000")
    key(KEY.Key_F6)
    assert at(window) == "occurred_at"
    key(KEY.Key_Tab)
    key(KEY.Key_Tab)
    assert at(window) == "content"
    commit("微波炉转盘不转")
    key(KEY.Key_Tab)
    commit("质量")
    key(KEY.Key_S, CTRL)

    assert len(contents(folder)) == cases + 1
    assert saved(window)
    assert keys <= 12
    assert keys == 6


def test_the_days_within_which_it_is_the_same_matter_are_set(qtbot: QtBot, window: MainWindow, shop: Workspace) -> None:
    press(KEY.Key_4, CTRL)
    page = window._stack.page("settings")
    assert page.form.values()["repetition"] == "30"
    page.form.go_on_at("repetition")
    press(KEY.Key_1)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert window.desk.shop.duplicate_days == 7
