"""The ledger: each transaction seals every row that it wrote.

A line of ``ledger`` holds a digest of each row that one transaction inserted, changed or deleted, and a MAC over itself
and the line before (HMAC-SHA256). What was written is found by triggers of the connection itself, so that no code can
forget to seal. A digest is keyed too (BLAKE2b), so that what was blotted out cannot be guessed from it.

The key lies beside the register, not in it (:class:`KeyRing`): who changes the file by another tool cannot write the
line that belongs to it. Who has both, and the program, can write a new history, but not the head of the old one that
stands on every exported sheet (domain.md part 14: 不擅改; docs/decisions/0012).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.sealed import Sealed
from desk_app.storage.readable import rows_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SINCE = 5
"""The version of the register that brought the ledger: an older one has nothing sealed yet."""

SEALED: Mapping[Sealed, str] = {
    **dict.fromkeys(Sealed, "id"),
    Sealed.COUNTER: "series",
    Sealed.CREDENTIAL: "name",
    Sealed.SETTING: "key",
    Sealed.CALENDAR_DAY: "{0}day || ' ' || {0}kind",
}
"""Each table whose rows are sealed, and by what a row of it is named (``{0}`` stands for the row)."""

GONE = ""
"""The digest of a row that was deleted."""

DIGEST_BYTES = 16
_KEY_BYTES = 32
_MOST_ROWS = 500  # of one line
_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=repr).encode  # bytes: damage


class Head(NamedTuple):
    """The end of the ledger: how many lines there are, and the MAC of the last."""

    id: int
    mac: str


@dataclass(frozen=True, slots=True)
class Key:
    """A secret, and by what it is known."""

    secret: bytes

    @property
    def id(self) -> str:
        """Return the name by which lines tell with which key they were made; it says nothing of the key."""
        return hashlib.sha256(b"ledger key" + self.secret).hexdigest()[:8]

    def digest(self, table: str, row: Sequence[object]) -> str:
        """Return the digest of a row: of its table and of all its values, as SQLite gives them."""
        text = _AS_JSON([str(table), *row])
        raw = text.encode(errors="surrogateescape")  # a damaged row has a digest too
        return hashlib.blake2b(raw, digest_size=DIGEST_BYTES, key=self.secret).hexdigest()

    def mac(self, before: str, line: int, rows: str) -> str:
        """Return the MAC of a line after another."""
        return hmac.digest(self.secret, f"{before}\n{line}\n{rows}".encode(errors="surrogateescape"), "sha256").hex()


class KeyRing:
    """The file of keys beside the register: one a line, the newest last."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self.path = path
        self._keys: dict[str, Key] = {}

    def get(self, key_id: str) -> Key | None:
        """Return a key by its id, or None where the file has it not."""
        if key_id not in self._keys:
            self._keys = {key.id: key for key in self._read()}
        return self._keys.get(key_id)

    def newest(self) -> Key:
        """Return the newest key; where there is none, a new one, which is on disk before it is used."""
        keys = self._read()
        return keys[-1] if keys else self._add()

    def _read(self) -> list[Key]:
        try:
            lines = self.path.read_text(encoding="ascii", errors="replace").split()
        except FileNotFoundError:
            return []
        return [Key(bytes.fromhex(line)) for line in lines if is_key(line)]

    def keep(self) -> None:
        """Put the file back where it has gone while this program knows its keys: the next start would have none.

        Where the disk refuses, the next save tries again; none fails because of it.
        """
        if self._keys and not self.path.exists():
            with suppress(OSError):
                self._put("".join(f"{key.secret.hex()}\n" for key in self._keys.values()).encode())

    def _add(self) -> Key:
        """Add a key to the file; what is there stays."""
        key = Key(secrets.token_bytes(_KEY_BYTES))
        before = self.path.read_bytes() if self.path.exists() else b""
        between = b"\n" if before and not before.endswith(b"\n") else b""
        self._put(before + between + key.secret.hex().encode() + b"\n")
        return key

    def _put(self, content: bytes) -> None:
        """Put a whole new file in the place of the one there is."""
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)


