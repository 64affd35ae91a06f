"""The list of a search: rows that are moved over from the box, with what was looked for marked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import theme
from ui.theme import Token
from ui.widgets.row_style import set_columns

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from ui.models.hits_model import HitsModel, Marks

_CELL_PADDING = 3  # grid units, both sides together
_WIDEST = ("TS-20261008-001", "11-22 10:00", "退货要求", "138****8000", "待客户补充", "商品/服务明细")
_BEFORE = 4  # characters that stay before a mark which a narrow column would cut off
_Index = QModelIndex | QPersistentModelIndex


class HitsTable(QTableView):
    """``opened`` carries the row of a double click; ``at_end`` says that the last row is looked at.

    The keys stay with the box (its focus proxy), which hands on what moves.
    """

    opened = Signal(int)
    at_end = Signal()

    def __init__(self, model: HitsModel, box: QWidget, parent: QWidget | None = None) -> None:
        """Show ``model``; ``box`` has the keys."""
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setFocusProxy(box)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("搜索结果"))
        self.setItemDelegate(_MarkedText(model, self))
        set_columns(self, _WIDEST, _CELL_PADDING)
        self.horizontalHeader().setStretchLastSection(True)
        self._empty = QLabel(self.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(self._empty, Token.MUTED)
        box.installEventFilter(self)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def row(self) -> int:
        """The marked row, -1 where there is none."""
        return self.currentIndex().row()

    @property
    def empty_words(self) -> str:
        """What is said in place of rows."""
        return self._empty.text()

    def show_empty(self, words: str) -> None:
        """Say ``words`` in place of rows; nothing where ``words`` is empty."""
        self._empty.setText(words)
        self._empty.setVisible(bool(words))

    def choose(self, row: int) -> None:
        """Mark a row and see to it that it is on the screen."""
        self.setCurrentIndex(self._model.index(row, 0))

    def go(self, key: int) -> None:
        """Mark another row; beyond the last one there may be more."""
        screenful = max(1, self.viewport().height() // max(1, self.rowHeight(0)) - 1)
        last, here = self._model.rowCount() - 1, self.row
        if last < 0:
            return
        to = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_PageUp: here - screenful,
            Qt.Key.Key_PageDown: here + screenful,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }[Qt.Key(key)]
        self.choose(min(max(to, 0), last))
        if self.row == last:
            self.at_end.emit()

    def _scrolled(self, value: int) -> None:
        if value and value == self.verticalScrollBar().maximum():
            self.at_end.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of an empty table in its middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())

    def eventFilter(self, _box: QObject, event: QEvent) -> bool:
        """Show the marked row in the accent while the keys go to the box, else faintly."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.viewport().update()
        return False


class _MarkedText(QStyledItemDelegate):
    """Paints a cell with one line of text; the words that were looked for stand on a quiet ground of their own."""

    def __init__(self, model: HitsModel, parent: HitsTable) -> None:
        super().__init__(parent)
        self._model, self._table = model, parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the ground, the text, and the marks over it."""
        line = self._model.lines[index.row()]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = self._table.hasFocus()
        area: QRect = option.rect
        if chosen:
            theme.fill(painter, area, Token.ACCENT if focused else Token.SELECTED)
        room = area.adjusted(theme.space(1), 0, -theme.space(1), 0)
        metrics = self._table.fontMetrics()
        marks = line.marks if index.column() == line.marked else ()
        text, marks = _fitted(line.cells[index.column()], marks, metrics, room.width())
        painter.setPen(theme.token(Token.ON_ACCENT if chosen and focused else Token.TEXT))
        painter.drawText(room, _ONE_LINE, text)
        for start, end in marks:
            left = room.left() + metrics.horizontalAdvance(text[:start])
            width = metrics.horizontalAdvance(text[:end]) - metrics.horizontalAdvance(text[:start])
            height = metrics.height()
            ground = QRect(left, room.center().y() - height // 2, width, height)
            theme.fill(painter, ground, Token.WARNING_SURFACE)
            theme.fill(painter, ground.adjusted(0, height - theme.space(0.5), 0, 0), Token.WARNING)
            painter.setPen(theme.token(Token.TEXT))
            painter.drawText(QRect(left, room.top(), width + 1, room.height()), _ONE_LINE, text[start:end])


_ONE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine


def _fitted(text: str, marks: Marks, metrics: QFontMetrics, width: int) -> tuple[str, Marks]:
    """Return as much of a text as there is room for, with its marks: the first of them is not cut off."""
    if metrics.horizontalAdvance(text) <= width:
        return text, marks
    if marks and metrics.horizontalAdvance(text[: marks[0][1]] + "…") > width:
        cut = max(0, marks[0][0] - _BEFORE)
        text, by = "…" + text[cut:], cut - 1
        marks = tuple((start - by, end - by) for start, end in marks)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    last = len(shown) - 1 if shown != text else len(shown)
    return shown, tuple((start, min(end, last)) for start, end in marks if start < last)
