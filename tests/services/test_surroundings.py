"""What endangers the register is told while it lasts: room, place, clock; and a wrong clock stops nobody."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk_app.crash import write_report
from desk_app.paths import DataFolder
from desk_app.services import attachments, desk, search, surroundings, upkeep
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` returns."""

    total: int
    used: int
    free: int


MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/export /mnt/shop nfs4 rw 0 0
//nas/front\040desk /mnt/front\040desk cifs rw 0 0
/dev/sdb1 /mnt/shop/local ext4 rw 0 0
me@far: /home/me/far fuse.sshfs rw 0 0
/dev/sdc1 /mnt/twice ext4 rw 0 0
nas:/twice /mnt/twice nfs rw 0 0
short line
"""


def dangers(ws: Workspace) -> list[str]:
    """Return the sentences, as both faces say them."""
    say = ws.rules.sentences.say
    return [say(danger.code, danger.params) for danger in surroundings.look(ws)]


def test_a_usual_machine_is_no_danger(workspace: Workspace) -> None:
    assert dangers(workspace) == []
    registered(workspace)
    assert dangers(workspace) == []


# -------------------------------------------------------------------------------------------------------------- room


@pytest.mark.fault
@pytest.mark.parametrize(("free", "told"), [(500_000_000, []), (499_999_999, ["只剩 499 MB"]), (0, ["只剩 0 MB"])])
def test_little_room_is_told_with_what_is_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, free: int, told: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12 - free, free))

    found = dangers(workspace)

    assert [len(found), *(part in found[0] for part in told)] == [len(told), *(True for _ in told)]
    assert all(str(workspace.folder.root) in sentence for sentence in found)


@pytest.mark.fault
def test_a_disk_that_is_really_small_is_told(small_disk: Path, clock: FixedClock, rules: Rules) -> None:
    ws = open_workspace(DataFolder(small_disk), clock, rules)
    assert [danger.code for danger in surroundings.look(ws)] == ["disk_low"]
    ws.close()


# ------------------------------------------------------------------------------------------------------------- place


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/data", "ext4"),
        ("/run/me/data", "tmpfs"),
        ("/running", "ext4"),
        ("/mnt/shop/data", "nfs4"),
        ("/mnt/shop", "nfs4"),
        ("/mnt/shop/local/data", "ext4"),
        ("/mnt/front desk/data", "cifs"),
        ("/home/me/far/data", "fuse.sshfs"),
        ("/mnt/twice/data", "nfs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_deepest_mount(path: str, kind: str) -> None:
    assert surroundings.kind_at(PurePosixPath(path), surroundings.read_mounts(MOUNTS.splitlines())) == kind


@pytest.mark.fault
@pytest.mark.skipif(os.name == "nt", reason="Windows has drives instead of mounts")
@pytest.mark.parametrize(
    ("kind", "told"), [("ext4", []), ("cifs", ["folder_on_network"]), ("9p", ["folder_on_network"])]
)
def test_a_folder_on_another_machine_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, told: list[str]
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//nas/x {tmp_path.resolve()} {kind} rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(surroundings, "_MOUNTS", mounts)

    assert [danger.code for danger in surroundings.look(workspace)] == told


def test_a_machine_that_does_not_say_what_is_mounted_is_no_danger(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(surroundings, "_MOUNTS", tmp_path / "none")
    assert surroundings.look(workspace) == ()


@pytest.mark.parametrize(
    ("path", "cloud"),
    [
        (PureWindowsPath(r"C:\Users\周\OneDrive\ComplaintDesk"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\周\OneDrive - 云栖百货\前台"), "OneDrive"),
        (PureWindowsPath(r"D:\我的坚果云\前台"), "坚果云"),
        (PurePosixPath("/home/zhou/Nutstore Files/前台"), "坚果云"),
        (PurePosixPath("/home/zhou/Dropbox/desk"), "Dropbox"),
        (PurePosixPath("/Users/zhou/Library/Mobile Documents/com~apple~CloudDocs/desk"), "iCloud"),
        (PureWindowsPath(r"C:\Users\周\AppData\Local\ComplaintDesk"), None),
        (PurePosixPath("/home/zhou/.local/share/ComplaintDesk"), None),
    ],
)
def test_a_synchronised_folder_is_known_by_its_name(path: PurePosixPath | PureWindowsPath, cloud: str | None) -> None:
    assert surroundings.cloud_of(path) == cloud


def test_a_register_in_a_synchronised_folder_is_told_also_behind_a_link(
    tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    real, link = tmp_path / "OneDrive" / "desk", tmp_path / "desk"
    real.mkdir(parents=True)
    try:
        link.symlink_to(real, target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links")
    ws = open_workspace(DataFolder(link), clock, rules)
    assert [(danger.code, danger.params["cloud"]) for danger in surroundings.look(ws)] == [
        ("folder_in_cloud", "OneDrive")
    ]
    ws.close()


# ------------------------------------------------------------------------------------------------------------- clock


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (timedelta(minutes=-5), []),
        (timedelta(minutes=-6), ["clock_set_back"]),
        (timedelta(days=-400), ["clock_set_back"]),
        (timedelta(days=365), []),
        (timedelta(days=366), ["clock_far_ahead"]),
        (timedelta(days=365 * 73), ["clock_far_ahead"]),
    ],
)
def test_a_clock_that_cannot_be_right_is_told_with_both_times(
    workspace: Workspace, clock: FixedClock, moved: timedelta, told: list[str]
) -> None:
    registered(workspace)
    clock.moment = NOW + moved

    found = surroundings.look(workspace)

    assert [danger.code for danger in found] == told
    for sentence in dangers(workspace):
        assert "2026-11-22 10:00" in sentence
        assert clock.moment.strftime("%Y-%m-%d %H:%M") in sentence


@pytest.mark.parametrize(("year", "told"), [(1970, 1), (2024, 1), (2026, 0), (2099, 1)])
def test_a_clock_that_was_never_set_is_told_in_an_empty_register(
    workspace: Workspace, clock: FixedClock, year: int, told: int
) -> None:
    clock.moment = NOW.replace(year=year)
    assert [danger.code for danger in surroundings.look(workspace)] == ["clock_not_set"] * told


def test_one_save_under_a_wrong_clock_does_not_silence_the_warning_and_a_day_under_a_right_one_does(
    workspace: Workspace, clock: FixedClock
) -> None:
    clock.moment = NOW.replace(year=2031)
    registered(workspace, "wrong")
    clock.moment = NOW

    registered(workspace, "right")
    assert [danger.code for danger in surroundings.look(workspace)] == ["clock_set_back"]
    for number in range(20):
        registered(workspace, f"right-{number}")

    assert surroundings.look(workspace) == ()


@pytest.mark.fault
def test_under_a_clock_that_was_set_back_numbers_history_and_due_dates_go_on(
    workspace: Workspace, clock: FixedClock
) -> None:
    first = registered(workspace, "one").case.number
    clock.moment = NOW - timedelta(hours=30)

    second, third = (registered(workspace, text).case for text in ("two", "three"))
    acted(workspace, first, "reply", content="换新")
    file = desk.case_file(workspace, first)

    assert [second.number, third.number] == ["TS-20261121-001", "TS-20261121-002"]
    assert [event.action for event in file.events] == ["register", "reply"]
    assert file.events[1].at >= file.events[0].at
    assert file.events[1].entered_at == clock.moment
    (owed,) = desk.case_file(workspace, second.number).owed
    assert owed.due_at == clock.moment + timedelta(hours=24)
    clock.moment = NOW + timedelta(hours=1)
    assert registered(workspace, "four").case.number == "TS-20261122-002"
    assert upkeep.verify(workspace).findings == ()


# ------------------------------------------------------------------------------------------------------------- rights


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


posix = pytest.mark.skipif(os.name == "nt", reason="Windows goes by access lists")


@posix
def test_what_we_make_is_for_nobody_else(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    ws = open_workspace(folder, clock, rules)
    registered(ws)
    search.catch_up(ws)
    attachments.take_in(ws, b"%PDF-1.4 a receipt", "小票.pdf")
    write_report(folder.log, ValueError("x"), NOW)
    ws.close()
    assert {path.name: mode(path) for path in (folder.root, *folder.root.iterdir())} == {
        folder.root.name: 0o700,
        "attachments": 0o700,
        "desk.sqlite": 0o600,
        "desk.sqlite-journal": 0o600,
        "desk.key": 0o600,
        "desk.log": 0o600,
        "search.sqlite": 0o600,
        "search.sqlite-journal": 0o600,
    }


@posix
def test_a_folder_that_others_could_read_is_closed_to_them(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    ws = open_workspace(folder, clock, rules)
    upkeep.backup(ws)
    ws.close()
    for path, open_mode in ((folder.root, 0o755), (folder.backups, 0o755), (folder.database, 0o644)):
        path.chmod(open_mode)

    open_workspace(folder, clock, rules).close()

    assert [mode(path) for path in (folder.root, folder.backups, folder.database)] == [0o700, 0o700, 0o600]


@posix
def test_a_folder_of_other_things_stays_open_and_so_does_a_group_that_was_let_in(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    folder.root.mkdir(mode=0o755)
    letter = folder.root / "letter.txt"
    letter.touch(mode=0o644)
    open_workspace(folder, clock, rules).close()
    folder.database.chmod(0o664)

    open_workspace(folder, clock, rules).close()

    assert [mode(path) for path in (folder.root, letter, folder.database)] == [0o755, 0o644, 0o660]
