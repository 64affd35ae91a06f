"""The pages and counts of the follow-up queue, straight from the indexes of what is open (domain.queue: spans)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise, starmap
from typing import TYPE_CHECKING, Any

from desk_app.domain.queue import ALL_OF_IT, MATTER_SOURCE, MOST_SILENT, Order, QueueRow, Span

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from desk_app.domain.queue import Sieve

    Rows = Iterable[tuple[Any, ...]]

_CUSTOMER = f"""
    c.customer_name, c.customer_phone, substr(c.content, 1, {MATTER_SOURCE}),
    c.anonymous, c.confidential, c.customer_address, c.on_behalf_of
"""
# The columns are QueueRow's, which has values for the last ones where a query leaves them out. An inner query picks the
# lines from an index alone, so that an offset costs no row.
_COLUMNS = f"""
    p.place, p.id, c.number, c.status, {_CUSTOMER},
    f.id, f.kind, f.due_at, f.due_utc < ?, f.owed_by, f.owed_to, f.subject, f.snoozed_until
"""
_PAGE = f"""
    SELECT {_COLUMNS}
    FROM ({{lines}} LIMIT ? OFFSET ?) p CROSS JOIN follow_up f ON f.id = p.id CROSS JOIN "case" c ON c.id = f.case_id
"""
_STATUS = 'EXISTS (SELECT 1 FROM "case" s WHERE s.id = f.case_id AND s.status = ?)'

# As the index case_unrecorded has it, word for word: else SQLite does not see that it may be used.
_UNRECORDED = """
    c.status NOT IN ('closed', 'void') AND (
        (c.kind = 'complaint' AND (c.occurred_at = '' OR c.place = ''))
        OR (c.anonymous = 0 AND c.customer_phone = '' AND c.customer_address = '')
    )
"""
_LACKS = """
    (c.kind = 'complaint' AND c.occurred_at = '') + 2 * (c.kind = 'complaint' AND c.place = '')
    + 4 * (c.anonymous = 0 AND c.customer_phone = '' AND c.customer_address = '')
"""
_NEXT = "(SELECT n.id FROM follow_up n WHERE n.case_id = c.id AND n.done_at IS NULL ORDER BY n.due_utc, n.id LIMIT 1)"
_UNRECORDED_PAGE = f"""
    SELECT {_COLUMNS}, {_LACKS}
    FROM ({{lines}} LIMIT ? OFFSET ?) p CROSS JOIN "case" c ON c.id = p.id CROSS JOIN follow_up f ON f.id = {_NEXT}
"""

_SILENT = """
    FROM last_contact l CROSS JOIN "case" c ON c.id = l.complaint_id
    WHERE l.complaint_id IS NOT NULL AND l.last_utc >= ? AND l.last_utc < ? AND c.status <> 'void'
"""
_SILENT_PAGE = f"""
    SELECT l.last_utc, c.id, c.number, c.status, {_CUSTOMER}
    {_SILENT} ORDER BY l.last_utc, l.complaint_id LIMIT ? OFFSET ?
"""


def page(
    conn: sqlite3.Connection, spans: Sequence[Span], sieve: Sieve, now: int, offset: int, limit: int
) -> tuple[QueueRow, ...]:
    """Return the open follow-ups of disjoint, sifted spans; late is before ``now`` (epoch)."""
    lines, values = _lines(spans, sieve)
    return _rows(conn.execute(_PAGE.format(lines=lines), (now, *values, limit, offset)) if spans else ())


def counts(conn: sqlite3.Connection, spans: Collection[Span]) -> Mapping[Span, int]:
    """Return how many open follow-ups are in each span; overlapping spans that are else alike share one walk."""
    found: dict[Span, int] = {}
    families: dict[Span, list[Span]] = {}
    for span in spans:
        families.setdefault(Span(span.kind, span.owed_by, awake_at=span.awake_at), []).append(span)
    for family, alike in families.items():
        edges = sorted({edge for span in alike for edge in (span.since, span.until)})
        before = [0]
        for since, until in pairwise(edges):
            before.append(before[-1] + count(conn, replace(family, since=since, until=until), ALL_OF_IT))
        upto = dict(zip(edges, before, strict=True))
        found |= {span: upto[span.until] - upto[span.since] for span in alike}
    return found


def count(conn: sqlite3.Connection, span: Span, sieve: Sieve) -> int:
    """Return how many open follow-ups are in a span."""
    where, values = _condition(span, sieve)
    return _number(conn, f"SELECT count(*) FROM follow_up f WHERE {where}", values)


def owed_by(conn: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Return the number of the case of each open follow-up that a person owes, what is due first first."""
    found = conn.execute(
        'SELECT c.number FROM follow_up f JOIN "case" c ON c.id = f.case_id'
        " WHERE f.done_at IS NULL AND f.owed_by = ? ORDER BY f.due_utc, f.id",
        (name,),
    )
    return tuple(number for (number,) in found)


