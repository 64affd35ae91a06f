from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.services import desk, upkeep
from desk_app.storage import schema
from tests.helpers.builders import acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.workspace import Workspace


DEBT_OF_NO_CASE = (
    "INSERT INTO follow_up (case_id, kind, owed_by, owed_to, start_at, due_at, due_utc, rule, round)"
    " VALUES (77, 'reply', '', '', '', '', 1, 'r', 1)"
)
FAULTS: Mapping[str, tuple[tuple[str, ...], list[str]]] = {
    "a trigger is gone": (("DROP TRIGGER event_no_update",), ["check_schema_missing"]),
    "an index is gone": (("DROP INDEX follow_up_open",), ["check_schema_missing"]),
    "a table came in": (("CREATE TABLE bookmark (url TEXT)",), ["check_schema_extra"]),
    "a trigger does nothing": (
        (
            "DROP TRIGGER case_no_delete",
            'CREATE TRIGGER case_no_delete BEFORE DELETE ON "case" BEGIN SELECT 1; END',
        ),
        ["check_schema_changed"],
    ),
    "an open case owes nothing": (
        ("UPDATE follow_up SET done_at = '2026-11-22' WHERE case_id = 1",),
        ["check_open_but_owes_nothing"],
    ),
    "an open case owes nothing but corrections": (
        ("UPDATE follow_up SET kind = 'verify' WHERE case_id = 1",),
        ["check_open_but_owes_nothing"],
    ),
    "a void case owes a correction": (
        ("UPDATE follow_up SET kind = 'correct' WHERE case_id = 1", "UPDATE \"case\" SET status = 'void' WHERE id = 1"),
        ["check_over_but_owes"],
    ),
    "a closed case owes": (("UPDATE \"case\" SET status = 'closed' WHERE id = 1",), ["check_over_but_owes"]),
    "a void case owes": (("UPDATE \"case\" SET status = 'void' WHERE id = 1",), ["check_over_but_owes"]),
    "a case nobody registered": (
        (
            "DROP TRIGGER event_no_delete",
            "DELETE FROM event WHERE id = 1",
            schema.expected()["event_no_delete"],
        ),
        ["check_no_registration"],
    ),
    "a counter is behind": (
        ("DROP TRIGGER counter_only_forward", "UPDATE counter SET last = 1"),
        ["check_schema_missing", "check_counter_behind", "check_number_ahead"],
    ),
    "a counter is behind and another ahead of it": (
        (
            "DROP TRIGGER counter_only_forward",
            "UPDATE counter SET last = 1",
            "INSERT INTO counter VALUES ('TS-20260101-NNN', 5)",
        ),
        ["check_schema_missing", "check_number_ahead"],
    ),
    "a counter is gone": (
        ("DROP TRIGGER counter_no_delete", "DELETE FROM counter"),
        ["check_schema_missing", "check_counter_behind"],
    ),
    "a debt of no case": (
        (
            "PRAGMA foreign_keys=OFF",
            DEBT_OF_NO_CASE,
        ),
        ["check_foreign_key"],
    ),
    "a round of nought": (
        (
            "PRAGMA ignore_check_constraints=ON",
            'UPDATE "case" SET round = 0 WHERE id = 1',
            "PRAGMA ignore_check_constraints=OFF",
        ),
        ["check_integrity"],
    ),
}


def test_a_register_in_use_is_sound(workspace: Workspace) -> None:
    assert upkeep.verify(workspace).ok
    first = registered(workspace, "one").case.number
    registered(workspace, "two", received_at="2026-10-01")
    acted(workspace, first, "reply", content="换新")
    acted(workspace, first, "return_visit", satisfaction="dissatisfied")
    acted(workspace, first, "determine", responsibility="misunderstanding")
    acted(workspace, first, "feed_back", content="客户不满意")
    acted(workspace, first, "close", result="已尽力", exception=True, reason="超出规定")

    assert upkeep.verify(workspace).findings == ()


def test_what_the_shop_has_to_mend_may_outlive_the_case(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "correct", problem="温控器虚焊")
    closed(workspace, number, determine={"responsibility": "company"})

    assert [f.kind for f in desk.case_file(workspace, number).owed] == ["correct", "correct", "verify"]
    assert upkeep.verify(workspace).findings == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_told(workspace: Workspace, fault: str) -> None:
    statements, codes = FAULTS[fault]
    registered(workspace, "one")
    registered(workspace, "two")
    assert upkeep.verify(workspace).ok

    for statement in statements:
        workspace.store.conn.execute(statement)
    result = upkeep.verify(workspace)

    assert not result.ok
    assert [f.code for f in result.findings if not f.code.startswith("check_row_")] == codes
    for finding in result.findings:
        assert workspace.rules.sentences.say(finding.code, finding.params)


def test_of_many_findings_of_one_kind_twenty_are_told(workspace: Workspace) -> None:
    for n in range(25):
        registered(workspace, f"save-{n}")
    workspace.store.conn.execute("UPDATE follow_up SET done_at = '2026-11-22'")

    found = [f.code for f in upkeep.verify(workspace).findings]

    assert found.count("check_open_but_owes_nothing") == found.count("check_row_changed") == 20
    assert found.count("check_more") == 1
