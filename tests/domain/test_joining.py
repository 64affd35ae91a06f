"""Merging two cases in any states they can have: what a customer waits for is waited for afterwards, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from desk_app.domain import undoing
from desk_app.domain.joining import join, part
from desk_app.domain.snoozing import snooze
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Status
from desk_app.domain.workflow import decide
from desk_app.errors import KnownError
from tests.domain.test_workflow_machine import ANY, POLICIES, RULES
from tests.helpers import deeds as d
from tests.helpers.builders import NOW
from tests.helpers.ending import settling
from tests.helpers.records import a_record, acted_on, after, changes, opened

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.domain.workflow import Decision

HOUR = timedelta(hours=1)
THE_OTHER = "TS-20261122-009"
STEPS_OF_AN_ANSWER = {FollowUpKind.HANDLE, FollowUpKind.APPROVE}
OF_A_ROUND = {FollowUpKind.REPLY, FollowUpKind.RETURN_VISIT, FollowUpKind.FEED_BACK}
NAMED = frozenset(FollowUpKind) - STEPS_OF_AN_ANSWER - OF_A_ROUND
"""What must be found again itself; of the rest see :func:`waits_no_longer`."""
REFUSALS = {
    "join_void",
    "join_merged",
    "join_closed",
    "join_owed",
    "join_owed_what",
    "join_phone_missing",
    "action_not_now",
}
PHONES = {"": set(), "13900001234": {1}, "139-0000 1234；8765 4321": {1, 2}}
"""What is typed, and which of two telephones it names."""

BEGINNINGS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([Kind.COMPLAINT, Kind.COMPLAINT, *Kind]),
        "route": st.sampled_from([Route.NORMAL, Route.NORMAL, Route.EXTERNAL]),
        "external_body": st.just("消协"),
        "customer_phone": st.sampled_from([*PHONES, "13900001234"]),
        "promised_at": st.none() | st.integers(1, 60).map(lambda hours: NOW + hours * HOUR),
        "received_at": st.integers(0, 30).map(lambda hours: NOW + hours * HOUR),
    }
)
STEPS = st.lists(st.one_of(ANY, st.integers(0, 3), st.just("aside")), max_size=8)
"""Any deed; or what is owed at that place; or leaving aside what is owed first."""


def lived(beginning: dict[str, object], steps: list[d.Deed | int | str], policy: Policy, number: str) -> CaseFile:
    """Return a case to which all was done that could be."""
    case = a_record(number=number, **beginning)
    case = replace(case, promised_at=None) if case.promised_at and case.promised_at < case.received_at else case
    file, now = opened(case, policy), case.received_at
    for step in steps:
        now += HOUR
        try:
            if step == "aside":
                owed = file.owed[0]
                file = after(file, snooze(file, owed.id, owed.due_at, "等回音", "小周", now))
            elif isinstance(step, d.Deed):
                file = acted_on(file, policy, step.at(now))
            elif isinstance(step, int) and file.owed:
                file = acted_on(file, policy, settling(file.owed[step % len(file.owed)]).at(now))
        except (KnownError, IndexError):
            continue
    return file


def _what(owed: FollowUp) -> tuple[str, str, str]:
    return owed.kind, owed.owed_to, owed.subject


def waits_no_longer(into: CaseFile, other: CaseFile) -> None:
    """Whatever was owed on the merged case is owed on the other by then, was met, or comes of what is owed."""
    for what in {_what(f) for f in other.owed}:
        wanted_by, due = ([f.due_at for f in file.owed if _what(f) == what] for file in (other, into))
        assert what[0] not in NAMED or len(due) >= len(wanted_by)
        if what[0] not in STEPS_OF_AN_ANSWER:
            assert all(now <= then for now, then in zip(due, wanted_by, strict=False)), "the earlier time holds"
    kinds, wanted = {f.kind for f in into.owed}, {f.kind for f in other.owed}
    if FollowUpKind.REPLY in wanted and FollowUpKind.REPLY not in kinds:
        asked_at = max(f.start_at for f in other.owed if f.kind is FollowUpKind.REPLY)
        answers = [e for e in into.deeds if e.action is Action.REPLY and e.data.get("to") != "external"]
        assert answers[-1].at >= asked_at
        assert answers[-1].round == into.case.round
        event("answered already")
    if FollowUpKind.RETURN_VISIT in wanted and FollowUpKind.RETURN_VISIT not in kinds:
        assert FollowUpKind.REPLY in kinds
        assert into.case.kind is not Kind.PRAISE
        event("asked after the answer")
    if not other.case.status.is_over:
        assert not into.case.status.is_over
        assert PHONES[other.case.customer_phone] <= PHONES[into.case.customer_phone]


@settings(max_examples=300, deadline=None)
@given(BEGINNINGS, STEPS, BEGINNINGS, STEPS, st.sampled_from(POLICIES[:3]))
def test_whatever_two_cases_owe_nothing_is_lost_by_merging_them(
    one: dict[str, object], ones: list[d.Deed | int | str], two: dict[str, object], twos: list[d.Deed | int | str],
    policy: Policy,
) -> None:  # fmt: skip
    into, other = lived(one, ones, policy, THE_OTHER), lived(two, twos, policy, "TS-20261122-002")
    now = max(file.events[-1].entered_at for file in (into, other)) + HOUR
    decided = merged(into, other, now, policy)
    if isinstance(decided, KnownError):
        event(decided.code)
        assert decided.code in REFUSALS
        assert RULES.sentences.error(decided)
        return
    voided, joined = decided
    again, gone = after(into, joined), after(other, voided)
    event("merged")

    assert gone.merged_into == THE_OTHER
    assert again.merged_from == (other.case.number,)
    assert not gone.owed
    assert again.case == into.case
    assert [(f.id, f.kind, f.owed_by, f.subject) for f in sorted(again.owed, key=lambda f: f.id)] == [
        (f.id, f.kind, f.owed_by, f.subject) for f in sorted(into.owed, key=lambda f: f.id)
    ]
    was = {f.id: f.due_at for f in into.owed}
    assert all(f.due_at <= was[f.id] for f in again.owed)
    assert all(f.snoozed_until is None or f.snoozed_until <= f.due_at for f in again.owed)
    waits_no_longer(again, other)

    back = after(again, undoing.undo(again, changes(into, joined), "林主管", now))
    assert (back.case, back.owed, back.deeds, back.merged_from) == (into.case, into.owed, into.deeds, ())


def merged(into: CaseFile, other: CaseFile, now: datetime, policy: Policy) -> tuple[Decision, Decision] | KnownError:
    """Return what it comes to on the one that is void and on the one that goes on, or why it is refused."""
    try:
        voided = decide(other, d.MERGED.by_whom("林主管").at(now), policy)
        return voided, join(into, other, voided.event, policy)
    except KnownError as error:
        return error


def both(policy: Policy, promised: datetime | None = None) -> tuple[CaseFile, CaseFile]:
    return d.live(policy, d.PROPOSE.given(amount="5000")), d.live(policy, promised_at=promised, number="TS-2")


def test_an_approval_does_not_keep_the_earlier_answer_waiting() -> None:
    policy = POLICIES[1]
    into, other = both(policy, NOW - 10 * HOUR)
    assert into.case.status is Status.AWAITING_APPROVAL

    again = after(into, join(into, other, d.MERGED.at(NOW), policy))

    due = {f.kind: f.due_at for f in again.owed}
    assert due[FollowUpKind.REPLY] == NOW - 10 * HOUR
    assert due[FollowUpKind.APPROVE] <= due[FollowUpKind.REPLY] + HOUR


def test_parting_moves_nothing() -> None:
    policy = POLICIES[0]
    into, other = both(policy)
    joined = after(into, join(into, other, d.MERGED.at(NOW), policy))

    again = after(joined, part(joined, other, d.REOPEN.at(NOW)))

    assert (again.owed, again.merged_from) == (joined.owed, ())


@pytest.mark.parametrize("kind", sorted(NAMED))
def test_each_thing_that_must_be_found_again_can_be_owed(kind: FollowUpKind) -> None:
    """The list above is of real things: each is made by some rule of the shop."""
    assert any(rule.follow_up is kind for rule in RULES.policy.deadlines.rules)
