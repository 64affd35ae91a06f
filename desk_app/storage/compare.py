"""Is one register the same as another, row by row?"""

from __future__ import annotations

from contextlib import closing
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from desk_app.storage import backup

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desk_app.storage.connection import Store

_STAYS = (
    "ledger",
    "journal",
    "event",
    "change",
    "attachment",
    "customer_event",
    "export",
    "handover",
    "duty_done",
    "shop_event",
)
"""Tables whose rows are never changed but where a person is blotted out, which the ledger and the journal tell of."""
_PIECE = 2000  # rows: some 10 ms
_MAY_BE_BLOTTED = frozenset({"event", "change", "attachment", "customer_event", "handover"})


class Differing(NamedTuple):
    """The first row of a table that is not the same in both; ``row`` is its id, 0 where it has none."""

    table: str
    row: object


def rows(left: Path, right: Path) -> tuple[int, tuple[Differing, ...]]:
    """Compare every row of every table of two files; return how many rows there are, and where they differ."""
    with closing(backup.reading(left)) as one, closing(backup.reading(right)) as other:
        tables = backup.tables(one)
        found = [Differing(name, 0) for name in sorted(set(tables) ^ set(backup.tables(other)))]
        count = 0
        for name in (name for name in tables if name not in {each.table for each in found}):
            for mine, theirs in zip_longest(_all(one, name), _all(other, name)):
                count += 1
                if mine != theirs:
                    found.append(Differing(name, (mine or theirs or (0,))[0]))
                    break
        return count, tuple(found)


def since(copy: Path, store: Store, meanwhile: Callable[[], object] = bool) -> tuple[Differing, ...]:
    """Return where a copy of an earlier moment is not the beginning of the open register: rows that never change.

    Rows that may be blotted out are compared where the register's journal tells of no erasure at all. Goes in pieces,
    with ``meanwhile`` between two.
    """
    with closing(backup.reading(copy)) as old, store.reading() as conn:
        erased = conn.execute("SELECT 1 FROM journal WHERE what = 'erase' LIMIT 1").fetchone() is not None
        found = []
        for name in (name for name in _STAYS if not erased or name not in _MAY_BE_BLOTTED):
            last = int(old.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0])
            done = 0
            while done < last:
                mine, theirs = _piece(old, name, done, last), _piece(conn, name, done, last)
                if mine != theirs:
                    found.append(Differing(name, next(a or b for a, b in zip_longest(mine, theirs) if a != b)[0]))
                    break
                done = int(str(mine[-1][0])) if mine else last
                meanwhile()
        return tuple(found)


def _piece(conn: sqlite3.Connection, table: str, after: int, last: int) -> list[tuple[object, ...]]:
    sql = f"SELECT * FROM {table} WHERE id > ? AND id <= ? ORDER BY id LIMIT {_PIECE}"
    return conn.execute(sql, (after, last)).fetchall()


def _all(conn: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """Go through a table in the order of its key."""
    yield from conn.execute(f'SELECT * FROM "{table}" ORDER BY 1')
