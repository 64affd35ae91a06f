"""Blotting a person out of the register: the words of rows that otherwise never change.

Each of these tables lets its words be changed only after the journal says so (migration 5). Everything here belongs to
one transaction of the caller's, which has noted that first; ``secure_delete`` overwrites what stood there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.blotting import subject
from desk_app.domain.customer import keys
from desk_app.domain.privacy import BLOTTED
from desk_app.domain.text import phone_key
from desk_app.domain.vocabulary import FollowUpKind
from desk_app.storage import cases

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from desk_app.domain.blotting import Blotter
    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event

CUSTOMER_EVENT, HANDOVER = "customer_event", "handover"

_ENDED = """
    SELECT c.id FROM "case" c
    WHERE c.status IN ('closed', 'void') AND c.received_at < :before
        AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.what = 'erase' AND j.subject = c.number)
        AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.case_id = c.id AND f.done_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.entered_at >= :before)
    ORDER BY c.id
"""


class Files(NamedTuple):
    """How many files cases have, and their bytes."""

    number: int
    size: int


def ended_before(conn: sqlite3.Connection, before: str) -> Iterator[CaseFile]:
    """Go through the cases that may have ended before a moment (local text), the oldest first; the rules decide."""
    yield from cases.read_ids(conn, [row[0] for row in conn.execute(_ENDED, {"before": before}).fetchall()])


def subject_of(table: str, row_id: int) -> str:
    """Return under which subject the journal has to say beforehand that a row of a table is blotted."""
    return f"{table}:{row_id}"


def blot(conn: sqlite3.Connection, file: CaseFile, blotter: Blotter, event: Event, request_id: str) -> None:
    """Blot a case out: itself, its history, what it owed, the names of its files; and write the event that says so."""
    case_id = conn.execute('SELECT id FROM "case" WHERE number = ?', (file.case.number,)).fetchone()[0]
    after = blotter.case(file.case)
    columns = {**cases.columns_that_differ(file.case, after), "customer_phone_key": phone_key(after.customer_phone)}
    sets = ", ".join(f"{name} = ?" for name in columns)
    conn.execute(f'UPDATE "case" SET {sets} WHERE id = ?', (*columns.values(), case_id))
    for each in file.events:
        _set(conn, "event", each.id, data=json.dumps(blotter.data(each), ensure_ascii=False))
        for change_id, change in cases.changes_by_id(conn, each.id):
            old, new = cases.as_kept(blotter.change(change))
            _set(conn, "change", change_id, old=old, new=new)
    for owed in file.follow_ups:
        _set(conn, "follow_up", owed.id, subject=subject(FollowUpKind(owed.kind), owed.subject))
    conn.execute("UPDATE attachment SET name = ? WHERE case_id = ?", (BLOTTED, case_id))
    cases.add_event(conn, case_id, event, request_id)


def files_of(conn: sqlite3.Connection, numbers: Iterable[str]) -> Files:
    """Return how many files lie with these cases and with no other."""
    found = conn.execute(
        "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT a.sha256, max(a.size) AS size,"
        ' min(c.number IN (SELECT value FROM json_each(?))) AS all_of_them FROM attachment a JOIN "case" c'
        " ON c.id = a.case_id GROUP BY a.sha256) WHERE all_of_them",
        (json.dumps(list(numbers)),),
    ).fetchone()
    return Files(*found)


def forsaken(conn: sqlite3.Connection, numbers: Iterable[str] | None = None) -> frozenset[str]:
    """Return the hashes of files that lay with cases of which all are blotted out by now; of some cases, or of all."""
    which: str = ""
    values: tuple[str, ...] = ()
    if numbers is not None:
        which = 'WHERE case_id IN (SELECT id FROM "case" WHERE number IN (SELECT value FROM json_each(?)))'
        values = (json.dumps(list(numbers)),)
    rows = conn.execute(
        f"SELECT sha256 FROM attachment WHERE sha256 IN (SELECT sha256 FROM attachment {which})"
        " GROUP BY sha256 HAVING min(name = ?)",
        (*values, BLOTTED),
    )
    return frozenset(row[0] for row in rows)


def handovers_between(conn: sqlite3.Connection, first: str, before: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Go through the handovers that were signed in a time (local wall-clock texts), each with what it says."""
    rows = conn.execute(
        "SELECT id, data FROM handover WHERE at >= ? AND at < ? ORDER BY id", (first, before)
    ).fetchall()
    yield from ((row_id, json.loads(data)) for row_id, data in rows)


def write_handover(conn: sqlite3.Connection, row_id: int, data: dict[str, object]) -> None:
    """Write what a handover says from now on."""
    _set(conn, HANDOVER, row_id, data=json.dumps(data, ensure_ascii=False))


def decisions_with(conn: sqlite3.Connection, key: str) -> tuple[int, ...]:
    """Return the ids of what was decided about the customer of a key."""
    rows = conn.execute("SELECT id FROM customer_event WHERE customer = ? OR other = ? ORDER BY id", (key, key))
    return tuple(row[0] for row in rows)


def blot_decision(conn: sqlite3.Connection, row_id: int, key: str) -> None:
    """Blot a customer's key out of one decision; what stands there instead is nobody's, and no other's."""
    nobody = f"{BLOTTED}{row_id}"
    for column in ("customer", "other"):
        conn.execute(f"UPDATE customer_event SET {column} = ? WHERE id = ? AND {column} = ?", (nobody, row_id, key))


def is_known_by(conn: sqlite3.Connection, key: str) -> bool:
    """Whether any case on file still names a customer by a key (``domain.customer``); every case is looked at."""
    rows = conn.execute(
        'SELECT customer_name, customer_phone FROM "case" WHERE anonymous = 0 AND customer_name <> ?', (BLOTTED,)
    )
    return any(key in keys(name, phone) for name, phone in rows)


def _set(conn: sqlite3.Connection, table: str, row_id: int, **columns: object) -> None:
    """Set columns of a row that are not so yet."""
    sets = ", ".join(f"{name} = ?" for name in columns)
    differs = " OR ".join(f"{name} IS NOT ?" for name in columns)
    values = tuple(columns.values())
    conn.execute(f'UPDATE "{table}" SET {sets} WHERE id = ? AND ({differs})', (*values, row_id, *values))
