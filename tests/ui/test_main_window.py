"""The frame: pages, notices, what other programs write, what goes wrong, and what is left when it closes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea

from desk_app.services import intake
from desk_app.services.shop import save_shop
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import a_case
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
    go,
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
from ui.views.help import KeysDialog
from ui.views.welcome import WelcomePage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
SOON = 3_000


def front(window: MainWindow) -> str:
    return type(window._stack.currentWidget()).__name__


def rail(window: MainWindow) -> list[str]:
    """Return the pages of the rail as a screen reader says them, the present one with a star."""
    buttons = window.rail.findChildren(QAbstractButton)
    return [("*" if b.isChecked() else "") + b.accessibleName() for b in buttons]


# -------------------------------------------------------------------------------------------------------------- pages


def test_each_page_has_its_key_and_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    seen = []
    for key in (KEY.Key_2, KEY.Key_3, KEY.Key_5, KEY.Key_4, KEY.Key_1):
        press(key, CTRL)
        settle(qtbot, window.desk)
        assert window._stack.currentWidget().isAncestorOf(focus())
        seen.append(front(window))
    assert seen == ["FollowUpPage", "ExportPage", "OverviewPage", "SettingsPage", "RegisterPage"]
    assert rail(window) == ["*登记，Ctrl+1", "跟进，Ctrl+2", "导出，Ctrl+3", "统计，Ctrl+5", "设置，Ctrl+4"]


def test_a_click_on_the_rail_does_the_same(qtbot: QtBot, window: MainWindow) -> None:
    for button in window.rail.findChildren(QAbstractButton)[::-1]:
        button.click()
        settle(qtbot, window.desk)
        assert button.isChecked()
    assert front(window) == "RegisterPage"


def test_the_form_is_as_it_was_left_when_one_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"place": "二楼"})
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    press(KEY.Key_1, CTRL)
    assert at(window) == "place"
    commit("东侧")
    assert row(window, "place").value() == "二楼东侧"


def test_f1_lists_every_key_and_escape_closes_it(qtbot: QtBot, window: MainWindow, rules: Rules) -> None:
    press(KEY.Key_F1)
    dialog = window.findChild(KeysDialog)
    until(qtbot, dialog.isVisible)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for key in ("Ctrl+1 2 3 4 5", "Ctrl+S", "Ctrl+N", "Ctrl+F", "F1", "F2", "F9", "F4", "F5", "F6"):
        assert key in words
    assert dialog.height() < dialog.screen().availableGeometry().height() - 30, "its frame is on the screen too"
    for form in rules.actions.values():
        assert not form.letter or f"{form.letter}\u00a0{form.label}" in words
    gone: list[object] = []
    dialog.destroyed.connect(lambda: gone.append(1))
    QTest.keyClick(dialog, KEY.Key_Escape)
    until(qtbot, lambda: bool(gone))


@pytest.mark.parametrize("size", [(1024, 600), (911, 512)])
def test_the_list_of_keys_is_read_by_keys_on_a_small_screen(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    press(KEY.Key_F1)
    dialog = window.findChild(KeysDialog)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    dialog.resize(*size)
    QApplication.processEvents()
    scroll = dialog.findChild(QScrollArea)
    bar = scroll.verticalScrollBar()
    assert dialog.width() == size[0]
    assert scroll.widget().width() <= scroll.viewport().width()  # nothing is cut off at the side
    assert bar.value() == 0 < bar.maximum()

    press(KEY.Key_PageDown)
    assert bar.value() > 0
    press(KEY.Key_Home)
    assert bar.value() == 0
    press(KEY.Key_End)
    assert bar.value() == bar.maximum()
    press(KEY.Key_Escape)

    assert not dialog.isVisible()


def test_a_refusal_stays_until_escape_or_until_something_else_is_done(window: MainWindow) -> None:
    window.desk.notice.emit("refused", "磁盘已满")
    assert told(window) == "磁盘已满"
    assert window.notices.accessibleName() == "没有成功：磁盘已满"
    assert not window.notices._timer.isActive()

    go(window, "place")
    commit("二楼")
    press(KEY.Key_Escape)
    assert told(window) == ""
    assert row(window, "place").value() == "二楼"

    window.desk.notice.emit("done", "设置已保存")
    assert told(window) == "设置已保存"
    assert window.notices._timer.isActive(), "good news goes by itself"
    window.desk.notice.emit("nothing", "没有刚丢弃的登记")
    assert window.notices._word.text() == "提示"
    assert window.notices._timer.isActive(), "so does what tells that there was nothing to do"
    window.desk.notice.emit("refused", "磁盘已满")
    window.desk.notice.emit("done", "已登记")
    assert (window.notices.kind, told(window)) == ("done", "已登记"), "what was done is not shown as refused"


def test_what_was_refused_on_one_page_is_not_said_on_the_next(window: MainWindow) -> None:
    window.desk.notice.emit("refused", "还不能保存")
    press(KEY.Key_2, CTRL)
    assert told(window) == ""


# ------------------------------------------------------------------------------------------------------ other programs


def test_what_the_command_line_registers_shows_without_a_key(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    assert "跟进，Ctrl+2" in rail(window)
    raw = json.dumps(a_case(received_at="2020-01-02 09:00"), ensure_ascii=False)
    done = subprocess.run(
        [sys.executable, "-m", "desk_app", "--data", str(folder.root), "register", "-"],
        input=raw.encode(),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    until(qtbot, lambda: "跟进，逾期 1 项，Ctrl+2" in rail(window), SOON)


def test_drafts_and_settings_of_another_program_show_without_a_key(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    go(window, "place")
    commit("二楼")
    with closing(open_workspace(folder, clock, rules)) as other:
        intake.save_draft(other, "of another window", {"content": "别处写的"})
        save_shop(other, "云栖酒店", "hotel", ["小周"])
    until(qtbot, lambda: offered(window) == ["别处写的"], SOON)

    assert window.windowTitle() == "云栖酒店 · 前台投诉登记"
    assert at(window) == "place"
    assert row(window, "place").value() == "二楼"


def test_what_falls_due_by_the_clock_alone_is_counted(qtbot: QtBot, window: MainWindow, clock: FixedClock) -> None:
    a_small_case(window)
    save(qtbot, window)
    assert "跟进，Ctrl+2" in rail(window)
    clock.moment += timedelta(hours=23, minutes=30)
    window._count.timeout.emit()
    settle(qtbot, window.desk)
    assert window.top._soon.text() == "1 项一小时内到期"
    clock.moment += timedelta(hours=1)
    window._count.timeout.emit()
    settle(qtbot, window.desk)
    assert window.top._soon.text() == ""
    assert "跟进，逾期 1 项，Ctrl+2" in rail(window)
    assert window._count.isActive()


@pytest.mark.fault
def test_looking_while_another_program_writes_tells_nobody_that_something_was_not_saved(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    done: list[object] = []
    window.desk.ask(lambda ws: ws.store.conn.execute("PRAGMA busy_timeout=1").fetchone(), done.append)
    settle(qtbot, window.desk)
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        window._look.timeout.emit()
        window._count.timeout.emit()
        settle(qtbot, window.desk)
        assert told(window) == ""
        other.execute("ROLLBACK")


# ----------------------------------------------------------------------------------------------- registers of all sorts


def under_a_file(folder: DataFolder) -> None:
    folder.root.parent.mkdir(parents=True, exist_ok=True)
    folder.root.write_text("a file where the folder should be", encoding="utf-8")


@pytest.mark.fault
def test_a_folder_that_cannot_be_made_is_told_and_what_is_typed_stays(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    under_a_file(folder)
    with window_on(qtbot, folder, clock, rules) as window:
        assert "不能写入" in told(window)
        assert at(window) == "kind"
        press(KEY.Key_Escape)
        a_small_case(window)
        save(qtbot, window)
        assert "不能写入" in told(window)
        assert saved(window) == []
        assert row(window, "content").value() == "水壶不加热"


@pytest.mark.fault
def test_when_the_obstacle_is_gone_the_next_save_opens_the_register(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    under_a_file(folder)
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        save(qtbot, window)
        folder.root.unlink()
        set_up(folder, clock, rules)
        save(qtbot, window)
        until(qtbot, lambda: window.desk.storage.is_idle and window.desk.shop is not None, SOON)

        assert "TS-20261122-001" in saved(window)
        assert told(window) == ""
        assert window.windowTitle() == "云栖百货 · 前台投诉登记"
        assert window.findChild(WelcomePage) is None
        assert window._look.isActive()
    assert contents(folder) == ["水壶不加热"]


# -------------------------------------------------------------------------------------------------------- at the end


def test_nothing_is_left_running_when_the_window_is_closed(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    threads = threading.active_count()
    top_levels = set(QApplication.topLevelWidgets())
    with window_on(qtbot, folder, clock, rules) as window:
        for key in (KEY.Key_2, KEY.Key_3, KEY.Key_4, KEY.Key_1):
            press(key, CTRL)
            settle(qtbot, window.desk)
        a_small_case(window)
        window.desk.notice.emit("done", "好")
        running = [t for t in window.findChildren(QThread) if t.isRunning()] + [window.desk.storage._thread]
        assert len(running) == 1
        window.close()

        assert not window.desk.storage._thread.isRunning()
        still = [type(t.parent()).__name__ for t in window.findChildren(QTimer) if t.isActive()]
        assert still == []
        gone: list[object] = []
        window.destroyed.connect(lambda: gone.append(1))
    until(qtbot, lambda: bool(gone))
    assert threading.active_count() == threads
    left = {w for w in QApplication.topLevelWidgets() if not isinstance(w.parent(), QObject)} - top_levels
    assert left == set()
    assert len(drafts_on_disk(folder)) == 1
