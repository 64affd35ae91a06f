"""What is warned of early: of one case, when its save is confirmed, and of a whole month."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

from bench import texts
from bench.index_maker import figured
from bench.lives import request_id
from bench.measure import Ceiling, Findings, Series, milliseconds
from bench.register_maker import END, Size, copy_of, open_with
from desk_app.clock import FixedClock
from desk_app.services import figures, intake, search, warnings

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.workspace import Workspace

MS_AFTER_A_SAVE, MS_A_MONTH = 20, 150


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Save cases that repeat, and ask of each what it takes part in; then of the month, which is the first time so."""
    made = figured(size, cache)
    own = copy_of(made, scratch / "data")
    shutil.copyfile(made.figures, own.figures)
    ws = open_with(own, FixedClock(END))
    try:
        after = tuple(_after_a_save(ws, random.Random(n)) for n in range(rounds))
        figures.catch_up(ws)
        month = tuple(milliseconds(lambda: warnings.current(ws, END)) for _ in range(rounds))
        assert any(warning.rule == "place" for warning in warnings.current(ws, END))
        assert not figures.behind(ws)
    finally:
        ws.close()
    return Findings(
        (),
        ceilings=(
            Ceiling(f"warnings after a save, {size.cases:,} on file", Series(after), MS_AFTER_A_SAVE, rarely=True),
            Ceiling(f"warnings of a month, {size.cases:,} on file", Series(month), MS_A_MONTH, rarely=True),
        ),
    )


def _after_a_save(ws: Workspace, rng: random.Random) -> float:
    if figures.behind(ws) >= search.WORTH_WRITING:
        figures.catch_up(ws)  # as in the window, when nobody waits
    raw = {**texts.complaint(rng), "kind": "complaint", "place": "大堂"}
    number = intake.register(ws, raw, request_id(rng)).case.number
    return milliseconds(lambda: warnings.of_case(ws, number))
