"""The index of words follows what is written, in idle moments, without anybody asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services import desk as use_cases
from desk_app.services import figures, search
from desk_app.services.results import Changes
from tests.helpers.builders import registered
from tests.ui.window_rig import until
from ui import index_watch
from ui.index_watch import IndexWatch

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


def test_the_index_is_brought_up_to_date_slice_by_slice_and_again_when_enough_has_changed(
    qtbot: QtBot, desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_watch, "_START_MS", 1)
    monkeypatch.setattr(index_watch, "_AFTER_MS", 1)
    monkeypatch.setattr(index_watch, "_LINES", 4)
    monkeypatch.setattr(search, "WORTH_WRITING", 3)
    for n in range(10):
        registered(workspace, f"case-{n}")
    assert search.behind(workspace) == 10

    watch = IndexWatch(desk)
    until(qtbot, lambda: search.behind(workspace) == 2 and not watch._is_running and not watch._timer.isActive())
    assert figures.behind(workspace) < 3

    number = registered(workspace, "one more").case.number
    desk.changed.emit(Changes(cases=frozenset({number})))
    until(qtbot, lambda: search.behind(workspace) == 0)


def test_when_the_words_are_in_the_figures_follow_slice_by_slice(
    qtbot: QtBot, desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_watch, "_START_MS", 1)
    monkeypatch.setattr(index_watch, "_AFTER_MS", 1)
    monkeypatch.setattr(index_watch, "_LINES", 4)
    monkeypatch.setattr(search, "WORTH_WRITING", 3)
    for n in range(10):
        registered(workspace, f"case-{n}")
    assert figures.behind(workspace) == 10

    watch = IndexWatch(desk)
    until(qtbot, lambda: not watch._is_running and not watch._timer.isActive())

    assert search.behind(workspace) == 2
    assert figures.behind(workspace) == 2
    number = registered(workspace, "one more").case.number
    desk.changed.emit(Changes(cases=frozenset({number})))
    until(qtbot, lambda: figures.behind(workspace) == 0)


def test_whatever_else_is_asked_for_goes_before_the_next_slice(
    qtbot: QtBot, desk: Desk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_watch, "_START_MS", 1)
    monkeypatch.setattr(index_watch, "_LINES", 1)
    monkeypatch.setattr(search, "WORTH_WRITING", 1)
    numbers = [registered(workspace, f"case-{n}").case.number for n in range(8)]
    behind: list[int] = []
    IndexWatch(desk, desk)

    def ask_on(_file: object) -> None:
        behind.append(search.behind(workspace))
        if len(behind) < len(numbers):
            desk.ask(lambda ws: use_cases.case_file(ws, numbers[len(behind)]), ask_on)

    desk.ask(lambda ws: use_cases.case_file(ws, numbers[0]), ask_on)
    until(qtbot, lambda: len(behind) == len(numbers))

    assert behind[-1] == len(numbers)
    until(qtbot, lambda: search.behind(workspace) == 0)
