"""What can still be read of a damaged register comes out, and what could not is counted."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import access, restoring, salvaging, upkeep
from desk_app.services.desk import case_file
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

PAGE = 4096
CASES = 60


@pytest.fixture
def register(workspace: Workspace) -> Path:
    """A closed register of sixty cases, half of them answered."""
    for n in range(CASES):
        number = registered(workspace, f"save-{n}", content=f"第 {n} 件：" + "电水壶不加热。" * 60).case.number
        if n % 2:
            acted(workspace, number, "reply", content="换新")
    workspace.close()
    return workspace.folder.database


def zero_pages(path: Path, pages: list[int]) -> None:
    with path.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(bytes(PAGE))


def leaves_of(path: Path) -> list[int]:
    """The pages that hold rows of tables."""
    content = path.read_bytes()
    return [page for page in range(1, len(content) // PAGE) if content[page * PAGE] == 13]


def test_of_a_whole_register_everything_comes_out(
    register: Path, tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    before = register.read_bytes()
    out = tmp_path / "out"

    found = salvaging.salvage(register, out, clock, rules)

    assert (found.cases, found.missing, found.unreadable) == (CASES, (), ())
    assert register.read_bytes() == before
    ws = open_workspace(DataFolder(out / "register"), clock, rules)
    assert upkeep.verify(ws).ok
    assert case_file(ws, "TS-20261122-002").events[1].action == "reply"
    ws.close()
    (sheet,) = found.sheets
    assert sum(row[0].value is not None for row in load_workbook(sheet).active.iter_rows()) >= CASES
    assert len(list(salvaging.files(out, clock, rules))) == CASES


def test_a_register_that_is_locked_gives_its_sheets_too_with_nobody_whole(
    workspace: Workspace, tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, customer_name="甄雀灵", customer_phone="13799996655")
    access.set_pin(workspace, workspace.operator, "2580")
    workspace.close()

    (sheet,) = salvaging.salvage(workspace.folder.database, tmp_path / "out", clock, rules).sheets

    told = str([[cell.value for cell in row] for row in load_workbook(sheet).active.iter_rows()])
    assert "TS-20261122-001" in told
    assert "甄雀灵" not in told
    assert "13799996655" not in told


@pytest.mark.fault
@pytest.mark.parametrize("seed", range(6))
def test_broken_pages_cost_the_rows_on_them_and_no_more(
    register: Path, tmp_path: Path, clock: FixedClock, rules: Rules, seed: int
) -> None:
    leaves = leaves_of(register)
    broken = random.Random(seed).sample(leaves, 3)
    zero_pages(register, broken)

    found = salvaging.salvage(register, tmp_path / "out", clock, rules)

    assert found.unreadable
    assert found.cases >= CASES - 3 * 5
    assert len(found.missing) == CASES - found.cases
    read = {file.case.number for file in salvaging.files(tmp_path / "out", clock, rules)}
    assert len(read) == found.cases
    assert not read & set(found.missing)
    assert found.sheets


@pytest.mark.fault
def test_a_register_without_its_first_bytes_is_read(
    register: Path, tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    with register.open("r+b") as file:
        file.write(bytes(100))

    found = salvaging.salvage(register, tmp_path / "out", clock, rules)

    assert (found.cases, found.missing) == (CASES, ())


@pytest.mark.fault
@pytest.mark.parametrize("share", [0.6, 0.75, 0.9])
def test_of_half_a_register_the_first_half_comes_out(
    register: Path, tmp_path: Path, clock: FixedClock, rules: Rules, share: float
) -> None:
    content = register.read_bytes()
    left = content[: int(len(content) * share) // PAGE * PAGE]
    register.write_bytes(left)
    whole = [n for n in range(CASES) if f"第 {n} 件：".encode() + "电水壶不加热。".encode() * 60 in left]

    found = salvaging.salvage(register, tmp_path / "out", clock, rules)

    assert found.cases == len(whole)
    assert [f"TS-20261122-{n + 1:03}" for n in range(CASES) if n not in whole] == list(found.missing) or not whole


@pytest.mark.fault
def test_what_is_no_register_is_told(tmp_path: Path, clock: FixedClock, rules: Rules) -> None:
    text, zeros, empty = tmp_path / "text", tmp_path / "zeros", tmp_path / "empty"
    text.write_text("投诉登记\n" * 3000)
    zeros.write_bytes(bytes(PAGE * 20))
    empty.touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()

    def code(source: Path, out: str) -> str:
        with pytest.raises(KnownError) as caught:
            salvaging.salvage(source, tmp_path / out, clock, rules)
        assert rules.sentences.error(caught.value)
        return caught.value.code

    assert [code(path, f"out-{path.name}") for path in (text, zeros, empty)] == ["salvage_nothing"] * 3
    assert code(tmp_path / "nowhere", "out") == "file_missing"
    assert code(text, "full") == "salvage_out_not_empty"


def test_what_a_backup_lacks_of_the_damaged_register_is_named(
    register: Path, tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    folder = DataFolder(register.parent)
    ws = open_workspace(folder, clock, rules)
    made = upkeep.backup(ws).path
    new = registered(ws, "after the backup").case.number
    acted(ws, "TS-20261122-001", "reply", content="换新")
    ws.close()
    damaged = tmp_path / "damaged.sqlite"
    register.rename(damaged)
    restoring.restore(folder, clock, rules, made)

    found = salvaging.salvage(damaged, tmp_path / "out", clock, rules)
    ws = open_workspace(folder, clock, rules)
    before = salvaging.beyond(ws, found)
    registered(ws, "another customer, the same number")
    after = salvaging.beyond(ws, found)
    gone = salvaging.beyond(ws, replace(found, requests={}, missing=("TS-20261122-001", "TS-20261122-999")))
    ws.close()

    assert (sorted(before.read), before.lost) == (["TS-20261122-001", new], ())
    assert after == before
    assert (gone.read, gone.lost) == ((), ("TS-20261122-999",))
