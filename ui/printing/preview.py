"""Sheets on the screen as they will be on paper: read them, print them, put them into a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desk_app.errors import KnownError
from desk_app.services.paper import Grid
from ui import theme
from ui.printing.page_view import PageView
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from desk_app.sentences import Sentences
    from ui.printing.painter import PagePainter

_SHARE_OF_SCREEN = 0.9
SUFFIXES = (".pdf", ".xlsx")


class SheetPreview(QDialog):
    """The pages, and below them what can be done with them; Esc leaves.

    Ctrl+P prints; Ctrl+S asks for a file and hands its path, which ends in .pdf or .xlsx, to ``save``. A
    :class:`KnownError` that it raises is told here; what it does later it tells by :meth:`tell`.
    """

    printed = Signal()
    """Pages went to a printer."""

    def __init__(
        self,
        grids: Sequence[Grid | PagePainter],
        sentences: Sentences,
        save: Callable[[Path], None],
        *,
        proposed: Path,
        suffixes: tuple[str, ...] = SUFFIXES,
        parent: QWidget | None = None,
    ) -> None:
        """Show the first page. ``proposed`` is the file that is offered for saving, with one of the ``suffixes``."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("预览：{0}").format("、".join(dict.fromkeys(grid.title for grid in grids))))
        self._grids: Sequence[Grid | PagePainter] = grids
        self._suffixes = suffixes
        self._sentences, self._save, self._proposed = sentences, save, proposed
        self.view = PageView(grids)
        self.view.setAccessibleName(self.windowTitle())
        self._is_printing = False
        self._told = QLabel()
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setWordWrap(True)
        self._place = QLabel()
        self._buttons = {
            words: QPushButton(f"{words}  {keys}")
            for words, keys in ((self.tr("打印"), "Ctrl+P"), (self._words_of_saving(), "Ctrl+S"))
        }
        self._lay_out()
        self._wire()
        self._show_place()
        screen = self.screen().availableSize()
        self.resize(QSize(int(screen.width() * _SHARE_OF_SCREEN), int(screen.height() * _SHARE_OF_SCREEN)))
        self.view.setFocus()

    def tell(self, sentence: str, *, refused: bool = False) -> None:
        """Say what became of a saving or a printing."""
        theme.ink(self._told, Token.DANGER if refused else Token.TEXT)
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))

    def give_up(self) -> list[Grid]:
        """Return the grids, which may be large, and hold them no more; for when it has been left."""
        grids, self._grids = [grid for grid in self._grids if isinstance(grid, Grid)], ()
        self.view.clear()
        return grids

    def print_pages(self) -> None:
        """Open the system's print dialog, or say why there is none; one job at a time."""
        from ui.printing.printer import print_grids  # noqa: PLC0415 -- QtPrintSupport, when something is printed

        if self._is_printing:
            return
        self.tell("")
        self._is_printing = True
        try:
            job = print_grids(self._grids, self)
        except KnownError as error:
            self._printed(error)
        else:
            job.printed.connect(self._printed)
            job.refused.connect(self._printed)
            job.given_up.connect(lambda: self._printed(None))

    def _printed(self, came: int | KnownError | None) -> None:
        """Say what became of a printing: the pages that were sent, what went wrong, or nothing."""
        self._is_printing = False
        if isinstance(came, KnownError):
            self._refuse(came)
        elif came is not None:
            self.printed.emit()
            self.tell(self.tr("已送往打印机 {0} 页").format(came))
        if self.isHidden():  # the desk was locked meanwhile
            self.reject()

    def reject(self) -> None:
        """Leave, but not while pages are on their way to the printer: they would end in the middle."""
        if self._is_printing:
            self.tell(self.tr("正在打印，送完就可以关。"))
        else:
            super().reject()

    def save_file(self) -> None:
        """Ask for a file; the system's dialog asks before it replaces one."""
        self.tell("")
        dialog = QFileDialog(self, self.tr("存为"), str(self._proposed))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {".pdf": "PDF (*.pdf)", ".xlsx": self.tr("Excel 工作簿 (*.xlsx)")}
        dialog.setNameFilters([filters[suffix] for suffix in self._suffixes])
        dialog.selectNameFilter(filters[self._proposed.suffix])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_suffix_of(chosen)))
        dialog.setDefaultSuffix(self._proposed.suffix)
        dialog.fileSelected.connect(lambda file: self._saved(Path(file), _suffix_of(dialog.selectedNameFilter())))
        dialog.open()

    def _saved(self, path: Path, suffix: str) -> None:
        if path.suffix.lower() not in self._suffixes:
            path = path.with_name(path.name + suffix)
        try:
            self._save(path)
        except KnownError as error:
            self._refuse(error)

    def _words_of_saving(self) -> str:
        return self.tr("存为 PDF 或 Excel") if len(self._suffixes) > 1 else self.tr("存为 PDF")

    def _refuse(self, error: KnownError) -> None:
        self.tell(self._sentences.error(error), refused=True)

    def _show_place(self) -> None:
        self._place.setText(self.tr("第 {0} 页　共 {1} 页").format(self.view.page, self.view.count))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.space(4), 0, theme.space(4), 0)
        for button in self._buttons.values():
            button.setAutoDefault(False)
            foot.addWidget(button)
        keys = QLabel(self.tr("PgUp PgDn 翻页　Ctrl + 放大　Ctrl - 缩小　Ctrl 0 页宽　Esc 返回"))
        theme.ink(keys, Token.MUTED)
        foot.addWidget(self._told, 1)
        foot.addStretch()
        foot.addWidget(keys)
        foot.addSpacing(theme.space(4))
        foot.addWidget(self._place)
        self._told.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.space(3))
        column.setSpacing(theme.space(3))
        column.addWidget(self.view, 1)
        column.addLayout(foot)

    def _wire(self) -> None:
        to_print, to_save = self._buttons.values()
        to_print.clicked.connect(self.print_pages)
        to_save.clicked.connect(self.save_file)
        self.view.moved.connect(self._show_place)
        for keys, slot in (
            ("Ctrl+P", self.print_pages),
            ("Ctrl+S", self.save_file),
            ("Ctrl++", self.view.zoom_in),
            ("Ctrl+=", self.view.zoom_in),
            ("Ctrl+-", self.view.zoom_out),
            ("Ctrl+0", self.view.fit_width),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(slot))


def _suffix_of(name_filter: str) -> str:
    return next(suffix for suffix in SUFFIXES if suffix in name_filter)
