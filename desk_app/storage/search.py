"""The index of every word of the register: a file of its own beside it, made from it and never asked to be right.

``words`` is an FTS5 table without content: rowid is the case's id, its text the tokens of ``domain.search_words``. It
only grows: a case that went on is put in again under the same rowid, and the table answers with the union of both.
What a case no longer says, whoever asks finds out by looking at the case. ``state`` has one row: up to which event the
cases are in (the history is append-only, so that its id is a watermark), and that event's request id, by which one
sees that the index is of this register and not of one that was restored since. Both are written in one transaction, so
that what is lost with a power cut is only made again.

A connection of its own, not an attached database: ``BEGIN IMMEDIATE`` takes the lock of every attached file, and no
save may wait for another program's index (docs/decisions/0009).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.entry import Entry
from desk_app.domain.search_words import RULE
from desk_app.paths import make_private_file
from desk_app.storage.faults import KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from desk_app.domain.finding import Sought

_APPLICATION_ID = 0x43444B53  # "CDKS"
_PRAGMAS = ("busy_timeout=2000", "journal_mode=TRUNCATE", "synchronous=FULL", "temp_store=MEMORY")
_TABLES = (
    "CREATE VIRTUAL TABLE words USING fts5 (token, content='', columnsize=0, detail=none, tokenize='ascii')",
    "CREATE TABLE state (event_id INTEGER NOT NULL, request_id TEXT NOT NULL) STRICT",
    "INSERT INTO state VALUES (0, '')",
)
_STEPS = 20_000  # of SQLite's virtual machine between two looks at whether anybody waits still: well under 1 ms

_COLUMNS = {"kind_key": "kind", "status_key": "status", "is_anonymous": "anonymous", "is_confidential": "confidential"}
_SELECT = ", ".join(f"c.{_COLUMNS.get(name, name)}" for name in Entry._fields[:-1])
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class IndexLostError(Exception):
    """The index is damaged, or cannot be read or written just now: go on without it."""

    def __init__(self, *, is_damaged: bool) -> None:
        """Say whether it has to be made anew."""
        super().__init__()
        self.is_damaged = is_damaged


class State(NamedTuple):
    """Up to which event the cases are in the index; 0 and nothing where there is none."""

    event_id: int = 0
    request_id: str = ""


class SearchIndex:
    """An open index. Used on the thread that opened it."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        """Wrap a connection that :func:`open_index` has checked."""
        self._conn, self._path = conn, path
        self._file = _identity(path)

    @property
    def is_current(self) -> bool:
        """Whether the file of that name is still the one that was opened."""
        return self._file == _identity(self._path)

    def state(self) -> State:
        """Return up to where the index goes; raises :class:`IndexLostError`."""
        with _lost():
            return State(*self._conn.execute("SELECT event_id, request_id FROM state").fetchone())

    def ids(self, expression: str, wanted: Callable[[], bool] | None = None) -> Iterator[int]:
        """Go through the ids of the cases that answer to an FTS5 expression, the newest on file first.

        They are a superset of what is meant. When ``wanted`` (asked now and then, from within) says no, it ends early.

        Raises:
            IndexLostError: the file cannot be read.
        """
        with _lost():
            if wanted is not None:
                self._conn.set_progress_handler(lambda: not wanted(), _STEPS)
            try:
                rows = self._conn.execute(
                    "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC", (expression,)
                )
                for (case_id,) in rows:
                    yield case_id
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                    raise
            finally:
                self._conn.set_progress_handler(None, 0)

    @contextmanager
    def growing(self) -> Iterator[Callable[[Iterable[tuple[int, Iterable[str]]], State], None]]:
        """Hold the index's lock; the block is given what adds the tokens of cases and the new watermark, in one piece.

        Raises:
            IndexLostError: it cannot be written; it is as it was.
        """
        with _lost():
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._add
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise

    def _add(self, entries: Iterable[tuple[int, Iterable[str]]], state: State) -> None:
        self._conn.executemany(
            "INSERT INTO words (rowid, token) VALUES (?, ?)",
            ((case_id, " ".join(tokens)) for case_id, tokens in entries),
        )
        self._conn.execute("UPDATE state SET event_id = ?, request_id = ?", state)

    def begin_anew(self) -> None:
        """Forget all that is in the index; raises :class:`IndexLostError`."""
        with _lost():
            _make(self._conn, anew=True)

    def close(self) -> None:
        """Close the file."""
        self._conn.close()


def open_index(path: Path) -> SearchIndex | None:
    """Open the index of a register; None where there is none that can be read, or one of other rules."""
    if not path.is_file():
        return None
    conn = sqlite3.connect(path, isolation_level=None)
    with suppress(sqlite3.Error):
        _prepare(conn)
        if _is_ours(conn):
            return SearchIndex(conn, path)
    conn.close()
    return None


def make_index(path: Path) -> SearchIndex:
    """Open the index of a register, made where there is none; what cannot be read under its name is deleted.

    Raises:
        IndexLostError: the folder or the file cannot be written.
    """
    with _lost():
        try:
            return _opened(path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", -1) & 0xFF in KNOWN.keys() - _DAMAGED:
                raise
        delete_index(path)
        return _opened(path)


def _opened(path: Path) -> SearchIndex:
    make_private_file(path)  # it tells as much of people as the register does
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        _prepare(conn)
        _make(conn, anew=False)
    except BaseException:
        conn.close()
        raise
    return SearchIndex(conn, path)


def delete_index(path: Path) -> None:
    """Delete the index; it is made again when it is wanted. Raises OSError."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_of(conn: sqlite3.Connection, state: State) -> bool:
    """Whether an index in this state was made from this register: its last event is in it, under the same request."""
    if not state.event_id:
        return True
    row = conn.execute("SELECT request_id FROM event WHERE id = ?", (state.event_id,)).fetchone()
    return row is not None and row[0] == state.request_id


