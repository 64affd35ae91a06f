"""The tables, as append-only migrations (sqlite-utils), applied all or none in one transaction of ours.

Imported only when a file has to be made, migrated or checked, because sqlite_utils costs more than the window's whole
start (docs/decisions). A released migration is never edited; ``VERSION`` counts them: the file's ``user_version``.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("complaint_desk")

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


@migrations()
def m0001_register(db: Database) -> None:
    """The register, its history, what is owed, the counters, drafts and settings."""
    for statement in (*_TABLES, *_GUARDS):
        db.execute(statement)


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


@migrations()
def m0002_follow_up_engine(db: Database) -> None:
    """Terms, subjects and levels of what is owed; what each event changed; the calendar; hand-overs."""
    for statement in _FOLLOW_UP_ENGINE:
        db.execute(statement)


def _last_contacts(whose: str) -> str:
    """Return the SQL that writes when customers were last spoken to, from the history as it stands."""
    return f"""
        INSERT INTO last_contact (phone_key, last_utc, complaint_id)
        SELECT c.customer_phone_key, max(CAST(strftime('%s', e.at) AS INTEGER)),
            max(CASE c.kind WHEN 'complaint' THEN c.id END)
        FROM "case" c CROSS JOIN event e ON e.case_id = c.id
        WHERE c.customer_phone_key <> '' AND c.customer_phone_key IN ({whose})
            AND c.anonymous = 0 AND c.status <> 'void'
            AND (e.action IN ('register', 'contact', 'reply')
                OR (e.action = 'return_visit' AND json_extract(e.data, '$.reached') IS NOT 0))
            AND NOT EXISTS (SELECT 1 FROM event u WHERE u.case_id = e.case_id AND u.action = 'amend'
                AND json_extract(u.data, '$.undoes') = e.id)
        GROUP BY c.customer_phone_key
    """


_LAST_CONTACT_FOLLOWS = (
    "CREATE INDEX case_phone ON \"case\" (customer_phone_key, id) WHERE customer_phone_key <> ''",
    "DELETE FROM last_contact",
    _last_contacts('SELECT customer_phone_key FROM "case"'),
    # A customer who got another number, a case that was void, a step that was taken back: counted anew for those alone.
    f"""
    CREATE TRIGGER case_customer_changed AFTER UPDATE OF customer_phone_key, anonymous, kind, status ON "case"
    WHEN NEW.customer_phone_key <> OLD.customer_phone_key OR NEW.anonymous <> OLD.anonymous OR NEW.kind <> OLD.kind
        OR (NEW.status = 'void') <> (OLD.status = 'void')
    BEGIN
        DELETE FROM last_contact WHERE phone_key IN (OLD.customer_phone_key, NEW.customer_phone_key);
        {_last_contacts("OLD.customer_phone_key, NEW.customer_phone_key")};
    END
    """,
    f"""
    CREATE TRIGGER event_is_undone AFTER INSERT ON event
    WHEN NEW.action = 'amend' AND json_extract(NEW.data, '$.undoes') IS NOT NULL
    BEGIN
        DELETE FROM last_contact
        WHERE phone_key = (SELECT customer_phone_key FROM "case" WHERE id = NEW.case_id);
        {_last_contacts('SELECT customer_phone_key FROM "case" WHERE id = NEW.case_id')};
    END
    """,
)


_EXPORTS = (
    # What left the program on paper: enough to make it again, and to say whether a file is still what it was.
    """
    CREATE TABLE export (
        id INTEGER PRIMARY KEY,
        mark TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        sheets TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        scope TEXT NOT NULL,
        masked INTEGER NOT NULL CHECK (masked IN (0, 1)),
        rows INTEGER NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX export_sha256 ON export (sha256)",
    "CREATE TRIGGER export_no_update BEFORE UPDATE ON export BEGIN SELECT RAISE(ABORT, 'an export stays'); END",
    "CREATE TRIGGER export_no_delete BEFORE DELETE ON export BEGIN SELECT RAISE(ABORT, 'an export stays'); END",
    """
    CREATE TRIGGER export_no_replace BEFORE INSERT ON export
    WHEN EXISTS (SELECT 1 FROM export WHERE id = NEW.id OR mark = NEW.mark)
    BEGIN SELECT RAISE(ABORT, 'an export stays'); END
    """,
)


@migrations()
def m0003_last_contact_and_exports(db: Database) -> None:
    """What is amended, void or taken back is no last word with a customer; what was exported is remembered."""
    for statement in (*_LAST_CONTACT_FOLLOWS, *_EXPORTS):
        db.execute(statement)


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


@migrations()
def m0004_customers_and_attachments(db: Database) -> None:
    """What was decided about customers, and what was laid to a case."""
    for statement in _CUSTOMERS_AND_ATTACHMENTS:
        db.execute(statement)


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date inside the caller's transaction (sqlite-utils nests by savepoints)."""
    migrations.apply(Database(conn, execute_plugins=False))


def expected() -> dict[str, str]:
    """Return the schema as it must be: name of each table, index and trigger → its SQL."""
    conn = sqlite3.connect(":memory:")
    try:
        migrate(conn)
        return actual(conn)
    finally:
        conn.close()


def actual(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the schema as it is; white space does not count, nor SQLite's own objects."""
    rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {name: " ".join(sql.split()) for name, sql in rows}
