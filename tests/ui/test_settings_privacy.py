"""设置 → 隐私: how long customers are kept is set, what is due is shown, and made anonymous by keys, twice asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.retention import after_years
from desk_app.domain.vocabulary import Role
from desk_app.services import desk as use_cases
from desk_app.services import shop
from tests.helpers.builders import NOW
from tests.helpers.canary import a_life, hits, time_goes_by
from tests.ui.settings_rig import go_to, open_privacy
from tests.ui.window_rig import CTRL, KEY, commit, on_disk, press, settle

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

SETTING = "SELECT key, value FROM setting WHERE key LIKE 'retention_%' ORDER BY key"


@pytest.fixture
def old(workspace: Workspace, clock: FixedClock, tmp_path: Path) -> str:
    """A case of the canary that was closed three years and a day ago."""
    number = a_life(workspace, tmp_path).case.number
    time_goes_by(workspace, clock, after_years(NOW, 3) + timedelta(days=1))
    return number


def run(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_Return, CTRL)
    settle(qtbot, window.desk)


def test_what_is_due_is_made_anonymous_by_keys(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, folder: DataFolder, old: str
) -> None:
    section = open_privacy(window)
    settle(qtbot, window.desk)
    assert [row[0] for row in section.due.rows] == [old]
    assert not section.run.isEnabled()  # nobody has said that it is to be done
    assert section.years.hasFocus()

    press(KEY.Key_Up)
    press(KEY.Key_Down)
    go_to(section.on)
    press(KEY.Key_Space)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert on_disk(folder, SETTING) == [("retention_on", "true")]  # years as they were
    run(qtbot, window)
    assert "匿名后不能恢复" in section.sure.text()
    assert not use_cases.case_file(workspace, old).is_anonymised
    run(qtbot, window)

    assert use_cases.case_file(workspace, old).is_anonymised
    assert hits(folder.root) == []
    assert (len(section.due.rows), [row[1:] for row in section.log.rows]) == (0, [("小周", "保存到期", "1")])


def test_esc_takes_the_first_key_back(qtbot: QtBot, window: MainWindow, workspace: Workspace, old: str) -> None:
    section = open_privacy(window)
    go_to(section.on)
    press(KEY.Key_Space)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    run(qtbot, window)

    press(KEY.Key_Escape)
    assert section.sure.text() == ""
    run(qtbot, window)

    assert "匿名后不能恢复" in section.sure.text()
    assert not use_cases.case_file(workspace, old).is_anonymised


def test_who_may_not_is_told_whose_matter_it_is(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, old: str
) -> None:
    shop.set_role(workspace, "赵店长", Role.MANAGER)

    section = open_privacy(window)
    settle(qtbot, window.desk)

    assert "店长" in section._state.text()
    assert not section.run.isEnabled()
    assert len(section.due.rows) == 0


def test_what_is_in_dispute_is_kept(qtbot: QtBot, window: MainWindow, workspace: Workspace, old: str) -> None:
    section = open_privacy(window)
    settle(qtbot, window.desk)
    go_to(section.reason)
    commit("诉讼中")
    section.due.setFocus()

    press(KEY.Key_Delete)
    settle(qtbot, window.desk)

    assert use_cases.case_file(workspace, old).is_kept
    assert len(section.due.rows) == 0
