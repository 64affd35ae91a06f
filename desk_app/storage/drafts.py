"""Half-typed forms. A draft's id is the request id of the save it will become."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


def write(conn: sqlite3.Connection, draft_id: str, saved_at: datetime, form: Mapping[str, object]) -> None:
    """Keep a form, unless its save has been stored meanwhile: the draft of a saved case never comes back.

    Written in ASCII, because what is half typed is not checked yet and may hold what UTF-8 cannot carry.
    """
    row = (draft_id, saved_at.isoformat(), json.dumps(form))
    conn.execute(
        "INSERT INTO draft (id, saved_at, form, digest) SELECT ?, ?, ?, ?"
        " WHERE NOT EXISTS (SELECT 1 FROM event WHERE request_id = ?)"
        " ON CONFLICT (id) DO UPDATE SET saved_at = excluded.saved_at, form = excluded.form, digest = excluded.digest",
        (*row, digest(row), draft_id),
    )


def digest(row: tuple[str, str, str]) -> str:
    """Return what a draft's id, time and form come to: where it is another, the file was damaged."""
    return hashlib.sha256("\n".join(row).encode()).hexdigest()


def remove(conn: sqlite3.Connection, draft_id: str) -> None:
    """Forget a draft, inside the caller's transaction."""
    conn.execute("DELETE FROM draft WHERE id = ?", (draft_id,))


def read(conn: sqlite3.Connection) -> list[tuple[str, datetime, Mapping[str, object]]]:
    """Return every draft, the oldest first."""
    rows = conn.execute("SELECT id, saved_at, form FROM draft ORDER BY saved_at, id")
    return [(draft_id, datetime.fromisoformat(saved_at), json.loads(form)) for draft_id, saved_at, form in rows]


def damaged(conn: sqlite3.Connection) -> list[str]:
    """Return when each draft was saved that is not what was saved; one of an older program has no digest yet."""
    rows = conn.execute("SELECT digest, id, saved_at, form FROM draft WHERE digest <> '' ORDER BY saved_at, id")
    return [row[1] for kept, *row in rows if digest((row[0], row[1], row[2])) != kept]
