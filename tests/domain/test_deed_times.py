"""When something was done: late entries, the order of steps, due dates; and waiting for the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import FollowUpKind
from desk_app.domain.workflow import decide, latest
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ANGRY,
    APPROVE,
    ASSIGN,
    CAME_BACK,
    CONTACT,
    CORRECT,
    HAPPY,
    HOUR,
    NOBODY,
    PROMISE,
    PROPOSE,
    REPLY,
    WAIT,
    Deed,
    live,
)
from tests.helpers.records import acted_on

if TYPE_CHECKING:
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


def test_a_case_waits_for_the_customer_only_where_nobody_else_is_waited_for(policy: Policy) -> None:
    for deeds, status in (
        ((WAIT,), "awaiting_customer"),
        ((ASSIGN, WAIT), "awaiting_customer"),
        ((PROPOSE, APPROVE, WAIT), "awaiting_customer"),
        ((PROPOSE, WAIT), "awaiting_approval"),
        ((REPLY, WAIT), "awaiting_return_visit"),
        ((WAIT, CONTACT), "awaiting_customer"),
        ((WAIT, CAME_BACK), "in_progress"),
        ((WAIT, REPLY), "awaiting_return_visit"),
        ((REPLY, CAME_BACK), "awaiting_return_visit"),
    ):
        assert live(policy, *deeds).case.status == status, deeds


def test_a_deed_lies_between_the_receipt_and_now(policy: Policy) -> None:
    file = live(policy)
    received = file.case.received_at

    assert decide(file, REPLY.at(received, NOW), policy)
    assert decide(file, REPLY.at(NOW, NOW), policy)
    for action in (REPLY, CONTACT):
        with pytest.raises(KnownError, match="act_in_future"):
            decide(file, action.at(NOW + timedelta(seconds=1), NOW), policy)
        with pytest.raises(KnownError, match="act_before_received"):
            decide(file, action.at(received - timedelta(seconds=1), NOW), policy)


def test_a_clock_that_was_set_back_keeps_nobody_from_going_on(policy: Policy) -> None:
    file = live(policy, CONTACT, REPLY)
    last, set_back = latest(file), NOW - timedelta(days=3)
    assert last == file.events[-1].at

    assert decide(file, HAPPY.at(last, set_back), policy).event.at == last
    with pytest.raises(KnownError, match="act_in_future"):
        decide(file, HAPPY.at(last + timedelta(seconds=1), set_back), policy)
    with pytest.raises(KnownError, match="act_before_received"):
        decide(file, HAPPY.at(set_back, set_back), policy)


def test_a_term_does_not_begin_in_a_time_that_a_wrong_clock_told(policy: Policy) -> None:
    ahead = NOW + timedelta(days=9999)
    file = live(policy, REPLY)
    visited = acted_on(file, policy, NOBODY.at(ahead))

    (owed,) = decide(visited, ANGRY.at(latest(visited), NOW), policy).owed
    told = PROMISE.given(due_at=(NOW + timedelta(days=3)).isoformat())
    (promised,) = decide(visited, told.at(latest(visited), NOW), policy).owed

    assert latest(visited) == ahead, "what was written down while the clock was wrong stays as it is"
    assert (owed.start_at, owed.due_at) == (NOW, NOW + 24 * HOUR)
    assert promised.due_at == NOW + timedelta(days=3)


def test_a_case_that_was_received_while_the_clock_was_wrong_can_still_be_promised_a_day(policy: Policy) -> None:
    file = live(policy, received_at=NOW + timedelta(days=9999))
    told = PROMISE.given(due_at=(NOW + timedelta(days=3)).isoformat())

    (promised,) = decide(file, told.at(latest(file), NOW), policy).owed

    assert promised.due_at == NOW + timedelta(days=3)


@pytest.mark.parametrize("deed", [ASSIGN, PROMISE, CORRECT, NOBODY], ids=lambda deed: deed.action)
@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=10)], ids=["at once", "written down later"])
def test_a_date_is_told_for_a_year_at_most(rules: Rules, policy: Policy, deed: Deed, late: timedelta) -> None:
    file = live(policy, *([REPLY] if deed is NOBODY else []))
    at, last = NOW - late, NOW - late + timedelta(days=366)

    assert decide(file, deed.given(due_at=last.isoformat()).at(at, NOW), policy)
    with pytest.raises(KnownError, match="due_too_far") as caught:
        decide(file, deed.given(due_at=(last + timedelta(seconds=1)).isoformat()).at(at, NOW), policy)
    slip = KnownError("due_too_far", due_at=NOW.replace(year=2062))
    assert "2062-11-22" in rules.sentences.error(slip)
    assert caught.value.params == {"due_at": last + timedelta(seconds=1)}


@pytest.mark.parametrize("deed", [ASSIGN, PROMISE, CORRECT, NOBODY], ids=lambda deed: deed.action)
def test_nothing_is_due_before_the_receipt(policy: Policy, deed: Deed) -> None:
    file = live(policy, *([REPLY] if deed is NOBODY else []))
    received = file.case.received_at

    assert decide(file, deed.given(due_at=received.isoformat()).at(NOW), policy)
    with pytest.raises(KnownError, match="due_before_received"):
        decide(file, deed.given(due_at=(received - timedelta(seconds=1)).isoformat()).at(NOW), policy)


def test_a_note_written_later_does_not_hold_up_what_happened_before_it(policy: Policy) -> None:
    file = live(policy, CONTACT)

    assert decide(file, REPLY.at(file.case.received_at, NOW), policy)


def test_a_late_entry_counts_from_when_it_happened(policy: Policy) -> None:
    decision = decide(live(policy), REPLY.at(NOW - 3 * HOUR, NOW), policy)

    (settled,), (owed,) = decision.changed, decision.owed
    assert (settled.kind, settled.done_at) == (FollowUpKind.REPLY, NOW - 3 * HOUR)
    assert (owed.start_at, owed.due_at) == (NOW - 3 * HOUR, NOW + 21 * HOUR)
    assert (decision.event.at, decision.event.entered_at) == (NOW - 3 * HOUR, NOW)
