"""While the desk is locked nothing of a customer is seen: no notice, no dialog, no list, no words of the tray."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desk_app.services import access
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import registered
from tests.ui.case_rig import act, open_case
from tests.ui.desk_rig import CTRL, press, settle
from tests.ui.lock_rig import PINS, SHIFT, is_locked, lock_now, staff_with_pins, switch_to, type_pin
from tests.ui.window_rig import KEY, on_disk, told, until, window_on
from ui.printing.preview import SheetPreview
from ui.reminder import Reminder
from ui.views.case_print import FormChooser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

NAME = "欧阳小梅"


@pytest.fixture
def workspace(folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Workspace]:
    """The register, as another program has it open; 王店长 is signed in there."""
    staff_with_pins(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        access.sign_in(ws, "王店长", PINS["王店长"], stays=False)
        yield ws


@pytest.fixture
def number(workspace: Workspace) -> str:
    return registered(workspace, customer_name=NAME, customer_phone="13800001111").case.number


@pytest.fixture
def window(qtbot: QtBot, number: str, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[MainWindow]:
    """The window, at which 李主管 has signed in; a case stands there."""
    with window_on(qtbot, folder, clock, rules) as shown:
        type_pin(qtbot, shown, PINS["小周"])
        switch_to(qtbot, shown, "李主管")
        open_case(qtbot, shown, number)
        yield shown


def seen(window: MainWindow) -> list[QWidget]:
    """Return every window, dialog, menu and list on the screen beside the window itself."""
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]


def words(window: MainWindow) -> str:
    """Return all that can be read, the title of the window too."""
    labels = [
        label.text() for each in (window, *seen(window)) for label in each.findChildren(QLabel) if label.isVisible()
    ]
    return "\n".join([window.windowTitle(), *labels])


def lock_by_idleness(qtbot: QtBot, window: MainWindow) -> None:
    """Let the time run out: a dialog that is open takes every key."""
    window.locking.idle.timer.timeout.emit()
    window.activateWindow()  # as every window system does but the offscreen one
    settle(qtbot, window.desk)


def test_no_notice_tells_of_a_case(qtbot: QtBot, window: MainWindow, number: str) -> None:
    act(qtbot, window, KEY.Key_R, "已换新壶")
    assert number in told(window)

    lock_now(qtbot, window)

    assert is_locked(window)
    assert told(window) == ""
    assert number not in words(window)
    assert NAME not in words(window)


def test_it_is_covered_before_the_storage_thread_comes_to_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    with workspace.store.transaction():  # another program writes: nothing can be noted meanwhile
        press(KEY.Key_L, CTRL | SHIFT)
        assert is_locked(window)
    settle(qtbot, window.desk)
    type_pin(qtbot, window, PINS["李主管"])
    assert not is_locked(window)


def test_what_is_told_meanwhile_is_said_to_who_comes_next(qtbot: QtBot, window: MainWindow) -> None:
    lock_now(qtbot, window)

    window.desk.notice.emit("refused", "磁盘快满了")
    window.desk.notice.emit("done", "已导出 3 张表")
    assert told(window) == ""
    type_pin(qtbot, window, PINS["李主管"])

    assert told(window) == "磁盘快满了", "what matters is not written over by who is there now"


@pytest.mark.parametrize("steps", [1, 2], ids=["chooser", "preview"])
def test_an_open_dialog_is_closed(qtbot: QtBot, window: MainWindow, steps: int) -> None:
    open_preview(qtbot, window, steps)
    assert seen(window)

    lock_by_idleness(qtbot, window)

    assert seen(window) == []
    type_pin(qtbot, window, PINS["李主管"])
    assert seen(window) == []
    assert not is_locked(window)


def open_preview(qtbot: QtBot, window: MainWindow, steps: int = 2) -> None:
    """Press Ctrl+P and, at the second step, Enter."""
    press(KEY.Key_P, CTRL)
    settle(qtbot, window.desk)
    (chooser,) = seen(window)
    assert isinstance(chooser, FormChooser)
    with qtbot.waitActive(chooser):
        chooser.activateWindow()
    if steps > 1:
        press(KEY.Key_Return)
        settle(qtbot, window.desk)
        assert isinstance(seen(window)[-1], SheetPreview)


def test_a_preview_that_is_ready_only_then_is_not_shown(qtbot: QtBot, window: MainWindow) -> None:
    open_preview(qtbot, window, 1)
    press(KEY.Key_Return)  # it is being filled

    lock_by_idleness(qtbot, window)

    assert is_locked(window)
    assert seen(window) == []


def test_the_menu_of_a_customer_is_closed(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_H)
    settle(qtbot, window.desk)
    assert seen(window), told(window)

    lock_by_idleness(qtbot, window)

    assert seen(window) == []
    assert NAME not in words(window)


def test_a_printing_goes_on_unseen(
    qtbot: QtBot, window: MainWindow, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)  # what a person answers
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["one"])
    open_preview(qtbot, window)
    preview = next(each for each in seen(window) if isinstance(each, SheetPreview))
    gone: list[object] = []
    preview.finished.connect(gone.append)
    preview.print_pages()

    lock_by_idleness(qtbot, window)

    assert seen(window) == []
    until(qtbot, lambda: bool(gone))
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    settle(qtbot, window.desk)
    noted = on_disk(window.desk.folder, "SELECT by, subject FROM journal WHERE what = 'print'")
    assert noted == [("李主管", number)], "by who printed it"
    type_pin(qtbot, window, PINS["李主管"])
    assert seen(window) == []


def test_the_tray_says_no_name(qtbot: QtBot, window: MainWindow, workspace: Workspace, clock: FixedClock) -> None:
    received = clock.now() + timedelta(minutes=40, days=-1)
    due = registered(workspace, "b", received_at=received.isoformat(), customer_name=NAME).case.number
    reminder, heard = Reminder(window.desk, window), []
    reminder.reminded.connect(heard.append)
    lock_now(qtbot, window)

    reminder.look()
    settle(qtbot, window.desk)

    assert heard == [f"剩 40 分　待答复　{due}"]
