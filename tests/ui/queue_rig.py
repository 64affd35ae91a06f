"""The 跟进 page as it is seen, for the tests of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ui.desk_rig import settle
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.desk import Desk
    from ui.views.follow_up import FollowUpPage


def bring(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> QueueTable:
    """Bring the page to the front and return its table, filled."""
    page.activated()
    settle(qtbot, desk)
    return table(page)


def table(page: FollowUpPage) -> QueueTable:
    """Return the table of the page."""
    return page.findChild(QueueTable)


def rows(page: FollowUpPage, *columns: int) -> list[tuple[str, ...]]:
    """Return what the table shows in these columns; in all where none is named."""
    model = table(page).model()
    return [
        tuple(model.index(row, column).data() for column in columns or range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def cells(page: FollowUpPage, column: int) -> list[str]:
    """Return what the table shows in one column."""
    return [text for (text,) in rows(page, column)]


def numbers(page: FollowUpPage) -> list[str]:
    """Return the numbers of the cases, as they stand."""
    return cells(page, 3)
