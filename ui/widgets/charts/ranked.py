"""Bars from left to right, one below the other: names and numbers in columns, so that nothing is ever overwritten."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPolygonF

from desk_app.domain.figures import share
from ui.models.chart_data import Mark
from ui.widgets.charts.drawing import Drawing, Plot, Spot, Table
from ui.widgets.charts.look import CENTRE, LEFT, RIGHT, number, tr, widest, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from ui.models.chart_data import Items
    from ui.widgets.charts.look import Look

_ROW = 1.6  # lines of small text
_BAR = 0.62  # of a row
_BEFORE = 0.22  # of a row: the hollow bar below
_NAME_SHARE = 0.4  # of the width at most
_LEAST_NAME, _LEAST_PLOT, _WANTED_WIDTH = 9, 6, 34  # letters
_LEAST_ROWS, _WANTED_ROWS = 4, 12
_GUIDE = 0.8  # the share that Pareto's rule speaks of
_DOT = 0.22  # of a letter


class _Column(NamedTuple):
    """A column of numbers: its title, and a text for each row."""

    title: str
    texts: Sequence[str]


class RankedPlot(Plot):
    """Bars; with ``summed`` the most frequent first and, as Pareto draws it, their cumulative share as a line."""

    def __init__(self, items: Items, unit: str, *, summed: bool = False) -> None:
        marks = sorted(items.marks, key=lambda mark: -mark.value) if summed else items.marks
        self.marks, self.before, self.unit, self.summed = tuple(marks), items.before, unit, summed
        self.whole = sum(mark.value for mark in marks)

    @property
    def is_empty(self) -> bool:
        """Whether all counts are 0, those before too."""
        return not any(mark.value or mark.before for mark in self.marks)

    def laid_out(self, look: Look, area: QRectF) -> Drawing:
        """Return as many bars as there is room for; those that are left over are gathered in the last."""
        return _Ranked(self, look, area)

    def table(self) -> Table:
        """Return a row for each item, none gathered."""
        columns = self.columns(self.marks)
        columns = [_Column(tr("名称"), [mark.label for mark in self.marks]), *self.columns(self.marks)]
        return Table(
            [column.title for column in columns],
            [widest((column.title, *column.texts)) for column in columns[:-1]],
            list(zip(*(column.texts for column in columns), strict=True)),
            [mark.key for mark in self.marks],
        )

    def least(self, look: Look) -> QSizeF:
        """Return room for a few bars, and a little of each name."""
        width = self._numbers(look) + (_LEAST_NAME + _LEAST_PLOT) * look.letter
        return QSizeF(width, self._height(look, min(len(self.marks), _LEAST_ROWS)))

    def wanted(self, look: Look) -> QSizeF:
        """Return room for a dozen bars."""
        least = self.least(look)
        width = max(least.width(), _WANTED_WIDTH * look.letter)
        return QSizeF(width, self._height(look, min(len(self.marks), _WANTED_ROWS)))

    def columns(self, marks: Sequence[Mark]) -> list[_Column]:
        """Return the numbers of these marks: counts, and what else is known of them."""
        made = [_Column(self.unit, [number(mark.value) for mark in marks])]
        if any(mark.share for mark in marks):
            made.append(_Column(tr("占比"), [mark.share for mark in marks]))
        if self.before:
            texts = ["—" if mark.before is None else number(mark.before) for mark in marks]
            made.append(_Column(self.before, texts))
        if self.summed:
            made.append(_Column(tr("累计"), [share(count, self.whole) for count in self.sums(marks)]))
        return made

    def sums(self, marks: Sequence[Mark]) -> list[int]:
        """Return the counts up to each mark, itself too."""
        return list(accumulate(mark.value for mark in marks))

    def gathered(self, room: int) -> tuple[Mark, ...]:
        """Return at most so many marks (at least one), the last of which stands for all that have no room."""
        if len(self.marks) <= room:
            return self.marks
        shown, rest = self.marks[: max(0, room - 1)], self.marks[max(0, room - 1) :]
        befores = [mark.before for mark in rest]
        before = None if None in befores else sum(value or 0 for value in befores)
        value = sum(mark.value for mark in rest)
        part = share(value, self.whole) if self.summed and any(mark.share for mark in rest) else ""
        return (*shown, Mark(tr("其余 {0} 项").format(len(rest)), value, share=part, before=before))

    def _numbers(self, look: Look) -> float:
        columns = self.columns(self.marks)
        return sum(look.wide((column.title, *column.texts)) + 2 * look.unit for column in columns)

    def _height(self, look: Look, rows: int) -> float:
        return look.line * (1 + _ROW * max(1, rows)) + look.unit


class _Ranked(Drawing):
    """The bars in their rows."""

    def __init__(self, plot: RankedPlot, look: Look, area: QRectF) -> None:
        super().__init__(look)
        self._plot, self._area = plot, area
        self._head, self._row = look.line + look.unit, look.line * _ROW
        fitting = int((area.height() - self._head + look.hair) / self._row)
        self._marks = marks = plot.gathered(max(1, fitting))
        self._columns = plot.columns(marks)
        self._is_gathered = len(marks) < len(plot.marks)
        self.spots = [
            Spot(self._row_at(place), mark.key, place, self._is_gathered and place == len(marks) - 1)
            for place, mark in enumerate(marks)
        ]
        widths = [look.wide((column.title, *column.texts)) + 2 * look.unit for column in self._columns]
        left = max(area.width() - sum(widths) - 2 * look.unit, 0)
        names = look.wide([mark.label for mark in marks]) + 2 * look.unit
        self._name = min(names, area.width() * _NAME_SHARE, max(left - look.letter * _LEAST_PLOT, 0))
        at = area.left() + self._name
        self._rights = []
        bars = widths[:-1] if plot.summed else widths  # the cumulative share stands behind the line
        for width in bars:
            at += width
            self._rights.append(at)
        room = max(left - self._name, 0)
        self._bars = QRectF(at + 1.5 * look.unit, area.top() + self._head, room, self._row * len(marks))
        if plot.summed:
            self._rights.append(area.right() - look.unit / 2)
            self._bars.setWidth(max(0, room - look.unit))
        self._widths = widths
        single = [mark for mark, spot in zip(marks, self.spots, strict=True) if not spot.gathers]
        values = [value for mark in single for value in (mark.value, mark.before or 0)]
        self._most = plot.whole if plot.summed else max((1, *values))

    def said(self, place: int) -> str:
        mark, parts = self._marks[place], []
        said = tr("{0}：{1} {2}").format(mark.label, number(mark.value), self._plot.unit)
        if mark.share:
            parts.append(tr("占 {0}").format(mark.share))
        if self._plot.before and mark.before is not None:
            parts.append(f"{self._plot.before} {number(mark.before)} {self._plot.unit}")
        if self._plot.summed:
            parts.append(tr("累计 {0}").format(self._columns[-1].texts[place]))
        return "，".join((said, *parts))

    def paint(self, painter: QPainter) -> None:
        look = self._look
        self._paint_heads(painter)
        painter.setPen(look.pen(look.rule))
        painter.drawLine(self._bars.topLeft(), self._bars.bottomLeft())
        for place, mark in enumerate(self._marks):
            row = self.spots[place].area
            name = QRectF(row.left() + look.unit / 2, row.top(), self._name - look.unit, row.height())
            is_rest = self.spots[place].gathers
            write(painter, look, name, mark.label, look.muted if is_rest else look.text, LEFT)
            for column, right, width in zip(self._columns, self._rights, self._widths, strict=True):
                ink = look.text if column is self._columns[0] else look.muted
                write(
                    painter,
                    look,
                    QRectF(right - width, row.top(), width, row.height()),
                    column.texts[place],
                    ink,
                    RIGHT,
                )
            if not is_rest or self._plot.summed:  # beside single items a sum would dwarf them, and say nothing
                self._paint_bar(painter, mark, row, is_rest=is_rest)
        if self._plot.summed:
            self._paint_line(painter)

    def _row_at(self, place: int) -> QRectF:
        return QRectF(
            self._area.left(), self._area.top() + self._head + place * self._row, self._area.width(), self._row
        )

    def _along(self, value: float) -> float:
        return self._bars.width() * value / self._most

    def _paint_heads(self, painter: QPainter) -> None:
        look, top = self._look, self._area.top()
        for column, right, width in zip(self._columns, self._rights, self._widths, strict=True):
            area = QRectF(right - width, top, width, look.line)
            write(painter, look, area, column.title, look.muted, RIGHT)
        if self._plot.summed:
            at = self._bars.left() + self._along(self._plot.whole * _GUIDE)
            painter.setPen(look.pen(look.rule, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(at, self._bars.top(), at, self._bars.bottom()))
            wide = look.wide(["80%"])
            write(painter, look, QRectF(at - wide / 2, top, wide, look.line), "80%", look.muted, CENTRE)

    def _paint_bar(self, painter: QPainter, mark: Mark, row: QRectF, *, is_rest: bool) -> None:
        look, left = self._look, self._bars.left()
        compares = bool(self._plot.before)
        high = row.height() * (_BAR - _BEFORE / 2 if compares else _BAR)
        top = row.top() + (row.height() - high - (row.height() * _BEFORE if compares else 0)) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.weak if is_rest else look.strong)
        if mark.value:
            painter.drawRect(QRectF(left, top, max(look.hair, self._along(mark.value)), high))
        if compares and mark.before:
            painter.setPen(look.pen(look.muted))
            painter.setBrush(look.ground)
            painter.drawRect(QRectF(left, top + high, max(look.hair, self._along(mark.before)), row.height() * _BEFORE))

    def _paint_line(self, painter: QPainter) -> None:
        look = self._look
        points = [
            QPointF(self._bars.left() + self._along(count), spot.area.center().y())
            for count, spot in zip(self._plot.sums(self._marks), self.spots, strict=True)
        ]
        painter.setPen(look.pen(look.text, 1.5))
        painter.setBrush(look.ground)
        painter.drawPolyline(QPolygonF(points))
        for point in points:
            painter.drawEllipse(point, look.letter * _DOT, look.letter * _DOT)
