"""Files are taken in whole or not at all, lie with their case, and what is no attachment is refused in one sentence."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import time
import zlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from desk_app.domain.attachments import AttachmentKind, Place, Taken, as_draft
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import attachments, desk, intake, restoring, shop, upkeep
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import attachments as files
from desk_app.telling import history
from tests.helpers.builders import NOW, a_case, acted, registered
from tests.helpers.photos import photo, told_of

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules

TWO_DAYS = 2 * 86_400


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def on_disk(ws: Workspace) -> dict[str, bytes]:
    """Return every file of the folder of attachments, by its place in it."""
    root = ws.folder.attachments
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def to_the_end(taking: attachments.Taking) -> Taken:
    while (taken := taking.step()) is None:
        pass
    return taken


def a_file(tmp_path: Path, name: str = "收据.txt", data: bytes = b"199.90") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def refusal(ws: Workspace, source: Path | bytes, name: str) -> KnownError:
    """Return why a file is not taken in; nothing of it is left, and it is told in one sentence."""
    before = on_disk(ws)
    with pytest.raises(KnownError) as refused:
        attachments.take_in(ws, source, name)
    assert on_disk(ws) == before
    assert "\n" not in ws.rules.sentences.error(refused.value)
    return refused.value


# ------------------------------------------------------------------------------------------------------ taking in


def test_a_file_waits_under_the_hash_of_its_content(workspace: Workspace, tmp_path: Path) -> None:
    taken = attachments.take_in(workspace, a_file(tmp_path), "收据.txt")

    assert taken == Taken(sha(b"199.90"), "收据.txt", AttachmentKind.DOCUMENT, 6)
    assert on_disk(workspace) == {f"waiting/{taken.sha256}": b"199.90"}


def test_the_same_content_is_there_once(workspace: Workspace, tmp_path: Path) -> None:
    first = attachments.take_in(workspace, a_file(tmp_path), "收据.txt")

    second = attachments.take_in(workspace, b"199.90", "又一张.txt")

    assert (first.sha256, second.name) == (second.sha256, "又一张.txt")
    assert len(on_disk(workspace)) == 1


def test_a_long_recording_comes_in_pieces(workspace: Workspace, tmp_path: Path) -> None:
    data = os.urandom(files.PIECE * 2 + 1)
    taking = attachments.Taking(workspace, a_file(tmp_path, "通话.mp3", data), "通话.mp3")

    steps = 1
    while (taken := taking.step()) is None:
        assert taking.progress == pytest.approx(min(1, steps * files.PIECE / len(data)), abs=0.01)
        registered(workspace, f"between-{steps}")  # others go on between the pieces
        steps += 1

    assert steps == 4
    assert on_disk(workspace) == {f"waiting/{taken.sha256}": data}


def test_a_recording_that_is_left_half_way_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    taking = attachments.Taking(workspace, a_file(tmp_path, "通话.mp3", bytes(files.PIECE * 2)), "通话.mp3")
    taking.step()
    assert len(on_disk(workspace)) == 1

    taking.drop()

    assert on_disk(workspace) == {}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.txt", b"", "attachment_empty"),
        ("水壶.jpg", b"this is no picture", "picture_broken"),
        ("水壶.jpg", photo()[:-200], "picture_broken"),
        ("水壶.png", photo("PNG")[:60], "picture_broken"),
        ("水壶.jpg", b"MZ\x90\x00" + bytes(100), "attachment_runs"),
        ("收据.pdf", b"\x7fELF" + bytes(100), "attachment_runs"),
        ("脚本.txt", b"#!/bin/sh\nrm -rf /\n", "attachment_runs"),
        ("水壶.jpg.exe", photo(), "attachment_runs"),
        ("水壶\u202egpj.exe", photo(), "attachment_runs"),
        ("图.psd", b"8BPS", "attachment_kind_unknown"),
    ],
)
def test_what_is_no_attachment_is_refused(
    workspace: Workspace, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    assert refusal(workspace, a_file(tmp_path, "given", data), name).code == code


def test_a_picture_of_500_mb_is_refused_at_once(workspace: Workspace, tmp_path: Path) -> None:
    path = a_file(tmp_path, "大.jpg", b"")
    os.truncate(path, 500_000_000)
    began = time.perf_counter()

    assert refusal(workspace, path, "大.jpg").code == "attachment_too_big"

    assert time.perf_counter() - began < 1


def test_a_file_that_grows_while_it_is_copied_is_never_larger_than_the_limit(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = a_file(tmp_path, "收据.pdf", b"%PDF" + bytes(files.PIECE))
    taking = attachments.Taking(workspace, path, "收据.pdf")
    os.truncate(path, 60_000_000)  # what stat said is not believed

    with pytest.raises(KnownError, match="attachment_too_big"):
        to_the_end(taking)

    assert on_disk(workspace) == {}


def test_a_file_that_is_cut_while_it_is_copied_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = a_file(tmp_path, "收据.pdf", b"%PDF" + bytes(files.PIECE * 2))
    taking = attachments.Taking(workspace, path, "收据.pdf")
    taking.step()
    taking.step()
    os.truncate(path, 100)

    with pytest.raises(KnownError, match="attachment_changed"):
        to_the_end(taking)

    assert on_disk(workspace) == {}


def test_a_picture_with_more_pixels_than_can_be_shown_is_refused_before_it_is_decoded(
    workspace: Workspace, tmp_path: Path
) -> None:
    bomb = photo("PNG", size=(60, 40)).replace(b"\x00\x00\x00\x3c\x00\x00\x00\x28", b"\x00\x00\x75\x30\x00\x00\x75\x30")
    bomb = bomb[:29] + zlib.crc32(bomb[12:29]).to_bytes(4, "big") + bomb[33:]

    error = refusal(workspace, a_file(tmp_path, "x", bomb), "炸弹.png")

    assert error.code == "picture_too_large"
    assert error.params["pixels"] == 900


def test_links_folders_and_devices_are_no_files(workspace: Workspace, tmp_path: Path) -> None:
    link, folder = tmp_path / "link.txt", tmp_path / "folder.txt"
    folder.mkdir()
    link.symlink_to(a_file(tmp_path))

    assert refusal(workspace, link, "link.txt").code == "attachment_link"
    assert refusal(workspace, folder, "folder.txt").code == "attachment_no_file"
    assert refusal(workspace, tmp_path / "gone.txt", "gone.txt").code == "attachment_missing"
    assert refusal(workspace, a_file(tmp_path) / "below.txt", "below.txt").code == "attachment_missing"
    assert refusal(workspace, tmp_path / "a\x00b.txt", "a.txt").code == "attachment_unreadable"


@pytest.mark.skipif(os.name == "nt", reason="no named pipes in a folder")
def test_a_pipe_keeps_nobody_waiting(workspace: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    assert refusal(workspace, tmp_path / "pipe.txt", "pipe.txt").code == "attachment_no_file"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told(workspace: Workspace, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    path.chmod(0)

    assert refusal(workspace, path, "收据.txt").code == "attachment_unreadable"


def test_a_file_removed_while_it_is_copied_is_whole_or_refused(workspace: Workspace, tmp_path: Path) -> None:
    data = os.urandom(files.PIECE + 5)
    path = a_file(tmp_path, "通话.mp3", data)
    taking = attachments.Taking(workspace, path, "通话.mp3")
    taking.step()

    path.unlink()

    taken = to_the_end(taking)
    assert on_disk(workspace) == {f"waiting/{taken.sha256}": data}


@pytest.mark.fault
def test_a_full_disk_is_told_and_leaves_nothing(small_disk: Path, clock: FixedClock, rules: Rules) -> None:
    ws = open_workspace(DataFolder(small_disk), clock, rules)
    try:
        assert refusal(ws, os.urandom(900_000), "通话.mp3").code == "attachment_disk_full"
        assert registered(ws).case.number  # and the register goes on
    finally:
        ws.close()


@pytest.mark.fault
def test_what_a_killed_program_left_half_copied_is_cleared_another_day(
    workspace: Workspace, tmp_path: Path, clock: FixedClock
) -> None:
    source = a_file(tmp_path, "通话.mp3", bytes(files.PIECE * 2))
    command = [sys.executable, "-m", "tests.helpers.taking", str(workspace.folder.root), str(source)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"0.5\n"
        program.kill()
    (half,) = on_disk(workspace)
    assert half.endswith(".part")

    clock.moment = datetime.now().astimezone()
    assert attachments.tidy(workspace) == ()  # it may be under way in another window
    os.utime(workspace.folder.attachments / half, (clock.now().timestamp() - TWO_DAYS,) * 2)

    assert attachments.tidy(workspace) == (Path(half).name,)
    assert on_disk(workspace) == {}


# ---------------------------------------------------------------------------------------------- where it was taken


def test_a_photo_loses_its_place_where_the_shop_wants_it_so(workspace: Workspace) -> None:
    taken = attachments.take_in(workspace, photo(), "水壶.jpg")

    assert taken.place is Place.REMOVED
    (kept,) = on_disk(workspace).values()
    assert told_of(kept)[2] == {}
    assert taken.sha256 == sha(kept)
    assert taken.size == len(kept)


def test_a_photo_keeps_its_place_until_somebody_asks(workspace: Workspace) -> None:
    shop.save_shop(workspace, "店", "general", ["小周"], shop.Options(strip_place=False))
    taken = attachments.take_in(workspace, photo(), "水壶.jpg")
    assert taken.place is Place.KEPT
    assert on_disk(workspace) == {f"waiting/{taken.sha256}": photo()}

    without = attachments.without_place(workspace, taken)

    assert (without.name, without.place) == ("水壶.jpg", Place.REMOVED)
    assert told_of(on_disk(workspace)[f"waiting/{without.sha256}"])[2] == {}


def test_a_photo_that_never_told_it_is_kept_byte_for_byte(workspace: Workspace) -> None:
    taken = attachments.take_in(workspace, photo(place=False), "水壶.jpg")

    assert taken.place is Place.NONE
    assert on_disk(workspace) == {f"waiting/{taken.sha256}": photo(place=False)}


def test_a_thumbnail_stands_upright_and_is_small(workspace: Workspace) -> None:
    taken = attachments.take_in(workspace, photo(size=(600, 400)), "水壶.jpg")  # lies on its side: orientation 6

    small = attachments.thumbnail(workspace, taken, 90)

    assert Image.open(io.BytesIO(small)).size == (60, 90)


# ------------------------------------------------------------------------------------------------- with their case


@pytest.fixture
def two(workspace: Workspace) -> list[Taken]:
    return [attachments.take_in(workspace, photo(), "水壶.jpg"), attachments.take_in(workspace, b"199.90", "收据.txt")]


def names(ws: Workspace, number: str) -> list[str]:
    return [each.name for each in attachments.of_case(ws, number)]


def test_a_case_is_registered_with_its_files_in_one_transaction(workspace: Workspace, two: list[Taken]) -> None:
    stored = intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1")

    assert names(workspace, stored.case.number) == ["水壶.jpg", "收据.txt"]
    assert set(on_disk(workspace)) == {f"{t.sha256[:2]}/{t.sha256}" for t in two}
    (event,) = desk.case_file(workspace, stored.case.number).events
    assert event.data == {"attached": ["水壶.jpg", "收据.txt"]}
    (told,) = history(desk.case_file(workspace, stored.case.number), workspace.rules)
    assert told.lines == ("附件 2 个：水壶.jpg、收据.txt",)


def test_a_retried_save_lays_its_files_once(workspace: Workspace, two: list[Taken]) -> None:
    given = {**a_case(), **as_draft(two)}
    number = intake.register(workspace, given, "save-1").case.number

    intake.register(workspace, given, "save-1")

    assert names(workspace, number) == ["水壶.jpg", "收据.txt"]


def test_a_file_that_is_not_there_any_more_keeps_the_case_out(workspace: Workspace, two: list[Taken]) -> None:
    (workspace.folder.attachments / "waiting" / two[1].sha256).unlink()

    with pytest.raises(KnownError, match="attachment_gone"):
        intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1")

    assert workspace.store.conn.execute('SELECT count(*) FROM "case"').fetchone() == (0,)


def test_a_case_with_a_problem_leaves_its_files_waiting(workspace: Workspace, two: list[Taken]) -> None:
    before = on_disk(workspace)

    with pytest.raises(Exception, match=r"."):
        intake.register(workspace, {**a_case(content=None), **as_draft(two)}, "save-1")

    assert on_disk(workspace) == before


@pytest.mark.fault
def test_the_row_is_written_only_after_the_file_is_in_its_place(workspace: Workspace, two: list[Taken]) -> None:
    """At the moment of the row's writing SQLite asks whether the file is there."""
    there = workspace.folder.attachments

    def kept(sha256: str) -> int:
        return int(files.path_of(there, sha256).is_file())

    workspace.store.conn.create_function("kept", 1, kept)
    workspace.store.conn.execute(
        "CREATE TEMP TRIGGER asks BEFORE INSERT ON main.attachment WHEN NOT kept(NEW.sha256)"
        " BEGIN SELECT RAISE(ABORT, 'the row came first'); END"
    )
    try:
        number = intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1").case.number
        more = attachments.take_in(workspace, b"more", "更多.txt")
        attachments.attach(workspace, number, [more], "attach-1")
    finally:
        workspace.store.conn.execute("DROP TRIGGER asks")

    assert len(names(workspace, number)) == 3


