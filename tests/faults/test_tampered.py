"""Row 11: somebody changes the register with another tool: the register's check says so.

Six kinds (``tampering``), the schema left as it was each time. The end of the ledger, cut off with the row that it
seals, is found by what lies outside of the register: the anchors.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from desk_app.paths import DataFolder
from tests.faults.goals import Goal
from tests.faults.tampering import KINDS, another_tool, found

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("11", "tampered with by another tool (6 kinds): not noticed by verify", ci=35, release=1_000)


@pytest.mark.parametrize("kind", KINDS)
def test_what_another_tool_did_is_noticed(
    kind: str, shop: DataFolder, scratch: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    assert found(shop, rules) == []

    folder = DataFolder(scratch / "data")
    for _ in tally.trials():
        shutil.copytree(shop.root, folder.root)
        with another_tool(folder.database) as conn:
            KINDS[kind](conn, luck)
        if not found(folder, rules):
            tally.found(f"{kind} was not noticed")
        shutil.rmtree(folder.root)
    tally.end()
