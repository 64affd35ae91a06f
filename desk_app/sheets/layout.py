"""Lays out a sheet: from its description and its lines (of cases, of a handover) to a grid of cells.

Row heights are computed, because a spreadsheet that finds none in the file prints the lines of a wrapped text over each
other. A spreadsheet's row ends at 409.5 points: a case that needs more takes several rows, merged column by column.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from desk_app.sheets.fit import count_lines
from desk_app.sheets.grid import CellValue, Grid, Look, Merge, Role, Row
from desk_app.sheets.heading import shown
from desk_app.sheets.sheet import SERIAL, Align, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desk_app.domain.register_line import Line
    from desk_app.sheets.heading import Heading

CELL_LIMIT = 32_767
"""The most UTF-16 units a spreadsheet's cell holds."""
ROW_LIMIT = 409.5
"""The greatest height of a spreadsheet's row, in points."""
_LEADING = 1.25  # line pitch over size: 宋体 in Excel; what stands in for it elsewhere mostly has less
_TALL_PARTS = 2  # a tall case has rows half as high as can be: paper breaks between rows only, and fills better
_PIXEL = 0.75  # points
_ROW_PADDING = 4.0  # above and below the text together, points
_CELL_PADDING = 5.0  # left and right of the text together, points
_SIGN_HERE = "＿" * 10
_BARE = Look(Role.FOOT)


def lay_out(sheet: Sheet, lines: Iterable[Line], heading: Heading) -> Grid:
    """Return the grid of a sheet with these lines, in the order given.

    Each line holds at least ``sheet.keys``. A line's values stand in its first row only, so that reading
    the sheet back finds each number once.
    """
    body = _Body(sheet)
    rows = [row for serial, line in enumerate(lines, 1) for row in body.rows_of(serial, line)]
    head = _Page(sheet, first_row=1)
    _put_head(head, sheet, heading, body.cases)
    body_start = len(head.rows)
    tail = _Page(sheet, first_row=body_start + len(rows) + 1)
    _put_tail(tail, sheet, body)
    return Grid(
        title=sheet.title,
        page=sheet.page,
        font=sheet.font,
        title_font=sheet.title_font,
        widths=tuple(width_in_points(column, sheet) for column in sheet.columns),
        rows=(*head.rows, *rows, *tail.rows),
        merges=(*head.merges, *_tall_merges(body, body_start, len(sheet.columns)), *tail.merges),
        head_rows=body_start,
        page_number=sheet.phrases.page_number,
        cut=body.cut,
    )


def width_in_points(column: Column, sheet: Sheet) -> float:
    """Return how wide a column is on a sheet, its padding included."""
    return column.width * sheet.font.size / 2 + _CELL_PADDING


def _height(lines: int, size: float, padding: float = _ROW_PADDING) -> float:
    """Return the height of a row, in whole screen pixels of 0.75 points as spreadsheets round it."""
    return ceil((lines * size * _LEADING + padding) / _PIXEL) * _PIXEL


