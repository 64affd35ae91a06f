"""The chooser of a person: one of the shop's names, or any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from desk_app.domain.text import strip_unstorable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent


class NameEditor(QComboBox):
    """The arrow keys go through the names; any other may be typed."""

    edited = Signal()

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        """Offer ``names``, none chosen."""
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(list(names))
        self.setCurrentIndex(-1)
        self.setMinimumContentsLength(1)
        line = QLineEdit(self)
        line.setPlaceholderText(self.tr("打字，或按 ↓ 选"))
        self.setLineEdit(line)
        line.setCompleter(None)  # type: ignore[arg-type]  # a list that pops up would swallow the Tab that moves on
        self.currentTextChanged.connect(self.edited)

    def value(self) -> str | None:
        """Return the name, or None where there is none."""
        return strip_unstorable(self.currentText()).strip() or None

    def set_value(self, raw: object) -> None:
        """Show a name."""
        with QSignalBlocker(self):
            self.setCurrentIndex(-1)
            self.setEditText("" if raw is None else str(raw))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
