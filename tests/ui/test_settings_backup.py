"""设置 → 备份: by its keys, on a real folder."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desk_app.services import backup_watch, intake, restoring
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import a_case
from tests.ui.settings_rig import ALT, answer_dialog, open_backups
from tests.ui.window_rig import CTRL, KEY, a_small_case, focus, press, save, settle
from ui.printing.slip import draw_slip

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.settings_backup import BackupSection

PHRASE = "correct horse battery"


@pytest.fixture
def section(qtbot: QtBot, window: MainWindow) -> BackupSection:
    """The tab of the backups of a shop with one case."""
    a_small_case(window)
    save(qtbot, window)
    opened = open_backups(window)
    settle(qtbot, window.desk)
    return opened


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def choose_stick(qtbot: QtBot, window: MainWindow, stick: Path) -> None:
    press(KEY.Key_F, ALT)
    answer_dialog(qtbot, window, stick)


def type_secret(qtbot: QtBot, window: MainWindow, secret: str) -> None:
    QApplication.clipboard().setText(secret)
    press(KEY.Key_V, CTRL)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)


# ------------------------------------------------------------------------------------------------ on this computer


def test_the_backups_are_listed_with_when_each_was_verified_and_one_more_is_made_by_f5(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder, clock: FixedClock
) -> None:
    before = len(section.kept.rows)
    clock.moment += timedelta(minutes=5)
    press(KEY.Key_F5)
    settle(qtbot, window.desk)

    assert section.words.startswith("备份已写好并核对：")
    assert len(section.kept.rows) == before + 1
    assert section.kept.rows[0][:2] == ("2026-11-22 10:05", "已核对（2026-11-22 10:05）")


def test_a_drill_says_what_it_did_and_when_the_last_one_was(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    assert "还没有做过恢复演练" in section._drilled.text()
    with closing(open_workspace(folder, clock, rules)) as ws:
        intake.register(ws, a_case(), "after the backup")
    press(KEY.Key_D, ALT)
    settle(qtbot, window.desk)

    assert "演练成功" in section.words
    assert "会缺少之后的 1 件登记" in section.words
    assert section._drilled.text().startswith("上次恢复演练成功：2026-11-22 10:00")


def test_what_a_check_finds_is_listed_and_damage_leads_to_the_recovery(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder
) -> None:
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("CREATE TABLE recipes (name TEXT)")
        conn.commit()
    press(KEY.Key_F6)
    settle(qtbot, window.desk)
    assert section.words.startswith("检查发现 ")
    assert any("多出“recipes”" in sentence for (sentence,) in section.found.rows)
    assert focus() is section.found

    with closing(sqlite3.connect(folder.database)) as conn:
        (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_case'").fetchone()
    with folder.database.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(bytes(4096))
    window.desk.ask(lambda ws: ws.store.conn.execute("PRAGMA shrink_memory"), lambda _nothing: None)
    settle(qtbot, window.desk)
    press(KEY.Key_F6)
    settle(qtbot, window.desk)
    assert window.desk.lost is not None
    assert window._stack.current == "recovery"


# ------------------------------------------------------------------------------------------------- the second place


def test_a_second_place_is_chosen_copied_to_and_reminded_of(
    qtbot: QtBot, window: MainWindow, section: BackupSection, stick: Path, folder: DataFolder, clock: FixedClock
) -> None:
    assert "没有设第二处" in section.second.words
    choose_stick(qtbot, window, stick)
    assert "还没有备份到那里" in section.second.words
    assert any(f"第二处是 {stick}，还没有备份到那里" in line for line in window.standing.sentences)
    assert any("按 F12，再按 Alt+U" in line for line in window.standing.sentences)

    press(KEY.Key_U, ALT)
    settle(qtbot, window.desk)
    assert "备份已写到" in section.words
    assert len(list(stick.glob("desk-*.sqlite"))) == 1
    assert window.standing.sentences == ()

    clock.moment += timedelta(days=9)
    window.desk.cared.emit()
    settle(qtbot, window.desk)
    assert any("已有 9 天没有备份到那里" in line for line in window.standing.sentences)

    press(KEY.Key_X, ALT)
    settle(qtbot, window.desk)
    assert "没有设第二处" in section.second.words
    assert not any("第二处" in line for line in window.standing.sentences)


def test_a_stick_that_is_not_there_is_told_in_one_sentence(
    qtbot: QtBot, window: MainWindow, section: BackupSection, stick: Path
) -> None:
    choose_stick(qtbot, window, stick)
    stick.rename(stick.with_name("pulled out"))
    press(KEY.Key_U, ALT)
    settle(qtbot, window.desk)

    assert "现在不在，请插好 U 盘后再做" in window.notices.sentence
    assert "现在没有插上" in section.second.words
    assert not section.work.isVisible()


def test_the_data_folder_is_no_second_place(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder
) -> None:
    choose_stick(qtbot, window, folder.backups)

    assert "就在数据文件夹里，磁盘一坏两份都没了" in window.notices.sentence
    assert "没有设第二处" in section.second.words


# ------------------------------------------------------------------------------------------------- the passphrase


def test_a_passphrase_is_set_its_code_is_shown_once_and_opens_a_sealed_copy(
    qtbot: QtBot,
    window: MainWindow,
    section: BackupSection,
    stick: Path,
    folder: DataFolder,
) -> None:
    choose_stick(qtbot, window, stick)
    press(KEY.Key_M, ALT)
    type_secret(qtbot, window, "short")
    type_secret(qtbot, window, "short")
    assert "口令至少要 10 个字" in section.seal.first.problem
    type_secret(qtbot, window, PHRASE)
    type_secret(qtbot, window, "another battery")
    assert "两次输入的口令不一样" in section.seal.again.problem
    type_secret(qtbot, window, PHRASE)

    code = section.seal.code
    assert len(code.replace("-", "").replace(" ", "")) >= 26
    assert "已设口令" in section.seal.words
    press(KEY.Key_U, ALT)
    settle(qtbot, window.desk)
    (sealed,) = stick.glob("*.sealed")
    for secret in (PHRASE, code):
        assert restoring.look_into(folder, window.desk.clock, sealed, secret).cases == 1
    press(KEY.Key_Y, ALT)
    assert section.seal.code == ""


def test_the_passphrase_is_changed_and_turned_off_only_by_who_knows_it(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder
) -> None:
    press(KEY.Key_M, ALT)
    type_secret(qtbot, window, PHRASE)
    type_secret(qtbot, window, PHRASE)
    press(KEY.Key_Y, ALT)

    press(KEY.Key_K, ALT)
    type_secret(qtbot, window, "wrong horse battery")
    assert "口令或恢复码不对" in section.seal.present.problem
    press(KEY.Key_Escape)
    assert not section.seal.present.isVisible()

    press(KEY.Key_M, ALT)
    for secret in (PHRASE, "a new horse battery", "a new horse battery"):
        type_secret(qtbot, window, secret)
    assert "口令已改" in section.words
    press(KEY.Key_K, ALT)
    type_secret(qtbot, window, "a new horse battery")
    assert "不再加密" in section.words
    assert "没有设口令" in section.seal.words
    assert not folder.seal.exists()


def test_where_passphrase_and_code_are_lost_a_new_one_is_set_after_the_file_was_moved_away(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder
) -> None:
    press(KEY.Key_M, ALT)
    for _ in range(2):
        type_secret(qtbot, window, PHRASE)
    press(KEY.Key_Y, ALT)
    folder.seal.rename(folder.root / "backup.seal.old")
    section.look()
    settle(qtbot, window.desk)
    press(KEY.Key_M, ALT)
    for _ in range(2):
        type_secret(qtbot, window, "another horse battery")

    assert section.seal.code
    assert folder.seal.exists()


def test_the_slip_with_the_code_is_a_page_of_paper(tmp_path: Path, qapp: QApplication) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "slip.pdf"))
    draw_slip(printer, "云栖百货 备份恢复码", "ABCDE-FGHJK-MNPQR-STVWX-YZ012-3456", ("请把恢复码与电脑分开保管",))

    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")


# ------------------------------------------------------------------------------------------------ the standing bar


def test_of_many_things_that_stand_two_are_seen_and_the_rest_are_counted_until_f12(
    qtbot: QtBot, window: MainWindow
) -> None:
    for number in range(4):
        window.standing.tell(f"cause {number}", f"第 {number + 1} 件")
    assert window.standing.seen == ("第 1 件", "第 2 件（还有 2 条，按 F12 看全部）")
    press(KEY.Key_F12)
    settle(qtbot, window.desk)
    assert window._stack.current == "settings"
    assert window.standing.seen == ("第 1 件", "第 2 件", "第 3 件", "第 4 件")
    press(KEY.Key_1, CTRL)
    assert len(window.standing.seen) == 2


def test_a_month_without_a_drill_is_told_and_a_backup_that_went_bad_too(
    qtbot: QtBot, window: MainWindow, section: BackupSection, folder: DataFolder, clock: FixedClock
) -> None:
    clock.moment += timedelta(days=40)
    (kept,) = folder.backups.glob("desk-*.sqlite")
    times = (kept.stat().st_atime_ns, kept.stat().st_mtime_ns)
    with kept.open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff" * 50)
    os.utime(kept, ns=times)  # as when the disk forgets
    window.desk.ask(backup_watch.check_next, lambda _checked: window.desk.cared.emit())
    settle(qtbot, window.desk)

    assert any("恢复演练已经 40 天没有做" in line for line in window.standing.sentences)
    assert any("已不能用" in line for line in window.standing.sentences)
    assert [cells[1] for cells in section.kept.rows] == ["已损坏"]
