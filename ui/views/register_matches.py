"""Under a field of the form: the customers who may be meant by what is typed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

_LEAST_CHARACTERS = 40


class MatchList(QWidget):
    """A list that lies over the form and never takes the focus; ``chosen`` carries the line that was clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        """Be hidden until there is somebody to show."""
        super().__init__(parent)
        self._over = parent
        self.lines: tuple[str, ...] = ()
        self.marked = 0
        self._foot = self.tr("F6 带入这一位　↑↓ 选　Esc 关上")
        self._small = theme.font(Step.SMALL)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_under(self, field: QWidget, lines: Sequence[str]) -> None:
        """Show these customers under a field, or above it where there is no room below; the first is marked."""
        self.lines, self.marked = tuple(lines), 0
        if not self.lines:
            self.hide()
            return
        seen = self._over.visibleRegion().boundingRect()
        corner = field.mapTo(self._over, QPoint(0, 0))
        size = self.sizeHint()
        below = corner.y() + field.height() + 1
        top = below if below + size.height() <= seen.bottom() + 1 else max(seen.top(), corner.y() - size.height() - 1)
        width = min(max(size.width(), field.width()), seen.width())
        left = min(corner.x(), seen.right() + 1 - width)
        self.setGeometry(left, top, width, size.height())
        self.setAccessibleName("\n".join(self.lines))
        self.show()
        self.raise_()
        self.update()

    def move_mark(self, step: int) -> None:
        """Mark the next line, round and round."""
        self.marked = (self.marked + step) % len(self.lines)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of all lines with the keys below them."""
        metrics = QFontMetrics(self.font())
        wide = max(map(metrics.horizontalAdvance, self.lines), default=0)
        least = _LEAST_CHARACTERS * metrics.averageCharWidth()
        return QSize(max(wide, least) + theme.space(5), (len(self.lines) + 1) * self._line() + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line under the pointer."""
        line = int(event.position().y()) // self._line()
        if line < len(self.lines):
            self.chosen.emit(line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, the marked one on a ground of its own, and the keys."""
        painter = QPainter(self)
        theme.fill(painter, self.rect(), Token.SURFACE)
        metrics, high, side = self.fontMetrics(), self._line(), theme.space(2)
        for place, text in enumerate(self.lines):
            area = QRect(1, 1 + place * high, self.width() - 2, high)
            if place == self.marked:
                theme.fill(painter, area, Token.SELECTED)
            painter.setPen(theme.token(Token.TEXT))
            inner = area.adjusted(side, 0, -side, 0)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        painter.setFont(self._small)
        painter.setPen(theme.token(Token.MUTED))
        foot = QRect(1 + side, 1 + len(self.lines) * high, self.width() - 2 * side, high)
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, self._foot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.token(Token.ACCENT))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _line(self) -> int:
        return self.fontMetrics().height() + theme.space(1.5)
