"""The table of what is handed over: arrows go from row to row, and whatever is typed becomes the note of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import theme
from ui.forms.editors import LineEditor
from ui.theme import Token
from ui.widgets.row_style import set_columns, show_choice

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QResizeEvent

    from ui.models.handover_model import HandoverModel

_CELL_PADDING = 4  # grid units, both sides together
_WIDEST = ("▲ 逾期 23 小时", "提案待分析", "欧阳小娜 → 客户", "TS-20261008-001")
_NARROW_IN_CHARACTERS = 76  # below this width who owes whom is told by the tool tip alone
_OWED = 2
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NOTE_LENGTH = 300
_LINES_KEPT = 2
_Index = QModelIndex | QPersistentModelIndex


class HandoverTable(QTableView):
    """Rows over a :class:`HandoverModel`. Enter writes and goes to the next row, Ctrl+D says the same as the row above.

    ``edited`` is emitted when a note's editor has closed.
    """

    edited = Signal()

    def __init__(self, model: HandoverModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._lines = model
        self.setModel(model)
        self.setItemDelegateForColumn(model.note_column, _NoteDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("要交接的事项"))
        self._set_columns()
        self._empty = QLabel(self.tr("没有未完的事项。\n\n逾期的、24 小时内到期的、答应了客户的，\n都会列在这里。"))
        self._empty.setParent(self.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.ink(self._empty, Token.MUTED)
        model.modelReset.connect(self._show_empty)
        self._show_empty()
        show_choice(self)

    @property
    def is_editing(self) -> bool:
        """Whether a note is being written."""
        return self.state() is QAbstractItemView.State.EditingState

    def choose(self, row: int) -> None:
        """Make a row the current one, at its note."""
        self.setCurrentIndex(self._lines.index(row, self._lines.note_column))

    def current_id(self) -> int | None:
        """Return the follow-up of the current row."""
        row = self.currentIndex().row()
        return self._lines.lines[row].follow_up_id if 0 <= row < len(self._lines.lines) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by rows; Enter and letters write the note; what belongs to the page is left to it."""
        row, rows = self.currentIndex().row(), self._lines.rowCount()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_D and modifiers == Qt.KeyboardModifier.ControlModifier:
            self._say_the_same(row)
        elif event.key() in _ENTER and not modifiers:
            if rows and not self.is_editing:  # the editor lets the key pass that it closes with
                self.edit(self.currentIndex())
        elif rows and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if event.key() == Qt.Key.Key_Home else rows - 1)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not modifiers and rows:
            self._lines.setData(self.currentIndex(), "")
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Begin a note with what an input method gives at once; Qt opens the editor for it, but drops the text."""
        was_editing = self.is_editing
        super().inputMethodEvent(event)
        editor = self.focusWidget()
        if event.commitString() and not was_editing and isinstance(editor, LineEditor):
            QApplication.sendEvent(editor, event)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Stay in the column of the notes, wherever a click went."""
        super().currentChanged(current, previous)
        if current.isValid() and current.column() != self._lines.note_column:
            self.choose(current.row())

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go to the next row when a note was written with Enter."""
        super().closeEditor(editor, hint)
        row = self.currentIndex().row()
        if hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache and row + 1 < self._lines.rowCount():
            self.choose(row + 1)
        self.edited.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row in the accent, the first one at the beginning."""
        super().focusInEvent(event)
        if self._lines.rowCount() and not self.currentIndex().isValid():
            self.choose(0)
        show_choice(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row faintly: the keys go elsewhere."""
        super().focusOutEvent(event)
        show_choice(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to what is told and noted where there is little."""
        super().resizeEvent(event)
        narrow = self.fontMetrics().averageCharWidth() * _NARROW_IN_CHARACTERS
        self.setColumnHidden(_OWED, self.viewport().width() < narrow)
        self._empty.setGeometry(self.viewport().rect())

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            show_choice(self)

    def _say_the_same(self, row: int) -> None:
        if row > 0:
            above = self._lines.index(row - 1, self._lines.note_column)
            self._lines.setData(self.currentIndex(), self._lines.data(above, int(Qt.ItemDataRole.EditRole)))

    def _show_empty(self) -> None:
        self._empty.setVisible(self._lines.draft is not None and not self._lines.lines)

    def _set_columns(self) -> None:
        set_columns(self, _WIDEST, _CELL_PADDING)
        columns = self.horizontalHeader()
        for column in range(len(_WIDEST), self._lines.columnCount()):
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


class WholeLine(QLabel):
    """Below the table: what its chosen row has no room for. Two lines are kept free, so that little moves."""

    def __init__(self, table: HandoverTable, model: HandoverModel, parent: QWidget | None = None) -> None:
        """Follow the chosen row of ``table``."""
        super().__init__(parent)
        self._table, self._lines = table, model
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setMinimumSize(1, _LINES_KEPT * self.fontMetrics().lineSpacing())
        theme.ink(self, Token.MUTED)
        table.selectionModel().currentChanged.connect(self._show)
        model.dataChanged.connect(self._show)
        model.modelReset.connect(self._show)

    def _show(self) -> None:
        self.setText(self._lines.whole(self._table.currentIndex().row()))


class _NoteDelegate(QStyledItemDelegate):
    """A line to write in; what is pasted loses what cannot be stored. It takes the room of the matter too."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: _Index) -> QWidget:
        editor = LineEditor(parent)
        editor.setMaxLength(_NOTE_LENGTH)
        editor.setAccessibleName(self.tr("交接说明"))
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        if isinstance(editor, LineEditor) and editor.value() is None:  # a fresh look does not write over it
            editor.set_value(index.data(Qt.ItemDataRole.EditRole))
            editor.end(False)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        super().updateEditorGeometry(editor, option, index)
        if isinstance(table := self.parent(), QTableView):
            place = editor.geometry()
            place.setLeft(table.columnViewportPosition(index.column() - 1))
            editor.setGeometry(place)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, LineEditor):
            model.setData(index, editor.value() or "")
