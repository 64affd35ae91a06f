"""The pages and counts of the follow-up queue, straight from the index of what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.queue import MATTER_SOURCE, QueueRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_FAR = 1 << 62
# The inner query walks the partial index alone, so that an offset costs no case row. The columns are QueueRow's.
_PAGE = f"""
    SELECT f.id, f.kind, f.due_at, f.due_utc < ?, f.owed_by, f.owed_to, c.number, c.status,
        CASE c.anonymous WHEN 1 THEN '' ELSE c.customer_name END,
        CASE c.anonymous WHEN 1 THEN '' ELSE c.customer_phone END,
        substr(c.content, 1, {MATTER_SOURCE})
    FROM (SELECT id FROM follow_up WHERE done_at IS NULL AND due_utc < ? ORDER BY due_utc, id LIMIT ? OFFSET ?) p
    CROSS JOIN follow_up f ON f.id = p.id CROSS JOIN "case" c ON c.id = f.case_id
    ORDER BY f.due_utc, f.id
"""


def page(conn: sqlite3.Connection, until: int | None, now: int, offset: int, limit: int) -> tuple[QueueRow, ...]:
    """Return open follow-ups due before ``until`` (epoch; None = all), the earliest first; late is before ``now``."""
    rows = conn.execute(_PAGE, (now, _FAR if until is None else until, limit, offset))
    return tuple(map(QueueRow._make, rows))


def counts(conn: sqlite3.Connection, limits: Sequence[int | None]) -> Sequence[int]:
    """Return, for each limit, how many open follow-ups are due before it; each entry of the index is walked once."""
    ends = [_FAR if limit is None else limit for limit in limits]
    before, start = 0, -_FAR
    found: dict[int, int] = {}
    for end in sorted(set(ends)):
        before += conn.execute(
            "SELECT count(*) FROM follow_up WHERE done_at IS NULL AND due_utc >= ? AND due_utc < ?", (start, end)
        ).fetchone()[0]
        found[end], start = before, end
    return [found[end] for end in ends]
