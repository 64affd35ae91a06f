"""Reading what can still be read of a damaged register, into a new one.

Row by row: from the front until the damage, from the back until it, and what lies between by its id, one after the
other, so that a broken page costs the rows that are on it and no more. A file whose first hundred bytes are broken is
read through a copy with a header made anew. The damaged file itself is never written to.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from desk_app.errors import KnownError
from desk_app.storage import backup, schema
from desk_app.storage.connection import APPLICATION_ID, VERSION, check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_PAGE = 4096
_MOST_LOOKED_UP = 5_000_000  # ids between the two ends of the damage that are asked for one by one
_BETWEEN = 20_000  # of these, until others go first
Row = tuple[object, ...]


class Read(NamedTuple):
    """What was read of one table: how many rows, and whether some could not be."""

    table: str
    rows: int
    is_whole: bool


def salvage(source: Path, target: Path, meanwhile: Callable[[], object]) -> tuple[Read, ...]:
    """Write a register of all rows that can be read of ``source`` to the new file ``target``.

    Raises:
        KnownError: ``salvage_nothing``: not even the header of a table could be read.
        OSError, sqlite3.Error: the target cannot be written.
    """
    repaired = target.with_name(f".{target.name}.part")
    try:
        with closing(_opened(source, repaired)) as damaged, closing(_made(target, damaged)) as out:
            found = tuple(_copied(damaged, out, table, meanwhile) for table in backup.tables(out))
    finally:
        repaired.unlink(missing_ok=True)
    backup.sync(target)
    if not any(read.rows for read in found if not read.table.startswith("_")):
        target.unlink()
        raise KnownError("salvage_nothing", path=source)
    return found


def _opened(source: Path, repaired: Path) -> sqlite3.Connection:
    conn = _tried(source)
    if conn is not None:
        return conn
    with source.open("rb") as read, repaired.open("xb") as write:  # a header that fits any register of ours
        write.write(_header(source.stat().st_size // _PAGE))
        read.seek(100)
        while piece := read.read(1 << 22):
            write.write(piece)
    conn = _tried(repaired)
    if conn is None:
        raise KnownError("salvage_nothing", path=source)
    return conn


def _tried(path: Path) -> sqlite3.Connection | None:
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    try:
        if backup.tables(conn):
            return conn
    except sqlite3.Error:
        pass
    conn.close()
    return None


def _header(pages: int) -> bytes:
    """Return the first hundred bytes of a register (the file format of SQLite, 1.3)."""

    def number(value: int, size: int = 4) -> bytes:
        return value.to_bytes(size, "big")

    head = _MAGIC + number(_PAGE, 2) + bytes((1, 1, 0, 64, 32, 32))
    head += number(1) + number(pages) + number(0) * 2 + number(1) + number(4) + number(0) * 2 + number(1)
    return head + number(VERSION) + number(0) + number(APPLICATION_ID) + bytes(20) + number(1) + number(3_040_001)


def _made(target: Path, damaged: sqlite3.Connection) -> sqlite3.Connection:
    """Make the new file with the tables of the damaged one, or those of a register of today where it does not say."""
    out = sqlite3.connect(target, isolation_level=None)
    out.execute("PRAGMA synchronous=OFF")
    version = VERSION
    try:
        version = check_file(damaged) or VERSION
        sqls = [sql for (sql,) in damaged.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")]
        tables = [sql for sql in sqls if "TABLE" in sql[:20].upper() and "sqlite_" not in sql[:30]]
        others = [sql for sql in sqls if sql not in tables]
        for sql in (*tables, *others):
            out.execute(sql)
    except sqlite3.Error:
        out.close()
        target.unlink()
        out, version = sqlite3.connect(target, isolation_level=None), VERSION
        with suppress(sqlite3.Error):
            schema.migrate(out)
    out.execute(f"PRAGMA application_id={APPLICATION_ID}")
    out.execute(f"PRAGMA user_version={version}")
    return out


def _copied(damaged: sqlite3.Connection, out: sqlite3.Connection, table: str, meanwhile: Callable[[], object]) -> Read:
    columns = len(out.execute(f'PRAGMA table_info("{table}")').fetchall())
    insert = f'INSERT OR IGNORE INTO "{table}" VALUES ({", ".join("?" * columns)})'
    reading = _Table(damaged, table, meanwhile)
    count = 0
    out.execute("BEGIN")
    for row in reading.rows():
        with suppress(sqlite3.Error):  # a value that its own table does not take was damaged
            count += out.execute(insert, row).rowcount
    out.execute("COMMIT")
    return Read(table, count, reading.is_whole)


class _Table:
    """One table of a damaged file."""

    def __init__(self, conn: sqlite3.Connection, table: str, meanwhile: Callable[[], object]) -> None:
        self._conn, self._table, self._meanwhile = conn, table, meanwhile
        self.is_whole = True

    def rows(self) -> Iterator[Row]:
        """Go through every row that can be read, in no order where there is damage."""
        first = last = None
        for row in self._until_damage("ASC"):
            first = row[0]
            yield row
        if self.is_whole:
            return
        for row in self._until_damage("DESC"):
            if isinstance(first, int) and isinstance(row[0], int) and row[0] <= first:
                break
            last = row[0]
            yield row
        if isinstance(first, int | None) and isinstance(last, int | None):
            yield from self._between(first or 0, last)

    def _until_damage(self, order: str) -> Iterator[Row]:
        try:
            yield from self._conn.execute(f'SELECT * FROM "{self._table}" ORDER BY 1 {order}')
        except (sqlite3.Error, UnicodeDecodeError):
            self.is_whole = False

    def _between(self, first: int, last: int | None) -> Iterator[Row]:
        end = last if last is not None else self._greatest(first)
        for asked, row_id in enumerate(range(first + 1, min(end, first + _MOST_LOOKED_UP))):
            if asked % _BETWEEN == 0:
                self._meanwhile()
            with suppress(sqlite3.Error, UnicodeDecodeError):
                yield from self._conn.execute(f'SELECT * FROM "{self._table}" WHERE rowid = ?', (row_id,))

    def _greatest(self, first: int) -> int:
        """Return an id that no row is beyond, where the end cannot be read: no row is smaller than some bytes."""
        pages = int(self._conn.execute("PRAGMA page_count").fetchone()[0])
        return first + pages * (_PAGE // 16)
