"""Files laid to cases: each under the SHA-256 of its content, so that one that is there need not be copied again.

``attachments/waiting/`` holds what was given but lies with no case yet: it may be cleared away. What a case names is
moved to ``attachments/ab/abcdef…`` before its row is written, and is never deleted by the program (rows of older
backups, and actions that are taken back, find it there) but when all its cases are made anonymous. No file has an
ending, so no system runs it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from desk_app.domain.attachments import Attached, AttachmentKind
from desk_app.domain.privacy import BLOTTED
from desk_app.errors import KnownError
from desk_app.paths import make_private_folder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from desk_app.domain.attachments import Taken
    from desk_app.storage.connection import Transaction

PIECE = 4_000_000  # bytes that one step copies
_WAITING = "waiting"
_PART = ".part"
_NO_HASH = "no hash"  # what no file is called
_HEAD = 16
_COLUMNS = "id, event_id, sha256, name, kind, size"


class Content(NamedTuple):
    """What was copied: the hash of it, how many bytes, the first of them, and where it is while it has no name."""

    sha256: str
    size: int
    head: bytes
    part: Path


class Copying:
    """A file on its way into the data folder, a piece at a time. Used on the storage thread."""

    def __init__(self, folder: Path, source: Path | bytes, name: str, limit: int) -> None:
        """Open what is to be copied (a file, or what was pasted); nothing larger than ``limit`` bytes is taken.

        Raises:
            KnownError: ``attachment_missing``, ``attachment_link``, ``attachment_no_file``, ``attachment_unreadable``,
                ``attachment_too_big``; ``disk_full`` or ``folder_unwritable`` of the data folder.
        """
        self._name, self._limit = name, limit
        self.copied = 0
        self._hash = hashlib.sha256()
        self._head = b""
        self._source: IO[bytes] | None = None
        self._pasted = source if isinstance(source, bytes) else b""
        if not isinstance(source, bytes):
            self._source = _open(source, name)
        self.size = os.fstat(self._source.fileno()).st_size if self._source else len(self._pasted)
        try:
            self._refuse_beyond(self.size)
            with _told(folder):
                waiting = folder / _WAITING
                make_private_folder(folder)
                waiting.mkdir(exist_ok=True)
                self._part = waiting / f"{os.getpid()}-{os.urandom(8).hex()}{_PART}"
                self._target = self._part.open("xb")
        except BaseException:
            self._close_source()
            raise

    def step(self) -> Content | None:
        """Copy one piece; return the content when all of it is on the disk, else None. A failure leaves nothing behind.

        Raises:
            KnownError: as at the opening; ``attachment_changed``, ``attachment_empty``.
        """
        try:
            piece = self._read()
            self.copied += len(piece)
            self._refuse_beyond(self.copied)
            with _told(self._part.parent):
                self._target.write(piece)
                self._hash.update(piece)
                self._head = self._head or piece[:_HEAD]
                if piece:
                    return None
                self._refuse_change()
                self._target.flush()
                os.fsync(self._target.fileno())
        except BaseException:
            self.drop()
            raise
        self._target.close()
        self._close_source()
        return Content(self._hash.hexdigest(), self.copied, self._head, self._part)

    def drop(self) -> None:
        """Leave nothing behind."""
        self._close_source()
        with suppress(OSError):  # what cannot be flushed is not wanted either
            self._target.close()
        with suppress(OSError):  # `clear` finds it another day
            self._part.unlink()

    def _read(self) -> bytes:
        if self._source is None:
            return self._pasted[self.copied : self.copied + PIECE]
        try:
            return self._source.read(PIECE)
        except OSError as error:
            raise KnownError("attachment_unreadable", name=self._name, reason=_reason(error)) from error

    def _refuse_beyond(self, size: int) -> None:
        if size > self._limit:
            raise KnownError("attachment_too_big", name=self._name, limit=self._limit // 1_000_000)

    def _refuse_change(self) -> None:
        """Refuse a file that was written to while it was copied: half of it would be old and half new."""
        if not self.copied:
            raise KnownError("attachment_empty", name=self._name)
        if self._source is not None and os.fstat(self._source.fileno()).st_size != self.copied:
            raise KnownError("attachment_changed", name=self._name)

    def _close_source(self) -> None:
        if self._source is not None:
            self._source.close()


def put_waiting(folder: Path, content: Content) -> None:
    """Give what was copied its name, unless it is there already; it waits for its case from now on.

    Raises:
        KnownError: ``disk_full`` or ``folder_unwritable``.
    """
    with _told(folder):
        there = find(folder, content.sha256)
        if there is None:
            content.part.replace(folder / _WAITING / content.sha256)
            _sync_folder(folder / _WAITING)
        else:
            content.part.unlink()
            os.utime(there)  # it is wanted anew: `clear` counts from here


def keep(folder: Path, sha256: str) -> bool:
    """See that a file is where those of cases are, before its row is written; return whether it is.

    Raises:
        KnownError: ``disk_full`` or ``folder_unwritable``.
    """
    kept, waiting = path_of(folder, sha256), folder / _WAITING / _name(sha256)
    with _told(folder):
        if not kept.is_file():
            if not waiting.is_file():
                return False
            kept.parent.mkdir(exist_ok=True)
            waiting.replace(kept)
            _sync_folder(folder / _WAITING)
            _sync_folder(kept.parent)
            _sync_folder(folder)
    return True


def path_of(folder: Path, sha256: str) -> Path:
    """Return where a file of a case is: always in the folder, whatever somebody wrote into a row as its hash."""
    name = _name(sha256)
    return folder / name[:2] / name


def find(folder: Path, sha256: str) -> Path | None:
    """Return where a file is, waiting or with a case, or None."""
    places = (path_of(folder, sha256), folder / _WAITING / _name(sha256))
    return next((path for path in places if path.is_file()), None)


def touch(folder: Path, hashes: Iterable[str]) -> None:
    """Let what waits stay another while: its form was discarded, and can be had back."""
    for sha256 in hashes:
        with suppress(OSError):
            os.utime(folder / _WAITING / sha256)


def clear(folder: Path, wanted: frozenset[str], before: datetime) -> tuple[str, ...]:
    """Remove what waits for no case: half copies and files of discarded forms, older than ``before``.

    ``wanted`` are the hashes that half-typed forms name. Return the names that were removed.
    """
    gone = []
    for path in sorted((folder / _WAITING).glob("*")):
        with suppress(OSError):  # open elsewhere: another day
            if path.name not in wanted and path.stat().st_mtime < before.timestamp():
                path.unlink()
                gone.append(path.name)
    return tuple(gone)


def erase(folder: Path, hashes: Iterable[str]) -> int:
    """Delete the files of cases that were made anonymous, wherever they lie; return how many were there still.

    One that cannot be deleted (open elsewhere) is left for the next time: its row says for ever that it is to go.
    """
    gone = 0
    for sha256 in hashes:
        with suppress(OSError):
            while (path := find(folder, sha256)) is not None:
                path.unlink()
                gone += 1
    return gone


def copy_to(folder: Path, sha256: str, target: Path) -> bool:
    """Write a copy for another program, all of it or none; return whether the file was there to be copied.

    Raises:
        OSError: the target cannot be written.
    """
    source = find(folder, sha256)
    if source is None:
        return False
    part = target.with_name(f".{os.urandom(8).hex()}{_PART}")
    try:
        with source.open("rb") as read, part.open("xb") as write:
            while piece := read.read(PIECE):
                write.write(piece)
            write.flush()
            os.fsync(write.fileno())
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return True


def named(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the hash of every file that a case names, whether it lies there still or was taken away.

    What lay with cases that were made anonymous is gone (:func:`erase`).
    """
    rows = conn.execute("SELECT DISTINCT sha256 FROM attachment WHERE name <> ? ORDER BY sha256", (BLOTTED,))
    return tuple(row[0] for row in rows)


