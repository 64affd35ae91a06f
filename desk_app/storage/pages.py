"""Reading the pages of an SQLite file without SQLite, which gives a table up at its first broken page.

The file format is that of https://www.sqlite.org/fileformat.html, parts 1.6 and 2. Everything that does not fit is left
out: a page, a row of it, but never more. Values are as SQLite gives them; text that is no UTF-8 has � where it is
broken.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = 4096
LEAF, INDEX_LEAF = 13, 10
_INNER, _INDEX_INNER = 5, 2
_FIRST = 100  # bytes of the file before the first page begins
_TABLE_LOCAL, _INDEX_LOCAL = PAGE - 35, (PAGE - 12) * 64 // 255 - 23
_LEAST_LOCAL = (PAGE - 12) * 32 // 255 - 23
_LONGEST = 10_000_000  # bytes of a row: more is no row of ours
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_FLOAT, _ZERO, _ONE, _BLOB, _TEXT = 7, 8, 9, 12, 13
_VARINT = 9


class Record(NamedTuple):
    """A row as it lies on a page: its id (0 in an index) and its values."""

    row_id: int
    values: tuple[object, ...]


class Pages:
    """The pages of a file, from 1 on, as SQLite counts them."""

    def __init__(self, path: Path) -> None:
        """Open it to be read."""
        self._file = path.open("rb")
        self.count = path.stat().st_size // PAGE
        self.is_whole = True
        """Whether nothing broken was met since this was last set."""

    @property
    def user_version(self) -> int:
        """Return what the header says of the version; anything, where it is broken."""
        return _number(self._read(1), 60, 4)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def kind(self, number: int) -> int:
        """Return what a page is, by its first byte."""
        content = self._read(number)
        return content[self._begin(number)] if content else 0

    def leaves(self, root: int) -> Iterator[int]:
        """Go through the pages of a tree that hold rows; what lies behind a broken page is not found."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            kind = 0 if number in seen else self.kind(number)
            seen.add(number)
            if kind in (LEAF, INDEX_LEAF, _INDEX_INNER):
                yield number
            if kind in (_INNER, _INDEX_INNER):
                waiting.extend(reversed(self._children(number)))
            elif kind not in (LEAF, INDEX_LEAF):
                self.is_whole = False

    def records(self, number: int) -> Iterator[Record]:
        """Go through the rows on a page that can be read."""
        content, begin = self._read(number), self._begin(number)
        kind = content[begin] if content else 0
        head = 12 if kind == _INDEX_INNER else 8
        for place in range(_number(content, begin + 3, 2)):
            record = None
            with suppress(IndexError, ValueError, struct.error):
                at = _number(content, begin + head + 2 * place, 2)
                record = self._record(content, at + (4 if kind == _INDEX_INNER else 0), is_table=kind == LEAF)
            if record is None:
                self.is_whole = False
            else:
                yield record

    def _children(self, number: int) -> list[int]:
        content, begin = self._read(number), self._begin(number)
        cells = range(_number(content, begin + 3, 2))
        found = []
        for place in cells:
            at = _number(content, begin + 12 + 2 * place, 2)
            found.append(_number(content, at, 4))
        return [*found, _number(content, begin + 8, 4)]

    def _record(self, content: bytes, at: int, *, is_table: bool) -> Record:
        size, at = _varint(content, at)
        row_id = 0
        if is_table:
            row_id, at = _varint(content, at)
            row_id -= (1 << 64) if row_id >> 63 else 0
        return Record(row_id, _values(self._payload(content, at, size, _TABLE_LOCAL if is_table else _INDEX_LOCAL)))

    def _payload(self, content: bytes, at: int, size: int, most: int) -> bytes:
        if size > _LONGEST:
            raise ValueError(size)
        if size <= most:
            return content[at : at + size]
        local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE - 4)
        local = local if local <= most else _LEAST_LOCAL
        payload = bytearray(content[at : at + local])
        following = _number(content, at + local, 4)
        while len(payload) < size:
            page = self._read(following)
            if not page:
                raise ValueError(following)
            payload += page[4 : 4 + size - len(payload)]
            following = _number(page, 0, 4)
        return bytes(payload)

    def _read(self, number: int) -> bytes:
        if not 1 <= number <= self.count:
            return b""
        with suppress(OSError):  # a sector that the disk does not give
            self._file.seek((number - 1) * PAGE)
            return self._file.read(PAGE)
        return b""

    @staticmethod
    def _begin(number: int) -> int:
        return _FIRST if number == 1 else 0


def _values(payload: bytes) -> tuple[object, ...]:
    """Return the values of a record; raises ValueError, IndexError where it is none."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values = []
    for kind in kinds:
        size = _SIZES[kind] if kind < len(_SIZES) else (kind - _BLOB) // 2
        if kind in (10, 11) or at + size > len(payload):
            raise ValueError(kind)
        values.append(_value(kind, payload[at : at + size]))
        at += size
    if at != len(payload):
        raise ValueError(at)
    return tuple(values)


def _value(kind: int, content: bytes) -> object:
    if kind >= _TEXT and kind % 2:
        return content.decode("utf-8", "replace")
    if kind >= _BLOB:
        return content
    if kind == _FLOAT:
        return struct.unpack(">d", content)[0]
    if kind in (_ZERO, _ONE):
        return kind - _ZERO
    return int.from_bytes(content, "big", signed=True) if kind else None


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_VARINT):
        byte = content[at + place]
        if place == _VARINT - 1:
            return value << 8 | byte, at + _VARINT
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 -- the bit that says that more follows
            return value, at + place + 1
    raise ValueError(at)


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "big")
