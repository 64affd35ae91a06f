"""One line of a case's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk_app.domain.vocabulary import Action


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
