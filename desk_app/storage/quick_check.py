"""What of the register can be checked at every start, in a few milliseconds. Reads only."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from desk_app.storage import sealed_rows
from desk_app.storage.ledger_check import vouched
from desk_app.storage.readable import rows_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from desk_app.storage.connection import Store
    from desk_app.storage.ledger_check import Finding

SCHEMA = "d55502e1b8ef142f136121b7edeb933c7f1a77734df99a5e2ddc5269a9e230c7"
"""The digest of the schema as it must be: known here, because a start must not wait for sqlite_utils (a test asks)."""
_LAST_LINES = 200


def findings(store: Store) -> Iterator[Finding]:
    """Go through what is wrong at first sight: the file's own version, its tables and guards, the last lines."""
    yield from store.oddities
    with store.reading() as conn:
        if schema_digest(conn) != SCHEMA:
            yield "check_schema", {}
        yield from _last_lines(conn, store)


def actual(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the schema as it is; white space does not count, nor SQLite's own objects."""
    rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {name: " ".join(sql.split()) for name, sql in rows}


def schema_digest(conn: sqlite3.Connection) -> str:
    """Return the digest of the schema as it is."""
    said = "\n".join(f"{name}: {sql}" for name, sql in sorted(actual(conn).items()))
    return hashlib.sha256(said.encode(errors="surrogateescape")).hexdigest()


def _last_lines(conn: sqlite3.Connection, store: Store) -> Iterator[Finding]:
    """Check the end of the chain."""
    sql = "SELECT id, key, rows, mac FROM ledger ORDER BY id DESC LIMIT ?"
    lines = rows_of(conn, sql, (_LAST_LINES + 1,))[::-1]
    before = lines[0] if len(lines) > _LAST_LINES else (0, "", "", "")
    for line in lines[1:] if len(lines) > _LAST_LINES else lines:
        number, key_id, rows, mac = line
        key = store.keys.get(key_id)
        if number != before[0] + 1:
            yield "check_ledger_gap", {"first": before[0] + 1, "last": number - 1}
            return
        if key is None:
            if not any(each.first <= number <= each.last for each in vouched(conn)):
                yield "check_ledger_key", {"first": number, "last": lines[-1][0], "path": store.keys.path}
                return
        elif key.mac(before[3], number, rows) != mac:
            yield "check_ledger_line", {"line": number, "at": sealed_rows.moment(conn, number)}
            return
        before = line
