"""Row 1: the program is killed while it saves: what it acknowledged is stored, and nothing is there by half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.paths import DataFolder
from tests.faults import programs
from tests.faults.goals import Goal
from tests.faults.killing import Child, needs_kill
from tests.faults.promises import Promises

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("1", "killed while saving: acknowledged and lost, saved by half", ci=100, release=1_000)
_REGISTER_OF = 25  # kills; then another one begins, so that its check stays quick
_MOST_LINES, _LONGEST = 6, 0.02  # what it says before it is killed, two rounds; seconds from then on: a save or two


@needs_kill
@pytest.mark.slow
def test_what_was_acknowledged_before_a_kill_is_stored_and_nothing_half(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    in_the_middle, promised = 0, Promises()
    for trial in tally.trials():
        folder = DataFolder(tmp_path / f"data-{trial // _REGISTER_OF}")
        if trial % _REGISTER_OF == 0:
            promised = Promises()
        child = Child(programs.save, str(folder.root), f"kill{trial}")
        first = [child.line() for _ in range(luck.randint(1, _MOST_LINES))]
        for line in (*first, *child.kill_after(luck.uniform(0, _LONGEST))):
            promised.add(line)
        journal = folder.database.with_name(f"{folder.database.name}-journal")
        in_the_middle += journal.stat().st_size > 0
        tally.found(*promised.broken(folder, rules))

    assert in_the_middle > tally.tried / 10, "the kills hit transactions"
    tally.end()
