"""The ledger that seals every row, the journal of what is no event, sign-ins, and the one way to blot a person out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def _append_only(table: str, also: str = "") -> tuple[str, ...]:
    """Return the guards of a table whose rows stay as they were written; ``also``: what else may not come twice."""
    words = f"{table} is append-only"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END",
        f"""
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id{also})
        BEGIN SELECT RAISE(ABORT, '{words}'); END
        """,
    )


def _may_be_blotted(table: str, words: str, stays: tuple[str, ...], subject: str) -> tuple[str, ...]:
    """Return the guard that lets the words of a row be blotted out, and nothing else of it (else it says ``words``).

    Only where the journal says so beforehand: an entry ``erase`` whose subject is what the SQL ``subject`` gives.
    """
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in stays)
    return (
        f"DROP TRIGGER {table}_no_update",
        f"""
        CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        WHEN {changed} OR NOT EXISTS (SELECT 1 FROM journal WHERE what = 'erase' AND subject = ({subject}))
        BEGIN SELECT RAISE(ABORT, '{words}'); END
        """,
    )


def _number_of(case_id: str) -> str:
    return f'SELECT number FROM "case" WHERE id = {case_id}'


_TRUST = (
    # One line for each transaction: a digest of every row that it wrote, and a MAC chained to the line before.
    """
    CREATE TABLE ledger (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        rows TEXT NOT NULL,
        mac TEXT NOT NULL
    ) STRICT
    """,
    *_append_only("ledger"),
    # What was done to the register and is no event of a case: sign-ins, looks at full data, exports, settings …
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        what TEXT NOT NULL,
        subject TEXT NOT NULL,
        data TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX journal_what ON journal (what, subject, id)",
    *_append_only("journal"),
    # Who can prove to be who they say: the hash of a PIN, and how often it was missed of late. ``failed_at`` is in
    # seconds since the machine was started, so that no clock that is set forward shortens the wait.
    """
    CREATE TABLE credential (
        name TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        set_at TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        failed_at REAL NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    # A draft changes at every pause of the keys, too often for the ledger: its digest stands beside it.
    "ALTER TABLE draft ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    *_may_be_blotted(
        "event",
        "event is append-only",
        ("id", "case_id", "request_id", "action", "at", "entered_at", "by", "round"),
        _number_of("OLD.case_id"),
    ),
    *_may_be_blotted(
        "change",
        "change is append-only",
        ("id", "event_id", "follow_up_id", "key"),
        _number_of("(SELECT case_id FROM event WHERE id = OLD.event_id)"),
    ),
    *_may_be_blotted(
        "attachment",
        "what was laid to a case stays",
        ("id", "case_id", "event_id", "sha256", "kind", "size"),
        _number_of("OLD.case_id"),
    ),
    *_may_be_blotted(
        "customer_event",
        "what was decided stays",
        ("id", "request_id", "at", "by", "action"),
        "'customer_event:' || OLD.id",
    ),
    *_may_be_blotted(
        "handover", "a handover stays", ("id", "request_id", "at", "outgoing", "incoming"), "'handover:' || OLD.id"
    ),
)


def apply(db: Database) -> None:
    """The ledger that seals every row, the journal of what is no event, and who may sign in."""
    for statement in _TRUST:
        db.execute(statement)
