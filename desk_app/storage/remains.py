"""What a register that cannot be opened still lets be read. Nothing is ever written to the file, or beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from desk_app.storage import backup, settings

if TYPE_CHECKING:
    from pathlib import Path


class Remains(NamedTuple):
    """How many cases, and lines of their history, a file holds."""

    cases: int
    events: int


def remains(path: Path) -> Remains | None:
    """Count what can be read of a register; None where it cannot even be counted."""
    try:
        with closing(backup.reading(path)) as conn:
            cases, events = (
                int(conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in ("case", "event")
            )
    except (OSError, sqlite3.Error):
        return None
    return Remains(cases, events)


def setting_of(path: Path, key: str) -> object:
    """Return one setting of a register, None where it was never set or cannot be read."""
    try:
        with closing(backup.reading(path)) as conn:
            return settings.read_one(conn, key)
    except (OSError, ValueError, sqlite3.Error):
        return None
