"""One line that leaves the chosen follow-up aside: until when, and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desk_app.domain.problems import RefusedError
from desk_app.domain.validation import read_moment
from desk_app.errors import KnownError
from desk_app.services.desk import snooze
from ui import theme
from ui.forms.editors import LineEditor, MomentEditor
from ui.theme import Token

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QTableView

    from desk_app.domain.queue import QueueRow
    from desk_app.services.results import Acted
    from ui.desk import Desk

_MORNING = time(9)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SnoozePlace(QWidget):
    """The room below the queue where one follow-up at a time is left aside; hidden while none is asked about."""

    def __init__(self, desk: Desk, table: QTableView, parent: QWidget | None = None) -> None:
        """Ask about nothing; the keys come from ``table`` and go back to it."""
        super().__init__(parent)
        self._desk, self._table = desk, table
        self._bar: SnoozeBar | None = None
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)
        self.hide()

    def takes(self, row: QueueRow) -> bool:
        """Return whether a follow-up can be left aside; what is late is not, and that is told."""
        is_late = row.due_at <= self._desk.clock.now()
        if is_late:
            error = KnownError("snooze_beyond_due", until=row.due_at, due=row.due_at)
            self._desk.tell_here("warning", self._desk.rules.sentences.error(error))
        return not is_late

    def open(self, row: QueueRow) -> None:
        """Ask until when a follow-up is to be left aside."""
        self._drop()
        what = f"{row.number} {self._desk.rules.sentences.label('follow_up', row.kind)}"
        bar = self._bar = SnoozeBar(self._desk, row, what)
        bar.left.connect(self.close_bar)
        bar.done.connect(self.close_bar)
        cast("QVBoxLayout", self.layout()).addWidget(bar)
        self.show()
        bar.take_focus()
        around = self.parentWidget()
        if around is not None and (column := around.layout()) is not None:
            column.activate()  # the table is lower now
        self._table.scrollTo(self._table.currentIndex())

    def close_bar(self) -> None:
        """Ask no more."""
        if self._bar is not None:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._drop()

    def _drop(self) -> None:
        if self._bar is not None:
            self._bar.hide()
            self._bar.deleteLater()
            self._bar = None
        self.hide()


class SnoozeBar(QWidget):
    """Enter leaves it aside, Esc goes back. ``done`` says that it is stored, ``left`` that the person goes."""

    done = Signal()
    left = Signal()

    def __init__(self, desk: Desk, row: QueueRow, what: str, parent: QWidget | None = None) -> None:
        """Ask about one follow-up, ``what`` in words; it must not be due yet."""
        super().__init__(parent)
        self._desk, self._row, self._request_id = desk, row, str(uuid4())
        self._until = MomentEditor(desk.clock)
        self._until.set_value(_proposed(row, desk.clock.now()).strftime("%Y-%m-%d %H:%M"))
        self._reason = LineEditor()
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        theme.ink(self._problem, Token.DANGER)
        self._problem.hide()
        self._lay_out(what)

    def take_focus(self) -> None:
        """Begin at the time, chosen whole so that another can be typed over it."""
        self._until.setFocus(Qt.FocusReason.OtherFocusReason)
        self._until.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc; Enter in the time goes on to the reason while there is none."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _ENTER and self._until.hasFocus() and self._reason.value() is None:
            self._reason.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in _ENTER:
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        number, follow_up_id, reason = self._row.number, self._row.follow_up_id, self._reason.value() or ""
        try:
            until = read_moment("until", self._until.value(), self._desk.clock.local)
        except RefusedError as refused:
            self._say(self._desk.rules.sentences.problem(refused.problems[0]))
            return
        if until is None:
            self._until.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._desk.ask(
            lambda ws: snooze(ws, number, follow_up_id, until, reason, self._request_id), self._stored, self._refused
        )

    def _stored(self, _acted: Acted) -> None:
        until = self._until.value()
        self._desk.notice.emit(
            "done", self.tr("{0} 以后再办，{1} 再提醒；“逾期”和“全部”里一直看得到").format(self._row.number, until)
        )
        self.done.emit()

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, KnownError):
            return False
        self._say(self._desk.rules.sentences.error(error))
        return True

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _lay_out(self, what: str) -> None:
        until, reason = QLabel(self.tr("{0}　以后再办，至").format(what)), QLabel(self.tr("因为"))
        until.setTextFormat(Qt.TextFormat.PlainText)
        self._until.setAccessibleName(self.tr("以后再办，至"))
        self._until.setFixedWidth(self._until.fontMetrics().horizontalAdvance("2026-10-01 09:00") + theme.space(5))
        self._reason.setAccessibleName(self.tr("为什么以后再办，必填"))
        self._reason.setPlaceholderText(self.tr("如：客户周四才回来　Enter 确定　Esc 返回"))
        self._reason.setMaxLength(_LONGEST_REASON)
        line = QGridLayout(self)
        line.setContentsMargins(0, theme.space(), 0, theme.space())
        line.setHorizontalSpacing(theme.space(2))
        for column, widget in enumerate((until, self._until, reason, self._reason)):
            line.addWidget(widget, 0, column)
        line.addWidget(self._problem, 1, 0, 1, 4)
        line.setColumnStretch(3, 1)


_LONGEST_REASON = 200


def _proposed(row: QueueRow, now: datetime) -> datetime:
    """Return tomorrow morning, or the due time where that comes first."""
    morning = datetime.combine(now.date() + timedelta(days=1), _MORNING, now.tzinfo)
    return min(morning, row.due_at.astimezone(now.tzinfo))
