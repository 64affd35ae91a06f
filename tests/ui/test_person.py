"""What a customer may ask for, from their menu: a copy, a consent taken back, to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.services import desk as use_cases
from tests.helpers.builders import registered
from tests.helpers.canary import PHONE, a_life
from tests.ui.case_rig import KEY, open_case
from tests.ui.settings_rig import go_to
from tests.ui.window_rig import CTRL, commit, press, settle, until
from ui.views.case_detail_head import CaseHead
from ui.views.person_dialog import PersonDialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


@pytest.fixture
def both(workspace: Workspace, tmp_path: Path) -> tuple[str, str]:
    """A closed and an open case of the canary."""
    closed = a_life(workspace, tmp_path).case.number
    return closed, registered(workspace, "fresh", customer_phone=PHONE, consent=True).case.number


def opened(qtbot: QtBot, window: MainWindow, number: str) -> PersonDialog:
    """Open the dialog by keys: the customer's menu, then its letter."""
    open_case(qtbot, window, number)
    press(KEY.Key_H)
    press(KEY.Key_P)
    until(qtbot, lambda: window.findChild(PersonDialog) is not None)
    settle(qtbot, window.desk)
    return window.findChild(PersonDialog)


def test_a_copy_is_written(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, both: tuple[str, str], tmp_path: Path
) -> None:
    dialog = opened(qtbot, window, both[1])

    dialog.write(str(tmp_path / "out"))
    settle(qtbot, window.desk)

    (file,) = (tmp_path / "out").iterdir()
    assert str(file) in dialog.outcome.text()
    assert "登记 2 件" in dialog.told.text()


def test_a_consent_is_taken_back(qtbot: QtBot, window: MainWindow, workspace: Workspace, both: tuple[str, str]) -> None:
    dialog = opened(qtbot, window, both[1])
    go_to(dialog.reason)
    commit("本人来电")

    press(KEY.Key_W, CTRL)
    settle(qtbot, window.desk)

    assert all(use_cases.case_file(workspace, number).withdrawal is not None for number in both)
    press(KEY.Key_Escape)
    settle(qtbot, window.desk)
    shown = [label.text() for label in window.findChild(CaseHead)._about]
    assert any("客户已撤回同意" in text for text in shown)


def test_who_asks_for_it_is_forgotten_where_their_matter_is_over(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, both: tuple[str, str]
) -> None:
    closed, fresh = both
    dialog = opened(qtbot, window, fresh)
    assert f"{fresh} 还没有办结" in dialog.told.text()

    press(KEY.Key_D, CTRL)
    settle(qtbot, window.desk)
    assert not use_cases.case_file(workspace, closed).is_anonymised
    press(KEY.Key_D, CTRL)
    settle(qtbot, window.desk)

    assert use_cases.case_file(workspace, closed).is_anonymised
    assert not use_cases.case_file(workspace, fresh).is_anonymised
    assert "已匿名 1 件" in dialog.outcome.text()
