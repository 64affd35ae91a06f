"""One line of a case's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk_app.domain.vocabulary import Action

UNDO_KEY = "undoes"
"""The key by which an ``amend`` names the event that it takes back."""

CALENDAR_KEY = "calendar"
"""The key by which an ``amend`` says that a changed calendar has moved a due date (``follow_up``, ``due_at``)."""

INTO_KEY = "into"
"""The key by which a ``void`` names the case that this one was merged into: the same matter was registered twice."""

JOINED_KEY = "joined"
"""The key by which an ``amend`` of that case names the one that was merged into it."""

OUT_KEY = "out_of"
"""The key by which a ``reopen`` names the case that this one had been merged into."""

PARTED_KEY = "parted"
"""The key by which an ``amend`` of that case names the one that has gone its own way again."""

ANONYMISED_KEY = "anonymised"
"""The key by which an ``amend`` says that whose matter it was can no longer be told (PIPL 47); it is the last event."""

KEPT_KEY = "kept"
"""The key by which an ``amend`` says (True) that a case is not to be made anonymous for now, or (False) that it may."""

WITHDRAWN_KEY = "withdrawn"
"""The key by which an ``amend`` says that the customer took their consent back (PIPL 15), and it was no slip."""

WAS_KEY = "was"
"""The key under which an ``amend`` keeps the old value of every fact that it puts right, by key of the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history: append-only.

    ``at`` is when it happened, ``entered_at`` when it was written down; they differ for late entries (补录). ``data``
    holds the action's keys as JSON values.
    """

    action: Action
    at: datetime
    entered_at: datetime
    by: str
    data: Mapping[str, object]
    round: int
    id: int = 0

    @property
    def undoes(self) -> int:
        """The id of the event that this one takes back, else 0."""
        undone = self.data.get(UNDO_KEY, 0)
        return undone if isinstance(undone, int) else 0

    @property
    def partner(self) -> str:
        """The number of the other case that was written to in the same step (merged, parted again), else empty."""
        keys = (INTO_KEY, JOINED_KEY, OUT_KEY, PARTED_KEY)
        return next((str(self.data[key]) for key in keys if key in self.data), "")

    @property
    def was(self) -> Mapping[str, object]:
        """The old value of each fact that this one put right; empty where it put none right."""
        was = self.data.get(WAS_KEY)
        return was if isinstance(was, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an event changed on the case (``follow_up_id`` 0) or on something owed, as it is kept."""

    key: str
    old: object
    new: object
    follow_up_id: int = 0
