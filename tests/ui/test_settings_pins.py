"""PINs in the settings: set, changed, taken away, and the code that is shown once."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desk_app.errors import KnownError
from desk_app.services import access
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import press, settle
from tests.ui.settings_rig import go_to, open_settings
from tests.ui.window_rig import KEY, is_seen, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.settings_pins import StaffPins


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("李主管", "郑店长")


def open_pins(qtbot: QtBot, window: MainWindow) -> StaffPins:
    pins = open_settings(window).pins
    settle(qtbot, window.desk)
    return pins


def words(of: StaffPins) -> str:
    return "\n".join(label.text() for label in of.findChildren(QLabel) if is_seen(label))


def set_pin(qtbot: QtBot, window: MainWindow, of: StaffPins, place: int, pin: str, again: str = "") -> None:
    """Choose a person by their digit, type the PIN twice, Enter."""
    go_to(of.who)
    press(KEY(ord(str(place))))
    of.new.setText(pin)
    go_to(of.again)
    of.again.setText(again or pin)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)


def test_a_pin_holds_at_once_and_the_code_is_shown_once(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    pins = open_pins(qtbot, window)
    assert "没有人设口令" in words(pins), "what it means to have none is said"

    set_pin(qtbot, window, pins, 3, "2580")

    assert "恢复码（抄下或打印" in words(pins)
    assert pins.new.text() == pins.again.text() == ""
    assert "郑店长（有口令）" in [choice.label for choice in pins.who._choices]
    with closing(open_workspace(folder, clock, rules)) as ws:
        with pytest.raises(KnownError, match="sign_in_refused"):
            access.sign_in(ws, "郑店长", "2581")
        assert access.sign_in(ws, "郑店长", "2580", stays=False).shop.operator == "郑店长"
    go_to(pins.who)
    press(KEY.Key_1)
    assert "恢复码（抄下" not in words(pins)


@pytest.mark.parametrize(
    "tried", [("12", "", "口令至少 4 位"), ("1234", "", "太容易猜到"), ("2580", "2581", "两次输的不一样")]
)
def test_a_bad_one_is_refused_in_a_sentence_and_nothing_is_stored(
    qtbot: QtBot, window: MainWindow, tried: tuple[str, str, str]
) -> None:
    pin, again, sentence = tried
    pins = open_pins(qtbot, window)

    set_pin(qtbot, window, pins, 3, pin, again)

    assert sentence in told(window) + words(pins)
    assert "郑店长" in [choice.label for choice in pins.who._choices], "and not marked as having one"


def test_ones_own_is_changed_and_taken_away_only_with_the_old_one(qtbot: QtBot, window: MainWindow) -> None:
    pins = open_pins(qtbot, window)
    assert not pins.old.isVisible()
    set_pin(qtbot, window, pins, 1, "2580")
    assert pins.old.isVisible()
    assert pins.set.text() == "改口令  Enter"

    pins.old.setText("9999")
    pins.remove.click()
    settle(qtbot, window.desk)
    assert told(window) == "姓名或口令不对，请再试"
    pins.old.setText("2580")
    pins.remove.click()
    settle(qtbot, window.desk)

    assert not pins.old.isVisible()
    assert not pins.remove.isVisible()
    assert "没有人设口令" in words(pins)
