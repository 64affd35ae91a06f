"""The views of the queue on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.queue import View
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from tests.cli.conftest import DeskApp

SHAPE = {"number", "kind", "due_at", "overdue", "owed_by", "owed_to", "customer", "matter", "status"}


def test_every_view_can_be_asked_for_and_has_one_shape(desk_app: DeskApp, workspace: Workspace) -> None:
    number = registered(workspace).case.number

    seen = {}
    for view in View:
        result = desk_app("queue", "--view", view.value, "--json", "--at", "2027-03-22 10:00")
        assert result.code == 0
        seen[view] = result.json

    assert {view for view, rows in seen.items() if rows} == {
        View.OVERDUE,
        View.TODAY,
        View.WEEK,
        View.ALL,
        View.MINE,
        View.UNRECORDED,
        View.UNHANDLED,
        View.SILENT,
    }
    assert all(row.keys() == SHAPE and row["number"] == number for rows in seen.values() for row in rows)
    (silent,) = seen[View.SILENT]
    assert (silent["kind"], silent["overdue"], silent["owed_by"]) == ("silent", False, "")
    line = desk_app("queue", "--view", "silent", "--at", "2027-03-22").out.split()
    assert line[:3] == ["2026-11-22", "10:00", "老客户"], "when they were last spoken to, by the shop's clock"


def test_a_view_that_is_none_is_wrong_usage(desk_app: DeskApp) -> None:
    assert desk_app("queue", "--view", "tomorrow").code == 2
