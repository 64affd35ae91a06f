"""The chooser of a category: typing filters the paths of the tree, Enter takes the first that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from desk_app.domain.fields import category_path

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from desk_app.domain.fields import Trade


class CategoryEditor(QComboBox):
    """A path in the tree, written ``一级 > 二级``. Any part of it finds it; the arrow down shows them all."""

    edited = Signal()

    def __init__(self, trade: Trade, parent: QWidget | None = None) -> None:
        """Show the paths of a trade, none chosen."""
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._paths: tuple[str, ...] = ()
        line = QLineEdit(self)
        line.setPlaceholderText(self.tr("打字筛选，或按 ↓ 选"))
        line.returnPressed.connect(self._take_first)
        line.editingFinished.connect(self._take_only)
        self.setLineEdit(line)
        self._completer = QCompleter(self.model(), self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(self._completer)
        self.set_trade(trade)
        self.currentTextChanged.connect(self.edited)

    def set_trade(self, trade: Trade) -> None:
        """Show the paths of another trade; what was typed stays."""
        if trade.categories == self._paths:
            return
        kept = self.value()
        self._paths = trade.categories
        with QSignalBlocker(self):
            self.clear()
            self.addItems(list(trade.categories))
        self.set_value(kept)

    def value(self) -> str | None:
        """Return the path (the only one, where what was typed has left one), or what was typed instead of one."""
        return self._only() or category_path(self.currentText()) or None

    def set_value(self, raw: object) -> None:
        """Show a path."""
        with QSignalBlocker(self):
            text = "" if raw is None else str(raw)
            self.setCurrentIndex(self._paths.index(text) if text in self._paths else -1)
            self.setEditText(text)

    def _take_first(self) -> None:
        """Enter: the first path that what was typed has left."""
        self._take(self._matches()[:1])

    def _take_only(self) -> None:
        """Leaving: the path, where what was typed has left only one."""
        only = self._only()
        self._take([only] if only else [])

    def _only(self) -> str | None:
        """Return the only path that is left, or the only one that ends with the very words, or None."""
        found = self._matches()
        leaves = [p for p in found if p.rpartition(" > ")[2] == self.currentText().strip()]
        return leaves[0] if len(leaves) == 1 else found[0] if len(found) == 1 else None

    def _matches(self) -> list[str]:
        typed = self.currentText().strip()
        if not typed or category_path(typed) in self._paths:
            return []
        return [p for p in self._paths if typed.casefold() in p.casefold()]

    def _take(self, paths: list[str]) -> None:
        if (popup := self._completer.popup()) is not None:
            popup.hide()
        if paths:
            self.setCurrentIndex(self._paths.index(paths[0]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
