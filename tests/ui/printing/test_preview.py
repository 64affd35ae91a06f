"""The preview: pages on the screen, and its keys."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit

from desk_app.errors import KnownError
from tests.sheets.samples import a_line, grid_of
from tests.ui.desk_rig import CTRL, press
from tests.ui.printing.grids import forms, pages_of
from ui import theme
from ui.printing.preview import SheetPreview

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.sentences import Sentences
    from desk_app.services.rules import Rules

KEY = Qt.Key


class Kept:
    """Keeps the paths that were asked for; refuses them where it is told to."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.error: KnownError | None = None

    def __call__(self, path: Path) -> None:
        self.paths.append(path)
        if self.error is not None:
            raise self.error


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def sentences(rules: Rules) -> Sentences:
    return rules.sentences


@pytest.fixture
def preview(qtbot: QtBot, sentences: Sentences, kept: Kept, tmp_path: Path) -> SheetPreview:
    """Five pages of two sheets, at the front; a page is higher than the view."""
    return opened(qtbot, SheetPreview([forms(3), forms(2)], sentences, kept, proposed=tmp_path / "投诉记录单.pdf"))


def opened(qtbot: QtBot, made: SheetPreview) -> SheetPreview:
    theme.apply(QApplication.instance(), dark=False)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.resize(900, 700)
        made.show()
        made.activateWindow()
    return made


def said(preview: SheetPreview) -> list[str]:
    return [label.text() for label in preview.findChildren(QLabel) if label.isVisible()]


def painted(preview: SheetPreview) -> set[int]:
    preview.grab()
    return set(preview.view._painted)


def test_only_the_pages_that_are_seen_are_painted(qtbot: QtBot, preview: SheetPreview) -> None:
    assert painted(preview) == {0}

    press(KEY.Key_End)

    assert painted(preview) - {0} == {4}
    assert "第 5 页　共 5 页" in said(preview)


def test_a_page_is_as_wide_as_the_view_until_it_is_zoomed(qtbot: QtBot, preview: SheetPreview) -> None:
    at_first = preview.view.zoom
    assert preview.view.horizontalScrollBar().maximum() == 0
    preview.resize(1200, 700)
    wider = preview.view.zoom

    press(KEY.Key_Minus, CTRL)
    smaller = preview.view.zoom
    press(KEY.Key_Plus, CTRL)
    press(KEY.Key_Plus, CTRL)
    larger = preview.view.zoom
    needs_bar = preview.view.horizontalScrollBar().maximum() > 0
    preview.resize(900, 700)
    kept = preview.view.zoom
    press(KEY.Key_0, CTRL)

    assert at_first < wider
    assert smaller < wider < larger
    assert needs_bar
    assert kept == larger, "what a person chose stays"
    assert preview.view.zoom == pytest.approx(at_first)


def test_the_page_that_is_seen_stays_when_it_is_zoomed(preview: SheetPreview) -> None:
    preview.view.go_to(4)

    press(KEY.Key_Minus, CTRL)

    assert preview.view.page == 4


def test_page_down_shows_all_of_each_page_and_stops_at_each_upper_edge(preview: SheetPreview) -> None:
    bar = preview.view.verticalScrollBar()
    seen = [(bar.value(), bar.value() + preview.view.viewport().height())]
    tops = []
    for number in range(1, 6):
        preview.view.go_to(number)
        tops.append(bar.value())
    press(KEY.Key_Home)
    assert bar.value() == 0

    while bar.value() < bar.maximum():
        press(KEY.Key_PageDown)
        seen.append((bar.value(), bar.value() + preview.view.viewport().height()))
    down = [start for start, _ in seen]
    up = [bar.value()]
    while bar.value() > 0:
        press(KEY.Key_PageUp)
        up.append(bar.value())

    assert all(other[0] <= one[1] for one, other in pairwise(seen)), "nothing is skipped"
    assert set(tops[:-1]) <= set(down)
    assert set(tops[1:-1]) <= set(up)


