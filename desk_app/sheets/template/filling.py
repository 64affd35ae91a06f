"""Reads, checks and fills a shop's own workbook with placeholders (docs/templates.md).

A placeholder that is all of its cell takes the value as it is: a date, a number, a text. One with other text around it
takes what people see. A row with a placeholder like ``{{*number}}`` stands once for each line. A worksheet that asks
for values of a line and has no such row is a form: it stands once for each line, named after it.

Parts of the file that are not touched stay byte for byte; decision 0008 says why no library does this here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets.heading import shown
from desk_app.sheets.sheet import SERIAL
from desk_app.sheets.tabs import tab_names
from desk_app.sheets.target import replace_file
from desk_app.sheets.template.book import add_tab, finish, read_tabs, rename_tables
from desk_app.sheets.template.dom import child, clone, descend, serialise, set_text, text_of
from desk_app.sheets.template.moving import move_parts, move_worksheet
from desk_app.sheets.template.package import Package, read_package
from desk_app.sheets.template.page import Keys, Page, findings, headers_of, read_page, read_strings
from desk_app.sheets.template.references import Move, Moves, rows_of
from desk_app.sheets.template.rows import Room, RowWriter
from desk_app.sheets.template.slots import Slot, has_slot, pieces_of
from desk_app.sheets.template.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from xml.dom.minidom import Element

    from desk_app.domain.wording import Line, Value

_NAMED_BY = "number"
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_TEXT_PARTS = re.compile(r"xl/(drawings|charts|diagrams)/[^/]*\.(xml|vml)")
_MOST_IN_HEADER = 255
"""UTF-16 units of a header or footer with its codes."""
_SIZE_CODE = re.compile(r"&\d+$")


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook that can be filled. ``keys`` are those of a line that it asks for, in the order of the sheets."""

    path: Path
    keys: tuple[str, ...]
    package: Package
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a template: how many lines are in the file, and what a person has to be told (sentences)."""

    path: Path
    lines: int
    notes: tuple[KnownError, ...]


def check_template(path: Path, keys: Keys) -> tuple[KnownError, ...]:
    """Return everything that hinders the filling of a template; nothing: it can be filled.

    A file that cannot be read has one finding, see :func:`read_package`.
    """
    try:
        return tuple(_findings(_open(path, keys), keys))
    except KnownError as error:
        return (error,)


def read_template(path: Path, keys: Keys) -> Template:
    """Return a template that can be filled.

    Raises:
        KnownError: the first thing that :func:`check_template` finds.
    """
    template = _open(path, keys)
    for finding in _findings(template, keys):
        raise finding
    return template


def fill_template(
    template: Template,
    head: Mapping[str, Value | date],
    lines: Iterable[Line],
    target: Path,
    properties: Mapping[str, str] | None = None,
) -> Filled:
    """Fill a template and write it to ``target`` (.xlsx), whole or not at all; a file that is there is replaced.

    ``head`` has values for the whole workbook, each line at least those of ``template.keys``; a key without a value
    leaves its cell empty. Datetimes are written by their wall clock. Without lines the repeated row, or the form, stays
    once and blank. ``properties`` are kept in the file beside its own (custom document properties).

    Raises:
        KnownError: ``template_is_target``; ``target_open``, ``disk_full``, ``target_unwritable``
            (:func:`desk_app.sheets.target.replace_file`).
    """
    if target.exists() and target.samefile(template.path):
        raise KnownError("template_is_target", path=target)
    filling = _Filling(template, head, list(lines))
    replace_file(target, filling.fill(properties or {}))
    return Filled(target, len(filling.lines), tuple(filling.notes()))


def _open(path: Path, keys: Keys) -> Template:
    package = read_package(path)
    strings = read_strings(package)
    tabs = [tab for tab in read_tabs(package) if tab.is_worksheet]
    pages = tuple(read_page(package, tab.name, tab.part, strings, keys) for tab in tabs)
    asked = [slot.key for page in pages for slot in page.slots]
    asked += [slot.key for page in pages if page.form for slot in _header_slots(page)]
    return Template(path, tuple(dict.fromkeys(key for key in asked if key in keys.line)), package, pages)


def _findings(template: Template, keys: Keys) -> Iterator[KnownError]:
    file = template.path.name
    for page in template.pages:
        yield from findings(page, keys, file)
        yield from _table_heads(template.package, page)
    yield from _elsewhere(template.package)
    if not any(_asks(page) for page in template.pages):
        yield KnownError("template_empty", file=file)
    try:
        _Filling(template, {}, [{}, {}]).fill({})
    except KnownError as error:
        yield error
    except (ValueError, LookupError) as error:  # what a part says where a number or a known part has to stand
        yield KnownError("template_broken", file=file, detail=str(error))


def _asks(page: Page) -> bool:
    return any(True for _slot in page.slots) or bool(_header_slots(page))


def _header_slots(page: Page) -> list[Slot]:
    texts = (text_of(node) for node in headers_of(page.root))
    return [piece for text in texts for piece in pieces_of(text) if isinstance(piece, Slot)]


def _table_heads(package: Package, page: Page) -> Iterator[KnownError]:
    """Tell of placeholders in the head of a table (Ctrl+T): its columns are known by the words there."""
    for relation in package.relations(page.part):
        if relation.type != "table":
            continue
        root = package.tree(relation.part)
        rows = rows_of(root.getAttribute("ref"))
        columns = [node.getAttribute("name") for node in descend(root) if node.localName == "tableColumn"]
        if rows is not None and root.getAttribute("headerRowCount") != "0" and any(map(has_slot, columns)):
            yield KnownError("template_key_in_table_head", file=package.file, sheet=page.name, row=rows[0])


def _elsewhere(package: Package) -> Iterator[KnownError]:
    """Tell of placeholders where nothing is filled in: text boxes and charts. Notes may explain the template."""
    for part, data in package.parts.items():
        if _TEXT_PARTS.fullmatch(part):
            text = re.sub("<[^>]*>", "", data.decode("utf-8", "replace"))  # a word may be cut into several runs
            if has_slot(text):
                yield KnownError("template_key_elsewhere", file=package.file, part=part)


class _Filling:
    """One filling: works on a copy of the template's parts."""

    def __init__(self, template: Template, head: Mapping[str, Value | date], lines: Sequence[Line]) -> None:
        self.lines = lines
        self._template, self._head = template, head
        self._package = template.package.copy()
        self._tabs = {tab.part: tab for tab in read_tabs(self._package)}
        self._style_part = self._package.related(self._package.workbook, "styles")
        self._styles = Styles(self._package.tree(self._style_part))
        workbook = child(self._package.tree(self._package.workbook), "workbookPr")
        since_1904 = workbook is not None and workbook.getAttribute("date1904") in ("1", "true")
        self._writer = RowWriter(self._styles, since_1904=since_1904)

    def fill(self, properties: Mapping[str, str]) -> bytes:
        """Return the file, with these properties."""
        pages, names = self._template.pages, self._named()
        moves = {page.name: Move(names[page.name][0], page.stretch(len(self.lines))) for page in pages}
        for page in pages:
            if page.form:
                self._fill_form(page, names[page.name], moves)
            else:
                self._fill_page(page, page.part, self._head, Moves(moves, page.name))
        for tab in self._tabs.values():
            if not tab.is_worksheet:  # a chart on a tab of its own
                move_parts(self._package, tab.part, Moves(moves))
        self._package.put(self._style_part, self._styles.root)
        finish(self._package, Moves(moves))
        if properties:
            self._package.set_properties(properties)
        return self._package.to_bytes()

    def notes(self) -> Iterator[KnownError]:
        """Tell what is not in the file as it was in the template, or not to be seen in full."""
        file = self._template.path.name
        if self._template.package.macros:
            yield KnownError("template_macros_dropped", file=file)
        if self._writer.cut:
            yield KnownError("template_text_cut", count=self._writer.cut)
        if self._writer.cut_in_headers:
            yield KnownError("template_header_cut", count=self._writer.cut_in_headers)
        if self._writer.hidden:
            yield KnownError("template_text_hidden", count=self._writer.hidden)

    def _named(self) -> Mapping[str, Sequence[str]]:
        """Say of each worksheet what it and its copies are called: a form by its case, if there is one."""
        forms = [page.name for page in self._template.pages if page.form and self.lines]
        titles = [shown(line.get(_NAMED_BY)) or form for form in forms for line in self.lines]
        names = iter(tab_names(titles, (tab.name for tab in self._tabs.values() if tab.name not in forms)))
        plain = {page.name: [page.name] for page in self._template.pages}
        return {**plain, **{form: list(islice(names, len(self.lines))) for form in forms}}

    def _fill_form(self, page: Page, names: Sequence[str], moves: Mapping[str, Move]) -> None:
        """Write a form for each line: the first on the worksheet itself, the others on copies behind it."""
        tab = self._tabs[page.part]
        parts = [(page.part, names[0])]
        for name in names[1:]:
            copy = self._package.copy_part(page.part)
            rename_tables(self._package, copy)
            parts.append((copy, name))
        add_tab(self._package, tab, parts[1:])
        for serial, (part, name) in enumerate(parts, 1):
            line = self.lines[serial - 1] if self.lines else {}
            values = {**self._head, **line, **({SERIAL: serial} if self.lines else {})}
            own = {**moves, page.name: Move(name, moves[page.name].stretch)}
            self._fill_page(page, part, values, Moves(own, page.name))

    def _fill_page(self, page: Page, part: str, values: Mapping[str, Value | date], moves: Moves) -> None:
        root = clone(page.root)
        move_worksheet(root, moves)
        if part != page.part:
            _make_own(root)
        for node in headers_of(root):
            said, was_cut = _header(text_of(node), values)
            self._writer.cut_in_headers += was_cut
            set_text(node, said)
        rows = "".join(self._rows(page, values, moves)).encode()
        before, after = _NO_ROWS.split(serialise(root))
        self._package.parts[part] = b"".join((before, b"<sheetData>", rows, b"</sheetData>", after))
        move_parts(self._package, part, moves)

    def _rows(self, page: Page, values: Mapping[str, Value | date], moves: Moves) -> Iterator[str]:
        stretch = moves.of[page.name].stretch
        room = Room(page, self._styles.size)
        block = [row for row in page.rows if stretch.holds(row.number)]
        for row in page.rows:
            if not stretch.holds(row.number):
                yield self._writer.write(row, stretch.start(row.number), values, moves, room)
            elif row.number == stretch.first:
                for copy, line in enumerate(self.lines or [{}]):
                    here = Moves(moves.of, moves.here, copy)
                    filled = {**self._head, **line, **({SERIAL: copy + 1} if self.lines else {})}
                    for each in block:
                        yield self._writer.write(each, each.number + copy * stretch.height, filled, here, room)


