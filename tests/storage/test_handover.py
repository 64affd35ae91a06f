"""What was signed, and what was marked as done, stays: the file itself sees to it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desk_app.services import duties, handover
from desk_app.services.handover import Signing

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

FORBIDDEN = {
    "a handover is changed": ("UPDATE handover SET incoming = 'x'", "a handover stays"),
    "a handover is removed": ("DELETE FROM handover", "a handover stays"),
    "a handover is replaced": ("INSERT OR REPLACE INTO handover SELECT * FROM handover", "a handover stays"),
    "a handover is replaced by its request": (
        "INSERT OR REPLACE INTO handover SELECT 99, request_id, at, outgoing, incoming, data FROM handover",
        "a handover stays",
    ),
    "a mark is changed": ("UPDATE duty_done SET done = 0", "a mark stays"),
    "a mark is removed": ("DELETE FROM duty_done", "a mark stays"),
    "a mark is replaced": ("INSERT OR REPLACE INTO duty_done SELECT * FROM duty_done", "a mark stays"),
    "a mark is neither": ("INSERT INTO duty_done VALUES (99, 'x', '2026', 2, '', '')", "CHECK"),
}


@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_file_itself_keeps_what_was_signed_and_marked(
    workspace: Workspace, what: str, recursive_triggers: str
) -> None:
    statement, reason = FORBIDDEN[what]
    draft = handover.draft(workspace)
    values = {"incoming": "小吴", "shift": "早班", "settled": True}
    handover.sign(workspace, Signing(outgoing=draft.outgoing, drafted_at=draft.at, seen=[], values=values), "one")
    duties.mark(workspace, "weekly_tables", "2026-W47", done=True)
    conn = workspace.store.conn
    conn.execute(f"PRAGMA recursive_triggers={recursive_triggers}")
    before = list(conn.iterdump())

    with pytest.raises(sqlite3.IntegrityError, match=reason):
        conn.execute(statement)

    assert list(conn.iterdump()) == before


def test_each_part_of_a_draft_is_found_by_an_index_of_its_own(workspace: Workspace) -> None:
    from desk_app.storage.handover import _TOLD  # noqa: PLC0415 -- what is looked at here is the query itself

    asked = {"soon": 0, "outgoing": ""}
    plan = [row[3] for row in workspace.store.conn.execute(f"EXPLAIN QUERY PLAN {_TOLD}", asked)]

    assert not [step for step in plan if step.startswith("SCAN follow_up")]
    for index in ("follow_up_open ", "follow_up_open_kind", "follow_up_open_debtor"):
        assert any(index.strip() in step for step in plan), plan
