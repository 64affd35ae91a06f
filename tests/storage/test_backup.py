from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections import defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import restoring, upkeep
from desk_app.services.desk import case_file, has_changed
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import backup, generations
from desk_app.storage import restoring as stored
from desk_app.storage.connection import APPLICATION_ID, VERSION
from tests.helpers.backups import touched
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "db"
FIRST, SECOND = "TS-20261122-001", "TS-20261122-002"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def restore(folder: DataFolder, clock: FixedClock, rules: Rules, source: Path) -> restoring.Restored:
    return restoring.restore(folder, clock, rules, source)


def restore_refused(folder: DataFolder, clock: FixedClock, rules: Rules, source: Path) -> str:
    before = folder.database.read_bytes() if folder.database.is_file() else None
    with pytest.raises(KnownError) as caught:
        restoring.restore(folder, clock, rules, source)
    assert (folder.database.read_bytes() if folder.database.is_file() else None) == before
    assert rules.sentences.error(caught.value)
    return caught.value.code


def without_note(conn: sqlite3.Connection) -> list[str]:
    """What a register holds, without what the restore itself notes in it."""
    return [line for line in conn.iterdump() if not line.startswith(('INSERT INTO "journal"', 'INSERT INTO "ledger"'))]


@pytest.fixture
def saved(workspace: Workspace) -> Path:
    """A backup of a register that then held one case; the register has gone on to a second one."""
    registered(workspace, "one")
    path = upkeep.backup(workspace).path
    registered(workspace, "two")
    return path


def test_a_backup_is_a_whole_register_under_its_moment(workspace: Workspace, folder: DataFolder) -> None:
    registered(workspace)

    made = upkeep.backup(workspace).path

    assert names(folder.backups) == [made.name, "verified.tsv"] == ["desk-20261122-100000.sqlite", "verified.tsv"]
    held = backup.check(made)
    assert (held.version, held.cases, held.events, held.counts["follow_up"]) == (VERSION, 1, 1, 1)
    with closing(sqlite3.connect(made)) as copy:
        assert list(copy.iterdump()) == list(workspace.store.conn.iterdump())


def test_two_backups_of_one_second_are_two_files(workspace: Workspace, folder: DataFolder) -> None:
    upkeep.backup(workspace)
    upkeep.backup(workspace)

    assert names(folder.backups)[:2] == ["desk-20261122-100000-2.sqlite", "desk-20261122-100000.sqlite"]


def test_a_backup_elsewhere_thins_out_nothing_here(workspace: Workspace, tmp_path: Path, clock: FixedClock) -> None:
    for day in range(40):
        clock.moment = NOW + timedelta(days=day)
        upkeep.backup(workspace, tmp_path / "stick")

    assert len(list((tmp_path / "stick").glob("desk-*.sqlite"))) == 40


@pytest.mark.fault
def test_a_backup_that_cannot_be_written_leaves_nothing_and_harms_nothing(
    workspace: Workspace, tmp_path: Path, rules: Rules
) -> None:
    registered(workspace)
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(KnownError, match="backup_failed") as caught:
        upkeep.backup(workspace, tmp_path / "file")

    assert "exists" in rules.sentences.error(caught.value).lower()  # what the system says, and no name of a class
    assert (tmp_path / "file").read_text() == "no folder"
    assert upkeep.verify(workspace).ok


def test_the_days_first_change_makes_a_backup_and_the_second_does_not(
    workspace: Workspace, folder: DataFolder, clock: FixedClock
) -> None:
    assert upkeep.backup_of_the_day(workspace) is not None
    clock.moment = NOW + timedelta(hours=13, minutes=59)
    assert upkeep.backup_of_the_day(workspace) is None
    clock.moment = NOW + timedelta(hours=14)
    assert upkeep.backup_of_the_day(workspace) is not None

    assert names(folder.backups)[:2] == ["desk-20261122-100000.sqlite", "desk-20261123-000000.sqlite"]


