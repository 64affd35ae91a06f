"""The index of every word of the register: a file of its own beside it (``storage.derived``).

``words`` is an FTS5 table without content: rowid is the case's id, its text the tokens of ``domain.search_words``. It
only grows: a case that went on is put in again under the same rowid, and the table answers with the union of both.
What a case no longer says, whoever asks finds out by looking at the case.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.entry import Entry
from desk_app.domain.search_words import RULE
from desk_app.storage.derived import Derived, Shape, State, told_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from desk_app.domain.finding import Sought

_WORDS = "CREATE VIRTUAL TABLE words USING fts5 (token, content='', columnsize=0, detail=none, tokenize='ascii')"
_STEPS = 20_000  # of SQLite's virtual machine between two looks at whether anybody waits still: well under 1 ms

_COLUMNS = {"kind_key": "kind", "status_key": "status", "is_anonymous": "anonymous", "is_confidential": "confidential"}
_SELECT = ", ".join(f"c.{_COLUMNS.get(name, name)}" for name in Entry._fields[:-1])


class SearchIndex(Derived):
    """An open index. Used on the thread that opened it."""

    SHAPE = Shape(0x43444B53, RULE, (("words", _WORDS),))  # "CDKS"

    def ids(self, expression: str, wanted: Callable[[], bool] | None = None) -> Iterator[int]:
        """Go through the ids of the cases that answer to an FTS5 expression, the newest on file first.

        They are a superset of what is meant. When ``wanted`` (asked now and then, from within) says no, it ends early.

        Raises:
            IndexLostError: the file cannot be read.
        """
        with told_lost():
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

    def add(self, entries: Iterable[tuple[int, Iterable[str]]], state: State) -> None:
        """Add the tokens of cases and say how far it goes now, inside :meth:`writing`."""
        self._conn.executemany(
            "INSERT INTO words (rowid, token) VALUES (?, ?)",
            ((case_id, " ".join(tokens)) for case_id, tokens in entries),
        )
        self.put_state(state)


def waiting(conn: sqlite3.Connection, state: State, most: int) -> tuple[frozenset[int], int]:
    """Return whose the latest so many lines of history are that the index has not; and how many more it has not."""
    last = conn.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    rows = conn.execute("SELECT case_id FROM event WHERE id > ? ORDER BY id DESC LIMIT ?", (state.event_id, most))
    return frozenset(row[0] for row in rows), max(0, last - state.event_id - most)


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


def ids_of(conn: sqlite3.Connection, numbers: Sequence[str]) -> tuple[int, ...]:
    """Return the ids of the cases that have these numbers, in no order; a number that there is not has none."""
    sql = 'SELECT id FROM "case" WHERE number IN (SELECT value FROM json_each(?))'
    return tuple(case_id for (case_id,) in conn.execute(sql, (json.dumps(numbers),)))


def all_ids(conn: sqlite3.Connection, sift: Filter) -> Iterator[int]:
    """Go through the ids of all cases that the filter lets through, the newest on file first."""
    for row in conn.execute(f'SELECT c.id FROM "case" c WHERE {sift.where} ORDER BY c.id DESC', sift.values):
        yield row[0]