def _header(text: str, values: Mapping[str, Value | date]) -> tuple[str, bool]:
    """Return the text of a header filled, and whether values had to be cut: Excel takes a longer one for a fault.

    An ampersand is a code there, and a number behind a size would join it.
    """
    pieces = pieces_of(text)
    room = _MOST_IN_HEADER - sum(len(piece) for piece in pieces if isinstance(piece, str))
    filled, was_cut = "", False
    for piece in pieces:
        if isinstance(piece, str):
            filled += piece
            continue
        said = strip_unstorable(shown(values.get(piece.key)))
        if said[:1].isdigit() and _SIZE_CODE.search(filled):
            said = f" {said}"
        kept = _escaped(said, room)
        room -= _units(kept)
        was_cut |= kept != said.replace("&", "&&")
        filled += kept
    return filled, was_cut


def _escaped(text: str, room: int) -> str:
    """Return a text as headers write it, ampersands twice; its beginning where there is no room for all."""
    whole = text.replace("&", "&&")
    if _units(whole) <= room:
        return whole
    kept = text[: max(room, 0)]
    while kept and _units(kept.replace("&", "&&")) >= room:
        kept = kept[:-1]
    return kept.replace("&", "&&") + "…" * (room > 0)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _make_own(root: Element) -> None:
    """Take away what two tabs may not share: the selection (typing into one would type into all), and a code name."""
    for node in descend(root):
        for name in ("tabSelected", "codeName"):
            if node.localName in ("sheetView", "sheetPr") and node.hasAttribute(name):
                node.removeAttribute(name)
