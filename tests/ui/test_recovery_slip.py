"""The recovery code on paper: from the settings and from the lock page, to the printer and to no file of ours."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QLabel

from desk_app.services import access
from desk_app.services.workspace import open_workspace
from tests.ui.desk_rig import CTRL, press, settle
from tests.ui.lock_rig import PINS, is_locked, lock_now, lock_page, staff_with_pins, switch_to, type_pin
from tests.ui.printing.grids import text_of
from tests.ui.settings_rig import go_to, open_settings
from tests.ui.window_rig import KEY, focus, is_seen, window_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.settings_pins import StaffPins


@pytest.fixture
def code(folder: DataFolder, clock: FixedClock, rules: Rules) -> str:
    """The recovery code of a shop whose people have PINs."""
    staff_with_pins(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.sign_in(ws, "王店长", PINS["王店长"])
        return access.make_recovery_code(ws)


@pytest.fixture
def window(qtbot: QtBot, code: str, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[MainWindow]:
    """The window, at which 王店长 has signed in."""
    with window_on(qtbot, folder, clock, rules) as shown:
        type_pin(qtbot, shown, PINS["王店长"])
        yield shown


@pytest.fixture
def slips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was printed, in their order."""
    printed: list[str] = []

    def accept(dialog: QPrintDialog) -> int:
        printed.append(dialog.printer().docName())
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "slip.pdf"))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)  # what a person answers
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["one"])
    return printed


def words(of: StaffPins) -> str:
    return "\n".join(label.text() for label in of.findChildren(QLabel) if is_seen(label))


def new_code(qtbot: QtBot, window: MainWindow) -> StaffPins:
    pins = open_settings(window).pins
    settle(qtbot, window.desk)
    go_to(pins.renew)
    press(KEY.Key_Space)
    settle(qtbot, window.desk)
    return pins


def test_it_is_printed_from_the_settings(qtbot: QtBot, window: MainWindow, slips: list[str], tmp_path: Path) -> None:
    pins = new_code(qtbot, window)
    assert "锁在柜里" in words(pins)
    assert focus() is pins.print

    press(KEY.Key_P, CTRL)

    assert slips == ["云栖百货 口令恢复码"]
    shown = words(pins).splitlines()
    assert any(len(line) > 10 and line in text_of(tmp_path / "slip.pdf") for line in shown if "-" in line)


def test_without_a_printer_the_settings_say_so_and_the_code_stays(qtbot: QtBot, window: MainWindow) -> None:
    pins = new_code(qtbot, window)

    press(KEY.Key_P, CTRL)

    assert "打印机" in words(pins)
    assert "锁在柜里" in words(pins)


def test_it_is_not_there_for_who_comes_next(qtbot: QtBot, window: MainWindow, slips: list[str]) -> None:
    pins = new_code(qtbot, window)
    pins.new.setText("4444")

    switch_to(qtbot, window, "小周")

    assert "锁在柜里" not in words(pins)
    assert not pins.print.isVisible()
    assert pins.new.text() == ""
    go_to(pins.who)
    press(KEY.Key_P, CTRL)
    assert slips == []


def test_the_next_one_is_printed_from_the_lock_page(
    qtbot: QtBot, window: MainWindow, code: str, slips: list[str]
) -> None:
    lock_now(qtbot, window)
    page = lock_page(window)
    assert not page.print.isVisible()
    press(KEY.Key_F9)
    press(KEY.Key_P, CTRL)
    assert slips == [], "there is none yet"
    page.code.setText(code)
    page.new.setText("8642")
    page.again.setText("8642")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    press(KEY.Key_P, CTRL)

    assert slips == ["云栖百货 口令恢复码"]
    assert is_locked(window), "until it is said to be put away"
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    assert not is_locked(window)
