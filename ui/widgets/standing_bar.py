"""Lines above the pages that stay for as long as they are true; nothing closes them but the cause going away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class StandingBar(QWidget):
    """A sign and a sentence for each cause."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be hidden until there is something to say."""
        super().__init__(parent)
        self._lines: dict[str, tuple[QWidget, QLabel]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.space(5), theme.space(), theme.space(5), theme.space())
        self._column.setSpacing(theme.space())
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said at present."""
        return tuple(label.text() for _, label in self._lines.values() if label.text())

    def tell(self, cause: str, sentence: str) -> None:
        """Say a sentence for as long as its cause lasts; an empty one says that it is over."""
        if cause not in self._lines:
            if not sentence:
                return
            self._lines[cause] = self._make_line()
        line, label = self._lines[cause]
        label.setText(sentence)
        line.setVisible(bool(sentence))
        self.setVisible(bool(self.sentences))
        self.setAccessibleName(" ".join(self.sentences))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the ground of a warning."""
        theme.fill(QPainter(self), self.rect(), Token.WARNING_SURFACE)

    def _make_line(self) -> tuple[QWidget, QLabel]:
        line, label = QWidget(self), QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(Glyph("warning"))
        row.addWidget(label, 1)
        self._column.addWidget(line)
        return line, label
