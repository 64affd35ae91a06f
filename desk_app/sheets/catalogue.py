"""Reads the sheets of a folder. Whatever a file gets wrong is told with its line and the place, nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from desk_app.domain.figures import TOTALS
from desk_app.domain.periods import PeriodKind
from desk_app.domain.sheet_lines import Each
from desk_app.errors import KnownError
from desk_app.sheets.catalogue_form import read_blocks, read_of, read_widths
from desk_app.sheets.heading import heading_words, known_keys
from desk_app.sheets.sheet import (
    SERIAL,
    Align,
    ChartKind,
    ChartOf,
    Column,
    Font,
    Frame,
    Group,
    Kind,
    Orientation,
    Page,
    Paper,
    Phrases,
    Shape,
    Sheet,
)
from desk_app.sheets.toml_table import PlaceError, Table, line_of, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from desk_app.domain.sheet_lines import Facts, Of

_NOT_IN_TAB_NAME = re.compile(r"[\[\]:*?/\\]")
_LISTED = frozenset({Each.HANDOVER, Each.FIGURES, Each.WARNINGS})
"""What stands on lists only."""
_LONGEST_TAB_NAME = 31
_MOST_COLUMNS = 40
_CHARTED = ("count", "before", "quarter", "year")
"""The keys of figures that are numbers."""
_SIDES = 4
_WIDEST_MARGIN = 100  # millimetres


def load_sheets(
    folders: Iterable[Path], facts: Facts, only: str = ""
) -> tuple[Mapping[str, Sheet], tuple[KnownError, ...]]:
    """Return every sheet of some folders by its id, in the order the sheets ask for, and what is wrong with the others.

    ``only`` one id is read where it is given. A sheet of a later folder takes the place of one of the same id; where it
    is broken, the earlier one stays.
    """
    found: dict[str, Sheet] = {}
    faults = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if only not in ("", path.stem):
                continue
            try:
                found[path.stem] = load_sheet(path, facts)
            except KnownError as fault:
                faults.append(fault)
    ordered = sorted(found.values(), key=lambda sheet: (sheet.order, sheet.id))
    return {sheet.id: sheet for sheet in ordered}, tuple(faults)


def load_sheet(path: Path, facts: Facts) -> Sheet:
    """Return the sheet of one file, whose name is the sheet's id.

    Raises:
        KnownError: ``sheet_broken`` with the file, the line and the place in it; ``sheet_unreadable``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KnownError("sheet_unreadable", file=path, detail=error.strerror) from error
    except UnicodeDecodeError as error:
        raise KnownError("sheet_not_utf8", file=path) from error
    try:
        return _read_sheet(Table(tomllib.loads(text), ""), path.stem, facts)
    except PlaceError as error:
        raise KnownError("sheet_broken", file=path, line=line_of(text, error.place), detail=str(error)) from error
    except (ValueError, RecursionError) as error:  # broken TOML
        line = re.search(r"line (\d+)", str(error))
        raise KnownError("sheet_broken", file=path, line=int(line[1]) if line else 1, detail=str(error)) from error


def _read_sheet(top: Table, stem: str, facts: Facts) -> Sheet:
    if (found := top.take("id", str)) != stem:
        wrong("id", found, stem)
    title = top.line("title")
    if len(title) > _LONGEST_TAB_NAME or _NOT_IN_TAB_NAME.search(title):
        wrong("title", title, f"1 … {_LONGEST_TAB_NAME}, []:*?/\\")
    shape, of = top.choice("shape", Shape), read_of(top.table("of"), facts)
    known, words = known_keys(of.each, facts), heading_words(of.each)
    is_form = shape is Shape.FORM
    if is_form and of.each in _LISTED:
        wrong("shape", shape.value, Shape.LIST.value)
    sheet = Sheet(
        id=stem,
        title=title,
        shape=shape,
        of=of,
        order=top.take("order", int, 0),
        page=_read_page(top.table("page")),
        font=_read_font(top.table("font")),
        title_font=_read_font(top.table("title_font")),
        control=_read_control(top.take("control", list, [])),
        columns=() if is_form else _read_columns(top.tables("columns"), known),
        sign_off=top.texts("sign_off", []),
        foot=top.phrase("foot", words, ""),
        phrases=_read_phrases(top.table("phrases"), words),
        widths=read_widths(top) if is_form else (),
        blocks=read_blocks(top, known, facts) if is_form else (),
        frame=top.choice("frame", Frame, Frame.THIN) if is_form else Frame.THIN,
        leaves_shop=top.take("leaves_shop", bool, default=False),
        charts=_read_charts(top, of) if "charts" in top else (),
        group=top.choice("group", Group, _group_of(of, shape)),
        package=top.members("package", PeriodKind),
    )
    top.done()
    return sheet


