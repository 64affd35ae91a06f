"""From the start of the process until a key has changed a field, beside a bare form of the same widgets.

Both are whole processes of the same interpreter, without a screen. The bare form is made of one widget for each that
the program's window has at its first painting, on the screen or hidden, with the same texts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.first_key import FORBIDDEN
from bench.measure import Check, Comparison, Findings, in_turn
from bench.register_maker import END, open_with
from desk_app.clock import FixedClock
from desk_app.paths import DataFolder

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
            "ours": partial(_start_window, imported, data),
        },
        rounds,
    )
    return Findings(
        (Comparison("start until a key is taken", cost["floor"], cost["ours"], 1.15),),
        (Check(f"not imported before the first paint: {', '.join(FORBIDDEN)}", not imported, " ".join(imported)),),
    )


def child(module: str, *arguments: str) -> str:
    """Run a module in a process of its own, without a screen, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=_environment(),
        check=False,
        timeout=_LONGEST_SECONDS,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    return done.stdout


def _environment() -> dict[str, str]:
    """Return that of a person who starts the program for the second time: every module has been compiled before."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = Path(tempfile.gettempdir()) / "complaint-desk-bench-compiled"  # so that the source tree stays clean
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)}


def _start_window(imported: set[str], data: DataFolder) -> float:
    data.window_lock.unlink(missing_ok=True)  # the one before ended without closing its window
    return _start(imported, "bench.start_window", "--data", str(data.root))


def _start(imported: set[str], module: str, *arguments: str) -> float:
    began = time.time_ns()
    taken_at, *found = child(module, *arguments).split()
    imported.update(found)
    return (int(taken_at) - began) / 1e6
