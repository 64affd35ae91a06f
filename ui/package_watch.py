"""Reminds that last month was not exported yet: by a quiet notice, at most once a day, until it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_START_MS = 60_000  # nobody who opens the window wants to hear of it first
_AGAIN_MS = 3_600_000


class PackageWatch(QObject):
    """Looks a minute after it is made, and every hour: the window may be open for days."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Wait a minute."""
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_START_MS)

    def look(self) -> None:
        """Ask whether there is something to remind of."""
        self._timer.start(_AGAIN_MS)
        self._desk.ask(_look, self._remind, _quietly, is_patient=True)

    def _remind(self, month: str) -> None:
        if month:
            self._desk.notice.emit("nothing", self._desk.rules.sentences.say("package_waiting", {"month": month}))


def _look(ws: Workspace) -> str:
    return services.package.remind(ws)  # loaded by the storage thread


def _quietly(error: Exception) -> bool:
    return isinstance(error, KnownError)  # nobody asked for it, and the next look follows
