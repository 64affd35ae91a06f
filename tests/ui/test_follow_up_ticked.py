"""Several lines of the queue at a time: ticked by keys and by the mouse, told at the foot, printed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desk_app.domain.queue import View
from tests.helpers.builders import acted, registered
from tests.ui.desk_rig import CTRL, focus, notices, press, settle
from tests.ui.queue_rig import bring, cells, numbers, rows, table
from ui.models.queue_model import PAGE_ROWS
from ui.printing.preview import SheetPreview
from ui.views.case_print import FormChooser
from ui.views.follow_up_foot import QueueFoot
from ui.views.follow_up_table import MOST_TICKED

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.follow_up import FollowUpPage

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def queue(qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace) -> FollowUpPage:
    """Five complaints, each an hour younger than the one above it."""
    for hour in range(5):
        registered(workspace, f"k{hour}", received_at=f"2026-11-22 0{hour}:00:00", content=f"第 {hour} 件")
    page.choose_view(View.ALL)
    bring(qtbot, page, desk)
    press(KEY.Key_Home)
    return page


# each test ends with what it has set off: the case beside the list is fetched after the keys


def ticked(page: FollowUpPage) -> list[str]:
    """Return the numbers of the lines that are shown with a tick, as they stand."""
    return [number for time, number in rows(page, 0, 3) if time.startswith("✓")]


def foot(page: FollowUpPage) -> str:
    return page.findChild(QueueFoot)._hint.text()


def chooser(qtbot: QtBot, desk: Desk) -> FormChooser:
    press(KEY.Key_P, CTRL)
    settle(qtbot, desk)
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, FormChooser) and w.isVisible()]
    with qtbot.waitActive(found):
        found.activateWindow()
    return found


def preview(qtbot: QtBot, desk: Desk) -> SheetPreview:
    settle(qtbot, desk)
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, SheetPreview) and w.isVisible()]
    return found


def test_the_space_bar_ticks_a_line_and_moving_on_leaves_it_ticked(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk
) -> None:
    all_ = numbers(queue)
    assert ticked(queue) == []
    assert "已选" not in foot(queue)

    press(KEY.Key_Space)
    press(KEY.Key_Down)
    press(KEY.Key_Down)
    press(KEY.Key_Space, CTRL)

    assert ticked(queue) == [all_[0], all_[2]]
    assert foot(queue).startswith("已选 2 件")
    assert "字母只对当前这一件" in foot(queue)
    press(KEY.Key_Space)
    assert ticked(queue) == [all_[0]]
    press(KEY.Key_Escape)
    assert ticked(queue) == []
    assert "已选" not in foot(queue)
    settle(qtbot, desk)


def test_shift_ticks_what_is_passed_and_gives_it_back_on_the_way_back(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk
) -> None:
    all_ = numbers(queue)
    press(KEY.Key_Space)
    press(KEY.Key_Down)
    press(KEY.Key_Down)

    press(KEY.Key_Down, SHIFT)
    press(KEY.Key_Down, SHIFT)
    assert ticked(queue) == [all_[0], *all_[2:5]]
    press(KEY.Key_Up, SHIFT)
    assert ticked(queue) == [all_[0], *all_[2:4]]
    press(KEY.Key_Home, SHIFT)

    assert ticked(queue) == all_[:3]
    assert table(queue).currentIndex().row() == 0
    settle(qtbot, desk)


def test_ctrl_a_ticks_all_that_is_shown_and_again_none(qtbot: QtBot, queue: FollowUpPage, desk: Desk) -> None:
    press(KEY.Key_A, CTRL)
    assert ticked(queue) == numbers(queue)
    assert foot(queue).startswith("已选 5 件")

    press(KEY.Key_A, CTRL)

    assert ticked(queue) == []
    settle(qtbot, desk)


def test_clicks_with_ctrl_and_shift_tick_too(qtbot: QtBot, queue: FollowUpPage, desk: Desk) -> None:
    all_ = numbers(queue)

    def click(row: int, modifier: Qt.KeyboardModifier) -> None:
        shown = table(queue)
        at = shown.visualRect(shown.model().index(row, 1)).center()
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, modifier, at)

    click(2, CTRL)
    assert ticked(queue) == [all_[0], all_[2]]  # the one that was the current one too, as everywhere
    click(2, CTRL)
    assert ticked(queue) == [all_[0]]
    click(4, SHIFT)

    assert ticked(queue) == [all_[0], *all_[2:5]]
    click(1, Qt.KeyboardModifier.NoModifier)
    settle(qtbot, desk)
    assert table(queue).currentIndex().row() == 1
    assert ticked(queue) == [all_[0], *all_[2:5]]
    settle(qtbot, desk)


def test_all_ticked_are_in_one_preview_in_the_order_shown_and_a_case_of_two_lines_once(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    all_ = numbers(queue)
    acted(workspace, all_[1], "promise", what="送果篮", due_at="2026-11-22 23:00:00")
    bring(qtbot, queue, desk)
    assert numbers(queue).count(all_[1]) == 2
    shown = list(dict.fromkeys(numbers(queue)))

    press(KEY.Key_A, CTRL)
    assert foot(queue).startswith("已选 6 项，共 5 件")
    forms = chooser(qtbot, desk)
    assert forms.windowTitle() == "打印 5 件"
    press(KEY.Key_Return)

    made = preview(qtbot, desk)
    (grid,) = made._grids
    assert list(grid.parts) == shown
    assert made.windowTitle() == "预览：客户投诉记录单"
    made.close()
    settle(qtbot, desk)


def test_without_ticks_ctrl_p_is_for_the_case_beside_the_list(qtbot: QtBot, queue: FollowUpPage, desk: Desk) -> None:
    press(KEY.Key_Space)
    press(KEY.Key_Escape)
    press(KEY.Key_Down)
    settle(qtbot, desk)

    forms = chooser(qtbot, desk)

    assert forms.windowTitle() == f"打印 {numbers(queue)[1]}"
    forms.close()
    settle(qtbot, desk)


def test_a_letter_acts_on_the_current_line_only(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    press(KEY.Key_Space)
    press(KEY.Key_Down, SHIFT)
    settle(qtbot, desk)
    before = ticked(queue)
    assert len(before) == 2

    press(KEY.Key_R)

    assert queue._detail.has_form
    assert queue._detail.number == before[1]
    settle(qtbot, desk)


def test_ticks_stay_with_their_lines_when_others_come_above_and_go_with_lines_that_go(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    all_ = numbers(queue)
    press(KEY.Key_Down)
    press(KEY.Key_Down, SHIFT)
    assert ticked(queue) == all_[1:3]

    above = registered(workspace, "above", received_at="2026-11-21 08:00:00").case.number
    bring(qtbot, queue, desk)
    assert numbers(queue)[0] == above
    assert ticked(queue) == all_[1:3]
    acted(workspace, all_[1], "void", reason="重复登记")
    bring(qtbot, queue, desk)

    assert all_[1] not in numbers(queue)
    assert ticked(queue) == [all_[2]]
    assert foot(queue).startswith("已选 1 件")
    settle(qtbot, desk)


def test_another_view_begins_without_ticks(qtbot: QtBot, queue: FollowUpPage, desk: Desk) -> None:
    press(KEY.Key_A, CTRL)

    queue.choose_view(View.TODAY)
    settle(qtbot, desk)
    queue.choose_view(View.ALL)
    settle(qtbot, desk)

    assert len(numbers(queue)) == 5
    assert ticked(queue) == []
    settle(qtbot, desk)


def test_rows_that_were_never_fetched_are_ticked_too_and_too_many_are_refused(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    heard = notices(desk)
    for more in range(MOST_TICKED - 5):
        registered(workspace, f"m{more}")
    bring(qtbot, queue, desk)
    assert table(queue).model().rowCount() == MOST_TICKED > 4 * PAGE_ROWS
    marks = queue._model.marks

    press(KEY.Key_A, CTRL)
    settle(qtbot, desk)
    assert len(marks) == len(marks.numbers) == MOST_TICKED
    press(KEY.Key_Escape)
    registered(workspace, "one too many")
    bring(qtbot, queue, desk)
    press(KEY.Key_A, CTRL)
    settle(qtbot, desk)

    assert len(marks) == 0
    assert heard[-1] == ("warning", "这里有 301 项，一次最多选 300 项；请先用 Ctrl+L 筛选，或换一个视图。")
    press(KEY.Key_Home)
    press(KEY.Key_End, SHIFT)
    assert len(marks) == 0
    settle(qtbot, desk)


def test_several_stretches_together_are_no_more_than_one_may_be(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    heard = notices(desk)
    for more in range(MOST_TICKED):
        registered(workspace, f"m{more}")
    bring(qtbot, queue, desk)
    marks = queue._model.marks
    for _ in range(5):
        press(KEY.Key_Down)
    press(KEY.Key_End, SHIFT)
    settle(qtbot, desk)
    assert len(marks) == MOST_TICKED  # all but the first five

    press(KEY.Key_Home)
    settle(qtbot, desk)
    press(KEY.Key_Space)
    press(KEY.Key_Down, SHIFT)
    settle(qtbot, desk)

    assert len(marks) == MOST_TICKED
    assert [kind for kind, _ in heard] == ["warning", "warning"]
    assert "这里有 302 项" in heard[-1][1]


def test_shift_and_end_ticks_all_to_the_end(
    qtbot: QtBot, queue: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    for more in range(3 * PAGE_ROWS):
        registered(workspace, f"m{more}")
    bring(qtbot, queue, desk)
    press(KEY.Key_Home)
    press(KEY.Key_Down)

    press(KEY.Key_End, SHIFT)
    settle(qtbot, desk)

    assert len(queue._model.marks) == 3 * PAGE_ROWS + 4
    assert numbers(queue)[0] not in queue._model.marks.numbers
    assert focus() is table(queue)
    assert cells(queue, 0)[-1].startswith("✓")
    settle(qtbot, desk)
