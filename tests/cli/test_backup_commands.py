"""The commands of backups, as a person at a prompt uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nacl import pwhash

from tests.cli.test_commands import with_one

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.paths import DataFolder
    from tests.cli.conftest import DeskApp

WORDS = "雨天记得带伞出门啊啊".encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwhash.argon2id, "OPSLIMIT_MODERATE", pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(pwhash.argon2id, "MEMLIMIT_MODERATE", pwhash.argon2id.MEMLIMIT_MIN)


def test_a_sealed_backup_goes_out_and_comes_back_on_another_computer(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)
    stick = tmp_path / "stick"
    made_key = desk_app("passphrase", "set", "--new-file", "-", stdin=WORDS)
    code = made_key.lines[0]
    assert made_key.code == 0
    assert "恢复码" in made_key.err

    sealed = desk_app("backup", "--to", str(stick), "--encrypt").lines[0]

    other = tmp_path / "other"
    (tmp_path / "code.txt").write_text(code.lower())
    without = desk_app("restore", sealed, data=other)
    wrong = desk_app("restore", sealed, "--secret-file", "-", stdin=b"something else", data=other)
    by_code = desk_app("restore", sealed, "--secret-file", str(tmp_path / "code.txt"), data=other)
    assert [ran.code for ran in (without, wrong, by_code)] == [1, 1, 0]
    assert "加密" in without.err
    assert "不对" in wrong.err
    assert by_code.out == "已恢复 1 件登记\n"
    assert desk_app("verify", data=other).code == 0


def test_the_words_are_changed_and_turned_off(desk_app: DeskApp, tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(WORDS)
    (tmp_path / "new").write_text("晴天也要记得带伞出门")
    desk_app("passphrase", "set", "--new-file", str(tmp_path / "old"))

    changed = desk_app(
        "passphrase", "change", "--secret-file", str(tmp_path / "old"), "--new-file", str(tmp_path / "new")
    )
    again = desk_app("passphrase", "off", "--secret-file", str(tmp_path / "old"))
    off = desk_app("passphrase", "off", "--secret-file", str(tmp_path / "new"))

    assert [changed.code, again.code, off.code] == [0, 1, 0]
    assert desk_app("backup", "--to", str(tmp_path / "stick"), "--encrypt").code == 1
    assert desk_app("passphrase", "set", "--new-file", "-", stdin="短".encode()).code == 1


def test_the_second_place_is_chosen_copied_to_and_told_of(desk_app: DeskApp, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert desk_app("second-place", str(stick)).code == 1
    stick.mkdir()

    chosen = desk_app("second-place", str(stick), "--days", "3")
    copied = desk_app("backup", "--second")
    told = desk_app("second-place")
    stick.rename(tmp_path / "elsewhere")
    gone = desk_app("backup", "--second")

    assert "还没有备份到那里" in chosen.out
    assert str(stick) in copied.lines[0]
    assert "最近一次" in told.out
    assert (gone.code, "插好" in gone.err) == (1, True)
    assert desk_app("second-place", "--off").out.startswith("还没有选定")


def test_a_drill_says_what_it_did_and_ends_with_1_where_something_differs(
    desk_app: DeskApp, folder: DataFolder
) -> None:
    assert desk_app("restore", "--drill").code == 1
    with_one(desk_app)
    with_one(desk_app)

    drilled = desk_app("restore", "--drill")

    assert drilled.code == 0
    assert "1 件登记" in drilled.lines[0]
    assert "缺少之后的 1 件登记" in drilled.lines[1]
    (backup,) = folder.backups.glob("*.sqlite")
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    assert desk_app("restore", "--drill", str(backup)).code == 1


def test_salvage_writes_a_register_a_sheet_and_lines(desk_app: DeskApp, folder: DataFolder, tmp_path: Path) -> None:
    with_one(desk_app)
    out = tmp_path / "out"

    ran = desk_app("salvage", str(folder.database), "--out", str(out))

    assert ran.code == 0
    assert "读出 1 件登记" in ran.out
    assert (out / "cases.jsonl").read_text(encoding="utf-8").count("\n") == 1
    assert list(out.glob("*.xlsx"))
    assert desk_app("verify", data=out / "register").code == 0
    assert desk_app("salvage", str(folder.database), "--out", str(out)).code == 1


def test_wrong_usage_is_told(desk_app: DeskApp, tmp_path: Path) -> None:
    assert desk_app("restore").code == 2
    assert desk_app("backup", "--encrypt").code == 2
    assert desk_app("backup", "--second", "--to", str(tmp_path)).code == 2
    assert desk_app("restore", "nowhere.sqlite", "--secret-file", str(tmp_path / "none")).code == 1
