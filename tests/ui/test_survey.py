"""设置 → 满意度调查: a sheet is typed by digits, Ctrl+S stores it, Ctrl+Shift+Z takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desk_app.services import survey
from tests.ui.settings_rig import open_survey
from tests.ui.window_rig import CTRL, KEY, press, settle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.views.survey import SurveySection

SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(qtbot: QtBot, window: MainWindow) -> SurveySection:
    section = open_survey(window)
    settle(qtbot, window.desk)
    return section


def keys(qtbot: QtBot, window: MainWindow, *digits: int) -> None:
    for digit in digits:
        press(KEY(KEY.Key_0 + digit))
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)


def counts(workspace: Workspace) -> dict[str, dict[str, int]]:
    return {each.item.label: dict(each.counts) for each in survey.result(workspace, 2026).items if each.said}


def test_two_sheets_are_typed_one_after_the_other(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    section = opened(qtbot, window)
    assert section.sheet.hasFocus()

    keys(qtbot, window, 1, 2)
    assert section.sheet.row == 0
    assert [row[1] for row in section.sheet.rows] == [""] * 13
    keys(qtbot, window, 3)

    assert counts(workspace) == {
        "产品质量": {"满意": 1, "基本满意": 0, "不满意": 1, "没有接触": 0},
        "产品特性符合要求": {"满意": 0, "基本满意": 1, "不满意": 0, "没有接触": 0},
    }
    assert tuple(section.result.rows[0]) == ("产品质量", "2", "50.0%", "2.00")
    assert section.told.text() == "2026 年收回 2 份"


def test_a_digit_that_is_no_answer_changes_nothing_and_zero_leaves_blank(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    section = opened(qtbot, window)
    press(KEY.Key_9)
    assert (section.sheet.row, section.sheet.rows[0][1]) == (0, "")
    press(KEY.Key_1)
    press(KEY.Key_Up)
    assert section.sheet.rows[0][1] == "满意"
    press(KEY.Key_0)

    keys(qtbot, window)

    assert section.sheet.rows[0][1] == ""
    assert counts(workspace) == {}


def test_what_was_stored_last_is_taken_back(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    opened(qtbot, window)
    keys(qtbot, window, 1)
    keys(qtbot, window, 3)

    press(KEY.Key_Z, CTRL | SHIFT)
    settle(qtbot, window.desk)

    assert counts(workspace) == {"产品质量": {"满意": 1, "基本满意": 0, "不满意": 0, "没有接触": 0}}
