"""A register that cannot be opened, or turns out damaged: its page, its keys, and what is typed meanwhile."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import access, intake, sealing, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage.connection import VERSION
from tests.helpers.builders import a_case
from tests.helpers.damage import zeroed
from tests.ui.settings_rig import ALT, answer_dialog
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    contents,
    drafts_on_disk,
    fill,
    focus,
    offered,
    press,
    row,
    save,
    saved,
    set_up,
    settle,
    told,
    until,
    window_on,
)
from ui.views.recovery import RecoveryPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

pytestmark = pytest.mark.fault
PAGE = 4096


@pytest.fixture
def shop(folder: DataFolder, clock: FixedClock, rules: Rules) -> DataFolder:
    """A register of five cases, of which two came after the day's backup at 08:00."""
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        for number in range(3):
            intake.register(ws, a_case(content=f"早上第 {number + 1} 件"), f"early-{number}")
        clock.moment -= timedelta(hours=2)
        upkeep.backup(ws)
        clock.moment += timedelta(hours=2)
        for number in range(2):
            intake.register(ws, a_case(content=f"后来第 {number + 1} 件"), f"late-{number}")
    return folder


EARLY = ["早上第 1 件", "早上第 2 件", "早上第 3 件"]
LATE = ["后来第 1 件", "后来第 2 件"]


# ------------------------------------------------------------------------------------------------------- damages


def gone(folder: DataFolder) -> None:
    folder.database.unlink()


def no_header(folder: DataFolder) -> None:
    folder.database.write_bytes(bytes(100) + folder.database.read_bytes()[100:])


