"""The search in the whole window: one box over everything, by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from desk_app.services import search
from desk_app.services.results import Changes
from tests.helpers.builders import acted, registered
from tests.ui.search_rig import (
    KEY,
    cells_of,
    empty,
    found,
    hits_table,
    is_in_front,
    keys,
    look_for,
    marked,
    told,
    until_told,
)
from tests.ui.window_rig import CTRL, at, commit, fill, focus, paste, press, row, settle, until, window_on
from ui.views.case_detail import CaseDetail
from ui.views.case_detail_text import ReadingPane
from ui.views.follow_up_sieve import SieveBar
from ui.views.handover import HandoverPage
from ui.views.search import FIRST, MOST_SHOWN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

KETTLE, LEAK, PRAISE = "TS-20261122-001", "TS-20261122-002", "TS-20261122-003"


@pytest.fixture(autouse=True)
def cases(window: MainWindow, workspace: Workspace) -> None:
    """Three cases on file, the first with a promise."""
    registered(workspace, "a", customer_name="张小山", customer_phone="13800138000", content="水壶不加热，要退货")
    registered(workspace, "b", customer_name="李女士", customer_phone="13912345678", content="三楼漏水" + "，" * 90)
    registered(workspace, "c", kind="praise", customer_name=None, anonymous=True, content="表扬小陈热心")
    acted(workspace, KETTLE, "promise", what="送一个新水壶上门", due_at="2026-11-23 15:20")


def shown(window: MainWindow) -> str:
    return window.findChild(CaseDetail).number


# ---------------------------------------------------------------------------------------- there and back


def test_from_a_half_typed_form_and_back_to_the_very_field(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"content": "电话里说了一半", "customer_name": "王"})

    look_for(qtbot, window, "水壶")
    assert (is_in_front(window), found(window)) == (True, [KETTLE])
    keys(qtbot, window, KEY.Key_Escape)

    assert window._stack.currentWidget() is window.register
    assert at(window) == "customer_name"
    commit("芳")
    assert (row(window, "content").editor.value(), row(window, "customer_name").editor.value()) == (
        "电话里说了一半",
        "王芳",
    )
    look_for(qtbot, window, "")
    assert window.top.search.text() == "", "the words of the last search are in nobody's way"
    assert found(window) == []


def test_on_other_pages_too_the_keys_go_on_where_they_were(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_4, CTRL)
    settle(qtbot, window.desk)
    keys(qtbot, window, KEY.Key_Tab)
    before = focus()

    look_for(qtbot, window, "水壶")
    keys(qtbot, window, KEY.Key_Escape)
    assert focus() is before

    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    press(KEY.Key_L, CTRL)
    settle(qtbot, window.desk)
    assert window.findChild(SieveBar).isAncestorOf(focus()), "a key of the search is the page's again"


def test_the_handover_and_the_search_lead_back_one_after_the_other(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_3, CTRL)
    keys(qtbot, window, KEY.Key_F8)
    look_for(qtbot, window, "水壶")

    keys(qtbot, window, KEY.Key_Escape)
    assert isinstance(window._stack.currentWidget(), HandoverPage)
    keys(qtbot, window, KEY.Key_Escape)
    assert type(window._stack.currentWidget()).__name__ == "ExportPage"

    look_for(qtbot, window, "水壶")
    keys(qtbot, window, KEY.Key_F8, KEY.Key_Escape)
    assert type(window._stack.currentWidget()).__name__ == "ExportPage"


def test_at_the_first_start_there_is_nothing_to_search(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    new = type(folder)(folder.root / "new")
    with window_on(qtbot, new, clock, rules) as window:
        press(KEY.Key_F, CTRL)
        assert not is_in_front(window)
        assert not window.top.search.isEnabled()


def test_a_number_and_enter_open_the_case_before_any_answer_is_awaited(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_F, CTRL)
    commit("20261122-002")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert shown(window) == LEAK
    assert isinstance(focus(), ReadingPane)
    assert window.findChild(CaseDetail).has_form is False, "Enter opened the case and nothing else"


def test_who_types_on_after_enter_is_not_sent_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_F, CTRL)
    commit("水")
    press(KEY.Key_Return)
    commit("壶")
    settle(qtbot, window.desk)

    assert (is_in_front(window), found(window)) == (True, [KETTLE])


def test_esc_in_an_opened_case_leads_back_to_the_list_where_it_was_and_from_there_home(
    qtbot: QtBot, window: MainWindow
) -> None:
    fill(window, {"content": "一半"})
    look_for(qtbot, window, "TS")
    assert found(window) == [PRAISE, LEAK, KETTLE]
    keys(qtbot, window, KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert shown(window) == KETTLE

    keys(qtbot, window, KEY.Key_Escape)

    assert (is_in_front(window), found(window), hits_table(window).row) == (True, [PRAISE, LEAK, KETTLE], 2)
    commit("-20261122-002")
    settle(qtbot, window.desk)
    assert (window.top.search.text(), found(window)) == ("TS-20261122-002", [LEAK]), "what is typed goes on there"
    keys(qtbot, window, KEY.Key_Escape)
    assert at(window) == "content"


def test_who_has_gone_elsewhere_since_is_not_led_back_to_the_list(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "漏水")
    keys(qtbot, window, KEY.Key_Return)
    press(KEY.Key_1, CTRL)
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)

    keys(qtbot, window, KEY.Key_Escape)

    assert type(window._stack.currentWidget()).__name__ == "FollowUpPage"


# ------------------------------------------------------------------------------------------ what is found


def test_each_row_says_what_was_found_and_where(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "水壶")
    assert cells_of(window) == [[KETTLE, "今天 10:00", "投诉", "张**", "处理中", "", "水壶不加热，要退货"]]
    assert marked(window) == [{"水壶"}]

    look_for(qtbot, window, "新水壶")
    assert cells_of(window)[0][5:] == ["承诺", "送一个新水壶上门　· 水壶不加热，要退货"]
    assert marked(window) == [{"新水壶"}]

    look_for(qtbot, window, "8000")
    assert cells_of(window)[0][3:] == ["张**", "处理中", "联系方式", "水壶不加热，要退货"]
    assert marked(window) == [set()], "what a list hides no mark tells"

    look_for(qtbot, window, "122-003")
    assert (cells_of(window)[0][3], marked(window)) == ("匿名", [{"122-003"}])


def test_it_is_looked_for_at_each_letter_and_what_is_not_committed_asks_nothing(
    qtbot: QtBot, window: MainWindow
) -> None:
    look_for(qtbot, window, "")
    examples = empty(window)
    assert "zxs" in examples
    QApplication.sendEvent(focus(), QInputMethodEvent("shui", []))
    settle(qtbot, window.desk)
    assert (found(window), empty(window)) == ([], examples)

    commit("水")
    settle(qtbot, window.desk)
    assert found(window) == [LEAK, KETTLE]
    press(KEY.Key_Space)
    commit("退")
    settle(qtbot, window.desk)
    assert found(window) == [KETTLE]
    keys(qtbot, window, KEY.Key_Backspace, KEY.Key_Backspace)
    assert found(window) == [LEAK, KETTLE]


def test_a_letter_typed_in_the_list_goes_on_in_the_box(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "水")

    keys(qtbot, window, KEY.Key_Down)
    assert hits_table(window).row == 1
    commit("壶")
    settle(qtbot, window.desk)

    assert (window.top.search.text(), found(window), hits_table(window).row) == ("水壶", [KETTLE], 0)


def test_the_marked_row_stays_when_the_same_comes_again_and_follows_its_case_when_others_come(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    look_for(qtbot, window, "水")
    keys(qtbot, window, KEY.Key_Down)
    resets: list[int] = []
    hits_table(window).model().modelReset.connect(lambda: resets.append(1))

    registered(workspace, "d", content="与此无关")
    window.desk.changed.emit(Changes(everything=True))
    settle(qtbot, window.desk)
    assert (resets, hits_table(window).row) == ([], 1)

    registered(workspace, "e", content="水龙头坏了")
    window.desk.changed.emit(Changes(everything=True))
    settle(qtbot, window.desk)
    assert found(window) == ["TS-20261122-005", LEAK, KETTLE]
    assert hits_table(window).row == 2


def test_on_another_day_the_same_rows_are_told_anew(qtbot: QtBot, window: MainWindow, clock: FixedClock) -> None:
    look_for(qtbot, window, "水")
    keys(qtbot, window, KEY.Key_Down)

    clock.moment += timedelta(days=1)
    window.desk.changed.emit(Changes(everything=True))
    settle(qtbot, window.desk)

    assert [cells[1] for cells in cells_of(window)] == ["昨天 10:00"] * 2
    assert hits_table(window).row == 1


def test_a_screen_reader_is_told_the_marked_row(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "水")
    keys(qtbot, window, KEY.Key_Down)

    assert window.top.search.accessibleDescription() == f"{KETTLE}，今天 10:00，投诉，张**，处理中，水壶不加热，要退货"


def test_fifty_come_first_then_they_are_counted_and_at_the_end_more_come(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    for n in range(MOST_SHOWN + 10):
        registered(workspace, f"many-{n}", content=f"空调太吵 {n}")
    look_for(qtbot, window, "空调")
    assert len(found(window)) == FIRST
    assert told(window) == "50+ 件，继续输入可缩小"

    until_told(qtbot, window, "共 410 件")
    for shown_then in (100, 200, 400, 400):
        first = found(window)
        press(KEY.Key_End, CTRL)
        settle(qtbot, window.desk)
        assert len(found(window)) == shown_then
        assert found(window)[: len(first)] == first
        assert hits_table(window).row == len(first) - 1
    until_told(qtbot, window, "共 410 件")


# ------------------------------------------------------------------------------------------ hard questions


@pytest.mark.parametrize(
    "words",
    [
        *(
            '"',
            "'",
            "*",
            "水*",
            "AND",
            "水 AND 壶",
            "NEAR(",
            "NEAR(水 壶)",
            "%",
            "_",
            "100%",
            "\\",
            "(",
            "-水",
            "水:壶",
        ),
        *("\x00\x01\x02", "\x1b[31m", "😀", "👨‍👩‍👧", "\u202e", "𠮷", "；DROP TABLE case", " \t 　"),
    ],
)
def test_whatever_is_typed_there_is_an_answer(qtbot: QtBot, window: MainWindow, words: str) -> None:
    look_for(qtbot, window, words)

    assert bool(found(window)) != bool(empty(window))
    look_for(qtbot, window, "水壶")
    assert found(window) == [KETTLE], "and it goes on"


@pytest.mark.parametrize(
    ("words", "number"),
    [("８０００", KETTLE), ("ＺＸＳ", KETTLE), ("zxs", KETTLE), ("ts-20261122-001", KETTLE), ("\x07漏\x00水", LEAK)],
)
def test_other_ways_to_write_it_find_the_same(qtbot: QtBot, window: MainWindow, words: str, number: str) -> None:
    look_for(qtbot, window, words)

    assert found(window) == [number]


def test_what_stands_nowhere_in_traditional_characters_is_found_in_simplified_ones_and_told(
    qtbot: QtBot, window: MainWindow
) -> None:
    look_for(qtbot, window, "水壺")

    assert found(window) == [KETTLE]
    assert "按简体查找：水壶" in told(window)


def test_ten_thousand_characters_are_refused_in_a_sentence_and_can_be_replaced(
    qtbot: QtBot, window: MainWindow
) -> None:
    look_for(qtbot, window, "水壶")
    press(KEY.Key_A, CTRL)
    paste("水" * 10_000)
    settle(qtbot, window.desk)

    assert found(window) == []
    assert empty(window).startswith("搜索内容太长（10000 个字）")
    look_for(qtbot, window, "漏水")
    assert found(window) == [LEAK]


def test_several_lines_that_are_pasted_are_several_words(qtbot: QtBot, window: MainWindow) -> None:
    look_for(qtbot, window, "")
    paste("水壶\n退货\r\n")
    settle(qtbot, window.desk)

    assert found(window) == [KETTLE]


def test_what_is_not_in_the_index_yet_is_told_and_looked_for_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BY_HAND", 1)
    window._look_now()  # at what the other program wrote: from now on nothing but the search itself asks anew
    look_for(qtbot, window, "漏水")
    assert found(window) == []
    assert "还有 3 条记录没编入索引" in told(window)

    search.catch_up(workspace)
    until(qtbot, lambda: found(window) == [LEAK])

    assert "索引" not in told(window)
