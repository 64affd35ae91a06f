"""A data folder that cannot be written to: everything can be looked at, nothing is written, nothing falls over."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.finding import Sought
from desk_app.domain.periods import read_period
from desk_app.domain.queue import View
from desk_app.errors import KnownError
from desk_app.services import calendar, desk, export, intake, search, surroundings, upkeep
from desk_app.services.export import Order
from desk_app.services.sheets import Scope
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

    MadeReadOnly = Callable[[Path], AbstractContextManager[None]]

pytestmark = pytest.mark.fault
MONTH = Scope(read_period("2026-11", NOW.date()))
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "db"


@pytest.fixture
def closed(folder: DataFolder, clock: FixedClock, rules: Rules) -> DataFolder:
    """A data folder with a register of one case that nobody has open."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        registered(ws)
        search.catch_up(ws)
    return folder


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_can_be_looked_at_and_exported_elsewhere(
    closed: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path, made_read_only: MadeReadOnly
) -> None:
    before = all_files(closed.root)

    with made_read_only(closed.root), closing(open_workspace(closed, clock, rules)) as ws:
        assert ws.store.is_read_only
        (number,) = [row.number for row in desk.queue_listing(ws, View.ALL, NOW)]
        assert desk.case_file(ws, number).case.customer_name == "李女士"
        found = search.find(ws, Sought("李女士"))
        assert found is not None
        assert [hit.number for hit in found.hits] == [number]
        assert search.catch_up(ws).done == 0
        assert calendar.recount(ws) is None
        assert upkeep.verify(ws).ok
        written = export.export(ws, Order((), MONTH, tmp_path / "out")).files

    assert [file.path.is_file() for file in written] == [True, True]
    assert [[note.code for note in file.notes] for file in written] == [["export_not_remembered"]] * 2
    assert all_files(closed.root) == before


def test_what_would_be_written_is_refused_and_stored_once_the_rights_are_mended(
    closed: DataFolder, clock: FixedClock, rules: Rules, made_read_only: MadeReadOnly
) -> None:
    with refused_for_now(closed, clock, rules, made_read_only) as ws:
        stored = registered(ws, "two")
        intake.save_draft(ws, "draft", {"content": "x"})

        assert not ws.store.is_read_only
        assert (stored.case.number, stored.was_stored_before) == ("TS-20261122-002", False)
        assert [draft.id for draft in intake.drafts(ws)] == ["draft"]


def refused_for_now(
    folder: DataFolder, clock: FixedClock, rules: Rules, made_read_only: MadeReadOnly
) -> closing[Workspace]:
    """Open a register while it is read-only, see that nothing can be written, and hand it on when it can be."""
    with made_read_only(folder.root):
        ws = open_workspace(folder, clock, rules)
        for change in (
            lambda: registered(ws, "two"),
            lambda: acted(ws, "TS-20261122-001", "reply", content="换新"),
            lambda: intake.save_draft(ws, "draft", {"content": "x"}),
        ):
            with pytest.raises(KnownError, match="database_read_only"):
                change()
    return closing(ws)


@pytest.mark.parametrize("prepare", ["older", "cut short"])
def test_a_register_that_has_to_be_written_to_first_is_refused_in_words(
    closed: DataFolder, clock: FixedClock, rules: Rules, made_read_only: MadeReadOnly, prepare: str, tmp_path: Path
) -> None:
    if prepare == "older":
        shutil.copyfile(FIXTURES / "v0003.sqlite", closed.database)
    else:
        leave_a_save_half_done(closed.database, tmp_path)

    with made_read_only(closed.root), pytest.raises(KnownError, match="database_needs_writing") as caught:
        open_workspace(closed, clock, rules)

    assert str(closed.database) in rules.sentences.error(caught.value)
    open_workspace(closed, clock, rules).close()


def leave_a_save_half_done(database: Path, tmp_path: Path) -> None:
    """Put a register and its journal as they are in the middle of a save, when a part of it is in the file already."""
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=TRUNCATE")
        conn.execute("PRAGMA cache_size=1")
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT INTO counter VALUES (?, 1)", ((f"{n:0200}",) for n in range(500)))
        journal = database.with_name(database.name + "-journal")
        shutil.copyfile(database, tmp_path / "half")
        shutil.copyfile(journal, tmp_path / "journal")
        conn.execute("ROLLBACK")
    shutil.copyfile(tmp_path / "half", database)
    shutil.copyfile(tmp_path / "journal", journal)


def test_it_is_told_as_a_danger_and_no_more_when_it_is_over(
    closed: DataFolder, clock: FixedClock, rules: Rules, made_read_only: MadeReadOnly
) -> None:
    with made_read_only(closed.root):
        ws = open_workspace(closed, clock, rules)
        assert [danger.code for danger in surroundings.look(ws)] == ["register_read_only"]
    registered(ws, "two")

    assert surroundings.look(ws) == ()
    ws.close()


def test_another_program_that_is_writing_makes_nothing_read_only(
    closed: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(sqlite3.connect(closed.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(open_workspace(closed, clock, rules)) as ws:
            assert not ws.store.is_read_only
            other.execute("ROLLBACK")
            assert registered(ws, "two").case.number == "TS-20261122-002"
