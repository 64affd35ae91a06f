"""The pages of grids below each other on the screen; only what is seen is painted."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from ui import theme
from ui.printing.painter import painter_of
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from desk_app.services.paper import Grid
    from ui.printing.painter import PagePainter

_GAP = 3  # units of space around a page
_ZOOM_STEP = 1.25
_LEAST_ZOOM, _MOST_ZOOM = 0.2, 6.0  # pixels for a point
_KEPT = 6  # painted pages
_OVERLAP = 0.9  # of a screenful, when paging down


class _Page(NamedTuple):
    """One page and its upper edge in the view's contents, in points; the gaps are added when it is shown."""

    sheet: PagePainter
    number: int
    top: float


class PageView(QAbstractScrollArea):
    """Shows every page, as wide as the view until a person zooms. ``moved`` says which page is seen (from 1)."""

    moved = Signal(int)

    def __init__(self, grids: Sequence[Grid | PagePainter], parent: QWidget | None = None) -> None:
        """Divide the grids into pages; they are painted when they come into view."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: list[_Page] = []
        self._height = 0.0
        for grid in grids:
            sheet = painter_of(grid)
            for page in sheet.pages:
                self._pages.append(_Page(sheet, page.number, self._height))
                self._height += sheet.size[1]
        self._width = max(page.sheet.size[0] for page in self._pages)
        self._first_height = self._pages[0].sheet.size[1]
        self._zoom = 1.0
        self._fits_width = True
        self._painted: dict[int, QPixmap] = {}
        self.verticalScrollBar().valueChanged.connect(lambda: self.moved.emit(self.page))

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    @property
    def page(self) -> int:
        """The number of the page that is at the middle of the view, counted from 1 over all grids."""
        return self._at(self.verticalScrollBar().value() + self.viewport().height() // 2) + 1

    @property
    def zoom(self) -> float:
        """How many pixels a point has."""
        return self._zoom

    def clear(self) -> None:
        """Hold no sheet any more."""
        self._pages.clear()
        self._painted.clear()

    def go_to(self, page: int) -> None:
        """Show a page from its upper edge; the first or the last where there is no such page."""
        self.verticalScrollBar().setValue(self._top(min(max(page, 1), self.count) - 1) - self._gap)

    def zoom_in(self) -> None:
        """Show a step larger."""
        self._fits_width = False
        self._set_zoom(self._zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show a step smaller."""
        self._fits_width = False
        self._set_zoom(self._zoom / _ZOOM_STEP)

    def fit_width(self) -> None:
        """Show a page as wide as the view, now and whenever the view is resized."""
        self._fits_width = True
        self._set_zoom((self.viewport().width() - 2 * self._gap) / self._width)

    def sizeHint(self) -> QSize:
        """Ask for a page of the largest width at its size on paper."""
        return QSize(int(self._width) + 2 * self._gap, int(self._first_height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page with PgUp and PgDn, which stop at the upper edge of each page; Home and End go to the ends."""
        bar = self.verticalScrollBar()
        here = bar.value()
        screenful = int(self.viewport().height() * _OVERLAP)
        page = self._at(here + self._gap)
        if event.matches(QKeySequence.StandardKey.MoveToNextPage):
            following = self._top(page + 1) - self._gap if page + 1 < self.count else bar.maximum()
            bar.setValue(min(here + screenful, following))
        elif event.matches(QKeySequence.StandardKey.MoveToPreviousPage):
            edge = self._top(page) - self._gap
            edge = edge if edge < here else self._top(max(page - 1, 0)) - self._gap
            bar.setValue(max(here - screenful, edge))
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a page as wide as the view."""
        super().resizeEvent(event)
        if self._fits_width:
            self.fit_width()
        else:
            self._set_bars()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew where the screen has another density; the paper itself is white in every scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._painted.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that are seen."""
        painter = QPainter(self.viewport())
        theme.fill(painter, event.rect(), Token.RAIL)
        above = self.verticalScrollBar().value()
        for place in range(self._at(above), self.count):
            top = self._top(place) - above
            if top > self.viewport().height():
                break
            painter.drawPixmap(QPointF(self._left(place), top), self._picture(place))

    # ------------------------------------------------------------------------------------- inside

    @property
    def _gap(self) -> int:
        return theme.space(_GAP)

    def _top(self, place: int) -> int:
        return int(self._pages[place].top * self._zoom) + (place + 1) * self._gap

    def _at(self, height: int) -> int:
        """Return the place of the page at some height of the contents, counted from 0."""
        return max(bisect_right(range(self.count), height, key=self._top) - 1, 0)

    def _left(self, place: int) -> float:
        width = self._pages[place].sheet.size[0] * self._zoom
        room = max(self.viewport().width(), int(self._width * self._zoom) + 2 * self._gap)
        return (room - width) / 2 - self.horizontalScrollBar().value()

    def _picture(self, place: int) -> QPixmap:
        """Return a page as it is painted, from the few that are kept."""
        if place in self._painted:
            return self._painted[place]
        sheet, number, _top = self._pages[place]
        ratio = self.devicePixelRatioF()
        size = QRectF(0, 0, sheet.size[0] * self._zoom * ratio, sheet.size[1] * self._zoom * ratio).toAlignedRect()
        picture = QPixmap(size.size())
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        painter.scale(self._zoom * ratio, self._zoom * ratio)
        sheet.paint(painter, number)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        while len(self._painted) >= _KEPT:
            self._painted.pop(next(iter(self._painted)))
        self._painted[place] = picture
        return picture

    def _set_zoom(self, zoom: float) -> None:
        """Change the size and leave the same line of the same page at the top."""
        place = self._at(self.verticalScrollBar().value())
        inside = (self.verticalScrollBar().value() - self._top(place)) / self._zoom
        self._zoom = min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)
        self._painted.clear()
        self._set_bars()
        self.verticalScrollBar().setValue(round(self._top(place) + inside * self._zoom))
        self.viewport().update()

    def _set_bars(self) -> None:
        height = int(self._height * self._zoom) + (self.count + 1) * self._gap
        width = int(self._width * self._zoom) + 2 * self._gap
        for bar, size, seen in (
            (self.verticalScrollBar(), height, self.viewport().height()),
            (self.horizontalScrollBar(), width, self.viewport().width()),
        ):
            bar.setRange(0, max(0, size - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(theme.space(12))
