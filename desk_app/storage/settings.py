"""The shop's settings: keys and JSON values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


def read(conn: sqlite3.Connection) -> Mapping[str, object]:
    """Return every setting."""
    return {key: json.loads(value) for key, value in conn.execute("SELECT key, value FROM setting")}


def read_one(conn: sqlite3.Connection, key: str) -> object:
    """Return one setting, None where it was never set."""
    row = conn.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def write(conn: sqlite3.Connection, values: Mapping[str, object]) -> None:
    """Set some settings, inside the caller's transaction."""
    conn.executemany(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [(key, json.dumps(value, ensure_ascii=False)) for key, value in values.items()],
    )
