"""Two people at one counter: one takes over from the other in the middle of something, and nothing typed is lost."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.services import access
from desk_app.services import desk as use_cases
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import registered
from tests.ui.case_rig import act, begin, done, fields, form, open_case
from tests.ui.desk_rig import CTRL, commit, press, settle
from tests.ui.lock_rig import PINS, is_locked, lock_now, staff_with_pins, switch_to, type_pin
from tests.ui.window_rig import KEY, at, focus, go, row, told, until, window_on
from ui.views.export import ExportPage

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """The window, at which 小周 has signed in."""
    with window_on(qtbot, folder, clock, rules) as shown:
        assert is_locked(shown)
        type_pin(qtbot, shown, PINS["小周"])
        yield shown


def test_another_takes_over_in_seven_keys_and_goes_on_in_the_very_field(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "content")
    commit("空调漏")

    keys = switch_to(qtbot, window, "李主管")

    assert len(keys) == 7
    assert window.desk.shop.operator == "李主管"
    assert told(window) == "现在由 李主管 受理"
    assert at(window) == "content"
    commit("水")
    assert row(window, "content").value() == "空调漏水"


def test_who_locks_and_comes_back_goes_on_in_the_very_field(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "customer_name")
    commit("李")

    lock_now(qtbot, window)
    type_pin(qtbot, window, PINS["小周"])

    assert at(window) == "customer_name"
    commit("女士")
    assert row(window, "customer_name").value() == "李女士"


def test_on_a_page_that_begins_elsewhere_it_is_the_very_field_too(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_3, CTRL)
    settle(qtbot, window.desk)
    page = window.findChild(ExportPage)
    assert page is not None
    page.folder.setFocus()

    switch_to(qtbot, window, "李主管")

    assert focus() is page.folder


def test_esc_leaves_the_keys_where_they_were(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "content")
    press(KEY.Key_F4)
    press(KEY.Key_2)
    settle(qtbot, window.desk)
    assert is_locked(window)

    press(KEY.Key_Escape)

    assert window.desk.shop.operator == "小周"
    assert at(window) == "content"


def test_a_form_beside_a_case_stays_and_is_signed_by_who_saves_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_R, "已换新壶")

    switch_to(qtbot, window, "李主管")

    assert form(window) is not None
    assert fields(window)["content"].value() == "已换新壶"
    done(qtbot, window)
    last = use_cases.case_file(workspace, number).events[-1]
    assert (last.action, last.by, last.data) == ("reply", "李主管", {"content": "已换新壶"})


def test_what_was_searched_for_is_there_again(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    registered(workspace, content="空调漏水")
    press(KEY.Key_F, CTRL)
    commit("空调")
    settle(qtbot, window.desk)

    lock_now(qtbot, window)
    type_pin(qtbot, window, PINS["小周"])

    assert window._stack.current == "search"
    assert window.top.search.text() == "空调"
    press(KEY.Key_Escape)
    press(KEY.Key_Escape)
    until(qtbot, lambda: window._stack.current == "register")


def test_nobody_takes_back_what_the_person_before_has_done(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_R, "已换新壶")
    before = use_cases.case_file(workspace, number)

    switch_to(qtbot, window, "李主管")
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert use_cases.case_file(workspace, number).events == before.events
    assert told(window) == "现在由 李主管 受理", "it was not even tried"


def test_who_comes_back_themselves_can_take_it_back(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_R, "已换新壶")

    lock_now(qtbot, window)
    type_pin(qtbot, window, PINS["小周"])
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)

    assert [str(e.action) for e in use_cases.case_file(workspace, number).events] == ["register", "reply", "amend"]
