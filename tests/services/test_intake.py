from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Action, FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.services import intake
from desk_app.services.desk import case_file
from desk_app.services.intake import InputLine
from desk_app.services.results import LineProblem
from tests.helpers.builders import NOW, SHANGHAI, a_case, a_full_case, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

HALF_TYPED = {
    "content": "水壶\ud83d漏",
    "kind": "complaint",
    "safety": True,
    "demand_kind": ["refund"],
    "amount": "12.",
    "空": "",
}


def count(ws: Workspace, table: str) -> int:
    return int(ws.store.conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 -- our own names


def test_a_case_on_file_has_its_number_its_history_and_what_is_owed(workspace: Workspace) -> None:
    result = registered(workspace, **a_full_case())
    file = case_file(workspace, result.case.number)

    assert file.case == result.case
    assert file.owed == tuple(f for f in file.follow_ups)
    assert file.case.status is Status.REGISTERED
    assert file.case.entered_at == NOW
    assert [(e.action, e.at, e.entered_at, e.by) for e in file.events] == [
        (Action.REGISTER, file.case.received_at, NOW, "小周")
    ]
    assert [(f.kind, f.due_at, f.owed_by, f.owed_to) for f in file.owed] == [
        (FollowUpKind.REPLY, NOW.replace(hour=18), "店长", "客户"),
        (FollowUpKind.EXTERNAL_REPLY, datetime(2026, 12, 1, 18, tzinfo=SHANGHAI), "店长", "消费者协会"),
    ]
    assert {f.event_id for f in file.owed} == {file.events[0].id}
    assert result.changes.cases == {file.case.number}
    assert result.changes.queue
    assert not result.was_stored_before


def test_each_day_of_receipt_counts_for_itself(workspace: Workspace) -> None:
    days = ["2026-11-22 09:00", "2026-11-21 23:59:59", "2026-11-22 00:00", "2026-11-21 08:00"]

    numbers = [registered(workspace, day, received_at=day).case.number for day in days]

    assert numbers == ["TS-20261122-001", "TS-20261121-001", "TS-20261122-002", "TS-20261121-002"]


def test_the_thousandth_case_of_a_day_is_told_apart_from_the_hundredth(workspace: Workspace) -> None:
    registered(workspace, "first")
    workspace.store.conn.execute("UPDATE counter SET last = 998")

    numbers = [registered(workspace, f"save-{n}").case.number for n in range(3)]

    assert numbers == ["TS-20261122-999", "TS-20261122-1000", "TS-20261122-1001"]
    assert case_file(workspace, "TS-20261122-1000")


def test_a_refused_case_leaves_nothing_behind(workspace: Workspace) -> None:
    with pytest.raises(RefusedError) as caught:
        registered(workspace, content=None, category="天气")

    assert [(p.field, p.code) for p in caught.value.problems] == [("content", "required"), ("category", "not_a_choice")]
    assert (count(workspace, "case"), count(workspace, "counter")) == (0, 0)


def test_a_save_that_is_tried_again_gives_the_case_that_was_stored(workspace: Workspace) -> None:
    first = registered(workspace, "same")
    again = registered(workspace, "same", content="后来改过的内容")

    assert again.was_stored_before
    assert again.case == first.case
    assert [f.kind for f in again.owed] == [f.kind for f in first.owed]
    assert (count(workspace, "case"), count(workspace, "event"), count(workspace, "follow_up")) == (1, 1, 1)
    assert registered(workspace, "other").case.number == "TS-20261122-002"


def test_half_typed_forms_are_kept_as_they_are_and_come_oldest_first(workspace: Workspace, clock: FixedClock) -> None:
    intake.save_draft(workspace, "b", HALF_TYPED)
    clock.moment = NOW + timedelta(seconds=1)
    intake.save_draft(workspace, "a", {"content": "\x00控制"})
    clock.moment = NOW + timedelta(seconds=2)

    kept = intake.drafts(workspace)

    assert [(d.id, d.values, d.saved_at) for d in kept] == [
        ("b", HALF_TYPED, NOW),
        ("a", {"content": "\x00控制"}, NOW + timedelta(seconds=1)),
    ]


def test_a_form_that_is_typed_on_replaces_its_draft(workspace: Workspace) -> None:
    intake.save_draft(workspace, "a", {"content": "水"})
    intake.save_draft(workspace, "a", {"content": "水壶"})

    assert [d.values for d in intake.drafts(workspace)] == [{"content": "水壶"}]


def test_a_draft_goes_with_its_save_and_never_comes_back(workspace: Workspace) -> None:
    intake.save_draft(workspace, "mine", a_case())
    intake.save_draft(workspace, "other", a_case())

    registered(workspace, "mine")
    intake.save_draft(workspace, "mine", a_case())

    assert [d.id for d in intake.drafts(workspace)] == ["other"]


def test_a_draft_written_between_the_save_and_its_retry_goes_too(workspace: Workspace) -> None:
    registered(workspace, "mine")
    workspace.store.conn.execute("INSERT INTO draft VALUES ('mine', '2026-11-22T10:00:00+08:00', '{}', '')")

    registered(workspace, "mine")

    assert intake.drafts(workspace) == ()


def test_a_refused_save_keeps_its_draft(workspace: Workspace) -> None:
    intake.save_draft(workspace, "mine", {"content": ""})

    with pytest.raises(RefusedError):
        registered(workspace, "mine", content="")

    assert [d.id for d in intake.drafts(workspace)] == ["mine"]


def test_a_discarded_draft_is_gone_and_may_be_begun_again(workspace: Workspace) -> None:
    intake.save_draft(workspace, "mine", {"content": "水"})

    intake.discard_draft(workspace, "mine")
    assert intake.drafts(workspace) == ()

    intake.save_draft(workspace, "mine", {"content": "又"})
    assert len(intake.drafts(workspace)) == 1


def test_a_whole_file_goes_in_at_once_in_its_order(workspace: Workspace) -> None:
    lines = [InputLine(n, a_case(content=f"第 {n} 件"), f"line-{n}") for n in range(1, 321)]

    result = intake.register_many(workspace, lines, keep_going=False)

    assert result.numbers == tuple(f"TS-20261122-{n:03}" for n in range(1, 321))
    assert result.left_out == ()
    assert case_file(workspace, "TS-20261122-320").case.content == "第 320 件"


def test_one_bad_line_keeps_the_whole_file_out(workspace: Workspace) -> None:
    lines = [InputLine(n, a_case(kind="rant" if n == 17 else "complaint"), f"line-{n}") for n in range(1, 321)]

    result = intake.register_many(workspace, lines, keep_going=False)

    assert result.numbers == ()
    assert [(left.line, left.problems[0].code) for left in result.left_out] == [(17, "not_a_choice")]
    assert (count(workspace, "case"), count(workspace, "counter")) == (0, 0)


def test_who_says_keep_going_gets_the_others_and_a_list(workspace: Workspace) -> None:
    broken = LineProblem(2, "bad_json", {"line": 2, "column": 1})
    lines = [
        InputLine(1, a_case(), "1"),
        InputLine(2, None, "2", broken),
        InputLine(3, a_case(content=None), "3"),
        InputLine(4, a_case(), "4"),
    ]

    result = intake.register_many(workspace, lines, keep_going=True)

    assert result.numbers == ("TS-20261122-001", "TS-20261122-002")
    assert [left.line for left in result.left_out] == [2, 3]
    assert result.left_out[0] is broken


@pytest.mark.fault
def test_a_disk_that_fills_up_in_the_middle_of_a_file_stores_none_of_it(workspace: Workspace) -> None:
    (pages,) = workspace.store.conn.execute("PRAGMA page_count").fetchone()
    workspace.store.conn.execute(f"PRAGMA max_page_count={pages + 50}")
    lines = [InputLine(n, a_case(content="电水壶" * 500), f"line-{n}") for n in range(1, 321)]

    with pytest.raises(KnownError, match="disk_full"):
        intake.register_many(workspace, lines, keep_going=True)

    assert (count(workspace, "case"), count(workspace, "counter")) == (0, 0)
