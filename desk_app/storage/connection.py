"""Opening the register: which file is taken, under which PRAGMAs, and what a transaction is.

The transaction model, in one place: the connection is in autocommit; every change goes through
:meth:`Store.transaction`, which is ``BEGIN IMMEDIATE … COMMIT`` and rolls back on any exception. Before the COMMIT
every row that was written is sealed (``storage.ledger``). One connection, used on the thread that opened it. Reads
outside a transaction see the last commit.

``journal_mode=TRUNCATE`` with ``synchronous=EXTRA``: no acknowledged save is lost to a power cut, and a copy of the one
file is a whole register (docs/decisions/0003).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from desk_app.errors import BugError, KnownError
from desk_app.paths import make_private_file, make_private_folder
from desk_app.storage import ledger
from desk_app.storage.faults import PRIMARY, told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

APPLICATION_ID = 0x43444B31  # "CDK1"
VERSION = 6
"""How many migrations there are (``schema.migrations``); kept here so that opening imports no sqlite_utils."""

Transaction: TypeAlias = sqlite3.Connection
"""What a transaction's block is given: use cases hand it on to the modules of storage, and do nothing else with it."""

_BUSY_MS = 5000
_PRAGMAS = (
    ("busy_timeout", _BUSY_MS, _BUSY_MS),
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", 3),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("secure_delete", "ON", 1),
    ("cell_size_check", "ON", 1),
    ("temp_store", "MEMORY", 2),
)


class Store:
    """An open register."""

    def __init__(self, conn: sqlite3.Connection, path: Path, backups: Path, *, is_read_only: bool = False) -> None:
        """Wrap a connection that :func:`open_store` has checked."""
        self.conn, self.path, self.backups = conn, path, backups
        self.keys = ledger.KeyRing(path.with_suffix(".key"))
        self.oddities: tuple[tuple[str, Mapping[str, object]], ...] = ()
        """What was strange when the file was opened, and is not any more: findings (``storage.check``)."""
        self.is_read_only = is_read_only
        """Whether the file or its folder could not be written to: all can be looked at, and each change asks again."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Run one change: all of it is on disk when the block has ended, or none of it.

        Raises:
            KnownError: the disk or another program refused; nothing was changed, but for a COMMIT that failed at its
                very end, which is why every change carries a request id that cannot be stored twice.
        """
        with told_plainly(self.path, self.backups):
            if self.is_read_only:
                self._try_to_write_again()
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.conn
                ledger.seal(self.conn, self.keys)
                self.conn.execute("COMMIT")
            except BaseException:
                if self.conn.in_transaction:
                    self.conn.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read, with the known errors told plainly."""
        with told_plainly(self.path, self.backups):
            yield self.conn

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the register: no other program can commit before the block has ended."""
        with told_plainly(self.path, self.backups):
            self.conn.execute("BEGIN")
            try:
                self.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the lock
                yield self.conn
            finally:
                if self.conn.in_transaction:
                    self.conn.execute("ROLLBACK")

    @property
    def is_in_transaction(self) -> bool:
        """Whether a change or a snapshot is under way on this connection."""
        return self.conn.in_transaction

    def data_version(self) -> int:
        """Return a number that changes when another connection has committed (cheap; no transaction)."""
        with self.reading() as conn:
            return int(conn.execute("PRAGMA data_version").fetchone()[0])

    def _try_to_write_again(self) -> None:
        """Open the file once more: its rights may have been mended while a form was open; else raise."""
        conn = sqlite3.connect(self.path, isolation_level=None)
        try:
            _set_pragmas(conn)
            is_mended = _can_write(conn)
            ledger.watch(conn)
        except BaseException:
            conn.close()
            raise
        if not is_mended:
            conn.close()
            raise KnownError("database_read_only", path=self.path)
        self.conn.close()
        self.conn, self.is_read_only = conn, False

    def close(self) -> None:
        """Close the file."""
        self.conn.close()


