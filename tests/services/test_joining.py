"""Merging two cases of the same matter: both stay findable, nothing owed is lost, and it can be taken back. Real."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Action, FollowUpKind, Role, Status
from desk_app.errors import KnownError
from desk_app.services import desk, shop, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.telling import case_lines, partners
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.domain.case import CaseFile
    from desk_app.services.workspace import Workspace

MINUTE = timedelta(minutes=1)
TWICE = "重复登记"


@pytest.fixture
def kept(workspace: Workspace) -> str:
    """The case that goes on."""
    return registered(workspace, "kept").case.number


@pytest.fixture
def twin(workspace: Workspace, kept: str) -> str:
    """The same matter, registered once more."""
    assert kept
    return registered(workspace, "twin").case.number


def file_of(ws: Workspace, number: str) -> CaseFile:
    return desk.case_file(ws, number)


def merge(ws: Workspace, number: str, into: str, request_id: str = "", **more: object) -> CaseFile:
    return desk.act(ws, number, "void", {"reason": TWICE, "into": into, **more}, request_id or f"merge {number}").file


def refusal(ws: Workspace, number: str, into: str) -> str:
    """Return why the merging is refused; nothing may have been written to either."""
    before = [file_of(ws, each) for each in {number, into}]
    with pytest.raises(KnownError) as caught:
        merge(ws, number, into)
    assert [file_of(ws, each) for each in {number, into}] == before
    assert ws.rules.sentences.error(caught.value)
    return caught.value.code


def problem(ws: Workspace, number: str, into: str) -> tuple[str, str]:
    before = file_of(ws, number)
    with pytest.raises(RefusedError) as caught:
        merge(ws, number, into)
    assert file_of(ws, number) == before
    assert ws.rules.sentences.problem(caught.value.problems[0])
    return caught.value.problems[0].field, caught.value.problems[0].code


def told(ws: Workspace, number: str) -> str:
    trade = ws.rules.trade("general")
    return "\n".join(case_lines(file_of(ws, number), ws.rules, trade, ws.policy.deadlines))


def reply_due(file: CaseFile) -> datetime:
    return next(f.due_at for f in file.owed if f.kind is FollowUpKind.REPLY)


# --------------------------------------------------------------------------------------------------------- merging


def test_one_is_void_and_the_other_goes_on_and_each_names_the_other(workspace: Workspace, kept: str, twin: str) -> None:
    before = file_of(workspace, kept)

    done = merge(workspace, twin, kept)

    assert (done.case.status, done.merged_into, done.owed) == (Status.VOID, kept, ())
    goes_on = file_of(workspace, kept)
    assert (goes_on.case, goes_on.owed, goes_on.merged_from) == (before.case, before.owed, (twin,))
    last = goes_on.events[-1]
    assert (last.action, last.by, dict(last.data)) == (Action.AMEND, "前台", {"joined": twin, "reason": TWICE})
    assert f"已并入 {kept}" in told(workspace, twin)
    assert f"并入了 {twin}" in told(workspace, kept)
    assert f"并入  {twin} 并入了这一件  原因：{TWICE}" in told(workspace, kept)
    assert upkeep.verify(workspace).ok


def test_the_number_may_be_typed_as_people_say_it(workspace: Workspace, kept: str, twin: str) -> None:
    said = kept.removeprefix("TS-")

    assert merge(workspace, twin, f" ts-{said} ").merged_into == kept
    desk.undo(workspace, twin, "undo")
    assert merge(workspace, twin, said, "again").merged_into == kept
    desk.undo(workspace, twin, "undo again")
    assert merge(workspace, twin, kept[-3:], "by its end").merged_into == kept


def test_a_plain_void_stays_what_it_was(workspace: Workspace, twin: str) -> None:
    file = desk.act(workspace, twin, "void", {"reason": "误登"}, "1").file

    assert (file.case.status, file.merged_into) == (Status.VOID, "")
    assert partners(file, workspace.rules) == {}
    with pytest.raises(KnownError, match="action_not_now"):
        acted(workspace, twin, "reopen", reason="不该作废")


@pytest.mark.parametrize("said", ["{kept}", " {short} ", "{twin}"])
def test_a_void_whose_reason_is_but_a_number_was_meant_to_merge(
    workspace: Workspace, kept: str, twin: str, said: str
) -> None:
    reason = said.format(kept=kept, short=kept.removeprefix("TS-"), twin=twin)

    with pytest.raises(RefusedError) as caught:
        desk.act(workspace, twin, "void", {"reason": reason}, "1")

    assert [(p.field, p.code) for p in caught.value.problems] == [("into", "number_as_reason")]
    assert workspace.rules.sentences.problem(caught.value.problems[0])
    assert file_of(workspace, twin).owed
    assert desk.act(workspace, twin, "void", {"reason": f"客户另有 {kept}"}, "2").file.case.status is Status.VOID


def test_the_answer_is_due_when_the_first_of_the_two_was_told(workspace: Workspace, kept: str) -> None:
    told_at = NOW + timedelta(hours=2)
    twin = registered(workspace, "twin", promised_at=told_at.isoformat()).case.number
    before = reply_due(file_of(workspace, kept))
    assert before > told_at

    merge(workspace, twin, kept)

    assert reply_due(file_of(workspace, kept)) == told_at
    assert "已说定 2026-11-22 12:00" in told(workspace, kept)
    with workspace.store.reading() as conn:
        rows = conn.execute("SELECT old, new FROM change WHERE key = 'due_at'").fetchall()
    assert [tuple(row) for row in rows] == [(f'"{before.isoformat()}"', f'"{told_at.isoformat()}"')]


def test_a_later_time_of_the_merged_one_changes_nothing(workspace: Workspace, twin: str) -> None:
    soon = registered(workspace, "soon", promised_at=(NOW + timedelta(hours=2)).isoformat()).case.number
    before = file_of(workspace, soon).owed

    merge(workspace, twin, soon)

    assert file_of(workspace, soon).owed == before


def test_the_earlier_time_outlives_facts_that_are_put_right_later(workspace: Workspace, kept: str) -> None:
    told_at = NOW + timedelta(hours=2)
    merge(workspace, registered(workspace, "twin", promised_at=told_at.isoformat()).case.number, kept)

    acted(workspace, kept, "amend", kind="suggestion")

    assert reply_due(file_of(workspace, kept)) == told_at
    acted(workspace, kept, "amend", promised_at=(NOW + timedelta(hours=1)).isoformat())
    assert reply_due(file_of(workspace, kept)) == NOW + timedelta(hours=1)


def test_what_was_left_aside_comes_back_by_the_earlier_time(workspace: Workspace, kept: str) -> None:
    owed = file_of(workspace, kept).owed[0]
    desk.snooze(workspace, kept, owed.id, owed.due_at, "等回音", "snooze")
    twin = registered(workspace, "twin", promised_at=(NOW + timedelta(hours=2)).isoformat()).case.number

    merge(workspace, twin, kept)

    assert file_of(workspace, kept).owed[0].snoozed_until is None


def test_a_retry_writes_nothing_twice(workspace: Workspace, kept: str, twin: str) -> None:
    merge(workspace, twin, kept)
    events = [len(file_of(workspace, each).events) for each in (kept, twin)]

    merge(workspace, twin, kept)

    assert [len(file_of(workspace, each).events) for each in (kept, twin)] == events


# --------------------------------------------------------------------------------------------------------- refusals


def test_a_number_that_is_none_is_a_problem_of_its_field(workspace: Workspace, twin: str) -> None:
    assert problem(workspace, twin, "TS-19990101-001") == ("into", "no_such_case")
    assert problem(workspace, twin, "%") == ("into", "no_such_case")
    assert problem(workspace, twin, twin) == ("into", "into_itself")


def test_nothing_is_merged_into_what_is_over(workspace: Workspace, kept: str, twin: str) -> None:
    third = registered(workspace, "third").case.number
    merge(workspace, twin, kept)
    assert refusal(workspace, third, twin) == "join_merged"
    acted(workspace, kept, "void", reason="误登")
    assert refusal(workspace, third, kept) == "join_void"


def close(ws: Workspace, number: str) -> None:
    for action, data in (
        ("determine", {"responsibility": "misunderstanding"}),
        ("reply", {"content": "已换新"}),
        ("return_visit", {"satisfaction": "satisfied"}),
        ("feed_back", {"content": "已通报"}),
        ("amend", {"occurred_at": "昨天", "place": "二楼"}),
        ("close", {"result": "已换新"}),
    ):
        acted(ws, number, action, **data)


def test_an_open_case_is_not_merged_into_a_closed_one(workspace: Workspace, kept: str, twin: str) -> None:
    close(workspace, kept)

    assert refusal(workspace, twin, kept) == "join_closed"
    merge(workspace, kept, twin)  # the other way round
    assert file_of(workspace, twin).owed


def test_two_closed_cases_can_be_merged(workspace: Workspace, kept: str, twin: str) -> None:
    close(workspace, kept)
    close(workspace, twin)

    assert merge(workspace, twin, kept).merged_into == kept


@pytest.mark.parametrize(
    ("action", "data", "code"),
    [
        ("promise", {"what": "送一张券"}, "join_owed_what"),
        ("correct", {"problem": "温控器虚焊", "corrective": "返修"}, "join_owed_what"),
    ],
)
def test_what_only_the_merged_one_owes_stands_in_the_way(
    workspace: Workspace, kept: str, twin: str, action: str, data: dict[str, object], code: str
) -> None:
    acted(workspace, twin, action, **data)
    assert refusal(workspace, twin, kept) == code

    acted(workspace, kept, action, **data)  # what the sentence says

    merge(workspace, twin, kept)
    assert {f.subject for f in file_of(workspace, kept).owed if f.subject} == set(data.values()) & {
        "送一张券",
        "温控器虚焊",
    }


def test_one_promise_does_not_stand_for_two(workspace: Workspace, kept: str, twin: str) -> None:
    for number in (kept, twin, twin):
        acted(workspace, number, "promise", what="送一张券")

    assert refusal(workspace, twin, kept) == "join_owed_what"


def test_an_external_body_that_waits_stands_in_the_way(workspace: Workspace, kept: str) -> None:
    outside = registered(workspace, "outside", route="external", external_body="消协").case.number

    assert refusal(workspace, outside, kept) == "join_owed"


def test_an_answer_given_before_the_customer_spoke_again_is_none(
    workspace: Workspace, clock: FixedClock, kept: str
) -> None:
    acted(workspace, kept, "reply", content="已换新")
    clock.moment += MINUTE
    again = registered(workspace, "again").case.number
    assert refusal(workspace, again, kept) == "join_owed"


def test_an_answer_given_since_is_one_for_both(workspace: Workspace, clock: FixedClock, kept: str, twin: str) -> None:
    clock.moment += MINUTE
    acted(workspace, kept, "reply", content="已换新")

    assert merge(workspace, twin, kept).merged_into == kept
    assert [f.kind for f in file_of(workspace, kept).owed] == [FollowUpKind.RETURN_VISIT]


def test_no_return_visit_is_lost(workspace: Workspace, kept: str, twin: str) -> None:
    praise = registered(workspace, "praise", kind="praise").case.number
    acted(workspace, twin, "reply", content="已换新")

    assert refusal(workspace, twin, praise) == "join_owed", "nobody is asked after an answer to praise"
    assert merge(workspace, twin, kept).merged_into == kept


def test_a_number_by_which_the_customer_is_reached_is_not_lost(workspace: Workspace, kept: str) -> None:
    other = registered(workspace, "other", customer_phone="138-0013 8000、139 0000 1234").case.number
    assert refusal(workspace, other, kept) == "join_phone_missing"

    acted(workspace, kept, "amend", customer_phone="13800138000；13900001234")

    assert merge(workspace, other, kept).merged_into == kept


def test_merging_needs_the_authority_of_a_void(workspace: Workspace, kept: str, twin: str) -> None:
    shop.set_role(workspace, "小周", Role.RECEPTIONIST)
    shop.set_role(workspace, "林主管", Role.SUPERVISOR)

    with pytest.raises(KnownError, match="needs_role"):
        merge(workspace, twin, kept, by="小周")

    assert file_of(workspace, kept).merged_from == ()
    assert merge(workspace, twin, kept, by="林主管").merged_into == kept


# ---------------------------------------------------------------------------------------------- taking it back


@pytest.mark.parametrize("by_which", ["kept", "twin"])
def test_taken_back_on_either_it_is_taken_back_on_both(workspace: Workspace, kept: str, by_which: str) -> None:
    twin = registered(workspace, "twin", promised_at=(NOW + timedelta(hours=2)).isoformat()).case.number
    before = [file_of(workspace, each) for each in (kept, twin)]
    merge(workspace, twin, kept)

    done = desk.undo(workspace, kept if by_which == "kept" else twin, "undo")

    after = [file_of(workspace, each) for each in (kept, twin)]
    assert [(f.case, f.owed, f.deeds) for f in after] == [(f.case, f.owed, f.deeds) for f in before]
    assert [len(f.events) for f in after] == [len(f.events) + 2 for f in before]
    assert (after[0].merged_from, after[1].merged_into) == ((), "")
    assert done.changes.cases == {kept, twin}
    assert "收回 2026-11-22 10:00 的“并入”" in told(workspace, kept)
    assert upkeep.verify(workspace).ok


def test_it_is_not_taken_back_where_the_other_has_gone_on(workspace: Workspace, kept: str, twin: str) -> None:
    merge(workspace, twin, kept)
    acted(workspace, kept, "contact", content="致电")

    with pytest.raises(KnownError, match="undo_went_on"):
        desk.undo(workspace, twin, "undo")

    assert file_of(workspace, twin).merged_into == kept


def test_after_the_minute_it_is_parted_by_the_manager(
    workspace: Workspace, clock: FixedClock, kept: str, twin: str
) -> None:
    merge(workspace, twin, kept)
    clock.moment += 5 * MINUTE
    with pytest.raises(KnownError, match="undo_too_late"):
        desk.undo(workspace, twin, "undo")

    file = desk.act(workspace, twin, "reopen", {"reason": "不是同一件事"}, "part").file

    assert (file.case.status, file.case.round, file.merged_into) == (Status.IN_PROGRESS, 2, "")
    assert [f.kind for f in file.owed] == [FollowUpKind.REPLY]
    goes_on = file_of(workspace, kept)
    assert (goes_on.merged_from, dict(goes_on.events[-1].data)) == ((), {"parted": twin, "reason": "不是同一件事"})
    assert f"从 {kept} 分出来，重新办理" in told(workspace, twin)
    assert f"{twin} 不是同一件事，又分开了" in told(workspace, kept)

    desk.undo(workspace, kept, "undo the parting")
    assert file_of(workspace, twin).merged_into == kept
    assert file_of(workspace, kept).merged_from == (twin,)


def test_a_chain_leads_on(workspace: Workspace, kept: str, twin: str) -> None:
    third = registered(workspace, "third").case.number
    merge(workspace, third, twin, "1")
    merge(workspace, twin, kept, "2")

    assert list(partners(file_of(workspace, third), workspace.rules)) == [twin]
    assert list(partners(file_of(workspace, twin), workspace.rules)) == [kept]
    acted(workspace, third, "reopen", reason="不是同一件事")
    assert file_of(workspace, twin).merged_into == kept, "it was told of the parting, and is merged still"


def test_it_is_kept_in_the_file(workspace: Workspace, kept: str, twin: str) -> None:
    merge(workspace, twin, kept)
    again = open_workspace(workspace.folder, workspace.clock, workspace.rules)

    try:
        assert file_of(again, twin).merged_into == kept
    finally:
        again.close()
