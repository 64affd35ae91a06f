"""The head of a case's detail: its number, where it stands, the customer with every phone number, and what it leads to.

That is the customer's other cases, the cases it was merged with, and the printing of its forms.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from desk_app import services, telling
from desk_app.domain.sight import who_sees
from desk_app.domain.text import phones
from ui import theme
from ui.latest import Latest
from ui.models import customer_words
from ui.theme import Step, Token
from ui.views.case_detail_actions import ActionButton
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.customer import Customer
    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


PARTNER_KEY, CUSTOMER_KEY, WHO_SEES_KEY = "J", "H", "L"
"""The keys of no action: the case this one was merged with, what is known of the customer, who sees what is hidden."""
LEADS = frozenset({PARTNER_KEY, CUSTOMER_KEY, WHO_SEES_KEY})


class CaseHead(QWidget):
    """On as many lines as the width makes necessary: no number is broken, and a name that is too long is elided.

    Ctrl+P, wherever the keys go while the case is to be seen, prints its forms. ``partner_wanted`` carries the number
    of a case it was merged with, or of another one of the customer's, that is to be opened.
    """

    partner_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self._desk = desk
        self.number = QLabel()
        self.number.setFont(theme.font(Step.LARGE, bold=True))
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._flow = FlowLayout(self, theme.space(1.5))
        self._flow.addWidget(self.number)
        self._about: list[ElidedLabel] = []
        self._told = 0  # labels of ``_about`` that say something
        self._partners: list[ActionButton] = []
        self._file: CaseFile | None = None
        self._customer: Customer | None = None
        self._whose = _small_button("")
        self._whose.clicked.connect(self._open_customer)
        self._flow.addWidget(self._whose)
        self._hidden = _small_button(self.tr("已遮住，谁能看  {0}").format(WHO_SEES_KEY))
        self._hidden.clicked.connect(self._tell_who_sees)
        self._flow.addWidget(self._hidden)
        self._opens = False
        self._look = Latest(desk)
        desk.changed.connect(self._refresh)
        self._print = _small_button(self.tr("打印  Ctrl+P"))
        self._print.clicked.connect(self._choose_forms)
        QShortcut(QKeySequence("Ctrl+P"), self._print).activated.connect(self._choose_forms)
        self._flow.addWidget(self._print)

    def show_case(self, file: CaseFile) -> None:
        """Show a case."""
        case, sentences = file.case, self._desk.rules.sentences
        who = sentences.label("word", "anonymous") if case.anonymous else case.customer_name
        secret = sentences.label("word", "secret") if case.confidential else ""
        told = [t for t in (sentences.label("status", case.status), who, secret, *phones(case.customer_phone)) if t]
        told = [*dict.fromkeys(told), *telling.remarks(file, self._desk.rules)]
        while len(self._about) < len(told):
            self._about.append(self._add())
        for label, text in zip(self._about, told, strict=False):
            label.setText(text)
        self.number.setText(case.number)
        self._told = len(told)
        self._show_partners(telling.partners(file, self._desk.rules))
        is_other = self._file is None or self._file.case.number != case.number
        self._file = file
        self._show_customer(None if is_other else self._customer)
        self._ask()

    def lead(self, letter: str) -> None:
        """Go where one of :data:`LEADS` leads; tell where there is nothing."""
        if letter == CUSTOMER_KEY:
            self._open_customer()
        elif letter == WHO_SEES_KEY:
            self._tell_who_sees()
        elif self._partners:
            self._partners[0].click()  # the latest of several
        else:
            self._desk.tell_here("warning", self.tr("{0} 没有与别的登记合并过").format(self.number.text()))

    def _tell_who_sees(self) -> None:
        """Say who sees whole customers of this case."""
        file, desk = self._file, self._desk
        if file is None:
            return
        code = "all_is_shown"
        if file.is_concealed:
            code = "who_sees_secret" if file.case.confidential else "who_sees"
        told = {"number": file.case.number, "office": who_sees(file, desk.policy.authority), "by": file.case.receiver}
        desk.tell_here("nothing", desk.rules.sentences.say(code, told))

    def _ask(self) -> None:
        if self._file is not None:
            number = self._file.case.number
            self._look.ask(lambda ws, _is_wanted: _customer_of(ws, number), self._answered)

    def _refresh(self, changes: Changes) -> None:
        if changes.customers or changes.cases or changes.everything:
            self._ask()

    def _answered(self, customer: Customer | None) -> None:
        self._show_customer(customer)
        if self._opens:
            self._open_customer()

    def _show_customer(self, customer: Customer | None) -> None:
        """Say which complaint of theirs it is, where the customer has other cases."""
        self._customer = customer
        words = customer_words.place_of(self._file, customer) if customer is not None and self._file else ""
        self._whose.setText(f"{words}  {CUSTOMER_KEY}")
        whose = [self._whose] if words else []
        self._whose.setVisible(bool(words))
        about = self._about[: self._told]
        hidden = [self._hidden] if self._file is not None and self._file.is_concealed else []
        self._hidden.setVisible(bool(hidden))
        self._flow.arrange([self.number, *about, *hidden, *whose, *self._partners, self._print], frozenset())
        self.updateGeometry()

    def _open_customer(self) -> None:
        from ui.views.customer_menu import CustomerMenu  # noqa: PLC0415 -- when it is first wanted

        if not self.isVisible():  # the answer came when one had left, or the desk was locked
            return
        self._opens = self._customer is None and self._look.is_waiting
        if self._opens:
            return  # the answer is on its way
        if self._customer is None:
            self._desk.tell_here(
                "warning", self.tr("{0} 认不出是哪位客户：没有电话，也没有全名").format(self.number.text())
            )
            return
        menu = CustomerMenu(self._desk, self._customer, self)
        menu.case_wanted.connect(self.partner_wanted)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _show_partners(self, partners: Mapping[str, str]) -> None:
        """Make a button for each case that this one was merged with; the key opens the first."""
        for button in self._partners:
            self._flow.removeWidget(button)
            button.deleteLater()
        self._partners = []
        for number, words in partners.items():
            button = _small_button(words if self._partners else f"{words}  {PARTNER_KEY}")
            button.clicked.connect(partial(self.partner_wanted.emit, number))
            self._flow.addWidget(button)
            self._partners.append(button)

    def _choose_forms(self) -> None:
        from ui.views.case_print import print_cases  # noqa: PLC0415 -- when something is printed

        print_cases(self._desk, self, (self.number.text(),))

    def _add(self) -> ElidedLabel:
        label = ElidedLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(label, Token.MUTED)
        self._flow.addWidget(label)
        return label


def _customer_of(ws: Workspace, number: str) -> Customer | None:
    return services.customers.of_case(ws, number)


def _small_button(words: str) -> ActionButton:
    button = ActionButton(words)
    button.setFont(theme.font(Step.SMALL))
    button.setAutoDefault(False)
    button.setFlat(True)
    return button
