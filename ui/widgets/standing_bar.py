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


_SEEN = 2  # lines; the form needs the room
_FIRST = "lost"  # with a register that cannot be opened nothing else matters


class StandingBar(QWidget):
    """A sign and a sentence for each cause; beyond two they are counted, until the bar is shown whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be hidden until there is something to say."""
        super().__init__(parent)
        self._told: dict[str, str] = {}
        self._is_whole = False
        self._lines: list[tuple[QWidget, QLabel]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.space(5), theme.space(), theme.space(5), theme.space())
        self._column.setSpacing(theme.space())
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is true at present, whether it is seen or only counted."""
        return tuple(self._told.values())

    @property
    def seen(self) -> tuple[str, ...]:
        """The lines as they read."""
        return tuple(label.text() for line, label in self._lines if not line.isHidden())

    def tell(self, cause: str, sentence: str) -> None:
        """Say a sentence for as long as its cause lasts; an empty one says that it is over."""
        if sentence == self._told.get(cause, ""):
            return
        told = {**self._told, cause: sentence}
        self._told = {each: told[each] for each in sorted(told, key=lambda each: each != _FIRST) if told[each]}
        self._show()

    def show_whole(self, *, is_whole: bool) -> None:
        """Show every line, or two of them."""
        if is_whole is not self._is_whole:
            self._is_whole = is_whole
            self._show()

    def _show(self) -> None:
        words = list(self._told.values())
        if len(words) > _SEEN and not self._is_whole:
            more = self.tr("（还有 {0} 条，按 F12 看全部）").format(len(words) - _SEEN)
            words = [*words[: _SEEN - 1], words[_SEEN - 1] + more]
        while len(self._lines) < len(words):
            self._lines.append(self._make_line())
        for place, (line, label) in enumerate(self._lines):
            label.setText(words[place] if place < len(words) else "")
            line.setVisible(place < len(words))
        self.setVisible(bool(words))
        self.setAccessibleName(" ".join(words))

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
