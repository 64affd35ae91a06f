"""Periods of days, by the wall clock of the shop: what a list covers, and how people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class PeriodKind(StrEnum):
    """How long a period is; ``DAYS``: from any day to any other."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAYS = "days"


_SHAPES = {
    PeriodKind.YEAR: re.compile(r"([0-9]{4})"),
    PeriodKind.HALF: re.compile(r"([0-9]{4})-[Hh]([12])"),
    PeriodKind.QUARTER: re.compile(r"([0-9]{4})-[Qq]([1-4])"),
    PeriodKind.MONTH: re.compile(r"([0-9]{4})-([0-9]{2})"),
    PeriodKind.WEEK: re.compile(r"([0-9]{4})-[Ww]([0-9]{2})"),
    PeriodKind.DAYS: re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?"),
}
_MONTHS_OF_A_QUARTER = 3
_MONTHS_OF_A_HALF = 6
_DECEMBER = 12
_LAST = "last-"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included. ``name`` is how it is written, and stands in file names."""

    first: date
    last: date
    name: str

    @property
    def first_text(self) -> str:
        """Return the bound below: a stored time is ISO text, local time first, so 00:00:00 of the day is within."""
        return self.first.isoformat()

    @property
    def before_text(self) -> str:
        """Return the bound above: 00:00:00 of the day after is no longer within, whatever the offsets."""
        return (self.last + timedelta(days=1)).isoformat()

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies within, by its own wall clock."""
        return self.first <= moment.date() <= self.last


def read_period(text: str, today: date) -> Period:
    """Return a period as it is written: 2026, 2026-H2, 2026-Q4, 2026-10, 2026-W41, 2026-10-01..2026-10-15, or named.

    A week is that of ISO 8601, Monday to Sunday. ``year``, ``half``, ``quarter``, ``month``, ``week`` and ``day`` are
    those in which today lies, ``last-year`` … ``last-week`` those before them; ``last`` is ``last-month``.

    Raises:
        ValueError: it is none, or there is no day before or after it that can be written.
    """
    text = text.strip()
    named = text.removeprefix(_LAST) if text != "last" else PeriodKind.MONTH.value
    try:
        if named in _NAMES:
            text = _NAMES[PeriodKind(named)](_day_in(text, named, today))
        elif text == "day":
            text = today.isoformat()
        period = _written(text)
    except OverflowError as error:
        raise ValueError(text) from error
    if period.last < period.first or period.first == date.min or period.last == date.max:
        raise ValueError(text)
    return period


def before(period: Period) -> Period:
    """Return the period of the same kind just before: the month before a month …, else as many days."""
    last = period.first - timedelta(days=1)
    if (kind := kind_of(period)) in _NAMES:
        return _written(_NAMES[kind](last))
    first = last - min(period.last - period.first, last - date.min)  # before the first of all days there is nothing
    return Period(first, last, f"{first}..{last}" if first < last else f"{first}")


def year_before(period: Period) -> Period | None:
    """Return the same of last year: the month of the year before …; None where there is no day to begin at.

    A week is the one 52 weeks back, so that its days are the same of the week; days are those of the same dates (the
    28th for a 29th of February).
    """
    try:
        match kind_of(period):
            case PeriodKind.WEEK as week:
                back = timedelta(weeks=52)
                return Period(period.first - back, period.last - back, _NAMES[week](period.first - back))
            case kind if kind in _NAMES:
                return _written(_NAMES[kind](_a_year_back(period.first)))
        first, last = _a_year_back(period.first), _a_year_back(period.last)
    except (ValueError, OverflowError):
        return None
    return Period(first, last, f"{first}..{last}" if first < last else f"{first}")


def _a_year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # a 29th of February
        return day.replace(year=day.year - 1, day=28)


def windows_of(period: Period) -> tuple[Period, Period, Period, Period]:
    """Return a period, the one before it, and the quarter and the year so far: each up to its last day."""
    last = period.last
    quarter = last.replace(month=(last.month - 1) // _MONTHS_OF_A_QUARTER * _MONTHS_OF_A_QUARTER + 1, day=1)
    so_far = (Period(first, last, f"{first}..{last}") for first in (quarter, last.replace(month=1, day=1)))
    return (period, before(period), *so_far)  # type: ignore[return-value]  # two of them


def kind_of(period: Period) -> PeriodKind:
    """Return how long a period is, by how it is written; what is written otherwise is so many days."""
    return next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(period.name)), PeriodKind.DAYS)


def _day_in(text: str, named: str, today: date) -> date:
    """Return a day of the named period: today, or the last day before it begins."""
    if text == named:
        return today
    return _written(_NAMES[PeriodKind(named)](today)).first - timedelta(days=1)


def _written(text: str) -> Period:
    for kind, shape in _SHAPES.items():
        if (found := shape.fullmatch(text)) is not None:
            return Period(*_READERS[kind](*found.groups()), text.upper())
    raise ValueError(text)


def _year(year: str) -> tuple[date, date]:
    return date(int(year), 1, 1), date(int(year), _DECEMBER, 31)


def _half(year: str, number: str) -> tuple[date, date]:
    last_month = int(number) * _MONTHS_OF_A_HALF
    return date(int(year), last_month - _MONTHS_OF_A_HALF + 1, 1), _month(year, str(last_month))[1]


def _quarter(year: str, number: str) -> tuple[date, date]:
    last_month = int(number) * _MONTHS_OF_A_QUARTER
    return date(int(year), last_month - _MONTHS_OF_A_QUARTER + 1, 1), _month(year, str(last_month))[1]


def _month(year: str, month: str) -> tuple[date, date]:
    first = date(int(year), int(month), 1)
    if first.month == _DECEMBER:
        return first, first.replace(day=31)
    return first, first.replace(month=first.month + 1) - timedelta(days=1)


def _week(year: str, week: str) -> tuple[date, date]:
    first = date.fromisocalendar(int(year), int(week), 1)
    return first, first + timedelta(days=6)


def _days(first: str, last: str | None) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last or first)


_READERS: Mapping[PeriodKind, Callable[..., tuple[date, date]]] = {
    PeriodKind.YEAR: _year,
    PeriodKind.HALF: _half,
    PeriodKind.QUARTER: _quarter,
    PeriodKind.MONTH: _month,
    PeriodKind.WEEK: _week,
    PeriodKind.DAYS: _days,
}
_NAMES: Mapping[PeriodKind, Callable[[date], str]] = {
    PeriodKind.YEAR: lambda day: f"{day.year:04}",
    PeriodKind.HALF: lambda day: f"{day.year:04}-H{(day.month - 1) // _MONTHS_OF_A_HALF + 1}",
    PeriodKind.QUARTER: lambda day: f"{day.year:04}-Q{(day.month - 1) // _MONTHS_OF_A_QUARTER + 1}",
    PeriodKind.MONTH: lambda day: day.isoformat()[:7],
    PeriodKind.WEEK: lambda day: "{:04}-W{:02}".format(*day.isocalendar()),
}
"""How the year, quarter … that holds a day is written."""
