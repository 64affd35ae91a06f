"""A short table of texts that is worked by keyboard: rows are moved over, and each key on a row is a signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QTableView

from ui import theme
from ui.theme import Token
from ui.widgets.row_style import set_columns, show_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

_CELL_PADDING = 4  # grid units, both sides together
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_DISPLAY, _TOOL_TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Rows(QAbstractTableModel):
    """Rows of ready texts under their titles."""

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self.rows: Sequence[Sequence[str]] = ()

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def put(self, row: int, cells: Sequence[str]) -> None:
        self.rows = [*self.rows[:row], cells, *self.rows[row + 1 :]]
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self._titles) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: _Index, role: int = _DISPLAY) -> str | None:
        return self.rows[index.row()][index.column()] if role in (_DISPLAY, _TOOL_TIP) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> str | None:
        return self._titles[section] if role == _DISPLAY and orientation is Qt.Orientation.Horizontal else None


class RowsTable(QTableView):
    """Shows rows of texts; the last column takes what is left.

    ``chosen`` says that another row is the current one; ``opened`` is Enter or a double click on it, ``removed``
    Delete, ``toggled`` the space bar. Tab leaves the table.
    """

    chosen = Signal(int)
    opened = Signal(int)
    removed = Signal(int)
    toggled = Signal(int)

    def __init__(self, titles: Sequence[str], widest: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        """Be empty. ``widest`` is a text for the width of each column but the last; ``name`` is what it is called."""
        super().__init__(parent)
        self._rows = _Rows(titles, self)
        self.setModel(self._rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self._empty = QLabel(self.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        theme.ink(self._empty, Token.MUTED)
        self._set_columns(widest)
        show_choice(self)
        self.selectionModel().currentRowChanged.connect(lambda index: self.chosen.emit(index.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The texts that are shown."""
        return self._rows.rows

    @property
    def row(self) -> int:
        """The current row, -1 where there is none."""
        return self.currentIndex().row()

    def show_rows(self, rows: Sequence[Sequence[str]], empty: str = "") -> None:
        """Show other rows, or the words ``empty`` where there are none; the current row stays at its place."""
        before = max(0, self.row)
        self._rows.show(rows)
        self._empty.setText("" if rows else empty)
        self._empty.setVisible(not rows)
        if rows:
            self.choose(min(before, len(rows) - 1))

    def put_row(self, row: int, cells: Sequence[str]) -> None:
        """Show other texts in one row; where the keys are stays as it is."""
        self._rows.put(row, cells)

    def choose(self, row: int) -> None:
        """Make a row the current one and see to it that it is on the screen."""
        self.setCurrentIndex(self._rows.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by rows, and say what else was pressed on the current one."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            super().keyPressEvent(event)
        elif self.row < 0:
            event.ignore()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if key == Qt.Key.Key_Home else len(self.rows) - 1)
        elif key in _ENTERS:
            self.opened.emit(self.row)
        elif key == Qt.Key.Key_Delete:
            self.removed.emit(self.row)
        elif key == Qt.Key.Key_Space:
            self.toggled.emit(self.row)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the current row in the accent."""
        super().focusInEvent(event)
        show_choice(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the current row faintly: the keys go elsewhere."""
        super().focusOutEvent(event)
        show_choice(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of an empty table in its middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            show_choice(self)

    def _set_columns(self, widest: Sequence[str]) -> None:
        set_columns(self, widest, _CELL_PADDING)
        self.horizontalHeader().setStretchLastSection(True)
