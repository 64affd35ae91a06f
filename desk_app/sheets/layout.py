"""Lays out a sheet: from its description and its lines (of cases, of a handover) to a grid of cells.

Row heights are computed, because a spreadsheet that finds none in the file prints the lines of a wrapped text over each
other. A spreadsheet's row ends at 409.5 points: a case that needs more takes several rows, merged column by column.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from desk_app.domain.figures import PART_KEY
from desk_app.sheets.fit import count_lines
from desk_app.sheets.grid import Area, CellValue, Chart, Grid, Look, Merge, Role, Row, Series
from desk_app.sheets.heading import shown
from desk_app.sheets.paper import Paged, column_width, fitted, height_of, most_lines, put_head, put_tail
from desk_app.sheets.sheet import SERIAL, Align, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desk_app.domain.wording import Line
    from desk_app.sheets.heading import Heading

_CHART_ROWS, _CHART_ROW, _CHART_GAP = 14, 15.0, 6.0  # points
_MOST_ITEMS = 12
"""As many of a part's items, the most frequent, as a chart can show with their names."""
_TALL_PARTS = 2  # a tall case has rows half as high as can be: paper breaks between rows only, and fills better


def lay_out(sheet: Sheet, lines: Iterable[Line], heading: Heading) -> Grid:
    """Return the grid of a sheet with these lines, in the order given.

    Each line holds at least ``sheet.keys``. A line's values stand in its first row only, so that reading
    the sheet back finds each number once.
    """
    body = _Body(sheet)
    charted = _Charted(sheet)
    rows: list[Row] = []
    for serial, line in enumerate(lines, 1):
        charted.note(len(rows), line)
        rows += body.rows_of(serial, line)
    widths = tuple(column_width(column.width, sheet) for column in sheet.columns)
    head = Paged(widths)
    put_head(head, sheet, heading, body.cases)
    _put_labels(head, sheet)
    body_start = len(head.rows)
    tail = Paged(widths, first_row=body_start + len(rows) + 1)
    if not body.cases:
        nothing = (sheet.phrases.empty, Look(Role.EMPTY, align=Align.CENTER))
        tail.put_across(height_of(2, sheet.font.size), [nothing], [1])
    charts = charted.put(tail, body_start)
    put_tail(tail, sheet, heading, body.cut)
    return Grid(
        title=sheet.title,
        page=sheet.page,
        font=sheet.font,
        title_font=sheet.title_font,
        widths=widths,
        rows=(*head.rows, *rows, *tail.rows),
        merges=(*head.merges, *_tall_merges(body, body_start, len(sheet.columns)), *tail.merges),
        head_rows=body_start,
        page_number=sheet.phrases.page_number,
        cut=body.cut,
        charts=charts,
        breaks=(body_start + len(rows),) if charts else (),  # no chart is cut by the end of a page
    )


class _Charted:
    """Remembers on which rows the parts of the figures stand, and puts the charts of them below, in pairs."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._rows: dict[str, list[int]] = {chart.part: [] for chart in sheet.charts}
        self._columns = {key: number for number, each in enumerate(sheet.columns, 1) for key in each.keys}
        self._labels = {key: each.label for each in sheet.columns for key in each.keys}

    def note(self, row: int, line: Line) -> None:
        """Remember the row (of the body, from 0) of a line that a chart asks for."""
        if self._rows and (part := str(line.get(PART_KEY))) in self._rows:
            self._rows[part].append(row)

    def put(self, tail: Paged, body_start: int) -> tuple[Chart, ...]:
        """Add the rows that the charts stand on; return those that have anything to show."""
        drawn = [chart for chart in self._sheet.charts if self._rows[chart.part]]
        charts, row = [], 0
        for number, chart in enumerate(drawn):
            if number % 2 == 0:
                row = tail.put_room(_CHART_ROWS)
            found = self._rows[chart.part][:_MOST_ITEMS]
            first, last = body_start + found[0] + 1, body_start + found[-1] + 1
            column, width = tail.half(number % 2)
            series = tuple(Series(self._labels[key], self._area(key, first, last)) for key in chart.values)
            height = _CHART_ROWS * _CHART_ROW - _CHART_GAP
            place = (row, column, width - _CHART_GAP, height)
            charts.append(Chart(chart.kind, chart.title, self._area("item", first, last), series, *place))
        return tuple(charts)

    def _area(self, key: str, first: int, last: int) -> Area:
        return Area(first, self._columns[key], last, self._columns[key])


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
        self._most_lines = most_lines(self._size)

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
        inner = height_of(lines, self._size, padding=0)  # whole lines, so that a page ends between two of them
        last = height_of(lines, self._size)
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
        kept = fitted(text, self._cut_mark)
        self.cut += kept != text
        return kept


def _tall_merges(body: _Body, body_start: int, columns: int) -> Iterator[Merge]:
    for start, count in body.tall:
        first = body_start + start + 1
        for column in range(1, columns + 1):
            yield Merge(first, column, first + count - 1, column)


def _put_labels(page: Paged, sheet: Sheet) -> None:
    lines = max(count_lines(column.label, column.width) for column in sheet.columns)
    look = Look(Role.HEAD, align=Align.CENTER)
    labels = tuple(column.label for column in sheet.columns)
    page.rows.append(Row(height_of(lines, sheet.font.size), labels, (look,) * len(labels)))
