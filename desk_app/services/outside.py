"""A backup in another folder: a copy of the newest one, the keys of the ledger, and the files of cases.

The copy is made of a backup that was just verified, not of the register, so that a slow stick makes no save wait; it is
read back there and compared with it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.services import upkeep
from desk_app.services.upkeep import BackedUp
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies
from desk_app.storage import elsewhere, restoring, seal
from desk_app.storage import sealed as sealed_files
from desk_app.storage.aside import aside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.services.workspace import Workspace
    from desk_app.storage.backup import Made
    from desk_app.storage.seal import Seal


def put(
    ws: Workspace, folder: Path, make: Callable[[], Made], *, sealed: bool, meanwhile: Callable[[], object]
) -> BackedUp:
    """Make a backup and put it into ``folder`` too; raises as :func:`~desk_app.services.upkeep.backup`."""
    key = seal.read(ws.folder.seal)
    if sealed and key is None:
        raise KnownError("seal_off")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copies.sweep(folder, ws.clock.now())
        made = make()
        return _put(ws, folder, made, key if sealed else None, meanwhile)
    except OSError as error:
        raise KnownError("backup_failed", reason=copies.reason_of(error), path=folder) from error
    except KnownError as error:
        if error.code == "backup_damaged":
            raise KnownError("backup_failed", reason=error, path=folder) from error
        raise


def _put(ws: Workspace, folder: Path, made: Made, key: Seal | None, meanwhile: Callable[[], object]) -> BackedUp:
    named, own = upkeep.files_of(ws), ws.folder.attachments
    there = folder / elsewhere.PLAIN if key is None else elsewhere.sealed_folder(folder, key)
    new = sum(
        files.path_of(own, sha256).stat().st_size
        for sha256 in named
        if files.path_of(own, sha256).is_file() and not files.path_of(there, sha256).is_file()
    )
    upkeep.ask_room(folder, folder, made.path.stat().st_size + new)
    path = copies.free_name(folder, "desk", ".sqlite" if key is None else sealed_files.SUFFIX, ws.clock.now())
    keys = restoring.read_keys(ws.folder.key)
    if key is None:
        aside(lambda: elsewhere.put_backup(made, path), meanwhile)
        restoring.add_keys(keys, folder / ws.folder.key.name)
    else:
        told = {"made_at": ws.clock.now().isoformat(), "cases": made.contents.cases, "keys": keys}
        aside(lambda: sealed_files.write(made.path, path, key, told), meanwhile)
    written = 0
    for sha256 in named:
        written += aside(partial(elsewhere.put, own, there, sha256, key), meanwhile)
    return BackedUp(path, written, key is not None)
