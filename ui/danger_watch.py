"""Keeps what endangers the register on the standing bar: no room, no right to write, a shared place, a wrong clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from desk_app.services.results import Finding
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_LOOK_MS = 60_000
_TOLD_ALOUD = "disk_low"


class DangerWatch(QObject):
    """Looks when it is made, once a minute, and after whatever was written.

    ``told`` carries a cause and its sentence, an empty one when it is over. That the disk has become nearly full while
    somebody works is told by a notice too, once.
    """

    told = Signal(str, str)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Look for the first time."""
        super().__init__(parent)
        self._desk = desk
        self._standing: frozenset[str] | None = None  # the causes that hold; None before the first look
        self._is_told_aloud = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MS)
        desk.changed.connect(self.look)
        self.look()

    def look(self) -> None:
        """Ask what endangers the register now."""
        self._desk.ask(_look, self._seen, _quietly, is_patient=True)

    def _seen(self, found: tuple[Finding, ...]) -> None:
        say = self._desk.rules.sentences.say
        sentences = {each.code: say(each.code, each.params) for each in found}
        before = self._standing
        for cause in (*sentences, *((before or frozenset()) - sentences.keys())):
            self.told.emit(cause, sentences.get(cause, ""))
        self._standing = frozenset(sentences)
        if _TOLD_ALOUD in sentences and before is not None and not self._is_told_aloud:
            self._desk.notice.emit("warning", sentences[_TOLD_ALOUD])
        self._is_told_aloud = self._is_told_aloud or _TOLD_ALOUD in sentences


def _look(ws: Workspace) -> tuple[Finding, ...]:
    return services.surroundings.look(ws)  # loaded by the storage thread


def _quietly(error: Exception) -> bool:
    """Leave a look that failed untold: nobody asked for it, and whoever saves next is told what is wrong."""
    return isinstance(error, KnownError)
