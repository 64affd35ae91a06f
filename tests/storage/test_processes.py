"""Several programs on one register at once; those that die or are refused the disk are in ``tests.faults``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.services import upkeep
from desk_app.services.workspace import open_workspace
from tests.helpers.registering import SAID

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

ROOT = Path(__file__).resolve().parents[2]


def start(folder: DataFolder, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.helpers.registering", str(folder.root), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stored(folder: DataFolder, clock: FixedClock, rules: Rules) -> dict[str, str]:
    """Return request id → number of every case, having seen that each is whole and the register sound."""
    ws = open_workspace(folder, clock, rules)
    assert upkeep.verify(ws).findings == ()
    rows = ws.store.conn.execute(
        "SELECT e.request_id, c.number, c.content, (SELECT count(*) FROM follow_up f WHERE f.case_id = c.id)"
        ' FROM "case" c LEFT JOIN event e ON e.case_id = c.id'
    ).fetchall()
    ws.close()
    for request_id, _, content, owed in rows:
        assert content == f"{request_id} {SAID}"
        assert owed == 1
    return {request_id: number for request_id, number, _, _ in rows}


def acknowledged(lines: list[str]) -> dict[str, str]:
    """Return request id → number of the whole lines a program wrote."""
    return dict(line.split() for line in lines if line.endswith("\n") and not line.startswith("!"))


@pytest.mark.slow
def test_four_programs_that_begin_one_register_at_once_give_two_hundred_numbers(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    programs = [start(folder, name, 50) for name in "abcd"]
    outputs = [program.communicate(timeout=120) for program in programs]

    assert [error for _, error in outputs] == [""] * 4
    acked = acknowledged([line for output, _ in outputs for line in output.splitlines(keepends=True)])
    assert len(acked) == 200
    assert stored(folder, clock, rules) == acked
    assert set(acked.values()) == {f"TS-20261122-{serial:03}" for serial in range(1, 201)}
