"""Early warning (预警): what repeats in this month, quarter and year, and what comes more often than usual.

The rules are data (``resources/warnings.toml``, docs/warnings.md). A case counts in the month in which it was received,
a void one nowhere (``domain.facts``). Source: domain.md part 15, 层层重点预警. Pure: who counts is the caller's.

*Rising* is told by an exact one-sided test of two Poisson rates (the conditional binomial test: of all cases of now and
before, how likely is it that at least as many as now fall into the days of now), at a significance that is divided by
the number of things tested (Bonferroni). Bonferroni, not Holm: it holds however the things hang together (a category
and its first level do), and what is told of one thing right after a save needs no other thing's count. What is tested
is fixed before the month begins, by what was known in the months before, so that the month cannot choose its own tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.facts import ITEMS, Facts, Within
from desk_app.domain.periods import Period, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk_app.domain.ahead import Book

ITEM_MARK = "："
"""Between the key and the value of an item (``facts.items``)."""
LONGEST_HISTORY = 12
"""How many months before are looked at, at most."""
_MANY = 20  # values
_HARDLY = 1e-17  # of a sum: what is smaller changes no digit of it


class Level(StrEnum):
    """How much of a warning it is, the least first."""

    NOTICE = "notice"
    """提示: often in the month."""
    FOCUS = "focus"
    """重点: in the quarter too."""
    SERIOUS = "serious"
    """严重: in the year too."""

    @property
    def rank(self) -> int:
        """Its place among them, from 1 on."""
        return tuple(Level).index(self) + 1


class Part(StrEnum):
    """What can repeat: a field of ``domain.facts.Facts``."""

    CATEGORY = "category"
    TOPIC = "topic"
    ITEM = ITEMS
    PLACE = "place"
    TARGET = "target"
    RECEIVER = "receiver"
    HANDLER = "handler"
    CUSTOMER = "customer"
    DEPARTMENT = "department"


class Times(NamedTuple):
    """How many cases: in the month (of a sheet: in its period), and in the quarter and the year up to its end."""

    month: int
    quarter: int
    year: int


@dataclass(frozen=True, slots=True)
class Often:
    """How often is too often."""

    month: int
    quarter: int
    year: int

    def level(self, times: Times) -> Level | None:
        """Return the level, None below the first: n in the month is a notice, in the year too serious."""
        if times.month < self.month:
            return None
        if times.year >= self.year:
            return Level.SERIOUS
        return Level.FOCUS if times.quarter >= self.quarter else Level.NOTICE


@dataclass(frozen=True, slots=True)
class Unusual:
    """When something rises: its chance is below ``significance`` (shared by all that is tested), ``least`` cases now.

    ``months``: of how many months before there have to be cases at least; up to twelve are looked at.
    """

    significance: float
    least: int
    months: int


@dataclass(frozen=True, slots=True)
class WarningRule:
    """What repeats in a part, of some kinds of cases. ``left_out``: items that say nothing (a date of purchase).

    ``often`` None: by the test alone; ``rising`` False: by the thresholds alone.
    """

    id: str
    part: Part
    kinds: tuple[str, ...]
    often: Often | None
    rising: bool = False
    left_out: frozenset[str] = frozenset()

    def takes(self, value: str) -> bool:
        """Whether a value of the part is one that can be warned of."""
        return not self.left_out or value.partition(ITEM_MARK)[0] not in self.left_out

    def values(self, facts: Facts) -> tuple[str, ...]:
        """Return what a case adds one to by this rule."""
        if facts.is_void or facts.kind not in self.kinds:
            return ()
        said = getattr(facts, self.part)
        return tuple(v for v in (said if isinstance(said, tuple) else (said,)) if v and self.takes(v))


@dataclass(frozen=True, slots=True)
class WarningRules:
    """All rules in force, in the order in which they are told, and the test that those of them share."""

    rules: tuple[WarningRule, ...]
    unusual: Unusual


class Found(NamedTuple):
    """One thing that is to be warned of: a value of the rule's part, how often it was there, and whether it rises."""

    rule: WarningRule
    value: str
    level: Level
    rising: bool
    times: Times


