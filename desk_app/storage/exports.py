"""What was exported: one append-only row a file, by which a file can be proved to be what it was."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One file. ``mark`` is written into it too, ``sheets`` are ids with commas; times and days are ISO texts.

    ``scope`` says in words what it holds beside the period; ``name`` is the file's, without its folder.
    """

    mark: str
    at: str
    by: str
    sheets: str
    first: str
    last: str
    scope: str
    masked: int
    rows: int
    name: str
    sha256: str


_NAMES = tuple(f.name for f in fields(ExportRow))
_COLUMNS = ", ".join(_NAMES)


def add(conn: sqlite3.Connection, row: ExportRow) -> None:
    """Remember a file, inside the caller's transaction."""
    marks = ", ".join("?" * len(_NAMES))
    conn.execute(f"INSERT INTO export ({_COLUMNS}) VALUES ({marks})", [getattr(row, name) for name in _NAMES])


def with_case(conn: sqlite3.Connection, number: str, received_at: datetime) -> tuple[ExportRow, ...]:
    """Return the files in which the customer of a case can be known: those of it, and those of a period it is of."""
    day = received_at.date().isoformat()
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM export WHERE masked = 0 AND (',' || scope || ',' LIKE ?"
        " OR (first <> '' AND first <= ? AND last >= ?)) ORDER BY id",
        (f"%,{number},%", day, day),
    )
    return tuple(ExportRow(*row) for row in rows)


def of_digest(conn: sqlite3.Connection, sha256: str) -> ExportRow | None:
    """Return the file that had this content when it was written, or None."""
    return _one(conn, "sha256", sha256)


def of_mark(conn: sqlite3.Connection, mark: str) -> ExportRow | None:
    """Return the file that carries this mark, or None."""
    return _one(conn, "mark", mark)


def of_name(conn: sqlite3.Connection, name: str) -> ExportRow | None:
    """Return the latest file that was called so, or None."""
    return _one(conn, "name", name)


def handed_in_at(conn: sqlite3.Connection, first: str, last: str, after: str) -> str:
    """Return when the whole register of these days was last exported from ``after`` on (ISO texts); empty: never."""
    sql = (
        "SELECT coalesce(max(at), '') FROM export WHERE first = ? AND last = ? AND at >= ? AND scope = ''"
        " AND ',' || sheets || ',' LIKE '%,register,%'"
    )
    return str(conn.execute(sql, (first, last, after)).fetchone()[0])


def _one(conn: sqlite3.Connection, column: str, value: str) -> ExportRow | None:
    row = conn.execute(f"SELECT {_COLUMNS} FROM export WHERE {column} = ? ORDER BY id DESC", (value,)).fetchone()
    return None if row is None else ExportRow(*row)