def waiting(conn: sqlite3.Connection, state: State, most: int) -> tuple[frozenset[int], int]:
    """Return whose the latest so many lines of history are that the index has not; and how many more it has not."""
    last = conn.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    rows = conn.execute("SELECT case_id FROM event WHERE id > ? ORDER BY id DESC LIMIT ?", (state.event_id, most))
    return frozenset(row[0] for row in rows), max(0, last - state.event_id - most)


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


class Filter(NamedTuple):
    """A condition on ``"case" c``, and its values."""

    where: str = "1"
    values: tuple[object, ...] = ()


EVERYTHING = Filter()


_DID_SOMETHING = "EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.by = ?)"


def filter_of(sought: Sought) -> Filter:
    """Return what of a search SQL can tell; the department cannot be told by it (``finding.concerns``)."""
    by = sought.operator
    next_day = sought.last and (sought.last + timedelta(days=1)).isoformat()
    parts: tuple[tuple[bool, str, tuple[object, ...]], ...] = (
        (sought.first is not None, "c.received_at >= ?", (sought.first and sought.first.isoformat(),)),
        (sought.last is not None, "c.received_at < ?", (next_day,)),
        (bool(sought.kinds), f"c.kind IN ({','.join('?' * len(sought.kinds))})", sought.kinds),
        (sought.status is not None, "c.status = ?", (sought.status,)),
        (bool(sought.category), "(c.category = ? OR substr(c.category, 1, ?) = ?)", _below(sought.category)),
        (bool(by), f"(? IN (c.receiver, c.first_contact) OR {_DID_SOMETHING})", (by, by)),
    )
    given = [(words, values) for is_given, words, values in parts if is_given]
    return Filter(
        " AND ".join(("1", *(words for words, _ in given))), tuple(value for _, values in given for value in values)
    )


def _below(category: str) -> tuple[str, int, str]:
    """Return a path, and what every path below it begins with."""
    below = f"{category} > "
    return category, len(below), below


def entries(conn: sqlite3.Connection, ids: Sequence[int], sift: Filter) -> tuple[Entry, ...]:
    """Return what is searched of some cases, those that the filter lets through, the newest on file first."""
    rows = conn.execute(
        f'SELECT {_SELECT} FROM "case" c WHERE c.id IN (SELECT value FROM json_each(?)) AND {sift.where}'
        " ORDER BY c.id DESC",
        (json.dumps(ids), *sift.values),
    ).fetchall()
    events: dict[int, list[tuple[int, str, str, str]]] = {row[0]: [] for row in rows}
    said = conn.execute(
        "SELECT case_id, id, action, by, data FROM event WHERE case_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(events)),),
    )
    for case_id, *event in said:
        events[case_id].append(tuple(event))
    return tuple(Entry._make((*row, tuple(events[row[0]]))) for row in rows)


def all_ids(conn: sqlite3.Connection, sift: Filter) -> Iterator[int]:
    """Go through the ids of all cases that the filter lets through, the newest on file first."""
    for row in conn.execute(f'SELECT c.id FROM "case" c WHERE {sift.where} ORDER BY c.id DESC', sift.values):
        yield row[0]


def _prepare(conn: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")


def _is_ours(conn: sqlite3.Connection) -> bool:
    """Whether a file is an index by the present rules."""
    found = tuple(conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    tables = conn.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('words', 'state')").fetchone()[0]
    return (*found, tables) == (_APPLICATION_ID, RULE, 2)


def _make(conn: sqlite3.Connection, *, anew: bool) -> None:
    """Make the tables; where another program has just done so, only ``anew``."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        if anew or not _is_ours(conn):
            for name in ("words", "state"):
                conn.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in _TABLES:
                conn.execute(statement)
            conn.execute(f"PRAGMA application_id={_APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version={RULE}")
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


@contextmanager
def _lost() -> Iterator[None]:
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
