"""The queue comes to the front: painted once, with its fresh rows, and the case beside them after them."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject

from tests.helpers.builders import registered
from tests.ui.case_rig import KEY
from tests.ui.window_rig import CTRL, press, set_up, settle, window_on
from ui.views.case_detail_text import ReadingPane
from ui.views.case_guide import GuidePane
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QAbstractScrollArea
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


_TEN_SECONDS = 10  # the longest that a test which fails holds the disk


@pytest.fixture
def window(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace
) -> Iterator[MainWindow]:
    """The window with one case on file; its queue was at the front, and the form is now."""
    set_up(folder, clock, rules)
    registered(workspace, "a")
    with window_on(qtbot, folder, clock, rules) as shown:
        for key in (KEY.Key_2, KEY.Key_1):
            press(key, CTRL)
            settle(qtbot, shown.desk)
        yield shown


class Paintings(QObject):
    """Writes down, in order, which part is painted and how many rows the queue has at that moment."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.seen: list[tuple[str, int]] = []
        self._rows = window.findChild(QueueTable).model()
        self._parts: dict[QObject, str] = {}
        for name, kind in (("rows", QueueTable), ("case", ReadingPane)):
            part: QAbstractScrollArea = window.findChild(kind)
            self._parts[part.viewport()] = name
            part.viewport().installEventFilter(self)

    def eventFilter(self, painted: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own name
        if event.type() == QEvent.Type.Paint:
            self.seen.append((self._parts[painted], self._rows.rowCount()))
        return False


def test_the_first_that_is_painted_are_the_fresh_rows_and_then_the_case(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    paintings = Paintings(window)
    registered(workspace, "b")

    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)

    qtbot.waitUntil(lambda: ("case", 2) in paintings.seen)
    assert paintings.seen[0] == ("rows", 2), "not the one row of before"
    assert {rows for _part, rows in paintings.seen} == {2}


def test_a_busy_disk_leaves_no_page_unpainted(qtbot: QtBot, window: MainWindow) -> None:
    paintings, may_go_on = Paintings(window), Event()
    window.desk.ask(lambda _ws: may_go_on.wait(_TEN_SECONDS), lambda _done: None)

    press(KEY.Key_2, CTRL)

    qtbot.waitUntil(lambda: {("rows", 1), ("case", 1)} <= set(paintings.seen))
    may_go_on.set()
    settle(qtbot, window.desk)


def test_a_page_that_stayed_in_front_goes_on_being_painted(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    paintings = Paintings(window)
    registered(workspace, "b")

    window.show_page("follow_up")
    settle(qtbot, window.desk)

    qtbot.waitUntil(lambda: ("rows", 2) in paintings.seen)


def test_the_guide_is_made_when_it_is_asked_for_and_knows_the_case(qtbot: QtBot, window: MainWindow) -> None:
    page = window.show_page("follow_up")
    settle(qtbot, window.desk)
    assert page.findChild(GuidePane) is None

    press(KEY.Key_F7)
    settle(qtbot, window.desk)

    assert page.findChild(GuidePane).isVisible()
    assert page.findChild(GuidePane)._stage is not None, "that of the case beside it"