def numbers_naming(conn: sqlite3.Connection, hashes: Iterable[str], most: int) -> tuple[str, ...]:
    """Return the numbers of (at most so many) cases that name one of these files."""
    rows = conn.execute(
        'SELECT DISTINCT c.number FROM attachment a JOIN "case" c ON c.id = a.case_id'
        " WHERE a.sha256 IN (SELECT value FROM json_each(?)) ORDER BY c.id LIMIT ?",
        (json.dumps(list(hashes)), most),
    )
    return tuple(number for (number,) in rows)


def insert(conn: Transaction, case_number: str, event_id: int, taken: Iterable[Taken]) -> None:
    """Write the rows of files that are kept already (:func:`keep`), inside the caller's transaction."""
    conn.executemany(
        "INSERT INTO attachment (case_id, event_id, sha256, name, kind, size)"
        ' VALUES ((SELECT id FROM "case" WHERE number = ?), ?, ?, ?, ?, ?)',
        [(case_number, event_id, each.sha256, each.name, each.kind, each.size) for each in taken],
    )


def read(conn: sqlite3.Connection, number: str) -> tuple[Attached, ...]:
    """Return everything that was ever laid to a case, in that order."""
    rows = conn.execute(
        f'SELECT {_COLUMNS} FROM attachment WHERE case_id = (SELECT id FROM "case" WHERE number = ?) ORDER BY id',
        (number,),
    )
    return tuple(Attached(i, event, sha256, name, AttachmentKind(kind), n) for i, event, sha256, name, kind, n in rows)