def unrecorded_page(conn: sqlite3.Connection, sieve: Sieve, now: int, offset: int, limit: int) -> tuple[QueueRow, ...]:
    """Return the open cases that lack a basic fact, each with what is owed next on it, the longest on file first."""
    lines, values = _unrecorded(sieve)
    sql = _UNRECORDED_PAGE.format(lines=f"{lines} ORDER BY place, id")
    return _rows(conn.execute(sql, (now, *values, limit, offset)))


def unrecorded_count(conn: sqlite3.Connection, sieve: Sieve) -> int:
    """Return how many open cases lack a basic fact."""
    lines, values = _unrecorded(sieve)
    return _number(conn, f"SELECT count(*) FROM ({lines})", values)


def silent_page(conn: sqlite3.Connection, since: int, before: int, offset: int, limit: int) -> tuple[QueueRow, ...]:
    """Return the last complaints of customers last spoken to in that time (epoch), the longest silent first.

    Only the first ``MOST_SILENT`` of them are ever returned.
    """
    limit = max(0, min(limit, MOST_SILENT - offset))
    return _rows(conn.execute(_SILENT_PAGE, (since, before, limit, offset)))


def silent_count(conn: sqlite3.Connection, since: int, before: int) -> int:
    """Return how many customers :func:`silent_page` lists, at most ``MOST_SILENT``."""
    return _number(conn, f"SELECT count(*) FROM (SELECT 1 {_SILENT} LIMIT {MOST_SILENT})", (since, before))


def debtors(conn: sqlite3.Connection, most: int) -> tuple[str, ...]:
    """Return who owes something, in the order of their names, at most so many; each name is one step in the index."""
    rows = conn.execute(
        "WITH RECURSIVE name (n) AS (SELECT min(owed_by) FROM follow_up WHERE done_at IS NULL UNION ALL"
        " SELECT (SELECT min(owed_by) FROM follow_up WHERE done_at IS NULL AND owed_by > n) FROM name"
        " WHERE n IS NOT NULL) SELECT n FROM name WHERE n IS NOT NULL LIMIT ?",
        (most,),
    )
    return tuple(name for (name,) in rows)


def _lines(spans: Sequence[Span], sieve: Sieve) -> tuple[str, list[object]]:
    """Return the query that merges the spans in the order wanted, and its values."""
    place = "-f.case_id" if sieve.order is Order.NEWEST else "f.due_utc"
    selects, values = [], list[object]()
    for span in spans:
        where, its_values = _condition(span, sieve)
        selects.append(f"SELECT {place} AS place, f.id AS id FROM follow_up f WHERE {where}")
        values += its_values
    return " UNION ALL ".join(selects) + " ORDER BY place, id", values


def _condition(span: Span, sieve: Sieve) -> tuple[str, list[object]]:
    where = _span_condition(
        span.kind is not None, span.owed_by is not None, span.awake_at is not None, sieve.status is not None
    )
    values = (span.kind, span.owed_by, span.awake_at, sieve.status)
    return where, [span.since, span.until, *(value for value in values if value is not None)]


@cache
def _span_condition(kind: bool, owed_by: bool, awake: bool, status: bool) -> str:
    """Return the SQL of a span by which of its parts are given, in this order after its two ends."""
    parts = ((kind, "f.kind = ?"), (owed_by, "f.owed_by = ?"), (awake, "f.snoozed_utc <= ?"), (status, _STATUS))
    given = (words for is_given, words in parts if is_given)
    return " AND ".join(("f.done_at IS NULL AND f.due_utc >= ? AND f.due_utc < ?", *given))


def _unrecorded(sieve: Sieve) -> tuple[str, list[object]]:
    """Return the query of the cases that lack a fact, sifted by what is owed next on them, and its values."""
    place = "-c.id" if sieve.order is Order.NEWEST else "c.received_at"
    parts = ((sieve.kind, "f.kind = ?"), (sieve.owed_by or None, "f.owed_by = ?"), (sieve.status, "c.status = ?"))
    given = [(value, words) for value, words in parts if value is not None]
    owed = f"CROSS JOIN follow_up f ON f.id = {_NEXT}" if given else ""
    where = " AND ".join((_UNRECORDED, *(words for _value, words in given)))
    lines = f'SELECT {place} AS place, c.id AS id FROM "case" c {owed} WHERE {where}'
    return lines, [value for value, _words in given]


def _number(conn: sqlite3.Connection, sql: str, values: Sequence[object]) -> int:
    return int(conn.execute(sql, values).fetchone()[0])


def _rows(rows: Rows) -> tuple[QueueRow, ...]:
    """Return the rows by place and id, their first columns: sorting a page here costs less than SQLite's sorter."""
    return tuple(sorted(starmap(QueueRow, rows)))
