"""Counts of two things at once: a shade and a number in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt

from ui.widgets.charts.drawing import Drawing, Plot, Spot, Table
from ui.widgets.charts.look import CENTRE, RIGHT, folded, number, tr, widest, write

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.models.chart_data import Grid
    from ui.widgets.charts.look import Look

_ROW, _WANTED_ROW, _HIGHEST_ROW = 1.3, 1.7, 2.2  # lines of small text
_NAME_SHARE = 0.3  # of the width at most
_LEAST_NAME, _LEAST_HEAD, _WANTED_WIDTH = 5, 2.2, 40  # letters
_MOST_HEAD_LINES = 3
_ACROSS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End})


class HeatPlot(Plot):
    """The grid, and the most that a cell has."""

    def __init__(self, grid: Grid, unit: str) -> None:
        self.grid, self.unit = grid, unit
        cells = [(count, row, column) for row, counts in enumerate(grid.counts) for column, count in enumerate(counts)]
        self.filled = sorted((cell for cell in cells if cell[0]), key=lambda cell: -cell[0])
        self.most = self.filled[0][0] if self.filled else 0

    @property
    def is_empty(self) -> bool:
        """Whether there is no cell, or nothing but zeros."""
        return not self.most

    def laid_out(self, look: Look, area: QRectF) -> Drawing:
        """Return the cells, all of one size."""
        return _Heat(self, look, area)

    def table(self) -> Table:
        """Return the cells that have any, the most frequent first."""
        grid = self.grid
        titles = (grid.row_title, grid.column_title, self.unit)
        rows = [(grid.rows[row], grid.columns[column], number(count)) for count, row, column in self.filled]
        widths = [widest((title, *names)) for title, names in zip(titles, (grid.rows, grid.columns), strict=False)]
        keys = [grid.keys[row][column] for _, row, column in self.filled]
        return Table(titles, widths, rows, keys)

    def least(self, look: Look) -> QSizeF:
        """Return room for the number of each cell, and a little of each name."""
        width = _LEAST_NAME * look.letter + len(self.grid.columns) * self._cell(look)
        return QSizeF(width, self._height(look, _ROW))

    def wanted(self, look: Look) -> QSizeF:
        """Return room for calm rows."""
        return QSizeF(max(self.least(look).width(), _WANTED_WIDTH * look.letter), self._height(look, _WANTED_ROW))

    def _cell(self, look: Look) -> float:
        name = min(look.wide(self.grid.columns), _LEAST_HEAD * look.letter)
        return max(look.wide([number(self.most)]), name) + look.unit

    def _height(self, look: Look, row: float) -> float:
        return look.line * (_MOST_HEAD_LINES + row * len(self.grid.rows)) + look.unit


class _Heat(Drawing):
    """The cells in rows and columns, row by row."""

    def __init__(self, plot: HeatPlot, look: Look, area: QRectF) -> None:
        super().__init__(look)
        self._plot, self._grid, self._area = plot, plot.grid, area
        rows, columns = len(self._grid.rows), len(self._grid.columns)
        name = min(look.wide(self._grid.rows) + 2 * look.unit, area.width() * _NAME_SHARE)
        wide = (area.width() - name) / columns
        self._heads = [folded(look, text, wide - look.unit / 2) for text in self._grid.columns]
        head = max(1, *map(len, self._heads)) * look.line + look.unit
        high = min((area.height() - head) / rows, look.line * _HIGHEST_ROW)
        self._cells = QRectF(area.left() + name, area.top() + head, wide * columns, high * rows)
        places = {cell[1:]: place for place, cell in enumerate(plot.filled)}
        self.spots = [
            Spot(
                QRectF(self._cells.left() + column * wide, self._cells.top() + row * high, wide, high),
                self._grid.keys[row][column] if self._grid.counts[row][column] else "",
                places.get((row, column), 0),
            )
            for row in range(rows)
            for column in range(columns)
        ]

    def said(self, place: int) -> str:
        """Return row, column and count."""
        row, column = divmod(place, len(self._grid.columns))
        grid, count = self._grid, number(self._grid.counts[row][column])
        where = tr("{0}，{1} {2}").format(grid.rows[row], grid.column_title, grid.columns[column])
        return tr("{0}：{1} {2}").format(where, count, self._plot.unit)

    def step(self, place: int, key: Qt.Key) -> int:
        """Go to the neighbour in the row or the column; Home and End go along the row, the page keys the column."""
        columns, rows = len(self._grid.columns), len(self._grid.rows)
        row, column = divmod(place, columns)
        if key in _ACROSS:
            column = {Qt.Key.Key_Left: column - 1, Qt.Key.Key_Right: column + 1, Qt.Key.Key_Home: 0}.get(key, columns)
        else:
            row = {Qt.Key.Key_Up: row - 1, Qt.Key.Key_Down: row + 1, Qt.Key.Key_PageUp: 0}.get(key, rows)
        return min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)

    def paint(self, painter: QPainter) -> None:
        """Draw the names, and each cell with its shade and its number."""
        look, cells = self._look, self._cells
        columns = len(self._grid.columns)
        for column, lines in enumerate(self._heads):
            left, wide = self.spots[column].area.left(), self.spots[column].area.width()
            for up, text in enumerate(reversed(lines), 1):
                area = QRectF(left, cells.top() - look.unit / 2 - up * look.line, wide, look.line)
                write(painter, look, area, text, look.muted, CENTRE)
        for row, name in enumerate(self._grid.rows):
            area = self.spots[row * columns].area
            head = QRectF(self._area.left(), area.top(), cells.left() - self._area.left() - look.unit, area.height())
            write(painter, look, head, name, look.text, RIGHT)
        counts = (count for row in self._grid.counts for count in row)
        for spot, count in zip(self.spots, counts, strict=True):
            self._paint_cell(painter, spot.area, count)

    def _paint_cell(self, painter: QPainter, area: QRectF, count: int) -> None:
        look = self._look
        ground, ink = look.ground, look.muted
        if count:
            shades = look.shades
            ground, ink = shades[-(-count * len(shades) // self._plot.most) - 1]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRect(area.adjusted(look.hair / 2, look.hair / 2, -look.hair / 2, -look.hair / 2))
        write(painter, look, area, number(count), ink, CENTRE)
