"""Sheets being filled and written on the storage thread, while the window shows how far that is and can end it."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desk_app.services.paper import Grid
    from ui.tasks import Storage


class SheetJob(QObject):
    """One piece of work: what it tells from the storage thread, and whether it is to end.

    ``moved``: steps done and steps in all; ``paged``: pages of a PDF. Both are emitted on the storage thread, so that
    they reach a widget by its queue.
    """

    moved = Signal(int, int)
    paged = Signal(int, int)

    def __init__(self, storage: Storage, parent: QObject) -> None:
        """Begin anew."""
        super().__init__(parent)
        self._storage = storage
        self._ended = Event()

    def progress(self, done: int, of: int) -> None:
        """Tell how many steps are done (on the storage thread)."""
        self.moved.emit(done, of)

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to end."""
        return self._ended.is_set()

    def goes_on(self) -> bool:
        """Let what was asked meanwhile go first, and say whether to go on (asked on the storage thread)."""
        self._storage.let_others_go_first()
        return not self._ended.is_set()

    def cancel(self) -> None:
        """Let it end at its next step, line or page."""
        self._ended.set()

    def write_pdf(self, grids: Sequence[Grid], path: Path, properties: Mapping[str, str]) -> None:
        """Write a PDF, telling each page; raises ``export_cancelled`` too."""
        from ui.printing.pdf import write_pdf  # noqa: PLC0415 -- when a PDF is wanted

        def told(done: int, of: int) -> None:
            self.paged.emit(done, of)
            if not self.goes_on():
                raise KnownError("export_cancelled")

        write_pdf(grids, path, properties, told=told)


class JobBar(QWidget):
    """How far a job is, and the button that ends it; hidden where there is none."""

    def __init__(self, storage: Storage, parent: QWidget | None = None, *, begun: str = "", steps: str = "") -> None:
        """Show nothing yet. ``begun`` is said before the first step, ``steps`` of each: how many of how many."""
        super().__init__(parent)
        self._storage = storage
        self._begun = begun or self.tr("正在填第一张…")
        self._steps = steps or self.tr("已完成 {0} 步，共 {1} 步")
        self._bar = QProgressBar()
        self._cancel = QPushButton(self.tr("取消  Esc"))
        self._cancel.clicked.connect(self.stop)
        self._job: SheetJob | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def begin(self) -> SheetJob:
        """Return a new job, and show it."""
        self._job = SheetJob(self._storage, self)
        self._job.moved.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self._job.paged.connect(self._show_page, Qt.ConnectionType.QueuedConnection)
        self._cancel.setEnabled(True)
        self._show_step(0, 1)
        self.show()
        return self._job

    def end(self) -> None:
        """Show none any more."""
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        self.hide()

    def stop(self) -> None:
        """Let the job end as soon as it can, where there is one."""
        if self._job is not None:
            self._job.cancel()
            self._cancel.setEnabled(False)
            self._bar.setFormat(self.tr("正在取消…"))

    def _show_step(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._say(self._steps.format(done, of) if done else self._begun)

    def _show_page(self, done: int, of: int) -> None:
        self._say(self.tr("正在写第 {0} 页，共 {1} 页").format(done, of))

    def _say(self, words: str) -> None:
        if self._job is not None and not self._job.is_cancelled:
            self._bar.setFormat(words)
