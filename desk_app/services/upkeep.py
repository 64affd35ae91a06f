"""Use cases that keep the register alive: backup, restore, check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.sealed import Occasion
from desk_app.errors import KnownError
from desk_app.services import anchoring, attachments
from desk_app.services.checking import quick_check, verify
from desk_app.services.results import Changes
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies

if TYPE_CHECKING:
    from desk_app.clock import Clock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

__all__ = ["BackedUp", "Restored", "backup", "backup_of_the_day", "quick_check", "restore", "verify"]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A verified backup."""

    path: Path


@dataclass(frozen=True, slots=True)
class Restored:
    """A register put back: from which backup, and where what was there before is kept now."""

    cases: int
    kept: Path | None
    changes: Changes


def backup(ws: Workspace, folder: Path | None = None) -> BackedUp:
    """Write a verified backup, into the data folder's own backups (which are then thinned out) or into ``folder``.

    Into ``folder`` go the files of cases too, those that are not there yet, into its ``attachments``. Beside the data
    folder's own backups they lie already, and none that a case names is ever deleted.

    Raises:
        KnownError: ``backup_failed``; the older backups are untouched.
    """
    path = copies.make(ws.store, folder or ws.folder.backups, ws.clock.now())
    anchoring.drop(ws, Occasion.BACKUP)
    if folder is None:
        copies.thin_out(ws.folder.backups)
    else:
        _copy_files(ws, ws.folder.attachments, folder / ws.folder.attachments.name)
    return BackedUp(path)


def backup_of_the_day(ws: Workspace) -> BackedUp | None:
    """Write the day's backup where there is none yet; called after a change, never before it, so that no save waits.

    Once a day, too, what waits for no form and no case is cleared away.
    """
    if copies.made_on(ws.folder.backups, ws.clock.now()):
        return None
    attachments.tidy(ws)
    return backup(ws)


def restore(folder: DataFolder, clock: Clock, rules: Rules, source: Path) -> Restored:
    """Put a backup in the register's place, after a full check of it.

    Files of its cases that are missing are fetched from the ``attachments`` beside the backup, where they are there.

    Where the present register can be opened, it is backed up first and then overwritten in one transaction, so that an
    open window goes on with the restored one; where it cannot, it is moved aside and kept.

    Raises:
        KnownError: the backup is missing, damaged, of another program or of a newer version; nothing is changed.
    """
    if source.exists() and folder.database.exists() and source.samefile(folder.database):
        raise KnownError("backup_is_register", path=source)
    held = copies.check(source)
    kept: Path | None
    try:
        kept = _restore_over(folder, clock, rules, source)
    except KnownError as error:
        if error.code not in ("database_missing", "database_damaged"):
            raise
        kept = copies.restore_as(source, folder.database, folder.backups, clock.now())
    ws = open_workspace(folder, clock, rules)  # migrates an older one, and proves that it opens
    try:
        _copy_files(ws, source.parent / folder.attachments.name, folder.attachments)
    finally:
        ws.close()
    return Restored(held.cases, kept, Changes(queue=True, drafts=True, shop=True, everything=True))


def _copy_files(ws: Workspace, source: Path, target: Path) -> None:
    """Copy the files that cases name and that are in one folder but not in the other; raises ``backup_failed``."""
    with ws.store.reading() as conn:
        named = files.named(conn)
    try:
        files.copy_missing(source, target, named)
    except OSError as error:
        raise KnownError("backup_failed", reason=error.strerror or type(error).__name__, path=target) from error


def _restore_over(folder: DataFolder, clock: Clock, rules: Rules, source: Path) -> Path:
    """Overwrite the present register after a backup of it; ``database_damaged`` where it cannot be read."""
    ws = open_workspace(folder, clock, rules)
    try:
        kept = copies.make(ws.store, folder.backups, clock.now(), "before-restore")
        copies.restore_into(ws.store, source)
    except KnownError as error:
        if getattr(error.params.get("reason"), "code", "") in copies.DAMAGED:
            raise KnownError("database_damaged", path=folder.database, backups=folder.backups) from error
        raise
    finally:
        ws.close()
    return kept
