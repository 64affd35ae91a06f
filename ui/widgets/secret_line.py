"""A line for a passphrase or a recovery code: hidden as it is typed, shown where the person wants to compare it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step, Token


class SecretLine(QWidget):
    """A label over a line. Enter hands over what is typed (``entered``); Alt+V shows it, and hides it again."""

    entered = Signal(str)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """Be empty and hidden from view."""
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | self.line.inputMethodHints()
        )
        self.line.setAccessibleName(label)
        self.line.returnPressed.connect(lambda: self.entered.emit(self.line.text()))
        self._show = QPushButton(self.tr("显示  Alt+V"))
        self._show.setCheckable(True)
        self._show.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show.toggled.connect(self._turn)
        shortcut = QShortcut(QKeySequence("Alt+V"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._show.toggle)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        theme.ink(self._problem, Token.DANGER)
        title = QLabel(label)
        title.setFont(theme.font(Step.SMALL))
        title.setBuddy(self.line)
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space())
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.clear()

    @property
    def problem(self) -> str:
        """What was said of the last try."""
        return self._problem.text()

    def text(self) -> str:
        """Return what is typed."""
        return self.line.text()

    def refuse(self, problem: str) -> None:
        """Say what is wrong with what was typed, and let it be typed anew."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.line.setAccessibleDescription(problem)
        self.line.selectAll()
        self.take_focus()

    def clear(self) -> None:
        """Forget what was typed."""
        self.line.clear()
        self._problem.clear()
        self._problem.hide()
        self._show.setChecked(False)

    def take_focus(self) -> None:
        """Take the keys."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, is_shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
