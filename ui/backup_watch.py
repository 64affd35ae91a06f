"""The day's backup, made behind the first change of the day; nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.results import Changes
    from desk_app.services.upkeep import BackedUp
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk


class BackupWatch(QObject):
    """Has the day's backup made; ``told`` carries a cause and its sentence for the standing bar, empty when it is over.

    A backup that does not succeed is told of at once too: what was saved is saved, but stands in one place only.
    """

    told = Signal(str, str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        """Wait for the first change."""
        super().__init__(parent)
        self._desk = desk
        desk.changed.connect(self._changed)

    def _changed(self, changes: Changes) -> None:
        if changes.cases:  # after the change is stored, so that no save waits for it
            others = self._desk.storage.let_others_go_first
            self._desk.ask(lambda ws: _back_up(ws, others), self._backed_up, self._not_backed_up, is_patient=True)

    def _backed_up(self, _made: object) -> None:
        """Say nothing: that the day has its backup is as it should be."""
        self.told.emit("backup", "")

    def _not_backed_up(self, error: Exception) -> bool:
        if self._desk.lost is not None or not isinstance(error, KnownError):
            return False
        say = self._desk.rules.sentences.say
        self._desk.notice.emit("warning", say("backup_warning", error.params))
        self.told.emit("backup", say("backup_standing", error.params))
        return True


def _back_up(ws: Workspace, others: Callable[[], None]) -> BackedUp | None:
    return services.upkeep.backup_of_the_day(ws, others)
