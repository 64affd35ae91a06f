"""The table of owed actions: a row is a follow-up, the keyboard moves by rows, letters are left to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QTableView, QWidget

from ui import theme
from ui.models.time_left import Urgency
from ui.theme import Token
from ui.widgets.row_style import set_columns, show_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.domain.queue import QueueRow
    from ui.models.queue_model import QueueModel

_CELL_PADDING = 3  # grid units, both sides together
_WIDEST = ("✓ ▲ 逾期 23 小时", "提案待分析", "欧阳小娜 → 客户", "TS-20261008-001", "138****8000", "已升级：部门负责人")
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_ENDS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MOST_TICKED = 300
"""As many sheets as are laid out, looked at and printed without a wait."""


class QueueTable(QTableView):
    """A table of fixed rows over a :class:`QueueModel`, and what is said where it is empty.

    Rows can be ticked (``QueueModel.marks``), whichever is the current one: the space bar (with Ctrl too, and a click
    with Ctrl) ticks one, Shift with what moves ticks all that is passed, Ctrl+A all there are; Esc takes all ticks
    away. ``print_wanted``: Ctrl+P while any is ticked. ``too_many``: of so many rows not all can be ticked.
    """

    print_wanted = Signal()
    too_many = Signal(int)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._queue = model
        self._anchor: QueueRow | None = None  # with which a stretch of ticks begins
        self._before: Sequence[QueueRow] = ()  # what was ticked before it
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

    def event(self, event: QEvent) -> bool:
        """Claim Ctrl+P while rows are ticked: it is the current case's else."""
        if event.type() == QEvent.Type.ShortcutOverride and _prints(event) and self._queue.marks:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by rows, and tick; every other key belongs to the page."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        rows = self._queue.rowCount()
        if modifiers == _SHIFT and rows and key in _MOVES | _ENDS:
            self._tick_up_to(self._moved(key))
            return
        if key != Qt.Key.Key_Shift:
            self._anchor = None
        if key in _MOVES:
            super().keyPressEvent(event)
        elif rows and key in _ENDS:
            self.choose(self._moved(key))
        elif key == Qt.Key.Key_Space and not modifiers & ~_CTRL:
            self._toggle(self.currentIndex().row())
        elif key == Qt.Key.Key_A and modifiers == _CTRL:
            self._tick_all()
        elif key == Qt.Key.Key_Escape and self._queue.marks:
            self._queue.marks.clear()
        elif _prints(event) and self._queue.marks:
            self.print_wanted.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick with Ctrl or Shift; else choose."""
        row = self.rowAt(event.position().toPoint().y())
        if row < 0 or event.button() != Qt.MouseButton.LeftButton or event.modifiers() not in (_CTRL, _SHIFT):
            self._anchor = None
            super().mousePressEvent(event)
        elif event.modifiers() == _SHIFT:
            self._tick_up_to(row)
        else:
            before = self.currentIndex().row()
            if not self._queue.marks and before >= 0 and before != row:
                self._toggle(before)
            self.choose(row)
            self._toggle(row)

    def _moved(self, key: Qt.Key) -> int:
        """Return the row to which a key goes."""
        screenful = max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)
        last, here = self._queue.rowCount() - 1, self.currentIndex().row()
        to = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_PageUp: here - screenful,
            Qt.Key.Key_PageDown: here + screenful,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }[key]
        return min(max(to, 0), last)

    def _toggle(self, row: int) -> None:
        line = self._queue.line(row)
        if line is None:
            return
        if line.row in self._queue.marks:
            self._queue.marks.toggle(line.row)
        else:
            self._set((*self._queue.marks.rows, line.row))

    def _tick_up_to(self, row: int) -> None:
        """Tick all from where the stretch began to a row, beside what was ticked before, and go there."""
        here = self._queue.line(self.currentIndex().row())
        start = self._queue.find(self._anchor) if self._anchor is not None else None
        if start is None:
            if here is None:
                return
            self._anchor, self._before = here.row, self._queue.marks.rows
            start = self.currentIndex().row()
        self._tick(min(start, row), max(start, row))
        self.choose(row)

    def _tick_all(self) -> None:
        """Tick all rows; none any more where all are ticked."""
        self._before = ()
        if len(self._queue.marks) == self._queue.rowCount():
            self._queue.marks.clear()
        else:
            self._tick(0, self._queue.rowCount() - 1)

    def _tick(self, first: int, last: int) -> None:
        if last - first >= MOST_TICKED:
            self.too_many.emit(last - first + 1)
        elif last >= first:
            before = self._before
            self._queue.with_rows(first, last, lambda rows: self._set((*before, *rows)))

    def _set(self, rows: Sequence[QueueRow]) -> None:
        """Tick these, unless several stretches together come to too many."""
        count = len({row.id for row in rows})
        if count > MOST_TICKED:
            self.too_many.emit(count)
        else:
            self._queue.marks.set(rows)

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
        self._queue.ticked_ground = QBrush(theme.token(Token.SELECTED))
        show_choice(self)

    def _set_columns(self) -> None:
        set_columns(self, _WIDEST, _CELL_PADDING)
        columns = self.horizontalHeader()
        columns.setResizeContentsPrecision(0)
        columns.setStretchLastSection(True)


def _prints(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Print)
