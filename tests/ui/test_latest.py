"""Of the questions asked while somebody types only the last is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from tests.ui.desk_rig import notices, settle
from ui.latest import Latest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


def test_what_is_asked_meanwhile_is_asked_once_and_only_the_last_answer_counts(qtbot: QtBot, desk: Desk) -> None:
    asked: list[int] = []
    answers: list[int] = []
    latest = Latest[int](desk, answers.append)

    def question(n: int) -> int:
        asked.append(n)
        return n

    for n in range(5):
        latest.ask(lambda _ws, n=n: question(n))
    assert latest.is_waiting
    settle(qtbot, desk)

    assert asked == [0, 4]
    assert answers == [4]
    assert not latest.is_waiting


def test_an_answer_that_is_not_wanted_any_more_is_not_given_and_the_next_question_is_answered(
    qtbot: QtBot, desk: Desk
) -> None:
    answers: list[int] = []
    latest = Latest[int](desk, answers.append)

    latest.ask(lambda _ws: 1)
    latest.drop()
    settle(qtbot, desk)
    assert answers == []

    latest.ask(lambda _ws: 2)
    settle(qtbot, desk)
    assert answers == [2]


def test_a_question_that_cannot_be_answered_is_not_told_and_does_not_stop_the_next(qtbot: QtBot, desk: Desk) -> None:
    heard = notices(desk)
    answers: list[int] = []
    latest = Latest[int](desk, answers.append)

    def busy(_ws: Workspace) -> int:
        raise KnownError("database_busy")

    latest.ask(busy)
    latest.ask(lambda _ws: 2)
    settle(qtbot, desk)

    assert (heard, answers) == ([], [2])
