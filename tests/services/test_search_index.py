"""The index behind the search: lost, damaged, locked, of another register, or written by several at once."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.finding import Sought
from desk_app.services import restoring, search, upkeep
from desk_app.storage.derived import State, make_derived, open_derived
from desk_app.storage.search import SearchIndex
from tests.helpers.builders import registered
from tests.helpers.searching import numbers

if TYPE_CHECKING:
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


def index_goes_to(ws: Workspace) -> int:
    index = open_derived(SearchIndex, ws.folder.search)
    assert index is not None
    with closing(index):
        return index.state().event_id


def last_event(ws: Workspace) -> int:
    return int(ws.store.conn.execute("SELECT max(id) FROM event").fetchone()[0])


def test_a_search_writes_nothing(workspace: Workspace) -> None:
    registered(workspace)

    assert len(numbers(workspace, "电水壶")) == 1
    assert not workspace.folder.search.exists()
    assert search.behind(workspace) == 1
    assert search.catch_up(workspace) == (1, 0)
    assert search.behind(workspace) == 0


def test_a_register_that_was_restored_gets_an_index_of_its_own(workspace: Workspace, rules: Rules) -> None:
    kept = registered(workspace, "kept", content="留下来的").case.number
    backup = upkeep.backup(workspace).path
    registered(workspace, "lost", content="后来丢了的")
    search.catch_up(workspace)

    restoring.restore(workspace.folder, workspace.clock, rules, backup)
    instead = registered(workspace, "instead", content="另外登记的").case.number

    assert numbers(workspace, "丢了") == []
    assert numbers(workspace, "的") == [instead, kept]
    assert search.catch_up(workspace) == (2, 0)
    assert numbers(workspace, "登记") == [instead]
    assert index_goes_to(workspace) == last_event(workspace)


@pytest.mark.fault
@pytest.mark.parametrize("where", [0, 30, 4096 * 2 + 10, 4096 * 3])
def test_a_damaged_index_is_done_without_and_made_anew(workspace: Workspace, rules: Rules, where: int) -> None:
    put = [registered(workspace, f"{n}", content=f"第{n}次漏水").case.number for n in range(30)]
    search.catch_up(workspace)
    search.find(workspace, Sought("漏水"))
    with workspace.folder.search.open("r+b") as file:
        file.seek(where)
        file.write(b"\xa5" * 4096)
    workspace.search = None  # another start of the program

    assert numbers(workspace, "漏水") == put[::-1]
    for _ in range(3):
        search.catch_up(workspace)
        assert numbers(workspace, "漏水") == put[::-1]
    assert index_goes_to(workspace) == last_event(workspace)


def test_an_index_of_other_rules_is_made_anew(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    search.catch_up(workspace)
    workspace.search = None
    with closing(sqlite3.connect(workspace.folder.search)) as conn:
        conn.execute("PRAGMA user_version=0")

    assert numbers(workspace, "电水壶") == [number]
    assert search.behind(workspace) == 1
    assert search.catch_up(workspace) == (1, 0)
    assert numbers(workspace, "电水壶") == [number]


def test_an_index_that_was_forgotten_is_begun_anew(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    search.catch_up(workspace)

    search.forget(workspace)

    assert not workspace.folder.search.exists()
    assert numbers(workspace, "电水壶") == [number]
    assert search.catch_up(workspace) == (1, 0)


@pytest.mark.fault
def test_a_locked_index_holds_up_no_save_and_no_search(workspace: Workspace) -> None:
    registered(workspace, "1")
    search.catch_up(workspace)
    assert len(numbers(workspace, "电水壶")) == 1
    with closing(sqlite3.connect(workspace.folder.search, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        number = registered(workspace, "2").case.number

        assert numbers(workspace, "电水壶")[0] == number
        assert search.catch_up(workspace).done == 0
    assert search.catch_up(workspace) == (1, 0)


@pytest.mark.slow
@pytest.mark.fault
def test_programs_that_index_at_once_or_are_killed_leave_a_whole_index(workspace: Workspace) -> None:
    put = [registered(workspace, f"{n}", content=f"第{n}次漏水").case.number for n in range(60)]
    program = [sys.executable, "-m", "tests.helpers.indexing", str(workspace.folder.root)]
    for turn in range(4):
        several = [subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for victim in several:
            assert victim.stdout is not None
            victim.stdout.readline()
        several[0].kill()
        for each in several:
            each.communicate(timeout=60)
        assert numbers(workspace, "漏水") == put[::-1]
        with closing(sqlite3.connect(workspace.folder.search, isolation_level=None)) as conn:
            conn.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert index_goes_to(workspace) == last_event(workspace)
        put += [registered(workspace, f"{turn}:{n}", content=f"又{n}次漏水").case.number for n in range(20)]


def test_the_same_case_put_in_again_is_the_union_of_both(tmp_path: Path) -> None:
    """What the growing of the index rests on: FTS5 says nothing of it for tables without content."""
    rng = random.Random(1)
    truth: dict[int, set[str]] = {}
    with closing(make_derived(SearchIndex, tmp_path / "search.sqlite")) as index:
        for step in range(300):
            some = {rng.randint(1, 80): rng.sample("退款不好了张小山漏水", 3) for _ in range(5)}
            for case_id, tokens in some.items():
                truth.setdefault(case_id, set()).update(tokens)
            with index.writing():
                index.add(some.items(), State(step, "x"))
        for one, other in product("退款不好了张小山漏水", repeat=2):
            expected = sorted((case_id for case_id, tokens in truth.items() if {one, other} <= tokens), reverse=True)
            assert list(index.ids(f'"{one}" AND "{other}"')) == expected
        assert list(index.ids('"退"* OR "款"')) == sorted(
            (case_id for case_id, tokens in truth.items() if {"退", "款"} & tokens), reverse=True
        )
