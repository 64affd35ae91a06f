"""One owed action: the queue lists these, not cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import FollowUpKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One owed action: who owes what to whom by when, and the rule that says so.

    ``start_at`` is where the clock began and ``term`` how long it runs, as both were when this was made: from them the
    due date can be found and explained again, whatever has become of the rule. ``subject`` says what exactly is owed
    where the kind does not (the promise, the fault to correct). ``level`` is how far up it was handed. ``event_id`` is
    the event that made it. ``id`` is 0 until it is stored.
    """

    kind: FollowUpKind
    owed_by: str
    owed_to: str
    start_at: datetime
    due_at: datetime
    rule: str
    term: Term
    round: int
    subject: str = ""
    level: int = 0
    snoozed_until: datetime | None = None
    done_at: datetime | None = None
    event_id: int = 0
    id: int = 0
