"""The follow-up queue as an item model: a row count, and a small cache of pages that SQL has filtered and sorted.

Rows are fetched when they are first asked for, and the words of a row are made once, when it is first shown, so that
painting is a look-up. There is no proxy model and no ``fetchMore``: the scroll bar tells the truth.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desk_app.domain.queue import ALL_OF_IT, View
from desk_app.services.desk import queue_count, queue_counts, queue_page
from ui.models.queue_marks import QueueMarks
from ui.models.queue_words import prepare, titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from PySide6.QtGui import QBrush

    from desk_app.domain.queue import QueueRow, Sieve
    from desk_app.services.results import QueueCounts
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.models.queue_words import QueueLine
    from ui.models.time_left import Urgency

PAGE_ROWS = 64
_CACHED_PAGES = 12
_WAITING_PAGES = 2  # a screen never shows more than two pages at once

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_BACKGROUND = int(Qt.ItemDataRole.BackgroundRole)
_TICK = "✓ "

_Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """One view of the queue.

    ``refreshing`` says that fresh rows are here and take the place of the old ones now; ``refreshed`` that they are in
    place (the argument: whether it is another view than before, so that one begins at the top); ``counted`` carries
    the :class:`QueueCounts`, which :meth:`count` asks for. Rows that are not there yet have empty cells.
    """

    refreshing = Signal()
    refreshed = Signal(bool)
    counted = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Begin empty; the first :meth:`refresh` fills it."""
        super().__init__(parent)
        self._desk = desk
        self.view, self.sieve = View.ALL, ALL_OF_IT
        self.colours: Mapping[Urgency, QBrush] = {}
        self.ticked_ground: QBrush | None = None
        self.marks = QueueMarks(self)
        self._titles = titles()
        self._blank = ("",) * len(self._titles)
        self._at = desk.clock.now()
        self._count = 0
        self._shown: tuple[View, Sieve] | None = None
        self._rows: dict[int, QueueRow] = {}
        self._lines: dict[int, QueueLine] = {}  # of those rows that were shown
        self._pages: deque[int] = deque()
        self._waiting: deque[int] = deque(maxlen=_WAITING_PAGES)
        self._fetching = False
        self._generation = 0
        self.marks.changed.connect(lambda: self._repaint(0, self._count - 1))

    # ---------------------------------------------------------------------------------- what Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature; never changed
        """Return the number of follow-ups in the view, as far as it is known."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- see rowCount
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return a prepared text, or the colour of the time."""
        if role == _DISPLAY:
            line = self.line(index.row())
            if line is None:
                return self._miss(index.row())
            text = line.cells[index.column()]
            return _TICK + text if self.marks and index.column() == 0 and line.row in self.marks else text
        if role == _BACKGROUND and self.marks:
            line = self.line(index.row())
            return self.ticked_ground if line is not None and line.row in self.marks else None
        if role == _FOREGROUND and index.column() == 0:
            line = self.line(index.row())
            return self.colours.get(line.urgency) if line else None
        if role == _TOOL_TIP:
            line = self.line(index.row())
            return line.cells[index.column()] if line else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return a column's title."""
        if role == _DISPLAY and orientation is Qt.Orientation.Horizontal:
            return self._titles[section]
        return None

    # -------------------------------------------------------------------------------- what views ask

    def line(self, row: int) -> QueueLine | None:
        """Return a row, or None where it is not there (yet)."""
        line = self._lines.get(row)
        if line is None and row in self._rows:
            sentences, authority = self._desk.rules.sentences, self._desk.policy.authority
            line = self._lines[row] = prepare(self._rows[row], sentences, authority, self._at)
        return line

    def with_rows(self, first: int, last: int, then: Callable[[Sequence[QueueRow]], None]) -> None:
        """Give ``then`` the rows from one to another: now where they are at hand, else when they were fetched."""
        here = [self._rows[row] for row in range(first, last + 1) if row in self._rows]
        if len(here) == last - first + 1:
            then(here)
            return
        view, sieve, at = self.view, self.sieve, self._at
        self._desk.ask(lambda ws: queue_page(ws, view, at, first, last - first + 1, sieve), then)

    def find(self, wanted: QueueRow) -> int | None:
        """Return where this line is now, else another of its case, else the next one, among the rows at hand."""
        key = (wanted.place, wanted.id)
        same, after = None, None
        for row, found in sorted(self._rows.items()):
            if found.id == wanted.id:
                return row
            if same is None and found.number == wanted.number:
                same = row
            if after is None and (found.place, found.id) > key:
                after = row
        return after if same is None else same

    def refresh(self, view: View, sieve: Sieve = ALL_OF_IT, rows: Iterable[int] = ()) -> None:
        """Fetch the view anew, as it is now; ``rows`` are those on the screen, which come at once.

        What is shown stays until the fresh rows are here.
        """
        if (view, sieve) != (self.view, self.sieve):
            rows = ()
        self.view, self.sieve = view, sieve
        self._generation += 1
        self._waiting.clear()
        at = self._desk.clock.now()
        pages = sorted({0} if (view, sieve) != self._shown else {row // PAGE_ROWS for row in rows} or {0})

        def fetch(ws: Workspace) -> dict[int, tuple[QueueRow, ...]]:
            return {page: queue_page(ws, view, at, page * PAGE_ROWS, PAGE_ROWS, sieve) for page in pages}

        self._fetching = True
        self._desk.ask(fetch, partial(self._replace, self._generation, (view, sieve), at), self._failed)

    # ------------------------------------------------------------------------------------ fetching

    def _miss(self, row: int) -> str:
        page = row // PAGE_ROWS
        if page not in self._waiting and page not in self._pages:
            self._waiting.append(page)
            self._fetch_next()
        return ""

    def _fetch_next(self) -> None:
        if self._fetching or not self._waiting:
            return
        page, at = self._waiting[-1], self._at  # the last one asked for is on the screen now
        view, sieve = self.view, self.sieve
        self._fetching = True
        self._desk.ask(
            lambda ws: queue_page(ws, view, at, page * PAGE_ROWS, PAGE_ROWS, sieve),
            partial(self._add, self._generation, page),
            self._failed,
        )

    def _failed(self, _error: Exception) -> bool:
        self._fetching = False
        self._waiting.clear()
        return False  # the desk tells it

    def _replace(
        self, generation: int, shown: tuple[View, Sieve], at: datetime, pages: Mapping[int, Sequence[QueueRow]]
    ) -> None:
        if generation != self._generation:
            return
        self._fetching = False
        is_other = shown != self._shown
        self.refreshing.emit()
        if is_other:
            self.beginResetModel()
            self._count = 0
        self._shown, self._at = shown, at
        before, self._rows, self._pages = self._rows, {}, deque()
        shown_before, self._lines = self._lines, {}
        for page, rows in pages.items():
            self._keep(page, rows)
        count = self._count_from(pages)
        if is_other:
            self._count = count
            self.endResetModel()
            self.marks.clear()
        else:
            for page, rows in pages.items():
                self.marks.look_again(rows, from_start=page == 0, to_end=len(rows) < PAGE_ROWS)
            self._resize(count)
            changed = [row for row in self._rows if row not in before or self._reads_differently(row, shown_before)]
            if changed:
                self._repaint(min(changed), max(changed))
        self.refreshed.emit(is_other)

    def _reads_differently(self, row: int, before: Mapping[int, QueueLine]) -> bool:
        """Return whether a row that was shown has other words now."""
        line = self.line(row) if row in before else None
        return line is not None and line.cells != before[row].cells

    def count(self) -> None:
        """Ask for the counts of all views, as they were when the rows were asked for."""
        view, sieve, at = self.view, self.sieve, self._at

        def count(ws: Workspace) -> tuple[QueueCounts, int]:
            counts = queue_counts(ws, at)
            return counts, counts.views[view] if sieve.takes_all else queue_count(ws, view, at, sieve)

        self._desk.ask(count, partial(self._counted, self._generation))

    def _add(self, generation: int, page: int, rows: Sequence[QueueRow]) -> None:
        if generation != self._generation:
            return
        self._fetching = False
        if page in self._waiting:
            self._waiting.remove(page)
        self._keep(page, rows)
        self._repaint(page * PAGE_ROWS, min(page * PAGE_ROWS + PAGE_ROWS, self._count) - 1)
        self._fetch_next()

    def _counted(self, generation: int, counted: tuple[QueueCounts, int]) -> None:
        if generation == self._generation:
            counts, here = counted
            self._resize(here)
            self.counted.emit(counts)

    def _keep(self, page: int, rows: Sequence[QueueRow]) -> None:
        self._pages.append(page)
        self._rows.update(enumerate(rows, page * PAGE_ROWS))
        if len(self._pages) > _CACHED_PAGES:
            old = self._pages.popleft() * PAGE_ROWS
            for row in range(old, old + PAGE_ROWS):
                self._rows.pop(row, None)
                self._lines.pop(row, None)

    def _count_from(self, pages: Mapping[int, Sequence[QueueRow]]) -> int:
        """Return what the pages tell of the count, before it is counted: a short page is the last one."""
        for page, rows in pages.items():
            if len(rows) < PAGE_ROWS and (rows or page == 0):
                return page * PAGE_ROWS + len(rows)
        return max(self._count, (max(pages) + 1) * PAGE_ROWS)

    def _resize(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._titles) - 1))
