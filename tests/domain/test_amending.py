"""Facts that are put right after the registration: what is read, what is refused, and what is owed then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import undoing
from desk_app.domain.amending import is_correction
from desk_app.domain.case import Lack
from desk_app.domain.month_lock import MonthLock, changed_since
from desk_app.domain.problems import RefusedError
from desk_app.domain.validation import read_amendment
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Severity, Status
from desk_app.domain.workflow import Decision, decide, open_case
from desk_app.errors import KnownError
from desk_app.services.rules import load_rules
from tests.helpers.builders import NOW
from tests.helpers.deeds import ACCEPT, ASSIGN, CLOSE, CLOSED, CONTACT, HAPPY, INVESTIGATE, NOBODY, PROMISE, REPLY, live
from tests.helpers.records import a_context, a_deed, a_record, after, changes, opened

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.month_lock import Locks
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

RULES = load_rules()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


def amend(file: CaseFile, policy: Policy, *, by: str = "小陈", **raw: Any) -> Decision:
    """Return what an amendment comes to at the clock's now, read and decided as the desk does it."""
    data, facts = read_amendment(RULES.actions[Action.AMEND], raw, file.case, a_context(RULES))
    return decide(file, a_deed(Action.AMEND, NOW, by=by, **data), policy, facts)


def problems(file: CaseFile, **raw: Any) -> list[tuple[str, str]]:
    with pytest.raises(RefusedError) as refused:
        read_amendment(RULES.actions[Action.AMEND], raw, file.case, a_context(RULES))
    return [(p.field, p.code) for p in refused.value.problems]


# ----------------------------------------------------------------------------------------------------- what is read


