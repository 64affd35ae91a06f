"""Row 4: the window is killed while somebody types: what was typed two seconds before is in the draft.

The real window in a process of its own, twenty real key events a second. That the draft of a saved case never comes
back is asked after every kill and every power cut (``promises``).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import SystemClock
from desk_app.paths import DataFolder
from desk_app.services import intake, shop
from desk_app.services.workspace import open_workspace
from tests.faults.goals import Goal
from tests.faults.killing import needs_kill
from tests.faults.syscalls import ROOT

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("4", "killed while typing: more than 2 s of typing lost", ci=3, release=200)
_MOST = 2.0  # seconds


@needs_kill
@pytest.mark.slow
def test_at_most_two_seconds_of_typing_are_lost(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    for trial in tally.trials():
        folder = DataFolder(tmp_path / str(trial))
        with closing(open_workspace(folder, SystemClock(), rules)) as ws:
            shop.set_up(ws, "云栖百货", "general", "小周")

        pressed, killed_at = _type_until_killed(folder, luck.uniform(0.2, 4.0))

        owed = max((number for number, at in pressed if at < killed_at - _MOST), default=0)
        with closing(open_workspace(folder, SystemClock(), rules)) as ws:
            drafts = intake.drafts(ws)
        kept = str(drafts[0].values.get("content", "")) if drafts else ""
        assert "".join(str(number % 10) for number in range(1, len(kept) + 1)) == kept
        if len(kept) < owed:
            tally.found(f"{owed} keys were pressed {_MOST} s before the kill, {len(kept)} are kept")
    tally.end()


def _type_until_killed(folder: DataFolder, seconds: float) -> tuple[list[tuple[int, float]], float]:
    """Return which key was pressed when, and when the window was killed: so many seconds after the first."""
    pressed: list[tuple[int, float]] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.window_program", str(folder.root), "keys"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as window:
        assert window.stdout is not None
        for line in window.stdout:
            pressed.append((int(line), time.monotonic()))
            if pressed[-1][1] >= pressed[0][1] + seconds:
                break
        window.kill()
        return pressed, time.monotonic()
