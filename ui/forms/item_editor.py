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
        self._labels: list[QLabel] = []
        self.lines: dict[str, QLineEdit] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.space(2))
        self.set_trade(trade)

    def set_trade(self, trade: Trade) -> None:
        """Show another trade's items; what was typed stays, shown or not."""
        if trade.items == self._items:
            return
        kept = self.value()
        for widget in (*self._labels, *self.lines.values()):
            self._row.removeWidget(widget)
            widget.deleteLater()
        self._labels = []
        self._items, self.lines = trade.items, {}
        for item in trade.items:
            line = QLineEdit(self)
            line.setAccessibleName(item.label)
            line.textChanged.connect(self.edited)
            label = QLabel(item.label, self)
            label.setBuddy(line)
            self._labels.append(label)
            self._row.addWidget(label)
            self._row.addWidget(line, 1)
            self.lines[item.key] = line
        if self.lines:
            self.setFocusProxy(next(iter(self.lines.values())))
        self.set_value(kept)

    def value(self) -> dict[str, str] | None:
        """Return what was said, or None where nothing was."""
        said = {key: strip_unstorable(line.text()).strip() for key, line in self.lines.items()}
        return {**self._kept, **{key: text for key, text in said.items() if text}} or None

    def set_value(self, raw: object) -> None:
        """Show a mapping."""
        given = {str(k): str(v) for k, v in raw.items()} if isinstance(raw, Mapping) else {}
        for key, line in self.lines.items():
            with QSignalBlocker(line):
                line.setText(given.pop(key, ""))
        self._kept = given
