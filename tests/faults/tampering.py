"""What somebody with another tool may do to the register: six kinds, each leaves the schema as it was.

Triggers guard the tables against the program's own errors, not against a person: whoever opens the file with SQLite can
drop them. So they are dropped here, and put back afterwards.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.services import upkeep
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules


def change_an_event(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Let somebody else have done it."""
    conn.execute("UPDATE event SET by = by || '某' WHERE id = ?", (_one(conn, "event", luck),))


def change_a_case(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Put other words into a customer's mouth."""
    conn.execute("UPDATE \"case\" SET content = content || '。' WHERE id = ?", (_one(conn, "case", luck),))


def change_what_is_owed(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Give somebody an hour more."""
    conn.execute("UPDATE follow_up SET due_utc = due_utc + 3600 WHERE id = ?", (_one(conn, "follow_up", luck),))


def delete_an_event(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Let it not have been."""
    conn.execute("DELETE FROM event WHERE id = ?", (_one(conn, "event", luck, "action <> 'register'"),))


def insert_an_event(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Let it have been."""
    columns = [row[1] for row in conn.execute("PRAGMA table_info(event)") if row[1] not in ("id", "request_id")]
    names = ", ".join(columns)
    conn.execute(
        f"INSERT INTO event (request_id, {names}) SELECT 'forged', {names} FROM event WHERE id = ?",  # noqa: S608
        (_one(conn, "event", luck, "action = 'contact'"),),
    )


def cut_the_end(conn: sqlite3.Connection, luck: random.Random) -> None:
    """Take the last line of the ledger away with the new rows that it seals: inside, nothing tells of them any more."""
    del luck
    (sealed,) = conn.execute("SELECT rows FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
    for table, name, _ in json.loads(sealed):
        conn.execute(f'DELETE FROM "{table}" WHERE id = ?', (name,))  # noqa: S608
    conn.execute("DELETE FROM ledger WHERE id = (SELECT max(id) FROM ledger)")


KINDS: Mapping[str, Callable[[sqlite3.Connection, random.Random], None]] = {
    made.__name__: made
    for made in (change_an_event, change_a_case, change_what_is_owed, delete_an_event, insert_an_event, cut_the_end)
}


@contextmanager
def another_tool(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a register with SQLite alone, its triggers out of the way; they are put back."""
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous=OFF")
        conn.execute("BEGIN")
        triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            conn.execute(f'DROP TRIGGER "{name}"')
        yield conn
        for _, sql in triggers:
            conn.execute(sql)
        conn.execute("COMMIT")


def found(folder: DataFolder, rules: Rules) -> list[str]:
    """Return the codes of what the register's check finds, or of why it cannot be opened."""
    try:
        with closing(open_workspace(folder, FixedClock(NOW), rules)) as ws:
            return [finding.code for finding in upkeep.verify(ws).findings]
    except KnownError as error:
        return [error.code]


def _one(conn: sqlite3.Connection, table: str, luck: random.Random, of: str = "1") -> int:
    rows = conn.execute(f'SELECT id FROM "{table}" WHERE {of}').fetchall()  # noqa: S608
    return int(luck.choice(rows)[0])
