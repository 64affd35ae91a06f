"""What the shop notes of itself and belongs to no case: append-only; what was noted last of a subject holds.

None of it names a customer: it outlives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ShopAction(StrEnum):
    """What is noted, and (the subject) of what."""

    VOLUME = "volume"
    """How many customers the shop served in a month (``2026-10``): the denominators (domain.md part 15)."""
    HEED = "heed"
    """Somebody has taken note of a warning, with the measure that was taken."""
    SURVEY = "survey"
    """One answered sheet of a year's satisfaction survey (``2026``; part 4 F10)."""
    ASSESS = "assess"
    """The score of a person in the assessment of soothing skills (part 13)."""
    SOLUTION = "solution"
    """What is done about a category: an entry of the shop's own 处理方案库 (part 15)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopEvent:
    """One thing that was noted: when (aware, local), by whom, of what, and what it says (JSON values)."""

    action: ShopAction
    at: datetime
    by: str
    subject: str
    data: Mapping[str, object] = field(default_factory=dict)
    id: int = 0
