"""Heads of the ledger that were written down outside of the register: a line of ``anchors.tsv`` each.

Who puts an old register back in the place of the new one, cuts its end off or writes its whole ledger anew, leaves no
trace in it; but the line that an anchor names is then not there, or another (docs/decisions/0012).
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.sealed import Fit, Occasion
from desk_app.storage.ledger import Head

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


class Anchor(NamedTuple):
    """The end of the ledger at some time (aware)."""

    at: datetime
    what: Occasion
    head: Head


def drop(path: Path, anchor: Anchor) -> None:
    """Write an anchor down, behind the others; it is on disk when this returns.

    Raises:
        OSError: the disk refuses.
    """
    at, what, head = anchor
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(f"{at.isoformat()}\t{what}\t{head.id}\t{head.mac}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> tuple[Anchor, ...]:
    """Return every anchor, the oldest first; what is no anchor is passed over.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    return tuple(anchor for line in text.splitlines() if (anchor := _anchor(line)) is not None)


def fit(conn: sqlite3.Connection, head: Head) -> Fit:
    """Say whether the ledger has the line of a head."""
    row = conn.execute("SELECT mac FROM ledger WHERE id = ?", (head.id,)).fetchone()
    if row is None:
        return Fit.SAME if not head.id else Fit.GONE
    return Fit.SAME if row[0] == head.mac else Fit.OTHER


def _anchor(line: str) -> Anchor | None:
    try:
        at, what, number, mac = line.split("\t")
        moment = datetime.fromisoformat(at)
        return Anchor(moment, Occasion(what), Head(int(number), mac)) if moment.tzinfo else None
    except ValueError:
        return None
