"""Verified copies of the register.

A copy counts only after it was opened and compared with the original. It is made by SQLite's own backup (all pages at
once, on our own connection), written under a temporary name and renamed, so that a folder never holds half a backup. A
restore goes the same way into the live file, in one transaction of SQLite's: a window that is open sees the restored
register, and a stale journal can do no harm.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.storage.connection import VERSION, Store, check_file
from desk_app.storage.faults import told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY = 12, 10, 9
DAMAGED = frozenset({"backup_damaged", "database_damaged"})
"""The reasons of a ``backup_failed`` that lie in the register itself."""

_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"desk-(\d{8}-\d{6})(?:-\d+)?\.sqlite")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a register holds, as far as a copy can be compared by it."""

    version: int
    cases: int
    events: int
    follow_ups: int
    last_event: int


def make(store: Store, folder: Path, now: datetime, name: str = "desk") -> Path:
    """Write a verified backup of the open register into ``folder`` and return its path.

    Only those called ``desk`` are ever thinned out: one that was made before a restore or a migration stays.

    Raises:
        KnownError: ``backup_failed``; nothing is left behind, and no older backup was touched.
    """
    part = folder / f".desk-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _make(store, part, _free_name(folder, name, now))
    except (OSError, sqlite3.Error, KnownError) as error:
        with suppress(OSError):  # where it could not be made, it cannot be removed either
            part.unlink()
        raise KnownError("backup_failed", reason=_reason(error), path=folder) from error


def _reason(error: Exception) -> object:
    """Return why it failed: a known error (whose sentence is told), or what the system says."""
    if isinstance(error, KnownError):
        return error
    return getattr(error, "strerror", None) or getattr(error, "sqlite_errorname", None) or type(error).__name__


def _make(store: Store, part: Path, target: Path) -> Path:
    with store.snapshot() as conn:  # another program may write as soon as it is copied
        expected = _contents(conn)
        _copy(conn, part)
    if check(part) != expected:
        raise KnownError("backup_damaged", path=part)
    _sync(part)
    part.replace(target)
    _sync(part.parent)
    return target


def made_on(folder: Path, day: datetime) -> bool:
    """Whether ``folder`` holds a backup of that day."""
    return any(made.date() == day.date() for made in (_made_at(p) for p in folder.glob("desk-*.sqlite")) if made)


def thin_out(folder: Path) -> tuple[Path, ...]:
    """Remove the backups that the generations no longer want, and return them; foreign files are left alone.

    One that cannot be removed (open elsewhere) stays for the next time.
    """
    times = {path: made for path in folder.glob("desk-*.sqlite") if (made := _made_at(path))}
    kept = keep(times.values())
    gone = []
    for path in sorted(path for path, made in times.items() if made not in kept):
        with suppress(OSError):
            path.unlink()
            gone.append(path)
    return tuple(gone)


def keep(times: Iterable[datetime]) -> frozenset[datetime]:
    """Return which backups stay: the newest of each of the last 12 days, 10 weeks and 9 months that have one.

    Of the newest day all stay: whoever asks for one has just been told its name.
    """
    newest_first = sorted(times, reverse=True)
    generations: Sequence[tuple[int, str]] = (
        (KEEP_DAILY, "%Y-%m-%d"),
        (KEEP_WEEKLY, "%G-%V"),
        (KEEP_MONTHLY, "%Y-%m"),
    )
    kept = {made for made in newest_first if made.date() == newest_first[0].date()}
    for count, period in generations:
        newest: dict[str, datetime] = {}
        for made in newest_first:
            newest.setdefault(made.strftime(period), made)
        kept.update(sorted(newest.values(), reverse=True)[:count])
    return frozenset(kept)


def check(path: Path) -> Contents:
    """Return what a backup holds, after a full check of it.

    Raises:
        KnownError: ``file_missing``, ``backup_not_ours``, ``backup_damaged`` or ``database_newer``.
    """
    if not path.is_file():
        raise KnownError("file_missing", path=path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as conn:
            version = check_file(conn)
            if not version:
                raise KnownError("backup_not_ours", path=path)
            if version > VERSION:
                raise KnownError("database_newer", path=path, found=version, known=VERSION)
            if conn.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise KnownError("backup_damaged", path=path)
            return _contents(conn)
    except sqlite3.DatabaseError as error:
        damaged = _is_sqlite(path)
        raise KnownError("backup_damaged" if damaged else "backup_not_ours", path=path) from error


def restore_into(store: Store, backup: Path) -> None:
    """Put a checked backup in the place of the open register's contents, in one transaction of SQLite's own."""
    with (
        store.reading(),
        closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as source,
    ):
        source.backup(store.conn, progress=_refuse_to_wait)


def restore_as(backup: Path, database: Path, backups: Path, now: datetime) -> Path | None:
    """Put a checked backup where the register is missing or cannot be read.

    A file that is there is moved aside, with its journal, and its new path returned; it is never deleted. It stays
    where it is until the copy that takes its place is whole.
    """
    with told_plainly(database, backups):
        database.parent.mkdir(parents=True, exist_ok=True)
        part = database.with_name(f".{database.name}.part")
        with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro", uri=True)) as source:
            _copy(source, part)
        _sync(part)
        aside = _move_aside(database, now)
        part.replace(database)
        _sync(database.parent)
        return aside


def _move_aside(database: Path, now: datetime) -> Path | None:
    aside = None
    if database.exists():
        aside = database.with_name(f"{database.stem}-damaged-{now.strftime(_STAMP)}{database.suffix}")
        database.replace(aside)
    for suffix in ("-journal", "-wal", "-shm"):
        left = database.with_name(database.name + suffix)
        if left.exists():
            left.replace(database.with_name((aside or database).name + f".old{suffix}"))
    return aside


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(copy, progress=_refuse_to_wait)
        copy.execute("PRAGMA journal_mode=DELETE")


def _refuse_to_wait(status: int, _remaining: int, _total: int) -> None:
    """Stop a copy that found a lock: SQLite has already waited as long as ``busy_timeout`` says, Python would forever.

    Raises:
        KnownError: ``database_busy``.
    """
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise KnownError("database_busy")


def _contents(conn: sqlite3.Connection) -> Contents:
    row = conn.execute(
        'SELECT (SELECT count(*) FROM "case"), (SELECT count(*) FROM event), (SELECT count(*) FROM follow_up),'
        " (SELECT coalesce(max(id), 0) FROM event)"
    ).fetchone()
    return Contents(int(conn.execute("PRAGMA user_version").fetchone()[0]), *row)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _free_name(folder: Path, name: str, now: datetime) -> Path:
    target, extra = folder / f"{name}-{now.strftime(_STAMP)}.sqlite", 2
    while target.exists():
        target, extra = folder / f"{name}-{now.strftime(_STAMP)}-{extra}.sqlite", extra + 1
    return target


def _made_at(path: Path) -> datetime | None:
    name = _NAME.fullmatch(path.name)
    try:
        return datetime.strptime(name[1], _STAMP).astimezone() if name else None
    except ValueError:  # digits that are no moment: not named by us
        return None


def _sync(path: Path) -> None:
    """Force a file, or on POSIX a folder's names, to the disk. Windows cannot open a folder, and needs not."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