class Family(NamedTuple):
    """The months before, as far as something was received in each: their first day, and how many cases were in them.

    It is empty where they are too few to say what is usual.
    """

    first: str = ""
    cases: int = 0


Tested = dict[tuple[str, tuple[str, ...], str, str, int], int]
"""How many values each family has, by part, kinds, first day, day after the last, cases: kept by whoever asks often."""


class Watch:
    """Looks for what is to be warned of in one period, as of a day.

    ``tested`` keeps what takes long to count and changes rarely: who asks again hands it on.
    """

    def __init__(self, rules: WarningRules, period: Period, today: date, book: Book, tested: Tested) -> None:
        """Count nothing yet."""
        self._rules, self._book, self._tested = rules, book, tested
        self._now, _, *self._spans = windows_of(period)
        self._days = max(1, (min(period.last, max(today, period.first)) - period.first).days + 1)
        self._begin = period.first.replace(day=1)
        self._families: dict[tuple[str, ...], Family] = {}
        self._share: float | None = None

    def found(self) -> Iterator[Found]:
        """Go through everything that is to be warned of, by rule, then the most frequent first."""
        for rule in self._rules.rules:
            least = self._least(rule)
            now = self._book.counts(rule.part, _within(self._now, rule))
            often = [(value, n) for value, n in now.items() if n >= least and rule.takes(value)]
            spans = self._all_counts(rule) if len(often) > _MANY else None
            for value, n in sorted(often, key=lambda pair: (-pair[1], pair[0])):
                times = Times(n, *(each[value] for each in spans)) if spans else self._times(rule, value, n)
                found = self._look(rule, value, times)
                if found is not None:
                    yield found

    def of(self, facts: Facts) -> Iterator[Found]:
        """Go through what is to be warned of that a case takes part in."""
        for rule in self._rules.rules:
            for value in rule.values(facts):
                n = self._book.count(rule.part, value, _within(self._now, rule))
                found = self._look(rule, value, self._times(rule, value, n)) if n >= self._least(rule) else None
                if found is not None:
                    yield found

    def since(self, found: Found) -> date:
        """Return the day of the case with which it came to what it is: the level; of what only rises, the ``least``."""
        low, high = 0, self._days - 1
        while low < high:
            middle = (low + high) // 2
            if self._was(found, self._now.first + timedelta(days=middle)):
                high = middle
            else:
                low = middle + 1
        return self._now.first + timedelta(days=low)

    def _was(self, found: Found, day: date) -> bool:
        """Whether it was already that much by the end of a day: the counts only grow, so this can be halved.

        What came after that day is missing in the quarter and the year too.
        """
        rule, so_far = found.rule, Period(self._now.first, day, "")
        month = self._book.count(rule.part, found.value, _within(so_far, rule))
        if rule.often is None or rule.often.level(found.times) is None:
            return month >= self._rules.unusual.least
        later = found.times.month - month
        level = rule.often.level(Times(month, found.times.quarter - later, found.times.year - later))
        return level is not None and level.rank >= found.level.rank

    def _least(self, rule: WarningRule) -> int:
        """Return fewer than how many are never warned of, so that no more is asked of them."""
        wanted = [rule.often.month] if rule.often else []
        return min([*wanted, self._rules.unusual.least] if rule.rising else wanted)

    def _times(self, rule: WarningRule, value: str, n: int) -> Times:
        quarter, year = (self._book.count(rule.part, value, _within(span, rule)) for span in self._spans)
        return Times(n, quarter, year)

    def _all_counts(self, rule: WarningRule) -> tuple[Mapping[str, int], ...]:
        """Return how often everything was there in the quarter and in the year: of many, cheaper than one by one."""
        return tuple(self._book.counts(rule.part, _within(span, rule)) for span in self._spans)

    def _look(self, rule: WarningRule, value: str, times: Times) -> Found | None:
        rising = rule.rising and self._is_rising(rule, value, times.month)
        level = (rule.often.level(times) if rule.often else None) or (Level.NOTICE if rising else None)
        return Found(rule, value, level, rising, times) if level else None

    def _is_rising(self, rule: WarningRule, value: str, n: int) -> bool:
        family = self._family(rule.kinds)
        if n < self._rules.unusual.least or not family.first:
            return False
        first = date.fromisoformat(family.first)
        before = self._book.count(rule.part, value, self._history(rule, family))
        return before > 0 and chance(n, self._days, before, (self._begin - first).days) <= self._significance()

    def _significance(self) -> float:
        """Return what is left of the significance for each thing that is tested."""
        if self._share is None:
            tested = sum(self._size(rule) for rule in self._rules.rules if rule.rising)
            self._share = self._rules.unusual.significance / max(1, tested)
        return self._share

    def _size(self, rule: WarningRule) -> int:
        """Return of how many values a rule knows what is usual."""
        family = self._family(rule.kinds)
        if not family.first:
            return 0
        key = (rule.part, rule.kinds, family.first, self._begin.isoformat(), family.cases)
        if key not in self._tested:
            self._tested[key] = sum(map(rule.takes, self._book.counts(rule.part, self._history(rule, family))))
        return self._tested[key]

    def _history(self, rule: WarningRule, family: Family) -> Within:
        return Within(family.first, self._begin.isoformat(), rule.kinds)

    def _family(self, kinds: tuple[str, ...]) -> Family:
        if kinds not in self._families:
            self._families[kinds] = self._months_before(kinds)
        return self._families[kinds]

    def _months_before(self, kinds: tuple[str, ...]) -> Family:
        """Go back month by month, up to a year, to the first in which nothing was received: before it was no register.

        One case that was written down years late would else make years without any of it.
        """
        firsts = [self._begin]
        while len(firsts) <= LONGEST_HISTORY and firsts[-1] > date.min:
            firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
        of_months: dict[str, int] = {}
        for day, n in self._book.by_day(Within(firsts[-1].isoformat(), self._begin.isoformat(), kinds)).items():
            of_months[day[:7]] = of_months.get(day[:7], 0) + n
        known = []
        for first in firsts[1:]:
            if not of_months.get(first.isoformat()[:7]):
                break
            known.append(first.isoformat())
        if len(known) < self._rules.unusual.months:
            return Family()
        return Family(known[-1], sum(of_months[first[:7]] for first in known))