def test_a_backup_is_sound_though_another_program_writes_all_the_while(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    stop, started = threading.Event(), threading.Event()

    def write() -> None:
        other = open_workspace(folder, clock, rules)
        while not stop.is_set():
            registered(other, f"other-{other.store.data_version()}-{other.store.conn.total_changes}")
            started.set()
        other.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        started.wait(10)
        made = [upkeep.backup(workspace).path for _ in range(3)]
    finally:
        stop.set()
        writer.join()

    counts = [backup.check(path).cases for path in made]
    assert counts[0] >= 1
    assert counts == sorted(counts)


def test_a_backup_is_one_state_though_another_program_wants_to_write_in_the_middle(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, "one")
    other = open_workspace(folder, clock, rules)
    other.store.conn.execute("PRAGMA busy_timeout=0")
    told: list[str] = []

    def write_in_the_middle(statement: str) -> None:
        if "user_version" in statement:  # it has counted its cases and not copied them yet
            try:
                told.append(registered(other, "two").case.number)
            except KnownError as error:
                told.append(error.code)

    workspace.store.conn.set_trace_callback(write_in_the_middle)
    made = upkeep.backup(workspace).path
    workspace.store.conn.set_trace_callback(None)

    assert told == ["database_busy"]
    assert backup.check(made).cases == 1
    assert registered(other, "two").case.number == SECOND
    other.close()


def test_no_backup_takes_away_another_of_its_day_nor_one_made_before_a_restore(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, "one")
    morning = upkeep.backup(workspace).path
    clock.moment += timedelta(minutes=5)
    noon = upkeep.backup(workspace).path
    restored = restoring.restore(folder, clock, rules, morning)
    days = [clock.moment + timedelta(days=day) for day in range(1, 401)]
    touched(folder.backups / f"desk-{day:%Y%m%d-%H%M%S}.sqlite" for day in days)
    generations.thin_out(folder.backups)

    assert restored.kept is not None
    assert restored.kept.name.startswith("before-restore-")
    assert backup.check(restored.kept).cases == 1
    assert not morning.exists(), "thinned out after a year"
    assert not noon.exists(), "thinned out after a year"


def test_the_backups_of_one_day_stay_beside_each_other(workspace: Workspace, clock: FixedClock) -> None:
    made = []
    for _ in range(3):
        clock.moment += timedelta(minutes=5)
        made.append(upkeep.backup(workspace).path)

    assert all(path.exists() for path in made)


moments = st.lists(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2026, 12, 31)),  # noqa: DTZ001 -- zone comes next
    min_size=1,
    max_size=120,
    unique=True,
).map(lambda walls: [wall.replace(microsecond=0, tzinfo=NOW.tzinfo) for wall in walls])


@given(moments)
def test_of_the_backups_the_newest_stays_and_of_each_day_week_and_month_its_newest(times: list[datetime]) -> None:
    kept = generations.keep(times)

    of_the_newest_day = {made for made in times if made.date() == max(times).date()}
    assert of_the_newest_day <= kept <= set(times)
    assert len(kept - of_the_newest_day) <= 30
    newest: dict[tuple[str, str], datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=NOW.tzinfo))
    for made in times:
        for period in ("%Y-%m-%d", "%G-%V", "%Y-%m"):
            key = (period, made.strftime(period))
            newest[key] = max(newest[key], made)
    assert kept <= set(newest.values()) | of_the_newest_day
    days = sorted({made.date() for made in times}, reverse=True)[:12]
    assert {max(m for m in times if m.date() == day) for day in days} <= kept


@given(moments)
def test_thinning_out_what_was_thinned_out_takes_nothing_more(times: list[datetime]) -> None:
    kept = generations.keep(times)

    assert generations.keep(kept) == kept


