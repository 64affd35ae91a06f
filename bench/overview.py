"""The overview of a month and of a year: from the key to the painted page, and beside one SQL scan of the same rows.

The rows are the facts of the period, of the one before and of the same of last year. The scan finds them by their index
and adds up a few of their columns; ours counts all that the page shows. The figures are made before and kept.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, cast

from bench.measure import Ceiling, Check, Comparison, Findings, Series, in_turn, milliseconds
from bench.register_maker import END, Size, copy_of, open_with, register_of
from bench.screen import PaintWatch, until
from bench.window import window_on
from desk_app.clock import FixedClock
from desk_app.domain import periods
from desk_app.services import figures, overview
from ui.models.periods import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.domain.periods import Period
    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow
    from ui.views.overview import OverviewPage

_AT_ONCE = 20_000  # lines of history
_TOLD_EVERY = 500_000
_LAST_DAY = periods.before(periods.read_period("day", END.date())).last
_MOST = {"month": ("2026-10", 150), "year": ("2026", 500)}
_SCAN_RATIO = 3
_SCAN = (
    "SELECT count(*), total(answered_minutes), total(closed_minutes), total(was_late), total(lacks), total(came_again)"
    " FROM fact INDEXED BY fact_times WHERE is_void = 0 AND day >= ? AND day < ?"
)


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Measure a month and a year, the page made already, and made by the key."""
    made = counted(size, cache)
    own = copy_of(made, scratch / "data")
    shutil.copyfile(made.figures, own.figures)
    comparisons, checks = zip(*(_beside_a_scan(own, what, rounds) for what in _MOST), strict=True)
    with window_on(own) as window:
        ceilings = tuple(_painted(window, rounds))
    return Findings(comparisons, checks, ceilings)


def counted(size: Size, cache: Path) -> DataFolder:
    """Return the data folder of a register of that size with all of it counted; what of it is missing is done now."""
    folder = register_of(size, cache)
    with closing(open_with(folder, FixedClock(END))) as ws:
        while (step := figures.catch_up(ws, _AT_ONCE)).left:
            assert step.done
            if step.left % _TOLD_EVERY < _AT_ONCE:
                print(f"figures: {step.left:,} lines of history left …", file=sys.stderr, flush=True)
    return folder


def _beside_a_scan(folder: DataFolder, what: str, rounds: int) -> tuple[Comparison, Check]:
    period = periods.read_period(_MOST[what][0], _LAST_DAY)
    asked = (period, periods.before(period), periods.year_before(period))
    like = [each for each in dict.fromkeys(asked) if each is not None]  # the year before is that of last year too
    with (
        closing(open_with(folder, FixedClock(END))) as ws,
        closing(sqlite3.connect(folder.figures)) as conn,
    ):
        cost = in_turn(
            {
                "floor": partial(milliseconds, partial(_scan, conn, like)),
                "ours": partial(milliseconds, partial(overview.overview, ws, period)),
            },
            rounds,
        )
        rows, found = _scan(conn, like), overview.overview(ws, period)
    spans = [span for span in (found.now, found.before, found.year_ago) if span is not None]
    ours = list({span.period: span.total for span in spans}.values())
    name = f"overview of a {what}, {sum(rows):,} cases in it and beside it"
    return (
        Comparison(name, cost["floor"], cost["ours"], _SCAN_RATIO),
        Check(f"the overview of a {what} counts the rows of the scan", ours == rows and rows[0] > 0),
    )


def _scan(conn: sqlite3.Connection, like: list[Period]) -> list[int]:
    """Return how many there are in each period, having read what is added up of them."""
    return [conn.execute(_SCAN, (each.first_text, each.before_text)).fetchone()[0] for each in like]


def _painted(window: MainWindow, rounds: int) -> Iterator[Ceiling]:
    began = time.perf_counter_ns()
    first = _open(window, began)
    yield Ceiling("key to painted overview, page made by the key, once", Series((first,)), _MOST["year"][1])
    page = cast("OverviewPage", window.show_page("overview"))
    for what, (written, most) in _MOST.items():
        page.head.period.choose(Span(what))
        page.head.period.box.show_span(Span(what), _LAST_DAY)
        until(lambda wanted=written: _shows(page, wanted))  # type: ignore[misc]
        cost = [_open(window, time.perf_counter_ns()) for _ in range(rounds + 1)][1:]
        yield Ceiling(f"key to painted overview of a {what}", Series(tuple(cost)), most, rarely=True)


def _shows(page: OverviewPage, written: str) -> bool:
    return page.shown is not None and page.shown.now.period.name == written


def _open(window: MainWindow, began: int) -> float:
    """Return the milliseconds from a moment until the page was painted with fresh figures; leave it.

    What the window does while nobody waits (the day's backup and check, of a large register minutes) goes on meanwhile.
    """
    page = cast("OverviewPage", window.show_page("overview"))
    watch = PaintWatch(page)
    page.refreshed.connect(watch.ready)
    cost = watch.wait(began)
    window.show_page("register")
    answered: list[bool] = []
    window.desk.ask(lambda _ws: True, answered.append)
    until(lambda: bool(answered))  # all that was asked before it is answered too
    return cost
