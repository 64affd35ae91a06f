"""What the shop notes of itself stays, is stored once a request, and is found by its subject."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.services import upkeep
from desk_app.storage import shop_events
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def noted(workspace: Workspace, request: str, subject: str, count: int) -> ShopEvent:
    event = ShopEvent(action=ShopAction.VOLUME, at=NOW, by="小周", subject=subject, data={"served": count})
    with workspace.store.transaction() as conn:
        return shop_events.add(conn, event, request)


def test_the_last_of_each_subject_holds_and_a_request_is_stored_once(workspace: Workspace) -> None:
    noted(workspace, "one", "2026-09", 300)
    first = noted(workspace, "two", "2026-10", 100)
    again = noted(workspace, "two", "2026-10", 999)
    noted(workspace, "three", "2026-10", 120)
    noted(workspace, "four", "2026-11", 7)

    with workspace.store.reading() as conn:
        all_of_them = shop_events.between(conn, ShopAction.VOLUME)
        latest = shop_events.latest(conn, ShopAction.VOLUME, "2026-10", "2026-10")
        of_another_kind = shop_events.between(conn, ShopAction.HEED)

    assert again == first
    assert [(event.subject, event.data["served"]) for event in all_of_them] == [
        ("2026-09", 300),
        ("2026-10", 100),
        ("2026-10", 120),
        ("2026-11", 7),
    ]
    assert {subject: event.data["served"] for subject, event in latest.items()} == {"2026-10": 120}
    assert of_another_kind == ()
    assert upkeep.verify(workspace).ok


@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop_event SET data = '{}'",
        "DELETE FROM shop_event",
        "INSERT OR REPLACE INTO shop_event SELECT * FROM shop_event",
        "INSERT OR REPLACE INTO shop_event SELECT 99, request_id, at, by, action, subject, data FROM shop_event",
    ],
)
def test_the_file_itself_keeps_what_was_noted(workspace: Workspace, statement: str, recursive_triggers: str) -> None:
    noted(workspace, "one", "2026-10", 100)
    conn = workspace.store.conn
    conn.execute(f"PRAGMA recursive_triggers={recursive_triggers}")
    before = list(conn.iterdump())

    with pytest.raises(sqlite3.IntegrityError, match="what the shop noted stays"):
        conn.execute(statement)

    assert list(conn.iterdump()) == before
