"""From the start of the process until a key has changed a field, beside a bare form of the same widgets.

Both are whole processes of the same interpreter, without a screen. The bare form is made of one widget for each that
the program's window has at its first painting, on the screen or hidden, with the same texts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from bench.first_key import FORBIDDEN
from bench.measure import Check, Comparison, Findings, in_turn
from bench.register_maker import END, open_with
from desk_app.clock import FixedClock
from desk_app.paths import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_SECONDS = 60


def run(own: Path, rounds: int) -> Findings:
    """Compare, and say what was imported before the first painting."""
    data = DataFolder(own / "data")
    open_with(data, FixedClock(END)).close()
    child("bench.start_census", str(own), "--data", str(data.root))
    imported: set[str] = set()
    cost = in_turn(
        {
            "floor": partial(_start, set(), "bench.start_bare", str(own)),
            "ours": partial(_start, imported, "bench.start_window", "--data", str(data.root)),
        },
        rounds,
    )
    return Findings(
        (Comparison("start until a key is taken", cost["floor"], cost["ours"], 1.15),),
        (Check(f"not imported before the first paint: {', '.join(FORBIDDEN)}", not imported, " ".join(imported)),),
    )


def child(module: str, *arguments: str) -> str:
    """Run a module in a process of its own, without a screen, and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
        timeout=_LONGEST_SECONDS,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _start(imported: set[str], module: str, *arguments: str) -> float:
    began = time.time_ns()
    taken_at, *found = child(module, *arguments).split()
    imported.update(found)
    return (int(taken_at) - began) / 1e6
