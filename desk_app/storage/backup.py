"""Verified copies of the register.

A copy counts only after it was opened and compared with the original. It is made by SQLite's own backup on our own
connection, a few megabytes at a time: what this program writes between two steps is written into the copy too, so no
save waits for it. Where another program writes, SQLite begins anew; after a few times the rest is copied in one go. The
copy is written under a temporary name, read back from the disk, checked and renamed, so that a folder never holds half
a backup.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from desk_app.errors import KnownError
from desk_app.storage import ledger
from desk_app.storage.aside import aside
from desk_app.storage.connection import VERSION, Store, check_file
from desk_app.storage.faults import told_plainly
from desk_app.storage.ledger import Head

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_T = TypeVar("_T")

DAMAGED = frozenset({"backup_damaged", "database_damaged"})
"""The reasons of a ``backup_failed`` that lie in the register itself."""

_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"[a-z-]+-(\d{8}-\d{6})(?:-\d+)?\.(?:sqlite|sealed)")
_OLD_TABLES = frozenset({"case", "event", "follow_up", "counter", "draft", "setting"})
_TABLES = _OLD_TABLES | {*ledger.SEALED, "ledger"}
_PIECE = 4_000_000  # bytes read at once
_STEP = 1000  # pages: 4 MB, some 10 ms
_ANEW = 3  # times that a copy begins anew before all others have to wait
_REASONS: Mapping[int | str, str] = {
    errno.ENOSPC: "reason_full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "reason_full",
    "disk_full": "reason_full",
    "disk_error": "reason_gone",
    errno.EROFS: "reason_read_only",
    errno.EACCES: "reason_read_only",
    errno.EPERM: "reason_read_only",
    errno.ENOENT: "reason_gone",
    errno.ENODEV: "reason_gone",
    errno.EIO: "reason_gone",
}
"""What an error of the system means for a disk that can be pulled out."""
_LEFT_AFTER = timedelta(days=1)
"""After that long a temporary file is one that a kill has left."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a register holds, as far as a copy can be compared by it: how many rows each table has, and its head."""

    version: int
    counts: Mapping[str, int]
    head: Head | None

    @property
    def cases(self) -> int:
        """How many cases."""
        return self.counts.get("case", 0)

    @property
    def events(self) -> int:
        """How many lines of their history."""
        return self.counts.get("event", 0)


class Made(NamedTuple):
    """A verified backup: where it is, what it holds, and the SHA-256 of the file."""

    path: Path
    contents: Contents
    sha256: str


def make(store: Store, folder: Path, now: datetime, name: str = "desk", meanwhile: Callable[[], object] = bool) -> Made:
    """Write a verified backup of the open register into ``folder``.

    Only those called ``desk`` are ever thinned out: one that was made before a restore or a migration stays.
    ``meanwhile`` is called between two steps, outside of any transaction; what it raises ends the backup.

    Raises:
        KnownError: ``backup_failed``; nothing is left behind, and no older backup was touched.
    """
    part = _part(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, now)
        return _make(store, part, free_name(folder, name, ".sqlite", now), meanwhile)
    except (OSError, sqlite3.Error, KnownError) as error:
        raise KnownError("backup_failed", reason=reason_of(error), path=folder) from error
    finally:
        with suppress(OSError):  # where it could not be made, it cannot be removed either
            part.unlink()


def look_into_copy(
    store: Store, folder: Path, look: Callable[[sqlite3.Connection], _T], meanwhile: Callable[[], object]
) -> _T:
    """Return what ``look`` finds in a copy of the open register, which is gone afterwards.

    For a question that holds the register for as long as it takes, so that every save would wait. ``look`` runs beside
    this thread; ``meanwhile`` as in :func:`make`.

    Raises:
        KnownError: the register or the disk refuses the copy.
        sqlite3.Error: what ``look`` raises.
    """
    part = _part(folder)
    try:
        with told_plainly(store.path, folder):
            folder.mkdir(parents=True, exist_ok=True)
        _copy_in_steps(store, part, meanwhile, bool)

        def work() -> _T:
            with closing(sqlite3.connect(part, isolation_level=None)) as conn:  # mode=ro leaves out CHECK constraints
                return look(conn)

        return aside(work, meanwhile)
    finally:
        with suppress(OSError):
            part.unlink()


def _part(folder: Path) -> Path:
    """Return a name for a file that is not whole yet, or not to stay; :func:`sweep` knows it."""
    return folder / f".desk-{os.getpid()}-{os.urandom(4).hex()}.part"


def reason_of(error: Exception) -> object:
    """Return why it failed: a known error (whose sentence is told), or what the system says."""
    code = _REASONS.get(error.code if isinstance(error, KnownError) else getattr(error, "errno", None) or 0)
    if code is not None:
        return KnownError(code)
    if isinstance(error, KnownError):
        return error
    return getattr(error, "strerror", None) or getattr(error, "sqlite_errorname", None) or type(error).__name__


def _make(store: Store, part: Path, target: Path, meanwhile: Callable[[], object]) -> Made:
    expected = _copy_in_steps(store, part, meanwhile, contents)
    found, sha256 = aside(lambda: _read_back(part), meanwhile)
    if found != expected:
        raise KnownError("backup_damaged", path=part)
    part.replace(target)
    sync(part.parent)
    return Made(target, found, sha256)


def _read_back(part: Path) -> tuple[Contents, str]:
    sync(part)
    return check(part), sha256_of(part)


