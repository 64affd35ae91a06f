"""Backups that leave the house: the second place, the passphrase, and a new computer that starts from them."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from nacl import pwhash

from desk_app.domain.attachments import as_draft
from desk_app.domain.journal import Noted
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import (
    attachments,
    backup_watch,
    drill,
    intake,
    logbook,
    restoring,
    sealing,
    second_place,
    shop,
    upkeep,
)
from desk_app.services.desk import case_file
from desk_app.services.second_place import SecondState
from desk_app.services.workspace import Session, open_workspace
from desk_app.storage import attachments as files
from desk_app.storage import elsewhere
from tests.helpers.builders import NOW, a_case, registered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

WORDS = "雨天记得带伞出门啊啊"
OTHER_WORDS = "晴天也要记得带伞出门"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its least."""
    monkeypatch.setattr(pwhash.argon2id, "OPSLIMIT_MODERATE", pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(pwhash.argon2id, "MEMLIMIT_MODERATE", pwhash.argon2id.MEMLIMIT_MIN)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "stick"
    path.mkdir()
    return path


@pytest.fixture
def with_file(workspace: Workspace) -> Workspace:
    """A register with one case and a file laid to it."""
    taken = attachments.take_in(workspace, b"199.90" * 1000, "收据.txt")
    intake.register(workspace, {**a_case(), **as_draft([taken])}, "save-1")
    return workspace


@pytest.fixture
def new_computer(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "new computer")


def all_files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def refused(rules: Rules, work: object) -> str:
    with pytest.raises(KnownError) as caught:
        work()  # type: ignore[operator]
    assert rules.sentences.error(caught.value)
    return caught.value.code


def opened(folder: DataFolder, clock: FixedClock, rules: Rules) -> Workspace:
    return open_workspace(folder, clock, rules)


# ------------------------------------------------------------------------------------------------ the second place


def test_a_copy_to_the_stick_holds_all_a_new_computer_needs(
    with_file: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    second_place.choose(with_file, stick)
    assert second_place.second_due(with_file).state is SecondState.NEVER

    made = second_place.copy_to_second(with_file)

    assert (made.path.parent, made.files, made.is_sealed) == (stick, 1, False)
    assert second_place.second_due(with_file).state is SecondState.FRESH
    restored = restoring.restore(new_computer, clock, rules, made.path)
    assert (restored.cases, restored.kept, restored.missing) == (1, None, 0)
    ws = opened(new_computer, clock, rules)
    assert upkeep.verify(ws).ok
    assert new_computer.key.read_text() == with_file.folder.key.read_text()
    ws.close()


def test_whatever_copy_leaves_the_house_is_in_the_journal(with_file: Workspace, stick: Path) -> None:
    made = upkeep.backup(with_file, stick)

    (entry,) = logbook.page(with_file, [Noted.SECOND_COPY])
    assert (entry.subject, dict(entry.data)) == (str(stick), {"file": made.path.name, "files": 1})


def test_the_reminder_says_how_long_ago_and_whether_the_stick_is_there(
    workspace: Workspace, stick: Path, clock: FixedClock
) -> None:
    assert second_place.second_due(workspace).state is SecondState.OFF
    second_place.choose(workspace, stick, days=3)
    second_place.copy_to_second(workspace)

    clock.moment = NOW + timedelta(days=2, hours=23)
    assert second_place.second_due(workspace).state is SecondState.FRESH
    clock.moment = NOW + timedelta(days=3)
    shutil.rmtree(stick)
    due = second_place.second_due(workspace)

    assert (due.state, due.days, due.last, due.is_there) == (SecondState.DUE, 3, NOW, False)


def test_a_second_copy_writes_only_the_files_that_are_new_or_damaged_there(with_file: Workspace, stick: Path) -> None:
    second_place.choose(with_file, stick)
    second_place.copy_to_second(with_file)
    assert second_place.copy_to_second(with_file).files == 0
    (there,) = (path for path in (stick / "attachments").rglob("*") if path.is_file())
    there.write_bytes(b"rotten")

    assert second_place.copy_to_second(with_file).files == 1
    assert there.read_bytes() == b"199.90" * 1000


def test_places_that_are_none_are_refused(workspace: Workspace, tmp_path: Path, stick: Path, rules: Rules) -> None:
    root = workspace.folder.root
    (root / "within").mkdir()
    link = tmp_path / "link"
    link.symlink_to(root)

    told = {
        refused(rules, lambda place=place: second_place.choose(workspace, place))
        for place in (root, root / "within", root / "within" / "..", link)
    }
    assert told == {"second_is_data_folder"}
    assert refused(rules, lambda: second_place.choose(workspace, tmp_path / "nowhere")) == "second_missing"
    assert refused(rules, lambda: second_place.choose(workspace, stick, days=0)) == "second_days"
    assert refused(rules, lambda: second_place.copy_to_second(workspace)) == "second_none"
    second_place.choose(workspace, stick)
    stick.rmdir()
    assert refused(rules, lambda: second_place.copy_to_second(workspace)) == "second_missing"
    assert not stick.exists()  # a folder of the same disk is no stick


@pytest.mark.fault
@pytest.mark.parametrize("sealed", [False, True])
def test_a_full_stick_is_told_and_holds_no_half_file(
    workspace: Workspace, small_disk: Path, rules: Rules, sealed: bool
) -> None:
    taken = attachments.take_in(workspace, os.urandom(700_000), "录音.bin.txt")
    intake.register(workspace, {**a_case(), **as_draft([taken])}, "save-1")
    if sealed:
        sealing.set_up(workspace, WORDS)
    second_place.choose(workspace, small_disk)

    with pytest.raises(KnownError, match="backup_failed") as caught:
        second_place.copy_to_second(workspace)

    assert "只剩 0 MB" in rules.sentences.error(caught.value)
    assert all_files(small_disk) == []
    assert second_place.second_due(workspace).state is SecondState.NEVER
    assert upkeep.verify(workspace).ok


@pytest.mark.fault
@pytest.mark.parametrize("sealed", [False, True])
def test_a_stick_that_fills_up_while_it_is_written_is_told_and_holds_no_half_file(
    workspace: Workspace, small_disk: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch, sealed: bool
) -> None:
    registered(workspace, "one", content="电水壶" * 6000)
    for n in range(9):
        registered(workspace, f"more-{n}", content="电水壶" * 6000)
    if sealed:
        sealing.set_up(workspace, WORDS)
    second_place.choose(workspace, small_disk)
    monkeypatch.setattr(upkeep, "ask_room", lambda *_: None)

    with pytest.raises(KnownError, match="backup_failed") as caught:
        second_place.copy_to_second(workspace)

    assert "满" in rules.sentences.error(caught.value)
    assert all_files(small_disk) == []
    assert len(backup_watch.kept(workspace)) == 1  # the one in the data folder is whole


@pytest.mark.fault
def test_a_stick_that_is_pulled_out_while_it_is_written_is_told(
    workspace: Workspace, stick: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(workspace)
    second_place.choose(workspace, stick)
    take = elsewhere._take

    def pull_out(path: Path, part: Path, private: bytes | None) -> None:
        take(path, part, private)
        shutil.rmtree(stick)

    monkeypatch.setattr(elsewhere, "_take", pull_out)

    with pytest.raises(KnownError, match="backup_failed") as caught:
        second_place.copy_to_second(workspace)

    assert "U 盘" in rules.sentences.error(caught.value)
    assert second_place.second_due(workspace).state is SecondState.NEVER


@pytest.mark.fault
def test_a_file_that_a_kill_left_on_the_stick_is_swept_a_day_later(workspace: Workspace, stick: Path) -> None:
    second_place.choose(workspace, stick)
    old, young, foreign = stick / ".desk-1-aa.part", stick / ".desk-2-bb.part", stick / "holiday.part"
    for path, age in ((old, 2), (young, 0), (foreign, 9)):
        path.touch()
        os.utime(path, ((NOW - timedelta(days=age)).timestamp(),) * 2)

    second_place.copy_to_second(workspace)

    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)


# ----------------------------------------------------------------------------------------------- the passphrase


def test_one_sealed_file_and_the_words_are_enough_on_a_new_computer(
    with_file: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    code = sealing.set_up(with_file, WORDS).recovery_code
    second_place.choose(with_file, stick)
    made = second_place.copy_to_second(with_file)

    assert made.is_sealed
    assert made.path.suffix == ".sealed"
    assert all(b"13800138000" not in path.read_bytes() for path in stick.rglob("*") if path.is_file())
    for secret in (WORDS, code):
        inside = restoring.look_into(new_computer, clock, made.path, secret)
        assert (inside.cases, inside.is_sealed, inside.made_at) == (1, True, NOW)
    restored = restoring.restore(new_computer, clock, rules, made.path, code.lower().replace("-", " "))

    assert (restored.cases, restored.missing) == (1, 0)
    ws = opened(new_computer, clock, rules)
    assert upkeep.verify(ws).ok
    assert new_computer.key.read_text() == with_file.folder.key.read_text()
    ws.close()
    assert not list(new_computer.root.glob(".restore-*"))


def test_a_new_computer_goes_on_sealing_with_the_same_words(
    with_file: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    sealing.set_up(with_file, WORDS)
    second_place.choose(with_file, stick)
    made = second_place.copy_to_second(with_file)
    restoring.restore(new_computer, clock, rules, made.path, WORDS)

    with closing(opened(new_computer, clock, rules)) as ws:
        again = second_place.copy_to_second(ws)

    assert again.is_sealed
    assert restoring.look_into(new_computer, clock, again.path, WORDS).cases == 1


def test_a_restore_on_the_same_computer_does_not_turn_sealing_on_again(
    workspace: Workspace, stick: Path, clock: FixedClock, rules: Rules
) -> None:
    sealing.set_up(workspace, WORDS)
    made = upkeep.backup(workspace, stick, sealed=True).path
    sealing.turn_off(workspace, WORDS)

    restoring.restore(workspace.folder, clock, rules, made, WORDS)

    assert not sealing.is_on(workspace)


def test_without_the_words_a_sealed_backup_is_refused_and_nothing_left_behind(
    with_file: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    sealing.set_up(with_file, WORDS)
    made = upkeep.backup(with_file, stick, sealed=True).path
    half = stick / "half.sealed"
    half.write_bytes(made.read_bytes()[:9000])

    def restore(path: Path, secret: str) -> str:
        return refused(rules, lambda: restoring.restore(new_computer, clock, rules, path, secret))

    assert restore(made, "") == "sealed_needs_secret"
    assert restore(made, "不是这一句话哦") == "sealed_wrong_secret"
    assert restore(half, WORDS) == "backup_damaged"
    assert not new_computer.database.exists()
    assert not list(new_computer.root.glob(".restore-*"))


def test_changed_words_open_new_backups_and_the_old_words_the_old_ones(
    workspace: Workspace, stick: Path, clock: FixedClock, rules: Rules
) -> None:
    code = sealing.set_up(workspace, WORDS).recovery_code
    old = upkeep.backup(workspace, stick, sealed=True).path
    assert refused(rules, lambda: sealing.change_passphrase(workspace, "不对不对不对不对", OTHER_WORDS))
    sealing.change_passphrase(workspace, WORDS, OTHER_WORDS)
    new = upkeep.backup(workspace, stick, sealed=True).path

    for path, secret in ((old, WORDS), (old, code), (new, OTHER_WORDS), (new, code)):
        assert restoring.look_into(workspace.folder, clock, path, secret).is_sealed
    with pytest.raises(KnownError, match="sealed_wrong_secret"):
        restoring.look_into(workspace.folder, clock, new, WORDS)


def test_who_has_lost_both_makes_a_new_key_and_all_files_are_sealed_anew(
    with_file: Workspace, stick: Path, clock: FixedClock
) -> None:
    sealing.set_up(with_file, WORDS)
    upkeep.backup(with_file, stick, sealed=True)

    sealing.set_up(with_file, OTHER_WORDS)
    made = upkeep.backup(with_file, stick, sealed=True)

    assert made.files == 1
    assert len(list(stick.glob("attachments-*"))) == 2
    assert restoring.look_into(with_file.folder, clock, made.path, OTHER_WORDS).cases == 1


def test_words_that_are_too_short_and_a_seal_that_cannot_be_read_are_refused(
    workspace: Workspace, stick: Path, rules: Rules
) -> None:
    assert refused(rules, lambda: sealing.set_up(workspace, "  短 ")) == "passphrase_short"
    assert refused(rules, lambda: upkeep.backup(workspace, stick, sealed=True)) == "seal_off"
    assert not sealing.is_on(workspace)
    sealing.set_up(workspace, WORDS)
    workspace.folder.seal.write_text("{")
    second_place.choose(workspace, stick)

    assert refused(rules, lambda: second_place.copy_to_second(workspace)) == "seal_unreadable"
    assert all_files(stick) == []


def test_turned_off_with_the_words_only(workspace: Workspace, stick: Path, rules: Rules) -> None:
    sealing.set_up(workspace, WORDS)
    second_place.choose(workspace, stick)
    assert refused(rules, lambda: sealing.turn_off(workspace, OTHER_WORDS)) == "sealed_wrong_secret"
    assert second_place.copy_to_second(workspace).is_sealed

    sealing.turn_off(workspace, WORDS)

    assert not second_place.copy_to_second(workspace).is_sealed


# ------------------------------------------------------------------------------------------------- the restore


def test_half_typed_forms_of_now_stay_when_an_older_register_is_put_back(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    intake.save_draft(workspace, "early", {"content": "备份前说到一半"})
    backup = upkeep.backup(workspace).path
    intake.save_draft(workspace, "early", {"content": "备份前说到一半，后来又说"})
    intake.save_draft(workspace, "late", {"content": "备份后才开始"})
    registered(workspace, "saved")

    restoring.restore(workspace.folder, clock, rules, backup)

    forms = {draft.id: draft.values["content"] for draft in intake.drafts(workspace)}
    assert forms == {"early": "备份前说到一半，后来又说", "late": "备份后才开始"}
    registered(workspace, "late")  # and its save goes on file as ever
    assert "late" not in {draft.id for draft in intake.drafts(workspace)}


@pytest.mark.fault
def test_files_that_are_damaged_or_missing_are_named_and_a_whole_one_is_fetched(
    with_file: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    backup = upkeep.backup(with_file, stick).path
    (there,) = (path for path in (stick / "attachments").rglob("*") if path.is_file())
    whole = there.read_bytes()
    there.write_bytes(whole[:-1] + b"x")

    restored = restoring.restore(new_computer, clock, rules, backup)
    assert (restored.missing, restored.numbers) == (1, ("TS-20261122-001",))
    assert not files.path_of(new_computer.attachments, there.name).exists()

    there.write_bytes(whole)
    assert restoring.restore(new_computer, clock, rules, backup).missing == 0


def test_a_restore_is_noted_with_where_the_ledger_was(workspace: Workspace, clock: FixedClock, rules: Rules) -> None:
    registered(workspace, "one")
    backup = upkeep.backup(workspace).path
    registered(workspace, "two")
    before = workspace.store.conn.execute("SELECT max(id) FROM ledger").fetchone()[0]

    restoring.restore(workspace.folder, clock, rules, backup)

    row = workspace.store.conn.execute("SELECT subject, data FROM journal WHERE what = 'restore'").fetchone()
    assert row[0] == backup.name
    assert f'"before": [{before}, ' in row[1]


# --------------------------------------------------------------------------------------------------- the drill


@pytest.fixture
def drilled_folder(with_file: Workspace) -> Iterator[list[str]]:
    """What the data folder holds before; afterwards the same, but for the register itself."""
    upkeep.backup(with_file)
    before = all_files(with_file.folder.root)
    yield before
    assert all_files(with_file.folder.root) == before


def test_a_drill_restores_and_compares_and_leaves_nothing(
    with_file: Workspace, drilled_folder: list[str], clock: FixedClock
) -> None:
    assert drilled_folder
    registered(with_file, "since")
    clock.moment = NOW + timedelta(hours=1)

    done = drill.drill(with_file)

    assert done.ok, done.findings
    assert (done.cases, done.files, done.lost_cases, done.lost_events) == (1, 1, 1, 1)
    assert done.rows > 5
    assert drill.last_drill(with_file) == NOW + timedelta(hours=1)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_drill_of_the_stick_reads_what_is_on_the_stick(with_file: Workspace, stick: Path, sealed: bool) -> None:
    sealing.set_up(with_file, WORDS)
    path = upkeep.backup(with_file, stick, sealed=sealed).path
    secret = WORDS if sealed else ""
    assert drill.drill(with_file, path, secret).ok
    (there,) = (path for path in stick.glob("attachments*/*/*") if path.is_file())
    there.write_bytes(there.read_bytes()[:-3] + b"xyz")

    done = drill.drill(with_file, path, secret)

    assert [finding.code for finding in done.findings] == ["drill_file_missing"]
    assert done.findings[0].params["number"] == "TS-20261122-001"


@pytest.mark.fault
def test_a_drill_finds_that_the_register_is_no_longer_what_it_was(with_file: Workspace) -> None:
    upkeep.backup(with_file)
    with with_file.store.reading() as conn:
        conn.execute("DROP TRIGGER event_no_update")
        conn.execute("UPDATE event SET data = '{}' WHERE id = 1")

    done = drill.drill(with_file)

    assert ("drill_not_the_past", {"table": "event", "row": 1}) in [(f.code, f.params) for f in done.findings]
    assert drill.last_drill(with_file) is None


def test_without_a_backup_there_is_nothing_to_drill(workspace: Workspace, rules: Rules) -> None:
    assert refused(rules, lambda: drill.drill(workspace)) == "drill_no_backup"


def test_a_case_of_the_second_place_can_be_looked_up_after_the_restore(
    workspace: Workspace, stick: Path, new_computer: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    number = registered(workspace, "one").case.number
    path = upkeep.backup(workspace, stick).path

    restoring.restore(new_computer, clock, rules, path)

    ws = opened(new_computer, clock, rules)
    assert case_file(ws, number).case.customer_name == "李女士"
    ws.close()


def test_who_may_not_restore_is_refused_and_who_did_is_noted(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    shop.set_role(workspace, "小周", Role.RECEPTIONIST)
    shop.set_role(workspace, "老板", Role.MANAGER)
    backup = upkeep.backup(workspace).path

    def restore(name: str) -> restoring.Restored:
        return restoring.restore(workspace.folder, clock, rules, backup, session=Session(name))

    assert refused(rules, lambda: restore("小周")) == "not_allowed"
    restore("老板")

    assert workspace.store.conn.execute("SELECT by FROM journal WHERE what = 'restore'").fetchone() == ("老板",)
