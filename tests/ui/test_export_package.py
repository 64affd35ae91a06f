"""The month whole by one key: what is incomplete first, then every sheet; and the month that still waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desk_app.services import months, volumes
from tests.helpers.builders import acted, registered
from tests.helpers.working import closed
from tests.ui.desk_rig import CTRL, focus, notices, press, settle
from tests.ui.window_rig import told, window_on
from ui.package_watch import PackageWatch
from ui.views.export import ExportPage
from ui.views.export_package import IncompleteDialog, WaitingMonth

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.main_window import MainWindow

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
IN_OCTOBER = "2026-10-20 09:00"


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> ExportPage:
    """The page at the front, about to write into a folder that is not there yet."""
    made = ExportPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.folder.setText(str(tmp_path / "out"))
    return made


def look_at_october(qtbot: QtBot, page: ExportPage, desk: Desk) -> None:
    """Come to the page, choose the month that waits, and ask for its package."""
    page.activated()
    settle(qtbot, desk)
    press(KEY.Key_M, ALT)
    assert page.period.written == "2026-10"
    press(KEY.Key_M, CTRL)
    settle(qtbot, desk)


def asked() -> IncompleteDialog:
    """Return the question that is open."""
    (found,) = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, IncompleteDialog) and each.isVisible()
    ]
    return found


def nothing_asked() -> bool:
    return not any(isinstance(each, IncompleteDialog) and each.isVisible() for each in QApplication.topLevelWidgets())


def lines(dialog: IncompleteDialog) -> list[str]:
    return [dialog.cases.item(row).text() for row in range(dialog.cases.count())]


def words(dialog: IncompleteDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.text()]


def waiting(page: ExportPage) -> str:
    (button,) = page.findChildren(WaitingMonth)
    return button.text() if button.isVisible() else ""


def test_what_is_incomplete_is_shown_first_and_the_same_key_goes_on(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    facts = {"occurred_at": "昨天", "received_at": IN_OCTOBER}
    bare = registered(workspace, "a", **facts).case.number
    answered = registered(workspace, "b", place="大堂", **facts).case.number
    whole = registered(workspace, "c", place="大堂", **facts).case.number
    acted(workspace, answered, "reply", content="已换新", medium="phone")
    closed(workspace, whole)
    heard = notices(desk)

    look_at_october(qtbot, page, desk)

    assert not (tmp_path / "out").exists(), "nothing is written before somebody has said so"
    assert words(asked())[:3] == ["还没有答复 1 件", "有逾期未办的 1 件", "还没有结案 2 件"]
    assert lines(asked()) == [
        f"{bare}　还没有答复、有逾期未办的、还没有结案、还没有判定责任、缺时间、地点或联系方式",
        f"{answered}　还没有结案、还没有判定责任、还没有回访",
    ]
    assert focus() is asked().cases

    press(KEY.Key_M, CTRL)
    settle(qtbot, desk)

    assert nothing_asked()
    written = tmp_path / "out" / "云栖酒店_2026-10"
    assert len(list(written.iterdir())) == 7
    assert heard == [("done", "已导出 7 张表，7 个文件")]
    assert "客户投诉登记表　3 行" in [label.text() for label in page.findChildren(QLabel)]


def test_esc_leaves_everything_as_it_was_and_enter_goes_to_the_case(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", received_at=IN_OCTOBER)
    second = registered(workspace, "b", received_at=IN_OCTOBER).case.number
    wanted: list[str] = []
    page.case_wanted.connect(wanted.append)

    look_at_october(qtbot, page, desk)
    press(KEY.Key_Escape)
    assert (nothing_asked(), wanted) == (True, [])
    with qtbot.waitActive(page):  # as every window system does but the offscreen one
        page.activateWindow()
    press(KEY.Key_M, CTRL)
    settle(qtbot, desk)
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    settle(qtbot, desk)

    assert (nothing_asked(), wanted) == (True, [second])
    assert not (tmp_path / "out").exists()


def test_where_nothing_is_missing_nothing_is_asked_and_the_month_can_be_locked(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    number = registered(workspace, "a", received_at=IN_OCTOBER, place="大堂", occurred_at="昨天").case.number
    closed(workspace, number)

    volumes.put(workspace, "2026-10", {volumes.SERVED: 300}, "october")

    look_at_october(qtbot, page, desk)

    assert nothing_asked()
    assert (tmp_path / "out" / "云栖酒店_2026-10").is_dir()
    press(KEY.Key_K, ALT)
    settle(qtbot, desk)
    assert list(months.locks(workspace)) == ["2026-10"]


def test_the_month_that_waits_is_offered_until_it_was_exported(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace
) -> None:
    page.activated()
    settle(qtbot, desk)
    assert waiting(page) == "", "nobody used the program in that month"
    registered(workspace, "a", received_at=IN_OCTOBER)

    look_at_october(qtbot, page, desk)
    assert waiting(page) == "2026-10 还没有导出：选这个月  Alt+M"
    press(KEY.Key_M, CTRL)
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert waiting(page) == ""


def test_days_have_no_package_and_it_is_said_here(qtbot: QtBot, page: ExportPage, desk: Desk, tmp_path: Path) -> None:
    page.activated()
    settle(qtbot, desk)
    press(KEY.Key_D)
    (button,) = [each for each in page.findChildren(QPushButton) if each.text().endswith("Ctrl+M")]
    assert button.text() == "一键导出整套  Ctrl+M"

    press(KEY.Key_M, CTRL)
    settle(qtbot, desk)
    settle(qtbot, desk)

    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert any("没有整套表" in words for words in said)
    assert not (tmp_path / "out").exists()


def test_from_the_list_one_goes_to_the_case_itself_and_back(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, "a", received_at=IN_OCTOBER).case.number
    press(KEY.Key_3, CTRL)
    settle(qtbot, window.desk)
    page = window.findChild(ExportPage)
    look_at_october(qtbot, page, window.desk)

    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert window._stack.current == "follow_up"
    assert any(number in label.text() for label in window.findChildren(QLabel) if label.isVisible())
    with qtbot.waitActive(window):
        window.activateWindow()
    press(KEY.Key_3, CTRL)
    settle(qtbot, window.desk)
    assert page.period.written == "2026-10"


def test_the_window_reminds_once_a_day_and_a_second_one_does_not(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, workspace: Workspace
) -> None:
    registered(workspace, "a", received_at=IN_OCTOBER)
    heard = []
    for _start in range(2):
        with window_on(qtbot, folder, clock, rules) as window:
            watch = PackageWatch(window.desk, window)
            watch.look()
            settle(qtbot, window.desk)
            heard.append(told(window))
            window.notices.close_notice()
            watch.look()
            settle(qtbot, window.desk)
            heard.append(told(window))

    assert heard == ["2026-10 的整套表还没有导出：到“导出”（Ctrl+3）选这个月，按 Ctrl+M", "", "", ""]
