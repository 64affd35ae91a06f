"""From the key that opens the queue to its painted rows, beside painting the same rows from a list in memory.

Both are the same table in a window of the same size. The floor's page has its rows already and shows nothing else; the
program's asks the storage thread for them, and has the tabs and the case beside it.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from bench.measure import Comparison, Findings, in_turn
from bench.queue_page import ROWS
from bench.register_maker import END, Size, copy_of, register_of
from bench.screen import SIZE, PaintWatch, application, until
from desk_app.clock import FixedClock
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from ui.desk import Desk
from ui.models.queue_model import QueueModel
from ui.tasks import Storage
from ui.views.follow_up import FollowUpPage
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from PySide6.QtGui import QBrush

    from bench.measure import Series
    from desk_app.paths import DataFolder
    from ui.models.queue_words import QueueLine
    from ui.models.time_left import Urgency

_Index = QModelIndex | QPersistentModelIndex


def run(cache: Path, scratch: Path, small: Size, large: Size, rounds: int) -> Findings:
    """Compare at two sizes of register, and the two sizes with each other; later openings and the first one."""
    application()
    window = _Window()
    desks = {size.cases: _desk(copy_of(register_of(size, cache), scratch / str(size.cases))) for size in (small, large)}
    pages = {cases: _QueuePage(window, desk) for cases, desk in desks.items()}
    few, many = small.cases, large.cases
    try:
        for page in pages.values():
            page.open()
        bare = _ListPage(window, pages[many])
        again = in_turn(
            {"floor": bare.open, **{f"ours {cases}": page.open for cases, page in pages.items()}},
            rounds,
        )
        first = in_turn(
            {
                "floor": partial(_open_new, lambda: _ListPage(window, pages[many])),
                **{f"ours {cases}": partial(_open_new, partial(_QueuePage, window, desks[cases])) for cases in desks},
            },
            rounds,
        )
    finally:
        for desk in desks.values():
            desk.storage.stop()
        window.close()
    return Findings((*_compare("again", again, few, many), *_compare("first time", first, few, many)))


def _compare(what: str, cost: Mapping[str, Series], few: int, many: int) -> Iterator[Comparison]:
    for cases in (few, many):
        yield Comparison(f"key to painted queue, {what}, {cases:,} cases", cost["floor"], cost[f"ours {cases}"], 1.5)
    yield Comparison(f"key to painted, {what}: {many:,} beside {few:,}", cost[f"ours {few}"], cost[f"ours {many}"], 1.2)


def _open_new(make: Callable[[], _QueuePage | _ListPage]) -> float:
    """Return the milliseconds from the key that makes the page until it was painted."""
    began = time.perf_counter_ns()
    page = make()
    cost = page.open(began)
    page.widget.deleteLater()
    QCoreApplication.sendPostedEvents(page.widget, QEvent.Type.DeferredDelete)
    return cost


def _desk(folder: DataFolder) -> Desk:
    rules, clock = load_rules(), FixedClock(END)
    storage = Storage(lambda: open_workspace(folder, clock, rules))
    storage.start()
    return Desk(folder, rules, clock, storage)


class _Window(QMainWindow):
    """The frame of both: pages that take turns, the first of them empty."""

    def __init__(self) -> None:
        super().__init__()
        self._pages = QStackedWidget()
        self._pages.addWidget(QWidget())
        self.setCentralWidget(self._pages)
        self.resize(*SIZE)
        self.show()

    def add(self, page: QWidget) -> None:
        self._pages.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)

    def leave(self) -> None:
        """Show the empty page, and let everything settle."""
        self._pages.setCurrentIndex(0)
        application().processEvents()


class _QueuePage:
    """The program's own page."""

    def __init__(self, window: _Window, desk: Desk) -> None:
        self._window, self._desk = window, desk
        self.widget = FollowUpPage(desk)
        model, table = self.widget.findChild(QueueModel), self.widget.findChild(QueueTable)
        assert isinstance(model, QueueModel)
        assert isinstance(table, QueueTable)
        self.model, self.table = model, table
        self._is_counted = False
        model.counted.connect(self._counted)
        window.add(self.widget)

    def open(self, began: int | None = None) -> float:
        """Return the milliseconds from now (or ``began``) until fresh rows were painted."""
        watch = PaintWatch(self.table.viewport())
        self.model.refreshed.connect(watch.ready)
        began = began or time.perf_counter_ns()
        self._is_counted = False
        self._window.show_page(self.widget)
        self.widget.activated()
        cost = watch.wait(began)
        until(lambda: self._is_counted and self._desk.storage.is_idle)  # nothing is left over for the next sample
        self._window.leave()
        return cost

    def _counted(self) -> None:
        """The last that a page asks for when it comes to the front."""
        self._is_counted = True

    def lines(self) -> list[QueueLine]:
        """Return the first page, ready to be painted."""
        found = [self.model.line(row) for row in range(min(ROWS, self.model.rowCount()))]
        return [line for line in found if line is not None]


class _ListModel(QAbstractTableModel):
    """Rows in memory, ready to be painted."""

    def __init__(self, lines: list[QueueLine], colours: Mapping[Urgency, QBrush]) -> None:
        super().__init__()
        self.lines, self.colours = lines, colours

    def rowCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 -- Qt's own signature
        return len(self.lines)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 -- Qt's own signature
        return len(self.lines[0].cells)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.lines[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return self.colours.get(self.lines[index.row()].urgency)
        return None


class _ListPage:
    """The floor: the same table over a list, as large on the screen as the program's."""

    def __init__(self, window: _Window, like: _QueuePage) -> None:
        self._window = window
        self.widget = QWidget()
        lines = like.lines()
        assert lines
        model: Any = _ListModel(lines, like.model.colours)  # all that the table asks of a QueueModel
        self.table = QueueTable(model, self.widget)
        model.setParent(self.widget)
        self.table.setGeometry(like.table.geometry())
        window.add(self.widget)

    def open(self, began: int | None = None) -> float:
        """Return the milliseconds from now (or ``began``) until the rows were painted."""
        watch = PaintWatch(self.table.viewport())
        began = began or time.perf_counter_ns()
        self._window.show_page(self.widget)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        watch.ready()
        cost = watch.wait(began)
        self._window.leave()
        return cost
