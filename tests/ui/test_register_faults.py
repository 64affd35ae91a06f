"""A save that is refused from outside: the form stays full, a sentence says why, and the next try stores it once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desk_app.services import intake
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    contents,
    drafts_on_disk,
    fill,
    go,
    offered,
    press,
    problems,
    promise,
    row,
    save,
    saved,
    set_up,
    settle,
    tabs,
    told,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

pytestmark = pytest.mark.fault
SOON = 2_000


def tell_sqlite(qtbot: QtBot, window: MainWindow, pragma: str) -> int:
    """Set a limit of SQLite's own on the window's connection, and return what it is now."""
    answers: list[int] = []
    window.desk.ask(lambda ws: ws.store.conn.execute(f"PRAGMA {pragma}").fetchone()[0], answers.append)
    settle(qtbot, window.desk)
    return answers[0]


def test_a_register_that_another_program_holds_refuses_the_save_and_takes_it_later(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    tell_sqlite(qtbot, window, "busy_timeout=50")
    a_small_case(window)
    typed = window.register.form.values()
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        save(qtbot, window)
        assert (
            told(window)
            == "登记册正被另一个程序占用（可能是杀毒或备份软件），没有保存；已填的内容还在，请过几秒再按一次保存"
        )
        assert saved(window) == []
        assert problems(window) == {}
        assert window.register.form.values() == typed
        assert at(window) == "customer_name"
        commit("（会员）")
        other.execute("ROLLBACK")
    save(qtbot, window)

    assert told(window) == ""
    assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["水壶不加热"]
    assert drafts_on_disk(folder) == []


def test_a_full_disk_refuses_the_save_and_takes_it_when_there_is_room(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    most = tell_sqlite(qtbot, window, "max_page_count")
    a_small_case(window, "很长的经过" * 3_000)
    tell_sqlite(qtbot, window, "max_page_count=1")  # SQLite makes it the pages there are
    save(qtbot, window)
    assert told(window) == "磁盘已满，没有保存；已填的内容还在，请清出空间后再试"
    assert row(window, "content").value() == "很长的经过" * 3_000
    assert contents(folder) == []

    tell_sqlite(qtbot, window, f"max_page_count={most}")
    save(qtbot, window)
    assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["很长的经过" * 3_000]


def test_drafts_that_cannot_be_kept_are_told_once_and_kept_later(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    most = tell_sqlite(qtbot, window, "max_page_count")
    tell_sqlite(qtbot, window, "max_page_count=1")
    told_so_far: list[str] = []
    window.desk.notice.connect(lambda _kind, sentence: told_so_far.append(sentence))
    keeper = window.register._keeper

    go(window, "content")
    commit("很长的经过" * 3_000)
    until(qtbot, lambda: bool(told_so_far), SOON)
    for _ in range(2):
        commit("，还有")
        until(qtbot, lambda: not keeper._pause.isActive() and not keeper._limit.isActive(), SOON)
        settle(qtbot, window.desk)
    assert told_so_far == ["磁盘已满，没有保存；已填的内容还在，请清出空间后再试"]
    assert drafts_on_disk(folder) == []

    tell_sqlite(qtbot, window, f"max_page_count={most}")
    commit("。")
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1, SOON)
    assert str(drafts_on_disk(folder)[0]["content"]).endswith("，还有，还有。")


def test_a_save_whose_answer_was_lost_is_stored_once_and_said_so(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    a_small_case(window)
    values, request_id = window.register.form.values(), window.register._request_id
    window.desk.ask(lambda ws: intake.register(ws, values, request_id), lambda _stored: None)  # it was stored …
    settle(qtbot, window.desk)
    save(qtbot, window)  # … and she tries again

    assert "已保存（上一次其实已经存好，没有重复）" in saved(window)
    assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["水壶不加热"]


def test_while_a_save_waits_the_window_says_so_and_takes_no_key(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    tell_sqlite(qtbot, window, "busy_timeout=10000")
    a_small_case(window, "另一位客人的事")
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    a_small_case(window)
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        press(KEY.Key_S, CTRL)
        assert window.register._bar.save.text() == "正在保存…"
        assert not window.register.form.isEnabled()
        press(KEY.Key_X)
        press(KEY.Key_S, CTRL)
        for key in (KEY.Key_N, KEY.Key_Tab, KEY.Key_W, KEY.Key_O):
            press(key, CTRL)
        press(KEY.Key_1, Qt.KeyboardModifier.AltModifier)
        for key in (KEY.Key_F2, KEY.Key_F3):
            press(key)
        assert row(window, "content").value() == "水壶不加热"
        assert row(window, "customer_name").value() == "李女士"
        assert window.findChild(QFileDialog) is None
        assert promise(window) == "明天 10:00 前答复"
        other.execute("ROLLBACK")
    settle(qtbot, window.desk)

    assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["水壶不加热"]
    assert window.register.form.isEnabled()
    assert tabs(window) == ["李女士 · 另一位客人的事", "[（新登记）]"]


def test_a_window_closed_while_a_save_waits_has_stored_it_when_it_is_gone(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        press(KEY.Key_S, CTRL)
        window.close()
    assert contents(folder) == ["水壶不加热"]
    assert drafts_on_disk(folder) == []


def test_a_refused_save_closed_over_comes_back_as_a_draft(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        fill(window, {"content": "没有分类"})
        save(qtbot, window)
        assert problems(window)
    with window_on(qtbot, folder, clock, rules) as window:
        assert offered(window) == ["没有分类"]
