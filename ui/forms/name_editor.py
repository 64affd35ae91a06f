"""The chooser of a person: one of the shop's names, or any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from desk_app.domain.text import strip_unstorable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent


class NameEditor(QComboBox):
    """Typing filters the names, the arrow down shows them all; another name may be typed."""

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
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
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
