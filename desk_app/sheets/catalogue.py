"""Reads the sheets of a folder. Whatever a file gets wrong is told with the place in the file, nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn, TypeVar

from desk_app.errors import KnownError
from desk_app.sheets.heading import KEYS, SAMPLES
from desk_app.sheets.sheet import SERIAL, Align, Column, Font, Form, Kind, Orientation, Page, Paper, Phrases, Sheet

if TYPE_CHECKING:
    from pathlib import Path

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_NOT_IN_TAB_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TAB_NAME = 31
_MOST_COLUMNS = 40
_SIDES = 4
_WIDEST_MARGIN = 100  # millimetres


def load_sheets(directory: Path) -> Mapping[str, Sheet]:
    """Return every sheet of a folder by its id, in the order the sheets ask for.

    Raises:
        KnownError: ``sheet_broken`` with the file and the place in it.
    """
    sheets = sorted((load_sheet(path) for path in directory.glob("*.toml")), key=lambda s: (s.order, s.id))
    return {sheet.id: sheet for sheet in sheets}


def load_sheet(path: Path) -> Sheet:
    """Return the sheet of one file, whose name is the sheet's id.

    Raises:
        KnownError: ``sheet_broken`` with the file and the place in it.
    """
    try:
        with path.open("rb") as file:
            return _read_sheet(_Table(tomllib.load(file), ""), path.stem)
    except OSError as error:
        raise KnownError("sheet_broken", file=path, detail=error.strerror) from error
    except ValueError as error:  # broken TOML, not UTF-8, or _wrong()
        raise KnownError("sheet_broken", file=path, detail=str(error)) from error


def _wrong(place: str, found: object, wanted: str = "") -> NoReturn:
    raise ValueError(f"{place} = {found!r}" + (f" ({wanted})" if wanted else ""))


class _Table:
    """One table of the file: hands out each key checked, and knows in the end which keys nobody asked for."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            _wrong(place, data, "[table]")
        self._data, self._place, self._left = data, place, set(data)

    def take(self, key: str, kind: type[_T] | tuple[type[_T], ...], default: _T | None = None) -> _T:
        self._left.discard(key)
        value = self._data.get(key, default)
        if value is None or not isinstance(value, kind) or isinstance(value, bool):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            _wrong(self.place(key), value, " / ".join(k.__name__ for k in kinds))
        return value

    def choice(self, key: str, choices: type[_E], default: _E | None = None) -> _E:
        value = self.take(key, str, default.value if default else None)
        return choices(value) if value in list(choices) else _wrong(self.place(key), value, " / ".join(choices))

    def number(self, key: str, low: float, high: float) -> float:
        value = self.take(key, (int, float))
        return value if low <= value <= high else _wrong(self.place(key), value, f"{low} … {high}")

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list)
        return tuple(v if isinstance(v, str) else _wrong(f"{self.place(key)}[{i}]", v) for i, v in enumerate(values, 1))

    def table(self, key: str) -> _Table:
        return _Table(self.take(key, dict), self.place(key))

    def phrase(self, key: str, sample: Mapping[str, object]) -> str:
        text = self.take(key, str)
        try:
            text.format(**sample)
        except (KeyError, IndexError, ValueError, AttributeError, TypeError):
            _wrong(self.place(key), text, "{" + "} {".join(sample) + "}")
        return text

    def place(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def done(self) -> None:
        if self._left:
            _wrong(self.place(min(self._left)), "?")


def _read_sheet(top: _Table, stem: str) -> Sheet:
    if (found := top.take("id", str)) != stem:
        _wrong("id", found, stem)
    title = top.take("title", str)
    if not 0 < len(title) <= _LONGEST_TAB_NAME or _NOT_IN_TAB_NAME.search(title):
        _wrong("title", title, f"1 … {_LONGEST_TAB_NAME}, []:*?/\\")
    form = top.choice("form", Form)
    sheet = Sheet(
        id=stem,
        title=title,
        form=form,
        order=top.take("order", int, 0),
        page=_read_page(top.table("page")),
        font=_read_font(top.table("font")),
        title_font=_read_font(top.table("title_font")),
        control=_read_control(top.take("control", list, [])),
        columns=_read_columns(top.take("columns", list), KEYS[form]),
        sign_off=top.texts("sign_off"),
        foot=top.take("foot", str, ""),
        phrases=_read_phrases(top.table("phrases"), SAMPLES[form]),
    )
    top.done()
    return sheet


def _read_page(table: _Table) -> Page:
    margins = table.take("margins", list)
    if len(margins) != _SIDES or not all(isinstance(m, (int, float)) and 0 <= m <= _WIDEST_MARGIN for m in margins):
        _wrong(table.place("margins"), margins, "4 × mm")
    page = Page(
        paper=table.choice("paper", Paper),
        orientation=table.choice("orientation", Orientation),
        margins=(margins[0], margins[1], margins[2], margins[3]),
    )
    table.done()
    return page


def _read_font(table: _Table) -> Font:
    font = Font(table.take("family", str), table.number("size", 5, 36))
    table.done()
    return font


def _read_control(pairs: list[object]) -> tuple[tuple[str, str], ...]:
    control = []
    for place, pair in enumerate(pairs, 1):
        match pair:
            case [str(name), str(value)]:
                control.append((name, value))
            case _:
                _wrong(f"control[{place}]", pair, "[name, value]")
    return tuple(control)


def _read_columns(entries: list[object], known: frozenset[str]) -> tuple[Column, ...]:
    if not 1 <= len(entries) <= _MOST_COLUMNS:
        _wrong("columns", len(entries), f"1 … {_MOST_COLUMNS}")
    return tuple(_read_column(_Table(entry, f"columns[{place}]"), known) for place, entry in enumerate(entries, 1))


def _read_column(table: _Table, known: frozenset[str]) -> Column:
    found = table.take("key", (str, list))
    keys = (found,) if isinstance(found, str) else table.texts("key")
    unknown = [key for key in keys if key not in known and key != SERIAL]
    if unknown or not keys:
        _wrong(table.place("key"), unknown[0] if unknown else found)
    kind = table.choice("kind", Kind, Kind.TEXT)
    column = Column(
        keys=keys,
        label=table.take("label", str),
        width=int(table.number("width", 2, 200)),
        kind=kind,
        align=table.choice("align", Align, Align.LEFT if kind is Kind.TEXT else Align.CENTER),
    )
    if len(keys) > 1 and kind is not Kind.TEXT:
        _wrong(table.place("kind"), kind.value, Kind.TEXT.value)
    table.done()
    return column


def _read_phrases(table: _Table, sample: Mapping[str, object]) -> Phrases:
    phrases = Phrases(**{key: table.phrase(key, sample) for key in Phrases.__dataclass_fields__})
    table.done()
    return phrases
