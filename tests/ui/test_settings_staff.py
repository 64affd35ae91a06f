"""The roles beside the operators on the 设置 page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from desk_app.domain.vocabulary import Role
from tests.ui.settings_rig import go_to, open_settings
from tests.ui.window_rig import CTRL, KEY, commit, focus, is_seen, on_disk, press, save, settle, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow
    from ui.views.settings_staff import StaffRoles

ROLES = "SELECT value FROM setting WHERE key = 'roles'"


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("李主管", "郑店长")


def notes(of: StaffRoles) -> list[str]:
    return [label.text() for label in of.findChildren(QLabel) if is_seen(label)]


def become(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Take the seat, by the list at F4."""
    places = [action.text().split("  ")[-1] for action in window.top._menu.actions()]
    window.top._menu.actions()[places.index(name)].trigger()
    settle(qtbot, window.desk)


def test_that_everybody_may_decide_is_said_until_a_role_is_given(qtbot: QtBot, window: MainWindow) -> None:
    staff = open_settings(window).roles
    assert "没有设定权限：人人都可决定一切，经过里记着是谁" in notes(staff)

    go_to(staff.bars["李主管"])
    press(KEY.Key_3)
    settle(qtbot, window.desk)

    assert not any("人人都可决定一切" in note for note in notes(staff))
    assert any(note.startswith("还没有人是店长：超出主管权限的事项没有人能批准") for note in notes(staff))
    press(KEY.Key_Tab)
    press(KEY.Key_4)
    settle(qtbot, window.desk)
    assert not any("还没有人是店长" in note for note in notes(staff))
    become(qtbot, window, "郑店长")
    go_to(staff.bars["李主管"])
    press(KEY.Key_2)
    settle(qtbot, window.desk)
    assert "没有人担任部门负责人：该由其办的事都转给店长" in notes(staff)
    press(KEY.Key_3)
    settle(qtbot, window.desk)
    assert window.desk.policy.authority.roles == {"李主管": Role.SUPERVISOR, "郑店长": Role.MANAGER}


def test_a_role_is_stored_as_it_is_chosen_and_taken_back_by_the_same_digit(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    staff = open_settings(window).roles
    go_to(staff.bars["郑店长"])
    press(KEY.Key_4)
    settle(qtbot, window.desk)
    assert on_disk(folder, ROLES) == [('{"郑店长": "manager"}',)]
    assert staff.bars["郑店长"].hasFocus()
    press(KEY.Key_3)
    settle(qtbot, window.desk)
    assert told(window) == "小周 没有“管操作员和口令”的权限，请由店长办理（F4 可换操作员）"
    assert staff.bars["郑店长"].value() == "manager", "what is shown is what is stored"
    become(qtbot, window, "郑店长")

    press(KEY.Key_4)
    settle(qtbot, window.desk)
    assert on_disk(folder, ROLES) == [("{}",)]
    assert told(window).startswith("已没有人设有权限：从现在起人人都可批准")
    assert "人人都可决定一切" in " ".join(notes(staff))


def test_taking_the_last_role_with_a_name_is_said_where_the_settings_are_saved(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = open_settings(window)
    go_to(page.roles.bars["郑店长"])
    press(KEY.Key_4)
    settle(qtbot, window.desk)
    become(qtbot, window, "郑店长")
    go_to(page.form.rows["operators"])
    press(KEY.Key_A, CTRL)
    commit("小周")
    save(qtbot, window)

    assert told(window).startswith("设置已保存；已没有人设有权限：从现在起人人都可批准")


def test_the_lines_follow_the_list_of_operators(qtbot: QtBot, window: MainWindow) -> None:
    page = open_settings(window)
    go_to(page.roles.bars["郑店长"])
    press(KEY.Key_4)
    settle(qtbot, window.desk)
    become(qtbot, window, "郑店长")
    go_to(page.form.rows["operators"])
    press(KEY.Key_End)
    commit("\n钱会计")
    save(qtbot, window)

    assert list(page.roles.bars) == page.form.values()["operators"].split("\n")
    assert page.roles.bars["郑店长"].value() == "manager"
    assert page.roles.bars["郑店长"].accessibleName() == "郑店长 的权限"
    assert focus().window() is window
