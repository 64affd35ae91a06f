"""What the files of rules have in common that a shop may write: their values are checked, what is wrong is told.

Pure. A fault names the part and the key, and what could stand there; one of the file itself its line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain import toml_faults
from desk_app.domain.text import find_unstorable, first_words, strip_unstorable
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from enum import StrEnum

Table = Mapping[str, object]

LONGEST_TEXT = 200

_SHOWN = 40  # characters of what somebody wrote that are told back


class Sort(NamedTuple):
    """One sort of value: an example of it, and whether a value is one."""

    wanted: str
    fits: Callable[[object], bool]


def one_of(choices: Sequence[str]) -> Sort:
    """Return the sort of one of some words."""
    return Sort(", ".join(choices), lambda value: isinstance(value, str) and value in set(choices))


def some_of(choices: Sequence[str] | type[StrEnum]) -> Sort:
    """Return the sort of a list of some words."""
    known = set(choices)
    return Sort(
        f"[{', '.join(choices)}]",
        lambda value: isinstance(value, list) and all(isinstance(v, str) and v in known for v in value),
    )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and find_unstorable(value, one_line=True) is None


def is_count(value: object, least: int) -> bool:
    """Whether a value is a whole number from the least on."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= 9999  # noqa: PLR2004


TEXT = Sort('"…"', lambda value: _is_line(value) and bool(str(value).strip()))
NOTE = Sort('"…"', _is_line)
FLAG = Sort("true, false", lambda value: isinstance(value, bool))
COUNT = Sort("1, 2, 3 …", lambda value: is_count(value, 1))


def parse(text: str) -> Table:
    """Read the file as it is written.

    Raises:
        KnownError: ``deadlines_not_toml``, with line and column.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, a list within a list within a list …
        raise toml_faults.told(error, text) from error


def checked(part: str, given: object, sorts: Mapping[str, Sort]) -> Table:
    """Return what stands under a part: every key is known, each value of its sort; raises ``deadlines_…``."""
    table = table_of(given, part)
    for key, value in table.items():
        if key not in sorts:
            raise KnownError("deadlines_key_unknown", part=part, key=told(key), known=", ".join(sorts))
        if not sorts[key].fits(value):
            wanted = sorts[key].wanted
            raise KnownError("deadlines_value_bad", part=part, key=key, value=told(value), wanted=wanted)
    return table


def name_of(part: str, entry: object) -> str:
    """Return the id of an entry; raises ``deadlines_…``."""
    name = table_of(entry, part).get("id")
    if name is None:
        raise KnownError("deadlines_key_missing", part=part, key="id")
    if not TEXT.fits(name):
        raise KnownError("deadlines_value_bad", part=part, key="id", value=told(name), wanted=TEXT.wanted)
    return str(name)


def table_of(given: object, part: str = "") -> Table:
    """Return a part that has to be a table."""
    if not isinstance(given, Mapping):
        raise KnownError("deadlines_part_bad", part=part, wanted=f"[{part}]")
    return given


def list_of(part: str, given: object) -> list[Table]:
    """Return a part that has to be a list of tables."""
    if not isinstance(given, list):
        raise KnownError("deadlines_part_bad", part=part, wanted=f"[[{part}]]")
    return given


def told(value: object) -> str:
    """Return what somebody wrote as it is told back."""
    return first_words(strip_unstorable(str(value)), _SHOWN)
