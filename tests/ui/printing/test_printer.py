"""Pages sent to a printer; the printer is a real one that writes PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from desk_app.errors import KnownError
from desk_app.sheets.sheet import Orientation, Page, Paper
from tests.ui.printing.grids import a_grid, a_row, forms, pages_of, text_of
from ui.printing.pdf import page_layout
from ui.printing.printer import PrintJob, print_grids

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.sheets.grid import Grid


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def printer(tmp_path: Path) -> QPrinter:
    """A printer as the dialog gives it back for A4."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    made.setPageLayout(page_layout(forms(1).page))
    return made


def printed(qtbot: QtBot, window: QWidget, printer: QPrinter, *grids: Grid) -> int:
    """Print, and return how many pages were told."""
    job = PrintJob(grids, window)
    with qtbot.waitSignal(job.printed, timeout=10_000) as told:
        job.start(printer)
    return int(told.args[0])


def numbers(path: Path) -> list[str]:
    return [re.findall(r"投诉记录单 (\d+)", page)[0] for page in pages_of(path)]


def test_all_pages_of_all_sheets_are_printed_in_order(
    qtbot: QtBot, window: QWidget, printer: QPrinter, tmp_path: Path
) -> None:
    assert printed(qtbot, window, printer, forms(3), forms(2)) == 5
    assert numbers(tmp_path / "printed.pdf") == ["1", "2", "3", "1", "2"]


def test_a_range_of_pages_is_counted_over_all_sheets(
    qtbot: QtBot, window: QWidget, printer: QPrinter, tmp_path: Path
) -> None:
    printer.setFromTo(3, 4)

    assert printed(qtbot, window, printer, forms(3), forms(2)) == 2
    assert numbers(tmp_path / "printed.pdf") == ["3", "1"]


def test_the_last_page_comes_first_and_copies_are_made_where_that_is_chosen(
    qtbot: QtBot, window: QWidget, printer: QPrinter, tmp_path: Path
) -> None:
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    printer.setCopyCount(2)
    assert not printer.supportsMultipleCopies()

    assert printed(qtbot, window, printer, forms(2)) == 4
    assert numbers(tmp_path / "printed.pdf") == ["2", "1", "2", "1"]


def test_each_sheet_has_its_own_paper(qtbot: QtBot, window: QWidget, printer: QPrinter, tmp_path: Path) -> None:
    lying = a_grid([a_row("横")], page=Page(Paper.A3, Orientation.LANDSCAPE, (10, 10, 10, 10)))

    printed(qtbot, window, printer, forms(1), lying)

    assert sizes(tmp_path / "printed.pdf") == [(595, 842), (1191, 842)]


def test_on_another_paper_that_was_chosen_every_page_is_made_to_fit(
    qtbot: QtBot, window: QWidget, printer: QPrinter, tmp_path: Path
) -> None:
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    lying = a_grid([a_row("横", height=500)], page=Page(Paper.A3, Orientation.LANDSCAPE, (10, 10, 10, 10)))

    printed(qtbot, window, printer, forms(1), lying)

    path = tmp_path / "printed.pdf"
    assert sizes(path) == [(420, 595), (595, 420)]
    for page, (width, height) in zip(text_of(path, "-bbox").split("<page ")[1:], sizes(path), strict=True):
        corners = re.findall('xMax="(.*?)" yMax="(.*?)"', page)
        assert corners
        assert all(float(x) <= width and float(y) <= height for x, y in corners)


def sizes(path: Path) -> list[tuple[int, int]]:
    found = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', text_of(path, "-bbox"))
    return [(round(float(width)), round(float(height))) for width, height in found]


@pytest.mark.fault
@pytest.mark.qt_log_ignore("QPainter::begin.*Returned false")
def test_a_printer_that_takes_nothing_is_named(qtbot: QtBot, window: QWidget, tmp_path: Path) -> None:
    broken = QPrinter(QPrinter.PrinterMode.HighResolution)
    broken.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    broken.setOutputFileName(str(tmp_path / "no folder" / "printed.pdf"))
    broken.setPrinterName("前台")
    job = PrintJob([forms(1)], window)

    with qtbot.waitSignal(job.refused, timeout=10_000) as told:
        job.start(broken)

    assert told.args[0].code == "printer_failed"


def test_without_a_printer_there_is_a_sentence(window: QWidget) -> None:
    if QPrinterInfo.availablePrinterNames():
        pytest.skip("this machine has a printer")

    with pytest.raises(KnownError, match="no_printer"):
        print_grids([forms(1)], window)
