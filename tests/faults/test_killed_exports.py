"""Row 8: the program is killed while it exports over a sheet: the sheet stays whole, and what was left is swept."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services import export
from desk_app.services.export import Order
from desk_app.services.workspace import open_workspace
from tests.faults import programs
from tests.faults.goals import Goal
from tests.faults.killing import Child, needs_kill
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("8", "killed while exporting: the old sheet destroyed, something left behind", ci=30, release=500)
_ELEVEN_MINUTES = 660.0
_LONGEST = 0.15  # seconds: about two exports


@needs_kill
@pytest.mark.slow
def test_a_killed_export_leaves_the_sheet_whole_and_the_next_one_sweeps(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    folder, out = DataFolder(tmp_path / "data"), tmp_path / "out"
    ws = open_workspace(folder, FixedClock(NOW), rules)
    for n in range(3):
        registered(ws, f"one-{n}")
    order = Order(("register",), export.month_scope(ws, "2026-11"), out)
    (target,) = (file.path for file in export.export(ws, order).files)
    killed_in_the_middle = 0

    for _ in tally.trials():
        child = Child(programs.export_again, str(folder.root), str(out))
        child.line()
        child.kill_after(luck.uniform(0, _LONGEST))

        if wrong := _not_whole(target):
            tally.found(wrong)
        left = [path for path in out.iterdir() if path != target]
        killed_in_the_middle += bool(left)
        for path in left:
            os.utime(path, (path.stat().st_mtime - _ELEVEN_MINUTES,) * 2)
        export.export(ws, order)
        tally.found(*(f"left over: {path.name}" for path in out.iterdir() if path != target))

    ws.close()
    assert killed_in_the_middle > tally.tried / 4
    tally.end()


def _not_whole(path: Path) -> str:
    """Say what is wrong with a workbook; nothing, where it is whole."""
    if not path.is_file():
        return "gone"
    try:
        with zipfile.ZipFile(path) as book:
            bad = book.testzip()
    except zipfile.BadZipFile as error:
        return f"destroyed: {error}"
    return f"destroyed: {bad}" if bad else ""
