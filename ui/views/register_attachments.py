"""The attachments of the open form: they wait in the data folder, and go on file with the case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desk_app.domain.attachments import Attached, Place, Taken, as_draft, read_draft
from desk_app.services import attachments as use_cases
from ui.views.attachment_row import AttachmentRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from ui.desk import Desk
    from ui.widgets.file_target import Given


class FormAttachments(AttachmentRow):
    """What is to be laid to the case that the form will become.

    It takes no room on the form while there is nothing; ``title`` and ``add`` are put where they belong by the page.
    """

    def __init__(self, desk: Desk, page: QWidget, go_to: Callable[[str], None]) -> None:
        """Hold nothing; ``go_to`` turns to the form with an id, where it is still there."""
        super().__init__(desk, page)
        self._go_to = go_to
        self._whose = ""
        self._is_clearing = False  # places are being taken out of pictures
        self._all_are_here = True
        self._when_ended: Callable[[bool], None] | None = None
        self.title = QLabel(self.tr("附件"))
        self.add.setToolTip(f"{self._keys()}；{self._limits()}")
        self.intake.progress.connect(self._show_state)
        self.intake.ended.connect(self._ended)
        self._show_state()

    @property
    def whose(self) -> str:
        """The id of the open form."""
        return self._whose

    def take_for(self, whose: str, given: tuple[Given, ...]) -> None:
        """Take files into a form, and turn to it where it is not the open one."""
        if self._comes_back_to(whose):
            self.intake.take(given)

    def values(self) -> dict[str, object]:
        """Return what a draft keeps of them, and a save takes; nothing, where there is none."""
        return as_draft(self._taken())

    def begin(self, whose: str, values: Mapping[str, object]) -> None:
        """Show those of another form; what is still on its way into this one is left, and told."""
        left = self.intake.drop()
        if left:
            words = self.tr("有 {0} 个附件还没拷完，没有放进去；请打开那份登记再放一次")
            self._desk.notice.emit("warning", words.format(left))
        self._whose = whose
        self._show(read_draft(values))
        self._look_for(self._taken())

    def when_all_are_here(self, go_on: Callable[[bool], None]) -> None:
        """Call back when nothing is on its way any more, with whether all have arrived; at once where nothing is."""
        if self.intake.is_busy or self._is_clearing:
            self._all_are_here, self._when_ended = True, go_on
        else:
            go_on(True)

    def arrived(self, taken: Taken) -> None:
        """Show it and keep it with the draft; the same content under the same name is there once."""
        if all((each.sha256, each.name) != (taken.sha256, taken.name) for each in self._files):
            self._show((*self._taken(), taken))
        self.tell_place(taken)
        self.changed.emit()

    def remove(self, file: Taken | Attached) -> None:
        """Take it off the form; for a minute it can be had back."""
        if not isinstance(file, Taken):
            return
        before = self._taken()
        self._show(tuple(each for each in before if each is not file and each != file))
        self.changed.emit()
        self._desk.notice.emit("done", self.tr("已移走附件“{0}”").format(file.name))
        words = self.tr("附件“{0}”还可以找回").format(file.name)
        self._desk.undo_offered.emit(partial(self._have_back, self._whose, file), words)

    def _have_back(self, whose: str, file: Taken) -> None:
        """Put a file back on the form from which it was taken; never on another customer's."""
        if self._comes_back_to(whose) and file not in self._files:
            self._show((*self._taken(), file))
            self.changed.emit()

    def _comes_back_to(self, whose: str) -> bool:
        """Turn to a form; tell where it is there no more (saved, or discarded), and return whether it is."""
        if whose != self._whose:
            self._go_to(whose)
        is_here = whose == self._whose
        if not is_here:
            self._desk.notice.emit("warning", self.tr("那份登记已经不在这里，附件没有放进去"))
        return is_here

    def _look_for(self, files: tuple[Taken, ...]) -> None:
        """Take off the form, and tell, what is not in the data folder any more: cleared away, or never restored."""
        whose = self._whose

        def looked(gone: tuple[Taken, ...]) -> None:
            if gone and whose == self._whose:
                self._show(tuple(each for each in self._taken() if each not in gone))
                self.changed.emit()
                words = self.tr("附件 {0} 已经不在数据文件夹里，请再放一次")
                self._desk.notice.emit("warning", words.format("、".join(f"“{each.name}”" for each in gone)))

        if files:
            self._desk.ask(lambda ws: use_cases.gone(ws, files), looked)

    def _taken(self) -> tuple[Taken, ...]:
        return tuple(each for each in self._files if isinstance(each, Taken))

    def _show(self, files: tuple[Taken, ...]) -> None:
        self.show_files(files)
        self._show_state()

    def _show_state(self) -> None:
        """Show what there is to show: the one place for it."""
        for part in (self, self.title):
            part.setVisible(bool(self._files) or self.intake.is_busy)
        count = self.tr("附件 {0}  Ctrl+O").format(len(self._files))
        self.add.setText(count if self._files else self.tr("附件  Ctrl+O"))
        self.place.setVisible(any(each.place is Place.KEPT for each in self._taken()))

    def clear_places(self) -> None:
        """Put other files in the place of the pictures that tell where they were taken."""
        before, whose = self._taken(), self._whose

        def removed(after: tuple[Taken, ...]) -> None:
            self._is_clearing = False
            if whose == self._whose:
                instead = dict(zip(before, after, strict=True))
                self._show(tuple(instead.get(each, each) for each in self._taken()))
                self.tell(self.tr("照片里的拍摄地点已去掉"))
                self.changed.emit()
            self._ended(all_are_here=True)

        def refused(_error: Exception) -> bool:
            self._is_clearing = False
            self._ended(all_are_here=False)
            return False

        self._is_clearing = True
        self._desk.ask(
            lambda ws: tuple(use_cases.without_place(ws, t) if t.place is Place.KEPT else t for t in before),
            removed,
            refused,
        )
        self.add.setFocus()

    def _ended(self, all_are_here: bool) -> None:
        """Let a save that waits go on when neither a file nor a picture's place is under way any more."""
        self._show_state()
        self._all_are_here = self._all_are_here and all_are_here
        if not self.intake.is_busy and not self._is_clearing:
            go_on, self._when_ended = self._when_ended, None
            if go_on is not None:
                go_on(self._all_are_here)