def watch(conn: sqlite3.Connection) -> None:
    """Note from now on every row that this connection writes; nothing of it is in the file."""
    conn.execute(
        "CREATE TEMP TABLE touched (place TEXT NOT NULL, name NOT NULL, PRIMARY KEY (place, name)) WITHOUT ROWID"
    )
    for table, name in SEALED.items():
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            called = _name(name, row)
            # Not INSERT OR IGNORE: the conflict clause of the statement that fires a trigger outdoes those in it.
            conn.execute(
                f'CREATE TEMP TRIGGER touched_{table}_{verb} AFTER {verb} ON main."{table}"'
                f" WHEN NOT EXISTS (SELECT 1 FROM touched WHERE place = '{table}' AND name = {called})"
                f" BEGIN INSERT INTO touched VALUES ('{table}', {called}); END"
            )


def touch_all(conn: sqlite3.Connection) -> None:
    """Note every row there is, so that the transaction's end seals the whole register anew."""
    for table, name in SEALED.items():
        conn.execute(
            f"INSERT OR IGNORE INTO temp.touched SELECT '{table}', {_name(name, 't')} FROM main.\"{table}\" AS t"
        )


def seal(conn: sqlite3.Connection, ring: KeyRing) -> None:
    """Write the line (of very many rows, the lines) of what this transaction wrote; called right before its COMMIT.

    Where the key of the last line is not at hand, the register is sealed anew as a whole, with a new one.
    """
    if conn.execute("SELECT 1 FROM temp.touched LIMIT 1").fetchone() is None:
        return
    last = conn.execute("SELECT id, key, mac FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
    number, key_id, mac = last or (0, "", "")
    key = ring.get(key_id)
    if key is None:
        key = ring.newest()
        if last is not None:  # an emptied ledger is not made good: what it sealed stays unsealed
            touch_all(conn)
    digests = [entry for table in SEALED for entry in _digests(conn, key, table)]
    for start in range(0, len(digests), _MOST_ROWS):
        number += 1
        rows = _AS_JSON(digests[start : start + _MOST_ROWS])
        mac = key.mac(mac, number, rows)
        conn.execute("INSERT INTO ledger (id, key, rows, mac) VALUES (?, ?, ?, ?)", (number, key.id, rows, mac))
    conn.execute("DELETE FROM temp.touched")
    ring.keep()


def head(conn: sqlite3.Connection) -> Head:
    """Return the end of the ledger."""
    row = conn.execute("SELECT id, mac FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head(0, "")


def read_rows(
    conn: sqlite3.Connection, table: Sealed, names: Sequence[object]
) -> Iterator[tuple[object, Sequence[object]]]:
    """Go through the rows of a table that have these names, each with its name; in no order."""
    called, marks = _name(SEALED[table], "t"), ",".join("?" * len(names))
    sql = f'SELECT {called}, t.* FROM main."{table}" AS t WHERE {called} IN ({marks})'
    for name, *row in rows_of(conn, sql, tuple(names)):
        yield name, row


def read_after(
    conn: sqlite3.Connection, table: Sealed, after: object, most: int
) -> Iterator[tuple[object, Sequence[object]]]:
    """Go through some rows of a table behind the one of a name (None: from the first), each with its name, in order."""
    name = _name(SEALED[table], "t")
    where = "" if after is None else f"WHERE {name} > ?"
    sql = f'SELECT {name}, t.* FROM main."{table}" AS t {where} ORDER BY {name} LIMIT ?'
    for called, *row in rows_of(conn, sql, (most,) if after is None else (after, most)):
        yield called, row


def _digests(conn: sqlite3.Connection, key: Key, table: Sealed) -> Iterator[tuple[str, object, str]]:
    """Go through the rows of a table that were touched, in the order of their names, each with its digest."""
    name = _name(SEALED[table], "t")
    for touched, found, *row in conn.execute(
        f'SELECT w.name, {name}, t.* FROM temp.touched AS w LEFT JOIN main."{table}" AS t ON {name} = w.name'
        " WHERE w.place = ? ORDER BY w.name",
        (table,),
    ):
        yield table, touched, GONE if found is None else key.digest(table, row)


def _name(name: str, row: str) -> str:
    """Return the SQL that names a row."""
    return name.format(f"{row}.") if "{" in name else f"{row}.{name}"


def is_key(line: str) -> bool:
    """Whether a line of a file of keys is one."""
    try:
        return line.isascii() and len(bytes.fromhex(line)) == _KEY_BYTES
    except ValueError:
        return False
