"""Long work on the storage thread that lets every save go first: its name, that it goes on, and how to end it."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_T = TypeVar("_T")
_ENDED = "work_ended"


class WorkBar(QWidget):
    """One piece of work at a time; hidden while there is none. How far it is nobody can say: it only moves."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._desk = desk
        self._ended: Event | None = None
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(True)
        self._stop = QPushButton(self.tr("停下  Esc"))
        self._stop.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether work is under way."""
        return self._ended is not None

    def run(
        self,
        words: str,
        work: Callable[[Workspace, Callable[[], object]], _T],
        done: Callable[[_T], None],
        refused: Callable[[Exception], bool] | None = None,
    ) -> bool:
        """Have work done; it is given what it is to call between two steps. Return False where other work is under way.

        Work that was stopped is told of by a notice and by nothing else.
        """
        if self._ended is not None:
            return False
        ended = self._ended = Event()
        storage = self._desk.storage

        def meanwhile() -> None:
            storage.let_others_go_first()
            if ended.is_set():
                raise KnownError(_ENDED)

        def over(value: _T) -> None:
            self._end()
            done(value)

        def failed(error: Exception) -> bool:
            self._end()
            if ended.is_set():
                self._desk.notice.emit("nothing", self._desk.rules.sentences.say("work_ended", {}))
                return True
            return refused is not None and refused(error)

        self._bar.setFormat(words)
        self.setAccessibleName(words)
        self._stop.setEnabled(True)
        self.show()
        self._desk.ask(lambda ws: work(ws, meanwhile), over, failed)
        return True

    def stop(self) -> None:
        """Let the work end at its next step, where there is any."""
        if self._ended is not None:
            self._ended.set()
            self._stop.setEnabled(False)

    def _end(self) -> None:
        self._ended = None
        self.hide()
