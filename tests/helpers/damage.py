"""Damage that a file of SQLite can suffer without anybody noticing at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_app.paths import DataFolder


def zeroed(folder: DataFolder, name: str) -> None:
    """Overwrite the root page of a table or an index: found only by who reads it."""
    with closing(sqlite3.connect(folder.database)) as conn:
        (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    with folder.database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
