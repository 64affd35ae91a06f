"""One line of choices with one focus: a digit or an arrow chooses, Tab moves past all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from desk_app.domain.fields import Choice

DIGITS = "1234567890"


class ChoiceBar(QWidget):
    """Choose one (or, with ``several``, any number) of a short closed list.

    Keys: the digit that is written before a choice takes it; left and right go along (and take, where only one
    may be chosen); the space bar takes or gives back. ``optional`` lets the one choice be given back. The bar
    wraps where it is too narrow for one line.
    """

    edited = Signal()

    def __init__(
        self,
        choices: Sequence[Choice],
        parent: QWidget | None = None,
        *,
        several: bool = False,
        optional: bool = False,
    ) -> None:
        """Show the choices, none chosen."""
        super().__init__(parent)
        self._choices = tuple(choices)
        self._several, self._optional = several, optional
        self._chosen: set[int] = set()
        self._cursor = 0
        self._bold = theme.font(bold=True)
        self._small = theme.font(Step.SMALL)
        self._digits, self._widths, self._line = self._measure()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def value(self) -> str | list[str] | None:
        """Return the chosen key (a list of them with ``several``), or None where nothing is chosen."""
        keys = [c.key for i, c in enumerate(self._choices) if i in self._chosen]
        if self._several:
            return keys or None
        return keys[0] if keys else None

    def set_value(self, raw: object) -> None:
        """Show a value, silently; keys that are no choice are left out."""
        keys = [raw] if isinstance(raw, str) else raw if isinstance(raw, (list, tuple)) else []
        self._chosen = {i for i, c in enumerate(self._choices) if c.key in keys}
        self._cursor = min(self._chosen, default=0)
        self.update()

    # -- choosing

    def _take(self, index: int, *, toggle: bool) -> None:
        if index in self._chosen and toggle and (self._several or self._optional):
            self._chosen.discard(index)
        elif self._several:
            self._chosen.add(index)
        else:
            self._chosen = {index}
        self._cursor = index
        self.update()
        self.edited.emit()

    def chosen_text(self) -> str:
        """Return what is chosen as people read it."""
        chosen = "、".join(c.label for i, c in enumerate(self._choices) if i in self._chosen)
        return chosen or self.tr("未选")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by digit, arrow or space bar; leave every other key to the form."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        text, key = event.text(), event.key()
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key)) if plain else None
        if plain and text and text in DIGITS and DIGITS.index(text) < len(self._choices):
            self._take(DIGITS.index(text), toggle=True)
        elif step is not None and self._several:
            self._cursor = (self._cursor + step) % len(self._choices)
            self.update()
        elif step is not None:
            first = 0 if step > 0 else len(self._choices) - 1
            self._take((self._cursor + step) % len(self._choices) if self._chosen else first, toggle=False)
        elif plain and key == Qt.Key.Key_Space:
            self._take(self._cursor, toggle=True)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the choice under the pointer."""
        for index, rect in enumerate(self._rects(self.width())):
            if rect.contains(event.position().toPoint()):
                self._take(index, toggle=True)

    # -- size and looks

    def _measure(self) -> tuple[list[int], list[int], int]:
        """Return the width of each digit and of each choice with it, and the height of a line: asked for only once."""
        bold, small = QFontMetrics(self._bold), QFontMetrics(self._small)
        gap = theme.space()
        names = (*DIGITS, *[""] * len(self._choices))
        digits = [
            small.horizontalAdvance(digit) + gap if digit not in ("", choice.label) else 0
            for choice, digit in zip(self._choices, names, strict=False)
        ]  # 0 where no digit is left, or where the digit is the choice itself (a score)
        labels = [bold.horizontalAdvance(choice.label) + 4 * gap for choice in self._choices]
        return digits, [d + w for d, w in zip(digits, labels, strict=True)], bold.height() + 2 * gap

    def _rects(self, width: int) -> list[QRect]:
        gap, left, top = theme.space(), 0, 0
        rects = []
        for wide in self._widths:
            if left and left + wide > width:
                left, top = 0, top + self._line + gap
            rects.append(QRect(left, top, wide, self._line))
            left += wide + gap
        return rects

    def sizeHint(self) -> QSize:
        """Return the size of one line with every choice."""
        rects = self._rects(1 << 20)
        return QSize(rects[-1].right() + 1 if rects else 0, self._line)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which a single choice would be cut."""
        return QSize(max((r.width() for r in self._rects(1)), default=0), self._line)

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many lines as ``width`` makes necessary."""
        rects = self._rects(width)
        return rects[-1].bottom() + 1 if rects else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the choices; the one the keys act on has a ring while the bar has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, rect in enumerate(self._rects(self.width())):
            self._paint_choice(painter, index, rect)

    def _paint_choice(self, painter: QPainter, index: int, rect: QRect) -> None:
        chosen = index in self._chosen
        ring = self.hasFocus() and index == self._cursor
        pen = QPen(theme.token(Token.ACCENT if chosen or ring else Token.BORDER), 2 if ring else 1)
        painter.setPen(pen)
        painter.setBrush(theme.token(Token.SELECTED if chosen else Token.SURFACE))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.space(), theme.space())
        inner = rect.adjusted(theme.space(2), 0, -theme.space(2), 0)
        if self._digits[index]:
            painter.setFont(self._small)
            painter.setPen(theme.token(Token.MUTED))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, DIGITS[index])
        painter.setFont(self._bold if chosen else self.font())
        painter.setPen(theme.token(Token.TEXT))
        place = inner.adjusted(self._digits[index], 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._choices[index].label)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()
