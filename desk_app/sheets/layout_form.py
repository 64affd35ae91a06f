"""Lays out forms: the cells of one page for each subject, below each other, a new page before each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from math import ceil
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.wording import Line
from desk_app.sheets.fit import BETWEEN_BOXES, count_lines, with_whole_boxes
from desk_app.sheets.grid import FRAMED, CellValue, Edge, Grid, Look, Merge, Role, Row
from desk_app.sheets.heading import shown
from desk_app.sheets.paper import Paged, column_width, fitted, height_of, most_lines, put_head, put_tail
from desk_app.sheets.sheet import SERIAL, SHOP, Align, Block, Cell, CellLook, FormRow, Frame, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_app.domain.wording import Value
    from desk_app.sheets.heading import Heading

_ROLES = {CellLook.LABEL: Role.LABEL, CellLook.VALUE: Role.VALUE, CellLook.PLAIN: Role.PLAIN}
_ONE_PLACE = re.compile(r"\{([a-z_.]+)\}")
_BOX, _TICKED = "□", "☑"
_NEIGHBOURS = {Edge.TOP: (-1, 0), Edge.RIGHT: (0, 1), Edge.BOTTOM: (1, 0), Edge.LEFT: (0, -1)}
_SEPARATOR = "、"
"""Between the values of a list that several boxes stand for (``register_line``)."""
_ROOMY = 3
"""From so many lines on a value begins at the top of its cell: what is missing is added below it by hand."""
_NAMED_BY = "number"
"""The value that a form is called by, among others of its kind."""
_NO_LINE: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class FormValues:
    """What stands on one form: the values of its subject, and those of every repeated block, in the blocks' order."""

    line: Line
    repeats: Sequence[Sequence[Line]] = ()


def lay_out_forms(sheet: Sheet, forms: Iterable[FormValues], heading: Heading) -> Grid:
    """Return the grid of a sheet's forms, in the order given; of none a blank one.

    Each line holds at least the keys that its part of the sheet asks for (``sheet.keys``, ``block.keys``).
    """
    page = _Forms(sheet)
    breaks: list[int] = []
    parts: list[str] = []
    for form in forms:
        if parts:
            breaks.append(len(page.rows))
        parts.append(shown(form.line.get(_NAMED_BY)))
        page.put_form(form, heading)
    if not parts:
        page.put_form(FormValues(_NO_LINE), heading)
    return Grid(
        title=sheet.title,
        page=sheet.page,
        font=sheet.font,
        title_font=sheet.title_font,
        widths=tuple(column_width(width, sheet) for width in sheet.widths),
        rows=tuple(page.rows),
        merges=tuple(page.merges),
        head_rows=0,
        page_number=sheet.phrases.page_number,
        cut=page.cut,
        breaks=tuple(breaks),
        parts=tuple(parts),
    )


class _Placed(NamedTuple):
    """A cell in its row: with which column it begins (from 0), what stands in it and on how many lines."""

    start: int
    cell: Cell
    value: CellValue
    kind: Kind
    lines: int


class _Reaching(NamedTuple):
    """A cell that reaches down: its first row in the grid, its columns, its rows in the block (from 0), its lines."""

    first: int
    start: int
    span: int
    top: int
    last: int
    lines: int


