"""Row 5: the disk is full, a file may not grow, the folder may only be read, another program holds the register.

A person is told a sentence of what to do, what was acknowledged is there, and work goes on when the hindrance is gone.
What the form does then is shown with the real window in ``tests.ui.test_register_faults``, two windows on one register
in ``tests.ui.test_start``.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services.workspace import open_workspace
from tests.faults import programs
from tests.faults.goals import Goal
from tests.faults.killing import Child, needs_kill
from tests.faults.promises import Promises
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal(
    "5", "disk full, file limit, read-only, locked: lost, not told in a sentence, no going on", ci=1, release=10
)
NOBODY = 65534
pytestmark = [needs_kill, pytest.mark.slow]


@pytest.fixture
def for_all() -> Iterator[Path]:
    """A folder below which every user may go; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


def test_a_disk_that_is_full(small_disk: Path, tally: Tally, rules: Rules) -> None:
    for trial in tally.trials():
        folder, filler = DataFolder(small_disk / f"data{trial}"), small_disk / "photos"
        open_workspace(folder, FixedClock(NOW), rules).close()
        room = os.statvfs(small_disk)
        filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - 120_000)))
        promised = Promises()

        _refused(promised, folder, tally, rules, {"disk_full", "attachment_disk_full"})
        filler.unlink()
        _goes_on(promised, folder, tally, rules)
        for path in sorted(folder.root.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    tally.end()


def test_a_file_that_may_not_grow(tmp_path: Path, tally: Tally, rules: Rules) -> None:
    for trial in tally.trials():
        folder, promised = DataFolder(tmp_path / str(trial)), Promises()
        open_workspace(folder, FixedClock(NOW), rules).close()

        size = folder.database.stat().st_size + 60_000
        _refused(promised, folder, tally, rules, {"disk_full", "disk_error"}, size=size)
        _goes_on(promised, folder, tally, rules)
    tally.end()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_may_only_be_read(what: str, for_all: Path, tally: Tally, rules: Rules) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can begin a program as somebody else")
    for trial in tally.trials():
        folder, promised = DataFolder(for_all / str(trial)), Promises()
        open_workspace(folder, FixedClock(NOW), rules).close()
        _give(folder, NOBODY)
        closed = folder.root if what == "folder" else folder.database
        mode = closed.stat().st_mode
        closed.chmod(mode & ~0o222)
        if what == "folder":
            folder.database.chmod(0o400)

        _refused(promised, folder, tally, rules, {"database_read_only", "folder_unwritable"}, user=NOBODY, least=0)
        closed.chmod(mode)
        folder.database.chmod(0o600)
        _goes_on(promised, folder, tally, rules)
    tally.end()


def test_a_register_that_another_program_holds(tmp_path: Path, tally: Tally, rules: Rules) -> None:
    for trial in tally.trials():
        folder, promised = DataFolder(tmp_path / str(trial)), Promises()
        open_workspace(folder, FixedClock(NOW), rules).close()

        with _held(folder.database):
            _refused(promised, folder, tally, rules, {"database_busy"}, least=0)
        _goes_on(promised, folder, tally, rules)
    tally.end()


def _refused(
    promised: Promises,
    folder: DataFolder,
    tally: Tally,
    rules: Rules,
    codes: set[str],
    *,
    size: int = 0,
    user: int = 0,
    least: int = 1,
) -> None:
    """Let a program save until it is refused, and see what of."""
    child = Child(programs.save_until_refused, str(folder.root), "refused", str(size), str(user))
    for line in child.rest():
        promised.add(line)
    if child.exit_code or not codes.issuperset(promised.refused) or len(promised.refused) != 1:
        tally.found(f"ended with {child.exit_code}, told {promised.refused}")
    for code in promised.refused:
        assert rules.sentences.error(KnownError(code, path="x", reason="x", backups="x", name="x"))
    assert len(promised.cases) >= least, "something was saved before"


def _goes_on(promised: Promises, folder: DataFolder, tally: Tally, rules: Rules) -> None:
    """See that nothing acknowledged is lost, and that work goes on."""
    tally.found(*promised.broken(folder, rules))
    child = Child(programs.save, str(folder.root), "on")
    for line in (child.line(), child.line(), child.line(), *child.kill_after(0)):
        promised.add(line)
    tally.found(*promised.broken(folder, rules))


def _give(folder: DataFolder, user: int) -> None:
    for path in (folder.root, *folder.root.rglob("*")):
        os.chown(path, user, user)


@contextmanager
def _held(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
