"""Printing of one case: from the queue, from the page that stands after a save, and of a signed handover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from tests.helpers.builders import acted, registered
from tests.ui.window_rig import CTRL, a_small_case, button, focus, is_seen, press, save, settle, told
from ui.printing.preview import SheetPreview
from ui.views.case_print import FormChooser, print_cases
from ui.views.register_saved import SavedPanel

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

KEY = Qt.Key


@pytest.fixture
def number(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> str:
    """A case that was assigned, beside the queue."""
    made = registered(workspace, "a", customer_name="李小梅", customer_phone="13800001111").case.number
    acted(workspace, made, "assign", department="工程部")
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    return made


def top(kind: type) -> list[object]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]


def chooser(qtbot: QtBot, window: MainWindow) -> FormChooser:
    """Press Ctrl+P and return the forms that are offered."""
    press(KEY.Key_P, CTRL)
    settle(qtbot, window.desk)
    (found,) = top(FormChooser)
    assert isinstance(found, FormChooser)
    with qtbot.waitActive(found):
        found.activateWindow()
    return found


def preview(qtbot: QtBot, window: MainWindow) -> SheetPreview:
    settle(qtbot, window.desk)
    (found,) = top(SheetPreview)
    assert isinstance(found, SheetPreview)
    with qtbot.waitActive(found):
        found.activateWindow()
    return found


def texts(shown: SheetPreview) -> str:
    """Return all that stands on the sheets of a preview."""
    return "\n".join(str(value) for grid in shown._grids for row in grid.rows for value in row.values)


def said(shown: SheetPreview) -> list[str]:
    return [label.text() for label in shown.findChildren(QLabel) if is_seen(label)]


def test_enter_shows_the_form_that_is_chosen(qtbot: QtBot, window: MainWindow, number: str) -> None:
    forms = chooser(qtbot, window)
    assert forms.windowTitle() == f"打印 {number}"
    assert forms.sheets.current() == "record"

    press(KEY.Key_Return)

    shown = preview(qtbot, window)
    assert shown.windowTitle() == "预览：客户投诉记录单"
    assert number in texts(shown)
    assert "13800001111" in texts(shown)
    shown.close()
    assert top(FormChooser) == []
    assert shown.give_up() == []  # the storage thread has it, to clear it away
    settle(qtbot, window.desk)


def test_several_forms_are_ticked_and_masked_where_that_is_wanted(
    qtbot: QtBot, window: MainWindow, number: str
) -> None:
    forms = chooser(qtbot, window)

    for sheet in ("record", "handling"):
        qtbot.keyClicks(forms.sheets.line, sheet)
        press(KEY.Key_Space)
        press(KEY.Key_Escape)
    press(KEY.Key_Tab)
    press(KEY.Key_2)
    forms.sheets.setFocus()
    press(KEY.Key_Return)

    shown = preview(qtbot, window)
    assert shown.windowTitle() == "预览：客户投诉记录单、客户投诉处理单"
    assert "13800001111" not in texts(shown)
    shown.close()


def test_only_forms_of_the_case_are_offered_and_esc_leaves_without_any(
    qtbot: QtBot, window: MainWindow, number: str
) -> None:
    forms = chooser(qtbot, window)
    assert forms.sheets.offer("handling") is not None
    assert forms.sheets.offer("corrective") is None
    assert forms.sheets.offer("register") is None

    press(KEY.Key_Escape)
    settle(qtbot, window.desk)

    assert top(FormChooser) == top(SheetPreview) == []


def test_it_is_printed_while_an_action_is_being_filled_in_and_nothing_typed_is_lost(
    qtbot: QtBot, window: MainWindow, number: str
) -> None:
    press(KEY.Key_R)
    settle(qtbot, window.desk)
    typed_into = focus()

    forms = chooser(qtbot, window)
    forms.close()

    assert typed_into.isVisible()


def test_without_a_printer_the_preview_says_so(
    qtbot: QtBot, window: MainWindow, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)  # whatever this machine has
    chooser(qtbot, window)
    press(KEY.Key_Return)
    shown = preview(qtbot, window)

    press(KEY.Key_P, CTRL)

    assert any(text.startswith("这台电脑上没有打印机") for text in said(shown))
    shown.close()


def test_what_is_saved_from_the_preview_is_written_for_this_case(
    qtbot: QtBot, window: MainWindow, number: str, tmp_path: Path
) -> None:
    chooser(qtbot, window)
    press(KEY.Key_Return)
    shown = preview(qtbot, window)

    shown.save_file()
    (dialog,) = top(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert [file.rpartition("/")[2] for file in dialog.selectedFiles()] == [f"客户投诉记录单_云栖百货_{number}.pdf"]
    dialog.fileSelected.emit(str(tmp_path / "一件.xlsx"))
    dialog.close()
    settle(qtbot, window.desk)

    assert f"已存为 {tmp_path / '一件.xlsx'}" in said(shown)
    assert load_workbook(tmp_path / "一件.xlsx").sheetnames == ["客户投诉记录单"]
    shown.close()


def test_after_a_save_p_shows_the_receipt_and_ctrl_p_the_forms(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    save(qtbot, window)
    number = window.findChild(SavedPanel).number.text()

    press(KEY.Key_P)
    shown = preview(qtbot, window)
    assert shown.windowTitle() == "预览：投诉受理回执"
    assert number in texts(shown)
    shown.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    forms = chooser(qtbot, window)

    assert forms.windowTitle() == f"打印 {number}"
    forms.close()


def test_the_receipt_is_a_button_away_too_and_enter_still_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    save(qtbot, window)

    button(window.findChild(SavedPanel), "打印回执").click()
    preview(qtbot, window).close()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.findChild(SavedPanel).setFocus()
    press(KEY.Key_Return)

    assert not window.findChild(SavedPanel).isVisible()


def test_a_case_that_is_gone_is_told(qtbot: QtBot, window: MainWindow) -> None:
    print_cases(window.desk, window, ("TS-20990101-001",))
    settle(qtbot, window.desk)

    assert "TS-20990101-001" in told(window)
    assert top(FormChooser) == []
