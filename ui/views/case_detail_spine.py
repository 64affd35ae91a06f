"""The spine of a case, 受理 → 答复 → 行动 → 回访 → 改进, as a stepper."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Step, Token


class Spine(QWidget):
    """Five dots and their words: what is done is filled, what comes now is ringed and bold, the rest is faint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show a case that has not begun."""
        super().__init__(parent)
        self._steps = tuple(self.tr("受理 答复 行动 回访 改进").split())
        self._current: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_current(self, current: int | None) -> None:
        """Show which step comes now (0-based; past the last one: all is done; None: the case is void)."""
        self._current = current
        words = {None: self.tr("作废"), len(self._steps): self.tr("全部完成")}
        now = self._steps[current] if current is not None and current < len(self._steps) else words[current]
        self.setAccessibleName(self.tr("进展：{0}；现在：{1}").format(" → ".join(self._steps), now))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a dot over a word."""
        metrics = QFontMetrics(theme.font(Step.SMALL))
        return QSize(metrics.horizontalAdvance("受理　　") * len(self._steps), self._dot() * 2 + metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: nothing of it may be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line, dots and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot, width = self._dot(), self.width() / len(self._steps)
        done_to = -1 if self._current is None else self._current
        for place, word in enumerate(self._steps):
            middle = QPointF((place + 0.5) * width, dot * 0.75)
            is_done, is_now = place < done_to, place == done_to
            colour = theme.token(Token.ACCENT if is_done or is_now else Token.BORDER)
            if place:
                painter.setPen(QPen(theme.token(Token.ACCENT if place <= done_to else Token.BORDER), dot / 6))
                painter.drawLine(QPointF(middle.x() - width + dot, middle.y()), QPointF(middle.x() - dot, middle.y()))
            painter.setPen(QPen(colour, dot / 5))
            painter.setBrush(colour if is_done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, dot / 2, dot / 2)
            if is_done:
                _tick(painter, middle, dot)
            painter.setFont(theme.font(Step.SMALL, bold=is_now))
            painter.setPen(theme.token(Token.TEXT if is_done or is_now else Token.MUTED))
            below = QRectF(place * width, dot * 1.5, width, self.height() - dot * 1.5)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, word)
        painter.end()

    @staticmethod
    def _dot() -> int:
        return theme.space(3)


def _tick(painter: QPainter, middle: QPointF, dot: int) -> None:
    painter.setPen(QPen(theme.token(Token.ON_ACCENT), dot / 7))
    corner = QPointF(middle.x() - dot * 0.06, middle.y() + dot * 0.2)
    painter.drawLine(QPointF(middle.x() - dot * 0.26, middle.y()), corner)
    painter.drawLine(corner, QPointF(middle.x() + dot * 0.28, middle.y() - dot * 0.2))
