"""Keeps the due dates in step with the calendar, in the background: one batch after another on the storage thread.

Each batch is a piece of work of its own, so that a save waits for one of them at most, and the window never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.services.calendar import Moved, Recounted
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_AGAIN_MS = 1000


class Recount(NamedTuple):
    """How far the due dates have been reckoned anew, and which have moved so far."""

    done: int
    total: int
    moved: tuple[Moved, ...]
    is_over: bool


class CalendarWatch(QObject):
    """Looks, whenever the shop's settings have changed, whether due dates are to be reckoned anew, and does so.

    How far it is goes to the desk (``Desk.recounted``). ``provisional`` carries the years whose notice is not here.
    """

    provisional = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Begin with the next change of the shop's settings; its opening is one."""
        super().__init__(parent)
        self._desk = desk
        self._is_running = False
        self._moved: list[Moved] = []
        desk.shop_changed.connect(self._look)

    def _look(self) -> None:
        self._desk.ask(_provisional_years, self.provisional.emit, _is_busy)
        if not self._is_running:
            self._is_running = True
            self._next()

    def _next(self) -> None:
        self._desk.ask(_recount, self._counted, self._stopped)

    def _counted(self, batch: Recounted | None) -> None:
        """Go on until there is nothing left: the calendar may have been changed once more meanwhile."""
        self._is_running = batch is not None
        if batch is None:
            return
        self._moved += batch.moved
        self._desk.tell_recount(Recount(batch.done, batch.total, tuple(self._moved), batch.is_over))
        if batch.is_over:
            self._tell()
            self._moved.clear()
        self._next()

    def _tell(self) -> None:
        if self._moved:
            sentence = self._desk.rules.sentences.say("calendar_moved", {"count": len(self._moved)})
            self._desk.notice.emit("warning", sentence)

    def _stopped(self, error: Exception) -> bool:
        """Try again where another program was writing; what has been moved is moved."""
        if _is_busy(error):
            QTimer.singleShot(_AGAIN_MS, self, self._next)
            return True
        self._is_running = False
        return False


def _recount(ws: Workspace) -> Recounted | None:
    return services.calendar.recount(ws)  # loaded by the storage thread


def _provisional_years(ws: Workspace) -> tuple[int, ...]:
    return services.calendar.provisional_years(ws)


def _is_busy(error: Exception) -> bool:
    return isinstance(error, KnownError) and error.code == "database_busy"
