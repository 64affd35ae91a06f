"""What the ledger said last of each row, kept small: a register of a million cases has eight million rows."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from desk_app.storage.ledger import DIGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPARSE = 1_000_000
"""How many ids may be missing between those that there are, before a row is kept by its name, not by its place."""
_GONE = bytes(DIGEST_BYTES)


class Mark(NamedTuple):
    """The last line that named a row, and the digest it gave; an empty one: the row was deleted."""

    line: int
    digest: bytes


class Marks:
    """The marks of one table: 20 bytes a row where the rows are named by numbers, as those that are many are."""

    def __init__(self, rows: int) -> None:
        """Expect about so many rows; more may come."""
        self._most = 2 * rows + _SPARSE
        self._lines = array("I")
        self._digests = bytearray()
        self._others: dict[object, Mark] = {}

    def get(self, name: object) -> Mark | None:
        """Return the mark of a row, or None where no line ever named it."""
        if not (isinstance(name, int) and 0 <= name < len(self._lines)):
            return self._others.get(name)
        line = self._lines[name]
        return Mark(line, self._digest(name)) if line else None

    def put(self, name: object, line: int, digest: bytes) -> None:
        """Take the mark that a later line gives."""
        if not (isinstance(name, int) and 0 <= name <= self._most):
            self._others[name] = Mark(line, digest)
            return
        if name >= len(self._lines):
            more = max(name + 1, len(self._lines) * 5 // 4) - len(self._lines)
            self._lines.frombytes(bytes(more * self._lines.itemsize))
            self._digests.extend(bytes(more * DIGEST_BYTES))
        self._lines[name] = line
        self._digests[name * DIGEST_BYTES : (name + 1) * DIGEST_BYTES] = digest or _GONE

    def there(self, after: int, until: int | None) -> Iterator[int]:
        """Go through the numbers behind one and before another (None: to the end) of rows that are not deleted."""
        for name in range(max(0, after + 1), min(len(self._lines), len(self._lines) if until is None else until)):
            if self._lines[name] and self._digest(name):
                yield name

    def there_by_name(self) -> Iterator[object]:
        """Go through the names of the rows that are not deleted and are named by no number, or by a very great one."""
        return (name for name, mark in self._others.items() if mark.digest)

    def _digest(self, name: int) -> bytes:
        digest = bytes(self._digests[name * DIGEST_BYTES : (name + 1) * DIGEST_BYTES])
        return b"" if digest == _GONE else digest
