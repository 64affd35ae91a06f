"""A reader who may not know a customer sees nothing of them in the window, is told who does, and puts nothing right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit, QWidget

from desk_app.domain.vocabulary import Role
from desk_app.services import attachments, search, shop
from tests.helpers.builders import registered
from tests.ui.case_rig import KEY, form, open_case, story
from tests.ui.test_register_customer import listed, type_in, values, who
from tests.ui.window_rig import CTRL, focus, press, settle, told, until
from ui.clipboard_watch import ClipboardWatch
from ui.views.case_attachments import CaseAttachments
from ui.views.case_detail_head import CaseHead
from ui.views.case_detail_text import ReadingPane

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

NAME, PHONE, ADDRESS, BEHALF = "甄雀灵", "13799996655", "金丝桥 77 号", "雀德旺"
SECRETS = (NAME, PHONE, "金丝桥", BEHALF, "9999")


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("小吴", "林主管", "赵店长")


@pytest.fixture
def number(workspace: Workspace) -> str:
    """A case of a customer who asked for secrecy, taken in by 小吴; 小周 is at the desk."""
    said = f"{NAME}（{PHONE}）住{ADDRESS}，代{BEHALF}"
    made = registered(
        workspace,
        customer_name=NAME,
        customer_phone=PHONE,
        customer_address=ADDRESS,
        content=said,
        on_behalf_of=BEHALF,
        confidential=True,
        receiver="小吴",
        first_contact="小吴",
        item={"member_no": PHONE},
    ).case.number
    search.catch_up(workspace)
    return made


def give_roles(qtbot: QtBot, window: MainWindow, workspace: Workspace, reader: str = "小周") -> None:
    """Give roles, and let the window see them and who reads."""
    for name, role in (("赵店长", Role.MANAGER), ("林主管", Role.SUPERVISOR)):
        shop.choose_operator(workspace, "赵店长")
        shop.set_role(workspace, name, role)
    shop.choose_operator(workspace, reader)
    seen = window.desk
    until(qtbot, lambda: seen.shop is not None and bool(seen.shop.roles) and seen.shop.operator == reader)
    settle(qtbot, seen)


def on_screen(window: QWidget) -> str:
    """Return every text that is to be seen anywhere in the window, and its title."""
    texts = [window.windowTitle()]
    for widget in (w for w in window.findChildren(QWidget) if w.isVisible()):
        match widget:
            case QLabel() | QPushButton() | QLineEdit():
                texts.append(widget.text())
            case QTextEdit() | QPlainTextEdit():
                texts.append(widget.toPlainText())
            case QAbstractItemView():
                model = widget.model()
                places = [(r, c) for r in range(model.rowCount()) for c in range(model.columnCount())]
                texts += [str(model.index(r, c).data()) for r, c in places]
                texts += [str(model.index(r, c).data(Qt.ItemDataRole.ToolTipRole)) for r, c in places]
            case _:
                texts.append(widget.accessibleName())
    return "\n".join(texts)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_who_may_not_know_sees_the_case_masked_and_is_told_by_a_key_who_may(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str
) -> None:
    give_roles(qtbot, window, workspace)

    open_case(qtbot, window, number)

    assert leaks(on_screen(window)) == []
    head = window.findChild(CaseHead)
    assert "甄**" in on_screen(head)
    assert "客户保密" in on_screen(head)
    assert "已遮住，谁能看  L" in on_screen(head)
    press(KEY.Key_L)
    assert all(word in told(window) for word in (number, "小吴", "部门负责人"))
    press(KEY.Key_M)
    assert form(window) is None
    assert "更正和承诺请由部门负责人来做" in told(window)


def test_what_lies_with_the_case_is_hidden_too_and_it_is_said_who_may_see_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str
) -> None:
    attachments.attach(workspace, number, [attachments.take_in(workspace, b"id", f"{NAME}身份证.txt")], "attach-1")
    give_roles(qtbot, window, workspace)

    open_case(qtbot, window, number)

    row = window.findChild(CaseAttachments)
    assert row.files == ()
    assert "附件也不显示；要看请找部门负责人" in row.hint.text()
    assert leaks(on_screen(window)) == []


@pytest.mark.parametrize("reader", ["小吴", "林主管"])
def test_who_may_know_sees_the_case_whole(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str, reader: str
) -> None:
    give_roles(qtbot, window, workspace, reader)

    open_case(qtbot, window, number)

    assert leaks(story(window)) == list(SECRETS)
    assert "谁能看" not in on_screen(window)
    press(KEY.Key_L)
    assert "没有遮住" in told(window)
    press(KEY.Key_M)
    assert form(window) is not None


def test_a_look_is_noted_once_however_often_the_case_is_fetched_anew(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str
) -> None:
    give_roles(qtbot, window, workspace, "林主管")
    pane = open_case(qtbot, window, number)
    pane.reload()
    settle(qtbot, window.desk)

    rows = workspace.store.conn.execute("SELECT by, subject FROM journal WHERE what = 'view'").fetchall()
    assert [tuple(row) for row in rows] == [("林主管", number)]


def test_the_lists_tell_nothing_of_whom(qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str) -> None:
    give_roles(qtbot, window, workspace, "林主管")

    window.show_page("follow_up")
    settle(qtbot, window.desk)
    press(KEY.Key_4)
    settle(qtbot, window.desk)
    queue = next(w for w in window.findChildren(QAbstractItemView) if w.isVisible())
    lines = on_screen(queue.window())
    table = "\n".join(str(queue.model().index(0, c).data()) for c in range(queue.model().columnCount()))

    assert number in table
    assert "甄**（保密）" in table
    assert leaks(table) == []
    assert number in lines


def test_a_customer_who_may_not_be_known_is_found_masked_and_not_taken_over(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str
) -> None:
    give_roles(qtbot, window, workspace)
    window.register.prepare()

    type_in(qtbot, window, "customer_phone", "6655")
    (line,) = listed(window)
    press(KEY.Key_F6)
    settle(qtbot, window.desk)

    assert "甄**" in line
    assert leaks(line) == []
    assert "不能带入" in told(window)
    assert values(window)["customer_phone"] == "6655"
    assert not values(window).get("customer_name")
    assert leaks(who(window)) == []


# -------------------------------------------------------------------------------------------------------- clipboard


@pytest.fixture
def watch(qtbot: QtBot, window: MainWindow) -> ClipboardWatch:
    """The window's own watch, which waits no half minute."""
    until(qtbot, lambda: window.findChild(ClipboardWatch) is not None)
    found = window.findChild(ClipboardWatch)
    assert found._timer.interval() == 30_000
    found._timer.setInterval(1)
    return found


