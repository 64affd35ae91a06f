"""Who can prove to be who they say: hashes of PINs in the register, and how often each was missed of late.

A hash is Argon2id (RFC 9106) with its salt and its cost inside: 64 MiB, two passes, more than what OWASP asks for
(19 MiB, two passes). It keeps a PIN from whoever sees the register. Honest limit: four digits are ten thousand tries,
a quarter of an hour for whoever has copied the file; a password of some words is not found so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from datetime import datetime

RECOVERY = ""
"""The name under which the hash of the recovery code is kept: nobody's."""

_PASSES, _MEMORY = 2, 64 * 2**20


class Credential(NamedTuple):
    """A hash, and how often it was missed in a row; ``failed_at`` is in seconds since the machine was started."""

    hash: str
    failures: int
    failed_at: float


def hashed(secret: str) -> str:
    """Return a new salted hash (takes about 60 ms)."""
    from nacl.pwhash import argon2id  # noqa: PLC0415 -- no start waits for it

    return argon2id.str(_bytes(secret), _PASSES, _MEMORY).decode("ascii")


def matches(known: str, secret: str) -> bool:
    """Whether a hash is of this secret (takes as long as making it did)."""
    from nacl.exceptions import CryptoError  # noqa: PLC0415
    from nacl.pwhash import argon2id  # noqa: PLC0415

    try:
        return argon2id.verify(known.encode(), _bytes(secret))
    except (CryptoError, ValueError):  # wrong, or no hash at all: whoever changed the file shall not get in by it
        return False


def hashes(conn: sqlite3.Connection) -> Mapping[str, str]:
    """Return the hash of each person that has a PIN."""
    return dict(conn.execute("SELECT name, hash FROM credential WHERE name <> ?", (RECOVERY,)))


def read(conn: sqlite3.Connection, name: str) -> Credential | None:
    """Return what is kept under a name, or None."""
    row = conn.execute("SELECT hash, failures, failed_at FROM credential WHERE name = ?", (name,)).fetchone()
    return None if row is None else Credential(*row)


def write(conn: sqlite3.Connection, name: str, new_hash: str, at: datetime) -> None:
    """Keep a new hash, which nobody has missed yet, inside the caller's transaction."""
    conn.execute(
        "INSERT INTO credential (name, hash, set_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
        " SET hash = excluded.hash, set_at = excluded.set_at, failures = 0, failed_at = 0",
        (name, new_hash, at.isoformat()),
    )


def count(conn: sqlite3.Connection, name: str, failures: int, failed_at: float) -> None:
    """Keep how often a name was missed in a row, and when last, inside the caller's transaction."""
    conn.execute("UPDATE credential SET failures = ?, failed_at = ? WHERE name = ?", (failures, failed_at, name))


def remove(conn: sqlite3.Connection, name: str) -> None:
    """Keep nothing under a name any more, inside the caller's transaction."""
    conn.execute("DELETE FROM credential WHERE name = ?", (name,))


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")
