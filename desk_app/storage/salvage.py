"""Reading what can still be read of a damaged register, into a new one.

Each page is read by itself (``storage.pages``), so that a broken one costs the rows that are on it and no more. To
which table a page belongs is told by the tree it hangs in; where that is broken, by its rows, if they fit one table
alone. The damaged file is never written to. What a transaction that was cut off had begun to write is read too.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from desk_app.errors import KnownError
from desk_app.storage import backup, schema
from desk_app.storage.connection import APPLICATION_ID, VERSION
from desk_app.storage.pages import LEAF, Pages, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_SCHEMA_VALUES = 5  # of a row of sqlite_master
_BETWEEN = 200  # pages, until others go first
_CLASSES: Mapping[str, type | tuple[type, ...]] = {"INTEGER": int, "TEXT": str, "REAL": (int, float), "BLOB": bytes}


class Read(NamedTuple):
    """What was read of one table: how many rows, and whether some could not be."""

    table: str
    rows: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the new file: its columns in the order of a record, which of them is the id, what each may be."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    may_lack: tuple[bool, ...]
    id_place: int | None

    def row(self, record: Record) -> tuple[object, ...]:
        """Return the values of a row; the id of a table lies beside them."""
        values = list(record.values)
        if self.id_place is not None:
            values[self.id_place] = record.row_id
        return tuple(values)

    def fits(self, record: Record) -> bool:
        """Whether a row could be one of this table."""
        if len(record.values) > len(self.columns) or self.id_place is None or record.row_id < 1:
            return False
        if not all(self.may_lack[len(record.values) :]):
            return False
        return all(
            value is None if place == self.id_place else self._takes(place, value)
            for place, value in enumerate(record.values)
        )

    def _takes(self, place: int, value: object) -> bool:
        return self.may_lack[place] if value is None else isinstance(value, _CLASSES[self.types[place]])


def salvage(source: Path, target: Path, meanwhile: Callable[[], object]) -> tuple[Read, ...]:
    """Write a register of all rows that can be read of ``source`` to the new file ``target``.

    Raises:
        KnownError: ``salvage_nothing``: not one row could be read.
        OSError, sqlite3.Error: the target cannot be written.
    """
    with closing(Pages(source)) as damaged, closing(sqlite3.connect(target, isolation_level=None)) as out:
        out.execute("PRAGMA synchronous=OFF")
        roots, later = _make_tables(damaged, out)
        found = _copy(damaged, out, roots, meanwhile)
        for sql in later:
            with suppress(sqlite3.Error):  # an index of what must be there once, and is there twice
                out.execute(sql)
    backup.sync(target)
    if not any(read.rows for read in found if not read.table.startswith("_")):
        target.unlink()
        raise KnownError("salvage_nothing", path=source)
    return found


def _make_tables(damaged: Pages, out: sqlite3.Connection) -> tuple[dict[str, int], list[str]]:
    """Make the tables that the damaged file had; return their roots in it, and the SQL of what is made after the rows.

    What the file does not tell of any more is made as it is today, without a root.
    """
    told = {str(r.values[1]): r.values for page in damaged.leaves(1) for r in damaged.records(page) if _is_schema(r)}
    is_all = damaged.is_whole and bool(told)
    sqls = {name: str(values[4]) for name, values in told.items() if values[4]}
    if not is_all:
        sqls = schema.expected() | sqls
    roots, later = {}, []
    for name, sql in sqls.items():
        if not sql.upper().startswith("CREATE TABLE"):
            later.append(sql)
            continue
        out.execute(sql)
        if name in told:
            roots[name] = int(str(told[name][3]))
    version = _version(damaged) if is_all else VERSION
    out.execute(f"PRAGMA application_id={APPLICATION_ID}")
    out.execute(f"PRAGMA user_version={version}")
    return roots, later


def _is_schema(record: Record) -> bool:
    values = record.values
    return len(values) == _SCHEMA_VALUES and isinstance(values[1], str) and not values[1].startswith("sqlite_")


def _version(damaged: Pages) -> int:
    return damaged.user_version if 1 <= damaged.user_version <= VERSION else VERSION


def _copy(
    damaged: Pages, out: sqlite3.Connection, roots: Mapping[str, int], meanwhile: Callable[[], object]
) -> tuple[Read, ...]:
    tables = [_table(out, name) for name in backup.tables(out)]
    owned: set[int] = set()
    counts, broken = dict.fromkeys((table.name for table in tables), 0), set()
    out.execute("BEGIN")
    for table in tables:
        damaged.is_whole = table.name in roots
        for step, page in enumerate(damaged.leaves(roots.get(table.name, 0))):
            owned.add(page)
            counts[table.name] += _insert(out, table, damaged.records(page))
            if step % _BETWEEN == 0:
                meanwhile()
        if not damaged.is_whole:
            broken.add(table.name)
    lost = [table for table in tables if table.name in broken]
    for page in range(2, damaged.count + 1) if lost else ():
        if page not in owned and damaged.kind(page) == LEAF:
            records = list(damaged.records(page))
            fitting = [table for table in lost if records and all(map(table.fits, records))]
            if len(fitting) == 1:
                counts[fitting[0].name] += _insert(out, fitting[0], records)
        if page % _BETWEEN == 0:
            meanwhile()
    out.execute("COMMIT")
    return tuple(Read(name, count, name not in broken) for name, count in counts.items())


def _insert(out: sqlite3.Connection, table: _Table, records: Iterable[Record]) -> int:
    count = 0
    for record in records:
        values = table.row(record)[: len(table.columns)]
        names = ", ".join(f'"{name}"' for name in table.columns[: len(values)])
        marks = ", ".join("?" * len(values))
        with suppress(sqlite3.Error):  # a value that its own table does not take was damaged
            count += out.execute(f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({marks})', values).rowcount
    return count


def _table(out: sqlite3.Connection, name: str) -> _Table:
    columns = out.execute(f'PRAGMA table_info("{name}")').fetchall()
    sql = out.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    has_ids = "WITHOUT ROWID" not in sql.upper()
    if not has_ids:  # a record begins with the key then
        columns.sort(key=lambda column: (not column[5], column[5], column[0]))
    return _Table(
        name,
        tuple(column[1] for column in columns),
        tuple(column[2].upper() for column in columns),
        tuple(not column[3] or column[4] is not None for column in columns),
        next((n for n, c in enumerate(columns) if has_ids and c[5] and c[2].upper() == "INTEGER"), None),
    )
