"""Draws the charts of a grid, from the cells that they are made of; what they say needs no colour to be read."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from desk_app.services.paper import Align, Area, CellValue, Chart, ChartKind, Grid, shown
from ui.printing.lettering import GRAIN, Letters, Place, SetText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INK, _FRAME, _GRID_LINE = QColor("#000000"), QColor("#808080"), QColor("#d9d9d9")
_FILLS = [QColor(name) for name in ("#3a6ea5", "#b9cbe0", "#4d4d4d", "#d98c3f", "#8fb58f", "#e3d5b8")]
"""Each of another lightness than the one before, so that a grey print tells them apart."""
_TITLE_SIZE = 12.0
_SPACE = 6.0 * GRAIN
_STEPS = 5  # lines across the plot, about
_SHARE_OF_BARS = 0.7  # of the width that a category has
_MARK = 2.5 * GRAIN
_WHOLE_TURN = 360 * 16  # Qt counts sixteenths of a degree
_QUARTER_TURN = 90 * 16
_LEAST_SHARE = 0.03  # of a pie, whose percentage still has room


class _Numbers(NamedTuple):
    """What a chart shows: the names of its categories, and each series' name with as many numbers."""

    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]


class ChartPainter:
    """Draws one chart into an area whose unit is a grain."""

    def __init__(self, painter: QPainter, grid: Grid, chart: Chart, area: QRectF) -> None:
        """Read the numbers from the grid's cells."""
        self._painter, self._chart, self._area = painter, chart, area
        self._letters = Letters(grid.font.family, grid.font.size)
        self._line = grid.font.size * 1.5 * GRAIN
        cells = [tuple(_cells(grid, each.values)) for each in chart.series]
        names = tuple(shown(value) for value in _cells(grid, chart.categories))
        numbers = (tuple(float(v) if isinstance(v, (int, Decimal)) else 0.0 for v in values) for values in cells)
        self._numbers = _Numbers(
            names, tuple((s.name.replace("\n", ""), n) for s, n in zip(chart.series, numbers, strict=True))
        )

    def draw(self) -> None:
        """Draw frame, title, legend and numbers."""
        painter = self._painter
        painter.save()
        painter.setClipRect(self._area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_GRID_LINE, GRAIN / 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._area)
        room = self._area.adjusted(_SPACE, _SPACE, -_SPACE, -_SPACE)
        title = QRectF(room.left(), room.top(), room.width(), _TITLE_SIZE * 1.5 * GRAIN)
        self._write(self._chart.title, title, Align.CENTER, self._letters._replace(size=_TITLE_SIZE, bold=True))
        room.setTop(title.bottom() + _SPACE)
        if self._chart.kind is ChartKind.PIE:
            self._pie(room)
        else:
            self._bars_or_lines(room)
        painter.restore()

    # ------------------------------------------------------------------------------------------------ a pie

    def _pie(self, room: QRectF) -> None:
        values = self._numbers.series[0][1] if self._numbers.series else ()
        total = sum(values)
        legend = QRectF(room.center().x() + room.width() / 6, room.top(), room.width() / 3, room.height())
        self._legend(self._numbers.categories, legend, down=True)
        if total <= 0:
            return
        side = min(room.width() / 2, room.height()) - self._line
        pie = QRectF(0, 0, side, side)
        pie.moveCenter(QPointF(room.left() + room.width() / 3, room.center().y()))
        start = float(_QUARTER_TURN)
        for place, value in enumerate(values):
            turn = value / total * _WHOLE_TURN
            self._painter.setPen(QPen(QColor("#ffffff"), GRAIN / 2))
            self._painter.setBrush(_fill(place))
            self._painter.drawPie(pie, round(start - turn), round(turn))
            if value / total >= _LEAST_SHARE:
                self._at_the_rim(f"{value / total:.0%}", pie, (start - turn / 2) / 16)
            start -= turn

    def _at_the_rim(self, words: str, pie: QRectF, degrees: float) -> None:
        out = QLineF.fromPolar(pie.width() / 2 + self._line * 0.8, degrees)
        box = QRectF(0, 0, self._line * 3, self._line)
        box.moveCenter(pie.center() + out.p2())
        self._write(words, box, Align.CENTER)

    # ------------------------------------------------------------------------------------- bars and lines

    def _bars_or_lines(self, room: QRectF) -> None:
        if len(self._numbers.series) > 1:
            names = [name for name, _ in self._numbers.series]
            self._legend(names, QRectF(room.left(), room.bottom() - self._line, room.width(), self._line))
            room.setBottom(room.bottom() - self._line - _SPACE)
        values = [value for _, numbers in self._numbers.series for value in numbers]
        steps = _steps(min([0.0, *values]), max([0.0, *values]))
        axis = max(len(_number(step)) for step in steps) * self._line / 2
        plot = room.adjusted(axis + _SPACE, self._line, 0, -2 * self._line)
        for step in steps:
            y = _height(step, steps, plot)
            self._painter.setPen(QPen(_FRAME if step == 0 else _GRID_LINE, GRAIN / 2))
            self._painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            box = QRectF(room.left(), y - self._line / 2, axis, self._line)
            self._write(_number(step), box, Align.RIGHT)
        slot = plot.width() / max(1, len(self._numbers.categories))
        for place, name in enumerate(self._numbers.categories):
            box = QRectF(plot.left() + place * slot, plot.bottom() + _SPACE / 2, slot, 2 * self._line)
            self._write(name, box, Align.CENTER, top=True)
        for place, (_, numbers) in enumerate(self._numbers.series):
            if self._chart.kind is ChartKind.BAR:
                self._bars(place, numbers, steps, plot, slot)
            else:
                self._lines(place, numbers, steps, plot, slot)

    def _bars(self, series: int, numbers: Sequence[float], steps: Sequence[float], plot: QRectF, slot: float) -> None:
        width = slot * _SHARE_OF_BARS / len(self._numbers.series)
        base = _height(0.0, steps, plot)
        for place, number in enumerate(numbers):
            left = plot.left() + slot * (place + (1 - _SHARE_OF_BARS) / 2) + series * width
            top = _height(number, steps, plot)
            self._painter.setPen(QPen(_FRAME, GRAIN / 4))
            self._painter.setBrush(_fill(series))
            self._painter.drawRect(QRectF(left, min(top, base), width, abs(base - top)))
            box = QRectF(left - width / 2, min(top, base) - self._line, width * 2, self._line)
            self._write(_number(number), box, Align.CENTER)

    def _lines(self, series: int, numbers: Sequence[float], steps: Sequence[float], plot: QRectF, slot: float) -> None:
        points = [
            QPointF(plot.left() + (place + 0.5) * slot, _height(number, steps, plot))
            for place, number in enumerate(numbers)
        ]
        self._painter.setPen(QPen(_fill(series).color(), 1.5 * GRAIN))
        for one, other in pairwise(points):
            self._painter.drawLine(one, other)
        self._painter.setBrush(_fill(series))
        for point in points:
            if series % 2:
                self._painter.drawRect(QRectF(point.x() - _MARK, point.y() - _MARK, 2 * _MARK, 2 * _MARK))
            else:
                self._painter.drawEllipse(point, _MARK, _MARK)

    # ---------------------------------------------------------------------------------------------- words

    def _legend(self, names: Sequence[str], room: QRectF, *, down: bool = False) -> None:
        """Write which fill is what, beside each other or below."""
        each = QRectF(room.topLeft(), room.size())
        if down:
            each.setHeight(min(self._line, room.height() / max(1, len(names))))
            each.moveTop(room.center().y() - each.height() * len(names) / 2)
        else:
            each.setWidth(room.width() / max(1, len(names)))
        for place, name in enumerate(names):
            box = QRectF(each.left(), each.center().y() - self._line / 5, self._line * 0.6, self._line * 0.4)
            self._painter.setPen(QPen(_FRAME, GRAIN / 4))
            self._painter.setBrush(_fill(place))
            self._painter.drawRect(box)
            self._write(name, each.adjusted(self._line, 0, 0, 0), Align.LEFT)
            each.translate(0 if down else each.width(), each.height() if down else 0)

    def _write(
        self, words: str, box: QRectF, align: Align, letters: Letters | None = None, *, top: bool = False
    ) -> None:
        if not words:
            return
        place = Place(box.width(), (box.height(),), wraps=True, align=align)
        text = SetText(words, letters or self._letters, place)
        self._painter.setPen(_INK)
        down = 0.0 if top else (box.height() - text.height) / 2
        text.draw(self._painter, 0, QPointF(box.left(), box.top() + down))


def _cells(grid: Grid, area: Area) -> Iterator[CellValue]:
    """Return the values of an area, row by row."""
    for row in grid.rows[area.first_row - 1 : area.last_row]:
        yield from row.values[area.first_column - 1 : area.last_column]


def _fill(place: int) -> QBrush:
    """Return the fill of a series or of a slice; when they begin again, they are hatched."""
    around, which = divmod(place, len(_FILLS))
    return QBrush(_FILLS[which], Qt.BrushStyle.SolidPattern if not around else Qt.BrushStyle.BDiagPattern)


def _steps(low: float, high: float) -> list[float]:
    """Return round numbers from below the lowest to above the highest."""
    span = (high - low) or 1.0
    rough = span / _STEPS
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= rough)
    step = max(step, 1.0) if float(high).is_integer() and float(low).is_integer() else step
    return [step * n for n in range(floor(low / step), max(ceil(high / step), 1) + 1)]


def _height(number: float, steps: Sequence[float], plot: QRectF) -> float:
    share = (number - steps[0]) / (steps[-1] - steps[0])
    return plot.bottom() - share * plot.height()


def _number(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")
