"""The head of the overview: which period, which kinds of cases, and what the figures stand beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.vocabulary import Kind
from ui import theme
from ui.models.periods import Span, named
from ui.theme import Step, Token
from ui.views.period_picker import PeriodPicker
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from datetime import date

    from desk_app.services.overview import Overview
    from desk_app.services.rules import Rules

_ALL = "all"


class OverviewHead(QWidget):
    """``changed`` says that another period or other kinds are wanted, ``print_wanted`` that it is to be printed."""

    changed = Signal()
    print_wanted = Signal()

    def __init__(self, today: date, rules: Rules, parent: QWidget | None = None) -> None:
        """Stand at the present month, and all kinds."""
        super().__init__(parent)
        self.period = PeriodPicker(today, rules.sentences)
        self.period.box.show_span(Span.MONTH, today)
        self.period.box.setAccessibleName(self.tr("期间（↑↓ 换一个，←→ 换种类）"))
        self.kinds_bar = ChoiceBar([Choice(_ALL, self.tr("全部")), Choice(Kind.COMPLAINT.value, self.tr("只看投诉"))])
        self.kinds_bar.set_value(_ALL)
        self.kinds_bar.setAccessibleName(self.tr("类别"))
        self._print = QPushButton(self.tr("预览、打印  Ctrl+P"))
        self._told, self._keys = QLabel(), QLabel()
        self._lay_out()
        self.period.changed.connect(self.changed)
        self.kinds_bar.edited.connect(self.changed)
        self._print.clicked.connect(self.print_wanted)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are wanted; none: all."""
        value = str(self.kinds_bar.value())
        return () if value == _ALL else (value,)

    @property
    def told(self) -> str:
        """What is said of what is shown."""
        return self._told.text()

    def set_today(self, today: date) -> None:
        """Know what has come by now."""
        self.period.set_today(today)

    def turn(self) -> None:
        """Go over from all kinds to complaints alone, or back."""
        self.kinds_bar.set_value(_ALL if self.kinds else Kind.COMPLAINT.value)
        self.changed.emit()

    def show_overview(self, found: Overview) -> None:
        """Say what the figures stand beside, and where there are none what to do."""
        words = self.tr("{0}没有登记。按 Alt+← Alt+→ 看别的时间，Ctrl+1 去登记。").format(named(found.now.period))
        self.tell(compared(found) if found.now.total else words)

    def tell(self, words: str) -> None:
        """Say something in place of that."""
        self._told.setText(words)

    def _lay_out(self) -> None:
        for label in (self._told, self._keys):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        theme.ink(self._keys, Token.MUTED)
        self._keys.setFont(theme.font(Step.SMALL))
        self._keys.setText(self.tr("← → 或 Alt+← → 换一期　Enter 列出登记　T 表格　Ctrl+L 只看投诉　F5 重新统计"))
        choices = QHBoxLayout()
        choices.addWidget(self.kinds_bar)
        choices.addStretch()
        choices.addWidget(self._print)
        right = QVBoxLayout()
        right.setSpacing(theme.space(1.5))
        right.addLayout(choices)
        right.addWidget(self._told)
        right.addStretch()
        right.addWidget(self._keys)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(6))
        row.addWidget(self.period)
        row.addLayout(right, 1)


def compared(found: Overview) -> str:
    """Return what a period stands beside."""
    beside = [_tr("上期 {0}").format(named(found.before.period))]
    if found.year_ago is not None and found.year_ago.period != found.before.period:  # of a year it is the same
        beside.append(_tr("去年同期 {0}").format(named(found.year_ago.period)))
    return _tr("与{0}比；后来办的也算在受理的那一期，未结案、逾期按现在。").format("、".join(beside))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
