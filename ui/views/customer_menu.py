"""What can be done about a customer: open one of their cases, say of which class they are, join and part them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QMenu, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.customer import CustomerClass
from desk_app.domain.numbering import completed
from desk_app.errors import KnownError
from ui import theme
from ui.forms.editors import LineEditor
from ui.latest import Latest
from ui.models import customer_words

if TYPE_CHECKING:
    from desk_app.domain.customer import Customer, CustomerEvent
    from desk_app.services.customers import Decided
    from ui.desk import Desk

_WIDTH_IN_CHARACTERS = 60


class CustomerMenu(QMenu):
    """The customer's cases, the open ones first and then the newest; ``case_wanted`` carries the one to be opened."""

    case_wanted = Signal(str)

    def __init__(self, desk: Desk, customer: Customer, parent: QWidget) -> None:
        """List what there is; :meth:`popup` shows it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._customer, self._parent = desk, customer, parent
        self._add_cases()
        self.addSeparator()
        self._add_classes()
        self.addAction(self.tr("这位和另一位是同一个人…(&M)"), self._ask_other)
        self.addAction(self.tr("个人信息：给本人一份、撤回同意、删除…(&P)"), self._open_person)
        for decision in customer.merges:
            words = self.tr("拆开：{0}").format(customer_words.merged(customer, decision))
            self.addAction(_plain(words), partial(split, desk, decision))

    def _add_cases(self) -> None:
        now, rules = self._desk.clock.now(), self._desk.rules
        for file in sorted(self._customer.cases, key=lambda file: file.case.status.is_over):
            words = _plain(customer_words.menu_line(file, rules, now))
            self.addAction(words, partial(self.case_wanted.emit, file.case.number))
        self.setActiveAction(self.actions()[0])

    def _add_classes(self) -> None:
        classes = self.addMenu(self.tr("客户类别(&C)"))
        labels = self._desk.rules.sentences.labels["customer_class"]
        choices: dict[CustomerClass | None, str] = {key: labels[key] for key in CustomerClass}
        for number, (given, label) in enumerate({**choices, None: self.tr("不分类")}.items(), 1):
            action = classes.addAction(f"&{number} {label}", partial(self._classify, given))
            action.setCheckable(True)
            action.setChecked(given is self._customer.classed)

    def _classify(self, given: CustomerClass | None) -> None:
        key, request_id = self._customer.keys[0], str(uuid4())
        words = self.tr("已记下客户类别")
        self._desk.ask(
            lambda ws: services.customers.classify(ws, key, given, request_id),
            lambda _decided: self._desk.notice.emit("done", words),
        )

    def _open_person(self) -> None:
        from ui.views.person_dialog import open_person  # noqa: PLC0415 -- when it is first wanted

        open_person(self._desk, self._parent, self._customer.cases[0].case.number)

    def _ask_other(self) -> None:
        MergeDialog(self._desk, self._customer, self._parent).open()


class MergeDialog(QDialog):
    """Asks for a case of the other one, shows both, and says that they are one person; Ctrl+Z parts them again."""

    def __init__(self, desk: Desk, customer: Customer, parent: QWidget) -> None:
        """Ask."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("同一位客户"))
        self._desk, self._customer = desk, customer
        self._other: tuple[str, Customer] | None = None
        self._asked = ""
        self._look = Latest(desk)
        self.number = LineEditor()
        self.number.setPlaceholderText(self.tr("另一位的任意一件：编号，或编号的最后几位"))
        self.number.edited.connect(self._edited)
        first, self.preview = QLabel(self.tr("这一位：{0}").format(_named(customer))), QLabel()
        for label in (first, self.preview):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox()
        self._merge = buttons.addButton(self.tr("是同一个人  Enter"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("算了  Esc"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._do)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        for widget in (first, self.number, self.preview, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(_WIDTH_IN_CHARACTERS * self.fontMetrics().averageCharWidth())
        self._edited()
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        self._other, typed = None, self.number.value() or ""
        self._merge.setEnabled(False)
        self.preview.setText("")
        self._look.forget()
        if typed and self._desk.shop is not None:
            clock = self._desk.clock
            number = completed(typed, self._desk.shop.number_pattern, clock.local(clock.now()).date())
            self._look.ask(
                lambda ws, _is_wanted: (number, services.customers.of_case(ws, number)),
                self._show_other,
                self._show_refusal,
            )

    def _show_refusal(self, error: Exception) -> bool:
        """Say below the number, and not in a notice, that what is typed so far is none."""
        if isinstance(error, KnownError):
            self.preview.setText(self._desk.rules.sentences.error(error))
        return isinstance(error, KnownError)

    def _show_other(self, found: tuple[str, Customer | None]) -> None:
        number, other = found
        if other is None:
            words = self._desk.rules.sentences.say("customer_unnamed", {"number": number})
        elif set(other.keys) & set(self._customer.keys):
            words = self.tr("{0} 就是这一位的").format(number)
        else:
            words = self.tr("另一位：{0}").format(_named(other))
            self._other = (number, other)
        self.preview.setText(words)
        self._merge.setEnabled(self._other is not None)

    def _do(self) -> None:
        if self._other is None:
            return
        number, other = self._other
        mine, request_id, desk = self._customer.cases[0].case.number, str(uuid4()), self._desk
        words = self.tr("{0} 和 {1} 现在是同一位客户").format(_named(self._customer), _named(other))

        def merged(decided: Decided) -> None:
            desk.tell_undoable(words, partial(split, desk, decided.event))

        desk.ask(lambda ws: services.customers.merge(ws, mine, number, request_id), merged)
        self.accept()


def split(desk: Desk, decision: CustomerEvent) -> None:
    """Part two customers who were made one."""
    request_id = str(uuid4())
    words = desk.tr("已拆开，又是两位客户")
    desk.ask(
        lambda ws: services.customers.split(ws, decision.id, request_id),
        lambda _decided: desk.notice.emit("done", words),
    )


def _named(customer: Customer) -> str:
    return " ".join(filter(None, (customer.name, customer.phone)))


def _plain(words: str) -> str:
    return words.replace("&", "&&")
