"""The head of a case's detail: its number, where it stands, and the customer with every phone number whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desk_app.domain.text import phones
from ui import theme
from ui.theme import Step, Token
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from desk_app.sentences import Sentences


class CaseHead(QWidget):
    """On as many lines as the width makes necessary: no number is broken, and a name that is too long is elided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.number = QLabel()
        self.number.setFont(theme.font(Step.LARGE, bold=True))
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._flow = FlowLayout(self, theme.space(1.5))
        self._flow.addWidget(self.number)
        self._about: list[ElidedLabel] = []

    def show_case(self, case: Case, sentences: Sentences) -> None:
        """Show a case."""
        who = sentences.label("word", "anonymous") if case.anonymous else case.customer_name
        told = [t for t in (sentences.label("status", case.status), who, *phones(case.customer_phone)) if t]
        while len(self._about) < len(told):
            self._about.append(self._add())
        for label, text in zip(self._about, told, strict=False):
            label.setText(text)
        self.number.setText(case.number)
        self._flow.arrange([self.number, *self._about[: len(told)]], frozenset())
        self.updateGeometry()

    def _add(self) -> ElidedLabel:
        label = ElidedLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.ink(label, Token.MUTED)
        self._flow.addWidget(label)
        return label
