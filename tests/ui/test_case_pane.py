"""The pane of one case: what is folded away is unfolded by its key or its link, and what was undone is struck out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import KEY, open_case, story
from tests.ui.window_rig import focus, press, settle
from ui.views.case_detail_head import CaseHead
from ui.views.case_detail_text import ReadingPane, case_text
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

STEP = "加 24 小时（昼夜、节假日连续计算）"


@pytest.mark.parametrize("place", ["list", "pane"])
def test_the_key_unfolds_why_it_is_due_then_and_folds_it_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, place: str
) -> None:
    number = registered(workspace).case.number
    if place == "pane":
        open_case(qtbot, window, number)
    else:
        window.show_page("follow_up")
        settle(qtbot, window.desk)
    assert isinstance(focus(), QueueTable if place == "list" else ReadingPane)
    assert STEP not in story(window)

    press(KEY.Key_W)
    assert STEP in story(window)
    press(KEY.Key_W)
    assert STEP not in story(window)


def test_the_link_does_what_the_key_does(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    open_case(qtbot, window, registered(workspace).case.number)
    pane = window.findChild(ReadingPane)
    cursor = pane.document().find("为什么是这个时间")
    cursor.setPosition(cursor.selectionStart() + 2)

    QTest.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=pane.cursorRect(cursor).center())

    assert STEP in story(window)


def test_what_was_undone_is_struck_out(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "contact", content="来电")
    use_cases.undo(workspace, number, "undo-1")
    acted(workspace, number, "contact", content="再来电")

    open_case(qtbot, window, number)

    document = window.findChild(ReadingPane).document()
    struck = {text: document.find(text).charFormat().fontStrikeOut() for text in ("联系内容：来电", "联系内容：再来电")}
    assert struck == {"联系内容：来电": True, "联系内容：再来电": False}
    assert "已撤销" in story(window)


# ------------------------------------------------------------------------------------------------------------ the head

PHONES = "138-0013 8000、0512-6612 3456 转 8012，+86 139 0013 9000"
EACH_PHONE = ("138-0013 8000", "0512-6612 3456 转 8012", "+86 139 0013 9000")
LONG_NAME = "阿里木·买买提·吐尔逊·" * 5


@pytest.mark.parametrize("width", [700, 1366])
def test_no_phone_is_broken_and_a_long_name_is_elided_at_every_width(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, width: int
) -> None:
    window.resize(width, 700)
    open_case(qtbot, window, registered(workspace, customer_name=LONG_NAME, customer_phone=PHONES).case.number)
    head = window.findChild(CaseHead)

    seen = [label for label in head.findChildren(QLabel) if label.isVisible()]
    assert [label.text() for label in seen[2:]] == [LONG_NAME, *EACH_PHONE]
    assert all(head.rect().contains(label.geometry()) for label in seen)
    assert all(a is b or not a.geometry().intersects(b.geometry()) for a in seen for b in seen)
    for label in seen[3:]:
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()), label.text()


def test_the_head_is_one_line_where_that_is_enough_and_shows_the_next_case_anew(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    first = registered(workspace, "a", customer_phone=PHONES).case.number
    second = registered(workspace, "b", anonymous=True, customer_name=None, customer_phone=None).case.number
    open_case(qtbot, window, first)
    head = window.findChild(CaseHead)
    high = head.height()

    open_case(qtbot, window, second)

    assert [label.text() for label in head.findChildren(QLabel) if label.isVisible()] == [second, "已登记", "匿名"]
    assert head.height() < high


def test_a_number_and_a_time_stand_whole_beside_a_long_value(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace, target="一个名称长到十六个字的部门也要有", customer_phone="13900001111").case.number
    file = use_cases.case_file(workspace, number)

    text = case_text(file, rules, rules.policy, rules.trade("general"), workspace.clock.now(), explains=False)

    for whole in ("13900001111", "2026-11-22 10:00"):
        assert f'white-space:pre">{whole}</td>' in text, "a table makes its columns as narrow as words can be broken"
    assert 'white-space:pre-wrap">一个名称' in text


def test_in_the_text_each_phone_is_whole_too_and_is_copied_as_it_was_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace, customer_phone=PHONES).case.number)
    pane = window.findChild(ReadingPane)

    lines = []
    block = pane.document().begin()
    while block.isValid():
        layout = block.layout()
        at = [layout.lineAt(n) for n in range(layout.lineCount())]
        lines += [block.text()[a.textStart() : a.textStart() + a.textLength()] for a in at]
        block = block.next()
    for phone in EACH_PHONE:
        assert any(phone in line.replace("\N{NO-BREAK SPACE}", " ") for line in lines), phone
    pane.selectAll()
    pane.copy()
    assert PHONES in QApplication.clipboard().text()
    QApplication.clipboard().clear()
