"""The foot of the form: the promise, in the largest type of the page, and the two keys that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.forms.moments import say_time
from ui.theme import Step, Token
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPaintEvent

    from ui.views.register_promise import Promised


class RegisterBar(QWidget):
    """The promise on the left, 复述, 更多项目, 下一位 and 保存 on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Promise nothing yet."""
        super().__init__(parent)
        self._lead = QLabel()
        self._promise = QLabel()
        self._promise.setFont(theme.font(Step.DISPLAY, bold=True))
        self._promise.setAccessibleName(self.tr("请告诉客户"))
        theme.ink(self._promise, Token.ACCENT)
        theme.ink(self._lead, Token.MUTED)
        self._entry = ElidedLabel()
        theme.ink(self._entry, Token.WARNING)
        self.save = QPushButton(self)  # the first: who leaves the last field wants to save
        self.next = QPushButton(self.tr("下一位  Ctrl+N"), self)
        self.next.setToolTip(self.tr("开始一张新表；没写完的留作一页"))
        self.read_back = QPushButton(self.tr("复述  F2"), self)
        self.read_back.setToolTip(self.tr("把记下的念给客户听，请客户确认"))
        self.more = QPushButton(self)
        self.save.setDefault(True)
        self.save.setFont(theme.font(bold=True))
        self.save.setMinimumHeight(theme.space(9))
        self.show_folded(folded=True)
        self.set_busy(busy=False)
        text = QVBoxLayout()
        text.setSpacing(0)
        lead = QHBoxLayout()
        lead.setSpacing(theme.space(3))
        lead.addWidget(self._lead)
        lead.addWidget(self._entry, 1)
        text.addLayout(lead)
        text.addWidget(self._promise)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(2), theme.space(5), theme.space(2))
        row.setSpacing(theme.space(3))
        row.addLayout(text, 1)
        for button in (self.read_back, self.more, self.next, self.save):
            button.setAutoDefault(True)  # Enter means the button that has the focus
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def add(self, button: QPushButton) -> None:
        """Put one more key on the left of the others."""
        self._row.insertWidget(1, button, 0, Qt.AlignmentFlag.AlignBottom)

    def show_times(self, promised: Promised | None, late_entry: datetime | None, now: datetime) -> None:
        """Show until when the customer is answered, and of what is entered afterwards when it was received."""
        self._show_promise(promised, now)
        self._show_late_entry(late_entry, now)

    def _show_promise(self, promised: Promised | None, now: datetime) -> None:
        """Show until when the customer is answered; what is over (a case entered late) is promised to nobody."""
        is_late = promised is not None and promised.is_late
        self._lead.setText(self.tr("▲ 已经逾期，请马上答复") if is_late else self.tr("请告诉客户"))
        words = self.tr("应在 {0} 前答复") if is_late else self.tr("{0} 前答复")
        self._promise.setText(words.format(say_time(promised.due, now)) if promised else "—")
        theme.ink(self._promise, Token.DANGER if is_late else Token.ACCENT)

    def _show_late_entry(self, received: datetime | None, now: datetime) -> None:
        """Tell both times of what is entered afterwards; None: it is being said now."""
        words = self.tr("● 补录：受理 {0}，录入 {1}")
        self._entry.setText(words.format(say_time(received, now), say_time(now, now)) if received else "")

    def set_busy(self, *, busy: bool) -> None:
        """Show that a save is under way."""
        self.save.setEnabled(not busy)
        self.save.setText(self.tr("正在保存…") if busy else self.tr("保存  Ctrl+S"))

    def show_folded(self, *, folded: bool) -> None:
        """Show whether the rarely used fields are folded away."""
        self.more.setText(self.tr("更多项目  F9") if folded else self.tr("收起  F9"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the one line that sets the bar off."""
        painter = QPainter(self)
        theme.fill(painter, self.rect(), Token.SURFACE)
        painter.setPen(theme.token(Token.BORDER))
        painter.drawLine(0, 0, self.width(), 0)
