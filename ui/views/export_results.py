"""What became of an export: the files that were written, how many things are on each, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.opening import open_outside
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.errors import KnownError
    from desk_app.services.results import Exported, ExportedFile


class ExportResults(QWidget):
    """A line for each file, and the button that opens their folder; hidden while there is none."""

    not_opened = Signal(Exception)
    locking = Signal(str)
    """The month that somebody wants to lock."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.open = QPushButton(self.tr("打开文件夹"))
        self.open.clicked.connect(self._open_folder)
        self.lock = QPushButton()
        self.lock.clicked.connect(self.lock_month)
        self._exported: Exported | None = None
        self._files = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        line = QHBoxLayout()
        line.addWidget(self.open)
        line.addWidget(self.lock)
        line.addStretch()
        column.addLayout(line)
        column.addLayout(self._files)
        self.hide()

    def clear(self) -> None:
        """Show nothing any more."""
        self._exported = None
        while (item := self._files.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.deleteLater()
        self.hide()

    def show_files(self, exported: Exported, sentence: Callable[[KnownError], str]) -> None:
        """Show what was written, and what is to be told of it, in place of what was before."""
        self.clear()
        self._exported = exported
        self.lock.setText(self.tr("锁定 {0}（已交出，以后的改动都标明）  Alt+K").format(exported.month))
        self.lock.setVisible(bool(exported.month))
        for file in exported.files:
            self._files.addWidget(self._row(file))
            for note in file.notes:
                self._files.addWidget(self._note(sentence(note)))
        self.show()

    def lock_month(self) -> None:
        """Ask for the month that was handed in to be locked; without one, nothing happens."""
        if self._exported is not None and self._exported.month:
            self.locking.emit(self._exported.month)

    def _note(self, words: str) -> QWidget:
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(theme.space(6), 0, 0, 0)
        line.addWidget(Glyph("warning"))
        line.addWidget(label, 1)
        return row

    def _row(self, file: ExportedFile) -> QWidget:
        words, path = QLabel(self.tr("{0}　{1} 行").format(file.title, file.rows)), QLabel(str(file.path))
        path.setFont(theme.font(Step.SMALL))
        path.setWordWrap(True)
        for label in (words, path):
            label.setTextFormat(Qt.TextFormat.PlainText)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(path, Token.MUTED)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        for widget, share in ((Glyph("done"), 0), (words, 0), (path, 1)):
            line.addWidget(widget, share)
        return row

    def _open_folder(self) -> None:
        if self._exported is not None and (error := open_outside(self._exported.files[-1].path.parent)):
            self.not_opened.emit(error)
