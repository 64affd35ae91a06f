"""A table of a data file that is asked key by key: whatever is wrong is told with its place, and on which line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from string import Formatter
from typing import NoReturn, TypeVar

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_STEP = re.compile(r"([\w\-]+)(?:\[(\d+)\])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class PlaceError(ValueError):
    """Something is wrong at a place of the file, such as ``columns[4].width``."""

    def __init__(self, place: str, detail: str) -> None:
        """Keep both."""
        super().__init__(f"{place} = {detail}")
        self.place = place


def wrong(place: str, found: object, wanted: str = "") -> NoReturn:
    """Say what stands at a place, and what may stand there.

    Raises:
        PlaceError: always.
    """
    raise PlaceError(place, f"{found!r}" + (f" ({wanted})" if wanted else ""))


class Table:
    """One table of the file: hands out each key checked, and knows in the end which keys nobody asked for."""

    def __init__(self, data: object, place: str) -> None:
        """Take a table that stands at ``place`` of its file."""
        if not isinstance(data, Mapping):
            wrong(place, data, "[table]")
        self._data, self._place, self._left = data, place, set(data)

    def __iter__(self) -> Iterator[str]:
        """Go through the keys of the file."""
        return iter(self._data)

    def __contains__(self, key: str) -> bool:
        """Whether the file has the key."""
        return key in self._data

    def take(self, key: str, kind: type[_T] | tuple[type[_T], ...], default: _T | None = None) -> _T:
        """Return the value of a key, which must be of a kind (a bool is no number)."""
        self._left.discard(key)
        value = self._data.get(key, default)
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if value is None or not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            wrong(self.place(key), value, " / ".join(k.__name__ for k in kinds))
        return value

    def choice(self, key: str, choices: type[_E], default: _E | None = None) -> _E:
        """Return one of a closed list."""
        value = self.take(key, str, default.value if default else None)
        return choices(value) if value in list(choices) else wrong(self.place(key), value, " / ".join(choices))

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return a number within bounds."""
        value = self.take(key, (int, float), default)
        return value if low <= value <= high else wrong(self.place(key), value, f"{low} … {high}")

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within bounds."""
        value = self.take(key, int, default)
        return value if low <= value <= high else wrong(self.place(key), value, f"{low} … {high}")

    def line(self, key: str) -> str:
        """Return a text that can stand in a name: not empty, on one line, without control characters."""
        value = self.take(key, str)
        return value if value.strip() and not _CONTROL.search(value) else wrong(self.place(key), value)

    def texts(self, key: str, default: list[object] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.take(key, list, default)
        return tuple(v if isinstance(v, str) else wrong(f"{self.place(key)}[{i}]", v) for i, v in enumerate(values, 1))

    def members(self, key: str, choices: type[_E]) -> frozenset[_E]:
        """Return several of a closed list; none where the key is absent."""
        known = list(choices)
        for number, value in enumerate(self.texts(key, []), 1):
            if value not in known:
                wrong(f"{self.place(key)}[{number}]", value, " / ".join(choices))
        return frozenset(map(choices, self.texts(key, [])))

    def table(self, key: str) -> Table:
        """Return a table within this one."""
        return Table(self.take(key, dict), self.place(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables."""
        return tuple(Table(entry, f"{self.place(key)}[{n}]") for n, entry in enumerate(self.take(key, list), 1))

    def phrase(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Return a text whose names in braces are all known, and nothing but names."""
        text = self.take(key, str, default)
        try:
            named = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:  # a brace without the other
            named = [("", "", "")]
        if any(name not in known or form or conversion for name, form, conversion in named):
            wrong(self.place(key), text, " ".join(f"{{{name}}}" for name in known))
        return text

    def place(self, key: str) -> str:
        """Return where a key stands."""
        return f"{self._place}.{key}" if self._place else key

    def done(self) -> None:
        """Say that everything that is meant has been asked for: what is left is a slip."""
        if self._left:
            wrong(self.place(min(self._left)), "?")


def line_of(text: str, place: str) -> int:
    """Return the line on which a place of a file stands, counted from 1; as near to it as can be told.

    ``columns[4].width`` is the line of ``width`` in the fourth ``[[columns]]``, else that of the header itself.
    """
    steps = [(name, int(number or 0)) for name, number in _STEP.findall(place)] or [("", 0)]
    lines = text.splitlines()
    start, end, rest = 0, len(lines), steps
    seen: dict[str, int] = {}
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header is None:
            continue
        name = header[2]
        seen[name] = seen.get(name, 0) + 1
        if rest is not steps:
            end = number
            break
        if name == steps[0][0] and steps[0][1] in (0, seen[name]):
            start, rest = number, steps[1:]
    if rest is steps:
        end = next((n for n, line in enumerate(lines) if _HEADER.match(line)), len(lines))
    for name, nth in rest:
        for number in range(start, end):
            if re.match(rf"\s*{re.escape(name)}\s*=", lines[number]):
                return _entry(lines, number, nth) + 1
    return start + 1


def _entry(lines: list[str], start: int, nth: int) -> int:
    """Return where the nth table of a list begins, if each has a line of its own; else where the list does."""
    below = [number for number in range(start + 1, len(lines)) if lines[number].lstrip().startswith("{")]
    if not nth or not lines[start].rstrip().endswith("[") or below[:1] != [start + 1]:
        return start
    indent = lines[start + 1].index("{")
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("]")), len(lines))
    own = [number for number in below if number < end and lines[number].index("{") == indent]
    return own[nth - 1] if nth <= len(own) else start
