"""How long somebody has, as data: ``24h``, ``2wd``, ``1mo``; when that is over, and the steps of the reckoning.

Hours, days, weeks and months run on the wall clock through nights and holidays; 工作日 and 营业日 are counted on the
calendar, the day of the start being day 0, and end at the shop's ``day_end`` (domain.md parts 10, 18).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from desk_app.domain.vocabulary import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.work_calendar import CalendarDay, DayCount, WorkCalendar

LONGEST = 9999  # of any unit: no start that a person can type leads past the calendar's end

_SHAPE = "(0|[1-9][0-9]{0,3})([a-z]+)"  # as text, as in times: re compiles and keeps it when it is first needed


_SPANS: Mapping[Unit, timedelta] = {
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: 1 to 9999 units; ``0h`` is at once; ``given`` has no amount.

    Raises:
        ValueError: an amount that its unit cannot have.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        least = 0 if self.unit in (Unit.HOURS, Unit.GIVEN) else 1
        most = 0 if self.unit is Unit.GIVEN else LONGEST
        if not least <= self.amount <= most:
            raise ValueError(f"{self.amount} {self.unit.name.lower()}: the amount must be {least} to {most}")

    def __str__(self) -> str:
        return "given" if self.unit is Unit.GIVEN else f"{self.amount}{self.unit}"

    @staticmethod
    @lru_cache(maxsize=256)  # a register has thousands of the same few
    def parse(text: str) -> Term:
        """Read what ``str`` writes, and nothing else.

        Raises:
            ValueError: not a term, saying what is wrong.
        """
        if text == Unit.GIVEN:
            return Term(0, Unit.GIVEN)
        found = re.fullmatch(_SHAPE, text)
        units = [unit.value for unit in Unit if unit is not Unit.GIVEN]
        if found is None or found[2] not in units:
            raise ValueError(f"{text!r} is not a term: a number up to {LONGEST} and one of {' '.join(units)}, or given")
        return Term(int(found[1]), Unit(found[2]))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning: a code of ``[steps]`` in ``messages.toml`` and what fills its sentence.

    Values are dates, times, texts, numbers, and pairs of dates or numbers for a range.
    """

    code: str
    params: Mapping[str, object]


def due(term: Term, start: datetime, calendar: WorkCalendar | None, day_end: time) -> datetime:
    """Return when ``term`` is over that began at ``start`` (aware); the result keeps its offset.

    Counted days end at ``day_end`` (naive, local); all else keeps the time of day. A start after ``day_end`` still
    makes its day day 0. A month on is the same day of the month, or its last.

    Raises:
        ValueError: a ``given`` term has no length.
    """
    count = _count(term, calendar)
    if count is not None:
        return datetime.combine(count.add(start.date(), term.amount), day_end, start.tzinfo)
    if term.unit is Unit.MONTHS:
        return _months_on(start, term.amount)
    if term.unit is Unit.GIVEN:
        raise ValueError("a given day cannot be reckoned")
    return start + term.amount * _SPANS[term.unit]


def provisional_years(term: Term, start: datetime, calendar: WorkCalendar | None) -> tuple[int, ...]:
    """Return the years without official data that the term's 工作日 run through: where there is one, it is 暂定."""
    if term.unit is not Unit.WORKING_DAYS or calendar is None:
        return ()
    first, last = start.date() + timedelta(days=1), calendar.add_working_days(start.date(), term.amount)
    return tuple(year for year in range(first.year, last.year + 1) if calendar.is_provisional(year))


def steps(term: Term, start: datetime, calendar: WorkCalendar | None, day_end: time) -> tuple[Step, ...]:
    """Return the lines that lead from ``start`` to ``due`` of the same arguments; raises like it."""
    end = due(term, start, calendar, day_end)
    day, clock = start.date(), start.timetz().replace(tzinfo=None)
    count = _count(term, calendar)
    if count is None:
        return (
            Step("from", {"day": day, "time": clock}),
            Step(_PLUS[term.unit], {"amount": term.amount}),
            *([Step("month_end", {"day": start.day})] if term.unit is Unit.MONTHS and end.day != start.day else []),
            Step("until", {"due": end}),
        )
    return (
        Step("from_day", {"day": day, "time": clock}),
        *_counted(count, _RUNS[term.unit], day, end.date()),
        Step("until_day_end", {"time": day_end, "due": end}),
        *(Step("provisional", {"year": year}) for year in provisional_years(term, start, calendar)),
    )


# The codes for runs of days: those that count, and those that count by an entry; skipped ones, and skipped by an entry.
_RUNS = {
    Unit.WORKING_DAYS: ("work_days", "make_up_days", "weekend", "rest_days"),
    Unit.BUSINESS_DAYS: ("open_days", "extra_open_days", "weekly_closed", "closed_days"),
}
_PLUS = {
    Unit.HOURS: "plus_hours",
    Unit.DAYS: "plus_days",
    Unit.WEEKS: "plus_weeks",
    Unit.MONTHS: "plus_months",
}


def _count(term: Term, calendar: WorkCalendar | None) -> DayCount | None:
    """Return the days that a counted term counts, None for the others, which need no calendar.

    Raises:
        ValueError: days are to be counted, and there is no calendar.
    """
    if term.unit not in (Unit.WORKING_DAYS, Unit.BUSINESS_DAYS):
        return None
    if calendar is None:
        raise ValueError(f"{term} needs a calendar")
    return calendar.working if term.unit is Unit.WORKING_DAYS else calendar.business


def _counted(count: DayCount, codes: tuple[str, str, str, str], start: date, end: date) -> Iterator[Step]:
    """Tell the days after ``start`` up to ``end``: a line for each run of days of one sort."""
    counted, counted_by_entry, skipped, skipped_by_entry = codes
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    done = 0
    for (counts, name), group in groupby(days, key=lambda day: _sort(count, day)):
        run = list(group)
        ends = (run[0], run[-1])
        if counts:
            numbers = (done + 1, done + len(run))
            done += len(run)
            code = counted if name is None else counted_by_entry
            yield Step(code, {"numbers": numbers, "days": ends, "name": name or ""})
        else:
            entries = [entry for entry in map(count.why, run) if entry]
            code = skipped_by_entry if entries else skipped
            yield Step(code, {"days": ends, "count": len(run), "name": _names(entries)})


def _sort(count: DayCount, day: date) -> tuple[bool, str | None]:
    """Return what runs are made of: a holiday and the weekend beside it are one run, a make-up day is its own."""
    entry = count.why(day)
    counts = count.counts(day)
    return counts, entry.name if counts and entry else None


def _names(entries: list[CalendarDay]) -> str:
    return "、".join(dict.fromkeys(entry.name for entry in entries if entry.name))


def _months_on(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = (date(year, month + 1, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start.replace(year=year, month=month + 1, day=min(start.day, last.day))