def _copy_in_steps(
    store: Store, target: Path, meanwhile: Callable[[], object], then: Callable[[sqlite3.Connection], _T]
) -> _T:
    """Copy the open register as it is at the end of the last step, and return what ``then`` says of that state."""
    with store.reading() as conn, closing(_new(target)) as copy, _Steps(store, meanwhile) as steps:
        pages = int(conn.execute("PRAGMA page_count").fetchone()[0])
        steps.between(sqlite3.SQLITE_OK, pages, pages)
        conn.backup(copy, pages=_STEP, progress=steps.between)
        return then(conn)


class _Steps(ExitStack):
    """What happens between the steps of one copy: the others go first, until the last step, which is one state."""

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._store, self._meanwhile = store, meanwhile
        self._left, self._begun = 0, 0

    def between(self, status: int, left: int, _total: int) -> None:
        refuse_to_wait(status)
        self._begun += left > self._left
        self._left = left
        if left and (left <= _STEP or self._begun > _ANEW):
            if not self._store.is_in_transaction:
                self.enter_context(self._store.snapshot())
        elif left:  # more is left than one step: another program wrote before it could be held
            self.close()
            self._meanwhile()


def copy_whole(source: sqlite3.Connection, target: Path) -> None:
    """Copy a register that nobody writes to into a new file, which is not yet forced to the disk."""
    with closing(_new(target)) as copy:
        source.backup(copy, progress=lambda status, _left, _total: refuse_to_wait(status))
        copy.execute("PRAGMA journal_mode=DELETE")


def _new(target: Path) -> sqlite3.Connection:
    """Open a file that is to become a copy; it is forced to the disk once, when it is whole."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600, exist_ok=False)
    copy = sqlite3.connect(target, isolation_level=None)
    copy.execute("PRAGMA journal_mode=OFF")
    copy.execute("PRAGMA synchronous=OFF")
    return copy


def check(path: Path) -> Contents:
    """Return what a backup holds, after a full check of it.

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``backup_not_ours``, ``backup_damaged`` or
            ``database_newer``.
    """
    if not path.is_file():
        raise KnownError("file_missing", path=path)
    try:
        with closing(reading(path)) as conn:
            version = check_file(conn)
            _read_through(path)
            if not version:
                raise KnownError("backup_not_ours", path=path)
            if version > VERSION:
                raise KnownError("database_newer", path=path, found=version, known=VERSION)
            held = contents(conn)
            is_ok = conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            if not is_ok or not held.counts.keys() >= (_TABLES if version == VERSION else _OLD_TABLES):
                raise KnownError("backup_damaged", path=path)
            return held
    except sqlite3.Error as error:
        raise _told(error, path) from error


def _read_through(path: Path) -> None:
    """Read a file in its order, so that the check after it jumps about in memory, not on the disk."""
    with suppress(OSError), path.open("rb") as file:
        while file.read(_PIECE):
            pass


def _told(error: sqlite3.Error, path: Path) -> KnownError:
    """Return what SQLite's refusal to read a backup means: the file is no backup, is damaged, or is out of reach."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(16) == b"SQLite format 3\0"
    except OSError as refused:
        return KnownError("file_unreadable", path=path, reason=reason_of(refused))
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY):
        return KnownError("file_unreadable", path=path, reason=reason_of(error))
    return KnownError("backup_damaged" if is_sqlite else "backup_not_ours", path=path)


def reading(path: Path) -> sqlite3.Connection:
    """Open a backup so that nothing can be written to it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)


def refuse_to_wait(status: int) -> None:
    """Stop a copy that found a lock: SQLite has already waited as long as ``busy_timeout`` says, Python would forever.

    Raises:
        KnownError: ``database_busy``.
    """
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise KnownError("database_busy")


def contents(conn: sqlite3.Connection) -> Contents:
    """Return what a register holds, within one state of it."""
    counts = {name: _count(conn, name) for name in tables(conn)}
    return Contents(int(conn.execute("PRAGMA user_version").fetchone()[0]), counts, head(conn))


def _count(conn: sqlite3.Connection, table: str) -> int:
    name = table.replace('"', '""')  # of a file that anybody may have made
    return int(conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])


def tables(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of a register's tables."""
    rows = conn.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return tuple(name for (name,) in rows)


def head(conn: sqlite3.Connection) -> Head | None:
    """Return the end of the ledger; None in a register that is older than it."""
    known = conn.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'ledger'").fetchone()
    return ledger.head(conn) if known else None


def sha256_of(path: Path) -> str:
    """Return the hash of a file that is no open register (closing it would drop SQLite's locks)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def free_name(folder: Path, name: str, suffix: str, now: datetime) -> Path:
    """Return a path for a backup of this moment that nothing has yet."""
    target, extra = folder / f"{name}-{now.strftime(_STAMP)}{suffix}", 2
    while target.exists():
        target, extra = folder / f"{name}-{now.strftime(_STAMP)}-{extra}{suffix}", extra + 1
    return target


def made_at(path: Path) -> datetime | None:
    """Return the moment that is in a backup's name, on the local wall clock; None where it was not named by us."""
    name = _NAME.fullmatch(path.name)
    try:
        return datetime.strptime(name[1], _STAMP) if name else None  # noqa: DTZ007 -- the name says no zone
    except ValueError:  # digits that are no moment
        return None


def sweep(folder: Path, now: datetime) -> None:
    """Remove what a kill has left under a temporary name."""
    for pattern in (".desk-*.part", "attachments*/*/.*.part"):
        for left in folder.glob(pattern):
            with suppress(OSError):
                if left.stat().st_mtime < (now - _LEFT_AFTER).timestamp():
                    left.unlink()


def sync(path: Path) -> None:
    """Force a file, or on POSIX a folder's names, to the disk. Windows cannot open a folder, and needs not.

    Where the system can, what it remembers of a file is let go of, so that who reads it next reads the disk.
    """
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
        if hasattr(os, "posix_fadvise") and path.is_file():
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
