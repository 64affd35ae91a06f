"""The kinds of period a sheet is made for, as a person goes through them: month by month, week by week."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.periods import Period

_YEAR = 12
_QUARTERS = 4
_MONTHS = 3
_HALVES = 2
_MONTHS_OF_A_HALF = 6
_WEEK = 7
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "month": re.compile(r"(\d{4})\D+(\d{1,2})\D*"),
    "quarter": re.compile(r"(\d{4})\D+(\d{1,2})\D*"),
    "half": re.compile(r"(\d{4})\D+([12])\D*"),
    "year": re.compile(r"(\d{4})\D*"),
    "week": re.compile(r"(\d{4})\D+(\d{1,2})\D*"),
}
_WEEKDAYS = "一二三四五六日"


class Span(StrEnum):
    """The kinds. ``DAYS`` is from any day to any other; the others are counted through, one number for each period."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    WEEK = "week"
    DAYS = "days"


def number_of(span: Span, day: date) -> int:
    """Return the number of the period that a day is in."""
    match span:
        case Span.MONTH:
            return day.year * _YEAR + day.month - 1
        case Span.QUARTER:
            return day.year * _QUARTERS + (day.month - 1) // _MONTHS
        case Span.HALF:
            return day.year * _HALVES + (day.month - 1) // _MONTHS_OF_A_HALF
        case Span.YEAR:
            return day.year
        case _:
            return (day.toordinal() - 1) // _WEEK  # the first day that is counted was a Monday


def written(span: Span, number: int) -> str:
    """Return a period as the services take it: 2026-10, 2026-Q4, 2026-H2, 2026, 2026-W41 (ISO 8601)."""
    match span:
        case Span.MONTH:
            return f"{number // _YEAR:04}-{number % _YEAR + 1:02}"
        case Span.QUARTER:
            return f"{number // _QUARTERS:04}-Q{number % _QUARTERS + 1}"
        case Span.HALF:
            return f"{number // _HALVES:04}-H{number % _HALVES + 1}"
        case Span.YEAR:
            return f"{number:04}"
        case _:
            return f"{date.fromordinal(number * _WEEK + 1):%G-W%V}"


def read(span: Span, typed: str) -> int | None:
    """Return the number of a period that was typed with any marks between its figures; None where it is none."""
    shape = _SHAPES[span].fullmatch(typed.strip())
    if shape is None:
        return None
    year, part = int(shape[1]), int(shape[2]) if shape.lastindex == 2 else 1  # noqa: PLR2004 -- year and part
    try:
        match span:
            case Span.WEEK:
                return number_of(span, date.fromisocalendar(year, part, 1))
            case Span.QUARTER:
                return number_of(span, date(year, part * _MONTHS, 1))
            case Span.HALF:
                return number_of(span, date(year, part * _MONTHS_OF_A_HALF, 1))
            case _:
                return number_of(span, date(year, part, 1))
    except ValueError:
        return None


def named(period: Period) -> str:
    """Return a period by its name: 2026 年 10 月, 2026 年第 4 季度, 2026 年第 41 周; days by the first and the last."""
    year, _dash, part = period.name.partition("-")
    if ".." in period.name or part.count("-"):
        return period.name.replace("..", " 至 ")
    if not part:
        return f"{year} 年"
    number = part.lstrip("QW0")
    unit = {"Q": "季度", "W": "周"}.get(part[0])
    return f"{year} 年第 {number} {unit}" if unit else f"{year} 年 {number} 月"


def spell(period: Period, today: date) -> str:
    """Return the first and the last day in words, how many they are, and whether some are still to come."""
    first, last = period.first, period.last
    of_last = _day(last) if last.year == first.year else f"{last.year} 年 {_day(last)}"
    days = (last - first).days + 1
    told = f"{first.year} 年 {_day(first)}"
    told = f"{told} 至 {of_last}，共 {days} 天" if days > 1 else told
    return f"{told}（还没过完）" if last >= today else told


def _day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日（周{_WEEKDAYS[day.weekday()]}）"
