"""The first start: three questions, then the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice, Field, FieldType
from desk_app.domain.problems import RefusedError
from desk_app.services.rules import DEFAULT_TRADE
from desk_app.services.shop import ShopSaved, set_up
from ui import theme
from ui.forms.editors import EditorFacts
from ui.forms.field_form import FieldForm, Section, Slot
from ui.theme import Step, Token

if TYPE_CHECKING:
    from ui.desk import Desk

_WIDTH_IN_CHARACTERS = 70


class WelcomePage(QWidget):
    """Shop, trade, person. ``answered`` says that they are stored; Enter goes from one to the next."""

    answered = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__(parent)
        self._desk = desk
        trades = tuple(Choice(*pair) for pair in desk.rules.sentences.labels["trade"].items())
        name = Field("name", self.tr("门店名称"), FieldType.TEXT, required=True, max_length=60)
        trade = Field("trade", self.tr("行业"), FieldType.ENUM, required=True, choices=trades)
        operator = Field("operator", self.tr("您是谁"), FieldType.TEXT, required=True, max_length=40)
        facts = EditorFacts(desk.rules.trade(DEFAULT_TRADE), desk.clock)
        self.form = FieldForm([Section("", [[Slot(name)], [Slot(trade)], [Slot(operator)]])], facts)
        self.form.set_values({"trade": DEFAULT_TRADE})
        self.start = QPushButton(self.tr("开始登记  Ctrl+S"))
        self.start.setFont(theme.font(bold=True))
        self.moved = QPushButton(self.tr("换了电脑：用备份恢复原来的登记册  F12"))
        self.moved.setFlat(True)
        self.moved.setAutoDefault(True)
        self.moved.clicked.connect(desk.recovery_wanted)
        self.start.setMinimumHeight(theme.space(9))
        self.start.setAutoDefault(True)
        self.start.clicked.connect(self._answer)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._answer)
        self._lay_out()

    def activated(self) -> None:
        """Begin with the first question."""
        self.form.focus_first()

    def _answer(self) -> None:
        values = {key: str(value) for key, value in self.form.values().items()}
        required = self._desk.rules.sentences.problems["required"]
        missing = {key: required for key in self.form.rows if key not in values}
        if self.form.show_problems(missing):
            return
        self.start.setEnabled(False)
        name, trade, operator = (values[key] for key in ("name", "trade", "operator"))
        self._desk.ask(lambda ws: set_up(ws, name, trade, operator), self._saved, self._no)

    def _saved(self, saved: ShopSaved) -> None:
        self._desk.take_shop(saved.shop)
        self.answered.emit()

    def _no(self, error: Exception) -> bool:
        self.start.setEnabled(True)
        if not isinstance(error, RefusedError):
            return False
        self.form.show_problems({"operator": self._desk.rules.sentences.problem(error.problems[0])})
        return True

    def _lay_out(self) -> None:
        title = QLabel(self.tr("前台投诉登记"))
        title.setFont(theme.font(Step.DISPLAY, bold=True))
        words = QLabel(
            self.tr("客人还在说，就已经登记好；答应的事，一件也不会忘。\n先回答三个问题，以后在“设置”里都可以改。")
        )
        theme.ink(words, Token.MUTED)
        open_words = QLabel(
            self.tr(
                "口令和权限可以不设：那样，能用这台电脑的人都能用任何人的名义登记、查看和修改，经过里的姓名只是选的。"
                "几个人共用一台电脑的，请在“设置 → 门店与权限”里设。"
            )
        )
        open_words.setWordWrap(True)
        open_words.setFont(theme.font(Step.SMALL))
        theme.ink(open_words, Token.MUTED)
        middle = QWidget()
        middle.setFixedWidth(_WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth())
        column = QVBoxLayout(middle)
        column.setSpacing(theme.space(5))
        column.addWidget(title)
        column.addWidget(words)
        column.addWidget(self.form)
        column.addWidget(open_words)
        column.addWidget(self.start)
        column.addWidget(self.moved, 0, Qt.AlignmentFlag.AlignLeft)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
