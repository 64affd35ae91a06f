"""Questions of which only the latest counts, on the real storage thread: they give way, and are answered in the end."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from tests.ui.desk_rig import TEN_SECONDS, notices, settle
from ui.latest import Latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

SECONDS = TEN_SECONDS / 1000


def goes_on(_ws: Workspace, is_wanted: Callable[[], bool]) -> str | None:
    """Be at it for as long as it is wanted."""
    for _ in range(TEN_SECONDS):
        if not is_wanted():
            return None
        Event().wait(0.001)
    raise AssertionError


def test_a_save_does_not_wait_for_a_question_which_is_answered_after_it(qtbot: QtBot, desk: Desk) -> None:
    heard: list[str] = []
    begun = Event()

    def work(ws: Workspace, is_wanted: Callable[[], bool]) -> str | None:
        if not begun.is_set():
            begun.set()
            return goes_on(ws, is_wanted)
        return "the answer"

    Latest(desk).ask(work, heard.append)
    assert begun.wait(SECONDS)
    desk.ask(lambda _ws: "saved", heard.append)
    settle(qtbot, desk)

    assert heard == ["saved", "the answer"]


def test_a_newer_question_ends_the_older_one_and_alone_is_answered(qtbot: QtBot, desk: Desk) -> None:
    heard: list[str] = []
    begun = Event()

    def work(ws: Workspace, is_wanted: Callable[[], bool]) -> str | None:
        begun.set()
        return goes_on(ws, is_wanted)

    question = Latest(desk)
    question.ask(work, heard.append)
    assert begun.wait(SECONDS)
    question.ask(lambda _ws, _is_wanted: "the second", heard.append)
    settle(qtbot, desk)

    assert heard == ["the second"]


def test_two_questions_do_not_give_way_to_each_other(qtbot: QtBot, desk: Desk) -> None:
    heard: list[bool] = []
    both_are_asked = Event()

    def work(_ws: Workspace, is_wanted: Callable[[], bool]) -> bool:
        assert both_are_asked.wait(SECONDS)
        return is_wanted()

    Latest(desk).ask(work, heard.append)
    Latest(desk).ask(work, heard.append)
    both_are_asked.set()
    settle(qtbot, desk)

    assert heard == [True, True]


def test_what_went_wrong_with_an_older_question_is_not_told(qtbot: QtBot, desk: Desk) -> None:
    told = notices(desk)
    may_fail = Event()

    def fails(_ws: Workspace, _is_wanted: Callable[[], bool]) -> None:
        assert may_fail.wait(SECONDS)
        raise KnownError("search_too_long", length=300, limit=200)

    question = Latest(desk)
    question.ask(fails, print)
    question.forget()
    may_fail.set()
    settle(qtbot, desk)
    assert told == []

    question.ask(fails, print)
    settle(qtbot, desk)
    assert [kind for kind, _ in told] == ["refused"]


def test_that_another_program_is_writing_is_not_told_and_does_not_stop_the_next(qtbot: QtBot, desk: Desk) -> None:
    told = notices(desk)
    heard: list[int] = []

    def busy(_ws: Workspace, _is_wanted: Callable[[], bool]) -> int:
        raise KnownError("database_busy")

    question = Latest(desk)
    question.ask(busy, heard.append)
    assert question.is_waiting
    settle(qtbot, desk)
    assert not question.is_waiting
    question.ask(lambda _ws, _is_wanted: 2, heard.append)
    settle(qtbot, desk)

    assert (told, heard) == ([], [2])
