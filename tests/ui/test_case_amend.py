"""Putting the facts of a case right, in its pane, by keys: what was missing, what was wrong, two windows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit

from desk_app.domain.queue import View
from desk_app.domain.vocabulary import Kind
from desk_app.services import desk as use_cases
from tests.helpers.builders import a_full_case, acted, registered
from tests.ui.case_rig import KEY, begin, done, fields, form, open_case, problems, story
from tests.ui.window_rig import CTRL, USUAL_SCREEN, commit, press, settle, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

TAB = KEY.Key_Tab


def unrecorded(workspace: Workspace) -> list[str]:
    rows = use_cases.queue_page(workspace, View.UNRECORDED, workspace.clock.now(), 0, 10)
    return [row.number for row in rows]


def test_what_was_missing_is_supplied_where_it_is_missing(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    assert unrecorded(workspace) == [number]
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    assert fields(window)["occurred_at"].editor.hasFocus()
    assert fields(window)["content"].value() == use_cases.case_file(workspace, number).case.content
    commit("昨天晚上")
    press(TAB)
    commit("三楼小家电")
    done(qtbot, window)

    assert form(window) is None, problems(window)
    file = use_cases.case_file(workspace, number)
    assert (file.case.occurred_at, file.case.place) == ("昨天晚上", "三楼小家电")
    assert file.events[-1].data == {
        "occurred_at": "昨天晚上",
        "place": "三楼小家电",
        "was": {"occurred_at": "", "place": ""},
    }
    assert "发生时间：（空） → 昨天晚上\n发生地点：（空） → 三楼小家电" in story(window)
    assert unrecorded(workspace) == []


def test_what_was_wrong_is_put_right_and_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, **a_full_case()).case.number
    before = use_cases.case_file(workspace, number)
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    fields(window)["place"].editor.setFocus()
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    fields(window)["kind"].editor.setFocus()
    press(KEY.Key_2)
    fields(window)["reason"].editor.setFocus()
    commit("客户说只是建议")
    done(qtbot, window)

    assert form(window) is None, problems(window)
    after = use_cases.case_file(workspace, number)
    assert (after.case.kind, after.case.place) == (Kind.SUGGESTION, "")
    assert after.events[-1].data["was"] == {"kind": "complaint", "place": "二楼小家电"}
    assert "更正原因：客户说只是建议" in story(window)
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)
    again = use_cases.case_file(workspace, number)
    assert (again.case, again.owed) == (before.case, before.owed)


def test_nothing_that_was_left_alone_is_touched(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace, **a_full_case()).case.number
    before = use_cases.case_file(workspace, number)
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    done(qtbot, window)

    assert problems(window) == [f"{number} 没有改动任何一项，请改好再提交，或按 Esc 返回"]
    assert use_cases.case_file(workspace, number) == before


def test_what_no_case_can_be_without_stands_under_its_field(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    before = use_cases.case_file(workspace, number)
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    fields(window)["content"].editor.setFocus()
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    done(qtbot, window)

    assert problems(window) == ["content: 请填写"]
    assert fields(window)["content"].editor.hasFocus()
    assert use_cases.case_file(workspace, number) == before


def test_an_external_body_is_asked_where_the_route_says_so(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    assert not fields(window)["external_body"].isVisible()
    fields(window)["route"].editor.setFocus()
    press(KEY.Key_3)

    assert fields(window)["external_body"].isVisible()


def test_two_windows_put_the_same_case_right_and_neither_is_lost(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_M, "昨天晚上")
    acted(workspace, number, "amend", place="大堂", by="小陈")

    done(qtbot, window)
    settle(qtbot, window.desk)
    assert form(window) is not None
    assert "小陈" in problems(window)[0]
    place = fields(window)["place"].editor
    assert isinstance(place, QLineEdit)
    assert place.text() == "大堂"
    assert fields(window)["occurred_at"].value() == "昨天晚上"
    done(qtbot, window)

    case = use_cases.case_file(workspace, number).case
    assert (case.occurred_at, case.place) == ("昨天晚上", "大堂")


def test_what_was_half_put_right_is_there_again(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_M, "昨天晚上")
    press(KEY.Key_Escape)

    begin(window, KEY.Key_M)

    assert fields(window)["occurred_at"].value() == "昨天晚上"
    assert told(window) == ""


@pytest.mark.parametrize("size", [USUAL_SCREEN, (1024, 700)])
def test_the_form_fits_beside_the_queue(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, size: tuple[int, int]
) -> None:
    window.resize(*size)
    number = registered(workspace, **a_full_case()).case.number
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)

    open_ = form(window)
    assert open_ is not None
    for key, row in fields(window).items():
        if row.isVisible():
            right = row.mapTo(open_, row.rect().topRight()).x()
            assert right <= open_.width(), key
