"""Draws the pages of a grid: the one painter for the preview, the printer and PDF.

Looks, borders, shading and number formats are those of the workbook (desk_app/sheets/workbook.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import datetime
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desk_app.domain.text import strip_unstorable
from desk_app.services.paper import (
    BOLD,
    FRAMED,
    PROOF_SIZE,
    SHADED,
    Align,
    CellValue,
    Edge,
    Grid,
    Kind,
    Look,
    Merge,
    Role,
    shown,
    width_of,
)
from ui.printing.charts import ChartPainter
from ui.printing.lettering import GRAIN, Letters, Place, SetText
from ui.printing.pages import PageLayout, margins_of, pages, paper_size, parts, row_edges, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.services.paper import Page

_BESIDE = 2.5  # points between a cell's border and its text
_ABOVE = 2.0
_LINE, _THICK = 0.5, 1.5
_FOOTER = 0.2 * 72  # from the paper's lower edge
_FOOTER_SIZE_ROOM = 2
_INK, _LINE_INK, _SHADE = QColor("#000000"), QColor("#808080"), QColor("#f2f2f2")


class _Cell(NamedTuple):
    """A cell, or several merged ones, with its place on the whole grid in points."""

    value: CellValue
    look: Look
    left: float
    right: float
    top: float
    bottom: float


_READING_ORDER = attrgetter("top", "left")  # in which a text is copied out of a PDF


class Numbered(Protocol):
    """A page."""

    @property
    def number(self) -> int:
        """Which one it is, counted from 1."""


class PagePainter(Protocol):
    """Pages of one paper, however they are drawn."""

    @property
    def title(self) -> str:
        """What they are called."""

    @property
    def page(self) -> Page:
        """The paper."""

    @property
    def pages(self) -> Sequence[Numbered]:
        """The pages, at least one."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in points."""

    def paint(self, painter: QPainter, number: int) -> None:
        """Draw one page (counted from 1) where a unit is a point and the paper's upper left corner is at 0, 0."""


def painter_of(drawn: Grid | PagePainter) -> PagePainter:
    """Return what draws a grid; what draws itself stays."""
    return SheetPainter(drawn) if isinstance(drawn, Grid) else drawn


