"""The head of a case's detail: its number, where it stands, the customer with every phone number, and what it leads to.

That is the cases it was merged with, and the printing of its forms.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from desk_app import telling
from desk_app.domain.text import phones
from ui import theme
from ui.theme import Step, Token
from ui.views.case_detail_actions import ActionButton
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.case import CaseFile
    from ui.desk import Desk


PARTNER_KEY = "J"
"""The key that opens the case this one was merged with, of no action."""


class CaseHead(QWidget):
    """On as many lines as the width makes necessary: no number is broken, and a name that is too long is elided.

    Ctrl+P, wherever the keys go while the case is to be seen, prints its forms. ``partner_wanted`` carries the number
    of a case it was merged with, that is to be opened.
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
        self._partners: list[ActionButton] = []
        self._print = _small_button(self.tr("打印  Ctrl+P"))
        self._print.clicked.connect(self._choose_forms)
        QShortcut(QKeySequence("Ctrl+P"), self._print).activated.connect(self._choose_forms)
        self._flow.addWidget(self._print)

    def show_case(self, file: CaseFile) -> None:
        """Show a case."""
        case, sentences = file.case, self._desk.rules.sentences
        who = sentences.label("word", "anonymous") if case.anonymous else case.customer_name
        told = [t for t in (sentences.label("status", case.status), who, *phones(case.customer_phone)) if t]
        while len(self._about) < len(told):
            self._about.append(self._add())
        for label, text in zip(self._about, told, strict=False):
            label.setText(text)
        self.number.setText(case.number)
        self._show_partners(telling.partners(file, self._desk.rules))
        self._flow.arrange([self.number, *self._about[: len(told)], *self._partners, self._print], frozenset())
        self.updateGeometry()

    def open_partner(self) -> None:
        """Go to the case that this one was merged with, the latest of several; tell where there is none."""
        if self._partners:
            self._partners[0].click()
        else:
            self._desk.tell_here("warning", self.tr("{0} 没有与别的登记合并过").format(self.number.text()))

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


def _small_button(words: str) -> ActionButton:
    button = ActionButton(words)
    button.setFont(theme.font(Step.SMALL))
    button.setAutoDefault(False)
    button.setFlat(True)
    return button
