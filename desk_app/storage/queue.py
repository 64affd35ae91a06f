"""The pages and counts of the follow-up queue, straight from the index of what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_MATTER = 120  # characters of the content that a list may want


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open follow-up with what the queue shows of its case; times as stored texts and epoch seconds."""

    follow_up_id: int
    kind: str
    due_at: str
    due_utc: int
    owed_by: str
    owed_to: str
    number: str
    status: str
    customer_name: str
    customer_phone: str
    anonymous: int
    content: str


def page(conn: sqlite3.Connection, until: int | None, offset: int, limit: int) -> Sequence[OpenRow]:
    """Return open follow-ups due before ``until`` (epoch; None = all), the earliest due first.

    The inner query walks the partial index alone, so that neither the table nor the offset costs a case row.
    """
    rows = conn.execute(
        "SELECT f.id, f.kind, f.due_at, f.due_utc, f.owed_by, f.owed_to, c.number, c.status, c.customer_name,"
        f" c.customer_phone, c.anonymous, substr(c.content, 1, {_MATTER})"
        " FROM (SELECT id FROM follow_up WHERE done_at IS NULL AND due_utc < ? ORDER BY due_utc, id LIMIT ? OFFSET ?) p"
        ' CROSS JOIN follow_up f ON f.id = p.id CROSS JOIN "case" c ON c.id = f.case_id ORDER BY f.due_utc, f.id',
        (_FAR if until is None else until, limit, offset),
    )
    return [OpenRow(*row) for row in rows]


def counts(conn: sqlite3.Connection, limits: Sequence[int | None]) -> Sequence[int]:
    """Return, for each limit, how many open follow-ups are due before it (a walk of the partial index)."""
    return [
        conn.execute(
            "SELECT count(*) FROM follow_up WHERE done_at IS NULL AND due_utc < ?",
            (_FAR if t is None else t,),
        ).fetchone()[0]
        for t in limits
    ]


_FAR = 1 << 62
