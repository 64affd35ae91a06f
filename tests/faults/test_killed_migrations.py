"""Row 7: the program is killed while it migrates an older register: it is the old one or the new one."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services import upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage.connection import VERSION
from tests.faults import programs
from tests.faults.goals import Goal
from tests.faults.killing import Child, needs_kill
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    import random

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal("7", "killed while migrating: neither the old register nor the new one", ci=50, release=500)
RELEASED = sorted((Path(__file__).resolve().parents[1] / "fixtures" / "db").glob("v*.sqlite"))
_MADE_ANEW = frozenset({"ledger", "_sqlite_migrations"})  # sealed with the key of each folder; says when it was

_SOME_PAGES = 6_000  # bytes: more than an attempt whether the file can be written to leaves in a journal

State = tuple[int, dict[str, list[tuple[object, ...]]]]


@needs_kill
@pytest.mark.slow
def test_a_killed_migration_leaves_the_old_register_or_the_new_one(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    older = [path for path in RELEASED if _state(path)[0] < VERSION]
    ends = {path: _migrated(path, tmp_path / path.stem) for path in older}
    seen = {"old": 0, "new": 0}
    for trial in tally.trials():
        source = older[trial % len(older)]
        old, new, seconds = ends[source]
        folder = _put(source, tmp_path / f"kill-{trial}")
        child = Child(programs.open_once, str(folder.root))
        child.line()
        journal = folder.database.with_name(f"{folder.database.name}-journal")
        child.kill_soon_after(lambda: trial % 4 == 0 or _size(journal) > _SOME_PAGES, luck.uniform(0, seconds))  # noqa: B023

        state = _state(folder.database)
        seen["old" if state == old else "new"] += 1
        if state not in (old, new):
            tally.found(f"{source.stem}: neither version {old[0]} nor {new[0]}, but {state[0]}")
        ws = open_workspace(folder, FixedClock(NOW), rules)
        tally.found(*(f"{source.stem}: {finding.code}" for finding in upkeep.verify(ws).findings))
        ws.close()
        if _state(folder.database) != new:
            tally.found(f"{source.stem}: not the new one when it was opened again")
        shutil.rmtree(folder.root)

    assert min(seen.values()), f"the kills fall into the migration: {seen}"
    tally.end()


def _migrated(source: Path, root: Path) -> tuple[State, State, float]:
    """Return a register before and after its migration, and how long a child takes for it, at the longest."""
    folder = _put(source, root)
    child = Child(programs.open_once, str(folder.root))
    child.line()
    begun = time.monotonic()
    assert child.line() == "open"
    seconds = time.monotonic() - begun
    child.rest()
    return _state(source), _state(folder.database), seconds * 1.2


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _put(source: Path, root: Path) -> DataFolder:
    root.mkdir()
    folder = DataFolder(root)
    shutil.copyfile(source, folder.database)
    if (key := source.with_suffix(".key")).exists():
        shutil.copyfile(key, folder.key)
    return folder


def _state(path: Path) -> State:
    """Return the version of a register, and every row of every table."""
    with closing(sqlite3.connect(path)) as conn:
        (version,) = conn.execute("PRAGMA user_version").fetchone()
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows = {n: conn.execute(f'SELECT * FROM "{n}"').fetchall() for n in names if n not in _MADE_ANEW}  # noqa: S608
        return version, rows
