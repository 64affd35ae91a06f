"""Only verified backups count; one that cannot be read never takes the place of one that can."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.services import backup_watch, restoring, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import generations
from tests.helpers.backups import put_on_record, touched
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


def flip(path: Path) -> None:
    """Change one bit in the middle, in a word of a customer if there is one."""
    content = bytearray(path.read_bytes())
    at = content.find("电水壶".encode())
    content[at if at > 0 else len(content) // 2] ^= 1
    path.write_bytes(content)


def daily(workspace: Workspace, clock: FixedClock, days: int) -> list[Path]:
    made = []
    for day in range(days):
        clock.moment = NOW + timedelta(days=day)
        registered(workspace, f"day-{day}")
        made.append(upkeep.backup(workspace).path)
    return made


def checked_all(workspace: Workspace) -> list[str]:
    found = []
    while (checked := backup_watch.check_next(workspace)) is not None:
        found.append(checked.fault)
    return found


def test_a_backup_just_made_is_known_to_be_sound(workspace: Workspace) -> None:
    made = upkeep.backup(workspace).path

    (kept,) = backup_watch.kept(workspace)

    assert (kept.path, kept.made_at, kept.is_sound) == (made, NOW.replace(tzinfo=None), True)
    assert backup_watch.check_next(workspace) is None


def test_a_bit_that_changed_is_found_a_week_later_and_the_backup_set_aside(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace)
    made = upkeep.backup(workspace).path
    stat = made.stat()
    flip(made)
    os.utime(made, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # bits rot without anybody writing
    assert backup_watch.check_next(workspace) is None
    clock.moment = NOW + timedelta(days=7)

    faults = checked_all(workspace)

    assert faults == ["backup_damaged"]
    assert not made.exists()
    (kept,) = backup_watch.kept(workspace)
    assert kept.path.name == f"unreadable-{made.name}"
    assert not kept.is_sound
    (finding,) = upkeep.verify(workspace).findings
    assert finding.code == "check_backup_unreadable"
    assert kept.path.name in rules.sentences.say(finding.code, finding.params)


@pytest.mark.fault
def test_a_verified_backup_that_was_written_to_since_is_compared_still(workspace: Workspace) -> None:
    registered(workspace)
    made = upkeep.backup(workspace).path
    with closing(sqlite3.connect(made)) as conn:  # a register as sound as before, with other words
        conn.execute("UPDATE \"case\" SET place = '别处'")
        conn.commit()

    assert checked_all(workspace) == ["backup_damaged"]

    assert not made.exists()


def test_a_verified_backup_that_was_only_touched_stays_one(workspace: Workspace) -> None:
    registered(workspace)
    made = upkeep.backup(workspace).path
    os.utime(made, ns=(0, 0))

    assert checked_all(workspace) == [""]

    (kept,) = backup_watch.kept(workspace)
    assert kept.is_sound


@pytest.mark.fault
def test_backups_that_cannot_be_read_push_out_no_good_one(workspace: Workspace, clock: FixedClock) -> None:
    good = daily(workspace, clock, 3)
    for day in range(3, 60):
        bad = workspace.folder.backups / f"desk-{NOW + timedelta(days=day):%Y%m%d-%H%M%S}.sqlite"
        bad.write_bytes(good[0].read_bytes()[:9000])
    clock.moment = NOW + timedelta(days=61)

    generations.thin_out(workspace.folder.backups)
    faults = checked_all(workspace)
    newest = upkeep.backup(workspace).path

    assert faults.count("backup_damaged") == 57
    assert all(path.exists() for path in (*good, newest))
    assert len(list(workspace.folder.backups.glob("unreadable-*"))) == 57


def test_a_backup_that_nobody_has_checked_is_not_removed(workspace: Workspace) -> None:
    folder = workspace.folder.backups
    folder.mkdir()
    days = [folder / f"desk-{NOW - timedelta(days=day):%Y%m%d-%H%M%S}.sqlite" for day in range(100)]
    touched(days[:50])
    for path in days[50:]:
        path.touch()

    gone = generations.thin_out(folder)

    assert gone
    assert all(path in days[:50] for path in gone)
    put_on_record(days[50:])
    assert set(generations.thin_out(folder)) & set(days[50:])


def test_without_its_record_every_backup_is_checked_whole_once(workspace: Workspace, clock: FixedClock) -> None:
    daily(workspace, clock, 4)
    (workspace.folder.backups / "verified.tsv").write_text("no record\tat all\n", encoding="utf-8")

    faults = checked_all(workspace)

    assert faults == ["", "", "", ""]
    assert all(kept.is_sound for kept in backup_watch.kept(workspace))
    assert checked_all(workspace) == []


@pytest.mark.fault
def test_a_register_that_was_put_back_by_another_program_is_found_by_its_newest_backup(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, "one")
    old = folder.database.read_bytes()
    registered(workspace, "two")
    clock.moment = NOW + timedelta(hours=1)
    upkeep.backup(workspace)
    assert upkeep.verify(workspace).ok
    workspace.close()
    folder.database.write_bytes(old)

    ws = open_workspace(folder, clock, rules)
    found = upkeep.verify(ws).findings
    ws.close()

    (ahead,) = (finding for finding in found if finding.code == "check_backup_ahead")
    assert rules.sentences.say(ahead.code, ahead.params)


def test_a_register_that_was_restored_by_this_program_is_not_taken_for_one(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, "one")
    morning = upkeep.backup(workspace).path
    registered(workspace, "two")
    clock.moment = NOW + timedelta(hours=1)
    upkeep.backup(workspace)
    clock.moment = NOW + timedelta(hours=2)

    restoring.restore(folder, clock, rules, morning)

    assert upkeep.verify(workspace).ok
