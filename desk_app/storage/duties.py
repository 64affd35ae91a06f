"""The marks by which regular duties are said to be done: append-only, the latest of a duty and period counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from desk_app.domain.duties import Mark

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from desk_app.domain.duties import Marks


def read(conn: sqlite3.Connection, periods: Collection[str]) -> Marks:
    """Return the latest mark of each duty in these periods (their keys).

    One that says not done takes back the mark before it, where that said done; else the duty was left undone.
    """
    marks = ",".join("?" * len(periods))
    rows = conn.execute(
        f"SELECT duty, period, done, at, by FROM duty_done WHERE period IN ({marks}) ORDER BY id", tuple(periods)
    )
    found: dict[tuple[str, str], Mark] = {}
    for duty, period, done, at, by in rows:
        before = found.get((duty, period))
        is_taken_back = before is not None and before.done
        left = done == 0 and not is_taken_back
        found[duty, period] = Mark(done == 1, datetime.fromisoformat(at), by, left=left)
    return found


def write(conn: sqlite3.Connection, duty: str, period: str, mark: Mark) -> None:
    """Add a mark, inside the caller's transaction."""
    conn.execute(
        "INSERT INTO duty_done (duty, period, done, at, by) VALUES (?, ?, ?, ?, ?)",
        (duty, period, int(mark.done), mark.at.isoformat(), mark.by),
    )


def kept_since(conn: sqlite3.Connection) -> date | None:
    """Return the day of the first mark or handover, from which on the shop has kept its duties, or None."""
    at = conn.execute("SELECT min(at) FROM (SELECT at FROM duty_done UNION ALL SELECT at FROM handover)").fetchone()[0]
    return None if at is None else datetime.fromisoformat(at).date()


def began(conn: sqlite3.Connection) -> date | None:
    """Return the day on which the first case was typed in, or None where there is none."""
    row = conn.execute('SELECT entered_at FROM "case" ORDER BY id LIMIT 1').fetchone()
    return None if row is None else datetime.fromisoformat(row[0]).date()
