"""设置 → 备份: the passphrase for backups that leave the house, and the recovery code that is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.errors import KnownError
from desk_app.services import sealing
from ui import theme
from ui.theme import Step, Token
from ui.widgets.secret_line import SecretLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from desk_app.services.sealing import Sealed
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_OF_SECRET = frozenset({"sealed_needs_secret", "sealed_wrong_secret", "recovery_code_mistyped"})


class SealPart(QWidget):
    """Where nothing is typed it says whether what leaves the house is sealed. ``told`` carries what came of a change.

    The recovery code stands on the screen until the person says that it is on paper; nothing can show it again.
    """

    told = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show nothing before :meth:`look`."""
        super().__init__(parent)
        self._desk = desk
        self._is_on = False
        self._wants: Callable[[], None] | None = None
        self._words, self._code, self._code_words = QLabel(), QLabel(), QLabel()
        self.set_up = QPushButton()
        self.turn_off = QPushButton(self.tr("不再加密…  Alt+K"))
        self.present = SecretLine(self.tr("现在的口令，或恢复码"))
        self.first = SecretLine(
            self.tr("新口令（好记的一句话，用拼音或英文，至少 {0} 个字）").format(sealing.SHORTEST_PASSPHRASE)
        )
        self.again = SecretLine(self.tr("再输一次，Enter 完成"))
        self.print = QPushButton(self.tr("打印恢复码  Ctrl+P"))
        self.noted = QPushButton(self.tr("已经打印或抄好  Alt+Y"))
        self._lay_out()
        self._wire()
        self._show_lines()

    @property
    def code(self) -> str:
        """The recovery code on the screen; empty where there is none."""
        return "" if self._code.isHidden() else self._code.text()

    @property
    def words(self) -> str:
        """Whether what leaves the house is sealed, as it reads."""
        return self._words.text()

    def look(self) -> None:
        """Ask whether there is a passphrase."""
        self._desk.ask(sealing.is_on, self._show)

    def begin(self) -> None:
        """Ask for a new passphrase; where there is one, for that first."""
        self.told.emit("")
        self._wants = self._change if self._is_on else self._make
        self._show_lines(*((self.present,) if self._is_on else ()), self.first, self.again)

    def begin_off(self) -> None:
        """Ask for the passphrase, to seal no more."""
        if self._is_on:
            self.told.emit("")
            self._wants = self._stop
            self._show_lines(self.present)

    # ------------------------------------------------------------------------------------------ changing

    def _finish(self) -> None:
        if self._wants is not None:
            self._wants()

    def _make(self) -> None:
        passphrase = self._chosen()
        if passphrase:
            self._desk.ask(lambda ws: sealing.set_up(ws, passphrase), self._made, self._refused)

    def _made(self, made: Sealed) -> None:
        self._done("seal_on")
        self._code.setText(made.recovery_code)
        for widget in (self._code, self._code_words, self.print, self.noted):
            widget.show()
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self) -> None:
        passphrase, present = self._chosen(), self.present.text()
        if passphrase:
            self._send(lambda ws: sealing.change_passphrase(ws, present, passphrase), "seal_changed")

    def _stop(self) -> None:
        present = self.present.text()
        self._send(lambda ws: sealing.turn_off(ws, present), "seal_off_now")

    def _send(self, work: Callable[[Workspace], None], code: str) -> None:
        self._desk.ask(work, lambda _nothing: self._done(code), self._refused)

    def _chosen(self) -> str:
        """Return the new passphrase where both lines say the same; else say so, and return nothing."""
        if self.first.text() != self.again.text():
            self.again.refuse(self._desk.rules.sentences.say("passphrase_differs", {}))
            return ""
        if not self.first.text():
            self.first.refuse(self._desk.rules.sentences.problems["required"])
        return self.first.text()

    def _done(self, code: str) -> None:
        self._show_lines()
        self.told.emit(self._desk.rules.sentences.say(code, {}))
        self.look()
        self.set_up.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, KnownError):
            return False
        if error.code == "passphrase_short":
            self.again.clear()
            self.first.refuse(self._desk.rules.sentences.error(error))
            return True
        if error.code in _OF_SECRET:
            self.present.refuse(self._desk.rules.sentences.error(error))
            return True
        return False

    def _print(self) -> None:
        from ui.printing.slip import print_slip  # noqa: PLC0415 -- loaded when something is printed

        say, shop = self._desk.rules.sentences.say, self._desk.shop
        title = self.tr("{0} 备份恢复码").format(shop.name if shop is not None else "").strip()
        try:
            print_slip(title, self._code.text(), (say("seal_code_told", {}),), self.window())
        except KnownError as error:
            self.told.emit(self._desk.rules.sentences.error(error))

    def _forget_code(self) -> None:
        self._code.clear()
        for widget in (self._code, self._code_words, self.print, self.noted):
            widget.hide()
        self.set_up.setFocus(Qt.FocusReason.OtherFocusReason)

    # -------------------------------------------------------------------------------------- what is shown

    def _show(self, is_on: bool) -> None:
        self._is_on = is_on
        self._words.setText(self._desk.rules.sentences.say("seal_is_on" if is_on else "seal_is_off", {}))
        self.set_up.setText(self.tr("改口令…  Alt+M") if is_on else self.tr("设口令，从此加密…  Alt+M"))
        self.turn_off.setVisible(is_on)

    def _show_lines(self, *lines: SecretLine) -> None:
        for each in (self.present, self.first, self.again):
            each.clear()
            each.setVisible(each in lines)
        if lines:
            lines[0].take_focus()
        else:
            self._wants = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc give up what is being typed."""
        if event.key() == Qt.Key.Key_Escape and self._wants is not None:
            self._show_lines()
            self.set_up.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _wire(self) -> None:
        self.set_up.clicked.connect(self.begin)
        self.turn_off.clicked.connect(self.begin_off)
        self.print.clicked.connect(self._print)
        self.noted.clicked.connect(self._forget_code)
        self.present.entered.connect(lambda: self.first.take_focus() if self.first.isVisible() else self._finish())
        self.first.entered.connect(self.again.take_focus)
        self.again.entered.connect(self._finish)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("带走的备份的口令"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        self._words.setWordWrap(True)
        self._code.setFont(theme.font(Step.DISPLAY, bold=True))
        self._code.setWordWrap(True)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._code.setAccessibleName(self.tr("恢复码"))
        self._code_words.setText(self._desk.rules.sentences.say("seal_code_told", {}))
        self._code_words.setWordWrap(True)
        theme.ink(self._code_words, Token.MUTED)
        buttons, after = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((buttons, (self.set_up, self.turn_off)), (after, (self.print, self.noted))):
            for button in widgets:
                button.setAutoDefault(True)
                row.addWidget(button)
            row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(title)
        column.addWidget(self._words)
        column.addLayout(buttons)
        for line in (self.present, self.first, self.again):
            column.addWidget(line)
        column.addWidget(self._code)
        column.addWidget(self._code_words)
        column.addLayout(after)
        for widget in (self._code, self._code_words, self.print, self.noted):
            widget.hide()
