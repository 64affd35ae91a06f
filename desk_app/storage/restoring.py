"""Putting a checked backup in the register's place.

Into a register that opens it goes in one transaction of SQLite's own: a window that is open sees the restored register,
and a stale journal can do no harm. One that does not open is moved aside, never deleted.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from desk_app.storage import backup, ledger
from desk_app.storage.faults import told_plainly

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from desk_app.storage.connection import Store


def restore_into(store: Store, source: Path) -> None:
    """Put a checked backup in the place of the open register's contents; raises ``database_busy`` rather than wait."""
    with store.reading(), closing(backup.reading(source)) as conn:
        conn.backup(store.conn, progress=lambda status, _left, _total: backup.refuse_to_wait(status))


def restore_as(source: Path, database: Path, backups: Path, now: datetime) -> Path | None:
    """Put a checked backup where the register is missing or cannot be read.

    A file that is there is moved aside, with its journal, and its new path returned. It stays where it is until the
    copy that takes its place is whole.
    """
    part = database.with_name(f".{database.name}.part")
    with told_plainly(database, backups):
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            with closing(backup.reading(source)) as conn:
                backup.copy_whole(conn, part)
            backup.sync(part)
            aside = _move_aside(database, now)
            part.replace(database)
            backup.sync(database.parent)
            return aside
        finally:
            part.unlink(missing_ok=True)


def _move_aside(database: Path, now: datetime) -> Path | None:
    aside = None
    if database.exists():
        aside = backup.free_name(database.parent, f"{database.stem}-damaged", database.suffix, now)
        database.replace(aside)
    for suffix in ("-journal", "-wal", "-shm"):
        left = database.with_name(database.name + suffix)
        if left.exists():
            left.replace(database.with_name((aside or database).name + f".old{suffix}"))
    return aside


def read_keys(path: Path) -> str:
    """Return the keys of ledgers that a file holds, empty where there is none; what is no key is passed over."""
    with suppress(FileNotFoundError):
        return _keys(path.read_text(encoding="ascii", errors="replace"))
    return ""


def add_keys(text: str, path: Path) -> None:
    """Add keys of a ledger to a file of them; the one that is used there stays the newest. Raises OSError.

    What there is stays as it is, even where it is no key any more. Of ``text``, by others, only keys are taken.
    """
    there = path.read_bytes() if path.exists() else b""
    new = [line for line in _keys(text).split() if line.encode() not in there.split()]
    if not new:
        return
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write("".join(f"{line}\n" for line in new).encode() + there)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _keys(text: str) -> str:
    return "".join(f"{line}\n" for line in text.split() if ledger.is_key(line))
