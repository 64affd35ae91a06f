"""The most memory that the window held up to its opened queue: a full register beside an empty one."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from bench.measure import Check, Comparison, Findings, in_turn
from bench.register_maker import END, Size, copy_of, open_with, register_of
from bench.start import child
from desk_app.clock import FixedClock
from desk_app.paths import DataFolder

if TYPE_CHECKING:
    from pathlib import Path


def run(cache: Path, own: Path, size: Size, rounds: int) -> Findings:
    """Compare the two, each time in a process of its own."""
    if sys.platform == "win32":
        return Findings((), (Check("memory of the window", holds=False, detail="not measured on Windows"),))
    empty = DataFolder(own / "empty")
    open_with(empty, FixedClock(END)).close()
    full = copy_of(register_of(size, cache), own / "full")
    cost = in_turn(
        {"floor": partial(_window_on, empty), "ours": partial(_window_on, full)},
        rounds,
        warm_up=0,
    )
    name = f"peak memory of the window, {size.cases:,} cases beside none"
    return Findings((Comparison(name, cost["floor"], cost["ours"], 1.2, unit="MiB"),))


def _window_on(folder: DataFolder) -> float:
    return float(child("bench.memory_window", str(folder.root)))
