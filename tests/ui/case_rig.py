"""One case in the whole window: what its pane shows, and actions as they are done by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desk_app.services import desk as use_cases
from tests.ui.window_rig import CTRL, commit, press, settle
from ui.forms.action_form import ActionEditor
from ui.views.case_detail import CaseDetail
from ui.views.case_detail_actions import ActionButton
from ui.views.case_detail_text import ReadingPane

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.domain.case import CaseFile
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.widgets.field_row import FieldRow

KEY = Qt.Key


def open_case(qtbot: QtBot, window: MainWindow, number: str) -> CaseDetail:
    """Show a case and return its pane."""
    window.open_case(number)
    settle(qtbot, window.desk)
    return window.findChild(CaseDetail)


def begin(window: MainWindow, letter: Qt.Key, *steps: Qt.Key | str) -> None:
    """Open the form of an action by its letter and enter these texts and keys."""
    press(letter)
    assert form(window) is not None, f"{letter.name} opens nothing: {window.notices.sentence}"
    for step in steps:
        if isinstance(step, str):
            commit(step)
        else:
            press(step)


def done(qtbot: QtBot, window: MainWindow) -> None:
    """Press Ctrl+Enter and wait for the answer."""
    press(KEY.Key_Return, CTRL)
    settle(qtbot, window.desk)


def act(qtbot: QtBot, window: MainWindow, letter: Qt.Key, *steps: Qt.Key | str) -> None:
    """Do an action on the case that is shown; it must be stored."""
    begin(window, letter, *steps)
    done(qtbot, window)
    assert form(window) is None, problems(window)


def form(window: MainWindow) -> ActionEditor | None:
    """Return the form that is open."""
    return next((e for e in window.findChildren(ActionEditor) if e.isVisible()), None)


def fields(window: MainWindow) -> dict[str, FieldRow]:
    """Return the rows of the open form."""
    open_ = form(window)
    assert open_ is not None
    return open_.fields.rows


def problems(window: MainWindow) -> list[str]:
    """Return what the open form says is wrong or to be known."""
    open_ = form(window)
    if open_ is None:
        return []
    said = [label.text() for label in (open_._note, open_._message) if label.isVisible()]
    return [*said, *(f"{key}: {row.problem}" for key, row in open_.fields.rows.items() if row.problem)]


def story(window: MainWindow) -> str:
    """Return the text of the pane."""
    return window.findChild(ReadingPane).toPlainText()


def buttons(window: MainWindow) -> dict[str, ActionButton]:
    """Return the button of each action by its letter, in the order on the screen."""
    seen = [b for b in window.findChildren(ActionButton) if b.isVisible()]
    return {b.text()[-1]: b for b in sorted(seen, key=lambda b: (b.y(), b.x()))}


def actions_of(ws: Workspace, number: str) -> list[str]:
    """Return the history as it stands in the register."""
    return [str(e.action) for e in use_cases.case_file(ws, number).events]


def owed_of(file: CaseFile) -> list[tuple[str, str]]:
    """Return the kind and the subject of what is owed."""
    return [(str(f.kind), f.subject) for f in file.owed]
