"""Keys typed into the form while a year is exported: how long until each is seen. Held to a limit.

A key is due every 20 ms, whatever became of the one before, and its time runs from when it was due: a pause of the
window's thread is told by every key that was due in it, and no pause falls between two keys.
"""

from __future__ import annotations

import gc
import itertools
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from bench.measure import Ceiling, Findings, Series
from bench.register_maker import END, Size, copy_of, register_of
from bench.screen import PaintWatch, application, until
from bench.window import wait_until, window_on
from desk_app.domain.periods import Period
from desk_app.errors import KnownError
from desk_app.services import offers
from desk_app.services.export import Order, export, fill
from desk_app.services.sheets import Scope
from ui.forms.editors import LongTextEditor
from ui.printing.preview import SheetPreview
from ui.views.preview import preview_order
from ui.views.sheet_job import JobBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from desk_app.services.sheets import Filled
    from ui.main_window import MainWindow

MS_A_KEY, MS_A_PREVIEW = 50, 150
_EVERY_MS = 20
_QUIET_KEYS = 200
_KEYS_AFTER = 100  # what an export leaves behind is cleared away in these
_CANCEL_AT = 0.5  # of the steps
_RARE = 0.999
_FORMS = "record"
_DIALOGS = 3  # previews in a round
_SECONDS_AFTER_LEAVING = 0.5


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Type while nothing else goes on, while all sheets of a year are exported, and while that is cancelled half way.

    Then look at a form of each case of the year, and leave it: how long the window is held by either.
    """
    shares = {"nothing else goes on": 0.0, "a year is exported": 1.0, "that is cancelled": _CANCEL_AT}
    cost: dict[str, list[Series]] = {what: [] for what in shares}
    looked: list[float] = []
    left: list[float] = []
    with window_on(copy_of(register_of(size, cache), scratch / "data")) as window:
        year = _everything(window, size, scratch / "year")
        _typed_while(window, None)  # the window makes what it wants next
        for _ in range(rounds):
            for what, share in shares.items():
                cost[what].append(_typed_while(window, _Export(window, year, share) if share else None))
            for _dialog in range(_DIALOGS):
                held = _previewed(window, replace(year, sheets=(_FORMS,)))
                looked.append(held[0])
                left.append(held[1])
    return Findings(
        (),
        ceilings=(
            *(each for what, taken in cost.items() for each in _told(what, taken)),
            Ceiling(f"preview of {size.cases:,} cases, a form each", Series(tuple(looked)), MS_A_PREVIEW),
            Ceiling("leaving it, the longest pause", Series(tuple(left)), MS_A_KEY),
        ),
    )


def _told(what: str, taken: Sequence[Series]) -> Iterator[Ceiling]:
    """Tell the keys of all rounds, the one in a thousand and the worst of each, and how many came too late."""
    every = [sample for series in taken for sample in series.samples]
    late = sum(sample > MS_A_KEY for sample in every)
    yield Ceiling(f"key while {what}, {len(every):,} keys, {late} late", Series(tuple(every)), MS_A_KEY)
    yield Ceiling(f"key while {what}, 1 of 1,000", Series(tuple(map(_rare, taken))), MS_A_KEY)
    yield Ceiling(f"key while {what}, the worst", Series(tuple(max(t.samples) for t in taken)), MS_A_KEY)


def _rare(taken: Series) -> float:
    ordered = sorted(taken.samples)
    return ordered[int(_RARE * (len(ordered) - 1))]


def _everything(window: MainWindow, size: Size, out: Path) -> Order:
    """Return all sheets that can be exported of a period, of the days of the whole register."""
    found: list[str] = []
    window.desk.ask(offers.of_period, lambda offered: found.extend(offer.id for offer in offered.sheets))
    until(lambda: bool(found))
    first: date = (END - timedelta(days=size.days)).date()
    return Order(tuple(found), Scope(Period(first, END.date() - timedelta(days=1), "一年")), out)


class _Export:
    """An export on the storage thread, with its progress shown; over some time after it has ended."""

    def __init__(self, window: MainWindow, order: Order, until_share: float) -> None:
        self._window, self._order, self._share = window, order, until_share
        self._bar = JobBar(window.desk.storage, window)

    def begin(self, over: Callable[[], None]) -> None:
        """Start it; ``over`` is called on the window's thread."""
        job = self._bar.begin()

        def progress(done: int, of: int) -> None:
            job.progress(done, of)
            if self._share < 1 and done >= of * self._share:
                job.cancel()

        def done(_value: object) -> None:
            self._bar.end()
            over()

        def refused(error: Exception) -> bool:
            done(None)
            return isinstance(error, KnownError) and error.code == "export_cancelled"

        order = self._order
        self._window.desk.ask(
            lambda ws: export(ws, order, progress=progress, is_cancelled=lambda: not job.goes_on()), done, refused
        )


def _typed_while(window: MainWindow, work: _Export | None) -> Series:
    """Return the milliseconds of every key typed while something goes on, and of some after it."""
    gc.collect()
    ended: list[bool] = []
    if work is None:
        ended.append(True)
    else:
        work.begin(lambda: ended.append(True))
    field = window.register.form.rows["content"].editor
    assert isinstance(field, LongTextEditor)
    field.setFocus()
    cost: list[float] = []
    left = _QUIET_KEYS if work is None else _KEYS_AFTER
    due = time.perf_counter_ns()
    for key in itertools.cycle((Qt.Key.Key_A, Qt.Key.Key_Backspace)):
        due += int(_EVERY_MS * 1e6)
        wait_until(due)
        watch = PaintWatch(field.viewport())
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            text = "a" if key is Qt.Key.Key_A else ""
            QCoreApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        watch.ready()
        cost.append(watch.wait(due))
        left -= bool(ended)
        if left <= 0:
            return Series(tuple(cost))
    raise AssertionError("cycle ends")


def _previewed(window: MainWindow, order: Order) -> tuple[float, float]:
    """Return the milliseconds from the filled sheet to its first painted page, and the longest pause after leaving."""
    cost: list[float] = []

    def show(filled: Sequence[Filled]) -> None:
        began = time.perf_counter_ns()
        preview_order(window.desk, window, order, filled)
        shown = window.findChild(SheetPreview)
        assert isinstance(shown, SheetPreview)
        watch = PaintWatch(shown.view.viewport())
        application().processEvents()  # a window is painted when the system has shown it
        watch.ready()
        cost.append(watch.wait(began))

    window.desk.ask(lambda ws: fill(ws, order), show)
    until(lambda: bool(cost))
    shown = window.findChild(SheetPreview)
    assert isinstance(shown, SheetPreview)
    shown.close()
    pauses = [0.001]
    over = time.perf_counter() + _SECONDS_AFTER_LEAVING
    while (before := time.perf_counter()) < over or not window.desk.storage.is_idle:
        application().processEvents()
        pauses.append((time.perf_counter() - before) * 1e3)
        time.sleep(0.001)
    return cost[0], max(pauses)
