"""An action, an undo, a snooze: each is one transaction, done once, and tells what it changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.services import desk, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import cases
from tests.helpers.builders import NOW, a_full_case, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import FixedClock
    from desk_app.domain.case import CaseFile
    from desk_app.paths import DataFolder
    from desk_app.services.results import Acted
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

FIRST = "TS-20261122-001"
HOUR = timedelta(hours=1)
DERIVED = ("due_utc", "snoozed_utc", "customer_phone_key")  # follow from another column

Deed = tuple[str, dict[str, object]]
STORY: tuple[Deed, ...] = (
    ("contact", {"content": "请客户补小票", "awaiting": True}),
    ("contact", {"content": "小票收到", "direction": "in"}),
    ("assign", {"person": "小王"}),
    ("accept", {"by": "小王"}),
    ("investigate", {"findings": "温控器虚焊", "true_cause": "虚焊"}),
    ("determine", {"responsibility": "company"}),
    ("propose", {"solution": "换新", "amount": "200"}),
    ("reject", {"opinion": "太多"}),
    ("escalate", {"reason": "客户要见经理"}),
    ("propose", {"solution": "换新"}),
    ("approve", {}),
    ("promise", {"what": "周二前换新"}),
    ("keep_promise", {}),
    ("reply", {"content": "换新"}),
    ("return_visit", {"reached": False}),
    ("return_visit", {"satisfaction": "dissatisfied"}),
    ("reply", {"content": "退款"}),
    ("return_visit", {"satisfaction": "satisfied"}),
    ("feed_back", {"content": "已退款"}),
    ("correct", {"problem": "虚焊"}),
    ("close", {"result": "已退款"}),
    ("verify_correction", {"effect": "复查合格"}),
    ("reopen", {"reason": "款未到账"}),
    ("void", {"reason": "另立一件"}),
)


def everything(ws: Workspace) -> list[str]:
    return list(ws.store.conn.iterdump())


def values(ws: Workspace) -> dict[tuple[int, str], object]:
    """Return every value of the one case (owner 0) and of what is owed on it, as stored."""
    conn, found = ws.store.conn, {}
    for table in ("case", "follow_up"):
        cursor = conn.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- our own names
        names = [name for name, *_ in cursor.description]
        for row in cursor:
            owner = 0 if table == "case" else row[0]
            found.update({(owner, name): value for name, value in zip(names, row, strict=True) if name not in DERIVED})
    return found


def told(ws: Workspace) -> dict[tuple[int, str], tuple[object, object]]:
    """Return what the last event says that it changed, as stored."""
    rows = ws.store.conn.execute(
        "SELECT ifnull(follow_up_id, 0), key, json_extract(old, '$'), json_extract(new, '$')"
        " FROM change WHERE event_id = (SELECT max(id) FROM event)"
    )
    return {(owner, key): (old, new) for owner, key, old, new in rows}


def seen_to_change(ws: Workspace, do: Callable[[], object]) -> dict[tuple[int, str], tuple[object, object]]:
    """Do something and return every stored value that is another one now; what was not there before does not count."""
    before = values(ws)
    do()
    after = values(ws)
    assert before.keys() <= after.keys()
    return {key: (old, after[key]) for key, old in before.items() if after[key] != old}


def the_promise(ws: Workspace) -> int:
    return next(f.id for f in desk.case_file(ws, FIRST).owed if f.kind is FollowUpKind.PROMISE)


def replied(ws: Workspace) -> None:
    """A case with a promise, whose last event is a reply."""
    registered(ws)
    acted(ws, FIRST, "promise", what="周二前回电")
    acted(ws, FIRST, "reply", content="换新")


def do_visit(ws: Workspace, request_id: str = "again") -> Acted:
    return desk.act(ws, FIRST, "return_visit", {"satisfaction": "dissatisfied"}, request_id)


def do_undo(ws: Workspace, request_id: str = "again") -> Acted:
    return desk.undo(ws, FIRST, request_id)


def do_snooze(ws: Workspace, request_id: str = "again") -> Acted:
    return desk.snooze(ws, FIRST, the_promise(ws), NOW + HOUR, "等到货", request_id)


DEEDS = {"act": do_visit, "undo": do_undo, "snooze": do_snooze}


def test_every_value_that_changes_is_kept_with_the_old_one(workspace: Workspace, clock: FixedClock) -> None:
    registered(workspace)

    for hours, (action, keys) in enumerate(STORY, start=1):
        clock.moment = NOW + hours * HOUR
        changed = seen_to_change(workspace, lambda a=action, k=keys: acted(workspace, FIRST, a, **k))  # type: ignore[misc]
        assert told(workspace) == changed, action
        assert upkeep.verify(workspace).ok

    assert desk.case_file(workspace, FIRST).case.status is Status.VOID


def test_the_old_values_lead_back_to_the_day_of_registration(workspace: Workspace, clock: FixedClock) -> None:
    registered(workspace, **a_full_case())
    first = desk.case_file(workspace, FIRST)
    for hours, (action, keys) in enumerate(STORY[:14], start=1):
        clock.moment = NOW + hours * HOUR
        acted(workspace, FIRST, action, **keys)
    file = desk.case_file(workspace, FIRST)

    old: dict[int, dict[str, Any]] = {0: {}, **{f.id: {} for f in file.follow_ups}}
    for event in reversed(file.events):
        for change in reversed(cases.changes_of(workspace.store.conn, event.id)):
            old[change.follow_up_id][change.key] = change.old

    assert replace(file.case, **old[0]) == first.case != file.case
    debts = tuple(replace(f, **old[f.id]) for f in file.follow_ups)
    assert debts[: len(first.follow_ups)] == first.follow_ups != file.follow_ups[: len(first.follow_ups)]


@pytest.mark.parametrize("deed", ["undo", "snooze"])
def test_an_undo_and_a_snooze_tell_their_changes_too(workspace: Workspace, deed: str) -> None:
    replied(workspace)

    changed = seen_to_change(workspace, lambda: DEEDS[deed](workspace))

    assert changed
    assert told(workspace) == changed


FAULTS = {
    "the event": ("BEFORE INSERT ON event", "act undo snooze"),
    "the case": ('BEFORE UPDATE ON "case"', "act undo"),
    "what is owed next": ("BEFORE INSERT ON follow_up", "act"),
    "what is settled": ("BEFORE UPDATE ON follow_up", "act undo snooze"),
    "the first change": ("BEFORE INSERT ON change", "act undo snooze"),
    "the last change": ("BEFORE INSERT ON change WHEN NEW.key IN ('done_at', 'snoozed_until')", "act undo snooze"),
}
IN_THE_MIDDLE = [(deed, fault) for fault, (_, deeds) in FAULTS.items() for deed in deeds.split()]


@pytest.mark.fault
@pytest.mark.parametrize(("deed", "fault"), IN_THE_MIDDLE)
def test_a_fault_in_the_middle_leaves_nothing(workspace: Workspace, deed: str, fault: str) -> None:
    replied(workspace)
    when, _ = FAULTS[fault]
    before = everything(workspace)
    workspace.store.conn.execute(f"CREATE TEMP TRIGGER fault {when} BEGIN SELECT RAISE(ABORT, 'no'); END")

    with pytest.raises(sqlite3.IntegrityError, match="no"):
        DEEDS[deed](workspace)

    assert everything(workspace) == before
    workspace.store.conn.execute("DROP TRIGGER fault")
    DEEDS[deed](workspace)
    assert everything(workspace) != before
    assert upkeep.verify(workspace).ok


@pytest.mark.fault
def test_a_disk_that_fills_up_in_the_middle_of_an_action_leaves_nothing(workspace: Workspace) -> None:
    replied(workspace)
    before = everything(workspace)
    (pages,) = workspace.store.conn.execute("PRAGMA page_count").fetchone()
    workspace.store.conn.execute(f"PRAGMA max_page_count={pages + 1}")
    keys = {"satisfaction": "dissatisfied", "opinion": "又坏了" * 1600}

    with pytest.raises(KnownError, match="disk_full"):
        desk.act(workspace, FIRST, "return_visit", keys, "full")

    assert everything(workspace) == before
    workspace.store.conn.execute("PRAGMA max_page_count=100000")
    assert desk.act(workspace, FIRST, "return_visit", keys, "full").file.case.round == 2


@pytest.mark.parametrize("deed", DEEDS)
def test_a_request_that_is_tried_again_is_done_once(workspace: Workspace, clock: FixedClock, deed: str) -> None:
    replied(workspace)
    first = DEEDS[deed](workspace, "same")
    before = everything(workspace)
    clock.moment = NOW + 2 * HOUR  # when nothing of the kind would be allowed any more

    again = DEEDS[deed](workspace, "same")

    assert again.file == first.file
    assert everything(workspace) == before


def went_on(ws: Workspace, do: Callable[[], Acted]) -> KnownError:
    """Do something that must be refused because the case has gone on; return the error, nothing having changed."""
    before = everything(ws)
    with pytest.raises(KnownError, match="case_went_on") as caught:
        do()
    assert everything(ws) == before
    return caught.value


def test_who_has_not_seen_the_last_event_is_told_of_it_and_changes_nothing(
    workspace: Workspace, clock: FixedClock
) -> None:
    seen = desk.case_file(workspace, registered(workspace).case.number).events[-1].id
    clock.moment = NOW + HOUR
    acted(workspace, FIRST, "contact", content="客户来电", by="小王")

    error = went_on(workspace, lambda: desk.act(workspace, FIRST, "reply", {"content": "换新"}, "r", seen))

    sentence = workspace.rules.sentences.error(error)
    assert all(words in sentence for words in (FIRST, "2026-11-22 11:00", "小王", "联系记录"))
    now_seen = desk.case_file(workspace, FIRST).events[-1].id
    file = desk.act(workspace, FIRST, "reply", {"content": "换新"}, "r", now_seen).file
    assert file.case.status is Status.AWAITING_RETURN_VISIT


def test_a_retry_of_what_was_stored_is_no_case_that_went_on(workspace: Workspace) -> None:
    seen = desk.case_file(workspace, registered(workspace).case.number).events[-1].id
    desk.act(workspace, FIRST, "reply", {"content": "换新"}, "same", seen)

    again: CaseFile = desk.act(workspace, FIRST, "reply", {"content": "换新"}, "same", seen).file

    assert [e.action for e in again.events] == ["register", "reply"]


def test_an_undo_takes_back_the_event_that_was_meant_or_none(workspace: Workspace) -> None:
    registered(workspace)
    mine = desk.act(workspace, FIRST, "contact", {"content": "致电"}, "mine").file.events[-1].id
    acted(workspace, FIRST, "reply", content="换新")  # by the same operator, at another window

    went_on(workspace, lambda: desk.undo(workspace, FIRST, "undo", mine))

    last = desk.case_file(workspace, FIRST).events[-1].id
    assert desk.undo(workspace, FIRST, "undo", last).file.events[-1].undoes == last


def test_a_closed_case_undone_is_open_again_with_all_it_owed(workspace: Workspace) -> None:
    registered(workspace)
    closed(workspace, FIRST, determine={"responsibility": "company"})

    file = desk.undo(workspace, FIRST, "undo").file

    assert file.case.status is Status.IN_PROGRESS
    assert {f.kind for f in file.owed} == {FollowUpKind.HANDLE, FollowUpKind.CORRECT}
    assert upkeep.verify(workspace).ok


def test_an_undo_is_kept_by_another_program_and_after_the_next_start(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    replied(workspace)
    ours = do_undo(workspace).file

    other = open_workspace(folder, clock, rules)

    assert desk.case_file(other, FIRST) == ours
    assert [e.action for e in ours.deeds] == ["register", "promise"]
    other.close()
