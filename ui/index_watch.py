"""Keeps the index of words and the figures up to date, in idle moments: a slice at a time on the storage thread.

Each slice is a piece of work of its own and waits until nothing else is asked for, so that a save or a look-up waits
for one of them at most. A search and the overview are right without it, only slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.services.results import Changes
    from desk_app.services.search import CaughtUp
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_START_MS = 4_000  # after the register was opened: what begins the day goes before
_AFTER_MS = 1_000  # after a save or an act: the next one may follow at once
_BETWEEN_MS = 30  # between two slices: the window has the processor to itself for as long
_LINES = 100


class IndexWatch(QObject):
    """Begins some seconds after it is made, and whenever something was written; goes on until little is left."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Wait for the first idle moment."""
        super().__init__(parent)
        self._desk = desk
        self._is_running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self._timer.start(_START_MS)
        desk.changed.connect(self._changed)

    def _changed(self, changes: Changes) -> None:
        if (changes.cases or changes.everything) and not self._is_running and not self._timer.isActive():
            self._timer.start(_AFTER_MS)

    def _next(self) -> None:
        if not self._desk.storage.is_idle:
            self._timer.start(_BETWEEN_MS)
        elif not self._is_running:
            self._is_running = True
            self._desk.ask(_catch_up, self._done, self._stopped)

    def _done(self, caught_up: CaughtUp) -> None:
        """Go on, unless nothing is left or it cannot be written: the next change tries again."""
        self._is_running = False
        if caught_up.left and caught_up.done:
            self._timer.start(_BETWEEN_MS)

    def _stopped(self, error: Exception) -> bool:
        self._is_running = False
        return isinstance(error, KnownError)  # nobody asked for it, and the next change tries again


def _catch_up(ws: Workspace) -> CaughtUp:
    """Do the next slice: of the words, then of the figures; both are loaded by the storage thread."""
    words = services.search.catch_up(ws, _LINES, services.search.WORTH_WRITING)
    if words.done or ws.store.is_read_only or services.figures.behind(ws) < services.search.WORTH_WRITING:
        return words._replace(left=max(words.left, words.done))
    return services.figures.catch_up(ws, _LINES)