def number_of(conn: sqlite3.Connection, attachment_id: int) -> str:
    """Return the number of the case that a row belongs to, empty where there is no such row."""
    sql = 'SELECT c.number FROM attachment a JOIN "case" c ON c.id = a.case_id WHERE a.id = ?'
    row = conn.execute(sql, (attachment_id,)).fetchone()
    return str(row[0]) if row else ""


def findings(conn: sqlite3.Connection, folder: Path) -> Iterator[tuple[str, dict[str, object]] | None]:
    """Go through the files of cases, None for each that is what it was; every file is read."""
    rows = conn.execute(
        'SELECT a.sha256, a.size, min(c.number), a.name FROM attachment a JOIN "case" c ON c.id = a.case_id'
        " WHERE a.name <> ? GROUP BY a.sha256 ORDER BY min(a.id)",
        (BLOTTED,),
    ).fetchall()
    for sha256, size, number, name in rows:
        told = {"number": number, "name": name}
        try:
            with path_of(folder, sha256).open("rb") as file:
                same = os.fstat(file.fileno()).st_size == size and _hash_of(file) == sha256
        except FileNotFoundError:
            yield "check_attachment_missing", told
        except OSError as error:
            yield "check_attachment_unreadable", {"number": number, "name": name, "reason": _reason(error)}
        else:
            if same:
                yield None
            else:
                yield "check_attachment_changed", told


def _name(sha256: str) -> str:
    return sha256 if sha256.isalnum() else _NO_HASH


def _hash_of(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants more than it uses


def _open(path: Path, name: str) -> IO[bytes]:
    """Open a regular file, and no other by its name: what is opened is what was looked at."""
    flags = os.O_RDONLY
    for more in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, more, 0)
    try:
        seen = os.lstat(path)
        if stat.S_ISLNK(seen.st_mode):
            raise KnownError("attachment_link", name=name)
        if not stat.S_ISREG(seen.st_mode):
            raise KnownError("attachment_no_file", name=name)
        handle = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KnownError("attachment_missing", name=name) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise KnownError("attachment_unreadable", name=name, reason=_reason(error)) from error
    opened = os.fstat(handle)
    if not stat.S_ISREG(opened.st_mode) or (opened.st_dev, opened.st_ino) != (seen.st_dev, seen.st_ino):
        os.close(handle)
        raise KnownError("attachment_changed", name=name)
    return os.fdopen(handle, "rb", buffering=0)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Tell what the disk of the data folder refuses."""
    try:
        yield
    except OSError as error:
        code = "attachment_disk_full" if _is_full(error) else "folder_unwritable"
        raise KnownError(code, path=folder, reason=_reason(error)) from error


def _is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _sync_folder(path: Path) -> None:
    """Force a folder's names to the disk. Windows cannot open a folder, and needs not."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
