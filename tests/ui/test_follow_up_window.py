"""The 跟进 page in the whole window, on the usual screen and on one at 150 %: nothing that counts is cut."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from desk_app.services import intake
from desk_app.services.results import Changes
from tests.helpers.builders import NOW, a_case, acted, registered
from tests.ui.case_rig import KEY, form, open_case
from tests.ui.window_rig import CTRL, USUAL_SCREEN, button, commit, focus, press, settle
from ui import theme
from ui.views.case_detail_actions import ActionPane
from ui.views.case_detail_text import ReadingPane
from ui.views.follow_up import FollowUpPage
from ui.views.follow_up_table import QueueTable
from ui.views.handover import HandoverPage
from ui.views.help import KeysDialog
from ui.widgets.view_bar import ViewBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

AT_150_PERCENT = (911, 512)
WHO, CUSTOMER, MATTER = 2, 4, 6


def show_queue(qtbot: QtBot, window: MainWindow) -> QueueTable:
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    return window.findChild(QueueTable)


def cut(table: QueueTable) -> dict[int, set[str]]:
    """Return the texts that do not fit into their cells, by column."""
    model, metrics = table.model(), table.fontMetrics()
    found: dict[int, set[str]] = {}
    for column in range(model.columnCount()):
        room = table.columnWidth(column) - theme.space(2)
        texts = (str(model.index(row, column).data()) for row in range(model.rowCount()))
        wide = {text for text in texts if metrics.horizontalAdvance(text) > room}
        if wide:
            found[column] = wide
    return found


@pytest.mark.parametrize("size", [USUAL_SCREEN, AT_150_PERCENT])
def test_whatever_a_line_says_only_the_matter_and_long_names_give_way(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, size: tuple[int, int]
) -> None:
    window.resize(*size)
    late = registered(workspace, "a", received_at=NOW - timedelta(days=120), anonymous=True, customer_name=None)
    registered(workspace, "b", received_at=NOW - timedelta(hours=25), customer_name=None, customer_phone="13800138000")
    registered(workspace, "c", received_at=NOW - timedelta(hours=30), customer_name="欧阳修", content="长" * 5000)
    registered(workspace, "d", kind="proposal", customer_name="张小山先生")
    registered(
        workspace, "e", customer_name="阿里木·买买提·吐尔逊阿吉", route="external", external_body="消费者权益保护委员会"
    )
    acted(workspace, late.case.number, "promise", what="送货上门" * 20, due_at="2026-11-23 15:20")
    table = show_queue(qtbot, window)
    press(KEY.Key_End)  # what is due last can wait
    press(KEY.Key_S)
    commit("明天 16:00")
    press(KEY.Key_Return)
    commit("等机构开门")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    shown = cut(table)

    model = table.model()
    assert "缓到 明天 16:00" in {model.index(row, 5).data() for row in range(model.rowCount())}
    assert set(shown) == {WHO, CUSTOMER, MATTER}
    assert shown[WHO] == {"店长 → 消费者权益保护委员会", "小周 → 部门负责人"}
    assert shown[CUSTOMER] == {"阿**·***·*****"}
    assert all(model.index(r, MATTER).data(3) == model.index(r, MATTER).data() for r in range(model.rowCount()))


def test_a_thousand_overdue_lines_are_counted_where_there_is_room_for_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    old = NOW - timedelta(days=5)
    lines = (intake.InputLine(n, a_case(received_at=old - timedelta(minutes=n)), f"r{n}") for n in range(1000))
    intake.register_many(workspace, lines, keep_going=False)
    show_queue(qtbot, window)
    window.desk.changed.emit(Changes(queue=True))
    settle(qtbot, window.desk)

    page, bar = window.findChild(FollowUpPage), window.findChild(ViewBar)

    assert bar.words()[0] == "逾期 1000"
    assert all(bar.rect().contains(b.geometry()) for b in bar._buttons)
    assert "跟进，逾期 1000 项，Ctrl+2" in [b.accessibleName() for b in window.rail._buttons.values()]
    assert page.width() + window.rail.width() == window.width()


@pytest.mark.parametrize("hand", ["key", "mouse"])
@pytest.mark.parametrize("size", [USUAL_SCREEN, AT_150_PERCENT])
def test_the_queue_shows_the_way_to_the_handover(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int], hand: str
) -> None:
    window.resize(*size)
    show_queue(qtbot, window)
    way = button(window.findChild(FollowUpPage), "交班")
    assert way.text() == "交班  F8"
    assert window.rect().contains(way.mapTo(window, QPoint(way.width(), way.height())))

    if hand == "key":
        press(KEY.Key_F8)
    else:
        way.click()
    settle(qtbot, window.desk)

    assert isinstance(window._stack.currentWidget(), HandoverPage)
    press(KEY.Key_Escape)
    settle(qtbot, window.desk)
    assert isinstance(focus(), QueueTable)


def test_enter_begins_what_is_next_and_says_so_beside_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    open_case(qtbot, window, registered(workspace).case.number)
    heads = [label for label in window.findChild(ActionPane).findChildren(QLabel) if label.isVisible()]
    assert min(heads, key=lambda head: (head.y(), head.x())).text() == "接下来 Enter"
    assert isinstance(focus(), ReadingPane)

    press(KEY.Key_Return)

    opened = form(window)
    assert opened is not None
    assert opened.form.action == "reply"


def test_f1_tells_of_enter_on_an_open_case(window: MainWindow) -> None:
    press(KEY.Key_F1)

    labels = [label.text() for label in window.findChild(KeysDialog).findChildren(QLabel)]
    assert labels[labels.index("Enter") + 1] == "在打开的登记上：开始“接下来”的一步"
    window.findChild(KeysDialog).close()