def test_two_years_of_daily_backups_leave_days_weeks_and_months(tmp_path: Path) -> None:
    touched(tmp_path / f"desk-{NOW - timedelta(days=day):%Y%m%d-%H%M%S}.sqlite" for day in range(730))
    foreign = ("desk-20251340-999999.sqlite", "desk-copy.sqlite", "holiday.sqlite", "desk-20250101-100000.txt")
    for name in foreign:
        (tmp_path / name).touch()

    gone = generations.thin_out(tmp_path)

    left = set(names(tmp_path)) - {"verified.tsv"}
    assert left >= set(foreign)
    kept = sorted(left - set(foreign))
    assert len(kept) + len(gone) == 730
    assert 12 + 8 <= len(kept) <= 31
    assert kept[-1] == f"desk-{NOW:%Y%m%d-%H%M%S}.sqlite"
    assert kept[0][5:11] == "202603"


def test_both_backups_of_one_second_go_when_their_time_has_come(tmp_path: Path) -> None:
    old = [tmp_path / "desk-20240101-100000.sqlite", tmp_path / "desk-20240101-100000-2.sqlite"]
    months = [tmp_path / f"desk-2026{month:02}28-100000.sqlite" for month in range(1, 12)]
    weeks = [tmp_path / f"desk-{NOW - timedelta(weeks=week):%Y%m%d-%H%M%S}.sqlite" for week in range(12)]
    touched([*old, *months, *weeks])

    generations.thin_out(tmp_path)

    assert not any(path.exists() for path in old)


def test_an_open_window_goes_on_with_the_restored_register(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path
) -> None:
    has_changed(workspace)

    result = restore(folder, clock, rules, saved)

    assert result.cases == 1
    assert has_changed(workspace) is not None
    assert case_file(workspace, FIRST)
    with pytest.raises(KnownError, match="case_unknown"):
        case_file(workspace, SECOND)
    assert registered(workspace, "three").case.number == SECOND
    assert result.kept is not None
    assert backup.check(result.kept).cases == 2


def test_a_restored_register_is_the_backup(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path
) -> None:
    acted(workspace, FIRST, "reply", content="换新")

    restore(folder, clock, rules, saved)

    with closing(sqlite3.connect(saved)) as copy:
        assert without_note(copy) == without_note(workspace.store.conn)
    assert upkeep.verify(workspace).ok


def test_a_missing_register_comes_back(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path
) -> None:
    workspace.close()
    folder.database.unlink()

    result = restore(folder, clock, rules, saved)

    assert (result.cases, result.kept) == (1, None)
    ws = open_workspace(folder, clock, rules)
    assert case_file(ws, FIRST)
    ws.close()


