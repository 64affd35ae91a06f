"""Which file is taken as the register, which is refused, and that a refused one is left as it was."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import upkeep
from desk_app.services.desk import case_file
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage.connection import VERSION
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "db"


def refused(folder: DataFolder, clock: FixedClock, rules: Rules) -> str:
    """Open a register that must be refused; return the code, having seen that the file was left as it was."""
    before = folder.database.read_bytes() if folder.database.exists() else None
    with pytest.raises(KnownError) as caught:
        open_workspace(folder, clock, rules)
    after = folder.database.read_bytes() if folder.database.exists() else None
    assert after == before
    assert rules.sentences.error(caught.value)
    return caught.value.code


@pytest.fixture
def closed(folder: DataFolder, clock: FixedClock, rules: Rules) -> DataFolder:
    """A data folder with a register of one case that nobody has open."""
    ws = open_workspace(folder, clock, rules)
    registered(ws)
    ws.close()
    return folder


def test_a_new_folder_gets_a_register(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    assert not folder.root.exists()

    open_workspace(folder, clock, rules).close()

    assert folder.database.is_file()


def test_a_register_is_taken_up_where_it_was_left(closed: DataFolder, clock: FixedClock, rules: Rules) -> None:
    ws = open_workspace(closed, clock, rules)

    assert case_file(ws, "TS-20261122-001").case.customer_name == "李女士"
    assert registered(ws, "save-2").case.number == "TS-20261122-002"
    ws.close()


def test_an_empty_file_is_a_register_that_was_never_begun(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    folder.root.mkdir()
    folder.database.touch()

    open_workspace(folder, clock, rules).close()

    assert folder.database.stat().st_size > 0


def test_a_register_of_a_newer_program_is_refused(closed: DataFolder, clock: FixedClock, rules: Rules) -> None:
    with closing(sqlite3.connect(closed.database)) as conn:
        conn.execute(f"PRAGMA user_version={VERSION + 1}")

    assert refused(closed, clock, rules) == "database_newer"


@pytest.mark.parametrize("application_id", [0, 0x0F055112])
def test_the_file_of_another_program_is_refused(
    folder: DataFolder, clock: FixedClock, rules: Rules, application_id: int
) -> None:
    folder.root.mkdir()
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("CREATE TABLE bookmark (url TEXT)")
        conn.execute(f"PRAGMA application_id={application_id}")

    assert refused(folder, clock, rules) == "database_foreign"


@pytest.mark.parametrize("content", [b"hi", b"hello, world", "投诉\n".encode() * 1000, bytes(8192)])
def test_a_file_that_is_no_database_is_refused(
    folder: DataFolder, clock: FixedClock, rules: Rules, content: bytes
) -> None:
    folder.root.mkdir()
    folder.database.write_bytes(content)

    assert refused(folder, clock, rules) == "database_damaged"


def test_a_register_with_a_damaged_beginning_is_refused(closed: DataFolder, clock: FixedClock, rules: Rules) -> None:
    content = bytearray(closed.database.read_bytes())
    content[:100] = bytes(100)
    closed.database.write_bytes(content)

    assert refused(closed, clock, rules) == "database_damaged"


def test_a_register_cut_short_is_refused(closed: DataFolder, clock: FixedClock, rules: Rules) -> None:
    closed.database.write_bytes(closed.database.read_bytes()[:6000])

    assert refused(closed, clock, rules) == "database_damaged"


def test_a_register_that_is_gone_is_not_begun_anew_while_its_backups_lie_there(
    closed: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    ws = open_workspace(closed, clock, rules)
    upkeep.backup(ws)
    ws.close()
    closed.database.unlink()

    assert refused(closed, clock, rules) == "database_missing"
    assert not closed.database.exists()


@pytest.mark.fault
@pytest.mark.parametrize("root", ["file/below", "file/much/further/below"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, clock: FixedClock, rules: Rules, root: str) -> None:
    (tmp_path / "file").write_text("a file, not a folder")

    assert refused(DataFolder(tmp_path / root), clock, rules) == "folder_unwritable"


def test_a_folder_in_the_place_of_the_register_is_told(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    folder.database.mkdir(parents=True)

    with pytest.raises(KnownError, match="folder_unwritable"):
        open_workspace(folder, clock, rules)


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_register_of_each_released_schema_opens_and_is_sound(
    folder: DataFolder, clock: FixedClock, rules: Rules, version: int
) -> None:
    folder.root.mkdir()
    shutil.copyfile(FIXTURES / f"v{version:04}.sqlite", folder.database)
    if (key := FIXTURES / f"v{version:04}.key").exists():
        shutil.copyfile(key, folder.key)

    ws = open_workspace(folder, clock, rules)

    assert upkeep.verify(ws).findings == ()
    assert case_file(ws, "TS-20261122-001").case.customer_name == "李女士"
    assert registered(ws, "new").case.number == "TS-20261122-004"
    ws.close()


def test_every_released_schema_has_its_file() -> None:
    names = sorted(path.name for path in FIXTURES.glob("*.sqlite"))

    assert names == [f"v{version:04}.sqlite" for version in range(1, VERSION + 1)]
    assert all(re.fullmatch(r"v\d{4}\.sqlite", name) for name in names)


def test_two_open_registers_see_each_others_commits(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    other = open_workspace(folder, clock, rules)
    before = workspace.store.data_version()

    registered(workspace, "mine")
    assert workspace.store.data_version() == before
    registered(other, "theirs")

    assert workspace.store.data_version() != before
    assert [case_file(workspace, n).case.number for n in ("TS-20261122-001", "TS-20261122-002")]
    other.close()
