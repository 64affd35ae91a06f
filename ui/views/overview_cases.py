"""The cases behind a figure of the overview: what is counted, by which formula, and each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk_app.domain.metrics import METRICS, Among
from desk_app.services.overview import Behind, What, cases_behind
from ui import theme
from ui.latest import Latest
from ui.models.overview_cases import rows, title
from ui.models.overview_figures import of_what, share, undivided
from ui.theme import Step, Token
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.finding import Hit
    from desk_app.domain.metrics import Rate
    from desk_app.domain.periods import Period
    from ui.desk import Desk

MOST = 400
_WIDEST = ("TS-20261008-001", "11-22 10:00", "退货要求", "138****8000", "待客户补充")
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier)


class CasesPanel(QWidget):
    """``opened`` carries the number of the case that Enter is on; ``left`` says that Esc was pressed.

    Of a rate M goes over from what it counts to what it is of, and back.
    """

    opened = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`show_behind`."""
        super().__init__(parent)
        self._desk, self._question = desk, Latest(desk)
        self._of: tuple[Period, tuple[str, ...], Behind, Rate | None] | None = None
        self._name = ""
        self._hits: tuple[Hit, ...] = ()
        self.heading, self.formula, self._keys = QLabel(), QLabel(), QLabel()
        names = self.tr("编号 受理时间 类别 客户 状态 事由").split()
        self.table = RowsTable(names, _WIDEST, self.tr("登记"))
        self.table.opened.connect(lambda row: self.opened.emit(self._hits[row].number))
        self.setFocusProxy(self.table)
        self._lay_out()

    def show_behind(
        self, period: Period, kinds: tuple[str, ...], behind: Behind, rate: Rate | None = None, name: str = ""
    ) -> None:
        """Show other cases; ``rate`` is what a metric came to, ``name`` what to call them where the value is secret."""
        self._of, self._name = (period, kinds, behind, rate), name
        self._hits = ()
        self.table.show_rows([], self.tr("正在找…"))
        self._tell()
        self.ask()

    def ask(self) -> None:
        """Look for the cases, or look again."""
        if self._of is None:
            return
        period, kinds, behind, _rate = self._of
        self._question.ask(
            lambda ws, _wanted: cases_behind(ws, period, behind, MOST, kinds), partial(self._show, behind)
        )

    def _show(self, behind: Behind, hits: tuple[Hit, ...]) -> None:
        self._hits = hits
        self.table.show_rows(rows(hits, self._desk.rules, self._desk.clock.now()), self.tr("一件也没有。"))
        is_cut = len(hits) == MOST
        count = self.tr("最近的 {0} 件").format(MOST) if is_cut else self.tr("{0} 件").format(len(hits))
        self._tell(count)
        self.table.setAccessibleName(self.heading.text())

    def _tell(self, count: str = "") -> None:
        if self._of is None:
            return
        period, _kinds, behind, rate = self._of
        sentences = self._desk.rules.sentences
        self.heading.setText("　".join(filter(None, (title(behind, period, self._desk.rules, self._name), count))))
        formula = ""
        if rate is not None:
            lacking = undivided(rate, behind.value, sentences)
            came_to = f"{of_what(rate)} ＝ {share(rate)}"
            formula = "\n".join(filter(None, (sentences.label("formula", behind.value), came_to, lacking)))
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))
        keys = [self.tr("↑↓ 选择　Enter 打开")]
        if self._other is not None:
            keys.append(self.tr("M 看作基数的") if behind.what is What.RATE else self.tr("M 看算进去的"))
        self._keys.setText("　".join((*keys, self.tr("Esc 返回"))))

    @property
    def _other(self) -> Behind | None:
        """What M goes over to; None where there are no such cases."""
        if self._of is None or self._of[2].what not in (What.RATE, What.AMONG):
            return None
        behind = self._of[2]
        if METRICS[behind.value].among is Among.SERVED:
            return None
        return Behind(What.AMONG if behind.what is What.RATE else What.RATE, behind.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave, or go over to the other side of a rate."""
        if event.key() == Qt.Key.Key_Escape:
            self._question.forget()
            self.left.emit()
        elif event.key() == Qt.Key.Key_M and event.modifiers() in _PLAIN and self._other and self._of is not None:
            period, kinds, _behind, rate = self._of
            self.show_behind(period, kinds, self._other, rate)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.heading.setFont(theme.font(Step.LARGE, bold=True))
        theme.ink(self._keys, Token.MUTED)
        self._keys.setFont(theme.font(Step.SMALL))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(6), theme.space(4), theme.space(6), theme.space(2))
        column.setSpacing(theme.space(2))
        for label in (self.heading, self.formula):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.table, 1)
        column.addWidget(self._keys)