@pytest.mark.parametrize("damage", ["beginning", "middle", "text"])
def test_a_damaged_register_is_moved_aside_and_kept(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path, damage: str
) -> None:
    for n in range(30):
        registered(workspace, f"more-{n}", content="电水壶" * 300)
    workspace.close()
    content = bytearray(folder.database.read_bytes())
    if damage == "beginning":
        content[:100] = bytes(100)
    elif damage == "middle":
        for page in range(20, len(content) // 4096):
            content[page * 4096 : page * 4096 + 2048] = bytes(2048)
    else:
        content = bytearray("投诉".encode() * 500)
    folder.database.write_bytes(content)

    result = restore(folder, clock, rules, saved)

    assert result.kept is not None
    assert result.kept.parent == folder.root
    assert result.kept.read_bytes() == bytes(content)
    ws = open_workspace(folder, clock, rules)
    assert upkeep.verify(ws).ok
    assert case_file(ws, FIRST)
    ws.close()


def test_a_journal_left_by_a_register_that_is_gone_does_not_reach_the_restored_one(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path
) -> None:
    workspace.close()
    folder.database.unlink()
    for suffix in ("-journal", "-wal", "-shm"):
        folder.database.with_name(f"desk.sqlite{suffix}").write_bytes(b"stale" * 1000)

    restore(folder, clock, rules, saved)

    ws = open_workspace(folder, clock, rules)
    assert upkeep.verify(ws).ok
    ws.close()
    stale = [p for p in folder.root.iterdir() if p.is_file() and p.read_bytes() == b"stale" * 1000]
    assert len(stale) == 3
    assert not folder.database.with_name("desk.sqlite-wal").exists()


def test_what_is_no_backup_is_refused_and_the_register_left_alone(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path, tmp_path: Path
) -> None:
    workspace.close()
    foreign, newer, cut, empty = (tmp_path / f"{name}.sqlite" for name in ("foreign", "newer", "cut", "empty"))
    with closing(sqlite3.connect(foreign)) as conn:
        conn.execute("CREATE TABLE bookmark (url TEXT)")
    newer.write_bytes(saved.read_bytes())
    with closing(sqlite3.connect(newer)) as conn:
        conn.execute(f"PRAGMA user_version={VERSION + 1}")
    cut.write_bytes(saved.read_bytes()[:10_000])
    empty.touch()
    (tmp_path / "notes.txt").write_text("投诉登记\n" * 500)
    half = tmp_path / "half.sqlite"
    with closing(sqlite3.connect(half)) as conn:
        conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version={VERSION}")

    told = {
        path.name: restore_refused(folder, clock, rules, path)
        for path in (foreign, newer, cut, empty, half, tmp_path / "notes.txt", tmp_path / "nowhere", tmp_path)
    }

    assert told == {
        "foreign.sqlite": "backup_not_ours",
        "newer.sqlite": "database_newer",
        "cut.sqlite": "backup_damaged",
        "empty.sqlite": "backup_not_ours",
        "half.sqlite": "backup_damaged",
        "notes.txt": "backup_not_ours",
        "nowhere": "file_missing",
        tmp_path.name: "file_missing",
    }


def test_a_register_of_another_program_or_a_newer_one_is_not_restored_over(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, saved: Path
) -> None:
    workspace.close()
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute(f"PRAGMA user_version={VERSION + 1}")
    assert restore_refused(folder, clock, rules, saved) == "database_newer"

    folder.database.unlink()
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("CREATE TABLE bookmark (url TEXT)")
    assert restore_refused(folder, clock, rules, saved) == "database_foreign"


def test_the_register_is_no_backup_of_itself(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace)

    assert restore_refused(folder, clock, rules, folder.root / "." / "desk.sqlite") == "backup_is_register"


@pytest.mark.fault
def test_a_restore_does_not_wait_for_ever_for_a_program_that_writes(
    workspace: Workspace, folder: DataFolder, saved: Path
) -> None:
    workspace.store.conn.execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownError, match="database_busy"):
            stored.restore_into(workspace.store, saved)
        other.execute("ROLLBACK")

    stored.restore_into(workspace.store, saved)
    assert case_file(workspace, FIRST)


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_backup_of_an_older_version_is_brought_up_to_date_while_a_window_is_open(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path, version: int
) -> None:
    registered(workspace, "present")
    old = tmp_path / f"desk-2026010{version}-100000.sqlite"
    shutil.copy(FIXTURES / f"v{version:04}.sqlite", old)
    before = old.read_bytes()

    result = restore(folder, clock, rules, old)

    assert result.cases == backup.check(old).cases > 0
    assert workspace.store.conn.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert registered(workspace, "goes on").case.number
    assert old.read_bytes() == before
    assert not list(folder.root.glob(".restore-*"))
    findings = {finding.code for finding in upkeep.verify(workspace).findings}
    assert not any(code.startswith("check_schema") for code in findings)


def test_a_backup_of_an_older_data_folder_brings_its_keys_and_files_along(
    workspace: Workspace, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    registered(workspace, "one")
    made = upkeep.backup(workspace).path
    new = DataFolder(tmp_path / "new")

    restore(new, clock, rules, made)

    assert new.key.read_text() == workspace.folder.key.read_text()


def test_what_a_backup_writes_is_for_its_owner_alone(workspace: Workspace, tmp_path: Path) -> None:
    registered(workspace)

    paths = (upkeep.backup(workspace).path, upkeep.backup(workspace, tmp_path / "stick").path)

    if os.name != "nt":
        assert [path.stat().st_mode & 0o777 for path in paths] == [0o600, 0o600]
