"""Small signs drawn by hand, in the colour of their meaning: no icon files, nothing to load at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SIGNS: dict[str, Token] = {
    "done": Token.DONE,
    "warning": Token.WARNING,
    "refused": Token.DANGER,
    "open": Token.MUTED,
}
"""Each sign and its colour: a ticked disc, a triangle, a crossed disc, an empty ring."""


def paint_sign(painter: QPainter, rect: QRectF, sign: str) -> None:
    """Draw a sign of :data:`SIGNS` into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 16, rect.height() / 16)
    colour = theme.token(SIGNS[sign])
    stroke = QPen(theme.token(Token.SURFACE), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if sign == "warning":
        painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15.5, 15), QPointF(0.5, 15)]))
        painter.setPen(stroke)
        painter.drawLine(QPointF(8, 6), QPointF(8, 9.5))
        painter.drawPoint(QPointF(8, 12.5))
    elif sign == "open":
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(2, 2, 12, 12))
    else:
        painter.drawEllipse(QRectF(0.5, 0.5, 15, 15))
        painter.setPen(stroke)
        if sign == "done":
            painter.drawPolyline(QPolygonF([QPointF(4.5, 8.5), QPointF(7, 11), QPointF(11.5, 5.5)]))
        else:
            painter.drawLine(QPointF(5.3, 5.3), QPointF(10.7, 10.7))
            painter.drawLine(QPointF(10.7, 5.3), QPointF(5.3, 10.7))
    painter.restore()


class Glyph(QWidget):
    """A sign as high as a line of text. The word beside it says the same, so a screen reader passes it by."""

    def __init__(self, sign: str, parent: QWidget | None = None) -> None:
        """Show a sign of :data:`SIGNS`."""
        super().__init__(parent)
        self._sign = sign
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def sign(self) -> str:
        """The sign that is shown."""
        return self._sign

    def set_sign(self, sign: str) -> None:
        """Show another sign."""
        self._sign = sign
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square as high as a capital letter and a little."""
        side = int(QFontMetrics(self.font()).height() * 0.85)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the sign."""
        painter = QPainter(self)
        paint_sign(painter, QRectF(self.rect()), self._sign)
