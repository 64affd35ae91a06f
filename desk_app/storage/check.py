"""Is the register still what it must be? Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from desk_app.domain import numbering
from desk_app.storage import attachments, schema

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from desk_app.storage.connection import Store

_MANY = 20  # findings of one kind that are told one by one


Finding = tuple[str, Mapping[str, object]]
"""One thing that is not as it must be: the code of a sentence and what fills it."""

# What is to be corrected and verified outlives the closing (domain.workflow), so it does not keep a case going either.
_OWED = "SELECT 1 FROM follow_up f WHERE f.case_id = c.id AND f.done_at IS NULL"
_OWED_TO_THE_CASE = f"{_OWED} AND f.kind NOT IN ('correct', 'verify')"

_QUESTIONS = {
    "check_open_but_owes_nothing": (
        f"SELECT number FROM \"case\" c WHERE status NOT IN ('closed', 'void') AND NOT EXISTS ({_OWED_TO_THE_CASE})"
    ),
    "check_over_but_owes": (
        f"SELECT number FROM \"case\" c WHERE (status = 'closed' AND EXISTS ({_OWED_TO_THE_CASE}))"
        f" OR (status = 'void' AND EXISTS ({_OWED}))"
    ),
    "check_no_registration": (
        'SELECT number FROM "case" c'
        " WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.action = 'register')"
    ),
}


def findings(store: Store) -> Iterator[Finding]:
    """Go through everything that is wrong; nothing, where all is well."""
    with store.reading() as conn:
        for (message,) in conn.execute(f"PRAGMA integrity_check({_MANY})"):
            if message != "ok":
                yield "check_integrity", {"detail": message}
        for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
            yield "check_foreign_key", {"table": table, "row": row_id, "parent": parent}
        yield from _schema(conn)
        for code, question in _QUESTIONS.items():
            for (number,) in conn.execute(f"{question} LIMIT {_MANY}"):
                yield code, {"number": number}
        yield from _numbers(conn)


def file_findings(store: Store, folder: Path) -> Iterator[Finding]:
    """Go through the files of cases that are missing or changed; every file is read."""
    with store.reading() as conn:
        yield from attachments.findings(conn, folder)


def _schema(conn: sqlite3.Connection) -> Iterator[Finding]:
    expected, actual = schema.expected(), schema.actual(conn)
    for name in sorted(expected.keys() | actual.keys()):
        if name not in actual:
            yield "check_schema_missing", {"name": name}
        elif name not in expected:
            yield "check_schema_extra", {"name": name}
        elif expected[name] != actual[name]:
            yield "check_schema_changed", {"name": name}


def _numbers(conn: sqlite3.Connection) -> Iterator[Finding]:
    """A number past its counter, or without one, could be given a second time."""
    counted = dict(conn.execute("SELECT series, last FROM counter"))
    cases = conn.execute('SELECT count(*) FROM "case"').fetchone()[0]
    if (given := sum(counted.values())) < cases:
        yield "check_counter_behind", {"given": given, "cases": cases}
    for series, last in counted.items():
        following = numbering.number(series, last + 1)
        if conn.execute('SELECT 1 FROM "case" WHERE number = ?', (following,)).fetchone():
            yield "check_number_ahead", {"number": following}
