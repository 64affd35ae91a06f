"""What the tests of the window may ask for: the whole window, or a single page on a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.desk_rig import open_desk
from tests.ui.window_rig import set_up, window_on
from ui.views.follow_up import FollowUpPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.desk import Desk
    from ui.main_window import MainWindow


@pytest.fixture
def others() -> tuple[str, ...]:
    """Who works there beside 小周: nobody, where a test does not say otherwise."""
    return ()


@pytest.fixture
def window(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, others: tuple[str, ...]
) -> Iterator[MainWindow]:
    """The whole window on a register that is set up and empty; 小周 is at the desk."""
    set_up(folder, clock, rules, *others)
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


@pytest.fixture
def desk(qtbot: QtBot, folder: DataFolder, rules: Rules, clock: FixedClock) -> Iterator[Desk]:
    """A desk with the storage thread running, for a page without a window around it."""
    with open_desk(qtbot, folder, rules, clock) as opened:
        yield opened


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> FollowUpPage:
    """The 跟进 page at the front, wide, not yet filled."""
    made = FollowUpPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made