def test_what_was_missing_is_on_file_and_the_history_has_both_values(policy: Policy) -> None:
    file = live(policy, CONTACT, customer_phone="")

    decision = amend(file, policy, customer_phone=" 139 0000 1234 ", place="大堂", reason="回电时问到")

    assert (decision.case.customer_phone, decision.case.place) == ("139 0000 1234", "大堂")
    assert decision.event.data == {
        "customer_phone": "139 0000 1234",
        "place": "大堂",
        "was": {"customer_phone": "", "place": ""},
        "reason": "回电时问到",
    }
    assert (decision.changed, decision.owed) == ((), ())
    assert decision.case.status is Status.IN_PROGRESS
    assert opened(a_record(), policy).case.status is amend(opened(a_record(), policy), policy, place="x").case.status


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("severity", "serious", Severity.SERIOUS),
        ("amount", "38.5", Decimal("38.50")),
        ("demand_kind", ["refund", "apology"], ("refund", "apology")),
        ("item", {"单号": "A-1"}, {"order": "A-1"}),
        ("safety", True, True),
        ("promised_at", "2026-11-30 12:00", NOW.replace(day=30, hour=12)),
    ],
)
def test_every_type_of_fact_is_kept_as_the_register_keeps_it_and_can_be_taken_away(
    policy: Policy, key: str, raw: object, value: object
) -> None:
    file = live(policy)
    before = getattr(file.case, key)
    if key == "item":
        label = next(c for c in RULES.trade("general").items)
        raw, value = {label.label: "A-1"}, {label.key: "A-1"}

    given_ = after(file, amend(file, policy, **{key: raw}))
    taken = amend(given_, policy, **{key: "normal" if key == "severity" else None})

    assert getattr(given_.case, key) == value
    assert getattr(taken.case, key) == before
    assert type(getattr(given_.case, key)) is type(value)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"content": ""}, ("content", "required")),
        ({"content": "  "}, ("content", "required")),
        ({"received_at": None}, ("received_at", "required")),
        ({"kind": "gossip"}, ("kind", "not_a_choice")),
        ({"number": "TS-1"}, ("number", "given_key")),
        ({"receiver": "小陈"}, ("receiver", "fixed_key")),
        ({"first_contact": "小陈"}, ("first_contact", "fixed_key")),
        ({"was": {}}, ("was", "unknown_key")),
        ({"customer_name": "", "customer_phone": ""}, ("customer_name", "who_is_it")),
        ({"route": "external"}, ("external_body", "required")),
        ({"received_at": NOW + HOUR}, ("received_at", "in_future")),
        ({"promised_at": NOW - 21 * HOUR}, ("promised_at", "before_received")),
    ],
)
def test_what_no_new_case_could_have_is_refused(policy: Policy, raw: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problems(live(policy), **raw) == [problem]


def test_an_amendment_of_nothing_is_none(policy: Policy) -> None:
    file = live(policy, place="大堂")

    for raw in ({}, {"place": "大堂"}, {"kind": "complaint", "reason": "核对"}, {"demand": ""}):
        with pytest.raises(KnownError, match="amend_nothing"):
            amend(file, policy, **raw)


def test_a_case_cannot_be_received_after_something_was_done_on_it(policy: Policy) -> None:
    file = live(policy, CONTACT)

    with pytest.raises(KnownError, match="amend_after_first_step"):
        amend(file, policy, received_at=file.events[1].at + HOUR)
    assert amend(file, policy, received_at=file.events[1].at).case.received_at == file.events[1].at


# ------------------------------------------------------------------------------------------------- what is owed then


def test_another_kind_owes_what_it_would_have_owed_and_no_longer_what_it_would_not(policy: Policy) -> None:
    file = live(policy, kind=Kind.PROPOSAL)

    decision = amend(file, policy, kind="complaint")

    mended = after(file, decision)
    assert [(f.kind, f.done_at) for f in decision.changed if f.done_at] == [(FollowUpKind.ANALYSE, NOW)]
    assert [(f.kind, f.rule) for f in mended.owed] == [(FollowUpKind.REPLY, "first_reply")]
    back = amend(mended, policy, kind="proposal")
    assert [f.kind for f in back.owed] == [FollowUpKind.ANALYSE], "what a slip took away is owed again"


def test_what_was_done_is_not_owed_again_because_of_a_slip(policy: Policy) -> None:
    file = live(policy, INVESTIGATE, kind=Kind.PROPOSAL)
    slip = after(file, amend(file, policy, kind="complaint"))

    assert amend(slip, policy, kind="proposal").owed == ()


def test_a_proposal_that_was_taken_for_a_complaint_is_to_be_analysed_from_its_receipt_on(policy: Policy) -> None:
    file = live(policy)

    decision = amend(file, policy, kind="proposal")

    assert [(f.kind, f.start_at) for f in decision.owed] == [(FollowUpKind.ANALYSE, file.case.received_at)]


def test_a_time_that_was_told_later_and_a_receipt_that_was_earlier_move_the_reply(policy: Policy) -> None:
    file = live(policy)
    reply = file.owed[0]

    told = amend(file, policy, promised_at=NOW + HOUR)
    earlier = amend(file, policy, received_at=file.case.received_at - HOUR)

    assert [(f.id, f.due_at) for f in told.changed] == [(reply.id, NOW + HOUR)]
    assert [(f.id, f.due_at) for f in earlier.changed] == [(reply.id, reply.due_at - HOUR)]
    assert after(file, told).owed[0].owed_by == reply.owed_by


def test_what_comes_from_outside_after_all_is_the_managers_and_is_owed_outside_too(policy: Policy) -> None:
    file = live(policy, ASSIGN, ACCEPT)

    decision = amend(file, policy, route="external", external_body="消协")

    assert [(f.kind, f.owed_by) for f in decision.changed] == [(FollowUpKind.REPLY, "店长")]
    assert [(f.kind, f.owed_to) for f in decision.owed] == [(FollowUpKind.EXTERNAL_REPLY, "消协")]


def test_who_accepted_goes_on_owing_where_only_the_time_is_another(policy: Policy) -> None:
    file = live(policy, ASSIGN, ACCEPT)

    decision = amend(file, policy, promised_at=NOW + HOUR)

    assert [(f.kind, f.owed_by) for f in decision.changed] == [(FollowUpKind.REPLY, "小王")]


def test_what_was_answered_is_not_owed_again(policy: Policy) -> None:
    file = live(policy, REPLY)

    decision = amend(file, policy, promised_at=NOW + HOUR, safety=True)

    assert (decision.changed, decision.owed) == ((), ())


def test_a_closed_case_is_put_right_and_stays_closed(policy: Policy) -> None:
    file = live(policy, *CLOSED)

    decision = amend(file, policy, kind="suggestion", place="大堂", promised_at=NOW + HOUR)

    assert (decision.case.status, decision.case.place) == (Status.CLOSED, "大堂")
    assert (decision.changed, decision.owed) == ((), ())
    with pytest.raises(KnownError, match="amend_needs_reopening"):
        amend(file, policy, kind="proposal")


@given(
    kinds=st.tuples(st.sampled_from(Kind), st.sampled_from(Kind)),
    routes=st.tuples(st.sampled_from(Route), st.sampled_from(Route)),
    safety=st.tuples(st.booleans(), st.booleans()),
    promised=st.tuples(*[st.none() | st.just(NOW + HOUR)] * 2),
)
def test_a_new_case_that_is_put_right_owes_what_it_would_have_owed_had_it_been_right(
    kinds: tuple[Kind, Kind], routes: tuple[Route, Route], safety: tuple[bool, bool], promised: Any
) -> None:
    """And taking it back leaves everything as it was."""
    policy = RULES.policy
    facts = {"kind": kinds, "route": routes, "safety": safety, "promised_at": promised}
    case = a_record(external_body="消协", **{key: pair[0] for key, pair in facts.items()})
    right = a_record(external_body="消协", **{key: pair[1] for key, pair in facts.items()})
    file = opened(case, policy)
    raw = {key: pair[1] for key, pair in facts.items() if pair[0] != pair[1]}
    if not raw:
        return

    decision = amend(file, policy, **raw)

    mended = after(file, decision)
    wanted = {
        (f.kind, f.rule, f.due_at, f.owed_by, f.owed_to)
        for f in open_case(right, file.events[0], policy.deadlines).owed
    }
    assert {(f.kind, f.rule, f.due_at, f.owed_by, f.owed_to) for f in mended.owed} == wanted
    again = after(mended, undoing.undo(mended, changes(file, decision), "小陈", NOW))
    assert (again.case, again.owed, again.deeds) == (file.case, file.owed, file.deeds)


# ------------------------------------------------------------------------------------------------ 四不漏 1: 登记


TRIES = (REPLY, NOBODY, NOBODY, NOBODY)


def test_nobody_is_out_of_reach_whose_address_was_never_written_down(policy: Policy) -> None:
    ready = [deed for deed in CLOSED[:-1] if deed not in (REPLY, HAPPY)]
    file = live(policy, *TRIES, *ready, customer_phone="")

    with pytest.raises(KnownError, match="close_before_recorded") as refused:
        decide(file, CLOSE.at(NOW), policy)
    assert RULES.sentences.error(refused.value) == (
        f"{file.case.number} 还没有登记完，缺联系方式，不能结案，请先“补充更正”；客户说不清的写“不详”"
    )
    supplied = after(file, amend(file, policy, customer_phone="0571-88886666"))
    assert decide(supplied, CLOSE.at(NOW), policy).case.status is Status.CLOSED


def test_who_was_reached_need_not_say_how_to_reach_them(policy: Policy) -> None:
    assert live(policy, *CLOSED, customer_phone="").case.status is Status.CLOSED


def test_a_shop_may_ask_for_when_and_where_of_every_complaint(rules: Rules) -> None:
    strict = rules.bent('[closing]\nrecorded = ["time", "place"]')
    ready = CLOSED[:-1]

    inquiry = live(strict, *ready, kind=Kind.INQUIRY)
    assert decide(inquiry, CLOSE.at(NOW), strict).case.status is Status.CLOSED
    with pytest.raises(KnownError, match="close_before_recorded") as refused:
        decide(live(strict, *ready), CLOSE.at(NOW), strict)
    assert refused.value.params["lacks"] == Lack.TIME | Lack.PLACE


def test_a_note_of_another_is_not_lost_by_an_amendment(policy: Policy) -> None:
    file = live(policy, PROMISE)

    decision = amend(file, policy, kind="praise")

    assert FollowUpKind.PROMISE in {f.kind for f in after(file, decision).owed}


# -------------------------------------------------------------------------------------- what shows on the register

FREELY, SHOWN = False, True
LOCKED_BEFORE = {"2026-11": MonthLock("2026-11", NOW, "主管", last_event=0)}
LOCKED_SINCE = {"2026-11": MonthLock("2026-11", NOW, "主管", last_event=99)}
ANOTHER_MONTH = {"2026-10": MonthLock("2026-10", NOW, "主管", last_event=0)}


@pytest.mark.parametrize(
    ("minutes", "by", "locks", "shows"),
    [
        (60, "小王", {}, FREELY),
        (61, "小王", {}, SHOWN),
        (5, "小赵", {}, SHOWN),
        (5, "小王", LOCKED_BEFORE, SHOWN),
        (5, "小王", LOCKED_SINCE, FREELY),
        (5, "小王", ANOTHER_MONTH, FREELY),
    ],
)
def test_an_entry_is_put_right_freely_by_its_writer_within_the_hour(
    policy: Policy, minutes: int, by: str, locks: Locks, shows: bool
) -> None:
    written = opened(a_record(), policy)
    register = replace(written.events[0], by="小王", entered_at=NOW)
    at = NOW + timedelta(minutes=minutes)
    event = replace(amend(written, policy, by=by, place="大堂").event, entered_at=at, id=2)
    case = replace(written.case, entered_at=NOW, received_at=NOW)
    file = replace(written, case=case, events=(register, event))

    assert is_correction(file, event, locks) is shows
    assert not is_correction(file, register, locks)
    assert changed_since(file, locks) == ((register, event) if locks is LOCKED_BEFORE else ())


def test_a_postponed_matter_changes_no_line_of_the_register(policy: Policy) -> None:
    file = opened(a_record(), policy)
    snooze = replace(file.events[0], action=Action.AMEND, data={"snoozed_until": "2026-11-23"}, id=2)
    file = replace(file, events=(replace(file.events[0], id=0), snooze))

    assert changed_since(file, LOCKED_BEFORE) == ()
    assert not is_correction(file, snooze, LOCKED_BEFORE)
