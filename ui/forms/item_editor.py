"""The editor of the item complained of: one short line for each field of the trade (单号, 房号 …)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from desk_app.domain.text import strip_unstorable
from ui import theme

if TYPE_CHECKING:
    from desk_app.domain.fields import Choice, Trade


class ItemEditor(QWidget):
    """A mapping of the trade's item keys to texts; keys that the trade does not know are kept as they are."""

    edited = Signal()

    def __init__(self, trade: Trade, parent: QWidget | None = None) -> None:
        """Make one empty line for each item of the trade."""
        super().__init__(parent)
        self._items: tuple[Choice, ...] = ()
        self._kept: Mapping[str, str] = {}
        self._places: list[tuple[QLabel, QLineEdit]] = []
        self.lines: dict[str, QLineEdit] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.space(2))
        self.setFocusProxy(self._add_place())
        self.set_trade(trade)

    def set_trade(self, trade: Trade) -> None:
        """Show another trade's items; what was typed stays, shown or not.

        The lines are kept and named anew, so that each stays where it is in the order of the Tab key.
        """
        if trade.items == self._items:
            return
        kept = self.value()
        while len(self._places) < len(trade.items):
            self._add_place()
        for place, (label, line) in enumerate(self._places):
            is_used = place < len(trade.items)
            name = trade.items[place].label if is_used else ""
            label.setText(name)
            line.setAccessibleName(name)
            label.setVisible(is_used)
            line.setVisible(is_used)
        self._items = trade.items
        self.lines = {item.key: line for item, (_label, line) in zip(trade.items, self._places, strict=False)}
        self.set_value(kept)

    def _add_place(self) -> QLineEdit:
        label, line = QLabel(self), QLineEdit(self)
        label.setBuddy(line)
        line.textChanged.connect(self.edited)
        self._row.addWidget(label)
        self._row.addWidget(line, 1)
        if self._places:
            QWidget.setTabOrder(self._places[-1][1], line)
        self._places.append((label, line))
        return line

    def value(self) -> dict[str, str] | None:
        """Return what was said, or None where nothing was."""
        said = {key: strip_unstorable(line.text()).strip() for key, line in self.lines.items()}
        return {**self._kept, **{key: text for key, text in said.items() if text}} or None

    def set_value(self, raw: object) -> None:
        """Show a mapping."""
        given = {str(k): str(v) for k, v in raw.items()} if isinstance(raw, Mapping) else {}
        keys = [item.key for item in self._items]
        for place, (_label, line) in enumerate(self._places):
            with QSignalBlocker(line):
                line.setText(given.pop(keys[place], "") if place < len(keys) else "")
        self._kept = given
