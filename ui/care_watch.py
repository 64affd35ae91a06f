"""Reminds of what keeps the register safe: the copy elsewhere, the monthly drill, backups that cannot be read.

It looks some seconds after the register was opened, every hour, and when a backup, a copy or a drill was made; then it
has the register checked once a day, and in idle moments one backup after another. Every save goes before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from desk_app.services.results import Verified
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
        self._desk.ask(_glance, self._glanced, _quietly, is_patient=True)
        others = self._desk.storage.let_others_go_first
        self._desk.ask(lambda ws: _check(ws, others), self._was_checked, _quietly, is_patient=True)

    def _glanced(self, result: Verified) -> None:
        self._tell_findings("glance", result)

    def _was_checked(self, result: Verified | None) -> None:
        if result is not None:
            self._tell_findings("check", result)

    def _tell_findings(self, cause: str, result: Verified) -> None:
        """Say the first thing that was found, and where the others are read."""
        say = self._desk.rules.sentences.say
        first = [say(each.code, each.params) for each in result.findings[:1]]
        params = {"first": "".join(first), "count": len(result.findings)}
        self.told.emit(cause, say("check_standing", params) if first else "")

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
        others = self._desk.storage.let_others_go_first
        self._desk.ask(lambda ws: _check_backup(ws, others), self._checked, _quietly, is_patient=True)

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


def _check_backup(ws: Workspace, others: Callable[[], None]) -> object:
    from desk_app.services import backup_watch  # noqa: PLC0415 -- loaded by the storage thread

    return backup_watch.check_next(ws, others)


def _glance(ws: Workspace) -> Verified:
    from desk_app.services import checking  # noqa: PLC0415 -- loaded by the storage thread

    return checking.quick_check(ws)


def _check(ws: Workspace, others: Callable[[], None]) -> Verified | None:
    """Check the whole register once a day, a step at a time; None where that was done today."""
    from desk_app.services import checking  # noqa: PLC0415 -- loaded by the storage thread

    for result in checking.check_in_steps(ws) if checking.is_check_due(ws) else ():
        others()
        if result is not None:
            return result
    return None


def _quietly(error: Exception) -> bool:
    return isinstance(error, KnownError)  # nobody asked for it, and the next look follows
