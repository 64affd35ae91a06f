"""Leaving something owed aside until a day. It is never hidden from what is overdue, and never beyond its due date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk_app.domain.event import Event
from desk_app.domain.vocabulary import Action
from desk_app.domain.workflow import Decision
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile


def snooze(file: CaseFile, follow_up_id: int, until: datetime, reason: str, by: str, now: datetime) -> Decision:
    """Return the decision that leaves one follow-up aside until a moment.

    Raises:
        KnownError: ``snooze_unknown``, ``snooze_past``, ``snooze_beyond_due``, ``snooze_no_reason``.
    """
    owed = next((f for f in file.owed if f.id == follow_up_id), None)
    if owed is None:
        raise KnownError("snooze_unknown", number=file.case.number)
    if not reason:
        raise KnownError("snooze_no_reason", number=file.case.number)
    if until <= now:
        raise KnownError("snooze_past", until=until)
    if until > owed.due_at:
        raise KnownError("snooze_beyond_due", until=until, due=owed.due_at)
    data = {"follow_up": owed.id, "snoozed_until": until.isoformat(), "reason": reason}
    event = Event(action=Action.AMEND, at=now, entered_at=now, by=by, data=data, round=file.case.round)
    return Decision(file.case, event, (replace(owed, snoozed_until=until),), ())
