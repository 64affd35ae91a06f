"""Where a chart is drawn and walked over: keys, the pointer, and what a screen reader hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.widgets.charts.drawing import Table
from ui.widgets.charts.look import CENTRE, LEFT, PAPER_LETTER, Look, write

if TYPE_CHECKING:
    from PySide6.QtCore import QSizeF
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from ui.widgets.charts.drawing import Drawing, Plot, Spot

_KEY = Qt.Key
_MOVES = frozenset(
    {_KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Up, _KEY.Key_Down}
    | {_KEY.Key_Home, _KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown}
)
_TAKES = frozenset({_KEY.Key_Return, _KEY.Key_Enter, _KEY.Key_Space})
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_LINES_WHEN_EMPTY = 4
_HEADING_IN_LETTERS = 2.0


class Canvas(QWidget):
    """Draws a plot. Its accessible description is what the current mark says.

    ``taken`` carries the :class:`Spot` on which Enter, Space or a click is, ``told`` what the current mark says while
    the keys go to it, or nothing.
    """

    taken = Signal(object)
    told = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        """Draw nothing yet."""
        super().__init__(parent)
        self._look = Look.screen()
        self._plot: Plot | None = None
        self._drawing: Drawing | None = None
        self._place = 0
        self.empty = ""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def current(self) -> Spot | None:
        """The mark that the keys act on; None where nothing is drawn."""
        drawing = self._drawn()
        return drawing.spots[self._place] if drawing is not None else None

    def show_plot(self, plot: Plot, empty: str) -> None:
        """Draw another plot, or the sentence where it is empty; the current mark keeps its key, else its place."""
        before = self.current
        self._plot, self._drawing, self.empty = plot, None, empty
        drawing = self._drawn()
        keys = [spot.key for spot in drawing.spots] if drawing is not None else []
        if before is not None and before.key and before.key in keys:
            self._place = keys.index(before.key)
        self.updateGeometry()
        self.update()
        self._tell()

    def table(self) -> Table:
        """Return the numbers of the plot as rows; none before one was shown."""
        return self._plot.table() if self._plot is not None else Table((), (), (), ())

    def said(self) -> str:
        """Return what the current mark says, or why there is none."""
        drawing = self._drawn()
        return drawing.said(self._place) if drawing is not None else self.empty

    def paint_on(self, painter: QPainter, area: QRectF, letter: float, heading: str) -> None:
        """Draw for paper: see :meth:`Chart.paint_on`."""
        if self._plot is None:
            return
        look = Look.paper()
        head = look.of_base.height() * _HEADING_IN_LETTERS
        least = self._plot.least(look)
        scale = min(letter / PAPER_LETTER, area.width() / least.width(), area.height() / (least.height() + head))
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(area.topLeft())
        painter.scale(scale, scale)
        room = QRectF(0, 0, area.width() / scale, area.height() / scale)
        painter.setFont(look.bold)
        painter.setPen(look.text)
        painter.drawText(QRectF(0, 0, room.width(), head), LEFT | Qt.TextFlag.TextSingleLine, heading)
        room.setTop(head)
        if self._plot.is_empty:
            write(painter, look, room, self.empty, look.muted, CENTRE)
        else:
            self._plot.laid_out(look, room).paint(painter)
        painter.restore()

    # -- walking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the marks, or take the current one; every other key is the chart's."""
        drawing, key = self._drawn(), Qt.Key(event.key())
        if event.modifiers() not in _PLAIN or drawing is None or key not in _MOVES | _TAKES:
            super().keyPressEvent(event)
        elif key in _MOVES:
            self._go(drawing.step(self._place, key))
        else:
            self.taken.emit(drawing.spots[self._place])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the mark under the pointer the current one, and take it."""
        drawing = self._drawn()
        at = drawing.place_at(event.position()) if drawing is not None else None
        if event.button() is Qt.MouseButton.LeftButton and drawing is not None and at is not None:
            self._go(at)
            self.taken.emit(drawing.spots[at])

    def event(self, event: QEvent) -> bool:
        """Say what the mark under the pointer says, in a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            drawing = self._drawn()
            at = drawing.place_at(QPointF(event.pos())) if drawing is not None else None
            if drawing is not None and at is not None:
                QToolTip.showText(event.globalPos(), drawing.said(at), self)
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring, and say where it is."""
        super().focusInEvent(event)
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.told.emit("")
        self.update()

    def _go(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self._tell()
            self.update()
            if QAccessible.isActive():  # a changed description is not read out by itself
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.said()))

    def _tell(self) -> None:
        said = self.said()
        self.setAccessibleDescription(said)
        self.told.emit(said if self.hasFocus() and self._drawing is not None else "")

    # -- size and looks

    def sizeHint(self) -> QSize:
        """Return the size in which the plot reads well."""
        return _whole(self._plot.wanted(self._look)) if self._plot is not None else self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the size below which numbers would be left out; of an empty plot a few lines."""
        if self._plot is not None and not self._plot.is_empty:
            return _whole(self._plot.least(self._look))
        return QSize(0, round(self._look.line * _LINES_WHEN_EMPTY))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the plot out anew when it is next asked for."""
        super().resizeEvent(event)
        self._forget()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationPaletteChange, QEvent.Type.PaletteChange):
            self._look = Look.screen()
            self._forget()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the plot and the ring, or the sentence of an empty one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing = self._drawn()
        if drawing is None:
            write(painter, self._look, QRectF(self.rect()), self.empty, self._look.muted, CENTRE)
            return
        drawing.paint(painter)
        if self.hasFocus():
            drawing.paint_ring(painter, self._place)

    def _drawn(self) -> Drawing | None:
        """Return the drawing for the present size: it is laid out once for many paints."""
        if self._drawing is None and self._plot is not None and not self._plot.is_empty:
            self._drawing = self._plot.laid_out(self._look, QRectF(self.rect()))
            self._place = min(self._place, len(self._drawing.spots) - 1)
        return self._drawing

    def _forget(self) -> None:
        self._drawing = None
        self.update()


def _whole(size: QSizeF) -> QSize:
    return QSize(round(size.width() + 0.5), round(size.height() + 0.5))