def test_a_page_of_a_long_list_is_found_again(qtbot: QtBot, sentences: Sentences, kept: Kept) -> None:
    grid = grid_of(*(a_line(n, content="空调不制冷" * 40) for n in range(300)))

    preview = opened(qtbot, SheetPreview([grid], sentences, kept, proposed=Path("a.pdf")))
    at_first = painted(preview)
    preview.view.go_to(7)

    assert preview.view.page == 7
    assert 6 in painted(preview) - at_first <= {5, 6, 7}
    assert f"第 7 页　共 {preview.view.count} 页" in said(preview)


def test_the_paper_is_white_and_black_in_the_dark_scheme_too(qtbot: QtBot, preview: SheetPreview) -> None:
    light = preview.view._picture(0).toImage()
    theme.apply(QApplication.instance(), dark=True)
    preview.view._painted.clear()

    dark = preview.view._picture(0).toImage()

    theme.apply(QApplication.instance(), dark=False)
    assert dark == light


def test_escape_leaves(qtbot: QtBot, preview: SheetPreview) -> None:
    preview.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it once more

    with qtbot.waitSignal(preview.rejected):
        press(KEY.Key_Escape)


def choose(preview: SheetPreview, name: str, name_filter: str = "") -> None:
    """Press Ctrl+S, choose a name and a format, and accept it."""
    press(KEY.Key_S, CTRL)
    dialog = preview.findChild(QFileDialog)
    assert dialog is not None
    if name_filter:
        dialog.selectNameFilter(name_filter)
        dialog.filterSelected.emit(name_filter)
    dialog.findChild(QLineEdit).setText(name)
    dialog.accept()


@pytest.mark.parametrize(
    ("name", "name_filter", "expected"),
    [
        ("甲", "", "甲.pdf"),
        ("甲.pdf", "", "甲.pdf"),
        ("甲", "Excel 工作簿 (*.xlsx)", "甲.xlsx"),
        ("甲.xlsx", "", "甲.xlsx"),
        ("2026.10", "", "2026.10.pdf"),
    ],
)
def test_a_file_is_asked_for_and_handed_over(
    name: str, name_filter: str, expected: str, preview: SheetPreview, kept: Kept, tmp_path: Path
) -> None:
    choose(preview, str(tmp_path / name), name_filter)

    assert kept.paths == [tmp_path / expected]


def test_a_refused_file_is_told(preview: SheetPreview, kept: Kept, tmp_path: Path) -> None:
    kept.error = KnownError("disk_full")

    choose(preview, str(tmp_path / "甲.pdf"))

    assert preview._sentences.errors["disk_full"] in said(preview)


def test_without_a_printer_a_sentence_offers_the_file(preview: SheetPreview) -> None:
    if QPrinterInfo.availablePrinterNames():
        pytest.skip("this machine has a printer")

    press(KEY.Key_P, CTRL)

    assert any("没有打印机" in sentence and "PDF" in sentence for sentence in said(preview))


def test_the_title_names_each_sheet_once(preview: SheetPreview, sentences: Sentences) -> None:
    assert preview.windowTitle() == "预览：试验表"
    assert preview.view.accessibleName() == "预览：试验表"


def test_an_order_of_sizes_is_shown_in_the_middle(qtbot: QtBot, sentences: Sentences, kept: Kept) -> None:
    lying = grid_of(a_line(1))

    preview = opened(qtbot, SheetPreview([forms(1), lying], sentences, kept, proposed=Path("a.xlsx")))

    narrow, wide = (preview.view._left(place) for place in (0, 1))
    assert narrow > wide > 0


def test_while_it_prints_it_is_not_left_nor_printed_again(
    qtbot: QtBot, sentences: Sentences, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def accept(dialog: QPrintDialog) -> int:
        asked.append(dialog)
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)  # what a person answers
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["one"])
    shown = opened(qtbot, SheetPreview([forms(30)], sentences, kept, proposed=tmp_path / "a.pdf"))

    press(KEY.Key_P, CTRL)
    press(KEY.Key_P, CTRL)
    press(KEY.Key_Escape)
    assert shown.isVisible()
    assert "正在打印，送完就可以关。" in said(shown)
    qtbot.waitUntil(lambda: "已送往打印机 30 页" in said(shown), timeout=10_000)

    assert len(asked) == 1
    assert len(pages_of(tmp_path / "printed.pdf")) == 30
    press(KEY.Key_Escape)
    assert not shown.isVisible()
