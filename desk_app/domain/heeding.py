"""A warning as people are told it, and what somebody has said to it: that it was heeded, with a measure.

What is noted outlives the customers, and names none of them (``domain.shop_event``): a warning is known by its month,
its rule and some of its cases. Which thing it was of follows from what these cases are by now, so that a category
that is put right takes the measure along.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.warning import ITEM_MARK, Level, Part, Times

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desk_app.domain.facts import Facts
    from desk_app.domain.shop_event import ShopEvent
    from desk_app.domain.warning import WarningRule

WARNING_KEYS = frozenset(
    {
        *("level", "rising", "part", "item", "count", "before", "quarter", "year", "since", "numbers"),
        *("cause", "measure", "heeded_by", "heeded_at"),
    }
)
"""Every key that a sheet of warnings may ask for; cause and measure are empty for the pen where nobody has said any."""
CASES_NAMED = 5
"""By how many of its newest cases a warning is known: one of them may turn out to have been no case of it."""


class Measure(NamedTuple):
    """What somebody does about it. With ``department`` and ``due_at`` (as typed) where it goes on a case."""

    what: str
    cause: str = ""
    department: str = ""
    due_at: str = ""


@dataclass(frozen=True, slots=True)
class Heed:
    """That a warning was heeded: when and by whom, at which level, and what is done; ``number``: on which case."""

    at: datetime
    by: str
    level: Level
    measure: str
    cause: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """One thing that is warned of in a period (``2026-11``), the present month if nobody asked for another.

    ``rule`` is the id of the rule, ``kinds`` of which cases it is. ``value`` is what was counted by: it may name a
    customer, and is never shown; ``item`` is what is shown. ``since``: the day on which it came to this level.
    ``rising``: more than usual.
    ``heed`` is the last word on it, None where nobody said any; one at a lower level is of an earlier warning.
    """

    period: str
    rule: str
    part: Part
    kinds: tuple[str, ...]
    value: str
    item: str
    level: Level
    rising: bool
    times: Times
    since: date
    heed: Heed | None = None

    @property
    def is_heeded(self) -> bool:
        """Whether somebody has heeded it at this level."""
        return self.heed is not None and self.heed.level.rank >= self.level.rank


def subject(month: str, rule: str) -> str:
    """Return under what a heed is noted."""
    return f"{month} {rule}"


def rule_of(event: ShopEvent) -> str:
    """Return the id of the rule that a heed is of."""
    return event.subject.partition(" ")[2]


def data_of(part: Part, value: str, level: Level, numbers: Iterable[str], **said: str) -> Mapping[str, object]:
    """Return what a heed says: the cases, of items also which one they share (its key, not what it is)."""
    aspect = value.partition(ITEM_MARK)[0] if part is Part.ITEM else ""
    data: dict[str, object] = {"level": level.value, "cases": list(numbers), "aspect": aspect}
    return {key: given for key, given in (data | said).items() if given}


def cases_of(event: ShopEvent) -> tuple[str, ...]:
    """Return the numbers of the cases that a heed names."""
    named = event.data.get("cases")
    return tuple(map(str, named)) if isinstance(named, list) else ()


def value_of(event: ShopEvent, rule: WarningRule, facts: Iterable[Facts | None]) -> str:
    """Return what a heed is of: what most of its cases have by now; empty where none has anything."""
    aspect = str(event.data.get("aspect", ""))
    values = Counter(
        value
        for each in facts
        if each is not None
        for value in rule.values(each)
        if not aspect or value.partition(ITEM_MARK)[0] == aspect
    )
    return next((value for value, _ in values.most_common(1)), "")


def heed_of(event: ShopEvent) -> Heed:
    """Return what was noted."""
    said = {key: str(event.data.get(key, "")) for key in ("measure", "cause", "number")}
    return Heed(event.at, event.by, Level(str(event.data["level"])), **said)


def last_word(one: Heed | None, later: Heed) -> Heed:
    """Return which of two counts: the later, but one at a lower level takes nothing back."""
    return later if one is None or later.level.rank >= one.level.rank else one
