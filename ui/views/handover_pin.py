"""The PIN of who takes over a shift: asked only of somebody who has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step
from ui.views.lock import secret_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent

    from desk_app.services.access import StaffMember


class IncomingPin(QWidget):
    """A label that says whose PIN is wanted, and the line. What was typed is forgotten when it goes out of sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Ask nobody."""
        super().__init__(parent)
        self._who, self._protected = "", frozenset[str]()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setFont(theme.font(Step.SMALL))
        self.line = secret_line()
        self.line.setMinimumHeight(theme.space(7))
        self._label.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(self._label)
        column.addWidget(self.line)
        self.hide()

    def show_staff(self, staff: Sequence[StaffMember]) -> None:
        """Know who has a PIN."""
        self._protected = frozenset(member.name for member in staff if member.has_pin)
        self._show()

    def ask(self, name: str) -> None:
        """Ask for the PIN of the person who is named as taking over."""
        if name != self._who:
            self._who = name
            self.line.clear()
            self._show()

    def want(self) -> None:
        """Ask all the same: the register says that this person has a PIN by now."""
        self._protected |= {self._who}
        self._show()

    def take(self) -> str:
        """Return what was typed, and forget it: each try is typed anew."""
        pin = self.line.text()
        self.line.clear()
        return pin

    def _show(self) -> None:
        words = self.tr("{0} 的口令（接班人自己输）").format(self._who)
        self._label.setText(words)
        self.line.setAccessibleName(words)
        self.setVisible(self._who in self._protected)

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed."""
        super().hideEvent(event)
        self.line.clear()
