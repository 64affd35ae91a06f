"""What the shop notes of itself: append-only rows (``domain.shop_event``)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk_app.domain.shop_event import ShopAction, ShopEvent

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = "id, action, at, by, subject, data"


def add(conn: sqlite3.Connection, event: ShopEvent, request_id: str) -> ShopEvent:
    """Write something down, inside the caller's transaction, and return it as it is stored.

    A request that was stored already is not stored again: what it wrote then is returned.
    """
    if (known := stored(conn, request_id)) is not None:
        return known
    made = conn.execute(
        "INSERT INTO shop_event (request_id, action, at, by, subject, data) VALUES (?,?,?,?,?,?)",
        (
            request_id,
            event.action,
            event.at.isoformat(),
            event.by,
            event.subject,
            json.dumps(event.data, ensure_ascii=False),
        ),
    )
    return replace(event, id=made.lastrowid or 0)


def stored(conn: sqlite3.Connection, request_id: str) -> ShopEvent | None:
    """Return what a request wrote, None where it wrote nothing yet."""
    known = conn.execute(f"SELECT {_COLUMNS} FROM shop_event WHERE request_id = ?", (request_id,)).fetchone()
    return None if known is None else _event(known)


def between(
    conn: sqlite3.Connection, action: ShopAction, first: str = "", last: str = "\U0010ffff"
) -> tuple[ShopEvent, ...]:
    """Return what was noted of the subjects from one to another (as texts), in the order of subjects, then of time."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM shop_event WHERE action = ? AND subject >= ? AND subject <= ? ORDER BY subject, id",
        (action, first, last),
    )
    return tuple(map(_event, rows))


def latest(
    conn: sqlite3.Connection, action: ShopAction, first: str = "", last: str = "\U0010ffff"
) -> dict[str, ShopEvent]:
    """Return of each of these subjects what was noted last."""
    return {event.subject: event for event in between(conn, action, first, last)}


def _event(row: tuple[Any, ...]) -> ShopEvent:
    row_id, action, at, by, subject, data = row
    return ShopEvent(
        id=row_id,
        action=ShopAction(action),
        at=datetime.fromisoformat(at),
        by=by,
        subject=subject,
        data=json.loads(data),
    )
