"""What the window reminds of by itself."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from desk_app.services import desk as use_cases
from desk_app.services import reminders, shop
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import acted, registered
from tests.ui.desk_rig import settle
from tests.ui.window_rig import set_up, told, until, window_on
from ui.reminder import Reminder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def due(workspace: Workspace, clock: FixedClock, name: str, minutes: int) -> str:
    """Register a case whose answer is due in so many minutes."""
    received = clock.now() + timedelta(minutes=minutes) - DAY
    return registered(workspace, name, received_at=received.isoformat()).case.number


@pytest.fixture
def reminder(qtbot: QtBot, desk: Desk) -> Iterator[Reminder]:
    """A reminder that has looked once, at a register where nothing is due."""
    made = Reminder(desk, desk)
    settle(qtbot, desk)
    yield made
    for timer in made.findChildren(QTimer):
        timer.stop()  # who collects the desk later may be another thread


@pytest.fixture
def heard(reminder: Reminder) -> list[str]:
    """What it tells."""
    told_so_far: list[str] = []
    reminder.reminded.connect(told_so_far.append)
    return told_so_far


def test_each_thing_is_told_once_when_its_last_hour_begins(
    qtbot: QtBot, desk: Desk, workspace: Workspace, clock: FixedClock, reminder: Reminder, heard: list[str]
) -> None:
    first = due(workspace, clock, "1", 40)
    second = due(workspace, clock, "2", 70)
    due(workspace, clock, "late", -5)

    reminder.look()
    settle(qtbot, desk)
    assert heard == [f"剩 40 分　待答复　小周　李女士　{first}"]
    reminder.look()
    settle(qtbot, desk)
    assert len(heard) == 1

    clock.moment += timedelta(minutes=30)
    reminder.look()
    settle(qtbot, desk)
    assert heard[1:] == [f"剩 40 分　待答复　小周　李女士　{second}"]
    assert reminder.findChild(QSystemTrayIcon) is None, "there is no tray here"


def test_many_at_once_are_a_few_lines(
    qtbot: QtBot, desk: Desk, workspace: Workspace, clock: FixedClock, reminder: Reminder, heard: list[str]
) -> None:
    for n in range(5):
        due(workspace, clock, f"{n}", 10 + n)

    reminder.look()
    settle(qtbot, desk)

    (words,) = heard
    assert [line[:6] for line in words.splitlines()] == ["剩 10 分", "剩 11 分", "剩 12 分", "还有 2 项"]


def test_a_shop_that_wants_none_is_not_reminded(
    qtbot: QtBot, desk: Desk, workspace: Workspace, clock: FixedClock, reminder: Reminder, heard: list[str]
) -> None:
    due(workspace, clock, "1", 40)
    workspace.shop = desk.shop
    desk.take_shop(shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(reminders=False)).shop)
    reminder.look()
    settle(qtbot, desk)
    assert heard == []

    desk.take_shop(shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(reminders=True)).shop)
    due(workspace, clock, "2", 50)
    reminder.look()
    settle(qtbot, desk)

    assert len(heard) == 1


def test_what_was_left_aside_is_told_when_it_is_back(
    qtbot: QtBot, desk: Desk, workspace: Workspace, clock: FixedClock, reminder: Reminder, heard: list[str]
) -> None:
    number = due(workspace, clock, "1", 40)
    reminder.look()
    settle(qtbot, desk)
    (row,) = reminders.falling_due(workspace, clock.now())

    use_cases.snooze(workspace, number, row.follow_up_id, clock.now() + HOUR / 2, "半小时后回来", "z")
    reminder.look()
    settle(qtbot, desk)
    clock.moment += HOUR / 2
    reminder.look()
    settle(qtbot, desk)

    assert [words.partition("　")[0] for words in heard] == ["剩 40 分", "剩 10 分"]


def test_the_window_tells_what_fell_due_while_it_was_closed(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        number = due(ws, clock, "1", 90)
        due(ws, clock, "2", 30)
        due(ws, clock, "3", 9 * 60)
    with window_on(qtbot, folder, clock, rules) as window:
        until(qtbot, lambda: window._reminder is not None)
        settle(qtbot, window.desk)
        assert told(window) == "", "it was never closed"

    with closing(open_workspace(folder, clock, rules)) as ws:
        acted(ws, number, "reply", content="已答复")  # by the command line, meanwhile
    clock.moment += 3 * HOUR
    with window_on(qtbot, folder, clock, rules) as window:
        until(qtbot, lambda: told(window) != "")

        assert told(window) == "上次关闭（2026-11-22 10:00）之后有 1 项到期，还没有办：按 Ctrl+2，再按 1 查看"
