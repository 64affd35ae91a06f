"""The journal in the register: append-only, sealed like every row."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desk_app.domain.journal import JournalEntry, Noted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

_SELECT = "SELECT id, at, by, what, subject, data FROM journal"


def add(conn: sqlite3.Connection, entry: JournalEntry) -> None:
    """Note something, inside the caller's transaction."""
    data = json.dumps(entry.data, ensure_ascii=False) if entry.data else ""
    conn.execute(
        "INSERT INTO journal (at, by, what, subject, data) VALUES (?, ?, ?, ?, ?)",
        (entry.at.isoformat(), entry.by, entry.what, entry.subject, data),
    )


def page(
    conn: sqlite3.Connection, what: Collection[Noted] = tuple(Noted), before: int = 0, limit: int = 100
) -> tuple[JournalEntry, ...]:
    """Return the latest entries of these kinds, the newest first; ``before``: those with a lesser id."""
    marks = ",".join("?" * len(what))
    older = "AND id < ?" if before else ""
    found = conn.execute(
        f"{_SELECT} WHERE what IN ({marks}) {older} ORDER BY id DESC LIMIT ?",
        (*what, *((before,) if before else ()), limit),
    )
    return tuple(map(_entry, found))


def latest(conn: sqlite3.Connection, what: Noted, subject: str | None = None) -> JournalEntry | None:
    """Return the last entry of a kind (and of a subject), or None."""
    about = "" if subject is None else " AND subject = ?"
    row = conn.execute(
        f"{_SELECT} WHERE what = ?{about} ORDER BY id DESC LIMIT 1", (what, *(() if subject is None else (subject,)))
    ).fetchone()
    return None if row is None else _entry(row)


def all_of(conn: sqlite3.Connection, what: Noted) -> tuple[JournalEntry, ...]:
    """Return every entry of a kind that is rare, the oldest first."""
    return tuple(map(_entry, conn.execute(f"{_SELECT} WHERE what = ? ORDER BY id", (what,))))


def is_noted(conn: sqlite3.Connection, what: Noted, subject: str, *, by: str, day: date) -> bool:
    """Whether somebody's doing of this kind, to this subject, is noted on a day (of the desk's own clock)."""
    sql = "SELECT 1 FROM journal WHERE what = ? AND subject = ? AND by = ? AND at >= ? AND at < ?"
    days = (day.isoformat(), (day + timedelta(days=1)).isoformat())
    return conn.execute(sql, (what, subject, by, *days)).fetchone() is not None


def _entry(row: tuple[int, str, str, str, str, str]) -> JournalEntry:
    row_id, at, by, what, subject, data = row
    return JournalEntry(
        id=row_id,
        at=datetime.fromisoformat(at),
        by=by,
        what=Noted(what),
        subject=subject,
        data=json.loads(data) if data else {},
    )
