"""What a step on one case writes to another: merging two cases, parting them again, taking either back.

Part of the use cases of :mod:`desk_app.services.desk`, inside their transaction: both cases are written, or neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain import joining, undoing
from desk_app.domain.event import INTO_KEY
from desk_app.domain.problems import Problem, RefusedError
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.storage import cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.policy import Policy
    from desk_app.domain.workflow import Decision
    from desk_app.storage.connection import Transaction


def with_partner(
    conn: Transaction, action: Action, data: Mapping[str, object], number: str, complete: Callable[[str], str]
) -> Mapping[str, object]:
    """Return the data of an action with the number of the case it merges into written out; any other as it is.

    ``complete`` makes a number of what is typed for one (``numbering.completed``).

    A ``void`` whose reason is nothing but the number of a case is one that was meant to merge: it would let go of what
    the customer waits for, and after the minute there is no way back.

    Raises:
        RefusedError: ``no_such_case``, ``into_itself``, ``number_as_reason``, of the field ``into``.
    """
    if INTO_KEY not in data:
        if action is Action.VOID and _named(conn, data["reason"], complete) is not None:
            raise RefusedError((Problem(INTO_KEY, "number_as_reason"),))
        return data
    typed = str(data[INTO_KEY])
    into = _named(conn, typed, complete)
    if into is None:
        raise RefusedError((Problem(INTO_KEY, "no_such_case", {"value": typed}),))
    if into == number:
        raise RefusedError((Problem(INTO_KEY, "into_itself"),))
    return {**data, INTO_KEY: into}


def _named(conn: Transaction, typed: object, complete: Callable[[str], str]) -> str | None:
    """Return the number of the case that a text names and nothing else."""
    text = str(typed).strip()
    return next((n for n in (text, complete(text)) if cases.read_file(conn, n) is not None), None)


def write_partner(
    conn: Transaction, before: CaseFile, decision: Decision, policy: Policy, request_id: str
) -> frozenset[str]:
    """Write what a decided step comes to on the other case that it names; return that one's number, if there is one.

    ``before`` is the case of the step as it was.

    Raises:
        KnownError: why the two cannot be merged (``domain.joining``), or ``undo_went_on``.
    """
    event = decision.event
    number = before.events[-1].partner if event.undoes else event.partner
    if not number:
        return frozenset()
    other = cases.read_file(conn, number)
    if other is None:
        raise KnownError("case_unknown", number=number)
    if event.undoes:
        theirs = _taken_back(conn, other, before.case.number, event)
    elif event.action is Action.VOID:
        theirs = joining.join(other, before, event, policy)
    else:
        theirs = joining.part(other, before, event)
    cases.update(conn, other, theirs, f"{request_id}:{number}")
    return frozenset({number})


def _taken_back(conn: Transaction, other: CaseFile, number: str, undoing_it: Event) -> Decision:
    """Take back the other half of a step; refused where that case has gone on since."""
    last = other.events[-1]
    if last.partner != number:
        raise KnownError("undo_went_on", number=other.case.number, by=last.by, action=last.action, other=number)
    return undoing.undo(other, cases.changes_of(conn, last.id), undoing_it.by, undoing_it.entered_at)
