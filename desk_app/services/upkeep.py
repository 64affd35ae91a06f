"""Use cases that keep the register alive: backups, and the check of the register."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Occasion
from desk_app.errors import KnownError
from desk_app.services import anchoring, attachments
from desk_app.services.checking import quick_check, verify
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies
from desk_app.storage import generations

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace

_MEGABYTE = 1_000_000

__all__ = ["BackedUp", "ask_room", "backup", "backup_of_the_day", "files_of", "quick_check", "verify"]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A verified backup; ``files`` of cases that were new beside one that was made elsewhere."""

    path: Path
    files: int = 0
    is_sealed: bool = False


def backup(
    ws: Workspace, folder: Path | None = None, *, sealed: bool = False, meanwhile: Callable[[], object] = bool
) -> BackedUp:
    """Write a verified backup into the data folder's own backups, and a copy of it into ``folder`` where one is named.

    With the copy go the keys of the ledger and the files of cases that are not whole there; without ``folder`` they lie
    beside the backups already, and none that a case names is ever deleted. ``sealed``: the copy and the files are
    sealed for the shop's key; the journal notes that all of it left. To another folder than the second place that was
    chosen not everybody takes it. The own backups are thinned out then.

    ``meanwhile`` is called again and again, outside of any transaction, so that no save waits; what it raises ends the
    backup. Takes as long as the disks do.

    Raises:
        KnownError: ``backup_failed``; ``seal_off``, ``seal_unreadable``; ``not_allowed``. The older
            backups are untouched, and no half file has a name of its own.
    """
    if folder is None:
        ws.require_person()
        return BackedUp(_own(ws, meanwhile).path)
    if str(folder) != ws.shop.second_place:  # which the manager has chosen: the whole register leaves the house
        ws.require(Right.BACKUP)
    from desk_app.services import outside  # noqa: PLC0415 -- PyNaCl, only where something leaves the house

    made = outside.put(ws, folder, lambda: _own(ws, meanwhile), sealed=sealed, meanwhile=meanwhile)
    if not ws.store.is_read_only:  # which notes nothing, but can be saved from
        with ws.store.transaction() as conn:
            ws.note(conn, Noted.SECOND_COPY, str(folder), file=made.path.name, files=made.files)
    return made


def backup_of_the_day(ws: Workspace, meanwhile: Callable[[], object] = bool) -> BackedUp | None:
    """Write the day's backup where there is none yet; called after a change, never before it, so that no save waits.

    Once a day, too, what waits for no form and no case is cleared away. While another backup is under way (this is
    called from within its ``meanwhile``) nothing is done.
    """
    if ws.is_backing_up or generations.made_on(ws.folder.backups, ws.clock.now()):
        return None
    attachments.tidy(ws)
    return BackedUp(_own(ws, meanwhile).path)


def _own(ws: Workspace, meanwhile: Callable[[], object]) -> copies.Made:
    """Write a verified backup into the data folder; raises ``backup_under_way`` from within another's ``meanwhile``."""
    if ws.is_backing_up:
        raise KnownError("backup_under_way")
    folder = ws.folder.backups
    ws.is_backing_up = True
    try:
        ask_room(folder, ws.folder.root, ws.folder.database.stat().st_size)
        made = copies.make(ws.store, folder, ws.clock.now(), meanwhile=meanwhile)
    finally:
        ws.is_backing_up = False
    anchoring.drop(ws, Occasion.BACKUP)
    generations.remember(made, ws.clock.now())
    generations.thin_out(folder)
    return made


def ask_room(folder: Path, there: Path, size: int) -> None:
    """Ask whether the disk of ``there`` has room for ``size`` bytes more in ``folder``; raises ``backup_failed``."""
    try:
        free = shutil.disk_usage(there).free
    except OSError:  # what is wrong with it is told when it is written to
        return
    if free < size:
        reason = KnownError("reason_no_room", need=size // _MEGABYTE + 1, free=free // _MEGABYTE)
        raise KnownError("backup_failed", reason=reason, path=folder)


def files_of(ws: Workspace) -> tuple[str, ...]:
    """Return the hash of every file that a case names."""
    with ws.store.reading() as conn:
        return files.named(conn)
