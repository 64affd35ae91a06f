"""A count over time, beside the same count of other periods: told apart by strokes and by the shapes of the points."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPen, QPolygonF

from ui.widgets.charts.drawing import PAGE, Drawing, Plot, Spot, Table
from ui.widgets.charts.look import CENTRE, LEFT, RIGHT, number, tr, widest, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPainter

    from ui.models.chart_data import Course
    from ui.widgets.charts.look import Look

_STROKES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_MOST_STEPS = 5
_LINES_OF_A_STEP = 1.6
_LEAST_PLOT, _WANTED_PLOT = 5, 9  # lines of small text
_LEAST_WIDTH, _WANTED_WIDTH = 16, 44  # letters
_DOT = 0.26  # of a letter
_LEAST_BETWEEN_DOTS = 5  # times the size of a dot
_TIP = 1.3  # times the size of a dot: how far a triangle reaches, its stroke too
_SHORTEST_PIECE = 0.7  # letters
_SAMPLE = 2.6  # letters: the piece of line before a name
_LONGEST_PLACE = 0.25  # of the axis
_LONGEST_NAME = 8  # letters


class CoursePlot(Plot):
    """Lines over the same places."""

    def __init__(self, course: Course, unit: str) -> None:
        self.course, self.unit = course, unit
        self.most = max((mark.value for line in course.lines for mark in line.marks), default=0)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point, or nothing but zeros."""
        return not self.most

    def laid_out(self, look: Look, area: QRectF) -> Drawing:
        """Return the lines over an axis that begins at 0."""
        return _Trend(self, look, area)

    def table(self) -> Table:
        """Return a row for each place of the axis, with the number of each line; it opens that of the first."""
        course = self.course
        texts = [[number(mark.value) for mark in line.marks] for line in course.lines]
        rows, keys = [], []
        for place, name in enumerate(course.places):
            rows.append([name, *(column[place] if place < len(column) else "—" for column in texts)])
            keys.append(next((line.marks[place].key for line in course.lines if place < len(line.marks)), ""))
        titles = [tr("时间"), *(line.name for line in course.lines)]
        widths = [widest(column) for column in zip(titles, *rows, strict=True)]
        return Table(titles, widths[:-1], rows, keys)

    def least(self, look: Look) -> QSizeF:
        """Return room for the axes, and the lines between them."""
        width = look.wide([number(2 * self.most)]) + _LEAST_WIDTH * look.letter
        return QSizeF(width, look.line * (_LEAST_PLOT + len(self.course.lines)))

    def wanted(self, look: Look) -> QSizeF:
        """Return room for a month of days."""
        least = self.least(look)
        height = look.line * (_WANTED_PLOT + len(self.course.lines))
        return QSizeF(max(least.width(), _WANTED_WIDTH * look.letter), height)


