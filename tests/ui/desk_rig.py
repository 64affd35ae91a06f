"""A desk with a real register behind it, for the tests of single pages; and keys as a person presses them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.services import shop
from desk_app.services.workspace import open_workspace
from ui import theme
from ui.desk import Desk
from ui.tasks import Storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

CTRL = Qt.KeyboardModifier.ControlModifier
TEN_SECONDS = 10_000
QUIET_TURNS = 2  # of the loop without work: a paint, and what begins when it is done


@contextmanager
def open_desk(qtbot: QtBot, folder: DataFolder, rules: Rules, clock: FixedClock) -> Iterator[Desk]:
    """Open a data folder that is set up, with the storage thread running; what nobody expected fails the test."""
    theme.apply(QApplication.instance(), dark=False)
    with_answers = open_workspace(folder, clock, rules)
    saved = shop.set_up(with_answers, "云栖酒店", "general", "小周")
    with_answers.close()
    storage = Storage(lambda: open_workspace(folder, clock, rules))
    desk = Desk(folder, rules, clock, storage)
    desk.shop = saved.shop
    crashes: list[BaseException] = []
    desk.crashed.connect(crashes.append)
    storage.start()
    yield desk
    settle(qtbot, desk)
    storage.stop()
    if crashes:
        raise crashes[0]


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Run the loop until every use case is delivered, and what is asked for after painting too."""
    quiet = 0

    def is_quiet() -> bool:
        nonlocal quiet
        quiet = quiet + 1 if desk.storage.is_idle else 0
        return quiet > QUIET_TURNS

    qtbot.waitUntil(is_quiet, timeout=TEN_SECONDS)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is; an open popup takes the keys first, as the window system has it."""
    popup, here = QApplication.activePopupWidget(), focus()
    QTest.keyClick(here if popup is None else popup.focusWidget() or popup, key, modifiers)
    if popup is not None and QApplication.activePopupWidget() is None:
        here.window().activateWindow()  # as every window system does but the offscreen one
        QApplication.processEvents()


def commit(text: str) -> None:
    """Enter a text where the focus is, as an input method does."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(focus(), event)


def focus() -> QWidget:
    """Return the widget that the keys go to."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget


def notices(desk: Desk) -> list[tuple[str, str]]:
    """Return a list that every notice from now on is added to: its kind and its sentence."""
    heard: list[tuple[str, str]] = []
    desk.notice.connect(lambda kind, sentence: heard.append((kind, sentence)))
    return heard
