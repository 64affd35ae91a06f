"""The line of the attachments, on the form and beside a case: what lies there, what comes in, what can be done."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.attachments import MEGABYTE, Attached, AttachmentKind, Place, Taken
from desk_app.errors import KnownError
from desk_app.services import attachments as use_cases
from ui import theme
from ui.theme import Step, Token
from ui.views.attachment_intake import FileIntake
from ui.widgets.attachment_strip import AttachmentStrip
from ui.widgets.file_target import FileTarget, Given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.desk import Desk

_MOST_THUMBNAILS = 200


class AttachmentRow(QWidget):
    """What lies with a form or a case. ``changed`` says that a person has put something in, or taken it away.

    ``page`` is what files are dropped on and whose keys lead here. Subclasses say what becomes of a file that arrived.
    What is given goes to the form or the case that is shown at that moment, though the file, or the answer of a
    dialog, may come when another is shown.
    """

    changed = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        """Hold nothing; :meth:`watch` begins to look at the page."""
        super().__init__(page)
        self._desk, self._page = desk, page
        self._files: tuple[Taken | Attached, ...] = ()
        self._tells_progress = False
        self._thumbnails: dict[str, QPixmap] = {}
        self.intake = FileIntake(desk, lambda: len(self._files), self)
        self.target = FileTarget(page, self.tr("粘贴的图片.png"))
        self.strip = AttachmentStrip()
        self.add = QPushButton(self.tr("添加附件  Ctrl+O"))
        self.hint = QLabel()
        self.place = QPushButton(self.tr("去掉拍摄地点"))
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._wire()
        self.show_files(())

    @property
    def files(self) -> tuple[Taken | Attached, ...]:
        """What is shown."""
        return self._files

    @property
    def whose(self) -> str:
        """To what the files belong that are shown: the id of a form, or the number of a case."""
        raise NotImplementedError

    def take_for(self, whose: str, given: tuple[Given, ...]) -> None:
        """Take files in for what was shown when they were given."""
        raise NotImplementedError

    def watch(self) -> None:
        """Take what is dropped on the page and on the text fields it has by now, or pasted there, from now on."""
        self.target.watch()

    def show_files(self, files: Sequence[Taken | Attached]) -> None:
        """Show these files; what each picture looks like comes when it is decoded."""
        self._files = tuple(files)
        self.strip.show_files(self._files)
        for each in self._files:
            if each.sha256 in self._thumbnails:
                self.strip.show_picture(each.sha256, self._thumbnails[each.sha256])
            elif each.kind is AttachmentKind.PICTURE:
                self._ask_picture(each)
        self.tell("")

    def tell(self, words: str, ink: Token = Token.MUTED) -> None:
        """Say something beside the button; with no words, what can be put in."""
        self._tells_progress = False
        self.hint.setText(words or self._keys())
        theme.ink(self.hint, ink)

    def choose_files(self) -> None:
        """Let a person choose files."""
        dialog = QFileDialog(self, self.tr("添加附件"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(partial(self._chosen, self.whose))
        dialog.open()

    def open_file(self, file: Taken | Attached) -> None:
        """Show a picture large; of anything else offer a copy."""
        if file.kind is not AttachmentKind.PICTURE:
            self.save_copy(file)
            return
        from ui.views.attachment_picture import PicturePane  # noqa: PLC0415 -- loaded when it is first wanted

        pane = PicturePane(self._desk, self._files, file, self)
        pane.copy_wanted.connect(self.save_copy)
        pane.open()

    def save_copy(self, file: Taken | Attached) -> None:
        """Ask where a copy is to go; it is opened by the person, never by this program."""
        dialog = QFileDialog(self, self.tr("另存附件（本程序不打开它，存好后请自己打开）"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(file.name)
        dialog.fileSelected.connect(partial(self._save_to, file))
        dialog.open()

    def arrived(self, taken: Taken) -> None:
        """Say what becomes of a file that is in the data folder now."""
        raise NotImplementedError

    def remove(self, file: Taken | Attached) -> None:
        """Take a file away from what is shown."""
        raise NotImplementedError

    def clear_places(self) -> None:
        """Put pictures that do not say where they were taken in the place of those that do."""
        raise NotImplementedError

    def tell_place(self, taken: Taken) -> None:
        """Say of a picture that it told, or tells, where it was taken."""
        if taken.place is Place.REMOVED:
            self.tell(self.tr("“{0}”里的拍摄地点已去掉（可在设置里改）").format(taken.name))
        elif taken.place is Place.KEPT:
            self.tell(self.tr("“{0}”里写着拍摄地点").format(taken.name), Token.WARNING)

    # ----------------------------------------------------------------------------------------- parts

    def _chosen(self, whose: str, paths: Sequence[str]) -> None:
        self.take_for(whose, tuple(Given(Path(path), Path(path).name) for path in paths))

    def _save_to(self, file: Taken | Attached, path: str) -> None:
        def saved(target: Path) -> None:
            self._desk.notice.emit("done", self.tr("附件已另存为 {0}").format(target))

        self._desk.ask(lambda ws: use_cases.export_copy(ws, file, Path(path)), saved)

    def _ask_picture(self, file: Taken | Attached) -> None:
        side = int(self.strip.side * self.devicePixelRatioF())

        def made(data: bytes) -> None:
            picture = QPixmap()
            picture.loadFromData(data, "PNG")
            while len(self._thumbnails) >= _MOST_THUMBNAILS:
                del self._thumbnails[next(iter(self._thumbnails))]
            self._thumbnails[file.sha256] = picture
            self.strip.show_picture(file.sha256, picture)

        def refused(error: Exception) -> bool:
            return isinstance(error, KnownError)  # the sign stays; opening it says why

        self._desk.ask(lambda ws: use_cases.thumbnail(ws, file, side), made, refused)

    def _limits(self) -> str:
        """Return what can be put in, and how much of it."""
        rules = self._desk.rules.attachments
        sizes = [rules.kinds[kind].largest // MEGABYTE for kind in AttachmentKind]
        words = self.tr("照片 {0} MB、录音 {1} MB、录像 {2} MB、文档 {3} MB 以内，最多 {4} 个")
        return words.format(*sizes, rules.per_case)

    def _keys(self) -> str:
        """Return how something is put in; where something is there, what can be done with it."""
        if not self._files:
            return self.tr("可以拖进来，或 Ctrl+Shift+V 粘贴")
        words = self.tr("{0}/{1} 个　Ctrl+Shift+O 选　Enter 打开　Delete 移走")
        return words.format(len(self._files), self._desk.rules.attachments.per_case)

    def _go_to_strip(self) -> None:
        (self.strip if self._files else self.add).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_progress(self, name: str, share: float) -> None:
        self.tell(self.tr("正在放进“{0}”　{1}%").format(name, int(share * 100)))
        self._tells_progress = True

    def _progress_over(self) -> None:
        if self._tells_progress:
            self.tell("")

    def _paste(self) -> None:
        if not self.target.paste():
            self._desk.notice.emit("warning", self.tr("剪贴板里没有图片，也没有文件"))

    def _lay_out(self) -> None:
        self.add.setAutoDefault(True)
        self.hint.setFont(theme.font(Step.SMALL))
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.strip.setAccessibleName(self.tr("附件"))
        self.add.setToolTip(self._limits())
        self.line = QHBoxLayout()
        self.line.setSpacing(theme.space(3))
        self.line.addWidget(self.hint, 1)
        self.line.addWidget(self.place)
        self.place.setAutoDefault(True)
        self.place.hide()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(1))
        self._column.addLayout(self.line)
        self._column.addWidget(self.strip)

    def _wire(self) -> None:
        self.add.clicked.connect(self.choose_files)
        self.place.clicked.connect(self.clear_places)
        self.intake.taken.connect(self.arrived)
        self.intake.progress.connect(self._show_progress)
        self.intake.ended.connect(self._progress_over)
        self.strip.opened.connect(self.open_file)
        self.strip.removed.connect(self.remove)
        self.target.given.connect(lambda given: self.take_for(self.whose, given))
        keys_here = (("Ctrl+O", self.choose_files), ("Ctrl+Shift+O", self._go_to_strip), ("Ctrl+Shift+V", self._paste))
        for keys, slot in keys_here:
            shortcut = QShortcut(QKeySequence(keys), self._page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
