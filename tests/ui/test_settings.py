"""The 设置 page, and the choice of who receives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from desk_app.services import intake
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import a_case
from tests.ui.settings_rig import ALT
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    commit,
    focus,
    is_seen,
    on_disk,
    press,
    save,
    say,
    settle,
    told,
    until,
)
from ui.views.settings import SettingsPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.results import Shop
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("小吴",)


def open_settings(window: MainWindow) -> SettingsPage:
    press(KEY.Key_4, CTRL)
    page = window.findChild(SettingsPage)
    assert page is not None
    assert page.isVisible()
    return page


def shop_on_disk(folder: DataFolder, clock: FixedClock, rules: Rules) -> Shop:
    ws = open_workspace(folder, clock, rules)
    shop = ws.shop
    ws.close()
    return shop


def seen_texts(of: QWidget) -> list[str]:
    return [label.text() for label in of.findChildren(QLabel) if is_seen(label)]


def test_what_is_set_by_keyboard_holds_at_once_everywhere(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = open_settings(window)
    before = {"name": "云栖百货", "trade": "general", "operators": "小周\n小吴", "silence": "90", "reminders": True}
    before |= {"strip_place": True, "repetition": "30", "idle": "10"}
    assert page.form.values() == before

    press(KEY.Key_A, CTRL)
    commit("云栖酒店")
    press(KEY.Key_Return)
    press(KEY.Key_2)
    press(KEY.Key_Return)
    press(KEY.Key_End, CTRL)
    press(KEY.Key_Return)  # breaks the line
    commit("小郑")
    save(qtbot, window)

    assert told(window) == "设置已保存"
    assert window.windowTitle() == "云栖酒店 · 前台投诉登记"
    assert "云栖酒店" in seen_texts(window.top)
    press(KEY.Key_1, CTRL)
    assert window.register.form.rows["item"].editor.lines.keys() == {c.key for c in rules.trade("hotel").items}
    shop = shop_on_disk(folder, clock, rules)
    assert (shop.name, shop.trade, shop.operators, shop.operator) == (
        "云栖酒店",
        "hotel",
        ("小周", "小吴", "小郑"),
        "小周",
    )


def test_names_that_cannot_be_are_refused_in_words_and_change_nothing(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = open_settings(window)
    names = page.form.rows["operators"]
    say(KEY.Key_Tab, KEY.Key_Tab)
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    save(qtbot, window)
    assert names.problem == "请填写受理人的姓名"
    assert names.editor.hasFocus()

    commit("小周\n小吴")
    save(qtbot, window)
    assert told(window) == "设置已保存"
    press(KEY.Key_A, CTRL)
    commit("x" * 41)
    save(qtbot, window)
    assert told(window) == ""  # what was stored before is no news under what is refused now
    assert names.problem == "最多 40 个字，现有 41 个，请缩短"
    assert names.value() == "x" * 41
    assert names.editor.hasFocus()
    assert shop_on_disk(folder, clock, rules).operators == ("小周", "小吴")


def test_every_tab_fits_a_small_screen_and_every_stop_of_the_tab_key_is_in_sight(window: MainWindow) -> None:
    page = open_settings(window)
    for tab in (
        KEY.Key_2,
        KEY.Key_3,
        KEY.Key_6,
        KEY.Key_7,
        KEY.Key_1,
    ):  # the others make theirs when they are first wanted
        press(tab, ALT)
    window.resize(911, 512)
    QApplication.processEvents()
    assert window.width() == 911

    stops = []
    while focus() not in stops:
        stops.append(focus())
        press(KEY.Key_Tab)
        QApplication.processEvents()
        assert focus().visibleRegion().boundingRect() == focus().rect(), focus().accessibleName()
    assert {*page.roles.bars.values(), page.form.rows["name"].editor} <= set(stops)


def test_half_typed_settings_stay_when_another_program_writes(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = open_settings(window)
    press(KEY.Key_End)
    commit("（南门）")
    other = open_workspace(folder, clock, rules)
    intake.register(other, a_case(), "another program")
    other.close()
    with qtbot.waitSignal(window.desk.changed, timeout=5000):
        pass  # the window looks by itself
    settle(qtbot, window.desk)

    assert page.form.values()["name"] == "云栖百货（南门）"


def test_a_backup_and_a_check_are_made_by_their_keys_and_told(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = open_settings(window)
    press(KEY.Key_F5)
    settle(qtbot, window.desk)
    written = next(t for t in seen_texts(page) if t.startswith("备份已写好并核对"))
    path = Path(re.sub("^备份已写好并核对：", "", written))
    assert path.parent == folder.backups
    assert path.read_bytes().startswith(b"SQLite format 3\0")

    press(KEY.Key_F6)
    settle(qtbot, window.desk)
    assert "登记册检查无误" in seen_texts(page)
    assert any(str(folder.root) in t for t in seen_texts(page))


@pytest.mark.fault
def test_a_backup_that_cannot_be_made_is_told_and_leaves_nothing_waiting(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = open_settings(window)
    if folder.backups.exists():
        folder.backups.rename(folder.root / "elsewhere")
    folder.backups.write_text("a file where the folder should be", encoding="utf-8")
    press(KEY.Key_F5)
    settle(qtbot, window.desk)

    assert "备份没有成功" in told(window)
    assert not any("正在备份" in t for t in seen_texts(page))


def test_the_operator_is_changed_by_two_keys_and_receives_the_next_case(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    menus: list[str] = []

    def choose() -> None:
        if isinstance(menu := QApplication.activePopupWidget(), QMenu):
            timer.stop()
            menus.extend(action.text() for action in menu.actions())
            press(KEY.Key_2)

    timer = QTimer()  # an open menu runs the loop itself
    timer.timeout.connect(choose)
    timer.start(10)
    press(KEY.Key_F4)
    until(qtbot, lambda: bool(menus))
    settle(qtbot, window.desk)

    assert menus == ["&1  小周", "&2  小吴", "", "交班…  F8"]
    assert told(window) == "现在由 小吴 受理"
    assert focus().window() is window
    a_small_case(window)
    save(qtbot, window)
    assert on_disk(folder, 'SELECT receiver, first_contact FROM "case"') == [("小吴", "小吴")]
