"""PINs: who has one, setting and taking away, letting somebody try again, the recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.services import access
from ui import theme
from ui.theme import Step, Token
from ui.views.lock import print_recovery_code, secret_line
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from desk_app.services.results import Finding, Shop
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


class StaffPins(QWidget):
    """Choose a person by a digit, type the PIN twice, Enter. What may not be done is said by the use case."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Ask who there is."""
        super().__init__(parent)
        self._desk = desk
        self._staff: tuple[access.StaffMember, ...] = ()
        self._title, self._told, self._note, self._code = QLabel(), QLabel(), QLabel(), QLabel()
        self.who = ChoiceBar(())
        self.old, self.new, self.again = secret_line(), secret_line(), secret_line()
        self.set = QPushButton(self.tr("设口令  Enter"))
        self.remove = QPushButton(self.tr("取消口令"))
        self.unlock = QPushButton(self.tr("准许再试"))
        self.renew = QPushButton(self.tr("新的恢复码"))
        self.print = QPushButton(self.tr("打印恢复码  Ctrl+P"))
        self._shown_code = self._operator = ""
        self._form = QFormLayout()
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._wire()
        self._look()

    # -- what there is

    def _shop_changed(self, shop: Shop) -> None:
        """Look again; what was shown to one, or half typed, is not for who comes next."""
        if shop.operator != self._operator:
            self._operator = shop.operator
            self._hide_code()
            for line in (self.old, self.new, self.again):
                line.clear()
        self._look()

    def _look(self) -> None:
        self._desk.ask(_staff_and_notes, self._show, lambda _error: True)

    def _show(self, found: tuple[tuple[access.StaffMember, ...], tuple[Finding, ...]]) -> None:
        staff, notes = found
        if staff != self._staff:
            chosen = self.who.value()
            self._staff = staff
            self._replace_who(chosen if isinstance(chosen, str) else staff[0].name)
        say = self._desk.rules.sentences.say
        self._note.setText("\n".join(say(note.code, note.params) for note in notes))
        self._show_person()

    def _replace_who(self, name: str) -> None:
        marked = [Choice(each.name, self._marked(each)) for each in self._staff]
        bar = ChoiceBar(marked)
        bar.set_value(name if any(each.name == name for each in self._staff) else self._staff[0].name)
        bar.setAccessibleName(self.tr("谁的口令"))
        bar.edited.connect(self._chosen)
        had_focus = self.who.hasFocus()
        self._column.replaceWidget(self.who, bar)
        self.who.deleteLater()
        self.who = bar
        QWidget.setTabOrder(bar, self.old)
        if had_focus:
            bar.setFocus()

    def _marked(self, member: access.StaffMember) -> str:
        if member.wait:
            return self.tr("{0}（试错太多）").format(member.name)
        return self.tr("{0}（有口令）").format(member.name) if member.has_pin else member.name

    def _chosen(self) -> None:
        self._told.clear()
        self._hide_code()
        self._show_person()

    def _member(self) -> access.StaffMember | None:
        return next((each for each in self._staff if each.name == self.who.value()), None)

    def _show_person(self) -> None:
        member = self._member()
        operator = self._desk.shop.operator if self._desk.shop else ""
        has_pin = member is not None and member.has_pin
        self._form.setRowVisible(self.old, has_pin and member is not None and member.name == operator)
        self.set.setText(self.tr("改口令  Enter") if has_pin else self.tr("设口令  Enter"))
        self.remove.setVisible(has_pin)
        self.unlock.setVisible(member is not None and member.wait > 0)

    # -- what is done

    def _set(self) -> None:
        member, new = self._member(), self.new.text()
        if member is None:
            return
        if new != self.again.text():
            self.again.clear()
            self._told.setText(self.tr("两次输的不一样，请再输一次"))
            self.again.setFocus()
            return
        name, old = member.name, self.old.text()
        self._desk.ask(lambda ws: access.set_pin(ws, name, new, old), self._was_set)

    def _remove(self) -> None:
        if (member := self._member()) is not None:
            name, old = member.name, self.old.text()
            self._desk.ask(lambda ws: access.remove_pin(ws, name, old), self._was_set)

    def _unlock(self) -> None:
        if (member := self._member()) is not None:
            name = member.name
            self._desk.ask(lambda ws: access.unlock(ws, name), lambda _done: self._look())

    def _renew(self) -> None:
        self._desk.ask(access.make_recovery_code, self._show_code)

    def _was_set(self, done: access.PinSet) -> None:
        for line in (self.old, self.new, self.again):
            line.clear()
        self._desk.take_shop(done.shop)
        self._told.setText(self.tr("已存好"))
        self._look()
        if done.code:
            self._show_code(done.code)

    def _show_code(self, code: str) -> None:
        """Show the code, which is not kept anywhere: to be printed, or written down."""
        self._shown_code = code
        self._code.setText(self.tr("恢复码（抄下或打印，锁在柜里；以后不再显示，忘了口令时用它）：\n{0}").format(code))
        self._code.show()
        self.print.show()
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def _hide_code(self) -> None:
        self._shown_code = ""
        self._code.clear()
        self._code.hide()
        self.print.hide()

    def _print(self) -> None:
        if self._shown_code and (told := print_recovery_code(self._desk, self._shown_code, self)):
            self._told.setText(told)

    # -- the widget

    def _wire(self) -> None:
        self._desk.shop_changed.connect(self._shop_changed)
        self.print.clicked.connect(self._print)
        key = QShortcut(QKeySequence("Ctrl+P"), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self._print)
        self.set.clicked.connect(self._set)
        self.again.returnPressed.connect(self._set)
        self.remove.clicked.connect(self._remove)
        self.unlock.clicked.connect(self._unlock)
        self.renew.clicked.connect(self._renew)

    def _lay_out(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(2))
        self._title.setText(self.tr("口令（数字键选人；至少 4 位）"))
        self._title.setFont(theme.font(Step.SMALL))
        for label in (self._told, self._note, self._code):
            label.setWordWrap(True)
        self._note.setFont(theme.font(Step.SMALL))
        theme.ink(self._note, Token.MUTED)
        self._code.setFont(theme.font(bold=True))
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hide_code()
        for words, line in (
            (self.tr("原口令"), self.old),
            (self.tr("新口令"), self.new),
            (self.tr("再输一次"), self.again),
        ):
            line.setAccessibleName(words)
            self._form.addRow(words, line)
        self._form.setRowVisible(self.old, False)
        buttons = QHBoxLayout()
        for button in (self.set, self.remove, self.unlock):
            buttons.addWidget(button)
        self.remove.hide()
        self.unlock.hide()
        buttons.addStretch()
        buttons.addWidget(self.renew)
        self._column.addWidget(self._title)
        self._column.addWidget(self.who)
        self._column.addLayout(self._form)
        self._column.addLayout(buttons)
        self._column.addWidget(self._told)
        self._column.addWidget(self._code)
        self._column.addWidget(self.print, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._note)


def _staff_and_notes(ws: Workspace) -> tuple[tuple[access.StaffMember, ...], tuple[Finding, ...]]:
    return access.staff(ws), access.notes_on_access(ws)
