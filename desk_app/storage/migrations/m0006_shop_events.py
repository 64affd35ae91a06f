"""What the shop notes of itself and belongs to no case: how many it served, warnings heeded, surveys, assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_SHOP_EVENTS = (
    """
    CREATE TABLE shop_event (
        id INTEGER PRIMARY KEY,
        request_id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX shop_event_action ON shop_event (action, subject, id)",
    """
    CREATE TRIGGER shop_event_no_update BEFORE UPDATE ON shop_event
    BEGIN SELECT RAISE(ABORT, 'what the shop noted stays'); END
    """,
    """
    CREATE TRIGGER shop_event_no_delete BEFORE DELETE ON shop_event
    BEGIN SELECT RAISE(ABORT, 'what the shop noted stays'); END
    """,
    """
    CREATE TRIGGER shop_event_no_replace BEFORE INSERT ON shop_event
    WHEN EXISTS (SELECT 1 FROM shop_event WHERE id = NEW.id OR request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'what the shop noted stays'); END
    """,
)


def apply(db: Database) -> None:
    """What the shop notes of itself and belongs to no case."""
    for statement in _SHOP_EVENTS:
        db.execute(statement)
