"""The one box that searches everything, at the top of the window; the keys that move in its list go on to the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLineEdit

from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)  # with Ctrl; alone they move in the line
_LENS = 3.0  # grid units


class SearchLine(QLineEdit):
    """Keeps the focus while the list below is walked through, so that the next letter is typed here.

    ``wanted``: it was clicked; ``moved`` carries a key that moves in the list; ``taken`` is Enter, ``left`` Esc,
    ``onwards`` Tab. The other Tab keys of the window pass it by: it has a key of its own. What an input method has not
    committed yet is no text (``textChanged``).
    """

    wanted = Signal()
    moved = Signal(int)
    taken = Signal()
    left = Signal()
    onwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.setPlaceholderText(self.tr("搜索全部  Ctrl+F"))
        self.setAccessibleName(self.tr("搜索全部"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTextMargins(theme.space(_LENS + 1.5), 0, 0, 0)

    def begin(self) -> None:
        """Take the keys, so that the first one replaces what stands there."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave to the list what moves in it."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_move = not modifiers if key in _MOVES else key in _ENDS and modifiers == Qt.KeyboardModifier.ControlModifier
        if is_move:
            self.moved.emit(key)
        elif key in _ENTER and not modifiers:
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Go on to what narrows the search."""
        self.onwards.emit()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that it was clicked."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self.wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a lens before the text."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = theme.space(_LENS)
        painter.setPen(QPen(theme.token(Token.MUTED), max(1.5, size / 9)))
        left, top = theme.space(1.25), (self.height() - size) / 2
        painter.drawEllipse(QRectF(left, top, 0.7 * size, 0.7 * size))
        painter.drawLine(QPointF(left + 0.62 * size, top + 0.62 * size), QPointF(left + size, top + size))
