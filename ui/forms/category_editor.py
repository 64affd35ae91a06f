"""The chooser of a category: typing narrows the paths of the tree, ↓ shows them all, Enter takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from desk_app.domain.fields import category_path
from ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QWheelEvent
    from PySide6.QtWidgets import QAbstractItemView

    from desk_app.domain.fields import Trade

_ROWS = 12
_PADDING = 12  # grid units beside the longest path, the scroll bar among them


class CategoryEditor(QComboBox):
    """A path in the tree, written ``一级 > 二级``. Any part of it finds it.

    The list opens by typing, and by ↓, ↑ or the mouse. Enter takes the chosen path, else the first one; leaving takes
    the chosen one, else the only one; Esc closes the list and leaves what was typed. Nothing is taken by walking
    through the list.
    """

    edited = Signal()

    def __init__(self, trade: Trade, parent: QWidget | None = None) -> None:
        """Show the paths of a trade, none chosen."""
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._paths: tuple[str, ...] = ()
        self._given = ""  # a path that may be offered no more
        self._line = line = QLineEdit(self)
        line.setPlaceholderText(self.tr("打字筛选，或按 ↓ 选"))
        line.returnPressed.connect(self._take_first)
        line.editingFinished.connect(self._take_only)
        line.textEdited.connect(self._narrow)
        self.setLineEdit(line)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt's own writes into the line what is only looked at
        self._completer = QCompleter(self.model(), self)
        self._completer.setWidget(self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setMaxVisibleItems(_ROWS)
        self._completer.activated.connect(lambda path: self._take([path]))
        self.set_trade(trade)
        self.currentTextChanged.connect(self.edited)

    def set_trade(self, trade: Trade) -> None:
        """Show the paths of another trade, the first level in bold; what was typed stays."""
        if trade.categories == self._paths:
            return
        kept, bold = self.value(), theme.font(bold=True)
        self._paths = trade.categories
        with QSignalBlocker(self):
            self.clear()
            self.addItems(list(trade.categories))
            for place, path in enumerate(self._paths):
                if " > " not in path:
                    self.setItemData(place, bold, Qt.ItemDataRole.FontRole)
        self.set_value(kept)

    def value(self) -> str | None:
        """Return the path (the only one, where what was typed has left one), or what was typed instead of one."""
        return self._only() or category_path(self.currentText()) or None

    def set_value(self, raw: object) -> None:
        """Show a path."""
        with QSignalBlocker(self):
            text = self._given = "" if raw is None else str(raw)
            self.setCurrentIndex(self._paths.index(text) if text in self._paths else -1)
            self.setEditText(text)

    def choose(self, path: str) -> None:
        """Take a path of the tree, as a person does."""
        self._take([path])

    # ------------------------------------------------------------------------------------------ the list

    def showPopup(self) -> None:
        """Show what the typed words have left (all, where that is nothing), ready to be walked through."""
        typed = category_path(self.currentText())
        self._show_list("" if typed in self._paths or not self._matches() else self.currentText().strip())
        rows = self._completer.completionModel()
        shown = [rows.index(row, 0) for row in range(rows.rowCount())]
        here = next((index for index in shown if index.data() == typed), shown[0])
        self._list.setCurrentIndex(here)

    def hidePopup(self) -> None:
        """Close the list."""
        super().hidePopup()
        self._list.hide()

    @property
    def _list(self) -> QAbstractItemView:
        return cast("QAbstractItemView", self._completer.popup())

    def _narrow(self, typed: str) -> None:
        if typed.strip():
            self._show_list(typed.strip())
        else:
            self.hidePopup()

    def _show_list(self, words: str) -> None:
        self._completer.setCompletionPrefix(words)
        widest = max(map(self.fontMetrics().horizontalAdvance, self._paths)) + theme.space(_PADDING)
        self._completer.complete(QRect(0, 0, max(self.width(), widest), self.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list; Qt alone would choose the next path unseen."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    # ------------------------------------------------------------------------------------------- taking

    def _take_first(self) -> None:
        """Enter: the chosen path of the list, else the first one that what was typed has left."""
        self._take(self._chosen() or self._matches()[:1])

    def _take_only(self) -> None:
        """Leaving: the chosen path, else the only one that what was typed has left."""
        if not self._line.hasFocus():  # else only the list has opened
            self.finish()

    def finish(self) -> None:
        """Take what leaving takes, and close the list: while it is open, no loss of the focus reaches the line."""
        only = self._only()
        self._take(self._chosen() or ([only] if only else []))

    def _chosen(self) -> list[str]:
        """Return the path on which the list stands, where it is open and does."""
        here = self._list.currentIndex()
        return [here.data()] if self._list.isVisible() and here.isValid() else []

    def _only(self) -> str | None:
        """Return the only path that is left, or the only one that ends with the very words, or None."""
        found = self._matches()
        leaves = [p for p in found if p.rpartition(" > ")[2] == self.currentText().strip()]
        return leaves[0] if len(leaves) == 1 else found[0] if len(found) == 1 else None

    def _matches(self) -> list[str]:
        typed = self.currentText().strip()
        if not typed or typed == self._given or category_path(typed) in self._paths:
            return []
        return [p for p in self._paths if typed.casefold() in p.casefold()]

    def _take(self, paths: list[str]) -> None:
        self.hidePopup()
        if paths:
            self.setCurrentIndex(self._paths.index(paths[0]))
            self.setEditText(paths[0])
