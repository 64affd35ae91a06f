"""Several programs on one register at once, and programs that die in the middle."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import upkeep
from desk_app.services.workspace import open_workspace
from tests.helpers.registering import SAID

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

ROOT = Path(__file__).resolve().parents[2]
KILLS = 24


def start(folder: DataFolder, name: str, count: int, limit: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.helpers.registering", str(folder.root), name, str(count)]
    return subprocess.Popen(
        [*command, limit] if limit else command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


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


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_was_acknowledged_before_a_kill_is_stored_and_nothing_half(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    chance = random.Random(20261122)
    acked: dict[str, str] = {}
    for kill in range(KILLS):
        program = start(folder, f"kill{kill}", 10_000)
        out: IO[str] | None = program.stdout
        assert out is not None
        first = out.readline()
        moment = time.monotonic() + chance.uniform(0, 0.03)
        while time.monotonic() < moment:  # anywhere in a save, not just after one
            pass
        program.kill()
        lines = [first, *out.readlines()]
        program.communicate()
        acked.update(acknowledged(lines))

        in_register = stored(folder, clock, rules)
        assert acked.items() <= in_register.items()
        assert len(in_register) <= len(acked) + kill + 1, "at most the one that was being saved is more"

    assert len(acked) >= KILLS


def cases_that_fit(program: subprocess.Popen[str], rules: Rules) -> tuple[dict[str, str], str]:
    output, error = program.communicate(timeout=60)
    assert error == ""
    lines = output.splitlines(keepends=True)
    code = lines[-1].removeprefix("! ").strip()
    assert rules.sentences.error(KnownError(code, reason="x", path="x", backups="x"))
    return acknowledged(lines), code


@pytest.mark.fault
@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_file_that_may_not_grow_refuses_the_next_case_and_keeps_the_others(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    acked, code = cases_that_fit(start(folder, "full", 10_000, limit="300000"), rules)

    assert code in {"disk_error", "disk_full"}
    assert len(acked) >= 10
    assert stored(folder, clock, rules) == acked
    ws = open_workspace(folder, clock, rules)
    assert ws.store.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    ws.close()


@pytest.mark.fault
def test_a_full_disk_refuses_the_next_case_and_keeps_the_others(
    small_disk: Path, clock: FixedClock, rules: Rules
) -> None:
    folder = DataFolder(small_disk / "data")
    acked, code = cases_that_fit(start(folder, "full", 10_000), rules)

    assert code == "disk_full"
    assert len(acked) >= 10
    assert stored(folder, clock, rules) == acked
