"""The overview on paper: the same figures and charts, in greys on A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QWidget

from desk_app.sentences import short_time
from desk_app.services.overview import Overview
from desk_app.services.paper import Orientation, Page, Paper
from ui import theme
from ui.models.overview_figures import counted, is_hinted, rates, undivided
from ui.models.periods import named
from ui.printing.lettering import GRAIN
from ui.printing.pages import margins_of, paper_size
from ui.printing.pdf import write_pdf
from ui.printing.preview import SheetPreview
from ui.views.overview_charts import OverviewCharts
from ui.views.overview_head import compared
from ui.views.preview import documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QPainter

    from desk_app.services.rules import Rules
    from ui.desk import Desk
    from ui.widgets.charts import Chart

_TITLE, _LETTER, _SMALL = 16.0, 9.0, 8.0  # points
_LINE, _GAP = 15.0, 12.0
_INK, _RULE, _SHADE = QColor("#000000"), QColor("#a0a0a0"), QColor("#ececec")
_WIDTHS_OF_COUNTS = (0.24, 0.19, 0.19, 0.19, 0.19)
_WIDTHS_OF_RATES = (0.24, 0.12, 0.2, 0.12, 0.12, 0.2)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_MARGINS = (14.0, 14.0, 16.0, 14.0)  # millimetres
_PAIRS = 2  # lines of bars on the second page


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed: of which shop and of which cases, and as of when."""

    found: Overview
    shop: str
    cases: str
    now: datetime


class _Numbered(NamedTuple):
    number: int


class OverviewPaper:
    """The pages of an overview. Belongs to the thread of the window, as its charts do."""

    def __init__(self, shown: Shown, rules: Rules, holder: QWidget) -> None:
        """Make the charts, which nobody sees, as children of ``holder``; nothing is drawn yet."""
        self._shown, self._rules = shown, rules
        self.title = " ".join(filter(None, (shown.shop, _tr("投诉统计"), named(shown.found.now.period))))
        self.page = Page(Paper.A4, Orientation.PORTRAIT, _MARGINS)
        self.size = paper_size(self.page)
        self.charts = OverviewCharts(rules, holder)
        self.charts.show_overview(shown.found, shown.now.date())
        bars = tuple(self.charts.parts.values())
        pairs = [bars[n : n + 2] for n in range(0, len(bars), 2)]
        self._lines: tuple[Sequence[Sequence[Chart]], ...] = (
            ((self.charts.topics,), (self.charts.spots,), *pairs[:_PAIRS]),
            pairs[_PAIRS:],
        )
        self.pages = tuple(_Numbered(n + 1) for n in range(1 + len(self._lines)))

    def paint(self, painter: QPainter, number: int) -> None:
        """Draw one page (counted from 1) where a unit is a point and the paper's upper left corner is at 0, 0."""
        margins = margins_of(self.page)
        width, height = self.size
        room = QRectF(
            margins.left, margins.top, width - margins.left - margins.right, height - margins.top - margins.bottom
        )
        painter.save()
        painter.scale(1 / GRAIN, 1 / GRAIN)
        pen = _Pen(painter, QRectF(room.topLeft() * GRAIN, room.size() * GRAIN))
        pen.foot(_tr("第 {0} 页　共 {1} 页").format(number, len(self.pages)), self.title)
        if number == 1:
            self._first(pen)
        else:
            pen.charts(self._lines[number - 2])
        painter.restore()

    def _first(self, pen: _Pen) -> None:
        shown, sentences = self._shown, self._rules.sentences
        found = shown.found
        now, before, last_year, change = _tr("本期"), _tr("上期"), _tr("去年同期"), _tr("比上期")
        pen.line(self.title, _TITLE, bold=True)
        pen.line(_tr("{0}　制表 {1}").format(shown.cases, short_time(shown.now)), _SMALL)
        pen.line(compared(found), _SMALL)
        pen.skip()
        pen.table(
            ((_tr("件数、用时"), now, before, last_year, change), *(f.cells for f in counted(found))), _WIDTHS_OF_COUNTS
        )
        pen.skip()
        titles = (_tr("比率"), now, _tr("件数 ÷ 基数"), before, last_year, change)
        pen.table((titles, *(f.cells for f in rates(found, sentences))), _WIDTHS_OF_RATES)
        for key, rate in found.now.rates.items():
            if is_hinted(rate, key):
                pen.line(undivided(rate, key, sentences), _SMALL)
        pen.skip()
        pen.charts(((self.charts.trend,), (self.charts.hours,)))


