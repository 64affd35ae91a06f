"""The shop's own entries in the calendar, and how far the due dates have been reckoned anew after a change of it.

The official entries are a file (``resources/calendar``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.storage import settings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_PENDING = "calendar_pending"


@dataclass(frozen=True, slots=True)
class Recount:
    """Due dates that are being reckoned anew: for whom, up to which follow-up, how many of how many.

    ``id`` is a new one for each change of the calendar.
    """

    id: str
    by: str
    after: int
    done: int
    total: int


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


def counted_years(conn: sqlite3.Connection, since: int) -> set[int]:
    """Return the years in which something open that was counted in 工作日 is due, from a moment (epoch) on."""
    rows = conn.execute(
        "SELECT DISTINCT substr(due_at, 1, 4) FROM follow_up INDEXED BY follow_up_open"
        " WHERE done_at IS NULL AND due_utc >= ? AND substr(term, -2) = 'wd'",
        (since,),
    )
    return {int(year) for (year,) in rows}


def ask_for_recount(conn: sqlite3.Connection, by: str) -> None:
    """Have every open due date that is counted reckoned anew, from the first on, inside the caller's transaction.

    A recount that is under way begins again: what it has moved is right already, or is moved once more.
    """
    total = conn.execute(
        "SELECT count(*) FROM follow_up INDEXED BY follow_up_open_counted"
        " WHERE done_at IS NULL AND substr(term, -2) IN ('wd', 'bd')"
    ).fetchone()[0]
    keep_recount(conn, Recount(uuid4().hex, by, 0, 0, total))


def pending_recount(conn: sqlite3.Connection) -> Recount | None:
    """Return the recount that has not come to its end, also one that another run of the program began."""
    stored = settings.read_one(conn, _PENDING)
    return Recount(**stored) if isinstance(stored, dict) else None


def keep_recount(conn: sqlite3.Connection, recount: Recount | None) -> None:
    """Say how far a recount has come, None where it is at its end, inside the caller's transaction."""
    settings.write(conn, {_PENDING: asdict(recount) if recount else None})
