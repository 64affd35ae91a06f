"""The paper of a signed handover: shown as it will be printed, or written as a workbook and opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desk_app import services
from desk_app.errors import KnownError
from ui import theme
from ui.opening import open_outside
from ui.theme import Token

if TYPE_CHECKING:
    from desk_app.services.paper import Grid
    from desk_app.services.results import ExportedFile
    from ui.desk import Desk


class HandoverPaper(QWidget):
    """A line: what was written last, and the button that opens it. ``folder`` is where it goes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Have written nothing yet."""
        super().__init__(parent)
        self._desk = desk
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.folder = Path(documents or Path.home())
        self._last: Path | None = None
        self._written = QLabel()
        self._written.setTextFormat(Qt.TextFormat.PlainText)
        self._written.setWordWrap(True)
        theme.ink(self._written, Token.MUTED)
        self.open = QPushButton(self.tr("打开  Ctrl+O"))
        self.open.clicked.connect(self.open_last)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._written, 1)
        row.addWidget(self.open)
        self.forget()

    def preview(self, sheet_id: int) -> None:
        """Show a handover as it will be on paper, to be printed or saved from there."""
        self._desk.ask(lambda ws: services.handover.filled(ws, sheet_id), partial(self._show, sheet_id))

    def _show(self, sheet_id: int, filled: tuple[Grid, int, str]) -> None:
        from ui.views.preview import preview_handover  # noqa: PLC0415 -- when something is printed

        grid, _rows, stem = filled
        preview_handover(self._desk, self, sheet_id, grid, self.folder / f"{stem}.pdf")

    def write(self, sheet_id: int, *, other_name: bool = False) -> None:
        """Write the paper of a handover; where it is open in a spreadsheet, under another name."""
        folder = self.folder

        def refused(error: Exception) -> bool:
            is_held = isinstance(error, KnownError) and error.code == "target_open" and not other_name
            if is_held:
                self.write(sheet_id, other_name=True)
            return is_held

        self._desk.ask(
            lambda ws: services.handover.export(ws, sheet_id, folder, other_name=other_name), self._was_written, refused
        )

    def _was_written(self, file: ExportedFile) -> None:
        self._last = file.path
        self._written.setText(self.tr("已写好：{0}").format(file.path))
        self._written.show()
        self.open.show()
        self._desk.notice.emit("done", self.tr("交接班记录已写好，可以打印签字"))

    def forget(self) -> None:
        """Offer no longer what was written of an earlier handover."""
        self._last = None
        self._written.hide()
        self.open.hide()

    def open_last(self) -> None:
        """Open what was written last."""
        if self._last is not None and (error := open_outside(self._last)):
            self._desk.notice.emit("refused", self._desk.rules.sentences.error(error))
