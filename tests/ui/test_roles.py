"""What a role may not do: said where it would be done, refused when it is tried, and nothing typed is lost by it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desk_app.services import access
from desk_app.services import desk as use_cases
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import registered
from tests.ui.case_rig import begin, buttons, done, fields, form, open_case, problems
from tests.ui.desk_rig import CTRL, press, settle
from tests.ui.lock_rig import PINS, staff_with_pins, switch_to, type_pin
from tests.ui.settings_rig import ALT, go_to, open_calendar, open_categories, open_deadlines, open_settings
from tests.ui.window_rig import KEY, is_seen, told, window_on
from ui.views.case_detail_actions import ActionPane
from ui.views.export import ExportPage
from ui.widgets.right_line import RightLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


@pytest.fixture
def workspace(folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Workspace]:
    """The register, as another program has it open; 王店长 is signed in there."""
    staff_with_pins(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.sign_in(ws, "王店长", PINS["王店长"], stays=False)
        yield ws


@pytest.fixture
def window(
    qtbot: QtBot, workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> Iterator[MainWindow]:
    """The window, at which 小周 has signed in, who receives and no more."""
    with window_on(qtbot, folder, clock, rules) as shown:
        type_pin(qtbot, shown, PINS["小周"])
        yield shown


def whose(of: QWidget) -> list[str]:
    """Return what is said of who may, at the top of what is in front."""
    return [line.sentence for line in of.findChildren(RightLine) if line.isVisible()]


def no(right: str, office: str) -> str:
    return f"小周 没有“{right}”的权限，请由{office}办理（F4 可换操作员）"


def test_each_page_says_whose_matter_it_is_until_they_are_there(qtbot: QtBot, window: MainWindow) -> None:
    page = open_settings(window)
    assert whose(page) == [no("改设置", "店长"), no("管操作员和口令", "店长")]
    assert whose(open_calendar(window)) == [no("改日历", "店长")]
    assert whose(open_deadlines(window)) == [no("改时限", "店长")]
    assert whose(open_categories(window)) == [no("改分类与词语", "部门负责人")]
    press(KEY.Key_3, CTRL)
    settle(qtbot, window.desk)
    export = window.findChild(ExportPage)
    assert export is not None
    assert whose(export) == [no("导出表单", "部门负责人")]

    switch_to(qtbot, window, "李主管")
    assert whose(export) == []
    assert whose(open_categories(window)) == []
    switch_to(qtbot, window, "王店长")
    assert whose(open_calendar(window)) == []
    press(KEY.Key_1, ALT)
    assert whose(page) == []


def test_settings_that_were_refused_stay_typed_and_are_saved_by_who_may(qtbot: QtBot, window: MainWindow) -> None:
    page = open_settings(window)
    page.form.rows["name"].set_value("云栖新店")
    page.form.focus_first()

    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert told(window) == no("改设置", "店长")
    assert window.desk.shop.name == "云栖百货"

    switch_to(qtbot, window, "王店长")
    assert page.form.rows["name"].value() == "云栖新店"
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert window.desk.shop.name == "云栖新店"


def test_a_role_that_was_refused_is_shown_as_it_is(qtbot: QtBot, window: MainWindow) -> None:
    bar = open_settings(window).roles.bars["小周"]
    go_to(bar)

    press(KEY.Key_4)
    settle(qtbot, window.desk)

    assert told(window) == no("管操作员和口令", "店长")
    assert bar.value() == "receptionist"


def test_days_of_business_that_were_refused_are_shown_as_they_are(qtbot: QtBot, window: MainWindow) -> None:
    section = open_calendar(window)
    before = section.weekdays.value()
    go_to(section.weekdays)

    press(KEY.Key_1)
    settle(qtbot, window.desk)

    assert told(window) == no("改日历", "店长")
    assert section.weekdays.value() == before


def test_a_category_that_was_refused_stays_typed(qtbot: QtBot, window: MainWindow) -> None:
    tree = open_categories(window).tree
    tree.entry.rows["path"].set_value("环境")
    tree.entry.focus_first()

    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert told(window) == no("改分类与词语", "部门负责人")
    assert tree.entry.values() == {"path": "环境"}

    switch_to(qtbot, window, "李主管")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert "环境" in window.desk.shop.own_categories


def test_an_export_that_was_refused_says_who_may_and_keeps_what_was_chosen(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_3, CTRL)
    settle(qtbot, window.desk)
    page = window.findChild(ExportPage)
    assert page is not None
    chosen = page.sheets.ticked()

    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert no("导出表单", "部门负责人") in [label.text() for label in page.findChildren(QLabel) if is_seen(label)]
    assert page.sheets.ticked() == chosen


def heads(window: MainWindow) -> list[str]:
    """Return the words before the groups of actions."""
    pane = window.findChild(ActionPane)
    assert pane is not None
    return [label.text() for label in pane.findChildren(QLabel) if is_seen(label)]


def test_what_is_anothers_matter_stands_apart_and_says_whose(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace).case.number)
    assert "由部门负责人办理" in heads(window)
    assert "由店长办理" not in heads(window), "nothing that only they may do can be done on an open case"
    letter = window.desk.rules.actions["void"].letter
    assert buttons(window)[letter].toolTip() == "由部门负责人办理：可以先填好，F4 换人后再完成"

    switch_to(qtbot, window, "王店长")

    assert not [head for head in heads(window) if head.startswith("由")]


def test_an_action_that_was_refused_is_done_by_who_may_from_the_same_form(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    assign = window.desk.rules.actions["assign"]
    begin(window, KEY(ord(assign.letter)), "工程部")
    refusal = "小周 不能“交办”，请由部门负责人办理"
    assert refusal in problems(window)
    done(qtbot, window)
    assert form(window) is not None
    assert [str(e.action) for e in use_cases.case_file(workspace, number).events] == ["register"]

    switch_to(qtbot, window, "李主管")

    assert fields(window)["department"].value() == "工程部"
    assert refusal not in problems(window), "it is no more so"
    done(qtbot, window)
    last = use_cases.case_file(workspace, number).events[-1]
    assert (last.action, last.by, last.data["department"]) == ("assign", "李主管", "工程部")
