"""The list of phrases: what is said out of habit in small type, below it what to say, and what to mind about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_app.domain.guide import Phrase

_WRAP = Qt.TextFlag.TextWordWrap
_TALL = 1 << 16
_OBJECTION = "objection"
_PHRASE = Qt.ItemDataRole.UserRole
_MOVES = {
    Qt.Key.Key_Up: QAbstractItemView.CursorAction.MoveUp,
    Qt.Key.Key_Down: QAbstractItemView.CursorAction.MoveDown,
    Qt.Key.Key_PageUp: QAbstractItemView.CursorAction.MovePageUp,
    Qt.Key.Key_PageDown: QAbstractItemView.CursorAction.MovePageDown,
}


class PhraseList(QListWidget):
    """Phrases to choose from. It never takes the focus: who has it hands the arrows on to :meth:`go`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.setItemDelegate(_PhraseDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)  # or Qt would keep the heights when the width changes
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else a bar that comes changes heights
        self.setAccessibleName(self.tr("话术"))
        self._empty = QLabel(self.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(self._empty, Token.MUTED)
        self._empty.hide()

    def show_phrases(self, groups: Iterable[tuple[str, Iterable[Phrase]]]) -> None:
        """Show these below the titles of their groups (empty: none), the first phrase chosen."""
        self.clear()
        for title, phrases in groups:
            if title:
                QListWidgetItem(title, self).setFlags(Qt.ItemFlag.NoItemFlags)  # the arrows pass it by
            for phrase in phrases:
                item = QListWidgetItem("\n".join(line.text for line in self.lines(phrase)), self)  # as it is read out
                item.setData(_PHRASE, phrase)
        self._choose_first()

    def show_empty(self, words: str) -> None:
        """Say ``words`` in place of phrases; nothing where ``words`` is empty."""
        self._empty.setText(words)
        self._empty.setVisible(bool(words))

    def chosen(self) -> Phrase | None:
        """Return the phrase that is chosen, or None."""
        phrase: Phrase | None = self.currentIndex().data(_PHRASE)
        return phrase

    def go(self, key: Qt.Key) -> bool:
        """Choose another phrase, where that is what a key means; return whether it is."""
        if key not in _MOVES:
            return False
        index = self.moveCursor(_MOVES[key], Qt.KeyboardModifier.NoModifier)
        if index.isValid() and index.row() == self._first:
            self._choose_first()
        elif index.isValid():
            self.setCurrentIndex(index)
        return True

    @property
    def _first(self) -> int:
        """The row of the first phrase, or the end."""
        return next((row for row in range(self.count()) if self.item(row).data(_PHRASE) is not None), self.count())

    def _choose_first(self) -> None:
        """Choose the first phrase, and let the title above it be seen."""
        self.setCurrentRow(self._first)
        self.scrollToTop()

    def lines(self, phrase: Phrase) -> tuple[Line, ...]:
        """Return what is written for a phrase, from the top down."""
        habit = self.tr("客户说") if phrase.pack == _OBJECTION else self.tr("不说")
        head = "　".join(t for t in (phrase.group, f"{habit}：{phrase.avoid}" if phrase.avoid else "") if t)
        signs = (
            self.tr("▲ 需核实后使用") if phrase.check else "",
            self.tr("● 是承诺，说了就要做到") if phrase.promise else "",
        )
        lines = (
            Line(head, Step.SMALL, Token.MUTED),
            Line(phrase.say, Step.BASE, Token.TEXT),
            Line(self.tr("注：{0}").format(phrase.note) if phrase.note else "", Step.SMALL, Token.MUTED),
            Line("　".join(s for s in signs if s), Step.SMALL, Token.WARNING),
        )
        return tuple(line for line in lines if line.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words of an empty list in its middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())


class Line(NamedTuple):
    """One text of a phrase, wrapped where it is longer than the list is wide."""

    text: str
    step: Step
    ink: Token


class _PhraseDelegate(QStyledItemDelegate):
    """Paints the lines of a phrase below each other; the chosen one has a ground and a bar of the accent."""

    def __init__(self, parent: PhraseList) -> None:
        super().__init__(parent)
        self._list = parent
        self._fonts: dict[Step, QFont] = {step: theme.font(step) for step in (Step.SMALL, Step.BASE)}

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height that the width of the list makes necessary."""
        width = self._list.viewport().width()
        heights = (self._bounds(line, self._inner(width)).height() for line in self._lines(index))
        return QSize(width, sum(heights) + theme.space(3))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one phrase."""
        area: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            theme.fill(painter, area, Token.SELECTED)
            theme.fill(painter, QRect(area.topLeft(), QSize(theme.space(), area.height())), Token.ACCENT)
        top = area.top() + theme.space(1.5)
        for line in self._lines(index):
            bounds = self._bounds(line, self._inner(area.width()))
            painter.setFont(self._fonts[line.step])
            painter.setPen(theme.token(line.ink))
            painter.drawText(bounds.translated(area.left() + theme.space(3), top), _WRAP, line.text)
            top += bounds.height()

    def _lines(self, index: QModelIndex | QPersistentModelIndex) -> tuple[Line, ...]:
        phrase = index.data(_PHRASE)
        return (Line(index.data(), Step.SMALL, Token.ACCENT),) if phrase is None else self._list.lines(phrase)

    def _bounds(self, line: Line, width: int) -> QRect:
        return QFontMetrics(self._fonts[line.step]).boundingRect(QRect(0, 0, width, _TALL), _WRAP, line.text)

    @staticmethod
    def _inner(width: int) -> int:
        return width - theme.space(5)
