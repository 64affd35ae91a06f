"""The lock page: who is at the desk, and their PIN. Nothing of a customer is on the screen while it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.errors import KnownError
from desk_app.services import access
from ui import theme
from ui.forms.field_form import FormScroll
from ui.theme import Step, Token
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from ui.desk import Desk

_WIDTH_IN_CHARACTERS = 60
_SECOND_MS = 1000
_LONGEST = 200  # of what is typed: the core says what is too long


class LockPage(QWidget):
    """Choose a name, type the PIN, Enter. F9 goes over to the recovery code where a PIN was forgotten.

    ``entered`` carries the :class:`~desk_app.services.access.SignedIn`; ``left`` says that the person who was there
    goes on (Esc, only where somebody else was about to take over).
    """

    entered = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Know nobody yet: :meth:`ask` says who there is."""
        super().__init__(parent)
        self._desk = desk
        self._staff: tuple[access.StaffMember, ...] = ()
        self._can_leave = False
        self._left_ms = 0
        self._signed: access.SignedIn | None = None
        self._title, self._words, self._told = QLabel(), QLabel(), QLabel()
        self._sign = Glyph("warning")
        self.who = ChoiceBar(())
        self.pin, self.code, self.new, self.again = secret_line(), QLineEdit(), secret_line(), secret_line()
        self.enter = QPushButton(self.tr("签到  Enter"))
        self.other = QPushButton()
        self.print = QPushButton(self.tr("打印恢复码  Ctrl+P"))
        self._form = QFormLayout()
        self._column = QVBoxLayout()
        self._wait = QTimer(self)
        self._is_recovering = False
        self._lay_out()
        self._wire()

    def activated(self) -> None:
        """Take the keys: of the PIN, where somebody is chosen."""
        self._go_to_first()

    def ask(self, staff: Sequence[access.StaffMember], name: str, *, can_leave: bool) -> None:
        """Ask a person for their PIN; ``can_leave``: who was there may go on instead."""
        self._staff, self._can_leave, self._signed = tuple(staff), can_leave, None
        self._replace_who(name)
        self._recover(on=False)

    def _replace_who(self, name: str) -> None:
        bar = ChoiceBar([Choice(each.name, each.name) for each in self._staff])
        bar.set_value(name)
        bar.setAccessibleName(self.tr("谁在受理"))
        bar.edited.connect(self._chosen)
        self._column.replaceWidget(self.who, bar)
        self.who.deleteLater()
        self.who = bar
        QWidget.setTabOrder(bar, self.pin)

    def _chosen(self) -> None:
        self._say("")
        self._let_wait(0)
        self._show_who()

    def _show_who(self) -> None:
        """Ask for a PIN only who has one."""
        member = self._member()
        has_pin = member is not None and member.has_pin
        self.pin.setEnabled(has_pin and not self._wait.isActive())
        self.pin.setPlaceholderText("" if has_pin else self.tr("没有设口令，按 Enter 即可"))
        if member is not None and member.wait and not self._wait.isActive():
            self._let_wait(member.wait)

    def _member(self) -> access.StaffMember | None:
        return next((each for each in self._staff if each.name == self.who.value()), None)

    # ------------------------------------------------------------------------------------------------- signing in

    def _submit(self) -> None:
        name = self.who.value()
        if self._signed is not None:
            self._go_on()
        elif not isinstance(name, str):
            self._say(self.tr("请先选姓名（数字键）"))
            self.who.setFocus()
        elif self._is_recovering:
            self._submit_recovery(name)
        else:
            pin = self.pin.text()
            self.pin.clear()
            self._desk.ask(lambda ws: access.sign_in(ws, name, pin), self.entered.emit, self._refused)

    def _submit_recovery(self, name: str) -> None:
        code, new, again = self.code.text(), self.new.text(), self.again.text()
        if new != again:
            self.again.clear()
            self._say(self.tr("两次输的新口令不一样，请再输一次"))
            self.again.setFocus()
            return
        self._desk.ask(lambda ws: access.recover(ws, code, name, new), self._recovered, self._refused)

    def _recovered(self, signed: access.SignedIn) -> None:
        """Show the next code, once, before the desk is there again."""
        self._signed = signed
        for line in (self.code, self.new, self.again):
            line.clear()
            self._form.setRowVisible(line, False)
        self._title.setText(self.tr("新的恢复码"))
        self._words.setText(
            self.tr("口令已改好。旧的恢复码已作废，请打印或抄下这一个收好，以后不再显示：\n\n{0}").format(
                signed.next_code
            )
        )
        self.print.show()
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.who.hide()
        self.other.hide()
        self.enter.setText(self.tr("收好了  Enter"))
        self.enter.setFocus()
        self._say("")

    def _print(self) -> None:
        if self._signed is not None:
            self._say(print_recovery_code(self._desk, self._signed.next_code, self))

    def _go_on(self) -> None:
        signed, self._signed = self._signed, None
        self._words.clear()
        self.entered.emit(signed)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, KnownError):
            return False
        if error.code == "sign_in_wait":
            self._let_wait(int(str(error.params["wait"])))
        else:
            self._say(self._desk.rules.sentences.error(error))
        self._go_to_first()
        return True

    def _let_wait(self, seconds: int) -> None:
        """Count down what is to be waited; until then no PIN is taken."""
        self._left_ms = seconds * _SECOND_MS
        if not seconds:
            self._wait.stop()
            return
        self._wait.start(_SECOND_MS)
        self.pin.setEnabled(False)
        self._tell_wait()

    def _count_down(self) -> None:
        self._left_ms -= _SECOND_MS
        if self._left_ms > 0:
            self._tell_wait()
            return
        self._wait.stop()
        self._say("")
        self._staff = tuple(_rested(each) if each.name == self.who.value() else each for each in self._staff)
        self._show_who()
        self._go_to_first()

    def _tell_wait(self) -> None:
        minutes, seconds = divmod(self._left_ms // _SECOND_MS, 60)
        self._say(self._desk.rules.sentences.say("sign_in_wait", {"minutes": minutes, "seconds": seconds}))

    # ------------------------------------------------------------------------------------------------- recovering

    def _recover(self, *, on: bool) -> None:
        """Ask for the recovery code and a new PIN, or for the PIN."""
        self._is_recovering = on
        for line in (self.code, self.new, self.again):
            line.clear()
            self._form.setRowVisible(line, on)
        self.pin.clear()
        self._form.setRowVisible(self.pin, not on)
        self.who.show()
        self.other.show()
        self.print.hide()
        self.other.setText(self.tr("改输口令  F9") if on else self.tr("忘了口令  F9"))
        self.enter.setText(self.tr("改口令并签到  Enter") if on else self.tr("签到  Enter"))
        self._title.setText(self._heading())
        self._words.setText(self._what_to_do())
        self._say("")
        self._let_wait(0)
        self._show_who()
        self._go_to_first()

    def _heading(self) -> str:
        if self._is_recovering:
            return self.tr("忘了口令")
        return self.tr("换人受理") if self._can_leave else self.tr("已锁定")

    def _what_to_do(self) -> str:
        if self._is_recovering:
            return self.tr("别的人忘了口令：请店长在“设置 → 门店与权限”重设。店长自己忘了：输入打印收好的恢复码。")
        if self._can_leave:
            return self.tr("输口令接着受理；Esc 不换人。没写完的登记都在。")
        return self.tr("选姓名、输口令，接着受理。没写完的登记都在。")

    # ------------------------------------------------------------------------------------------------- the page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc lead back to who was there."""
        if event.key() == Qt.Key.Key_Escape and self._can_leave and self._signed is None:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _say(self, sentence: str) -> None:
        self._told.setText(sentence)
        self._sign.setVisible(bool(sentence))

    def _go_to_first(self) -> None:
        if self._is_recovering:
            self.code.setFocus()
        elif self.pin.isEnabled():
            self.pin.setFocus()
        else:
            self.who.setFocus()

    def _wire(self) -> None:
        for line in (self.pin, self.code, self.new, self.again):
            line.setMaxLength(_LONGEST)
            line.setMinimumHeight(theme.space(7))
        self.enter.clicked.connect(self._submit)
        self.other.clicked.connect(self._turn)
        self._wait.timeout.connect(self._count_down)
        self.print.clicked.connect(self._print)
        for keys, slot in (("F9", self._turn), ("Ctrl+P", self._print)):
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(slot)

    def _turn(self) -> None:
        if self._signed is None:
            self._recover(on=not self._is_recovering)

    def _lay_out(self) -> None:
        self._title.setFont(theme.font(Step.DISPLAY, bold=True))
        self._words.setWordWrap(True)
        theme.ink(self._words, Token.MUTED)
        self._told.setWordWrap(True)
        theme.ink(self._told, Token.DANGER)
        self.enter.setFont(theme.font(bold=True))
        self.enter.setMinimumHeight(theme.space(9))
        rows = (
            (self.tr("口令"), self.pin),
            (self.tr("恢复码"), self.code),
            (self.tr("新口令"), self.new),
            (self.tr("再输一次"), self.again),
        )
        for label, line in rows:
            line.setAccessibleName(label)
            self._form.addRow(label, line)
        buttons = QHBoxLayout()
        buttons.addWidget(self.enter, 1)
        buttons.addWidget(self.print)
        buttons.addWidget(self.other)
        middle = QWidget()
        middle.setLayout(self._column)
        middle.setFixedWidth(_WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth())
        self._column.setSpacing(theme.space(4))
        for widget in (self._title, self._words, self.who):
            self._column.addWidget(widget)
        self._column.addLayout(self._form)
        told = QHBoxLayout()
        told.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._told, 1)
        self._column.addLayout(told)
        self._column.addLayout(buttons)
        across, inner = QHBoxLayout(), QWidget()
        across.addStretch()
        across.addWidget(middle)  # with an alignment it would not get the height that many names need
        across.addStretch()
        column = QVBoxLayout(inner)
        column.addStretch(2)
        column.addLayout(across)
        column.addStretch(3)
        scroll = FormScroll()
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


def print_recovery_code(desk: Desk, code: str, parent: QWidget) -> str:
    """Print the code on a slip of its own; return why it could not be, empty where it is on its way."""
    from ui.printing.slip import print_slip  # noqa: PLC0415 -- loaded when something is printed

    shop, say = desk.shop, desk.rules.sentences.say
    title = parent.tr("{0} 口令恢复码").format(shop.name if shop is not None else "").strip()
    try:
        print_slip(title, code, (say("pin_code_told", {}),), parent.window())
    except KnownError as error:
        return desk.rules.sentences.error(error)
    return ""


def secret_line() -> QLineEdit:
    """Return a line that shows nothing of what is typed, and into which no input method writes."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
    return line


def _rested(member: access.StaffMember) -> access.StaffMember:
    return access.StaffMember(member.name, member.role, member.has_pin)