def _group_of(of: Of, shape: Shape) -> Group:
    """Return where a sheet is offered that does not say it."""
    if of.each in (Each.FIGURES, Each.WARNINGS):
        return Group.FIGURES
    if of.each is Each.NOTHING:
        return Group.BLANK
    return Group.CASE if shape is Shape.FORM else Group.OTHER


def _read_page(table: Table) -> Page:
    margins = table.take("margins", list)
    if len(margins) != _SIDES or not all(type(m) in (int, float) and 0 <= m <= _WIDEST_MARGIN for m in margins):
        wrong(table.place("margins"), margins, "4 × mm")
    page = Page(
        paper=table.choice("paper", Paper),
        orientation=table.choice("orientation", Orientation),
        margins=(margins[0], margins[1], margins[2], margins[3]),
    )
    table.done()
    return page


def _read_font(table: Table) -> Font:
    font = Font(table.line("family"), table.number("size", 5, 36))
    table.done()
    return font


def _read_control(pairs: list[object]) -> tuple[tuple[str, str], ...]:
    control = []
    for place, pair in enumerate(pairs, 1):
        match pair:
            case [str(name), str(value)]:
                control.append((name, value))
            case _:
                wrong(f"control[{place}]", pair, "[name, value]")
    return tuple(control)


def _read_columns(entries: tuple[Table, ...], known: frozenset[str]) -> tuple[Column, ...]:
    if not 1 <= len(entries) <= _MOST_COLUMNS:
        wrong("columns", len(entries), f"1 … {_MOST_COLUMNS}")
    return tuple(_read_column(entry, known) for entry in entries)


def _read_column(table: Table, known: frozenset[str]) -> Column:
    found = table.take("key", (str, list))
    keys = (found,) if isinstance(found, str) else table.texts("key")
    unknown = [key for key in keys if key not in known and key != SERIAL]
    if unknown or not keys:
        wrong(table.place("key"), unknown[0] if unknown else found)
    kind = table.choice("kind", Kind, Kind.TEXT)
    column = Column(
        keys=keys,
        label=table.take("label", str),
        width=table.whole("width", 2, 200),
        kind=kind,
        align=table.choice("align", Align, Align.LEFT if kind is Kind.TEXT else Align.CENTER),
    )
    if len(keys) > 1 and kind is not Kind.TEXT:
        wrong(table.place("kind"), kind.value, Kind.TEXT.value)
    table.done()
    return column


def _read_charts(top: Table, of: Of) -> tuple[ChartOf, ...]:
    charts = []
    for table in top.tables("charts"):
        part = table.take("part", str)
        if part not in (*of.tally, TOTALS):
            wrong(table.place("part"), part, " / ".join((*of.tally, TOTALS)))
        values = table.texts("values", ["count"])
        unknown = [key for key in values if key not in _CHARTED]
        if unknown or not values:
            wrong(table.place("values"), list(values), " / ".join(_CHARTED))
        charts.append(ChartOf(table.choice("kind", ChartKind), table.take("title", str), part, values))
        table.done()
    return tuple(charts)


def _read_phrases(table: Table, words: tuple[str, ...]) -> Phrases:
    phrases = Phrases(
        period=table.phrase("period", (*words, "count")),
        made=table.phrase("made", (*words, "count")),
        empty=table.take("empty", str),
        page_number=table.phrase("page_number", ("page", "pages")),
        cut=table.take("cut", str),
        cut_note=table.phrase("cut_note", ("cut",)),
    )
    table.done()
    return phrases
