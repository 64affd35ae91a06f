"""Whose case it is that is open: which complaint of theirs, and the way to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers.builders import registered
from tests.ui.case_rig import KEY, open_case
from tests.ui.window_rig import press, settle, told
from ui.views.case_detail_head import CaseHead
from ui.views.customer_menu import CustomerMenu

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


def whose(window: MainWindow) -> str:
    """Return what the head says of the customer; empty where it says nothing."""
    button = window.findChild(CaseHead)._whose
    return button.text() if button.isVisible() else ""


def test_the_head_says_which_complaint_it_is_and_a_key_leads_to_the_others(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    first = registered(workspace, "a", received_at="2026-11-20 09:00").case.number
    second = registered(workspace, "b", content="又坏了").case.number
    open_case(qtbot, window, first)
    assert whose(window) == "第 1 次投诉，另有 1 件未了  H"

    press(KEY.Key_H)
    menu = window.findChild(CustomerMenu)
    assert [action.text().split("　")[0] for action in menu.actions()[:2]] == [second, first]
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert window.findChild(CaseHead).number.text() == second
    assert whose(window) == "第 2 次投诉，另有 1 件未了  H"


def test_the_head_follows_what_is_registered_meanwhile_and_says_nothing_of_a_first_case(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, "a").case.number
    open_case(qtbot, window, number)
    assert whose(window) == ""

    registered(workspace, "b", content="又坏了")
    window._look_now()
    settle(qtbot, window.desk)

    assert whose(window) == "第 1 次投诉，另有 1 件未了  H"


def test_a_case_of_nobody_in_particular_says_so(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    open_case(qtbot, window, registered(workspace, "a", anonymous=True).case.number)

    press(KEY.Key_H)
    settle(qtbot, window.desk)

    assert "认不出是哪位客户" in told(window)
