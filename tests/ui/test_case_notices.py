"""What is told of a case goes when the person goes on; that it can be taken back still lives its minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from tests.helpers.builders import registered
from tests.ui.case_rig import KEY, act, actions_of, begin, open_case
from tests.ui.window_rig import CTRL, focus, press, set_up, settle, told, window_on
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

FIRST, SECOND = "TS-20261122-001", "TS-20261122-002"
OFFER = f"{FIRST} 的“联系记录”还可以撤销"


@pytest.fixture
def window(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace
) -> Iterator[MainWindow]:
    set_up(folder, clock, rules)
    assert [registered(workspace, n).case.number for n in "ab"] == [FIRST, SECOND]
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


def act_in_the_list(qtbot: QtBot, window: MainWindow) -> None:
    """Do something about the case of the first row, from the list."""
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    act(qtbot, window, KEY.Key_C, "客户来电催问")
    assert told(window).startswith(f"{FIRST} 已记录“联系记录”。接下来：")
    assert isinstance(focus(), QueueTable)


def undo(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)


def offer_is_seen(window: MainWindow) -> bool:
    return any(b.isVisible() and b.text().startswith("撤销") for b in window.notices.findChildren(QPushButton))


def test_on_the_next_case_only_the_offer_is_left_and_takes_back(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    act_in_the_list(qtbot, window)

    press(KEY.Key_Down)
    settle(qtbot, window.desk)
    assert (told(window), offer_is_seen(window)) == (OFFER, True)
    undo(qtbot, window)

    assert actions_of(workspace, FIRST) == ["register", "contact", "amend"]
    assert told(window).startswith(f"{FIRST} 已撤销“联系记录”")


def test_the_offer_goes_with_its_minute_wherever_the_person_is(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    act_in_the_list(qtbot, window)
    press(KEY.Key_Down)
    settle(qtbot, window.desk)
    assert 0 < window.notices._timer.remainingTime() <= window.undo.timer.remainingTime() + 1

    window.undo.timer.timeout.emit()
    window.notices._timer.timeout.emit()
    undo(qtbot, window)

    assert (told(window), actions_of(workspace, FIRST)) == ("", ["register", "contact"])


def test_the_next_action_takes_away_what_was_told_of_the_one_before(qtbot: QtBot, window: MainWindow) -> None:
    act_in_the_list(qtbot, window)

    begin(window, KEY.Key_R)

    assert told(window) == OFFER


@pytest.mark.parametrize("on", ["action", "case"])
def test_what_was_refused_is_told_until_the_person_goes_on(qtbot: QtBot, window: MainWindow, on: str) -> None:
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    press(KEY.Key_V)
    assert told(window).startswith(FIRST)
    press(KEY.Key_W)  # only looks
    assert told(window).startswith(FIRST)

    press(KEY.Key_R if on == "action" else KEY.Key_Down)
    settle(qtbot, window.desk)

    assert told(window) == ""


def test_what_does_not_belong_to_the_case_stays(qtbot: QtBot, window: MainWindow) -> None:
    act_in_the_list(qtbot, window)
    window.desk.notice.emit("warning", "今天的备份没有做成")

    press(KEY.Key_Down)
    settle(qtbot, window.desk)
    begin(window, KEY.Key_R)

    assert told(window) == "今天的备份没有做成"


def test_on_another_page_nothing_is_told_or_taken_back_and_on_the_way_back_it_is_offered_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, FIRST)
    act(qtbot, window, KEY.Key_C, "客户来电催问")
    press(KEY.Key_3, CTRL)
    undo(qtbot, window)
    assert (told(window), actions_of(workspace, FIRST)) == ("", ["register", "contact"])

    press(KEY.Key_2, CTRL)
    assert (told(window), offer_is_seen(window)) == (OFFER, True)
    undo(qtbot, window)

    assert actions_of(workspace, FIRST) == ["register", "contact", "amend"]
