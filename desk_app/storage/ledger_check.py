"""Does the register still fit its ledger? Reads only, in slices, so that a save can come between.

First the lines, from the first on: none is missing, each is what its key says of it and of the line before. Then every
row against the digest of the last line that named it. What does not fit is looked at a second time after the lines that
came meanwhile, so that a change between two slices is no finding (docs/decisions/0012).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from desk_app.domain.sealed import STAYS, Fit, Sealed
from desk_app.storage import anchors, ledger, sealed_rows
from desk_app.storage.marks import Mark, Marks
from desk_app.storage.readable import rows_of

if TYPE_CHECKING:
    import sqlite3

    from desk_app.storage.anchors import Anchor
    from desk_app.storage.connection import Store

Finding: TypeAlias = tuple[str, Mapping[str, object]]
"""One thing that is not as it must be: the code of a sentence and what fills it."""

MANY = 20
"""Findings of one kind that are told one by one."""
_LINES, _ROWS = 50, 1000  # of a slice: some 10 ms


class _Segment(NamedTuple):
    """Lines that were made with one key: from which on; None: with a key that is not at hand."""

    first: int
    key: ledger.Key | None


class Unproved(NamedTuple):
    """Lines that were made with a key that is not at hand: the first, the last, and a digest of them as they stand."""

    first: int
    last: int
    digest: str


class LedgerCheck:
    """One check of a register. Used up by :meth:`slices`."""

    def __init__(self, store: Store, outside: Sequence[Anchor] = ()) -> None:
        """Look at nothing yet. ``outside``: what was written down elsewhere, the oldest first."""
        self._store, self._outside = store, outside
        self._line, self._mac = 0, ""
        self._key_id = ""
        self._segments: list[_Segment] = []
        self._breaks = 0
        self._marks = {table: Marks(0) for table in ledger.SEALED}
        self._told: dict[str, int] = {}
        self._without_key: list[tuple[int, int, hashlib._Hash]] = []

    def slices(self) -> Iterator[Sequence[Finding]]:
        """Check everything; each step takes some 10 ms and gives what it found. Between two others may write."""
        with self._store.reading() as conn:
            self._expect(conn)
        while True:
            before = self._line
            with self._store.reading() as conn:
                found = tuple(self._walk(conn))
                is_over = self._line == before or not self._is_behind(conn)
            yield found
            if is_over:
                break
        with self._store.reading() as conn:
            yield (*self._of_keys(conn), *self._of_anchors(conn))
        for table in ledger.SEALED:
            yield from self._rows(table)
        yield tuple(("check_more", {"about": code, "count": n - MANY}) for code, n in self._told.items() if n > MANY)

    @property
    def head(self) -> ledger.Head:
        """The line up to which was checked."""
        return ledger.Head(self._line, self._mac)

    def unproved(self) -> tuple[Unproved, ...]:
        """Read all lines, and return those that cannot be checked because their key is gone. Instead of the slices."""
        with self._store.snapshot() as conn:
            for _finding in self._walk(conn, most=-1):
                pass
        return tuple(Unproved(first, last, digest.hexdigest()) for first, last, digest in self._without_key)

    def _expect(self, conn: sqlite3.Connection) -> None:
        for table in ledger.SEALED:
            rows = conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            self._marks[table] = Marks(rows)

    # ------------------------------------------------------------------------------------------------- the lines

    def _walk(self, conn: sqlite3.Connection, most: int = _LINES) -> Iterator[Finding]:
        """Read some lines further."""
        sql = "SELECT id, key, rows, mac FROM ledger WHERE id > ? ORDER BY id LIMIT ?"
        for number, key_id, rows, mac in rows_of(conn, sql, (self._line, most)):
            if number <= self._line:  # so damaged that the lines go back: those that follow are told as a gap
                yield from self._tell("check_ledger_line", line=number, at=sealed_rows.moment(conn, number))
                continue
            if number != self._line + 1:
                yield from self._tell("check_ledger_gap", first=self._line + 1, last=number - 1)
            if key_id != self._key_id or not self._segments:
                self._key_id = key_id
                self._segments.append(_Segment(number, self._store.keys.get(key_id)))
                if self._segments[-1].key is None:
                    self._without_key.append((number, number, hashlib.sha256()))
            key = self._segments[-1].key
            if key is None:
                first, _last, digest = self._without_key[-1]
                digest.update(json.dumps([number, key_id, rows, mac]).encode())
                self._without_key[-1] = (first, number, digest)
            elif key.mac(self._mac, number, rows) != mac:
                yield from self._tell("check_ledger_line", line=number, at=sealed_rows.moment(conn, number))
            self._line, self._mac = number, mac
            yield from self._take(conn, number, rows)

    def _is_behind(self, conn: sqlite3.Connection) -> bool:
        """Whether there are lines that were not read yet."""
        return conn.execute("SELECT 1 FROM ledger WHERE id > ?", (self._line,)).fetchone() is not None

    def _take(self, conn: sqlite3.Connection, number: int, rows: str) -> Iterator[Finding]:
        """Take the marks that a line gives; of one that cannot be read, none (its MAC has told)."""
        key = self._segments[-1].key
        for table, name, digest in _read(rows):
            before = self._marks[table].get(name) if table in STAYS else None
            is_other = before is not None and before.digest != digest and self._can_tell(before, key)
            if is_other and not sealed_rows.is_blotted(conn, table, name):
                if key is None:
                    continue  # who has no key of ours unsays nothing that was sealed with one
                row = sealed_rows.described(conn, table, name)
                at = sealed_rows.moment(conn, number)
                yield from self._tell("check_row_rewritten", row=row, line=number, at=at)
            self._marks[table].put(name, number, digest)

    def _of_keys(self, conn: sqlite3.Connection) -> Iterator[Finding]:
        """Tell the lines whose key is gone, but for those that somebody has vouched for as they stand since."""
        known = set(vouched(conn))
        for first, last, digest in self._without_key:
            if Unproved(first, last, digest.hexdigest()) not in known:
                yield from self._tell("check_ledger_key", first=first, last=last, path=self._store.keys.path)

    def _of_anchors(self, conn: sqlite3.Connection) -> Iterator[Finding]:
        """Compare with what was written down outside, but for what a restore that is on record took back."""
        restored = [
            (datetime.fromisoformat(at), mark.line)
            for row, at in conn.execute("SELECT id, at FROM journal WHERE what = 'restore'")
            if (mark := self._marks[Sealed.JOURNAL].get(row)) is not None
        ]
        for at, what, head in self._outside:
            if any(at <= when and head.id >= line for when, line in restored):
                continue
            match anchors.fit(conn, head):
                case Fit.GONE:
                    yield from self._tell("check_anchor_gone", line=head.id, at=at, what=what)
                case Fit.OTHER:
                    yield from self._tell("check_anchor_other", line=head.id, at=at, what=what)

    # -------------------------------------------------------------------------------------------------- the rows

    def _rows(self, table: Sealed) -> Iterator[Sequence[Finding]]:
        """Compare every row of a table with what the lines say of it."""
        marks, after, by_name = self._marks[table], None, set(self._marks[table].there_by_name())
        is_over = False
        while not is_over:
            with self._store.reading() as conn:
                rows = tuple(ledger.read_after(conn, table, after, _ROWS))
            is_over = len(rows) < _ROWS or not _goes_on(after, rows[-1][0])
            seen = {name for name, _ in rows}
            by_name -= seen
            last = None if is_over else rows[-1][0]
            doubtful = [name for name, row in rows if not self._fits(table, name, row)]
            doubtful += (name for name in _missed(marks, after, last) if name not in seen)
            doubtful += by_name if is_over else ()
            yield tuple(self._look_again(table, doubtful)) if doubtful else ()
            after = last

    def _look_again(self, table: Sealed, names: Sequence[object]) -> Iterator[Finding]:
        """Say of each of these rows what is wrong, if anything is after the lines that came meanwhile."""
        with self._store.snapshot() as conn:
            before = -1
            while self._is_behind(conn) and self._line > before:
                before = self._line
                yield from self._walk(conn)
            for start in range(0, len(names), _ROWS):
                some = names[start : start + _ROWS]
                rows = dict(ledger.read_rows(conn, table, some))
                for name in some:
                    yield from self._wrong(conn, table, name, rows.get(name))

    def _wrong(
        self, conn: sqlite3.Connection, table: Sealed, name: object, row: Sequence[object] | None
    ) -> Iterator[Finding]:
        mark = self._marks[table].get(name)
        if row is None and (mark is None or not mark.digest):
            return
        if row is not None and self._fits(table, name, row):
            return
        if mark is not None and row is None and self._key_of(mark) is None:
            return  # the lines without a key were told
        code = "check_row_unsealed" if mark is None else "check_row_gone" if row is None else "check_row_changed"
        if self._told.get(code, 0) >= MANY:
            self._told[code] += 1
            return
        place = sealed_rows.described(conn, table, name)
        if mark is None:
            yield from self._tell(code, row=place)
        else:
            yield from self._tell(code, row=place, line=mark.line, at=sealed_rows.moment(conn, mark.line))

    def _fits(self, table: Sealed, name: object, row: Sequence[object]) -> bool:
        """Whether a row is what the last line that named it says; one whose key is not at hand cannot be asked."""
        mark = self._marks[table].get(name)
        if mark is None:
            return False
        key = self._key_of(mark)
        return key is None or key.digest(table, row) == mark.digest.hex()

    def _can_tell(self, before: Mark, key: ledger.Key | None) -> bool:
        """Whether a mark says of a line of another segment, too, that it is other: its key is at hand and the same."""
        known = self._key_of(before)
        return known is not None and key in (None, known)

    def _key_of(self, mark: Mark) -> ledger.Key | None:
        return next(segment.key for segment in reversed(self._segments) if segment.first <= mark.line)

    def _tell(self, code: str, **params: object) -> Iterator[Finding]:
        """Tell a finding, where not enough of its kind were told."""
        self._told[code] = self._told.get(code, 0) + 1
        if self._told[code] <= MANY:
            yield code, params


def vouched(conn: sqlite3.Connection) -> Iterator[Unproved]:
    """Go through the lines of which somebody has said that their key is lost, and that they stand as they are."""
    for (data,) in conn.execute("SELECT data FROM journal WHERE what = 'lost_key'"):
        with suppress(ValueError, TypeError, KeyError):  # one that was tampered with vouches for nothing
            told = json.loads(data)
            yield Unproved(int(told["first"]), int(told["last"]), str(told["digest"]))


def vouchers(conn: sqlite3.Connection) -> tuple[Mapping[str, object], ...]:
    """Return who has said so of which lines and when, as it is written there."""
    rows = conn.execute("SELECT subject, replace(substr(at, 1, 16), 'T', ' '), by FROM journal WHERE what = 'lost_key'")
    return tuple({"lines": lines, "at": at, "by": by} for lines, at, by in rows)


def _goes_on(after: object, last: object) -> bool:
    """Whether the last of some rows lies behind those before: in a damaged table they may go back, without an end."""
    return type(after) is not type(last) or last > after  # type: ignore[operator]  # both numbers, or both texts


def _missed(marks: Marks, after: object, last: object) -> Iterator[object]:
    """Go through the numbered rows that should lie between two rows of a table, or behind the last."""
    first = after if isinstance(after, int) else -1
    if last is None or isinstance(last, int):
        yield from marks.there(first, last)


def _read(rows: str) -> Iterator[tuple[Sealed, object, bytes]]:
    """Go through the rows of a line, each with its digest; of a line that cannot be read, those that can."""
    try:
        listed = json.loads(rows)
        for table, name, digest in listed if isinstance(listed, list) else ():
            if len(digest) in (0, 2 * ledger.DIGEST_BYTES) and _is_name(name):
                yield Sealed(table), name, bytes.fromhex(digest)
    except (ValueError, TypeError, RecursionError):
        return


def _is_name(name: object) -> bool:
    """Whether a row can be called so: text, or a number that SQLite has."""
    return isinstance(name, str) or (isinstance(name, int) and -(2**63) <= name < 2**63)
