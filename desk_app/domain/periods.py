"""Periods of days, by the wall clock of the shop: what a list covers, and how people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SHAPES = {
    "year": re.compile(r"([0-9]{4})"),
    "quarter": re.compile(r"([0-9]{4})-[Qq]([1-4])"),
    "month": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "week": re.compile(r"([0-9]{4})-[Ww]([0-9]{2})"),
    "days": re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?"),
}
_MONTHS_OF_A_QUARTER = 3
_DECEMBER = 12


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
    """Return a period as it is written: 2026, 2026-Q4, 2026-10, 2026-W41, 2026-10-01, 2026-10-01..2026-10-15, or named.

    A week is that of ISO 8601, Monday to Sunday. ``last`` is the month before the present one; ``year``, ``quarter``,
    ``month``, ``week`` and ``day`` are those in which today lies.

    Raises:
        ValueError: it is none, or there is no day before or after it that can be written.
    """
    text = text.strip()
    if text == "last":
        text = _NAMES["month"](today.replace(day=1) - timedelta(days=1))
    elif text == "day" or text in _NAMES:
        text = _NAMES.get(text, date.isoformat)(today)
    try:
        period = _written(text)
    except OverflowError as error:
        raise ValueError(text) from error
    if period.last < period.first or period.first == date.min or period.last == date.max:
        raise ValueError(text)
    return period


def before(period: Period) -> Period:
    """Return the period of the same kind just before: the month before a month …, else as many days."""
    last = period.first - timedelta(days=1)
    if (kind := _kind(period.name)) in _NAMES:
        return _written(_NAMES[kind](last))
    first = last - min(period.last - period.first, last - date.min)  # before the first of all days there is nothing
    return Period(first, last, f"{first}..{last}" if first < last else f"{first}")


def year_before(period: Period) -> Period | None:
    """Return the same of last year: the month of the year before …; None where there is no day to begin at.

    A week is the one 52 weeks back, so that its days are the same of the week; days are those of the same dates (the
    28th for a 29th of February).
    """
    try:
        match _kind(period.name):
            case "week":
                back = timedelta(weeks=52)
                return Period(period.first - back, period.last - back, _NAMES["week"](period.first - back))
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


def _kind(text: str) -> str:
    """Return which of the shapes a text has, else nothing."""
    return next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(text)), "")


def _written(text: str) -> Period:
    kind = _kind(text)
    found = _SHAPES[kind].fullmatch(text) if kind else None
    if found is None:
        raise ValueError(text)
    return Period(*_READERS[kind](*found.groups()), text.upper())


def _year(year: str) -> tuple[date, date]:
    return date(int(year), 1, 1), date(int(year), _DECEMBER, 31)


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


_READERS: Mapping[str, Callable[..., tuple[date, date]]] = {
    "year": _year,
    "quarter": _quarter,
    "month": _month,
    "week": _week,
    "days": _days,
}
_NAMES: Mapping[str, Callable[[date], str]] = {
    "year": lambda day: f"{day.year:04}",
    "quarter": lambda day: f"{day.year:04}-Q{(day.month - 1) // _MONTHS_OF_A_QUARTER + 1}",
    "month": lambda day: day.isoformat()[:7],
    "week": lambda day: "{:04}-W{:02}".format(*day.isocalendar()),
}
"""How the year, quarter … that holds a day is written."""
