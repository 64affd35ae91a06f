"""What is amended, void or taken back is no last word with a customer; what was exported is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


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


def apply(db: Database) -> None:
    """What is amended, void or taken back is no last word with a customer; what was exported is remembered."""
    for statement in (*_LAST_CONTACT_FOLLOWS, *_EXPORTS):
        db.execute(statement)
