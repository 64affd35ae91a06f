"""One owed action: the queue lists these, not cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk_app.domain.vocabulary import FollowUpKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One owed action: who owes what to whom by when, and the rule that says so.

    ``start_at`` is where the rule's clock began, so that a person can be shown the steps of the calculation. ``id`` is
    0 until it is stored.
    """

    kind: FollowUpKind
    owed_by: str
    owed_to: str
    start_at: datetime
    due_at: datetime
    rule: str
    round: int
    done_at: datetime | None = None
    id: int = 0