@pytest.mark.fault
def test_a_save_that_the_register_refuses_can_be_tried_again(workspace: Workspace, two: list[Taken]) -> None:
    other = sqlite3.connect(workspace.folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    workspace.store.conn.execute("PRAGMA busy_timeout=20")
    with pytest.raises(KnownError, match="database_busy"):
        intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1")
    other.execute("ROLLBACK")
    other.close()

    number = intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1").case.number

    assert names(workspace, number) == ["水壶.jpg", "收据.txt"]


def test_files_are_laid_to_a_case_later_and_taken_back(workspace: Workspace, two: list[Taken]) -> None:
    number = registered(workspace).case.number
    owed = desk.case_file(workspace, number).owed

    done = attachments.attach(workspace, number, two, "attach-1")

    assert names(workspace, number) == ["水壶.jpg", "收据.txt"]
    assert (str(done.file.events[-1].action), done.file.owed) == ("amend", owed)
    assert history(done.file, workspace.rules)[0].action == "附件"

    desk.undo(workspace, number, "undo-1", done.file.events[-1].id)

    assert names(workspace, number) == []


def test_a_file_is_taken_away_for_a_reason_and_that_is_taken_back(workspace: Workspace, two: list[Taken]) -> None:
    number = intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1").case.number
    first = attachments.of_case(workspace, number)[0]
    before = on_disk(workspace)
    with pytest.raises(KnownError, match="detach_no_reason"):
        attachments.detach(workspace, number, first.id, " ", "detach-0")

    done = attachments.detach(workspace, number, first.id, "拍错了", "detach-1")

    assert names(workspace, number) == ["收据.txt"]
    assert on_disk(workspace) == before
    told = history(done.file, workspace.rules)[0]
    assert (told.action, told.lines) == (
        "移走附件",
        ("水壶.jpg（文件仍保存在数据文件夹里）", "原因：拍错了"),
    )
    with pytest.raises(KnownError, match="attachment_unknown"):
        attachments.detach(workspace, number, first.id, "再来一次", "detach-2")

    desk.undo(workspace, number, "undo-1", done.file.events[-1].id)

    assert names(workspace, number) == ["水壶.jpg", "收据.txt"]


def test_a_retried_attachment_is_laid_once(workspace: Workspace, two: list[Taken]) -> None:
    number = registered(workspace).case.number

    for _ in range(2):
        attachments.attach(workspace, number, two, "attach-1")

    assert names(workspace, number) == ["水壶.jpg", "收据.txt"]


def test_a_void_case_keeps_its_files_and_takes_no_more(workspace: Workspace, two: list[Taken]) -> None:
    number = intake.register(workspace, {**a_case(), **as_draft(two[:1])}, "save-1").case.number
    acted(workspace, number, "void", reason="重复登记")

    with pytest.raises(KnownError):
        attachments.attach(workspace, number, two[1:], "attach-1")

    assert names(workspace, number) == ["水壶.jpg"]


def test_a_case_has_at_most_so_many(workspace: Workspace) -> None:
    limit = workspace.rules.attachments.per_case
    many = [attachments.take_in(workspace, b"%d" % n, f"{n}.txt") for n in range(limit + 1)]
    with pytest.raises(KnownError, match="attachment_too_many"):
        intake.register(workspace, {**a_case(), **as_draft(many)}, "save-1")
    number = intake.register(workspace, {**a_case(), **as_draft(many[:limit])}, "save-1").case.number

    with pytest.raises(KnownError, match="attachment_too_many"):
        attachments.attach(workspace, number, many[limit:], "attach-1")

    attachments.detach(workspace, number, attachments.of_case(workspace, number)[0].id, "用不着", "detach-1")
    attachments.attach(workspace, number, many[limit:], "attach-2")
    assert len(names(workspace, number)) == limit


def test_a_copy_is_given_out_under_its_name(workspace: Workspace, two: list[Taken], tmp_path: Path) -> None:
    target = tmp_path / two[1].name

    attachments.export_copy(workspace, two[1], target)

    assert target.read_bytes() == b"199.90"
    with pytest.raises(KnownError, match="attachment_not_written"):
        attachments.export_copy(workspace, two[1], tmp_path / "nowhere" / "x.txt")


# ---------------------------------------------------------------------------------------------------------- upkeep


def test_only_what_no_form_and_no_case_wants_is_cleared_away(workspace: Workspace, tmp_path: Path) -> None:
    kept, drafted, alone, fresh = (
        attachments.take_in(workspace, text, f"{n}.txt") for n, text in enumerate((b"kept", b"draft", b"alone", b"new"))
    )
    number = intake.register(workspace, {**a_case(), **as_draft([kept])}, "save-1").case.number
    acted(workspace, number, "void", reason="重复登记")
    intake.save_draft(workspace, "draft-1", {"content": "说到一半", **as_draft([drafted])})
    for path in workspace.folder.attachments.rglob("*"):
        os.utime(path, (NOW.timestamp() - TWO_DAYS,) * 2)
    os.utime(workspace.folder.attachments / "waiting" / fresh.sha256, (NOW.timestamp() - 60,) * 2)

    assert attachments.tidy(workspace) == (alone.sha256,)

    assert sorted(on_disk(workspace).values()) == [b"draft", b"kept", b"new"]


def test_the_files_of_a_discarded_form_stay_a_day(workspace: Workspace, clock: FixedClock) -> None:
    taken = attachments.take_in(workspace, b"photo", "x.txt")
    intake.save_draft(workspace, "draft-1", {"content": "说到一半", **as_draft([taken])})
    waiting = workspace.folder.attachments / "waiting" / taken.sha256
    os.utime(waiting, (NOW.timestamp() - TWO_DAYS,) * 2)

    intake.discard_draft(workspace, "draft-1")

    clock.moment = datetime.now().astimezone()  # the system's, as the files have it
    assert attachments.tidy(workspace) == ()
    assert waiting.is_file()


def test_a_backup_elsewhere_takes_the_files_along_and_a_restore_brings_them_back(
    workspace: Workspace, two: list[Taken], tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    number = intake.register(workspace, {**a_case(), **as_draft(two[:1])}, "save-1").case.number
    stick = tmp_path / "stick"
    upkeep.backup(workspace, stick)
    attachments.attach(workspace, number, two[1:], "attach-1")
    backup = upkeep.backup(workspace, stick).path  # only what is new is copied
    assert sorted(p.name for p in (stick / "attachments").rglob("*") if p.is_file()) == sorted(t.sha256 for t in two)

    elsewhere = DataFolder(tmp_path / "another computer")
    restoring.restore(elsewhere, clock, rules, backup)

    ws = open_workspace(elsewhere, clock, rules)
    try:
        assert names(ws, number) == ["水壶.jpg", "收据.txt"]
        assert upkeep.verify(ws).ok
    finally:
        ws.close()


def test_the_first_change_of_a_day_clears_away_what_nobody_wants(workspace: Workspace, clock: FixedClock) -> None:
    taken = attachments.take_in(workspace, b"x", "x.txt")
    waiting = workspace.folder.attachments / "waiting" / taken.sha256
    os.utime(waiting, (NOW.timestamp() - TWO_DAYS,) * 2)

    upkeep.backup_of_the_day(workspace)

    assert not waiting.exists()


def test_the_check_finds_what_is_missing_and_what_is_changed(workspace: Workspace, two: list[Taken]) -> None:
    number = intake.register(workspace, {**a_case(), **as_draft(two)}, "save-1").case.number
    assert upkeep.verify(workspace).ok
    first, second = (files.path_of(workspace.folder.attachments, taken.sha256) for taken in two)

    first.write_bytes(first.read_bytes()[:-1] + b"\x00")
    second.unlink()

    found = upkeep.verify(workspace).findings
    assert [(f.code, f.params["number"], f.params["name"]) for f in found] == [
        ("check_attachment_changed", number, "水壶.jpg"),
        ("check_attachment_missing", number, "收据.txt"),
    ]
    assert all(workspace.rules.sentences.say(f.code, f.params) for f in found)
