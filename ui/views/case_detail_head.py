"""The head of a case's detail: its number, where it stands, the customer with every phone number, and the printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from desk_app.domain.text import phones
from ui import theme
from ui.theme import Step, Token
from ui.views.case_detail_actions import ActionButton
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from ui.desk import Desk


class CaseHead(QWidget):
    """On as many lines as the width makes necessary: no number is broken, and a name that is too long is elided.

    Ctrl+P, wherever the keys go while the case is to be seen, prints its forms.
    """

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
        self._print = ActionButton(self.tr("打印  Ctrl+P"))
        self._print.setFont(theme.font(Step.SMALL))
        self._print.setAutoDefault(False)
        self._print.setFlat(True)
        self._print.clicked.connect(self._choose_forms)
        QShortcut(QKeySequence("Ctrl+P"), self._print).activated.connect(self._choose_forms)
        self._flow.addWidget(self._print)

    def show_case(self, case: Case) -> None:
        """Show a case."""
        sentences = self._desk.rules.sentences
        who = sentences.label("word", "anonymous") if case.anonymous else case.customer_name
        told = [t for t in (sentences.label("status", case.status), who, *phones(case.customer_phone)) if t]
        while len(self._about) < len(told):
            self._about.append(self._add())
        for label, text in zip(self._about, told, strict=False):
            label.setText(text)
        self.number.setText(case.number)
        self._flow.arrange([self.number, *self._about[: len(told)], self._print], frozenset())
        self.updateGeometry()

    def _choose_forms(self) -> None:
        from ui.views.case_print import print_case  # noqa: PLC0415 -- when something is printed

        print_case(self._desk, self, self.number.text())

    def _add(self) -> ElidedLabel:
        label = ElidedLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(label, Token.MUTED)
        self._flow.addWidget(label)
        return label
