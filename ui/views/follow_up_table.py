"""The table of owed actions: a row is a follow-up, the keyboard moves by rows, letters are left to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QTableView, QWidget

from ui import theme
from ui.models.time_left import Urgency
from ui.theme import Token
from ui.widgets.row_style import set_columns, show_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.models.queue_model import QueueModel

_CELL_PADDING = 3  # grid units, both sides together
_WIDEST = ("▲ 逾期 23 小时", "提案待分析", "欧阳小娜 → 客户", "TS-20261008-001", "138****8000", "已升级：部门负责人")
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class QueueTable(QTableView):
    """A table of fixed rows over a :class:`QueueModel`, and what is said where it is empty."""

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._queue = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # columns keep their width, come what may
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("跟进事项"))
        self._set_columns()
        self._empty = QLabel(self.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(self._empty, Token.MUTED)
        self._empty.hide()
        self._take_colours()

    def show_empty(self, words: str) -> None:
        """Say ``words`` in place of rows; nothing where ``words`` is empty."""
        self._empty.setText(words)
        self._empty.setVisible(bool(words))

    def visible_rows(self) -> Iterator[int]:
        """Return the rows on the screen, the current one too."""
        if self._queue.rowCount():
            last = self.rowAt(self.viewport().height() - 1)
            yield from range(max(0, self.rowAt(0)), (self._queue.rowCount() if last < 0 else last + 1))
            if self.currentIndex().isValid():
                yield self.currentIndex().row()

    def choose(self, row: int) -> None:
        """Make a row the current one and see to it that it is on the screen."""
        self.setCurrentIndex(self._queue.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by rows; every other key belongs to the page."""
        rows = self._queue.rowCount()
        if event.key() in _MOVES:
            super().keyPressEvent(event)
        elif rows and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if event.key() == Qt.Key.Key_Home else rows - 1)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row in the accent."""
        super().focusInEvent(event)
        self._take_colours()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row faintly: the keys go elsewhere."""
        super().focusOutEvent(event)
        self._take_colours()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of an empty table in its middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._take_colours()

    def _take_colours(self) -> None:
        self._queue.colours = {
            Urgency.OVERDUE: QBrush(theme.token(Token.DANGER)),
            Urgency.SOON: QBrush(theme.token(Token.WARNING)),
        }
        show_choice(self)

    def _set_columns(self) -> None:
        set_columns(self, _WIDEST, _CELL_PADDING)
        columns = self.horizontalHeader()
        columns.setResizeContentsPrecision(0)
        columns.setStretchLastSection(True)
