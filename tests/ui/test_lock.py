"""The lock: who is at the desk proves it, and what was half typed is there afterwards, unseen in between."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from desk_app.domain.vocabulary import Role
from desk_app.services import access, shop
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import CTRL, commit, press, settle
from tests.ui.lock_rig import is_locked, lock_now, lock_page, type_pin
from tests.ui.window_rig import KEY, row, set_up, told, window_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

PIN = "2580"


@pytest.fixture
def staffed(folder: DataFolder, clock: FixedClock, rules: Rules) -> str:
    """A shop of two: 小周 has no PIN and is at the desk, 王店长 has one. Return the recovery code."""
    set_up(folder, clock, rules, "王店长")
    with closing(open_workspace(folder, clock, rules)) as ws:
        code = access.set_pin(ws, "王店长", PIN).code
        shop.set_role(ws, "王店长", Role.MANAGER)
        return code


@pytest.fixture
def window(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, staffed: str) -> Iterator[MainWindow]:
    with window_on(qtbot, folder, clock, rules) as shown:
        yield shown


def take_over(qtbot: QtBot, window: MainWindow, pin: str = PIN) -> None:
    """Press F4 2, and type the PIN."""
    window.top._menu.actions()[1].trigger()
    settle(qtbot, window.desk)
    type_pin(qtbot, window, pin)


def test_who_has_a_pin_takes_over_by_it_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.top._menu.actions()[1].trigger()
    settle(qtbot, window.desk)
    assert is_locked(window)
    assert lock_page(window).who.value() == "王店长"
    assert window.desk.shop.operator == "小周"

    type_pin(qtbot, window, PIN)

    assert not is_locked(window)
    assert window.desk.shop.operator == "王店长"
    assert told(window) == "现在由 王店长 受理"


def test_esc_leaves_who_was_there(window: MainWindow, qtbot: QtBot) -> None:
    window.top._menu.actions()[1].trigger()
    settle(qtbot, window.desk)

    press(KEY.Key_Escape)

    assert not is_locked(window)
    assert window.desk.shop.operator == "小周"


def test_what_is_half_typed_is_unseen_while_locked_and_there_afterwards(window: MainWindow, qtbot: QtBot) -> None:
    take_over(qtbot, window)
    row(window, "content").editor.setFocus()
    commit("空调漏水")

    lock_now(qtbot, window)

    assert is_locked(window)
    assert not window.register.isVisible()
    assert not window.top.isVisible()
    assert not window.rail.isVisible()
    press(KEY.Key_2, CTRL)
    press(KEY.Key_Escape)
    settle(qtbot, window.desk)
    assert is_locked(window), "no key leads away"

    type_pin(qtbot, window, PIN)
    assert not is_locked(window)
    assert row(window, "content").value() == "空调漏水"


@pytest.fixture
def is_lost_while_locked(window: MainWindow, qtbot: QtBot, folder: DataFolder) -> None:
    """The manager took over, typed, and locked the desk; then the register was damaged, and tried once more in vain."""
    take_over(qtbot, window)
    row(window, "content").editor.setFocus()
    commit("空调漏水")
    settle(qtbot, window.desk)
    lock_now(qtbot, window)
    shutil.copy(folder.database, folder.database.with_name("as-it-was"))
    folder.database.write_bytes(b"no register" * 900)
    type_pin(qtbot, window, PIN)
    assert window._stack.current == "recovery"
    press(KEY.Key_R)
    settle(qtbot, window.desk)


@pytest.mark.usefixtures("is_lost_while_locked")
def test_a_register_lost_while_locked_leads_nobody_past_the_lock(window: MainWindow, qtbot: QtBot) -> None:
    pages = [(key, CTRL) for key in (KEY.Key_1, KEY.Key_2, KEY.Key_4, KEY.Key_F, KEY.Key_Z)]
    keys = [(key,) for key in (KEY.Key_F8, KEY.Key_F12, KEY.Key_R, KEY.Key_Escape)]
    for key in ((KEY.Key_Escape,), *pages, *keys):
        press(*key)
        settle(qtbot, window.desk)
        assert window._stack.current == "recovery", key
        assert not window.register.isVisible(), key
        assert not window.rail.isVisible(), key

    assert told(window) == "前台还锁着：登记册能打开了，才能签到"


@pytest.mark.usefixtures("is_lost_while_locked")
def test_a_register_that_is_there_again_is_locked_as_before(
    window: MainWindow, qtbot: QtBot, folder: DataFolder
) -> None:
    folder.database.with_name("as-it-was").replace(folder.database)

    press(KEY.Key_R)
    seen = []
    while not window.desk.storage.is_idle or not is_locked(window):
        qtbot.wait(1)
        seen.append(window.register.isVisible())

    assert not any(seen), "the half-typed form is not even seen in passing"
    type_pin(qtbot, window, PIN)
    assert window._stack.current == "register"
    assert row(window, "content").value() == "空调漏水"


def test_a_wrong_pin_is_told_and_the_field_is_empty_again(window: MainWindow, qtbot: QtBot) -> None:
    take_over(qtbot, window)
    lock_now(qtbot, window)

    type_pin(qtbot, window, "9999")

    assert is_locked(window)
    assert lock_page(window)._told.text() == "姓名或口令不对，请再试"
    assert lock_page(window).pin.text() == ""
    assert QApplication.focusWidget() is lock_page(window).pin


def test_after_five_wrong_ones_there_is_a_wait_that_is_counted_down(
    window: MainWindow, qtbot: QtBot, clock: FixedClock
) -> None:
    take_over(qtbot, window)
    lock_now(qtbot, window)
    for _ in range(5):
        type_pin(qtbot, window, "9999")
    page = lock_page(window)

    assert "请等 1 分 0 秒" in page._told.text()
    assert not page.pin.isEnabled()
    page._wait.timeout.emit()
    assert "请等 0 分 59 秒" in page._told.text()
    clock.uptime += 61
    for _ in range(59):
        page._wait.timeout.emit()

    assert page.pin.isEnabled()
    type_pin(qtbot, window, PIN)
    assert not is_locked(window)


def test_the_recovery_code_sets_a_new_pin_and_shows_the_next_once(
    window: MainWindow, qtbot: QtBot, staffed: str
) -> None:
    take_over(qtbot, window)
    lock_now(qtbot, window)
    page = lock_page(window)
    press(KEY.Key_F9)
    page.code.setText(staffed.lower())
    page.new.setText("7531")
    page.again.setText("7532")
    press(KEY.Key_Return)
    assert "不一样" in page._told.text()
    page.again.setText("7531")

    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert is_locked(window), "until the next code was written down"
    words = page._words.text()
    assert staffed not in words
    assert words.count("-") >= 3
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    assert not is_locked(window)
    assert page._words.text() == ""
    lock_now(qtbot, window)
    type_pin(qtbot, window, "7531")
    assert not is_locked(window)


def test_nobody_at_the_keys_for_a_while_locks_it(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.locking.idle.timer.isActive(), "who has no PIN is not locked out"
    take_over(qtbot, window)
    timer = window.locking.idle.timer
    assert timer.isActive()
    assert timer.interval() == 10 * 60_000

    timer.timeout.emit()
    settle(qtbot, window.desk)

    assert is_locked(window)
    assert not timer.isActive()


def test_where_nobody_has_a_pin_there_is_nothing_to_lock(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        lock_now(qtbot, window)

        assert not is_locked(window)
        assert told(window).startswith("还没有人设口令")


def test_a_window_whose_operator_has_a_pin_opens_locked(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, staffed: str
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.sign_in(ws, "王店长", PIN)

    with window_on(qtbot, folder, clock, rules) as window:
        assert is_locked(window)
        type_pin(qtbot, window, PIN)
        assert not is_locked(window)
        assert window.register.isVisible()


def test_a_shop_of_before_is_told_once_what_it_means_to_have_no_pins(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        shop.change_shop(ws, lambda one: replace(one, told_open=False))

    with window_on(qtbot, folder, clock, rules) as window:
        assert told(window).startswith("没有人设口令：能用这台电脑的人都可以用任何人的名义")
    with window_on(qtbot, folder, clock, rules) as window:
        assert told(window) == ""


def test_eight_people_with_long_names_are_all_seen_on_a_small_screen(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    names = ["小周", "王店长", *(f"迪丽热巴·阿卜杜拉{place}" for place in "二三四五六七")]
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.sign_in(ws, "王店长", PIN, stays=False)
        shop.save_shop(ws, "云栖百货", "general", names)
    window.resize(911, 512)
    take_over(qtbot, window)

    lock_now(qtbot, window)

    page = lock_page(window)
    assert page.who.height() >= page.who.heightForWidth(page.who.width()) > 2 * page.pin.height()
