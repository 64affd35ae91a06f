"""Merging in the window: the form of the void has a field more, both cases lead to each other, Ctrl+Z parts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import CTRL, KEY, act, begin, buttons, done, form, open_case, problems
from tests.ui.window_rig import button, commit, press, settle, told
from ui.views.case_detail import CaseDetail

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


def two(ws: Workspace) -> tuple[str, str]:
    """Put the same matter on file twice; return the number that is to stay and the one that is to go."""
    return registered(ws, "first").case.number, registered(ws, "second").case.number


def shown(window: MainWindow) -> str:
    return window.findChild(CaseDetail).number


def test_merged_by_keys_each_leads_to_the_other(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    stays, goes = two(workspace)
    open_case(qtbot, window, goes)

    act(qtbot, window, KEY.Key_Z, "重复登记", KEY.Key_Tab, stays.removeprefix("TS-"))

    assert use_cases.case_file(workspace, goes).merged_into == stays
    assert told(window) == f"{goes} 已并入 {stays}，按 J 打开它；用 {goes} 也还查得到"
    assert button(window, f"已并入 {stays}").text().endswith("J")
    press(KEY.Key_J)
    settle(qtbot, window.desk)
    assert shown(window) == stays
    button(window, f"并入了 {goes}").click()
    settle(qtbot, window.desk)
    assert shown(window) == goes


def test_found_by_its_own_number_it_says_where_it_went(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    stays, goes = two(workspace)
    acted(workspace, goes, "void", reason="重复登记", into=stays)
    open_case(qtbot, window, stays)

    press(KEY.Key_F, CTRL)
    commit(goes)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert shown(window) == goes
    assert button(window, f"已并入 {stays}").isEnabled()


def test_taken_back_both_are_as_they_were(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    stays, goes = two(workspace)
    before = [use_cases.case_file(workspace, number).owed for number in (stays, goes)]
    open_case(qtbot, window, goes)
    act(qtbot, window, KEY.Key_Z, "重复登记", KEY.Key_Tab, stays)

    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert [use_cases.case_file(workspace, number).owed for number in (stays, goes)] == before
    assert not use_cases.case_file(workspace, goes).merged_into
    assert "J" not in buttons(window)


def test_a_number_that_is_none_is_said_under_its_field(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    stays, goes = two(workspace)
    open_case(qtbot, window, goes)

    begin(window, KEY.Key_Z, "重复登记", KEY.Key_Tab, f"{stays}9")
    done(qtbot, window)

    assert problems(window) == [f"into: 没有编号为“{stays}9”的登记，请核对编号"]
    assert use_cases.case_file(workspace, goes).owed


def test_what_would_be_lost_is_said_in_the_form_and_what_was_typed_stays(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    stays, goes = two(workspace)
    acted(workspace, goes, "promise", what="送一张券")
    open_case(qtbot, window, goes)

    begin(window, KEY.Key_Z, "重复登记", KEY.Key_Tab, stays)
    done(qtbot, window)

    open_ = form(window)
    assert open_ is not None
    assert open_.values() == {"reason": "重复登记", "into": stays}
    assert "“送一张券”" in problems(window)[0]
    assert f"先在 {stays} 上照样记下" in problems(window)[0]


def test_a_case_that_was_never_merged_leads_nowhere(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    stays, _goes = two(workspace)
    open_case(qtbot, window, stays)

    press(KEY.Key_J)

    assert told(window) == f"{stays} 没有与别的登记合并过"
    assert shown(window) == stays
