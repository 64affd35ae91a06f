"""A save that cannot be kept is told in words, stores nothing, and can be tried again."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.storage.faults import KNOWN, told_plainly
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace

PATH, BACKUPS = Path("desk.sqlite"), Path("backups")


def everything(ws: Workspace) -> list[str]:
    return list(ws.store.conn.iterdump())


@pytest.fixture
def other(workspace: Workspace, folder: DataFolder) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same register; we do not wait for it."""
    workspace.store.conn.execute("PRAGMA busy_timeout=20")
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as conn:
        yield conn


def hold_the_right_to_write(other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")


def hold_back_the_commit(other: sqlite3.Connection) -> None:
    """Read and do not stop: the other may begin to write, and cannot commit."""
    other.execute("BEGIN")
    other.execute('SELECT count(*) FROM "case"').fetchone()


def hold_everything(other: sqlite3.Connection) -> None:
    other.execute("BEGIN EXCLUSIVE")


@pytest.mark.fault
@pytest.mark.parametrize("hold", [hold_the_right_to_write, hold_back_the_commit, hold_everything])
def test_a_save_that_meets_a_lock_is_told_and_tried_again_is_stored_once(
    workspace: Workspace, other: sqlite3.Connection, hold: Callable[[sqlite3.Connection], None]
) -> None:
    registered(workspace, "one")
    before = everything(workspace)

    hold(other)
    with pytest.raises(KnownError, match="database_busy"):
        registered(workspace, "two")
    other.execute("ROLLBACK")

    assert everything(workspace) == before
    assert registered(workspace, "two").case.number == "TS-20261122-002"
    again = registered(workspace, "two")
    assert (again.case.number, again.was_stored_before) == ("TS-20261122-002", True)


@pytest.mark.fault
@pytest.mark.parametrize("hold", [hold_the_right_to_write, hold_back_the_commit])
def test_an_action_that_meets_a_lock_changes_nothing(
    workspace: Workspace, other: sqlite3.Connection, hold: Callable[[sqlite3.Connection], None]
) -> None:
    number = registered(workspace).case.number
    before = everything(workspace)

    hold(other)
    with pytest.raises(KnownError, match="database_busy"):
        acted(workspace, number, "reply", content="换新")
    other.execute("ROLLBACK")

    assert everything(workspace) == before
    acted(workspace, number, "reply", content="换新")


@pytest.mark.fault
def test_a_disk_that_is_full_stores_nothing_and_goes_on_when_there_is_room(workspace: Workspace) -> None:
    (pages,) = workspace.store.conn.execute("PRAGMA page_count").fetchone()
    workspace.store.conn.execute(f"PRAGMA max_page_count={pages + 4}")
    content = "电水壶不加热" * 3000
    before = everything(workspace)

    with pytest.raises(KnownError, match="disk_full"):
        registered(workspace, "big", content=content)

    assert everything(workspace) == before
    workspace.store.conn.execute("PRAGMA max_page_count=1000000")
    stored = registered(workspace, "big", content=content)
    assert (stored.case.number, stored.was_stored_before) == ("TS-20261122-001", False)


@pytest.mark.fault
def test_a_register_that_only_lets_itself_be_read_is_told(workspace: Workspace) -> None:
    workspace.store.conn.execute("PRAGMA query_only=ON")

    with pytest.raises(KnownError, match="database_read_only"):
        registered(workspace)


@pytest.mark.parametrize("code", KNOWN)
def test_every_known_error_of_sqlite_has_its_code_whatever_its_kind(code: int) -> None:
    for extended in (code, code | 7 << 8):
        error = sqlite3.OperationalError("x")
        error.sqlite_errorcode = extended
        error.sqlite_errorname = "SQLITE_X"
        with pytest.raises(KnownError, match=KNOWN[code]) as caught, told_plainly(PATH, BACKUPS):
            raise error
        assert caught.value.params == {
            "path": PATH.parent if KNOWN[code] == "folder_unwritable" else PATH,
            "backups": BACKUPS,
            "reason": "SQLITE_X",
        }


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EACCES, "folder_unwritable"), (errno.EROFS, "folder_unwritable")],
)
def test_an_error_of_the_file_system_is_told(number: int, code: str) -> None:
    with pytest.raises(KnownError, match=code), told_plainly(PATH, BACKUPS):
        raise OSError(number, "no")


def test_what_is_not_in_the_table_is_a_bug_and_stays_what_it_is(workspace: Workspace) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), workspace.store.transaction() as conn:
        conn.execute("SELECT * FROM nowhere")
    assert not workspace.store.conn.in_transaction


def test_what_goes_wrong_inside_a_change_undoes_all_of_it(workspace: Workspace) -> None:
    def change() -> None:
        with workspace.store.transaction() as conn:
            conn.execute("INSERT INTO counter VALUES ('x', 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert workspace.store.conn.execute("SELECT count(*) FROM counter").fetchone() == (0,)
    assert not workspace.store.conn.in_transaction
