"""The rail on the left: the pages, the key of each, and what is overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent


_MOST = 999  # what the rail has room for


class Rail(QWidget):
    """``chosen`` carries the name of the page that was clicked. The keys belong to the window; Tab passes it by."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """Show the pages: name, words, key."""
        super().__init__(parent)
        self._buttons = {name: _RailButton(words, key, self) for name, words, key in pages}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        column.setSpacing(0)
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            column.addWidget(button)
        column.addStretch()

    def show_page(self, name: str) -> None:
        """Mark the page that is in front."""
        for each, button in self._buttons.items():
            button.setChecked(each == name)

    def show_overdue(self, name: str, count: int) -> None:
        """Write how many are overdue beside a page."""
        self._buttons[name].show_overdue(count)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the ground of the rail."""
        theme.fill(QPainter(self), self.rect(), Token.RAIL)


class _RailButton(QAbstractButton):
    def __init__(self, words: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(f"{words}  {key}")
        self._key = key
        self._overdue = 0
        self._name()

    def show_overdue(self, count: int) -> None:
        self._overdue = count
        self._name()
        self.update()

    def _name(self) -> None:
        late = self.tr("，逾期 {0} 项").format(self._overdue) if self._overdue else ""
        self.setAccessibleName(f"{self.text()}{late}，{self._key}")

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(bold=True)).horizontalAdvance("登记登记")
        key = QFontMetrics(theme.font(Step.SMALL)).horizontalAdvance(self._key)
        height = QFontMetrics(theme.font()).height() * (2 if not self._overdue else 3)
        return QSize(max(words, key) + theme.space(7), height + theme.space(5))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.rect()
        if self.isChecked():
            theme.fill(painter, area, Token.WINDOW)
            theme.fill(painter, QRect(0, 0, theme.space(), area.height()), Token.ACCENT)
        lines = [
            (self.text(), theme.font(bold=self.isChecked()), Token.TEXT),
            (self._key, theme.font(Step.SMALL), Token.MUTED),
        ]
        if self._overdue:
            late = self.tr("▲ 逾期 {0}").format(self._overdue if self._overdue <= _MOST else f"{_MOST}+")
            lines.insert(1, (late, theme.font(Step.SMALL, bold=True), Token.DANGER))
        heights = [QFontMetrics(font).height() for _text, font, _ink in lines]
        top = (area.height() - sum(heights)) // 2
        for (text, font, ink), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.token(ink))
            painter.drawText(QRect(0, top, area.width(), height), Qt.AlignmentFlag.AlignCenter, text)
            top += height
