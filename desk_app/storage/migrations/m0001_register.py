"""The register, its history, what is owed, the counters, drafts and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    """
    CREATE TABLE "case" (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        received_at TEXT NOT NULL,
        entered_at TEXT NOT NULL,
        status TEXT NOT NULL,
        round INTEGER NOT NULL CHECK (round >= 1),
        channel TEXT NOT NULL,
        route TEXT NOT NULL,
        external_body TEXT NOT NULL,
        first_contact TEXT NOT NULL,
        receiver TEXT NOT NULL,
        customer_name TEXT NOT NULL,
        customer_phone TEXT NOT NULL,
        customer_phone_key TEXT NOT NULL,
        customer_address TEXT NOT NULL,
        on_behalf_of TEXT NOT NULL,
        anonymous INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
        occurred_at TEXT NOT NULL,
        place TEXT NOT NULL,
        parties TEXT NOT NULL,
        target TEXT NOT NULL,
        item TEXT NOT NULL,
        category TEXT NOT NULL,
        severity TEXT NOT NULL,
        safety INTEGER NOT NULL CHECK (safety IN (0, 1)),
        demand_kind TEXT NOT NULL,
        amount TEXT,
        true_cause TEXT NOT NULL,
        promised_at TEXT,
        read_back INTEGER NOT NULL CHECK (read_back IN (0, 1)),
        confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
        consent INTEGER NOT NULL CHECK (consent IN (0, 1)),
        content TEXT NOT NULL CHECK (length(content) BETWEEN 1 AND 20000),
        demand TEXT NOT NULL CHECK (length(demand) <= 5000)
    ) STRICT
    """,
    'CREATE INDEX case_received ON "case" (received_at, id)',
    """
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES "case" (id),
        request_id TEXT NOT NULL UNIQUE,
        action TEXT NOT NULL,
        at TEXT NOT NULL,
        entered_at TEXT NOT NULL,
        by TEXT NOT NULL,
        round INTEGER NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX event_case ON event (case_id)",
    """
    CREATE TABLE follow_up (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES "case" (id),
        kind TEXT NOT NULL,
        owed_by TEXT NOT NULL,
        owed_to TEXT NOT NULL,
        start_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        due_utc INTEGER NOT NULL,
        rule TEXT NOT NULL,
        round INTEGER NOT NULL,
        done_at TEXT
    ) STRICT
    """,
    "CREATE INDEX follow_up_case ON follow_up (case_id)",
    "CREATE INDEX follow_up_open ON follow_up (due_utc, id) WHERE done_at IS NULL",
    "CREATE TABLE counter (series TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE draft (id TEXT PRIMARY KEY, saved_at TEXT NOT NULL, form TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

_GUARDS = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
    # INSERT OR REPLACE of another tool passes a BEFORE DELETE trigger by (recursive_triggers is off by default); the
    # two below it cannot pass.
    """
    CREATE TRIGGER event_no_replace BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'event is append-only'); END
    """,
    """
    CREATE TRIGGER case_no_replace BEFORE INSERT ON "case"
    WHEN EXISTS (SELECT 1 FROM "case" WHERE id = NEW.id OR number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END
    """,
    "CREATE TRIGGER case_no_delete BEFORE DELETE ON \"case\" BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END",
    """
    CREATE TRIGGER case_number_stays BEFORE UPDATE OF id, number ON "case"
    WHEN NEW.number IS NOT OLD.number OR NEW.id IS NOT OLD.id
    BEGIN SELECT RAISE(ABORT, 'a number is never changed'); END
    """,
    """
    CREATE TRIGGER follow_up_no_delete BEFORE DELETE ON follow_up
    BEGIN SELECT RAISE(ABORT, 'what was owed is never deleted'); END
    """,
    """
    CREATE TRIGGER counter_only_forward BEFORE UPDATE ON counter
    WHEN NEW.last <= OLD.last OR NEW.series IS NOT OLD.series
    BEGIN SELECT RAISE(ABORT, 'a counter never goes back'); END
    """,
    """
    CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter
    BEGIN SELECT RAISE(ABORT, 'a counter never goes back'); END
    """,
)


def apply(db: Database) -> None:
    """The register, its history, what is owed, the counters, drafts and settings."""
    for statement in (*_TABLES, *_GUARDS):
        db.execute(statement)