def copy(qtbot: QtBot, window: MainWindow, number: str) -> str:
    """Copy all that the case says by keys, and return it."""
    open_case(qtbot, window, number)
    window.findChild(ReadingPane).setFocus()
    press(KEY.Key_A, CTRL)
    press(KEY.Key_C, CTRL)
    assert isinstance(focus(), ReadingPane)
    return QGuiApplication.clipboard().text()


def test_a_copied_number_is_gone_from_the_clipboard_after_a_while(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, number: str, watch: ClipboardWatch
) -> None:
    watch._timer.setInterval(60_000)
    assert PHONE in copy(qtbot, window, number)
    assert watch._timer.isActive()
    watch._timer.setInterval(1)

    QGuiApplication.clipboard().setText(PHONE)

    until(qtbot, lambda: QGuiApplication.clipboard().text() == "")


@pytest.mark.parametrize("text", ["TS-20261122-001", "2026-10-01 12:00", "您好，已为您登记", "订单号 13812345678"])
def test_what_is_no_ones_number_stays_on_the_clipboard(
    qtbot: QtBot, window: MainWindow, watch: ClipboardWatch, text: str
) -> None:
    QGuiApplication.clipboard().setText(PHONE)
    assert watch._timer.isActive()

    QGuiApplication.clipboard().setText(text)

    assert not watch._timer.isActive()
    assert QGuiApplication.clipboard().text() == text


@pytest.mark.parametrize("text", ["0571-88886666", "010 62345678", "我是 138 0013 8000", "330106199001011234"])
def test_every_kind_of_a_persons_number_is_taken_off(qtbot: QtBot, watch: ClipboardWatch, text: str) -> None:
    QGuiApplication.clipboard().setText(text)

    until(qtbot, lambda: QGuiApplication.clipboard().text() == "")
    assert not watch._timer.isActive()