class _Body:
    """Makes the rows of the cases, and remembers what the rest of the sheet has to say of them."""

    def __init__(self, sheet: Sheet) -> None:
        self.cases = 0
        self.cut = 0
        self.tall: list[tuple[int, int]] = []  # first row among the body's (from 0) and number of rows
        self._height = 0
        self._columns = sheet.columns
        self._cut_mark = sheet.phrases.cut
        self._size = sheet.font.size
        self._looks = tuple(Look(Role.BODY, column.kind, column.align) for column in sheet.columns)
        self._blank = (None,) * len(sheet.columns)
        self._most_lines = int((ROW_LIMIT - _ROW_PADDING) / (self._size * _LEADING))

    def rows_of(self, serial: int, line: Line) -> Iterator[Row]:
        """Return the rows of one case: one, or as many as its longest text needs."""
        self.cases += 1
        values = []
        lines = 1
        for column in self._columns:
            value = self._value(column, serial, line)
            values.append(value)
            if isinstance(value, str) and (len(value) * 2 > column.width or "\n" in value):  # else one line
                lines = max(lines, count_lines(value, column.width))
        count = 1
        if lines > self._most_lines:
            count = ceil(lines / (self._most_lines // _TALL_PARTS))
            self.tall.append((self._height, count))
        self._height += count
        lines = ceil(lines / count)
        inner = _height(lines, self._size, padding=0)  # whole lines, so that a page ends between two of them
        last = _height(lines, self._size)
        yield Row(inner if count > 1 else last, tuple(values), self._looks)
        for number in range(2, count + 1):
            yield Row(last if number == count else inner, self._blank, self._looks)

    def _value(self, column: Column, serial: int, line: Line) -> CellValue:
        if len(column.keys) > 1:
            texts = [shown(serial if key == SERIAL else line[key]) for key in column.keys]
            return self._fit("\n".join(filter(None, texts)))
        key = column.keys[0]
        value = serial if key == SERIAL else line[key]
        if isinstance(value, datetime) and column.kind is not Kind.TEXT:
            return value.replace(tzinfo=None)
        if isinstance(value, (int, Decimal)) and column.kind is not Kind.TEXT:
            return value
        return self._fit(shown(value)) or None

    def _fit(self, text: str) -> str:
        """Cut a text that no cell can hold, with a mark at its end."""
        if len(text) * 2 <= CELL_LIMIT or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= CELL_LIMIT:
            return text
        self.cut += 1
        room = (CELL_LIMIT - len(self._cut_mark)) * 2
        return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + self._cut_mark


def _tall_merges(body: _Body, body_start: int, columns: int) -> Iterator[Merge]:
    for start, count in body.tall:
        first = body_start + start + 1
        for column in range(1, columns + 1):
            yield Merge(first, column, first + count - 1, column)


class _Page:
    """Collects rows that run across the columns: the head and the tail of the sheet."""

    def __init__(self, sheet: Sheet, first_row: int) -> None:
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._first_row = first_row
        self._widths = [width_in_points(column, sheet) for column in sheet.columns]

    def put(self, height: float, parts: Sequence[tuple[str, Look]], shares: Sequence[float]) -> None:
        """Add a row of parts that share the sheet's width; a part without a column of its own is left out."""
        values: list[CellValue] = [None] * len(self._widths)
        looks = [_BARE] * len(self._widths)
        row, start = self._first_row + len(self.rows), 0
        for (text, look), end in zip(parts, self._ends(shares), strict=True):
            if end > start:
                values[start] = text or None
                looks[start:end] = [look] * (end - start)
                if end > start + 1:
                    self.merges.append(Merge(row, start + 1, row, end))
                start = end
        self.rows.append(Row(height, tuple(values), tuple(looks)))

    def _ends(self, shares: Sequence[float]) -> Iterator[int]:
        """Return after how many columns each part ends, as near to its share of the width as the columns allow."""
        edges = [sum(self._widths[:n]) for n in range(len(self._widths) + 1)]
        for number in range(1, len(shares) + 1):
            target = edges[-1] * sum(shares[:number]) / sum(shares)
            yield min(range(len(edges)), key=lambda n: abs(edges[n] - target))


def _put_head(page: _Page, sheet: Sheet, heading: Heading, cases: int) -> None:
    size = sheet.font.size
    words = {**heading.words, "count": cases}
    control = "　".join(f"{name}：{value}" for name, value in sheet.control)
    shop, made = Look(Role.SHOP), Look(Role.MADE, align=Align.RIGHT)
    page.put(_height(1, size + 1), [(heading.shop, shop), (control, Look(Role.CONTROL, align=Align.RIGHT))], [1, 1])
    page.put(_height(1, sheet.title_font.size), [(sheet.title, Look(Role.TITLE, align=Align.CENTER))], [1])
    parts = [(sheet.phrases.period.format(**words), Look(Role.PERIOD)), (sheet.phrases.made.format(**words), made)]
    page.put(_height(1, size), parts, [1, 1])
    lines = max(count_lines(column.label, column.width) for column in sheet.columns)
    look = Look(Role.HEAD, align=Align.CENTER)
    labels = tuple(column.label for column in sheet.columns)
    page.rows.append(Row(_height(lines, size), labels, (look,) * len(labels)))


def _put_tail(page: _Page, sheet: Sheet, body: _Body) -> None:
    size = sheet.font.size
    if not body.cases:
        page.put(_height(2, size), [(sheet.phrases.empty, Look(Role.EMPTY, align=Align.CENTER))], [1])
    if sheet.sign_off:
        places = "　　　".join(f"{name}：{_SIGN_HERE}" for name in sheet.sign_off)
        page.put(_height(3, size), [(places, Look(Role.SIGN_OFF, align=Align.CENTER))], [1])
    notes = [sheet.foot, sheet.phrases.cut_note.format(cut=body.cut) if body.cut else ""]
    for note in filter(None, notes):
        page.put(_height(1, size), [(note, Look(Role.FOOT))], [1])
