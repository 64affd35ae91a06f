"""What stands on the page when a case is on file: its number, what to tell the customer, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.forms.moments import say_time
from ui.theme import Step, Token
from ui.views.register_promise import is_late
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desk_app.services.results import Registered
    from ui.desk import Desk
    from ui.views.register_warned import WarnedLine

_NUMBER_POINTS = 34


class SavedPanel(QWidget):
    """Enter or Ctrl+N goes on with the next customer, Ctrl+2 to the queue; P prints the receipt, Ctrl+P any form.

    What is warned of follows when the rest stands there; W shows by which cases.
    """

    next_wanted = Signal()
    queue_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._desk = desk
        self.number = QLabel()
        font = theme.font(Step.DISPLAY, bold=True)
        font.setPointSizeF(_NUMBER_POINTS)
        self.number.setFont(font)
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setAccessibleName(self.tr("受理编号"))
        self._word = QLabel()
        self._word.setFont(theme.font(Step.LARGE, bold=True))
        self._tell = QLabel()
        self._tell.setFont(theme.font(Step.DISPLAY))
        self._tell.setWordWrap(True)
        self._next = QLabel()
        self._next.setWordWrap(True)
        theme.ink(self._next, Token.MUTED)
        self._again = QPushButton(self.tr("登记下一位  Ctrl+N"))
        self._again.setFont(theme.font(bold=True))
        self._queue = QPushButton(self.tr("去跟进  Ctrl+2"))
        self._receipt, self._forms = QPushButton(self.tr("打印回执  P")), QPushButton(self.tr("打印表单…  Ctrl+P"))
        self._warned: WarnedLine | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._again.clicked.connect(self.next_wanted)
        self._queue.clicked.connect(self.queue_wanted)
        self._receipt.clicked.connect(self._print_receipt)
        self._forms.clicked.connect(self._print_forms)
        self._lay_out()

    def show_case(self, registered: Registered) -> None:
        """Show a case that is on file."""
        sentences, now = self._desk.rules.sentences, self._desk.clock.now()
        if registered.locked_month:
            told = {"month": registered.locked_month}
            self._desk.notice.emit("warning", sentences.say("month_entered_late", told))
        self.number.setText(registered.case.number)
        self._warn_of(registered.case.number)
        before = registered.was_stored_before
        self._word.setText(self.tr("已保存（上一次其实已经存好，没有重复）") if before else self.tr("已保存"))
        first = min(registered.owed, key=lambda f: f.due_at, default=None)
        if first is None:
            self._tell.setText("")
            self._next.setText("")
            return
        late = is_late(registered.case.received_at, first.due_at, now)
        words = self.tr("▲ 已经逾期，应在 {0} 前答复") if late else self.tr("请告诉客户：{0} 前答复")
        self._tell.setText(words.format(say_time(first.due_at, now)))
        theme.ink(self._tell, Token.DANGER if late else Token.TEXT)
        self._next.setText(
            self.tr("下一步：{0} 对{1}“{2}”。{3}").format(
                first.owed_by,
                first.owed_to,
                sentences.label("follow_up", first.kind),
                sentences.explain(first, self._desk.policy.deadlines),
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Print):
            self._print_forms()
        elif event.key() == Qt.Key.Key_P and not event.modifiers():
            self._print_receipt()
        elif event.key() == Qt.Key.Key_W and not event.modifiers() and self._warned is not None:
            self._warned.look()
        else:
            super().keyPressEvent(event)

    def _warn_of(self, number: str) -> None:
        """Have it told, behind everything else, what the case takes part in."""
        if self._warned is None:
            from ui.views.register_warned import WarnedLine  # noqa: PLC0415 -- no form waits for it

            self._warned = WarnedLine(self._desk)
            self._below.addWidget(self._warned)
        self._warned.ask(number)

    def _print_receipt(self) -> None:
        from ui.views.case_print import print_receipt  # noqa: PLC0415 -- when something is printed

        print_receipt(self._desk, self, self.number.text())

    def _print_forms(self) -> None:
        from ui.views.case_print import print_cases  # noqa: PLC0415 -- when something is printed

        print_cases(self._desk, self, (self.number.text(),))

    def _lay_out(self) -> None:
        head, buttons, self._below = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        head.addWidget(Glyph("done"))
        head.addWidget(self._word)
        head.addStretch()
        for button in (self._again, self._queue, self._receipt, self._forms):
            button.setMinimumHeight(theme.space(9))
            button.setAutoDefault(True)  # Enter means the button that has the focus
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(12), theme.space(12), theme.space(12), theme.space(8))
        column.setSpacing(theme.space(4))
        column.addLayout(head)
        for label in (self.number, self._tell, self._next):
            column.addWidget(label)
        column.addLayout(self._below)
        column.addSpacing(theme.space(4))
        column.addLayout(buttons)
        column.addStretch()
