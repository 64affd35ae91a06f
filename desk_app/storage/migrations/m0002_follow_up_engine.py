"""Terms, subjects and levels of what is owed; what each event changed; the calendar; hand-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_FOLLOW_UP_ENGINE = (
    # The due dates of the first version were told, or 24 hours from their start.
    "ALTER TABLE follow_up ADD COLUMN term TEXT NOT NULL DEFAULT 'given'",
    "UPDATE follow_up SET term = '24h' WHERE due_utc = CAST(strftime('%s', start_at) AS INTEGER) + 86400",
    "ALTER TABLE follow_up ADD COLUMN subject TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE follow_up ADD COLUMN level INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE follow_up ADD COLUMN snoozed_until TEXT",
    "ALTER TABLE follow_up ADD COLUMN event_id INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE follow_up ADD COLUMN snoozed_utc INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE change (
        id INTEGER PRIMARY KEY,
        event_id INTEGER NOT NULL REFERENCES event (id),
        follow_up_id INTEGER REFERENCES follow_up (id),
        key TEXT NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX change_event ON change (event_id)",
    "CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END",
    "CREATE TRIGGER change_no_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END",
    """
    CREATE TRIGGER change_no_replace BEFORE INSERT ON change
    WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'change is append-only'); END
    """,
    """
    CREATE TABLE calendar_day (
        day TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (day, kind)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE handover (
        id INTEGER PRIMARY KEY,
        request_id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        outgoing TEXT NOT NULL,
        incoming TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE TRIGGER handover_no_update BEFORE UPDATE ON handover BEGIN SELECT RAISE(ABORT, 'a handover stays'); END",
    "CREATE TRIGGER handover_no_delete BEFORE DELETE ON handover BEGIN SELECT RAISE(ABORT, 'a handover stays'); END",
    """
    CREATE TRIGGER handover_no_replace BEFORE INSERT ON handover
    WHEN EXISTS (SELECT 1 FROM handover WHERE id = NEW.id OR request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'a handover stays'); END
    """,
    """
    CREATE TABLE duty_done (
        id INTEGER PRIMARY KEY,
        duty TEXT NOT NULL,
        period TEXT NOT NULL,
        done INTEGER NOT NULL CHECK (done IN (0, 1)),
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX duty_done_period ON duty_done (period, duty, id)",
    "CREATE TRIGGER duty_done_no_update BEFORE UPDATE ON duty_done BEGIN SELECT RAISE(ABORT, 'a mark stays'); END",
    "CREATE TRIGGER duty_done_no_delete BEFORE DELETE ON duty_done BEGIN SELECT RAISE(ABORT, 'a mark stays'); END",
    """
    CREATE TRIGGER duty_done_no_replace BEFORE INSERT ON duty_done
    WHEN EXISTS (SELECT 1 FROM duty_done WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a mark stays'); END
    """,
    # The views of the queue: ranges of these three, which hold all that a view is sifted by.
    "DROP INDEX follow_up_open",
    """
    CREATE INDEX follow_up_open ON follow_up (due_utc, id, snoozed_utc, kind, owed_by, case_id) WHERE done_at IS NULL
    """,
    """
    CREATE INDEX follow_up_open_kind ON follow_up (kind, due_utc, id, snoozed_utc, owed_by, case_id)
    WHERE done_at IS NULL
    """,
    """
    CREATE INDEX follow_up_open_debtor ON follow_up (owed_by, due_utc, id, snoozed_utc, kind, case_id)
    WHERE done_at IS NULL
    """,
    # Open cases that lack a basic fact (domain.queue.Lack).
    """
    CREATE INDEX case_unrecorded ON "case" (received_at, id)
    WHERE status NOT IN ('closed', 'void') AND (
        (kind = 'complaint' AND (occurred_at = '' OR place = ''))
        OR (anonymous = 0 AND customer_phone = '' AND customer_address = '')
    )
    """,
    # Of each customer with a phone: when they were last spoken to, and their last complaint. A trigger keeps it, so
    # that no way of writing history can pass it by. A visit that reached nobody is no contact.
    """
    CREATE TABLE last_contact (
        phone_key TEXT PRIMARY KEY,
        last_utc INTEGER NOT NULL,
        complaint_id INTEGER REFERENCES "case" (id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX last_contact_silent ON last_contact (last_utc, complaint_id) WHERE complaint_id IS NOT NULL",
    """
    INSERT INTO last_contact (phone_key, last_utc, complaint_id)
    SELECT c.customer_phone_key, max(CAST(strftime('%s', e.at) AS INTEGER)),
        max(CASE c.kind WHEN 'complaint' THEN c.id END)
    FROM event e JOIN "case" c ON c.id = e.case_id
    WHERE c.customer_phone_key <> '' AND c.anonymous = 0 AND (e.action IN ('register', 'contact', 'reply')
        OR (e.action = 'return_visit' AND json_extract(e.data, '$.reached') IS NOT 0))
    GROUP BY c.customer_phone_key
    """,
    """
    CREATE TRIGGER event_is_contact AFTER INSERT ON event
    WHEN NEW.action IN ('register', 'contact', 'reply')
        OR (NEW.action = 'return_visit' AND json_extract(NEW.data, '$.reached') IS NOT 0)
    BEGIN
        INSERT INTO last_contact (phone_key, last_utc, complaint_id)
        SELECT customer_phone_key, CAST(strftime('%s', NEW.at) AS INTEGER), CASE kind WHEN 'complaint' THEN id END
        FROM "case" WHERE id = NEW.case_id AND customer_phone_key <> '' AND anonymous = 0
        ON CONFLICT (phone_key) DO UPDATE SET
            last_utc = max(last_utc, excluded.last_utc),
            complaint_id = coalesce(excluded.complaint_id, complaint_id);
    END
    """,
    # What is owed on a day that was counted: all that a change of the calendar can move.
    """
    CREATE INDEX follow_up_open_counted ON follow_up (id)
    WHERE done_at IS NULL AND substr(term, -2) IN ('wd', 'bd')
    """,
)


def apply(db: Database) -> None:
    """Terms, subjects and levels of what is owed; what each event changed; the calendar; hand-overs."""
    for statement in _FOLLOW_UP_ENGINE:
        db.execute(statement)