def open_store(path: Path, backups: Path, before_migration: Callable[[Store], object]) -> Store:
    """Open the register at ``path``; make it if there is none and there never was one.

    ``before_migration`` is called with the open store before an older file is changed. A register that can be read but
    not written to is opened all the same (:attr:`Store.is_read_only`).

    Raises:
        KnownError: ``database_missing`` (backups exist, the file does not), ``database_foreign``, ``database_newer``,
            ``database_damaged``, ``folder_unwritable``, ``database_needs_writing`` (a read-only file that is an older
            one, or whose last save was cut short) or another of the table of faults.
    """
    with told_plainly(path, backups):
        make_private_folder(path.parent)
        has_backups = any(backups.glob("*.sqlite"))  # asked first: another program may be making both just now
        is_new = not path.exists() or path.stat().st_size == 0
        if is_new and has_backups:
            raise KnownError("database_missing", path=path, backups=backups)
        if is_new:
            make_private_file(path)
        conn = sqlite3.connect(path, isolation_level=None)
        try:
            version = 0 if is_new else _version(conn, path)
            _set_pragmas(conn)
            store = Store(conn, path, backups, is_read_only=not _can_write(conn))
            if version < VERSION:
                _renew(store, version, before_migration)
            else:
                ledger.watch(conn)
        except BaseException:
            conn.close()
            raise
        return store


def check_file(conn: sqlite3.Connection) -> int | None:
    """Return the version of a file of ours, or None for a file of another program; 0 is a file still empty.

    Raises:
        sqlite3.Error: the file cannot be read; SQLITE_CORRUPT also where SQLite quotes a schema that is no text.
    """
    application_id = conn.execute("PRAGMA application_id").fetchone()[0]
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    try:
        empty = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except UnicodeDecodeError as error:
        damaged = sqlite3.DatabaseError("malformed schema")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error
    if application_id == APPLICATION_ID and version:
        return version
    return 0 if empty and not application_id and not version else None


def _version(conn: sqlite3.Connection, path: Path) -> int:
    version = check_file(conn)
    if version is None:
        raise KnownError("database_foreign", path=path)
    if version > VERSION:
        raise KnownError("database_newer", path=path, found=version, known=VERSION)
    return version


def _set_pragmas(conn: sqlite3.Connection) -> None:
    for name, value, expected in _PRAGMAS:
        conn.execute(f"PRAGMA {name}={value}")
        found = conn.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise BugError(f"PRAGMA {name} is {found!r}, not {expected!r}")


def _can_write(conn: sqlite3.Connection) -> bool:
    """Ask SQLite itself, as a save would: begin a change, touch a page (which makes the journal), and take it back.

    Modes and access lists are not asked: they say nothing on Windows, and nothing of a disk that is mounted read-only.
    Where another program holds the lock the answer is yes; a full disk is another matter, and told at the save.
    """
    conn.execute("PRAGMA busy_timeout=0")
    try:
        conn.execute("BEGIN IMMEDIATE")
        (version,) = conn.execute("PRAGMA user_version").fetchone()
        conn.execute(f"PRAGMA user_version={version}")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & PRIMARY not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        conn.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    return True


def _renew(store: Store, version: int, before_migration: Callable[[Store], object]) -> None:
    """Bring an older file up to date, or make a new one (version 0) what it is to be."""
    if store.is_read_only:
        raise KnownError("database_needs_writing", path=store.path)
    if version:
        before_migration(store)
    _migrate(store)


def _migrate(store: Store) -> None:
    from desk_app.storage import schema  # noqa: PLC0415 -- sqlite_utils: a start must not wait for it

    with store.transaction() as conn:
        found = _version(conn, store.path)  # another program may have done it while we waited for the lock
        before = schema.applied(conn) if found else []
        if found < VERSION:
            schema.migrate(conn)
            conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version={VERSION}")
        ledger.watch(conn)
        if len(before) > found:  # nobody but us writes a version, and we never a lower one: nothing is sealed anew
            store.oddities = (("check_version_back", {"found": found}),)
        elif found < ledger.SINCE:  # what is sealed already stays as it was: a forged row is not made good by an update
            ledger.touch_all(conn)
