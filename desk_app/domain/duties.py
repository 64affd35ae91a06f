"""Which regular duties are due: what the shop owes every week, month … whatever the cases (domain.md part 10).

A duty is owed once in each of its periods. One that was left undone does not vanish with its period: it stands there
until somebody says that it is done, or that it never will be.
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
LOOK_BACK = timedelta(days=92)
"""How long ago a period can be over and still be asked for: a quarter. The one before the present always is."""


@dataclass(frozen=True, slots=True)
class Period:
    """One round of a duty, both days included. Marks go by its ``key``: 2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026."""

    key: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Mark:
    """The latest word on a duty in a period: done, or not done after all; when, and who says so.

    ``left``: it was not done, and will not be. (What was marked as done by mistake, and taken back, is still owed.)
    """

    done: bool
    at: datetime
    by: str
    left: bool = False


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
    def left(self) -> bool:
        """Whether somebody said that it was not done, and will not be."""
        return self.mark is not None and self.mark.left

    @property
    def due(self) -> bool:
        """Whether somebody still owes it."""
        return self.period is not None and not self.done and not self.left


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
    """Return the keys of the periods that :func:`standings` may tell of: the present ones and those before them."""
    present = [(duty.every, p) for duty in duties if (p := period_of(duty.every, today))]
    return frozenset(p.key for every, now in present for p in (now, *_before(every, now, today)))


def standings(
    duties: Iterable[Duty], today: date, began: date | None, marks: Marks, kept_since: date | None = None
) -> tuple[DutyStanding, ...]:
    """Return where every duty stands: what was missed first, then what is due (the soonest first), then the rest.

    ``began`` is the day on which the register was begun (None: it is empty): nobody can have missed what was due
    before. Of the period before, what was not done within it is told; of earlier ones back to ``kept_since`` too, the
    day from which on the shop has kept its duties (None: it never did). ``marks`` must hold those of :func:`periods`.
    """
    found = [each for duty in duties for each in _of_one(duty, today, began, marks, kept_since)]
    return tuple(sorted(found, key=_order))


def _of_one(
    duty: Duty, today: date, began: date | None, marks: Marks, kept_since: date | None
) -> Iterator[DutyStanding]:
    present = period_of(duty.every, today)
    if present is None:
        yield DutyStanding(duty, None, None)
        return
    for place, before in enumerate(_before(duty.every, present, today)):
        since = began if place == 0 else kept_since and began and max(began, kept_since)
        mark = marks.get((duty.id, before.key))
        if since is None or since > before.last or not _is_told(mark, before, present, is_last=place == 0):
            continue
        yield DutyStanding(duty, before, mark, missed=True)
    yield DutyStanding(duty, present, marks.get((duty.id, present.key)))


def _before(every: Every, present: Period, today: date) -> Iterator[Period]:
    """Go back through the periods before the present one: the last of them, and those over for no longer than that."""
    before = period_of(every, present.first - timedelta(days=1))
    is_last = True
    while before is not None and (is_last or before.last >= today - LOOK_BACK):
        yield before
        before, is_last = period_of(every, before.first - timedelta(days=1)), False


def _is_told(mark: Mark | None, before: Period, present: Period, *, is_last: bool) -> bool:
    """Whether a period that is over is told of: not where it was done in time, nor for ever what was marked since."""
    if mark is None or not (mark.done or mark.left):
        return True
    marked_on = mark.at.date()
    return marked_on > before.last and (is_last or marked_on >= present.first)


def _order(each: DutyStanding) -> tuple[int, date]:
    if each.period is None:
        return 3, date.max
    return (2 if not each.due else 0 if each.missed else 1), each.period.last
