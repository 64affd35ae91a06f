"""Reminds of what keeps the register safe: the copy elsewhere, the monthly drill, backups that cannot be read.

It looks some seconds after the register was opened, every hour, and when a backup, a copy or a drill was made. In idle
moments it has one backup after another checked again; every save goes before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.services.second_place import SecondPlace
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_START_MS = 5_000
_AGAIN_MS = 3_600_000
_BETWEEN_MS = 2_000  # between the checks of two backups
_DRILL_DAYS = 31


class _Care(NamedTuple):
    """What is asked at each look. ``since``: the last drill, or the oldest backup where there was none."""

    second: SecondPlace
    since: datetime | None
    unreadable: tuple[tuple[str, datetime], ...]


class CareWatch(QObject):
    """``told`` carries a cause and its sentence for the standing bar; an empty one when it is over."""

    told = Signal(str, str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Wait until what begins the day has been done."""
        super().__init__(parent)
        self._desk = desk
        self._timer, self._next = QTimer(self), QTimer(self)
        self._timer.timeout.connect(self._begin)
        self._timer.start(_START_MS)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._check_one)
        desk.cared.connect(self.look)

    def _begin(self) -> None:
        self._timer.start(_AGAIN_MS)
        self.look()
        self._next.start(_BETWEEN_MS)

    def look(self) -> None:
        """Ask how it stands now."""
        self._desk.ask(_look, self._show, _quietly, is_patient=True)

    def _show(self, care: _Care) -> None:
        from ui.models import backup_words  # noqa: PLC0415 -- when there is something to say

        sentences = self._desk.rules.sentences
        self.told.emit("second", backup_words.second_reminder(sentences, care.second))
        days = (self._desk.clock.now() - care.since) // timedelta(days=1) if care.since is not None else 0
        self.told.emit("drill", sentences.say("drill_standing", {"days": days}) if days >= _DRILL_DAYS else "")
        bad = [sentences.say("backup_bad_standing", {"name": name, "at": at}) for name, at in care.unreadable[:1]]
        self.told.emit("backups", "".join(bad))

    def _check_one(self) -> None:
        if not self._desk.storage.is_idle:
            self._next.start(_BETWEEN_MS)
            return
        storage = self._desk.storage
        self._desk.ask(
            lambda ws: services.upkeep.check_next_backup(ws, storage.let_others_go_first),
            self._checked,
            _quietly,
            is_patient=True,
        )

    def _checked(self, checked: object) -> None:
        if checked is not None:
            self._next.start(_BETWEEN_MS)
            if getattr(checked, "fault", ""):
                self.look()


def _look(ws: Workspace) -> _Care:
    from desk_app.services import drill, recovery, second_place  # noqa: PLC0415 -- loaded by the storage thread

    kept = recovery.offered(ws)
    since = drill.last_drill(ws)
    if since is None and kept:
        since = ws.clock.local(min(each.made_at for each in kept))
    bad = [each for each in kept if each.state is recovery.State.UNREADABLE]
    unreadable = tuple((each.path.name, each.checked_at or each.made_at) for each in bad)
    return _Care(second_place.second_due(ws), since, unreadable)


def _quietly(error: Exception) -> bool:
    return isinstance(error, KnownError)  # nobody asked for it, and the next look follows
