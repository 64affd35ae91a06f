from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services.desk import case_file
from tests.helpers.builders import a_case, a_full_case, acted, registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def test_a_case_is_accepted_as_it_is(workspace: Workspace) -> None:
    stored = registered(workspace)

    assert stored.case.number == "TS-20261122-001"
    assert stored.case.content == a_case()["content"]


def test_a_change_replaces_a_value_and_none_takes_it_away() -> None:
    raw = a_case(content="水壶漏水", demand=None)

    assert raw["content"] == "水壶漏水"
    assert "demand" not in raw


def test_a_full_case_fills_every_key_a_person_can_fill(workspace: Workspace) -> None:
    fillable = {f.key for f in workspace.rules.fields if not f.given}

    assert set(a_full_case()) == fillable
    registered(workspace, **a_full_case())


def test_acted_does_one_action_after_the_other(workspace: Workspace) -> None:
    number = registered(workspace).case.number

    acted(workspace, number, "contact", content="已致电")
    acted(workspace, number, "contact", content="再次致电")

    assert [e.action for e in case_file(workspace, number).events] == ["register", "contact", "contact"]
