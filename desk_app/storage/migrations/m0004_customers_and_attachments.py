"""What was decided about customers, and what was laid to a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_CUSTOMERS_AND_ATTACHMENTS = (
    # A customer is what shares a telephone number (without one, a name); what people decided about customers.
    """
    CREATE TABLE customer_event (
        id INTEGER PRIMARY KEY,
        request_id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        action TEXT NOT NULL,
        customer TEXT NOT NULL,
        other TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX customer_event_customer ON customer_event (customer, id)",
    "CREATE INDEX customer_event_other ON customer_event (other, id) WHERE other <> ''",
    """
    CREATE TRIGGER customer_event_no_update BEFORE UPDATE ON customer_event
    BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END
    """,
    """
    CREATE TRIGGER customer_event_no_delete BEFORE DELETE ON customer_event
    BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END
    """,
    """
    CREATE TRIGGER customer_event_no_replace BEFORE INSERT ON customer_event
    WHEN EXISTS (SELECT 1 FROM customer_event WHERE id = NEW.id OR request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END
    """,
    # What was laid to a case, under the event that brought it; the file itself is named by its content.
    """
    CREATE TABLE attachment (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES "case" (id),
        event_id INTEGER NOT NULL REFERENCES event (id),
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size >= 0)
    ) STRICT
    """,
    "CREATE INDEX attachment_case ON attachment (case_id, id)",
    "CREATE INDEX attachment_sha256 ON attachment (sha256)",
    """
    CREATE TRIGGER attachment_no_update BEFORE UPDATE ON attachment
    BEGIN SELECT RAISE(ABORT, 'what was laid to a case stays'); END
    """,
    """
    CREATE TRIGGER attachment_no_delete BEFORE DELETE ON attachment
    BEGIN SELECT RAISE(ABORT, 'what was laid to a case stays'); END
    """,
    """
    CREATE TRIGGER attachment_no_replace BEFORE INSERT ON attachment
    WHEN EXISTS (SELECT 1 FROM attachment WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'what was laid to a case stays'); END
    """,
)


def apply(db: Database) -> None:
    """What was decided about customers, and what was laid to a case."""
    for statement in _CUSTOMERS_AND_ATTACHMENTS:
        db.execute(statement)
