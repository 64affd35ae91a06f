"""Case numbers: ``TS-20261001-001``, one series a day, widening past 999 and never used twice (domain.md part 17).

The serial comes from a stored counter, never from counting rows; this module only writes and reads the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

DEFAULT_PATTERN = "TS-YYYYMMDD-NNN"
_TOKENS = re.compile("YYYY|YY|MM|DD")
_SERIAL = re.compile("N+(?=[^N]*$)")  # the last run of N; letters before it may be N too


def series(pattern: str, day: date) -> str:
    """Return the pattern with the day filled in and the serial left open: the key of the counter."""
    values = {
        "YYYY": f"{day.year:04}",
        "YY": f"{day.year % 100:02}",
        "MM": f"{day.month:02}",
        "DD": f"{day.day:02}",
    }
    return _TOKENS.sub(lambda m: values[m[0]], pattern)


def number(series_key: str, serial: int) -> str:
    """Return the case number of the ``serial``-th case of a series; more digits than N are simply written."""
    return _SERIAL.sub(lambda m: str(serial).zfill(len(m[0])), series_key)


def sort_key(case_number: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key under which …-999 comes before …-1000: digits compare as numbers, the rest as text."""
    parts = re.split(r"(\d+)", case_number)
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts if p)


def completed(typed: str, pattern: str, today: date) -> str:
    """Return the case number that a person means: in capitals, and any of its beginning may be left out.

    What is left out is that of today: ``1001-001`` is of this year, ``001`` of this day.
    """
    text, of_today, serial = typed.strip().upper(), series(pattern, today), _SERIAL.search(pattern)
    prefix = pattern[: serial.start() if serial is not None else None].partition("YY")[0]
    if serial is not None and text.isdecimal() and len(text) <= len(serial[0]) + 1:
        return number(of_today, int(text))
    if text.startswith(prefix):
        return text
    return max(prefix, of_today[: max(0, len(of_today) - len(text))], key=len) + text
