"""The package of a month: what is incomplete, then all its sheets into a new folder. Held to a limit."""

from __future__ import annotations

import gc
import itertools
from contextlib import closing
from typing import TYPE_CHECKING

from bench.export import MONTH
from bench.measure import Ceiling, Findings, in_turn, milliseconds
from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.services.export import Order, month_scope
from desk_app.services.package import export_package, incomplete

if TYPE_CHECKING:
    from pathlib import Path

_MOST_MS = 3_000


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Measure with the cases of a month of this size."""
    with closing(open_with(register_of(size, cache), FixedClock(END))) as ws:
        scope, folders = month_scope(ws, MONTH), itertools.count()
        assert scope.period is not None
        period, files = scope.period, 0

        def whole() -> None:
            nonlocal files
            incomplete(ws, period)
            files = len(export_package(ws, Order((), scope, scratch / str(next(folders)))).files)

        def tidily() -> float:
            gc.collect()
            return milliseconds(whole)

        taken = in_turn({"package": tidily}, rounds)["package"]
    name = f"package of a month: {size.cases:,} cases, {files} sheets"
    return Findings((), ceilings=(Ceiling(name, taken, _MOST_MS),))
