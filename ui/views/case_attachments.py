"""The attachments of a case on file: each change is an action of its history, and can be taken back for a minute."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desk_app.domain.attachments import Attached, Place, Taken
from desk_app.domain.vocabulary import Status
from desk_app.errors import KnownError
from desk_app.services import attachments as use_cases
from desk_app.services import desk as case_use_cases
from ui.views.attachment_intake import FileIntake
from ui.views.attachment_row import AttachmentRow

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.case import CaseFile
    from desk_app.services.results import Acted
    from ui.desk import Desk
    from ui.widgets.file_target import Given


_PASSES = frozenset({"database_busy", "database_read_only", "disk_error", "disk_full"})
"""What may be over by the next try."""


class CaseAttachments(AttachmentRow):
    """What lies with the case that the pane around it shows.

    ``written``: something was written to a case, and the pane is to fetch it anew.
    """

    written = Signal()

    def __init__(self, desk: Desk, pane: QWidget) -> None:
        """Hold nothing until :meth:`show_case`."""
        super().__init__(desk, pane)
        self._number, self._last_event, self._is_hidden = "", 0, False
        self._arrived: list[Taken] = []
        self._into = ""
        self._laid: tuple[Taken, ...] = ()  # since this case is shown
        self._unanswered: dict[tuple[str, tuple[Taken, ...]], str] = {}  # the request under which files go to a case
        self._leaving: Attached | None = None
        self.line.insertWidget(0, self.add)
        self.reason = _ReasonLine()
        self.reason.hide()
        self._column.addWidget(self.reason)
        self.intake.ended.connect(self._attach)
        self.reason.given.connect(self._detach)
        self.reason.left.connect(self._leave_reason)
        self.watch()

    @property
    def whose(self) -> str:
        """The number of the case that is shown; empty where there is none."""
        return self._number

    def take_for(self, whose: str, given: tuple[Given, ...]) -> None:
        """Lay files to a case, whichever is shown by the time that the dialog is answered."""
        if not whose:
            self._desk.notice.emit("warning", self.tr("请先选一件投诉，再放附件"))
        elif whose == self._number:
            self.intake.take(given)
        else:
            self._take_elsewhere(whose, given)

    def _take_elsewhere(self, whose: str, given: tuple[Given, ...]) -> None:
        intake, arrived = FileIntake(self._desk, lambda: 0, self), list[Taken]()  # the case itself knows its room

        def ended(_all_are_here: bool) -> None:
            self._lay(whose, tuple(arrived))
            intake.deleteLater()

        intake.taken.connect(arrived.append)
        intake.ended.connect(ended)
        intake.take(given)

    def arrived(self, taken: Taken) -> None:
        """Keep it until all of one drop are here: they are one action."""
        self._arrived.append(taken)
        self._into = self._into or self._number

    def remove(self, file: Taken | Attached) -> None:
        """Ask why."""
        if isinstance(file, Attached):
            self._leaving = file
            words = self.tr("为什么移走？Enter 移走　Esc 不移走　“{0}”")  # the name, which may be long, comes last
            self.reason.setPlaceholderText(words.format(file.name))
            self.reason.setAccessibleName(words.format(file.name))
            self.reason.clear()
            self.reason.show()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear_places(self) -> None:
        """Lay other files to the case in the place of those that tell it: an action for each."""
        for each in self._telling_place():
            self._clear_place(self._number, each)
        self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear_place(self, number: str, file: Attached) -> None:
        reason, request_id = self.tr("去掉拍摄地点"), str(uuid4())
        words = self.tr("{0} 的附件“{1}”已去掉拍摄地点").format(number, file.name)
        self._desk.ask(
            lambda ws: use_cases.clear_place(ws, number, file.id, reason, request_id), partial(self._done, words, ())
        )

    def _telling_place(self) -> tuple[Attached, ...]:
        """Return the pictures here of which it is known that they tell where they were taken."""
        telling = {each.sha256 for each in self._laid if each.place is Place.KEPT}
        return tuple(each for each in self._files if isinstance(each, Attached) and each.sha256 in telling)

    def show_case(self, file: CaseFile | None) -> None:
        """Follow the pane to a case, or to none."""
        number = file.case.number if file is not None else ""
        last = file.events[-1].id if file is not None else 0
        is_hidden = file is not None and file.is_concealed
        if (number, last, is_hidden) == (self._number, self._last_event, self._is_hidden):
            return
        if number != self._number:
            self._let_go()
        self._number, self._last_event, self._is_hidden = number, last, is_hidden
        self.add.setEnabled(file is not None and file.case.status is not Status.VOID)
        if number:
            self._desk.ask(lambda ws: use_cases.of_case(ws, number), partial(self._shown, number), self._not_shown)

    def _shown(self, number: str, files: tuple[Attached, ...]) -> None:
        if number == self._number:
            self.show_files(files)
            here = {each.sha256 for each in files}
            for each in self._laid:
                if each.sha256 in here:
                    self.tell_place(each)
            self.place.setVisible(bool(self._telling_place()))

    def _not_shown(self, error: Exception) -> bool:
        """Show nothing, and say why; that the case itself cannot be read is for the pane to tell."""
        if isinstance(error, KnownError) and error.code == "attachments_concealed":
            self._leave_reason()
            self.place.hide()
            self.show_files(())
            self.tell(self._desk.rules.sentences.error(error))
        return isinstance(error, KnownError)

    def _let_go(self) -> None:
        """Leave the case that was shown; what was on its way to it is not laid to another."""
        self._leave_reason()
        left = self.intake.drop() + len(self._arrived)
        self._arrived.clear()
        self._into, self._laid = "", ()
        self.place.hide()
        self.show_files(())
        if left:
            words = self.tr("有 {0} 个附件还没拷完，没有放到 {1}；请打开它再放一次")
            self._desk.notice.emit("warning", words.format(left, self._number))

    def _attach(self, _all_are_here: bool) -> None:
        taken, self._arrived = tuple(self._arrived), []
        number, self._into = self._into, ""
        self._lay(number, taken)

    def _lay(self, number: str, taken: tuple[Taken, ...]) -> None:
        if taken:
            request_id = self._unanswered.setdefault((number, taken), str(uuid4()))
            words = self.tr("{0} 已放进附件 {1} 个").format(number, len(taken))

            def laid(acted: Acted) -> None:
                self._unanswered.pop((number, taken), None)
                self._done(words, taken, acted)

            self._desk.ask(lambda ws: use_cases.attach(ws, number, taken, request_id), laid, self._not_laid)

    def _not_laid(self, error: Exception) -> bool:
        """Say what to do now: the same files, given once more, go under the same request and cannot be laid twice."""
        if not isinstance(error, KnownError) or error.code not in _PASSES:
            return False
        words = self.tr("附件没有放进去，请再放一次：{0}").format(self._desk.rules.sentences.error(error))
        self._desk.notice.emit("refused", words)
        return True

    def _detach(self, reason: str) -> None:
        leaving, number, request_id = self._leaving, self._number, str(uuid4())
        if leaving is not None:
            words = self.tr("{0} 已移走附件“{1}”").format(number, leaving.name)
            self._desk.ask(
                lambda ws: use_cases.detach(ws, number, leaving.id, reason, request_id), partial(self._done, words, ())
            )

    def _done(self, words: str, taken: tuple[Taken, ...], acted: Acted) -> None:
        """Tell it, and offer to take it back; the pane follows by itself."""
        number, event_id = acted.file.case.number, acted.file.events[-1].id
        self.written.emit()
        self._desk.tell_here("done", words)
        self._desk.undo_offered.emit(partial(self._undo, number, event_id), words)
        if number == self._number:
            self._leave_reason()
            self._laid += taken  # what they say of their place is told when they are shown

    def _undo(self, number: str, event_id: int) -> None:
        request_id = str(uuid4())

        def undone(acted: Acted) -> None:
            self.written.emit()
            told = {"number": number, "action": acted.file.events[-1].data["action"]}
            self._desk.tell_here("done", self._desk.rules.sentences.say("undone", told))

        self._desk.ask(lambda ws: case_use_cases.undo(ws, number, request_id, event_id), undone)

    def _leave_reason(self) -> None:
        self._leaving = None
        if self.reason.isVisible():
            had_focus = self.reason.hasFocus()
            self.reason.hide()
            if had_focus:
                self.strip.setFocus(Qt.FocusReason.OtherFocusReason)


class _ReasonLine(QLineEdit):
    """One line that keeps Enter and Esc to itself: on the page they would begin the next step, or leave the case."""

    given = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.given.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
