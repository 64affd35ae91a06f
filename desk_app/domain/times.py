"""Times as people write them, and times as the register keeps them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo

Localise = Callable[[datetime], datetime]
"""Brings a moment into local time: a naive one is a local wall clock (``Clock.local``)."""

TOLD_WITHIN = timedelta(days=366)
"""How far ahead a told date can lie: 2062 for 2026 is a slip, and would hide for decades what is owed."""

ENTERED_LATE = timedelta(minutes=30)
"""What is written down longer than this after it happened is a late entry (补录), of which both times are told; what is
typed while the customer speaks is none."""

# Patterns as text: re compiles and keeps them when the first time is read, which the start of the window need not be.
_DATE_SHAPE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_TIME_SHAPE = (
    r"(?:[T\s]\s*|^)(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*(?:[:分]\s*(\d{1,2})?\s*秒?)?(?:\.\d+)?\s*"
    r"(Z|[+-]\d{2}(?::?\d{2})?)?$"
)


class NoSuchTimeError(ValueError):
    """It has the shape of a date or a time, but the calendar has none like it (2026-02-30, 25:00)."""


def parse_when(text: str, localise: Localise, today: date | None = None) -> datetime:
    """Read one moment: ISO 8601 with or without offset, ``2026/10/1 7:05``, ``2026年10月1日 7时5分``.

    Full-width digits count. A date without a time is its midnight. Where ``today`` is given, a time alone belongs to
    it. Returns an aware datetime in whole seconds, in local time.

    Raises:
        NoSuchTimeError: the shape is right and the value impossible.
        ValueError: the text is not a moment at all.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    day, rest = today, plain
    shape = re.match(_DATE_SHAPE, plain)
    if shape:
        day = _day(shape)
        rest = plain[shape.end() :]
        if not rest.strip():
            return localise(datetime.combine(day, time()))
    clock = re.match(_TIME_SHAPE, rest)
    if day is None or clock is None:
        raise ValueError(text)
    try:
        naive = datetime.combine(day, time(int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)))
    except ValueError as error:
        raise NoSuchTimeError(text) from error
    return localise(naive.replace(tzinfo=_offset(clock[4])) if clock[4] else naive)


def parse_day(text: str) -> date:
    """Read one day without a time: ``2026-10-01``, ``2026/10/1``, ``2026年10月1日``; full-width digits count.

    Raises:
        NoSuchTimeError: the shape is right and the day impossible.
        ValueError: the text is not a day.
    """
    shape = re.fullmatch(_DATE_SHAPE, unicodedata.normalize("NFKC", text).strip())
    if shape is None:
        raise ValueError(text)
    return _day(shape)


def looks_like_a_date(text: str) -> bool:
    """Whether a text begins with the shape of a date, so that a wrong one is a slip and not a phrase."""
    return re.match(_DATE_SHAPE, unicodedata.normalize("NFKC", text).strip()) is not None


def is_late_entry(happened: datetime, entered: datetime) -> bool:
    """Whether something was written down only afterwards (补录)."""
    return entered - happened > ENTERED_LATE


def month_range(month: str) -> tuple[date, date]:
    """Return the first day of the month ``"2026-10"`` and of the one after it.

    As ISO texts they bound the month: a stored time is ISO text, local time first, so that 00:00:00 of the first is
    inside and 00:00:00 of the next month's first is not, whatever the offsets.

    Raises:
        ValueError: not a month.
    """
    if not re.fullmatch(r"\d{4}-\d{2}", month):
        raise ValueError(month)
    first = date(int(month[:4]), int(month[5:]), 1)
    if first.year == MAXYEAR:
        raise ValueError(month)  # its last month has no following one
    return first, (first + timedelta(days=31)).replace(day=1)


def epoch(moment: datetime) -> int:
    """Return the whole seconds since 1970 UTC: the only thing that moments are ordered by."""
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def _day(shape: re.Match[str]) -> date:
    try:
        return date(int(shape[1]), int(shape[2]), int(shape[3]))
    except ValueError as error:
        raise NoSuchTimeError(shape[0]) from error


def _offset(text: str) -> tzinfo | None:
    return datetime.fromisoformat("2000-01-01T00:00:00" + ("+00:00" if text == "Z" else text)).tzinfo
