"""The journal in the settings: who did what, narrowed by a digit; nobody reads it who may not."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Role
from desk_app.services import access, shop
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import press, settle
from tests.ui.settings_rig import ALT, go_to, open_settings
from tests.ui.window_rig import KEY, set_up, window_on
from ui.views.settings_journal import JournalSection

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("李主管", "郑店长")


def open_journal(qtbot: QtBot, window: MainWindow) -> JournalSection:
    page = open_settings(window)
    press(KEY.Key_5, ALT)
    settle(qtbot, window.desk)
    section = page.findChild(JournalSection)
    assert section is not None
    return section


def told(section: JournalSection) -> list[str]:
    return ["  ".join(row[1:]) for row in section.table.rows]


def test_what_was_done_is_listed_the_newest_first_and_a_digit_narrows_it(qtbot: QtBot, window: MainWindow) -> None:
    window.desk.ask(lambda ws: shop.set_role(ws, "郑店长", Role.MANAGER), lambda _done: None)
    window.desk.ask(lambda ws: access.sign_in(ws, "郑店长"), lambda done: window.desk.take_shop(done.shop))
    settle(qtbot, window.desk)

    section = open_journal(qtbot, window)

    assert told(section)[0].startswith("郑店长  签到")
    assert any(line.startswith("小周  改设置") for line in told(section))
    go_to(section.which)
    press(KEY.Key_2)
    settle(qtbot, window.desk)
    assert told(section)
    assert all("签到" in line for line in told(section))


def test_who_may_not_read_it_is_told_who_may(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    set_up(folder, clock, rules, "郑店长")
    with closing(open_workspace(folder, clock, rules)) as ws:
        shop.set_role(ws, "郑店长", Role.MANAGER)

    with window_on(qtbot, folder, clock, rules) as window:
        section = open_journal(qtbot, window)

        assert told(section) == []
        assert section.table._empty.text() == "小周 没有“看操作日志”的权限，请由店长办理（F4 可换操作员）"