class SheetPainter:
    """The pages of one grid. Belongs to the thread that made it."""

    def __init__(self, grid: Grid) -> None:
        """Divide the grid into pages; nothing is set or drawn yet."""
        self.grid = grid
        self.title, self.page = grid.title, grid.page
        self.pages = pages(grid)
        self.size = paper_size(grid.page)
        """Width and height of the paper in points."""
        self._scale = scale_of(grid)
        self._rows = row_edges(grid)
        self._columns = list(accumulate(grid.widths, initial=0.0))
        self._merges: dict[int, list[Merge]] = defaultdict(list)  # by their first row
        self._tall: list[Merge] = []
        self._is_thick = any(
            look.thick for looks in {id(row.looks): row.looks for row in grid.rows}.values() for look in looks
        )
        self._crossing: dict[_Cell, SetText] = {}  # what stands on several pages is set once
        for merge in grid.merges:
            self._merges[merge.first_row].append(merge)
            if merge.last_row > merge.first_row:
                self._tall.append(merge)

    def paint(self, painter: QPainter, number: int) -> None:
        """Draw one page (counted from 1) where a unit is a point and the paper's upper left corner is at 0, 0."""
        page = self.pages[number - 1]
        margins = margins_of(self.grid.page)
        usable = self.size[0] - margins.left - margins.right
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self._footer(painter, page)
        painter.translate(margins.left + (usable - self._columns[-1] * self._scale) / 2, margins.top)
        painter.scale(self._scale / GRAIN, self._scale / GRAIN)
        if page.head:
            self._stretch(painter, PageLayout(page.number, 0.0, page.head))
            painter.translate(0, page.head * GRAIN)
        self._stretch(painter, page)
        painter.restore()

    def _stretch(self, painter: QPainter, page: PageLayout) -> None:
        """Draw what stands between two heights of the grid: grounds and lines first, for a text may lie over a line."""
        cells = sorted(self._cells(page.top, page.bottom), key=_READING_ORDER)
        shades, frames = [], []
        for cell in cells:
            top, bottom = max(cell.top, page.top) - page.top, min(cell.bottom, page.bottom) - page.top
            area = QRectF(cell.left * GRAIN, top * GRAIN, (cell.right - cell.left) * GRAIN, (bottom - top) * GRAIN)
            if cell.look.role in SHADED:
                shades.append(area)
            if cell.look.role in FRAMED:
                frames.append(area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRects(shades)
        painter.setPen(QPen(_LINE_INK, _LINE * GRAIN))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects(frames)
        painter.setPen(QPen(_INK, _THICK * GRAIN))
        painter.drawLines(list(self._thick_lines(page)) if self._is_thick else [])
        painter.setPen(_INK)
        for cell in cells:
            if cell.value is not None:
                self._write(painter, cell, page)
        for chart in self.grid.charts:
            left, top = self._columns[chart.column - 1], self._rows[chart.row - 1]
            if top < page.bottom and top + chart.height > page.top:
                size = QSizeF(chart.width * GRAIN, chart.height * GRAIN)
                area = QRectF(QPointF(left * GRAIN, (top - page.top) * GRAIN), size)
                ChartPainter(painter, self.grid, chart, area).draw()

    def _thick_lines(self, page: PageLayout) -> Iterator[QLineF]:
        """Return the outer edges of forms between two heights of the grid; where a page ends there is none."""
        for row in range(bisect_right(self._rows, page.top), bisect_left(self._rows, page.bottom) + 1):
            above, below = self._rows[row - 1], self._rows[row]
            top, bottom = max(above, page.top) - page.top, min(below, page.bottom) - page.top
            for column, look in enumerate(self.grid.rows[row - 1].looks):
                left, right = self._columns[column], self._columns[column + 1]
                for edge, is_here, ends in (
                    (Edge.TOP, above >= page.top, (left, top, right, top)),
                    (Edge.RIGHT, True, (right, top, right, bottom)),
                    (Edge.BOTTOM, below <= page.bottom, (left, bottom, right, bottom)),
                    (Edge.LEFT, True, (left, top, left, bottom)),
                ):
                    if edge in look.thick and is_here:
                        yield QLineF(*(place * GRAIN for place in ends))

    def _cells(self, top: float, bottom: float) -> Iterator[_Cell]:
        """Return what is seen between two heights of the grid, each merged area once."""
        first, last = bisect_right(self._rows, top), bisect_left(self._rows, bottom)  # rows counted from 1
        merges = [m for m in self._tall if m.first_row < first <= m.last_row]
        merges += [m for row in range(first, last + 1) for m in self._merges.get(row, ())]
        covered: set[tuple[int, int]] = set()
        for merge in merges:
            yield self._cell(merge)
            rows = range(max(merge.first_row, first), min(merge.last_row, last) + 1)
            covered.update((row, column) for row in rows for column in range(merge.first_column, merge.last_column + 1))
        for row in range(first, last + 1):
            for column in range(1, len(self.grid.widths) + 1):
                if (row, column) not in covered:
                    yield self._cell(Merge(row, column, row, column))

    def _cell(self, area: Merge) -> _Cell:
        row, column = self.grid.rows[area.first_row - 1], area.first_column - 1
        return _Cell(
            row.values[column],
            row.looks[column],
            self._columns[column],
            self._columns[area.last_column],
            self._rows[area.first_row - 1],
            self._rows[area.last_row],
        )

    def _write(self, painter: QPainter, cell: _Cell, page: PageLayout) -> None:
        if page.top <= cell.top and cell.bottom <= page.bottom:
            text = self._set(cell, [cell.bottom - cell.top])
            blank = max(0.0, (cell.bottom - cell.top) * GRAIN - text.height)
            above = min(_ABOVE * GRAIN, blank / 2) if cell.look.is_at_top else blank / 2
            text.draw(painter, 0, QPointF((cell.left + _BESIDE) * GRAIN, (cell.top - page.top) * GRAIN + above))
            return
        stretches = parts(self.pages, cell.top, cell.bottom)
        if cell not in self._crossing:
            self._crossing[cell] = self._set(cell, [part.bottom - part.top for part in stretches])
        part = next(place for place, each in enumerate(stretches) if each.number == page.number)
        at = QPointF((cell.left + _BESIDE) * GRAIN, (stretches[part].top - page.top) * GRAIN)
        self._crossing[cell].draw(painter, part, at)

    def _set(self, cell: _Cell, heights: list[float]) -> SetText:
        width = (cell.right - cell.left - 2 * _BESIDE) * GRAIN
        wraps = cell.look.kind is Kind.TEXT  # a line that nothing wraps in a spreadsheet would be cut here
        place = Place(width, tuple(height * GRAIN for height in heights), wraps, cell.look.align)
        return SetText(text_of(cell), self._letters(cell.look.role), place)

    def _letters(self, role: Role) -> Letters:
        if role is Role.TITLE:
            return Letters(self.grid.title_font.family, self.grid.title_font.size, bold=True)
        size = self.grid.font.size + (1 if role in (Role.SHOP, Role.SIGN_OFF) else 0)
        return Letters(self.grid.font.family, size, bold=role in BOLD)

    def _footer(self, painter: QPainter, page: PageLayout) -> None:
        """Write the page's number in the middle, and the proof on both sides in what room it leaves."""
        number = self.grid.page_number.format(page=page.number, pages=len(self.pages))
        left, right = self.grid.proof
        margins, size = margins_of(self.grid.page), round(self.grid.font.size)
        inner = self.size[0] - margins.left - margins.right
        beside = (inner - width_of(number) * size / 2) / 2 - _BESIDE
        for words, align, letters, width in (
            (number, Align.CENTER, size, inner),
            (left, Align.LEFT, PROOF_SIZE, beside),
            (right, Align.RIGHT, PROOF_SIZE, beside),
        ):
            if words:
                start = margins.left + (inner - width if align is Align.RIGHT else 0)
                self._at_foot(painter, words, Letters(self.grid.font.family, letters), (start, width), align)

    def _at_foot(self, painter: QPainter, words: str, letters: Letters, at: tuple[float, float], align: Align) -> None:
        """Write a line at the foot; ``at`` is where it begins and how wide it may be, in points."""
        height = letters.size * _FOOTER_SIZE_ROOM
        place = Place(at[1] * GRAIN, (height * GRAIN,), wraps=False, align=align)
        text = SetText(words, letters, place)
        painter.save()
        painter.setPen(_INK)
        painter.scale(1 / GRAIN, 1 / GRAIN)
        text.draw(painter, 0, QPointF(at[0] * GRAIN, (self.size[1] - _FOOTER) * GRAIN - text.height))
        painter.restore()


def text_of(cell: _Cell) -> str:
    """Return what a cell reads, formatted as the workbook formats it."""
    value, kind = cell.value, cell.look.kind
    if isinstance(value, str):
        return strip_unstorable(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if kind is Kind.DATE else shown(value)
    if value is not None and kind is Kind.AMOUNT:
        return f"{value:,.2f}"
    if value is not None and kind is Kind.NUMBER:
        return f"{value:.0f}"
    return shown(value)