class _Trend(Drawing):
    """The lines; below them their numbers where each has room, else only their names."""

    def __init__(self, plot: CoursePlot, look: Look, area: QRectF) -> None:
        super().__init__(look)
        self._plot, self._lines, self._places = plot, plot.course.lines, plot.course.places
        self._area = area
        below = (len(self._lines) + 1) * look.line  # the places, and a row of numbers for each line
        steps = int((area.height() - below - look.line) / (look.line * _LINES_OF_A_STEP))
        self._steps = scale_to(plot.most, min(_MOST_STEPS, steps))
        self._axis = look.wide([number(step) for step in self._steps]) + look.unit
        names = (_SAMPLE * look.letter + look.wide([line.name for line in self._lines])) + 2 * look.unit
        names = max(self._axis, min(names, (_SAMPLE + _LONGEST_NAME) * look.letter))
        wide = look.wide([number(mark.value) for line in self._lines for mark in line.marks])
        self._has_numbers = (area.width() - names) / len(self._places) >= wide + look.unit / 2
        left = names if self._has_numbers else self._axis
        if not self._has_numbers:
            below = (1 + (len(self._lines) > 1)) * look.line
        box = area.adjusted(left, look.line + _DOT * look.letter, -_TIP * _DOT * look.letter, -below - look.unit)
        slot = box.width() / len(self._places)
        self._box, self._slot = box, slot
        self._is_dense = slot < _SHORTEST_PIECE * look.letter  # a dash would be longer than a piece of the line
        self._points = [
            [QPointF(box.left() + (at + 0.5) * slot, self._height(mark.value)) for at, mark in enumerate(line.marks)]
            for line in self._lines
        ]
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line.marks))
        half = 2.5 * _DOT * look.letter
        self.spots = [
            Spot(QRectF(point.x() - half, point.y() - half, 2 * half, 2 * half), mark.key, at)
            for line, points in zip(self._lines, self._points, strict=True)
            for at, (mark, point) in enumerate(zip(line.marks, points, strict=True))
        ]

    def said(self, place: int) -> str:
        """Return the line, the place and the count; and what the other lines have there."""
        line, at = self._whose(place)
        mark = self._lines[line].marks[at]
        said = (
            tr("{0}　{1}：{2} {3}")
            .format(self._lines[line].name, mark.label, number(mark.value), self._plot.unit)
            .lstrip("　")
        )
        others = (
            f"{other.name} {number(other.marks[at].value)}"
            for number_of, other in enumerate(self._lines)
            if number_of != line and at < len(other.marks)
        )
        return "，".join((said, *others))

    def step(self, place: int, key: Qt.Key) -> int:
        """Go along the line, or to the line above or below at the same place."""
        line, at = self._whose(place)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            filled = [each for each, points in enumerate(self._points) if points]
            line = filled[(filled.index(line) + (1 if key == Qt.Key.Key_Down else -1)) % len(filled)]
        else:
            last = len(self._points[line])
            page = PAGE if key == Qt.Key.Key_PageDown else -PAGE
            at = {Qt.Key.Key_Left: at - 1, Qt.Key.Key_Right: at + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(
                key, at + page
            )
        return self._starts[line] + min(max(at, 0), len(self._points[line]) - 1)

    def place_at(self, point: QPointF) -> int | None:
        """Return the nearest point at that time."""
        if not self._box.adjusted(0, -self._look.line, 0, self._area.bottom() - self._box.bottom()).contains(point):
            return None
        at = int((point.x() - self._box.left()) / self._slot)
        near = [(abs(points[at].y() - point.y()), line) for line, points in enumerate(self._points) if at < len(points)]
        return self._starts[min(near)[1]] + at if near else None

    def paint(self, painter: QPainter) -> None:
        """Draw the axes, the other periods, and the present one over them."""
        self._paint_axes(painter)
        for line in reversed(range(len(self._lines))):
            self._paint_line(painter, line)
        if self._has_numbers:
            self._paint_numbers(painter)
        else:
            self._paint_names(painter)
            self._paint_peak(painter)

    def paint_ring(self, painter: QPainter, place: int) -> None:
        """Draw a line down to the time, and the ring."""
        look, at = self._look, self.spots[place].area.center()
        painter.setPen(look.pen(look.muted))
        painter.drawLine(QLineF(at.x(), self._box.top(), at.x(), self._box.bottom()))
        super().paint_ring(painter, place)

    def _whose(self, place: int) -> tuple[int, int]:
        line = max(each for each, start in enumerate(self._starts[:-1]) if start <= place and self._points[each])
        return line, place - self._starts[line]

    def _height(self, value: int) -> float:
        return self._box.bottom() - self._box.height() * value / self._steps[-1]

    def _ink(self, line: int) -> QColor:
        return self._look.weak if line else self._look.strong

    def _stroke(self, line: int) -> QPen:
        """Return the pen of a line.

        Dashes that go on from piece to piece are as thin as can be on the screen: Qt draws them a hundred times faster.
        """
        look = self._look
        pen = look.pen(self._ink(line), 1.5 if line else 2.0, _STROKES[line % len(_STROKES)])
        if line and self._is_dense and not look.is_paper:
            pen.setWidth(0)
        return pen

    def _paint_axes(self, painter: QPainter) -> None:
        look, box = self._look, self._box
        for step in self._steps:
            y = self._height(step)
            painter.setPen(look.pen(look.muted if step == 0 else look.rule))
            painter.drawLine(QLineF(box.left(), y, box.right(), y))
            area = QRectF(box.left() - self._axis, y - look.line / 2, self._axis - look.unit, look.line)
            write(painter, look, area, number(step), look.muted, RIGHT)
        longest = box.width() * _LONGEST_PLACE
        widths = [min(look.of_small.horizontalAdvance(name) + 1, longest) for name in self._places]
        for at, left in thinned(widths, self._slot, 2 * look.unit):
            area = QRectF(box.left() + left, box.bottom() + look.unit / 2, widths[at], look.line)
            write(painter, look, area, self._places[at], look.muted, CENTRE)

    def _paint_line(self, painter: QPainter, line: int) -> None:
        look, points = self._look, self._points[line]
        painter.setPen(self._stroke(line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if line == 0 or not self._is_dense:  # piece by piece: to join the thick pieces of a year takes Qt 50 ms
            painter.drawLines([QLineF(one, other) for one, other in pairwise(points)])
        else:
            painter.drawPolyline(QPolygonF(points))
        between = max(1, round(_LEAST_BETWEEN_DOTS * _DOT * look.letter / self._slot))
        for point in points[::between]:
            self._paint_dot(painter, line, point)

    def _paint_dot(self, painter: QPainter, line: int, at: QPointF) -> None:
        look, size = self._look, _DOT * self._look.letter
        painter.setPen(look.pen(self._ink(line), 1.5))
        painter.setBrush(look.ground if line else self._ink(line))
        if line == 0:
            painter.drawEllipse(at, size, size)
        elif line == 1:
            painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
        else:
            corners = ((0.0, -_TIP), (_TIP, 1.0), (-_TIP, 1.0))
            painter.drawPolygon(QPolygonF([at + QPointF(x * size, y * size) for x, y in corners]))

    def _paint_numbers(self, painter: QPainter) -> None:
        look, box = self._look, self._box
        for line, each in enumerate(self._lines):
            top = box.bottom() + look.unit / 2 + (line + 1) * look.line
            self._paint_name(painter, line, QRectF(self._area.left(), top, box.left() - self._area.left(), look.line))
            for mark, point in zip(each.marks, self._points[line], strict=True):
                area = QRectF(point.x() - self._slot / 2, top, self._slot, look.line)
                write(painter, look, area, number(mark.value), look.muted if line else look.text, CENTRE)

    def _paint_names(self, painter: QPainter) -> None:
        if len(self._lines) < 2:  # noqa: PLR2004  # one line needs no name
            return
        look, top = self._look, self._area.bottom() - self._look.line
        room = self._area.width() / len(self._lines) - look.unit
        left = self._area.left()
        for line, each in enumerate(self._lines):
            wide = min(room, _SAMPLE * look.letter + look.wide([each.name]) + 2 * look.unit)
            self._paint_name(painter, line, QRectF(left, top, wide, look.line))
            left += wide + look.unit

    def _paint_name(self, painter: QPainter, line: int, area: QRectF) -> None:
        look, sample, y = self._look, _SAMPLE * self._look.letter, area.center().y()
        if area.width() > sample:
            painter.setPen(self._stroke(line))
            painter.drawLine(QLineF(area.left(), y, area.left() + sample - look.unit, y))
            self._paint_dot(painter, line, QPointF(area.left() + (sample - look.unit) / 2, y))
            write(painter, look, area.adjusted(sample, 0, 0, 0), self._lines[line].name, look.text, LEFT)

    def _paint_peak(self, painter: QPainter) -> None:
        """Write the greatest number of the present period above its point."""
        look, marks = self._look, self._lines[0].marks
        if not marks:
            return
        at = max(range(len(marks)), key=lambda each: marks[each].value)
        point, wide = self._points[0][at], look.wide([number(marks[at].value)])
        left = min(max(point.x() - wide / 2, self._box.left()), self._box.right() - wide)
        area = QRectF(left, point.y() - look.line - _DOT * look.letter, wide, look.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.ground)
        painter.drawRect(area)
        write(painter, look, area, number(marks[at].value), look.text, CENTRE)


def scale_to(most: int, steps: int) -> list[int]:
    """Return the numbers of an axis from 0 to at least ``most``, at most so many steps (at least one), all round."""
    size, tens = 1, 1
    while size * max(1, steps) < most:
        size = next((tens * of for of in (1, 2, 5) if tens * of > size), tens * 10)
        tens = tens * 10 if size == tens * 10 else tens
    return [size * step for step in range(max(1, -(-most // size)) + 1)]


def thinned(widths: Sequence[float], slot: float, gap: float) -> list[tuple[int, float]]:
    """Return which labels of an axis are written, and where each begins: evenly, none over another, none outside.

    Each label belongs to the middle of its slot; the first and the last are moved inward where they would stand out.
    """
    whole = slot * len(widths)
    lefts = [min(max((at + 0.5) * slot - wide / 2, 0), max(whole - wide, 0)) for at, wide in enumerate(widths)]
    for every in range(1, len(widths) + 1):
        chosen = range(0, len(widths), every)
        if all(lefts[one] + widths[one] + gap <= lefts[other] for one, other in pairwise(chosen)):
            return [(at, lefts[at]) for at in chosen]
    return []
