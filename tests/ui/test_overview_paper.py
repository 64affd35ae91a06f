"""The overview on paper: all of its charts, in greys, from Ctrl+P to a file."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from desk_app.domain.periods import read_period
from desk_app.services import overview
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW
from tests.helpers.counting import fill
from tests.ui.window_rig import CTRL, KEY, press, settle
from ui.printing.preview import SheetPreview
from ui.views.overview_paper import OverviewPaper, Shown

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """What the charts of a paper are children of."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


def painted(paper: OverviewPaper, number: int) -> QImage:
    """Return a page, two pixels to a point."""
    image = QImage(int(paper.size[0] * 2), int(paper.size[1] * 2), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(2, 2)
    paper.paint(painter, number)
    painter.end()
    return image


def ink(image: QImage, top: float, bottom: float) -> int:
    """Return how many pixels between two heights (shares of the page) are not white; none may have a colour."""
    count = 0
    for y in range(int(image.height() * top), int(image.height() * bottom), 2):
        for x in range(0, image.width(), 2):
            colour = image.pixelColor(x, y)
            assert colour.red() == colour.green() == colour.blue(), (x, y, colour.name())
            count += colour.red() < 250
    return count


def test_every_page_is_grey_and_has_something_on_it_and_nothing_in_its_margins(
    holder: QWidget, workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    fill(workspace, clock)
    found = overview.overview(workspace, read_period("2026-11", NOW.date()))
    paper = OverviewPaper(Shown(found, "云栖酒店", "全部类别", clock.now()), rules, holder)

    assert paper.title == "云栖酒店 投诉统计 2026 年 11 月"
    assert [page.number for page in paper.pages] == [1, 2, 3]
    for page in paper.pages:
        image = painted(paper, page.number)
        assert ink(image, 0.05, 0.5) > 500
        assert ink(image, 0, 0.03) == ink(image, 0.99, 1) == 0


def test_an_empty_month_is_printed_too(holder: QWidget, workspace: Workspace, clock: FixedClock, rules: Rules) -> None:
    found = overview.overview(workspace, read_period("2026-11", NOW.date()))
    paper = OverviewPaper(Shown(found, "", "全部类别", clock.now()), rules, holder)
    assert paper.title == "投诉统计 2026 年 11 月"
    assert all(ink(painted(paper, page.number), 0.03, 0.99) > 50 for page in paper.pages)


def test_ctrl_p_shows_the_pages_and_they_are_saved_as_a_pdf(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules, tmp_path: Path
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        fill(ws, clock)
    press(KEY.Key_5, CTRL)
    settle(qtbot, window.desk)

    press(KEY.Key_P, CTRL)
    preview = window.findChild(SheetPreview)
    assert preview.isVisible()

    assert preview.view.count == 3
    assert preview.windowTitle() == "预览：云栖百货 投诉统计 2026 年 11 月"
    assert "存为 PDF  Ctrl+S" in [button.text() for button in preview.findChildren(QPushButton)]
    preview._saved(tmp_path / "统计", ".pdf")
    assert (tmp_path / "统计.pdf").read_bytes().startswith(b"%PDF")
    assert preview._told.text() == f"已存为 {tmp_path / '统计.pdf'}"
    QTest.keyClick(preview, KEY.Key_Escape)
    assert not preview.isVisible()
