"""A worksheet of a template, read: patterns of its rows, the rows that are repeated, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.dom.minidom import Element

from openpyxl.formula.translate import Translator

from desk_app.errors import KnownError
from desk_app.sheets.cells import column_letter
from desk_app.sheets.sheet import SERIAL
from desk_app.sheets.template.dom import child, children, descend, elements, empty, text_of, unprefix, xml_of
from desk_app.sheets.template.references import Stretch, rows_of
from desk_app.sheets.template.slots import Pieces, Slot, has_slot, is_loose, pieces_of, slots_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desk_app.sheets.template.package import Package

HEADERS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]+)")
_LETTERS = 26
_HEIGHT = ("ht", "customHeight")
_NEAR = 3
_SHOWN = 40
"""Characters shown of a text that is wrong."""

RichText = tuple[tuple[str, str], ...]
"""Runs of text, each with its look (an ``rPr`` element, empty: the cell's)."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that placeholders may use: of the whole workbook, and of one line. ``serial`` is known anyway."""

    head: frozenset[str]
    line: frozenset[str]

    def of_line(self, key: str) -> bool:
        """Say whether a key has a value only where there is a line."""
        return key not in self.head and (key in self.line or key == SERIAL)


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a cell's text with one look."""

    look: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class CellPattern:
    """A cell: with placeholders (``runs``), with a ``formula``, or as it is (``rest``: all that follows its place)."""

    column: int
    letter: str
    style: int
    runs: tuple[Run, ...] = ()
    rest: str = ""
    formula: str = ""
    formula_area: str = ""


@dataclass(frozen=True, slots=True)
class RowPattern:
    """A row as it is in the template; ``height`` in points (None: the worksheet's own), and as XML."""

    number: int
    attributes: str
    height: float | None
    height_xml: str
    cells: tuple[CellPattern, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A worksheet. ``root`` is all of it but its rows. A form stands once for each line, on a worksheet of its own."""

    name: str
    part: str
    root: Element
    rows: tuple[RowPattern, ...]
    first: int
    last: int
    form: bool

    def stretch(self, lines: int) -> Stretch:
        """Return which rows are repeated for so many lines; without lines they stay once, blank."""
        return Stretch(self.first, self.last, max(lines, 1))

    @property
    def slots(self) -> Iterator[Slot]:
        """Every placeholder in a cell."""
        return (slot for row in self.rows for cell in row.cells for run in cell.runs for slot in slots_in(run.pieces))


def read_strings(package: Package) -> Sequence[RichText]:
    """Return the shared strings of a workbook.

    Raises:
        KnownError: ``template_broken``.
    """
    part = package.related(package.workbook, "sharedStrings")
    if not part:
        return []
    root = package.tree(part)
    unprefix(root)  # the looks of its runs go into worksheets, where its prefix means nothing
    return [_rich_text(node) for node in children(root, "si")]


def read_page(package: Package, name: str, part: str, strings: Sequence[RichText], keys: Keys) -> Page:
    """Read one worksheet; its findings are asked for separately (:func:`findings`).

    Raises:
        KnownError: ``template_broken``.
    """
    root = package.tree(part)
    unprefix(root)
    data = child(root, "sheetData")
    try:
        rows = tuple(_read_rows(children(data, "row") if data is not None else [], strings))
    except (ValueError, IndexError, KeyError) as error:
        raise KnownError("template_broken", file=package.file, detail=f"{part}: {error}") from error
    if data is not None:
        empty(data)
    marked = [row.number for row in rows if _is_marked(row)]
    first, last = _first_block(marked)
    asked = (s.key for row in rows for cell in row.cells for run in cell.runs for s in slots_in(run.pieces))
    return Page(name, part, root, rows, first, last, form=not last and any(map(keys.of_line, asked)))


def findings(page: Page, keys: Keys, file: str) -> Iterator[KnownError]:
    """Tell everything that is wrong with a worksheet, row by row."""
    yield from _wrong_cells(page, keys, file)
    apart = [row.number for row in page.rows if _is_marked(row) and row.number > page.last]
    if apart:
        yield KnownError("template_rows_apart", file=file, sheet=page.name, first=page.first, second=apart[0])
    for area in merges_of(page.root):
        rows = rows_of(area)
        if page.last and rows and page.first <= rows[0] <= page.last < rows[1]:
            yield KnownError("template_merge_across", file=file, sheet=page.name, area=area)
    yield from _wrong_headers(page, keys, file)
    if has_slot(page.name) and not page.form:
        yield KnownError("template_key_in_tab", file=file, sheet=page.name)
    for text in dict.fromkeys(filter(has_slot, _settings_of(page.root))):
        yield KnownError("template_key_in_settings", file=file, sheet=page.name, text=text[:_SHOWN])


def _wrong_cells(page: Page, keys: Keys, file: str) -> Iterator[KnownError]:
    for row in page.rows:
        for cell in row.cells:
            place = {"file": file, "sheet": page.name, "cell": f"{cell.letter}{row.number}"}
            if has_slot(cell.formula):
                yield KnownError("template_key_in_formula", **place)
            for run in cell.runs:
                yield from _wrong_in(run.pieces, keys, place)
            if page.last and not page.first <= row.number <= page.last:
                outside = (s.key for run in cell.runs for s in slots_in(run.pieces) if keys.of_line(s.key))
                for key in outside if not _is_marked(row) else ():
                    yield KnownError("template_key_outside", **place, key=key, row=page.first)


def _settings_of(root: Element) -> Iterator[str]:
    """Go through all texts of a worksheet outside its cells, headers and footers: of rules, choices, links."""
    for node in descend(root):
        if node.localName not in HEADERS:
            yield text_of(node)
            yield from (node.getAttribute(name) for name in node.attributes.keys())  # noqa: SIM118 -- no dict


def _wrong_in(pieces: Pieces, keys: Keys, place: Mapping[str, str]) -> Iterator[KnownError]:
    if is_loose(pieces):
        yield KnownError("template_key_open", **place)
    known = keys.head | keys.line | {SERIAL}
    for slot in slots_in(pieces):
        if slot.key not in known:
            key = slot.key[:_SHOWN]
            if near := get_close_matches(slot.key, sorted(known), n=_NEAR):
                meant = "、".join(f"{{{{{word}}}}}" for word in near)
                yield KnownError("template_key_mistyped", **place, key=key, meant=meant)
            else:
                yield KnownError("template_key_unknown", **place, key=key)


def _wrong_headers(page: Page, keys: Keys, file: str) -> Iterator[KnownError]:
    """Tell what a header or footer asks for and cannot have: a line's value, unless the worksheet is a form."""
    known = keys.head | keys.line | {SERIAL} if page.form else keys.head
    for node in headers_of(page.root):
        for slot in slots_in(pieces_of(text_of(node))):
            if slot.key not in known:
                yield KnownError("template_key_in_header", file=file, sheet=page.name, key=slot.key[:_SHOWN])


def headers_of(root: Element) -> list[Element]:
    """Return the texts of the headers and footers."""
    parent = child(root, "headerFooter")
    return [node for node in descend(parent) if node.localName in HEADERS] if parent is not None else []


def merges_of(root: Element) -> list[str]:
    """Return the merged areas."""
    parent = child(root, "mergeCells")
    return [node.getAttribute("ref") for node in children(parent, "mergeCell")] if parent is not None else []


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 1: A, … Z, AA."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _is_marked(row: RowPattern) -> bool:
    return any(s.repeats for cell in row.cells for run in cell.runs for s in slots_in(run.pieces))


def _first_block(marked: list[int]) -> tuple[int, int]:
    """Return the first rows that stand together; ``(1, 0)`` where none is marked."""
    if not marked:
        return 1, 0
    last = next((one for one, other in pairwise(marked) if other != one + 1), marked[-1])
    return marked[0], last


# ------------------------------------------------------------------------------------------ from XML to patterns


def _rich_text(node: Element) -> RichText:
    """Return the text of an ``si`` or ``is`` element, without its phonetic guide."""
    plain = "".join(text_of(t) for t in children(node, "t"))
    runs = [(_look_of(run), "".join(text_of(t) for t in children(run, "t"))) for run in children(node, "r")]
    return (*((("", plain),) if plain else ()), *runs)


def _look_of(run: Element) -> str:
    look = child(run, "rPr")
    return xml_of(look) if look is not None else ""


def _read_rows(nodes: Sequence[Element], strings: Sequence[RichText]) -> Iterator[RowPattern]:
    masters: dict[str, tuple[str, str]] = {}
    number = 0
    for node in nodes:
        number = int(node.getAttribute("r") or number + 1)
        others = [name for name in node.attributes.keys() if name not in ("r", *_HEIGHT)]  # noqa: SIM118 -- no dict
        height = node.getAttribute("ht")
        cells = tuple(_read_cells(children(node, "c"), number, strings, masters))
        tall = float(height) if height else None
        yield RowPattern(number, _attributes(node, *others), tall, _attributes(node, *_HEIGHT), cells)


def _read_cells(
    nodes: Sequence[Element], row: int, strings: Sequence[RichText], masters: dict[str, tuple[str, str]]
) -> Iterator[CellPattern]:
    column = 0
    for node in nodes:
        if match := _PLACE.fullmatch(node.getAttribute("r")):
            column, letter = column_number(match[1]), match[1]
        else:
            column += 1
            letter = column_letter(column)
        style = int(node.getAttribute("s") or 0)
        formula, area = _read_formula(child(node, "f"), f"{letter}{row}", masters)
        if formula:
            kept = _attributes(node, "cm", "vm")
            yield CellPattern(column, letter, style, rest=kept, formula=formula, formula_area=area)
        elif runs := _runs_of(node, strings):
            yield CellPattern(column, letter, style, runs)
        else:
            inside = "".join(map(xml_of, elements(node)))
            yield CellPattern(column, letter, style, rest=f"{_attributes(node, 't', 'cm', 'vm', 'ph')}>{inside}</c>")


def _attributes(node: Element, *names: str) -> str:
    return "".join(f' {name}="{node.getAttribute(name)}"' for name in names if node.hasAttribute(name))


def _runs_of(node: Element, strings: Sequence[RichText]) -> tuple[Run, ...]:
    """Return the text of a cell cut at its placeholders; nothing where it has none."""
    rich: RichText = ()
    match node.getAttribute("t"):
        case "s":
            value = child(node, "v")
            rich = strings[int(text_of(value))] if value is not None else ()
        case "inlineStr":
            inside = child(node, "is")
            rich = _rich_text(inside) if inside is not None else ()
    whole = "".join(text for _look, text in rich)
    pieces = pieces_of(whole)
    if not slots_in(pieces) and not is_loose(pieces):
        return ()
    runs = tuple(Run(look, pieces_of(text)) for look, text in rich)
    alone = [slot for run in runs for slot in slots_in(run.pieces)]
    if alone == slots_in(pieces) and len(pieces) > 1:
        return runs
    return (Run("", pieces),)  # a placeholder with several looks, or nothing else: the cell's own look


def _read_formula(node: Element | None, place: str, masters: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Return a formula and, of one for several cells, their area; one that is shared is written out."""
    if node is None:
        return "", ""
    text, kind, index = text_of(node), node.getAttribute("t"), node.getAttribute("si")
    if kind == "shared":
        if text:
            masters[index] = (text, place)
        else:
            master, origin = masters[index]
            text = str(Translator(f"={master}", origin=origin).translate_formula(place))[1:]
    return text, node.getAttribute("ref") if kind == "array" else ""
