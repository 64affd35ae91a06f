"""A file beside the register that is made from it, never asked to be right, and made again when it is lost.

``state`` has one row: up to which event the cases are in it (the history is append-only, so that its id is a
watermark), and that event's request id, by which one sees that the file is of this register and not of one that was
restored since. It is written in one transaction with what was made of those events, so that what is lost with a power
cut is only made again.

A connection of its own, not an attached database: ``BEGIN IMMEDIATE`` takes the lock of every attached file, and no
save may wait for another program's index (docs/decisions/0009).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from desk_app.paths import make_private_file
from desk_app.storage.faults import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRAGMAS = ("busy_timeout=2000", "journal_mode=TRUNCATE", "synchronous=FULL", "temp_store=MEMORY")
_STATE = (
    "CREATE TABLE state (event_id INTEGER NOT NULL, request_id TEXT NOT NULL) STRICT",
    "INSERT INTO state VALUES (0, '')",
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class IndexLostError(Exception):
    """The file is damaged, or cannot be read or written just now: go on without it."""

    def __init__(self, *, is_damaged: bool) -> None:
        """Say whether it has to be made anew."""
        super().__init__()
        self.is_damaged = is_damaged


class State(NamedTuple):
    """Up to which event the cases are in; 0 and nothing where there is none."""

    event_id: int = 0
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What such a file is: by what it is told from others, by which edition of our rules, and what is in it.

    ``tables`` are its statements by the name of the table that each belongs to.
    """

    application_id: int
    rule: int
    tables: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The tables, without the state."""
        return tuple(dict.fromkeys(name for name, _ in self.tables))


class Derived:
    """An open file. Used on the thread that opened it. Its own kind says ``SHAPE``."""

    SHAPE: Shape

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection that :func:`open_derived` has checked."""
        self._conn, self._path = conn, path
        self._file = _identity(path)

    @property
    def is_current(self) -> bool:
        """Whether the file of that name is still the one that was opened."""
        return self._file == _identity(self._path)

    def state(self) -> State:
        """Return up to where it goes; raises :class:`IndexLostError`."""
        with told_lost():
            return State(*self._conn.execute("SELECT event_id, request_id FROM state").fetchone())

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file's lock for one transaction.

        Raises:
            IndexLostError: it cannot be written; it is as it was.
        """
        with told_lost():
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._conn
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise

    def put_state(self, state: State) -> None:
        """Say how far it goes now, inside :meth:`writing`."""
        self._conn.execute("UPDATE state SET event_id = ?, request_id = ?", state)

    def begin_anew(self) -> None:
        """Forget all that is in it; raises :class:`IndexLostError`."""
        with told_lost():
            _make(self._conn, self.SHAPE, anew=True)

    def close(self) -> None:
        """Close the file."""
        self._conn.close()


_D = TypeVar("_D", bound=Derived)


def open_derived(kind: type[_D], path: Path) -> _D | None:
    """Open the file of a register; None where there is none that can be read, or one of other rules."""
    if not path.is_file():
        return None
    conn = sqlite3.connect(path, isolation_level=None)
    with suppress(sqlite3.Error):
        _prepare(conn)
        if _is_ours(conn, kind.SHAPE):
            return kind(conn, path)
    conn.close()
    return None


def make_derived(kind: type[_D], path: Path) -> _D:
    """Open the file of a register, made where there is none; what cannot be read under its name is deleted.

    Raises:
        IndexLostError: the folder or the file cannot be written.
    """
    with told_lost():
        try:
            return _opened(kind, path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", -1) & 0xFF in KNOWN.keys() - _DAMAGED:
                raise
        delete_derived(path)
        return _opened(kind, path)


def in_memory(kind: type[_D], path: Path) -> _D:
    """Make one that is in no file: beside a register whose folder cannot be written."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    _make(conn, kind.SHAPE, anew=False)
    return kind(conn, path)


def delete_derived(path: Path) -> None:
    """Delete the file; it is made again when it is wanted. Raises OSError."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_of(conn: sqlite3.Connection, state: State) -> bool:
    """Whether a file in this state was made from this register: its last event is in it, under the same request."""
    if not state.event_id:
        return True
    row = conn.execute("SELECT request_id FROM event WHERE id = ?", (state.event_id,)).fetchone()
    return row is not None and row[0] == state.request_id


def next_events(conn: sqlite3.Connection, state: State, most: int) -> tuple[tuple[int, ...], State, int]:
    """Return the cases of the next so many events after a state, the state after them, and how many events are left."""
    rows = conn.execute(
        "SELECT id, case_id, request_id FROM event WHERE id > ? ORDER BY id LIMIT ?", (state.event_id, most)
    ).fetchall()
    if not rows:
        return (), state, 0
    after = State(rows[-1][0], rows[-1][2])
    left = conn.execute("SELECT coalesce(max(id), 0) - ? FROM event", (after.event_id,)).fetchone()[0]
    return tuple(dict.fromkeys(row[1] for row in rows)), after, left


@contextmanager
def told_lost() -> Iterator[None]:
    """Whatever is the matter with a file that can be made again is one thing; what is no matter of files is a bug."""
    try:
        yield
    except OSError as error:
        raise IndexLostError(is_damaged=False) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        if code not in KNOWN:
            raise
        raise IndexLostError(is_damaged=code in _DAMAGED) from error


def _opened(kind: type[_D], path: Path) -> _D:
    make_private_file(path)  # it tells as much of people as the register does
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        _prepare(conn)
        _make(conn, kind.SHAPE, anew=False)
    except BaseException:
        conn.close()
        raise
    return kind(conn, path)


def _prepare(conn: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")


def _is_ours(conn: sqlite3.Connection, shape: Shape) -> bool:
    """Whether a file is one of this kind by the present rules."""
    found = tuple(conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    names = (*shape.names, "state")
    marks = ",".join("?" * len(names))
    tables = conn.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks})", names).fetchone()[0]
    return (*found, tables) == (shape.application_id, shape.rule, len(names))


def _make(conn: sqlite3.Connection, shape: Shape, *, anew: bool) -> None:
    """Make the tables; where another program has just done so, only ``anew``."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        if anew or not _is_ours(conn, shape):
            for name in (*shape.names, "state"):
                conn.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in (*(sql for _, sql in shape.tables), *_STATE):
                conn.execute(statement)
            conn.execute(f"PRAGMA application_id={shape.application_id}")
            conn.execute(f"PRAGMA user_version={shape.rule}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