class _Forms(Paged):
    """Collects the rows of the forms."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__([column_width(width, sheet) for width in sheet.widths])
        self.cut = 0
        self._sheet = sheet
        self._most_lines = most_lines(sheet.font.size)

    def put_form(self, form: FormValues, heading: Heading) -> None:
        """Add the page of one subject."""
        cut_before, first = self.cut, len(self.rows)
        put_head(self, self._sheet, heading, 1)
        repeats = iter(form.repeats)
        given = {SHOP: heading.shop}
        for block in self._sheet.blocks:
            if block.repeat is None:
                self._put_block(block, {**form.line, **given})
                continue
            for number, line in enumerate(next(repeats, ()) or (_NO_LINE,), 1):
                self._put_block(block, {**line, **given, SERIAL: number})
        put_tail(self, self._sheet, heading, self.cut - cut_before)
        if self._sheet.frame is Frame.THICK:
            self.rows[first:] = _thickly_framed(self.rows[first:])

    def _put_block(self, block: Block, line: Line) -> None:
        """Add the rows of a block. A cell that reaches down is merged over all that its rows have become."""
        columns = len(self._sheet.widths)
        free_from = [0] * columns  # the row of the block from which on a column is free
        reaching: list[_Reaching] = []
        lines_of: list[int] = []
        last_of: list[int] = []
        for index, row in enumerate(block.rows):
            free = [column for column in range(columns) if free_from[column] <= index]
            placed = []
            for cell in row.cells:
                start, free = free[0], free[cell.span :]
                room = sum(self._sheet.widths[start : start + cell.span])
                value, kind = self._value(cell, line, room)
                lines = count_lines(value, room) if isinstance(value, str) else 1
                placed.append(_Placed(start, cell, value, kind, lines))
                free_from[start : start + cell.span] = [index + cell.down] * cell.span
                if cell.down > 1:
                    last = index + cell.down - 1
                    reaching.append(_Reaching(len(self.rows) + 1, start, cell.span, index, last, lines))
            lacking = (each.lines - sum(lines_of[each.top :]) for each in reaching if each.last == index)
            lines_of.append(self._put_row(row, placed, max(row.lines, *lacking, 1)))
            last_of.append(len(self.rows))
        for each in reaching:
            self.merges.append(Merge(each.first, each.start + 1, last_of[each.last], each.start + each.span))

    def _put_row(self, row: FormRow, placed: Sequence[_Placed], lines: int) -> int:
        """Add a row of at least so many lines, as several where a spreadsheet's row ends; return how many it has."""
        columns = len(self._sheet.widths)
        values: list[CellValue] = [None] * columns
        looks = [Look(Role.VALUE)] * columns
        for start, cell, value, kind, needed in placed:
            align = cell.align or (Align.CENTER if cell.look is CellLook.LABEL else Align.LEFT)
            values[start] = value
            roomy = cell.look is CellLook.VALUE and not cell.boxes and row.lines >= _ROOMY
            looks[start : start + cell.span] = [Look(_ROLES[cell.look], kind, align, roomy)] * cell.span
            if cell.down == 1:
                lines = max(lines, needed)
        count = 1 if lines <= self._most_lines else ceil(lines / (self._most_lines // 2))
        first = len(self.rows) + 1
        height = height_of(ceil(lines / count), self._sheet.font.size)
        self.rows.append(Row(height, tuple(values), tuple(looks)))
        self.rows += [Row(height, (None,) * columns, tuple(looks))] * (count - 1)
        for start, cell, *_value in placed:
            if cell.down == 1 and (cell.span > 1 or count > 1):
                self.merges.append(Merge(first, start + 1, first + count - 1, start + cell.span))
        return lines

    def _value(self, cell: Cell, line: Line, room: int) -> tuple[CellValue, Kind]:
        """Return what stands in a cell, and as what: a single value keeps its type, all else is text.

        ``room`` is its width in half-width characters.
        """
        if cell.boxes:
            return self._fit(with_whole_boxes(_ticked(cell, line), room)), Kind.TEXT
        if _BOX in cell.text:
            return with_whole_boxes(self._said(cell, line), room), Kind.TEXT
        alone = _ONE_PLACE.fullmatch(cell.text)
        value = line.get(alone[1]) if alone else None
        if isinstance(value, datetime) and cell.kind is not Kind.TEXT:
            return value.replace(tzinfo=None), cell.kind or Kind.DATETIME
        if isinstance(value, Decimal) and cell.kind is not Kind.TEXT:
            return value, cell.kind or Kind.AMOUNT
        if isinstance(value, int) and cell.kind is not Kind.TEXT:
            return value, cell.kind or Kind.NUMBER
        return self._said(cell, line) or None, Kind.TEXT

    def _said(self, cell: Cell, line: Line) -> str:
        """Return the text with what it asks for; a line that holds nothing but what nobody said is left out."""
        filled = (
            (_ONE_PLACE.sub(lambda found: shown(line.get(found[1])), each), each) for each in cell.text.split("\n")
        )
        told = [said for said, asked in filled if said.strip() or not _ONE_PLACE.search(asked)]
        return self._fit("\n".join(told))

    def _fit(self, text: str) -> str:
        """Cut a text that no cell can hold, with a mark at its end."""
        kept = fitted(text, self._sheet.phrases.cut)
        self.cut += kept != text
        return kept


def _thickly_framed(rows: Sequence[Row]) -> Iterable[Row]:
    """Return the rows with a thick line wherever what is framed ends."""
    framed = {(y, x) for y, row in enumerate(rows) for x, look in enumerate(row.looks) if look.role in FRAMED}
    for y, row in enumerate(rows):
        looks = list(row.looks)
        for x in (x for x in range(len(looks)) if (y, x) in framed):
            outer = (edge for edge, (down, on) in _NEIGHBOURS.items() if (y + down, x + on) not in framed)
            looks[x] = looks[x]._replace(thick=reduce(or_, outer, Edge.NONE))
        yield replace(row, looks=tuple(looks))


def _ticked(cell: Cell, line: Line) -> str:
    """Return the boxes of a cell, those ticked that the value names."""
    said = shown(line.get(cell.ticked_by)).split(_SEPARATOR) if cell.ticked_by else []
    boxes = BETWEEN_BOXES.join(f"{_TICKED if word in said else _BOX}{word}" for word in cell.boxes)
    before = _ONE_PLACE.sub(lambda found: shown(line.get(found[1])), cell.text)
    return before + boxes
