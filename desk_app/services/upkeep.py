"""Use cases that keep the register alive: backups, looking after them, and the check of the register."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services import attachments
from desk_app.services.results import Finding, Verified
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies
from desk_app.storage import generations, journal
from desk_app.storage.aside import aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.services.workspace import Workspace
    from desk_app.storage.generations import Checked, Kept

_CHECK_AGAIN = timedelta(days=7)
"""How long a backup that was found sound is believed to be."""
_MEGABYTE = 1_000_000


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
    sealed for the shop's key. The own backups are thinned out then.

    ``meanwhile`` is called again and again, outside of any transaction, so that no save waits; what it raises ends the
    backup. Takes as long as the disks do.

    Raises:
        KnownError: ``backup_failed``; ``seal_off``, ``seal_unreadable``; ``not_allowed``. The older
            backups are untouched, and no half file has a name of its own.
    """
    ws.require(Right.BACKUP)
    if folder is None:
        return BackedUp(_own(ws, meanwhile).path)
    from desk_app.services import outside  # noqa: PLC0415 -- PyNaCl, only where something leaves the house

    return outside.put(ws, folder, lambda: _own(ws, meanwhile), sealed=sealed, meanwhile=meanwhile)


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


def kept_backups(ws: Workspace) -> tuple[Kept, ...]:
    """Return every backup in the data folder, the newest first, each with its last check; cheap."""
    return generations.listed(ws.folder.backups)


def check_next_backup(ws: Workspace, meanwhile: Callable[[], object] = bool) -> Checked | None:
    """Check one backup, the newest of those that were not checked for a week; None where there is none such.

    To be called again and again while nobody waits. One that is damaged is set aside under a name that says so, and
    told of by :func:`verify`; the generations are thinned out again, as more may be known to be sound now.
    """
    now, folder = ws.clock.now(), ws.folder.backups
    due = next((each for each in generations.listed(folder) if _is_due(each, ws)), None)
    if due is None:
        return None
    checked = aside(lambda: generations.check_again(due, now), meanwhile)
    generations.thin_out(folder)
    return checked


def _is_due(kept: Kept, ws: Workspace) -> bool:
    if kept.checked is None:
        return True
    return not kept.is_set_aside and ws.clock.now() - kept.checked.at >= _CHECK_AGAIN


def verify(ws: Workspace) -> Verified:
    """Check the register: structure, references, schema and triggers, what is owed, counters; files; backups."""
    from desk_app.storage import check  # noqa: PLC0415 -- sqlite_utils, only when the schema is compared

    found = [*check.findings(ws.store), *check.file_findings(ws.store, ws.folder.attachments)]
    return Verified((*(Finding(code, params) for code, params in found), *backup_findings(ws)))


def backup_findings(ws: Workspace) -> Iterator[Finding]:
    """Go through the backups that cannot be read; the newest is read now, of the others the last check is told.

    The newest must be of this register's past: where its end of the ledger is not in the ledger, and no restore since
    is on record, the register was put back or cut by another program.
    """
    folder, now = ws.folder.backups, ws.clock.now()
    newest = next((each for each in generations.listed(folder) if each.is_ours_to_thin_out), None)
    if newest is not None:
        generations.check_again(newest, now)
    for each in generations.listed(folder):
        if each.checked is not None and each.checked.fault:
            yield Finding("check_backup_unreadable", {"path": each.path, "at": each.checked.at})
    sound = generations.newest_sound(folder)
    head = sound and sound.checked and sound.checked.head
    if sound is None or not head:
        return
    with ws.store.reading() as conn:
        line = conn.execute("SELECT mac FROM ledger WHERE id = ?", (head.id,)).fetchone()
        restored = journal.latest(conn, Noted.RESTORE)
    made = ws.clock.local(sound.made_at)
    if (line is None or line[0] != head.mac) and (restored is None or restored.at < made):
        yield Finding("check_backup_ahead", {"path": sound.path, "made": made})


def files_of(ws: Workspace) -> tuple[str, ...]:
    """Return the hash of every file that a case names."""
    with ws.store.reading() as conn:
        return files.named(conn)
