"""What was decided about customers: append-only rows. Who a customer is, the cases say (domain.customer)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk_app.domain.customer import CustomerAction, CustomerEvent

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_COLUMNS = "id, action, at, by, customer, other, data"
_MANY = 500  # keys of one customer that are followed at once: SQLite takes no more values than some


def add(conn: sqlite3.Connection, event: CustomerEvent, request_id: str) -> CustomerEvent:
    """Write a decision down, inside the caller's transaction, and return it as it is stored."""
    made = conn.execute(
        "INSERT INTO customer_event (request_id, action, at, by, customer, other, data) VALUES (?,?,?,?,?,?,?)",
        (
            request_id,
            event.action,
            event.at.isoformat(),
            event.by,
            event.customer,
            event.other,
            json.dumps(event.data, ensure_ascii=False),
        ),
    )
    return replace(event, id=made.lastrowid or 0)


def about(conn: sqlite3.Connection, keys: Iterable[str]) -> tuple[CustomerEvent, ...]:
    """Return every decision about these keys and about whoever was ever tied to them, in the order they were made."""
    known, found = set(keys), dict[int, CustomerEvent]()
    fresh = set(known)
    while fresh:
        some = tuple(fresh)[:_MANY]
        marks = ",".join("?" * len(some))
        rows = conn.execute(
            f"SELECT {_COLUMNS} FROM customer_event WHERE customer IN ({marks})"
            f" UNION SELECT {_COLUMNS} FROM customer_event WHERE other <> '' AND other IN ({marks})",
            (*some, *some),
        )
        fresh -= set(some)
        for row in rows:
            event = _event(row)
            found[event.id] = event
            fresh |= {event.customer, event.other} - known - {""}
            known |= fresh
    return tuple(found[i] for i in sorted(found))


def of_request(conn: sqlite3.Connection, request_id: str) -> CustomerEvent | None:
    """Return the decision that was written under a request id, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM customer_event WHERE request_id = ?", (request_id,)).fetchone()
    return None if row is None else _event(row)


def of_id(conn: sqlite3.Connection, event_id: int) -> CustomerEvent | None:
    """Return one decision, or None where there is none of that id."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM customer_event WHERE id = ?", (event_id,)).fetchone()
    return None if row is None else _event(row)


def _event(row: tuple[Any, ...]) -> CustomerEvent:
    row_id, action, at, by, customer, other, data = row
    return CustomerEvent(
        id=row_id,
        action=CustomerAction(action),
        at=datetime.fromisoformat(at),
        by=by,
        customer=customer,
        other=other,
        data=json.loads(data),
    )
