"""The search as it is used: the box, the list, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tests.ui.window_rig import CTRL, commit, press, settle, until
from ui.views.search import SearchPage
from ui.views.search_filters import SearchFilters
from ui.views.search_table import HitsTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

KEY = Qt.Key


def look_for(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Press Ctrl+F and enter some words, in the place of those that stand there."""
    press(KEY.Key_F, CTRL)
    settle(qtbot, window.desk)
    if words:
        commit(words)
    else:
        press(KEY.Key_Delete)
    settle(qtbot, window.desk)


def keys(qtbot: QtBot, window: MainWindow, *pressed: Qt.Key) -> None:
    """Press some keys, waiting for what each leads to."""
    for key in pressed:
        press(key)
        settle(qtbot, window.desk)


def hits_table(window: MainWindow) -> HitsTable:
    """Return the list."""
    return window.findChild(HitsTable)


def filters(window: MainWindow) -> SearchFilters:
    """Return the line of filters."""
    return window.findChild(SearchFilters)


def found(window: MainWindow) -> list[str]:
    """Return the numbers of the cases, as they stand."""
    return [cells[0] for cells in cells_of(window)]


def cells_of(window: MainWindow) -> list[list[str]]:
    """Return all that the list shows."""
    model = hits_table(window).model()
    return [[model.index(row, column).data() for column in range(7)] for row in range(model.rowCount())]


def marked(window: MainWindow) -> list[set[str]]:
    """Return, for each row, the words that are marked in it."""
    lines = window.findChild(SearchPage)._model.lines
    return [{line.cells[line.marked][first:end] for first, end in line.marks} for line in lines]


def told(window: MainWindow) -> str:
    """Return the line over the list."""
    return window.findChild(SearchPage)._told.text()


def empty(window: MainWindow) -> str:
    """Return what stands in an empty list."""
    return hits_table(window).empty_words


def until_told(qtbot: QtBot, window: MainWindow, words: str) -> None:
    """Wait until the line over the list, or the empty list, says so."""
    until(qtbot, lambda: words in told(window) or words in empty(window))


def is_in_front(window: MainWindow) -> bool:
    """Whether the search is."""
    return isinstance(window._stack.currentWidget(), SearchPage)
