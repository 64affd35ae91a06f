"""Which regular duties are due: what the shop owes every week, month … whatever the cases (domain.md part 10).

A duty is owed once in each of its periods. One that was left undone in the period before does not vanish with it: it
stands there until somebody says that it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desk_app.domain.deadlines import Duty, Every

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """One round of a duty, both days included. Marks go by its ``key``: 2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026."""

    key: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Mark:
    """The latest word on a duty in a period: done, or (by mistake) not done after all; when, and who says so."""

    done: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """Where a duty stands in one of its periods; ``missed`` is true where that is over.

    ``period`` None: it goes with every shift, or always, and is never marked.
    """

    duty: Duty
    period: Period | None
    mark: Mark | None
    missed: bool = False

    @property
    def done(self) -> bool:
        """Whether it was done in its period."""
        return self.mark is not None and self.mark.done

    @property
    def due(self) -> bool:
        """Whether somebody still owes it."""
        return self.period is not None and not self.done


Marks = Mapping[tuple[str, str], Mark]
"""The latest mark of each duty (its id) and period (its key)."""


def period_of(every: Every, day: date) -> Period | None:
    """Return the period that a day lies in: weeks begin on Monday (ISO), all others on the first of a month.

    None for what has no period (shift, always).
    """
    if every is Every.WEEK:
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))
    if every not in _MONTHS:
        return None
    months = _MONTHS[every]
    turn = (day.month - 1) // months + 1
    first = date(day.year, (turn - 1) * months + 1, 1)
    last = date(day.year + turn * months // _YEAR, turn * months % _YEAR + 1, 1) - timedelta(days=1)
    names = {Every.MONTH: f"-{turn:02}", Every.QUARTER: f"-Q{turn}", Every.HALF_YEAR: f"-H{turn}", Every.YEAR: ""}
    return Period(f"{day.year:04}{names[every]}", first, last)


def periods(duties: Iterable[Duty], today: date) -> frozenset[str]:
    """Return the keys of the periods that :func:`standings` asks about: the present ones and those before them."""
    present = [(duty.every, p) for duty in duties if (p := period_of(duty.every, today))]
    before = [period_of(every, p.first - timedelta(days=1)) for every, p in present]
    return frozenset(p.key for p in [*(p for _, p in present), *before] if p)


def standings(duties: Iterable[Duty], today: date, began: date | None, marks: Marks) -> tuple[DutyStanding, ...]:
    """Return where every duty stands: what was missed first, then what is due (the soonest first), then the rest.

    ``began`` is the day on which the register was begun (None: it is empty): nobody can have missed what was due
    before. Of the period before only what was not done within it is told. ``marks`` must hold those of :func:`periods`.
    """
    found = [each for duty in duties for each in _of_one(duty, today, began, marks)]
    return tuple(sorted(found, key=_order))


def _of_one(duty: Duty, today: date, began: date | None, marks: Marks) -> Iterator[DutyStanding]:
    present = period_of(duty.every, today)
    if present is None:
        yield DutyStanding(duty, None, None)
        return
    before = period_of(duty.every, present.first - timedelta(days=1))
    if before is not None and began is not None and began <= before.last:
        mark = marks.get((duty.id, before.key))
        if mark is None or not mark.done or mark.at.date() > before.last:
            yield DutyStanding(duty, before, mark, missed=True)
    yield DutyStanding(duty, present, marks.get((duty.id, present.key)))


def _order(each: DutyStanding) -> tuple[int, date]:
    if each.period is None:
        return 3, date.max
    return (2 if each.done else 0 if each.missed else 1), each.period.last
