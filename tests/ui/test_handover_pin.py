"""Who takes over a shift proves it where they have a PIN: on the 交班 page, by keyboard."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit

from desk_app.services import access
from desk_app.services.workspace import open_workspace
from tests.ui.window_rig import CTRL, KEY, focus, on_disk, press, say, set_up, settle, told, window_on
from ui.views.handover import HandoverPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

PIN = "2580"


@pytest.fixture
def window(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[MainWindow]:
    """小周 hands over; 小吴 has a PIN, 小郑 has none."""
    set_up(folder, clock, rules, "小吴", "小郑")
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.set_pin(ws, "小吴", PIN)
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


def form_for(qtbot: QtBot, window: MainWindow, place: int) -> HandoverPage:
    """Fill in the form: the person at this place of the list takes over; stop at the last field."""
    press(KEY.Key_F8)
    settle(qtbot, window.desk)
    page = window.findChild(HandoverPage)
    assert page is not None
    press(KEY.Key_Tab)
    say(*[KEY.Key_Down] * place, KEY.Key_Return, KEY.Key_Down)
    assert page.form is not None
    while focus() is not page.form.rows["settled"].editor:
        press(KEY.Key_Tab)
    press(KEY.Key_Space)
    return page


def sign(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)


def type_pin(page: HandoverPage, pin: str) -> None:
    assert focus() is page.pin.line
    for digit in pin:
        press(KEY(ord(digit)))


def signed(folder: DataFolder) -> list[tuple[object, ...]]:
    return on_disk(folder, "SELECT outgoing, incoming FROM handover")


def test_the_incoming_person_types_their_pin_unseen_after_the_form(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = form_for(qtbot, window, 1)
    assert page.pin.isVisible()
    assert "小吴" in page.pin.line.accessibleName()
    press(KEY.Key_Tab)
    type_pin(page, PIN)
    assert page.pin.line.echoMode() is QLineEdit.EchoMode.Password

    sign(qtbot, window)

    assert signed(folder) == [("小周", "小吴")]
    assert window.desk.shop.operator == "小吴"
    assert not page.pin.isVisible()
    assert page.pin.line.text() == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "接班人 小吴 设有口令：请本人输入口令，再按 Ctrl+S"), ("9999", "姓名或口令不对，请再试")],
)
def test_nothing_is_signed_without_it_and_everything_typed_stays(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, typed: str, sentence: str
) -> None:
    page = form_for(qtbot, window, 1)
    press(KEY.Key_Tab)
    type_pin(page, typed)

    sign(qtbot, window)

    assert signed(folder) == []
    assert told(window) == sentence
    misses = on_disk(folder, "SELECT count(*) FROM journal WHERE what = 'sign_in_failed'")
    assert misses == [(1 if typed else 0,)], "one that was not given is no miss"
    assert window.desk.shop.operator == "小周"
    assert page.form is not None
    assert page.form.values()["shift"] == "早班"
    type_pin(page, PIN)
    sign(qtbot, window)
    assert signed(folder) == [("小周", "小吴")]


def test_who_has_none_is_asked_for_none(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    page = form_for(qtbot, window, 2)
    assert not page.pin.isVisible()

    sign(qtbot, window)

    assert signed(folder) == [("小周", "小郑")]


def test_a_pin_that_was_typed_is_forgotten_when_the_page_is_left(qtbot: QtBot, window: MainWindow) -> None:
    page = form_for(qtbot, window, 1)
    press(KEY.Key_Tab)
    type_pin(page, PIN)

    press(KEY.Key_1, CTRL)
    press(KEY.Key_F8)
    settle(qtbot, window.desk)

    assert page.pin.isVisible()
    assert page.pin.line.text() == ""
