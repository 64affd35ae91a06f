"""What is wrong with a file that is no TOML, as a code: tomllib says it in English."""

from __future__ import annotations

import re
from enum import StrEnum

from desk_app.errors import KnownError


class TomlFault(StrEnum):
    """What is wrong at a place of a file; the words are data (``labels.toml``)."""

    STATEMENT = "statement"
    NAME = "name"
    NO_EQUALS = "no_equals"
    HEAD = "head"
    TWICE = "twice"
    VALUE = "value"
    TIME = "time"
    QUOTE = "quote"
    BACKSLASH = "backslash"
    BRACKET = "bracket"
    BRACE = "brace"
    REST = "rest"
    CHARACTER = "character"
    TOO_LONG = "too_long"
    OTHER = "other"


_BEGINS = (
    ("Invalid statement", TomlFault.STATEMENT),
    ("Invalid initial character", TomlFault.NAME),
    ("Expected '='", TomlFault.NO_EQUALS),
    ("Expected ']", TomlFault.HEAD),
    ("Cannot ", TomlFault.TWICE),
    ("Duplicate ", TomlFault.TWICE),
    ("Invalid value", TomlFault.VALUE),
    ("Invalid date", TomlFault.TIME),
    ("Unterminated string", TomlFault.QUOTE),
    ("Expected ", TomlFault.QUOTE),  # the sign that ends a text
    ("Unescaped", TomlFault.BACKSLASH),
    ("Escaped", TomlFault.BACKSLASH),
    ("Invalid hex", TomlFault.BACKSLASH),
    ("Unclosed array", TomlFault.BRACKET),
    ("Unclosed inline table", TomlFault.BRACE),
    ("Expected newline", TomlFault.REST),
    ("Illegal character", TomlFault.CHARACTER),
    ("Found invalid character", TomlFault.CHARACTER),
    ("Exceeds the limit", TomlFault.TOO_LONG),
    ("maximum recursion", TomlFault.TOO_LONG),
)
"""How the messages of tomllib begin; of several that fit, the longest counts."""


def told(error: Exception, text: str) -> KnownError:
    """Return what ``tomllib.loads(text)`` raised (ValueError, RecursionError) as ``deadlines_not_toml`` with its place.

    Where tomllib names no place, it is the end.
    """
    message = str(error)
    place = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    lines = text.splitlines() or [""]
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
    fitting = [(len(begin), fault) for begin, fault in _BEGINS if message.startswith(begin)]
    _, fault = max(fitting, default=(0, TomlFault.OTHER))
    return KnownError("deadlines_not_toml", line=line, column=column, detail=fault)
