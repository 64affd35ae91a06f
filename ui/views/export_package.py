"""What comes before the package of a period is exported: what it is without, and which month still waits."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk_app.errors import KnownError
from desk_app.services.package import incomplete, told
from ui import theme
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph
from ui.widgets.row_style import show_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QFocusEvent

    from desk_app.domain.periods import Period
    from desk_app.sentences import Sentences
    from desk_app.services.package import Incomplete
    from desk_app.services.workspace import Workspace

_WIDTH_IN_CHARACTERS, _HEIGHT_IN_LINES = 90, 34
_NUMBER = Qt.ItemDataRole.UserRole


def look(ws: Workspace, period: Period, *, is_cancelled: Callable[[], bool]) -> tuple[Incomplete, ...]:
    """Return what a period is without; ends where it is cancelled, by ``export_cancelled`` (on the storage thread)."""

    def stop() -> None:
        if is_cancelled():
            raise KnownError("export_cancelled")

    return incomplete(ws, period, before_each=stop)


class WaitingMonth(QPushButton):
    """Stands while last month was not exported; ``chosen`` carries that month (``2026-10``)."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be hidden until there is one."""
        super().__init__(parent)
        self._month = ""
        self.clicked.connect(self.choose)
        self.hide()

    def show_month(self, month: str) -> None:
        """Tell of a month; of none, be gone."""
        self._month = month
        self.setText(self.tr("{0} 还没有导出：选这个月  Alt+M").format(month))
        self.setVisible(bool(month))

    def choose(self) -> None:
        """Want the month that waits, where one does."""
        if self._month:
            self.chosen.emit(self._month)


class IncompleteDialog(QDialog):
    """What a period is without, and each of its cases: Ctrl+M exports all the same, Enter opens a case, Esc leaves."""

    case_wanted = Signal(str)

    def __init__(self, sentences: Sentences, period: str, found: Sequence[Incomplete], parent: QWidget) -> None:
        """Show what was found."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("{0} 还有不全的").format(period))
        self.cases = _Cases()
        self.cases.setAccessibleName(self.tr("不全的登记，Enter 打开"))
        self._go_on = QPushButton(self.tr("照样导出  Ctrl+M"))
        self._open = QPushButton(self.tr("打开这一件  Enter"))
        self._leave = QPushButton(self.tr("先不导出  Esc"))
        self._lay_out([self._line(sentences, each) for each in found])
        self._fill(sentences, found)
        self._wire()
        self.cases.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_case(self) -> None:
        """Leave for the case that is chosen."""
        item = self.cases.currentItem()
        if item is not None:
            self.reject()
            self.case_wanted.emit(item.data(_NUMBER))

    def _fill(self, sentences: Sentences, found: Sequence[Incomplete]) -> None:
        """List each case once with all that it is without, in order of number."""
        lacking = defaultdict[str, list[str]](list)
        for each in found:
            for number in each.numbers:
                lacking[number].append(sentences.label("gap", each.gap))
        for number in sorted(lacking):
            item = QListWidgetItem(f"{number}　{'、'.join(lacking[number])}", self.cases)
            item.setData(_NUMBER, number)
        self.cases.setCurrentRow(0)
        self._open.setEnabled(bool(lacking))

    def _line(self, sentences: Sentences, each: Incomplete) -> QWidget:
        if each.months:
            words = QLabel(sentences.say(*told(sentences, each)))
        else:
            words = QLabel(self.tr("{0} {1} 件").format(sentences.label("gap", each.gap), len(each.numbers)))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Glyph("warning"))
        line.addWidget(words, 1)
        return row

    def _lay_out(self, lines: Sequence[QWidget]) -> None:
        column, buttons = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*[theme.space(5)] * 4)
        column.setSpacing(theme.space(2))
        for line in lines:
            column.addWidget(line)
        hint = QLabel(self.tr("这些登记还不全；可以先补齐，也可以照样导出。"))
        hint.setFont(theme.font(Step.SMALL))
        theme.ink(hint, Token.MUTED)
        column.addWidget(hint)
        column.addWidget(self.cases, 1)
        for button in (self._go_on, self._open):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self._leave.setAutoDefault(False)
        buttons.addStretch()
        buttons.addWidget(self._leave)
        column.addLayout(buttons)
        metrics = self.fontMetrics()
        self.resize(_WIDTH_IN_CHARACTERS * metrics.averageCharWidth(), _HEIGHT_IN_LINES * metrics.height())

    def _wire(self) -> None:
        self._go_on.clicked.connect(self.accept)
        self._open.clicked.connect(self.open_case)
        self._leave.clicked.connect(self.reject)
        self.cases.itemActivated.connect(self.open_case)
        QShortcut(QKeySequence("Ctrl+M"), self).activated.connect(self.accept)


class _Cases(QListWidget):
    """Shows the chosen row in the accent while the keys go to it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_choice(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        show_choice(self)
