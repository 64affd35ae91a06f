"""Taking back one's own last action, by a new event that names it: nothing in the history is ever erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from desk_app.domain.event import ANONYMISED_KEY, CALENDAR_KEY, UNDO_KEY, Change, Event
from desk_app.domain.vocabulary import Action
from desk_app.domain.workflow import Decision
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_app.domain.case import CaseFile

WITHIN = timedelta(minutes=1)


def why_not(file: CaseFile, by: str, now: datetime) -> KnownError | None:
    """Return why the last action on a case cannot be taken back by a person, or None."""
    last, number = file.events[-1], file.case.number
    if last.action is Action.REGISTER or last.undoes or CALENDAR_KEY in last.data or ANONYMISED_KEY in last.data:
        return KnownError("undo_nothing", number=number)
    if last.by != by:
        return KnownError("undo_not_own", number=number, by=last.by, action=last.action)
    if not timedelta() <= now - last.entered_at <= WITHIN:
        return KnownError("undo_too_late", number=number, action=last.action, at=last.entered_at)
    return None


def undo(file: CaseFile, changes: Sequence[Change], by: str, now: datetime) -> Decision:
    """Return the decision that takes back the last event, whose ``changes`` are given.

    What it settled or handed over is as it was; what became owed because of it is withdrawn.

    Raises:
        KnownError: ``undo_nothing``, ``undo_not_own``, ``undo_too_late``.
    """
    refusal = why_not(file, by, now)
    if refusal is not None:
        raise refusal
    last = file.events[-1]
    data = {UNDO_KEY: last.id, "action": str(last.action)}
    event = Event(action=Action.AMEND, at=now, entered_at=now, by=by, data=data, round=file.case.round)
    case = replace(file.case, **_old_values(c for c in changes if not c.follow_up_id))
    touched = {c.follow_up_id for c in changes if c.follow_up_id}
    back = tuple(
        replace(f, **_old_values(c for c in changes if c.follow_up_id == f.id))
        for f in file.follow_ups
        if f.id in touched
    )
    withdrawn = tuple(replace(f, done_at=now) for f in file.owed if f.event_id == last.id)
    return Decision(case, event, back + withdrawn, ())


def _old_values(changes: Iterable[Change]) -> dict[str, Any]:
    return {change.key: change.old for change in changes}