def chance(now: int, days: int, before: int, days_before: int) -> float:
    """Return how likely at least ``now`` cases in so many days are, where the level is that of the days before.

    One-sided, exact: given how many there are in all, those of now are binomial with the share that the days of now
    have of all days (Przyborowski and Wilenski 1940).
    """
    total, share = now + before, days / (days + days_before)
    if now > total * share:
        return _tail(total, now, share)
    return 1 - _tail(total, before + 1, 1 - share)


def _tail(of: int, least: int, share: float) -> float:
    """Return the chance of at least so many of so many, more than are to be expected: from there on terms only fall."""
    if least > of:
        return 0.0
    log = math.lgamma(of + 1) - math.lgamma(least + 1) - math.lgamma(of - least + 1)
    log += least * math.log(share) + (of - least) * math.log1p(-share)
    term = total = 1.0
    for n in range(least, of):
        term *= (of - n) / (n + 1) * share / (1 - share)
        total += term
        if term < total * _HARDLY:
            break
    return min(1.0, math.exp(log) * total)


def _within(span: Period, rule: WarningRule) -> Within:
    return Within(span.first_text, span.before_text, rule.kinds)


def without_echoes(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Leave out a first level all of whose cases are of one category that is warned of no less: it says no more."""
    told = {(f.value.split(" > ")[0], f.rule.kinds, f.times): f.level.rank for f in found if _is(f, Part.CATEGORY)}
    return tuple(
        f for f in found if not _is(f, Part.TOPIC) or f.level.rank > told.get((f.value, f.rule.kinds, f.times), 0)
    )


def _is(found: Found, part: Part) -> bool:
    return found.rule.part is part
