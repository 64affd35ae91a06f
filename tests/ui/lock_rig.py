"""The locked desk, as it is seen and as it is opened by keys; and a shop whose people have PINs and roles."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desk_app.domain.vocabulary import Role
from desk_app.services import access, shop
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import CTRL, press, settle
from tests.ui.window_rig import KEY, set_up
from ui.views.lock import LockPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier
PINS = {"小周": "2580", "李主管": "1379", "王店长": "7531"}


def staff_with_pins(folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    """Set up a shop of three, each with a PIN: 小周 receives, 李主管 supervises, 王店长 manages; 小周 signs in next."""
    set_up(folder, clock, rules, "李主管", "王店长")
    with closing(open_workspace(folder, clock, rules)) as ws:
        shop.set_role(ws, "王店长", Role.MANAGER)
        access.sign_in(ws, "王店长")
        shop.set_role(ws, "李主管", Role.SUPERVISOR)
        shop.set_role(ws, "小周", Role.RECEPTIONIST)
        for name in ("小周", "李主管", "王店长"):
            access.set_pin(ws, name, PINS[name])
        access.sign_in(ws, "小周", PINS["小周"])


def switch_to(qtbot: QtBot, window: MainWindow, name: str) -> list[Qt.Key]:
    """Let somebody take over as at the counter: F4, their digit, their PIN, Enter. Return the keys that it took."""
    digit = KEY(ord(str(list(PINS).index(name) + 1)))
    press(KEY.Key_F4)
    press(digit)
    settle(qtbot, window.desk)
    type_pin(qtbot, window, PINS[name])
    return [KEY.Key_F4, digit, *(KEY(ord(each)) for each in PINS[name]), KEY.Key_Return]


def lock_page(window: MainWindow) -> LockPage:
    """Return the page that stands while the desk is locked; it was shown before."""
    page = window.findChild(LockPage)
    assert page is not None
    return page


def is_locked(window: MainWindow) -> bool:
    """Whether that page is in front."""
    page = window.findChild(LockPage)
    return page is not None and page.isVisible()


def type_pin(qtbot: QtBot, window: MainWindow, pin: str) -> None:
    """Type a PIN and Enter."""
    for digit in pin:
        press(Qt.Key(ord(digit)))
    press(KEY.Key_Return)
    settle(qtbot, window.desk)


def lock_now(qtbot: QtBot, window: MainWindow) -> None:
    """Press Ctrl+Shift+L."""
    press(KEY.Key_L, CTRL | SHIFT)
    settle(qtbot, window.desk)
