"""The 导出 page: month, sheets, folder, and what becomes of them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QProgressBar, QPushButton

from tests.helpers.builders import registered
from tests.ui.desk_rig import CTRL, focus, press, settle
from ui.views.export import ExportPage, MonthBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

KEY = Qt.Key


class Opened(QObject):
    """Stands in for the desktop: keeps what it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, tmp_path: Path) -> ExportPage:
    """The page at the front, with its sheets, about to write into a folder that is not there yet."""
    made = ExportPage(desk)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.activated()
    settle(qtbot, desk)
    folder_line(made).setText(str(tmp_path / "month"))
    return made


def folder_line(page: ExportPage) -> QLineEdit:
    return next(line for line in page.findChildren(QLineEdit) if not isinstance(line.parent(), MonthBox))


def told(page: ExportPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def button(page: ExportPage, words: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.text().startswith(words))


def texts(path: Path) -> list[str]:
    """Return every text of a workbook's sheet."""
    sheet = load_workbook(path).worksheets[0]
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_a_month_is_exported_by_keyboard_alone(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a", received_at="2026-10-01 00:00:00", content="十月第一件")
    registered(workspace, "b", received_at="2026-11-01 00:00:00", content="十一月第一件")
    assert isinstance(focus(), MonthBox)

    press(KEY.Key_Down)  # from November to October
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)

    written = sorted((tmp_path / "month").iterdir())
    assert [path.name for path in written] == [
        "客户投诉登记反馈表_云栖酒店_2026-10.xlsx",
        "客户投诉登记表_云栖酒店_2026-10.xlsx",
    ]
    for path in written:
        assert "十月第一件" in texts(path)
        assert "十一月第一件" not in texts(path)
        assert str(path) in told(page)
    assert "客户投诉登记表　1 行" in told(page)
    assert focus() is button(page, "打开文件夹")


def test_only_ticked_sheets_are_written(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    press(KEY.Key_Tab)
    assert isinstance(focus(), QCheckBox)
    assert focus().text() == "客户投诉登记表"

    press(KEY.Key_Space)
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)

    assert [path.name for path in (tmp_path / "month").iterdir()] == ["客户投诉登记反馈表_云栖酒店_2026-11.xlsx"]


def test_no_sheet_or_no_folder_is_told_and_nothing_is_written(
    qtbot: QtBot, page: ExportPage, desk: Desk, tmp_path: Path
) -> None:
    for box in page.findChildren(QCheckBox):
        box.click()
    press(KEY.Key_S, CTRL)
    assert "请至少勾选一张表。" in told(page)

    for box in page.findChildren(QCheckBox):
        box.click()
    folder_line(page).clear()
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)

    assert "请填写导出到哪个文件夹。" in told(page)
    assert focus() is folder_line(page)
    assert not (tmp_path / "month").exists()


def test_while_it_runs_it_cannot_be_started_again_and_says_how_far_it_is(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a")
    heard: list[str] = []
    desk.notice.connect(lambda _kind, sentence: heard.append(sentence))

    press(KEY.Key_S, CTRL)
    press(KEY.Key_S, CTRL)

    assert not button(page, "导出").isEnabled()
    assert button(page, "取消").isVisible()
    assert page.findChild(QProgressBar).text() == "正在写第 1 张，共 2 张"
    settle(qtbot, desk)
    assert heard == ["已导出 2 张表"]
    assert button(page, "导出").isEnabled()
    assert not button(page, "取消").isVisible()


def test_cancel_leaves_out_what_was_not_begun(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    heard: list[tuple[str, str]] = []
    desk.notice.connect(lambda kind, sentence: heard.append((kind, sentence)))

    press(KEY.Key_S, CTRL)
    button(page, "取消").click()
    settle(qtbot, desk)

    assert [path.name for path in (tmp_path / "month").iterdir()] == ["客户投诉登记表_云栖酒店_2026-11.xlsx"]
    assert heard == [("done", "已导出 1 张表，取消 1 张")]


@pytest.mark.fault
def test_a_workbook_that_is_open_elsewhere_is_told_and_another_name_offered(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(workspace, "a")
    folder = tmp_path / "month"
    folder.mkdir()
    held = folder / "客户投诉登记表_云栖酒店_2026-11.xlsx"
    held.write_bytes(b"open in a spreadsheet")
    rename = os.replace

    def refuse_the_held_one(source: Path, target: Path) -> None:
        if Path(target) == held:
            raise PermissionError(13, "Permission denied", str(source))
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_the_held_one)  # what Windows does while Excel holds the file
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)
    assert any("正在别处打开" in text for text in told(page))
    assert held.read_bytes() == b"open in a spreadsheet"
    assert focus().text() == "另存为 客户投诉登记表_云栖酒店_2026-11(2).xlsx"

    press(KEY.Key_Space)
    settle(qtbot, desk)

    assert held.read_bytes() == b"open in a spreadsheet"
    assert sorted(path.name for path in folder.iterdir()) == [
        "客户投诉登记反馈表_云栖酒店_2026-11.xlsx",
        "客户投诉登记表_云栖酒店_2026-11(2).xlsx",
        "客户投诉登记表_云栖酒店_2026-11.xlsx",
    ]
    assert not any("正在别处打开" in text for text in told(page))


def test_the_folder_and_nothing_else_is_opened(
    qtbot: QtBot, page: ExportPage, desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    registered(workspace, "a")
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")

    press(KEY.Key_Space)

    QDesktopServices.unsetUrlHandler("file")
    assert opened.urls == [QUrl.fromLocalFile(str(tmp_path / "month"))]


@pytest.mark.parametrize(
    ("today", "month"),
    [("2026-11-01", "2026-10"), ("2026-11-09", "2026-10"), ("2026-11-10", "2026-11"), ("2026-01-05", "2025-12")],
)
def test_the_first_days_of_a_month_belong_to_the_sheets_of_the_last(qtbot: QtBot, today: str, month: str) -> None:
    box = MonthBox(date.fromisoformat(today))
    qtbot.addWidget(box)

    assert box.month == month


def test_a_month_is_chosen_by_arrow_page_and_typing_and_none_that_has_not_come(qtbot: QtBot) -> None:
    box = MonthBox(date(2026, 11, 22))
    qtbot.addWidget(box)
    with qtbot.waitActive(box):
        box.show()
        box.activateWindow()
    box.setFocus()
    seen = []

    for key in (KEY.Key_Up, KEY.Key_Down, KEY.Key_PageDown, KEY.Key_PageUp):
        press(key)
        seen.append(box.month)
    box.selectAll()
    qtbot.keyClicks(box, "2025-02")
    press(KEY.Key_Return)
    seen.append(box.month)
    box.selectAll()
    qtbot.keyClicks(box, "2031-02")
    press(KEY.Key_Return)
    seen.append(box.month)

    assert seen == ["2026-11", "2026-10", "2025-10", "2026-10", "2025-02", "2025-02"]
    assert box.text() == "2025 年 2 月"