class _Pen:
    """Goes down a page; lengths in points, drawn in grains."""

    def __init__(self, painter: QPainter, room: QRectF) -> None:
        self._painter, self._room = painter, room
        self._top = room.top()

    def skip(self) -> None:
        """Leave a gap."""
        self._top += _GAP * GRAIN

    def line(self, text: str, size: float, *, bold: bool = False) -> None:
        """Write one line."""
        height = size * _LINE / _LETTER * GRAIN
        self._write(
            text, QRectF(self._room.left(), self._top, self._room.width(), height), _LEFT, _font(size, bold=bold)
        )
        self._top += height

    def foot(self, right: str, left: str) -> None:
        """Write below the room, in the margin."""
        area = QRectF(self._room.left(), self._room.bottom() + _GAP * GRAIN / 2, self._room.width(), _LINE * GRAIN)
        self._write(left, area, _LEFT, _font(_SMALL))
        self._write(right, area, _RIGHT, _font(_SMALL))

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Draw lines of cells, the first of which has the titles; all but the first and the last stand at the right."""
        height, beside = _LINE * GRAIN, _LETTER / 2 * GRAIN
        for place, row in enumerate(rows):
            left = self._room.left()
            if not place:
                self._painter.setPen(Qt.PenStyle.NoPen)
                self._painter.setBrush(_SHADE)
                self._painter.drawRect(QRectF(left, self._top, self._room.width(), height))
            for column, (cell, share) in enumerate(zip(row, widths, strict=True)):
                area = QRectF(left, self._top, share * self._room.width(), height).adjusted(beside, 0, -beside, 0)
                align = _LEFT if column in (0, len(row) - 1) else _RIGHT
                self._write(cell, area, align, _font(_LETTER, bold=not place))
                left += share * self._room.width()
            self._top += height
            self._painter.setPen(QPen(_RULE, GRAIN / 2))
            self._painter.drawLine(QLineF(self._room.left(), self._top, self._room.right(), self._top))

    def charts(self, lines: Sequence[Sequence[Chart]]) -> None:
        """Draw lines of charts into what is left of the room, all of one height."""
        gap = 2 * _GAP * GRAIN
        height = (self._room.bottom() - self._top - gap * (len(lines) - 1)) / len(lines)
        for line in lines:
            width = (self._room.width() - gap * (len(line) - 1)) / len(line)
            for place, chart in enumerate(line):
                area = QRectF(self._room.left() + place * (width + gap), self._top, width, height)
                chart.paint_on(self._painter, area, _LETTER * GRAIN)
            self._top += height + gap

    def _write(self, text: str, area: QRectF, align: int | Qt.AlignmentFlag, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.setPen(_INK)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, align, shown)


def preview_overview(desk: Desk, parent: QWidget, found: Overview, kinds: Sequence[str]) -> None:
    """Show an overview as it will be on paper; it can be printed, and saved as a PDF."""
    label = desk.rules.fields["kind"].label_of
    cases = "、".join(map(label, kinds)) if kinds else _tr("全部类别")
    shown = Shown(found, desk.shop.name if desk.shop else "", cases, desk.clock.now())
    holder = QWidget(parent)  # who collects garbage on the storage thread must find no widget in it
    paper = OverviewPaper(shown, desk.rules, holder)

    def save(path: Path) -> None:
        write_pdf([paper], path)  # two or three pages: nobody waits for them
        preview.tell(_tr("已存为 {0}").format(path))

    preview = SheetPreview(
        [paper],
        desk.rules.sentences,
        save,
        proposed=documents() / f"{paper.title}.pdf",
        suffixes=(".pdf",),
        parent=parent.window(),
    )
    preview.finished.connect(preview.give_up)
    preview.finished.connect(holder.deleteLater)
    preview.open()


def _font(size: float, *, bold: bool = False) -> QFont:
    made = theme.font(bold=bold)
    made.setPixelSize(round(size * GRAIN))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
