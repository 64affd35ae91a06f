"""What narrows a search, by keyboard alone; and searches that are kept under a name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desk_app.domain.finding import Sought
from desk_app.services import saved_searches, shop
from tests.helpers.builders import NOW, acted, registered
from tests.ui import window_rig
from tests.ui.search_rig import KEY, empty, filters, found, keys, look_for, told, until_told
from tests.ui.window_rig import CTRL, USUAL_SCREEN, button, commit, focus, press, settle
from ui.views.search import SearchPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier
NEW, OLD, PRAISE = "TS-20261122-001", "TS-20261012-001", "TS-20261122-002"


@pytest.fixture(autouse=True)
def cases(window: MainWindow, workspace: Workspace) -> None:
    """Three cases on file: of today, of last month, and a praise."""
    registered(workspace, "a", content="水壶漏水", category="商品问题 > 质量")
    registered(workspace, "b", content="水管漏水", target="工程部", received_at=NOW - timedelta(days=41), by="小吴")
    registered(workspace, "c", kind="praise", content="感谢小陈修好漏水")
    acted(workspace, OLD, "contact", content="约好时间")


def go_to(window: MainWindow, name: str) -> None:
    """Press Tab from the first filter to the one of that name."""
    press(KEY.Key_L, CTRL)
    for _ in range(10):
        here = focus()
        if name in (here.accessibleName(), here.parentWidget().accessibleName()):
            return
        press(KEY.Key_Tab)
    raise AssertionError(name)


def narrow(qtbot: QtBot, window: MainWindow, name: str, value: str | Qt.Key) -> None:
    """Go to a filter and enter this."""
    go_to(window, name)
    if isinstance(value, str):
        press(KEY.Key_A, CTRL)
        commit(value)
    else:
        press(value)
    settle(qtbot, window.desk)


@pytest.mark.parametrize(
    ("name", "value", "numbers"),
    [
        ("日期", "今天", [PRAISE, NEW]),
        ("日期", "上月", [OLD]),
        ("日期", "2026-10-12", [OLD]),
        ("日期", "2026-10-12..2026-11-22", [PRAISE, OLD, NEW]),
        ("类别", KEY.Key_8, [PRAISE]),
        ("分类", "商品问题 > 质量", [NEW]),
        ("部门", "工程", [OLD]),
        ("状态", KEY.Key_3, [OLD]),
        ("操作员", "小吴", [OLD]),
    ],
)
def test_each_filter_narrows_and_is_told_in_words(
    qtbot: QtBot, window: MainWindow, name: str, value: str | Qt.Key, numbers: list[str]
) -> None:
    look_for(qtbot, window, "漏水")
    assert sorted(found(window)) == sorted([NEW, OLD, PRAISE])

    narrow(qtbot, window, name, value)

    assert sorted(found(window)) == sorted(numbers)
    assert filters(window).in_words in told(window)
    assert filters(window).in_words
    press(KEY.Key_0, ALT)
    settle(qtbot, window.desk)
    assert (sorted(found(window)), filters(window).in_words) == (sorted([NEW, OLD, PRAISE]), "")
    assert focus() is window.top.search


def test_tab_goes_through_them_as_they_stand(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "漏水")
    names = []
    press(KEY.Key_L, CTRL)
    for _ in range(7):
        here = focus()
        names.append(here.accessibleName() or here.parentWidget().accessibleName())
        press(KEY.Key_Tab)

    assert names == ["日期", "类别", "分类", "部门", "状态", "操作员", "搜索的名字"]


def test_del_takes_one_choice_away_and_the_others_stay(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "漏水")
    narrow(qtbot, window, "日期", "今天")
    narrow(qtbot, window, "类别", KEY.Key_8)
    assert found(window) == [PRAISE]

    keys(qtbot, window, KEY.Key_Delete)

    assert found(window) == [PRAISE, NEW]
    assert filters(window).in_words == "今天"


def test_what_the_shop_has_since_can_be_chosen(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    look_for(qtbot, window, "漏水")
    narrow(qtbot, window, "日期", "今天")
    shop.save_shop(workspace, "云栖百货", "general", ["小周", "阿欢"])
    window._look_now()
    settle(qtbot, window.desk)

    go_to(window, "操作员")
    keys(qtbot, window, KEY.Key_Down, KEY.Key_Down)

    assert filters(window).in_words == "今天　阿欢"


def test_filters_alone_list_too(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "")

    narrow(qtbot, window, "日期", "上月")
    assert found(window) == [OLD]
    keys(qtbot, window, KEY.Key_Return)
    assert focus() is window.top.search, "Enter leads back to the box"
    keys(qtbot, window, KEY.Key_Return)

    assert type(window._stack.currentWidget()).__name__ == "FollowUpPage"


def test_where_only_a_filter_hides_it_that_is_said_and_one_key_mends_it(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "水管")
    narrow(qtbot, window, "日期", "今天")
    assert found(window) == []
    until_told(qtbot, window, "在所有日期里找有 1 件：按 Alt+0")
    assert "“今天”" in empty(window)

    press(KEY.Key_0, ALT)
    settle(qtbot, window.desk)
    assert found(window) == [OLD]

    look_for(qtbot, window, "哪里都没有")
    narrow(qtbot, window, "日期", "今天")
    settle(qtbot, window.desk)
    assert empty(window) == "没有找到；试试少写几个字，或只写电话、编号的后几位"


def test_days_that_are_none_are_asked_for_in_a_sentence(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "漏水")

    narrow(qtbot, window, "日期", "2026-13")

    assert (found(window), empty(window)[:7]) == ([], "日期写成 20")
    narrow(qtbot, window, "日期", "2026-10")
    assert found(window) == [OLD]


def test_who_is_done_leaves_no_filter_behind(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "漏水")
    narrow(qtbot, window, "日期", "上月")
    keys(qtbot, window, KEY.Key_Escape)
    assert focus() is window.top.search
    keys(qtbot, window, KEY.Key_Escape)
    assert window._stack.currentWidget() is window.register

    look_for(qtbot, window, "漏水")

    assert sorted(found(window)) == sorted([NEW, OLD, PRAISE])


def test_a_search_is_kept_under_a_name_chosen_again_and_deleted(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    look_for(qtbot, window, "漏水")
    narrow(qtbot, window, "日期", "上月")
    narrow(qtbot, window, "搜索的名字", "上月漏水")
    keys(qtbot, window, KEY.Key_Return)
    assert window_rig.told(window) == "搜索“上月漏水”已保存"
    assert focus() is window.top.search
    (kept,) = saved_searches.saved_searches(workspace)
    assert (kept.sought.words, kept.days) == ("漏水", "last")

    keys(qtbot, window, KEY.Key_Escape)
    look_for(qtbot, window, "别的")
    narrow(qtbot, window, "保存的搜索", KEY.Key_1)
    assert (window.top.search.text(), found(window)) == ("漏水", [OLD])

    button(window, "删除").click()
    settle(qtbot, window.desk)
    assert saved_searches.saved_searches(workspace) == ()
    assert found(window) == [OLD], "what is on the screen stays"


@pytest.mark.parametrize("size", [USUAL_SCREEN, (911, 512)])
def test_all_of_it_is_within_the_window_and_no_label_is_cut(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, size: tuple[int, int]
) -> None:
    saved_searches.save_search(workspace, "一个很长很长的名字二十个字不到一点点", Sought("漏水"), "month")
    window.resize(*size)
    look_for(qtbot, window, "漏水")
    narrow(qtbot, window, "保存的搜索", KEY.Key_1)
    page = window.findChild(SearchPage)

    assert window.size().toTuple() == size
    bar = filters(window)
    for widget in (*bar._order, bar._saved, bar._forget):
        assert widget.isVisible()
        assert bar.rect().contains(widget.geometry()), widget
    for label in bar.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width()
    assert page._hint.height() >= page._hint.heightForWidth(page._hint.width())
    assert page._table.height() > 5 * page._table.rowHeight(0)
