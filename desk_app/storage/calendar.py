"""The shop's own entries in the calendar; the official ones are a file (``resources/calendar``)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from desk_app.domain.work_calendar import CalendarDay, DayKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def read(conn: sqlite3.Connection) -> tuple[CalendarDay, ...]:
    """Return the entries, the earliest first."""
    rows = conn.execute("SELECT day, kind, name, source FROM calendar_day ORDER BY day, kind")
    return tuple(CalendarDay(date.fromisoformat(day), DayKind(kind), name, source) for day, kind, name, source in rows)


def replace_all(conn: sqlite3.Connection, days: Iterable[CalendarDay]) -> None:
    """Put these entries in the place of those there are, inside the caller's transaction."""
    conn.execute("DELETE FROM calendar_day")
    conn.executemany(
        "INSERT INTO calendar_day (day, kind, name, source) VALUES (?, ?, ?, ?)",
        [(d.day.isoformat(), d.kind, d.name, d.source) for d in days],
    )