def cut_in_half(folder: DataFolder) -> None:
    folder.database.write_bytes(folder.database.read_bytes()[: folder.database.stat().st_size // 2])


def a_text(folder: DataFolder) -> None:
    folder.database.write_text("这是一封信，不是登记册\n" * 300, encoding="utf-8")


def foreign(folder: DataFolder) -> None:
    folder.database.unlink()
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("CREATE TABLE recipes (name TEXT)")
        conn.commit()


def newer(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("PRAGMA user_version=99")


# ------------------------------------------------------------------------------------------------------------ rig


def forget_pages(qtbot: QtBot, window: MainWindow) -> None:
    """Let SQLite forget what it has read, so that it reads the file again."""
    window.desk.ask(lambda ws: ws.store.conn.execute("PRAGMA shrink_memory"), lambda _nothing: None)
    settle(qtbot, window.desk)


def page(window: MainWindow) -> RecoveryPage:
    found = window.findChild(RecoveryPage)
    assert found is not None
    return found


def is_in_front(window: MainWindow) -> bool:
    return window._stack.current == "recovery"


def kept_aside(folder: DataFolder) -> list[Path]:
    return sorted(folder.root.glob("desk-damaged-*.sqlite"))


def restore_best(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_1)
    settle(qtbot, window.desk)


# ------------------------------------------------------------------------------------------- found when it is opened


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (gone, "不见了，备份还在；不会另建一本空的来代替它"),
        (no_header, "登记册文件坏了，读不出来。坏文件原样留在"),
        (cut_in_half, "登记册文件坏了，读不出来。坏文件原样留在"),
        (a_text, "登记册文件坏了，读不出来。坏文件原样留在"),
    ],
    ids=["gone", "no_header", "cut_in_half", "a_text"],
)
def test_a_register_that_cannot_be_opened_is_restored_by_one_key(
    qtbot: QtBot,
    shop: DataFolder,
    clock: FixedClock,
    rules: Rules,
    damage: Callable[[DataFolder], None],
    words: str,
) -> None:
    damage(shop)
    before = shop.database.read_bytes() if shop.database.exists() else None
    with window_on(qtbot, shop, clock, rules) as window:
        assert is_in_front(window)
        assert words in page(window).words
        assert str(shop.database) in page(window).words
        assert "最近一份好的备份：2026-11-22 08:00，有 3 件登记，刚刚核对过" in page(window).words
        assert "2026-11-22 08:00 到现在登记的、办过的都要补录" in page(window).words
        assert told(window) == ""

        restore_best(qtbot, window)
        assert "已恢复 3 件登记，可以接着用了" in page(window).words
        assert contents(shop) == EARLY
        assert window.desk.lost is None
        assert window.standing is not None
        assert window.standing.sentences == ()
        press(KEY.Key_Escape)
        a_small_case(window, "恢复之后的一件")
        save(qtbot, window)
        assert "TS-20261122-004" in saved(window)
    assert contents(shop) == [*EARLY, "恢复之后的一件"]
    assert [path.read_bytes() for path in kept_aside(shop)] == ([before] if before else [])


def test_nothing_is_done_to_a_lost_register_before_a_way_is_chosen(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    no_header(shop)
    before = shop.database.read_bytes()
    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_Escape)
        a_small_case(window)
        save(qtbot, window)
        press(KEY.Key_R)
        settle(qtbot, window.desk)
        assert is_in_front(window)
        assert "还是打不开" in page(window).words
    assert shop.database.read_bytes() == before


def test_a_register_that_was_put_back_by_hand_is_opened_by_r(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    elsewhere = shop.root / "desk.old"
    shop.database.rename(elsewhere)
    with window_on(qtbot, shop, clock, rules) as window:
        assert is_in_front(window)
        elsewhere.rename(shop.database)
        press(KEY.Key_R)
        settle(qtbot, window.desk)
        assert window._stack.current == "register"
        assert window.desk.lost is None
    assert contents(shop) == [*EARLY, *LATE]


def test_a_register_of_a_newer_program_is_no_matter_for_a_backup(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    newer(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        assert f"没有坏，是更新的版本写的（数据版本 99，本程序只认到 {VERSION}）" in page(window).words
        assert not page(window).restore.isVisible()
        assert not page(window).backups.isVisible()
        press(KEY.Key_1)
        settle(qtbot, window.desk)
        assert window.desk.lost is not None
    with closing(sqlite3.connect(shop.database)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (99,)


def test_the_database_of_another_program_is_left_alone(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    foreign(shop)
    before = shop.database.read_bytes()
    with window_on(qtbot, shop, clock, rules) as window:
        assert "不是本程序的登记册，没有改动它；请把它移到别处再按 R" in page(window).words
        press(KEY.Key_1)
        settle(qtbot, window.desk)
        assert shop.database.read_bytes() == before
        shop.database.rename(shop.root / "recipes.db")
        press(KEY.Key_R)
        settle(qtbot, window.desk)
        assert "不见了，备份还在" in page(window).words
        restore_best(qtbot, window)
    assert contents(shop) == EARLY


def test_the_newest_backup_that_is_sound_is_offered_and_the_bad_one_is_named(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(shop, clock, rules)) as ws:
        bad = upkeep.backup(ws).path
    with bad.open("r+b") as file:
        file.seek(3 * PAGE)
        file.write(b"\xff" * 100)
    gone(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        assert "最近一份好的备份：2026-11-22 08:00" in page(window).words
        assert [cells[1][:3] for cells in page(window).backups.rows] == ["已损坏", "已核对"]

        press(KEY.Key_Tab)
        while focus() is not page(window).backups:
            press(KEY.Key_Tab)
        press(KEY.Key_Home)
        press(KEY.Key_Return)
        settle(qtbot, window.desk)
        assert "已损坏，没有恢复，请换一份备份" in page(window).words
        assert not shop.database.exists()

        press(KEY.Key_End)
        press(KEY.Key_Return)
        settle(qtbot, window.desk)
        assert "已恢复 3 件登记" in page(window).words


def test_without_any_backup_it_says_so_and_what_else_can_be_done(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    for path in shop.backups.glob("*.sqlite"):
        path.unlink()
    no_header(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        assert "备份文件夹里没有一份能用的备份；按 3 选别处的备份（如 U 盘）" in page(window).words
        assert not page(window).restore.isEnabled()


# ---------------------------------------------------------------------------------------- found while one works


def test_what_is_typed_when_the_register_is_lost_stays_and_is_saved_after_it_is_back(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, shop, clock, rules) as window:
        fill(window, {"content": "第一位说到一半"})
        press(KEY.Key_N, CTRL)
        settle(qtbot, window.desk)
        fill(window, {"place": "二楼"})
        settle(qtbot, window.desk)
        zeroed(shop, "draft")
        forget_pages(qtbot, window)
        commit("东侧")
        until(qtbot, lambda: window.desk.lost is not None)
        settle(qtbot, window.desk)

        assert window._stack.current == "register"  # nobody takes the form from under the keys
        assert at(window) == "place"
        assert "登记册打不开，现在存不进去：写的都留着" in window.standing.sentences[0]
        commit("电梯口")
        a_small_case(window)
        save(qtbot, window)
        assert is_in_front(window)
        restore_best(qtbot, window)
        press(KEY.Key_Escape)
        assert row(window, "place").value() == "二楼东侧电梯口"
        assert [words.split(" ", 1)[-1] for words in offered(window)] == ["第一位说到一半"]
        save(qtbot, window)
        assert "TS-20261122-004" in saved(window)
    assert contents(shop) == [*EARLY, "水壶不加热"]
    assert [form["content"] for form in drafts_on_disk(shop)] == ["第一位说到一半"]
    assert not shop.unsaved.exists()


def test_what_is_typed_while_the_register_is_lost_is_there_after_a_restart(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    gone(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_Escape)
        fill(window, {"content": "登记册坏着的时候说的"})
        until(qtbot, shop.unsaved.exists)
        settle(qtbot, window.desk)
    assert [form["content"] for form in json.loads(shop.unsaved.read_text()).values()] == ["登记册坏着的时候说的"]
    assert shop.unsaved.stat().st_mode & 0o077 == 0

    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_Escape)
        assert len(offered(window)) == 1  # before the register is back
        press(KEY.Key_F12)
        restore_best(qtbot, window)
        assert [form["content"] for form in drafts_on_disk(shop)] == ["登记册坏着的时候说的"]
        press(KEY.Key_Escape)
        assert len(offered(window)) == 1
    assert not shop.unsaved.exists()


def test_a_save_that_meets_the_damage_leads_to_the_page_and_back_to_the_form(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, shop, clock, rules) as window:
        a_small_case(window)
        settle(qtbot, window.desk)
        zeroed(shop, "follow_up")
        forget_pages(qtbot, window)
        save(qtbot, window)
        settle(qtbot, window.desk)
        assert is_in_front(window)
        assert "登记册打不开" in page(window).words

        press(KEY.Key_Escape)
        assert row(window, "content").value() == "水壶不加热"
        press(KEY.Key_F12)
        assert is_in_front(window)
        restore_best(qtbot, window)
        press(KEY.Key_Escape)
        save(qtbot, window)
        assert "TS-20261122-004" in saved(window)


def test_what_a_lost_register_is_asked_is_refused_in_one_sentence_that_names_the_key(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    gone(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_2, CTRL)
        settle(qtbot, window.desk)
        assert told(window) == "登记册现在打不开，这一步没有做；已填的都还在，按 F12 看怎么恢复"
        press(KEY.Key_F12)
        assert is_in_front(window)


# --------------------------------------------------------------------------------------------- the other two ways


def test_what_can_be_read_is_exported_before_and_after_the_restore(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    zeroed(shop, "follow_up")
    out = tmp_path / "out"
    out.mkdir()
    with window_on(qtbot, shop, clock, rules) as window:
        window.desk.lose(KnownError("database_damaged", path=shop.database, backups=shop.backups))
        settle(qtbot, window.desk)
        assert "恢复之后会缺 2 件登记" in page(window).words
        for _ in range(2):
            press(KEY.Key_2)
            answer_dialog(qtbot, window, out)
            assert "读出 5 件登记" in page(window).words
            clock.moment += timedelta(minutes=1)
            if window.desk.lost is not None:
                restore_best(qtbot, window)
                assert "按 2 把坏文件里还能读的导出来" in page(window).words
    written = sorted(out.iterdir())
    assert len(written) == 2
    for each in written:
        assert contents(DataFolder(each / "register")) == [*EARLY, *LATE]


def test_a_sealed_backup_from_elsewhere_asks_for_its_passphrase_until_it_is_right(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with closing(open_workspace(shop, clock, rules)) as ws:
        code = sealing.set_up(ws, "correct horse battery").recovery_code
        sealed = upkeep.backup(ws, stick, sealed=True).path
    gone(shop)
    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_3)
        answer_dialog(qtbot, window, sealed)
        secret = page(window).secret
        assert secret.isVisible()
        assert focus() is secret.line
        say_secret(qtbot, window, "wrong horse battery")
        assert "口令或恢复码不对，请再试一次" in secret.problem
        assert not shop.database.exists()
        say_secret(qtbot, window, code[:-1] + ("0" if code[-1] != "0" else "1"))
        assert "恢复码输错了一处" in secret.problem
        say_secret(qtbot, window, code.lower().replace("-", " "))
        assert "已恢复 5 件登记" in page(window).words
        assert not secret.isVisible()
    assert contents(shop) == [*EARLY, *LATE]


def test_on_another_computer_the_stick_is_enough(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with closing(open_workspace(shop, clock, rules)) as ws:
        sealing.set_up(ws, "correct horse battery")
        sealed = upkeep.backup(ws, stick, sealed=True).path
    other = DataFolder(tmp_path / "other computer")
    with window_on(qtbot, other, clock, rules) as window:
        assert window._stack.current == "welcome"
        press(KEY.Key_F12)
        settle(qtbot, window.desk)
        assert "这台电脑上还没有登记" in page(window).words
        press(KEY.Key_Escape)
        assert window._stack.current == "welcome"

        press(KEY.Key_F12)
        settle(qtbot, window.desk)
        press(KEY.Key_3)
        answer_dialog(qtbot, window, sealed)
        say_secret(qtbot, window, "correct horse battery")
        assert "已恢复 5 件登记" in page(window).words
        press(KEY.Key_Escape)
        assert window._stack.current == "register"
        assert window.rail.isVisible()
        assert window.desk.shop is not None
        assert window.desk.shop.name == "云栖百货"
    assert contents(other) == [*EARLY, *LATE]


def say_secret(qtbot: QtBot, window: MainWindow, secret: str) -> None:
    page(window).secret.line.clear()
    QApplication.clipboard().setText(secret)
    press(KEY.Key_V, CTRL)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)


@pytest.mark.parametrize("kind", ["text", "half", "newer", "register"])
def test_a_file_that_is_no_backup_is_refused_in_one_sentence(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path, kind: str
) -> None:
    path, sentence = a_bad_file(shop, tmp_path, kind)
    no_header(shop)
    before = shop.database.read_bytes()
    with window_on(qtbot, shop, clock, rules) as window:
        press(KEY.Key_3)
        answer_dialog(qtbot, window, path)
        assert sentence in page(window).words
        assert window.desk.lost is not None
        assert window.findChild(QFileDialog) is None
    assert shop.database.read_bytes() == before


def a_bad_file(shop: DataFolder, tmp_path: Path, kind: str) -> tuple[Path, str]:
    path = tmp_path / "given.sqlite"
    backup = next(shop.backups.glob("desk-*.sqlite"))
    if kind == "text":
        path.write_text("一封信\n" * 500, encoding="utf-8")
        return path, "不是本程序的备份，没有恢复"
    if kind == "half":
        path.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        return path, "已损坏，没有恢复，请换一份备份"
    if kind == "newer":
        path.write_bytes(backup.read_bytes())
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("PRAGMA user_version=99")
        return path, "数据版本 99"
    return shop.database, "就是现在的登记册，不是备份"


# ------------------------------------------------------------------------------------------ a sound register


def test_a_sound_register_is_given_up_for_a_backup_only_when_it_is_said_twice(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, shop, clock, rules) as window:
        a_small_case(window, "没写完的")
        press(KEY.Key_4, CTRL)
        press(KEY.Key_7, ALT)
        settle(qtbot, window.desk)
        press(KEY.Key_R, ALT)
        settle(qtbot, window.desk)
        assert "恢复一份备份" in page(window).words
        assert "恢复之后会缺它以后的 2 件登记" in page(window).words
        restore_best(qtbot, window)
        assert "再按一次就恢复" in page(window).words
        press(KEY.Key_Escape)
        settle(qtbot, window.desk)
        assert window._stack.current == "settings"
        assert contents(shop) == [*EARLY, *LATE]

        press(KEY.Key_R, ALT)
        settle(qtbot, window.desk)
        restore_best(qtbot, window)
        restore_best(qtbot, window)
        assert "已恢复 3 件登记" in page(window).words
        press(KEY.Key_Escape)
        assert row(window, "content").value() == "没写完的"
    assert contents(shop) == EARLY
    assert len(list(shop.backups.glob("before-restore-*.sqlite"))) == 1


# ------------------------------------------------------------------------------------------ where there are PINs


def test_a_shop_with_pins_is_restored_and_then_asks_who_it_is(
    qtbot: QtBot, shop: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(shop, clock, rules)) as ws:
        access.set_pin(ws, "小周", "482913")
        access.sign_in(ws, "小周", "482913")
        clock.moment += timedelta(minutes=1)
        upkeep.backup(ws)
    zeroed(shop, "setting")
    with window_on(qtbot, shop, clock, rules) as window:
        assert is_in_front(window)
        restore_best(qtbot, window)
        assert window.desk.lost is None
        assert window._stack.current == "lock"
    assert contents(shop) == [*EARLY, *LATE]
