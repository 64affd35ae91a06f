"""The figures of a register of a gigabyte: backup, check and restore within a minute, no save waits half a second."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import SystemClock
from desk_app.paths import DataFolder
from desk_app.services import restoring, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import backup
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

GIGABYTE = 1_000_000_000
MINUTE = 60
HALF_A_SECOND = 0.5


def grow(database: Path) -> None:
    """Double the cases and their history until there is a gigabyte: the size of it, not its meaning."""
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=OFF")
        conn.execute("PRAGMA synchronous=OFF")
        sql = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        later = conn.execute(sql).fetchall()
        for kind, name, _sql in later:
            conn.execute(f'DROP {kind} "{name}"')
        while conn.execute("PRAGMA page_count").fetchone()[0] * 4096 < GIGABYTE:
            for table, own in (("case", "number"), ("event", "request_id")):
                most = conn.execute(f'SELECT max(id) FROM "{table}"').fetchone()[0]  # noqa: S608 -- of two names
                anew = {"id": f"id + {most}", own: f"{own} || '+{most}'"}
                columns = [column[1] for column in conn.execute(f'PRAGMA table_info("{table}")')]
                chosen = ", ".join(anew.get(column, column) for column in columns)
                conn.execute(f'INSERT INTO "{table}" SELECT {chosen} FROM "{table}"')  # noqa: S608
        for *_, sql in later:
            conn.execute(sql)


@pytest.mark.large
def test_a_gigabyte_is_backed_up_checked_and_restored_within_a_minute_and_no_save_waits(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    for n in range(50):
        registered(workspace, f"one-{n}", content="电水壶不加热。" * 700)
    workspace.close()
    grow(folder.database)
    ws = open_workspace(folder, SystemClock(), rules)
    holds, saves, last = [], 0, time.perf_counter()

    def meanwhile() -> None:
        nonlocal saves, last
        holds.append(time.perf_counter() - last)
        saves += 1
        if saves % 10 == 0:
            registered(ws, f"meanwhile-{saves}")
        last = time.perf_counter()

    begun = time.perf_counter()
    made = upkeep.backup(ws, meanwhile=meanwhile).path
    backed_up, begun = time.perf_counter() - begun, time.perf_counter()
    backup.check(made)
    checked, begun = time.perf_counter() - begun, time.perf_counter()
    restoring.restore(DataFolder(tmp_path / "new"), clock, rules, made)
    restored = time.perf_counter() - begun
    ws.close()

    print(f"{backed_up:.1f} s, {checked:.1f} s, {restored:.1f} s, longest hold {max(holds) * 1000:.0f} ms")
    assert max(backed_up, checked, restored) < MINUTE
    assert max(holds) < HALF_A_SECOND
