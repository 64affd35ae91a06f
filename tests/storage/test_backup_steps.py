"""A backup in steps: what is saved meanwhile is in it, and another program cannot keep it from ending."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.services import upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import backup, compare
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of five pages, so that a register of a test has many of them."""
    monkeypatch.setattr(backup, "_STEP", 5)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    for n in range(20):
        registered(workspace, f"before-{n}", content="电水壶不加热。" * 400)
    return workspace


@pytest.mark.usefixtures("small_steps")
def test_what_is_saved_between_two_steps_is_in_the_backup(filled: Workspace) -> None:
    saved: list[str] = []

    def meanwhile() -> None:
        if len(saved) < 10:
            saved.append(registered(filled, f"meanwhile-{len(saved)}", content="刚才保存的。" * 900).case.number)

    made = upkeep.backup(filled, meanwhile=meanwhile).path

    assert len(saved) == 10
    held = backup.check(made)
    with closing(sqlite3.connect(made)) as copy:
        numbers = {number for (number,) in copy.execute('SELECT number FROM "case"')}
    assert numbers >= set(saved)
    assert held.cases == 30
    assert compare.since(made, filled.store) == ()


@pytest.mark.usefixtures("small_steps")
def test_a_save_that_is_rolled_back_between_two_steps_is_not_in_the_backup(filled: Workspace) -> None:
    tried = 0

    def meanwhile() -> None:
        nonlocal tried
        tried += 1
        with suppress(ZeroDivisionError), filled.store.transaction() as conn:
            conn.execute("PRAGMA cache_spill=1")
            conn.execute("UPDATE \"case\" SET content = replace(content, '电', '水')")
            raise ZeroDivisionError

    made = upkeep.backup(filled, meanwhile=meanwhile).path

    assert tried > 3
    with closing(sqlite3.connect(made)) as copy:
        assert list(copy.iterdump()) == list(filled.store.conn.iterdump())


@pytest.mark.usefixtures("small_steps")
def test_another_program_that_writes_between_all_steps_does_not_keep_a_backup_from_ending(
    filled: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    other = open_workspace(folder, clock, rules)
    written = 0

    def meanwhile() -> None:
        nonlocal written
        written += 1
        registered(other, f"other-{written}")

    made = upkeep.backup(filled, meanwhile=meanwhile).path
    other.close()

    assert written > 0
    assert backup.check(made).cases >= 21
    assert compare.since(made, filled.store) == ()


@pytest.mark.usefixtures("small_steps")
def test_what_ends_a_backup_leaves_nothing(filled: Workspace, folder: DataFolder) -> None:
    def meanwhile() -> None:
        raise InterruptedError

    with pytest.raises(KnownError, match="backup_failed"):
        upkeep.backup(filled, meanwhile=meanwhile)

    assert list(folder.backups.iterdir()) == []
    assert not filled.store.is_in_transaction
    assert upkeep.backup(filled).path.exists()


@pytest.mark.usefixtures("small_steps")
def test_no_second_backup_begins_within_one(filled: Workspace, folder: DataFolder) -> None:
    told: list[object] = []

    def meanwhile() -> None:
        told.append(upkeep.backup_of_the_day(filled))
        with pytest.raises(KnownError, match="backup_under_way"):
            upkeep.backup(filled)

    upkeep.backup(filled, meanwhile=meanwhile)

    assert told
    assert set(told) == {None}
    assert len(list(folder.backups.glob("*.sqlite"))) == 1


@pytest.fixture
def many_threads() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


@pytest.mark.usefixtures("many_threads")
def test_a_backup_leaves_no_thread(workspace: Workspace) -> None:
    registered(workspace)

    upkeep.backup(workspace)


@pytest.mark.fault
def test_a_copy_that_differs_from_the_register_is_no_backup(
    filled: Workspace, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_a_row(path: Path) -> backup.Contents:
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            conn.execute("DROP TRIGGER event_no_delete")
            conn.execute("DELETE FROM event WHERE id = 3")
        return check(path)

    check = backup.check
    monkeypatch.setattr(backup, "check", lose_a_row)

    with pytest.raises(KnownError, match="backup_failed") as caught:
        upkeep.backup(filled)

    assert getattr(caught.value.params["reason"], "code", "") == "backup_damaged"
    assert list(folder.backups.iterdir()) == []
