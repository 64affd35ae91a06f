"""Which lines of the queue are ticked, to be printed together: by what they are, not by where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_app.domain.queue import QueueRow


class QueueMarks(QObject):
    """The ticked lines of one view. ``changed``: others are ticked than before.

    The list comes in pages and moves under the hand when something is written, so a tick belongs to a follow-up (or to
    a case, where the lines are cases) and not to a row of the table.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Tick nothing."""
        super().__init__(parent)
        self._rows: dict[int, QueueRow] = {}

    def __len__(self) -> int:
        """Return how many lines are ticked."""
        return len(self._rows)

    def __contains__(self, row: QueueRow) -> bool:
        """Whether a line is ticked."""
        return row.id in self._rows

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """The ticked lines, in the order of the list."""
        return tuple(sorted(self._rows.values(), key=lambda row: (row.place, row.id)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The cases that they belong to, in the order of the list; one of which several lines are ticked, once."""
        return tuple(dict.fromkeys(row.number for row in self.rows))

    def set(self, rows: Iterable[QueueRow]) -> None:
        """Tick these lines and no others."""
        wanted = {row.id: row for row in rows}
        is_other = wanted.keys() != self._rows.keys()
        self._rows = wanted
        if is_other:
            self.changed.emit()

    def toggle(self, row: QueueRow) -> None:
        """Tick a line, or take its tick away."""
        self.set([other for other in self._rows.values() if other.id != row.id] if row in self else (*self.rows, row))

    def clear(self) -> None:
        """Tick nothing any more."""
        self.set(())

    def look_again(self, rows: Sequence[QueueRow], *, from_start: bool, to_end: bool) -> None:
        """Take the ticks from lines that have gone: a stretch of the list as it is now, which tells of its own only.

        ``from_start`` and ``to_end``: nothing of the list stands before it, or after it.
        """
        here = {row.id: row for row in rows}
        ends = [(row.place, row.id) for row in (*rows[:1], *rows[-1:])]

        def may_stay(row: QueueRow) -> bool:
            key = (row.place, row.id)
            before, after = bool(ends) and key < ends[0], bool(ends) and key > ends[-1]
            return (before and not from_start) or (after and not to_end)

        kept = (here.get(row.id, row) for row in self._rows.values() if row.id in here or may_stay(row))
        self.set(kept)
