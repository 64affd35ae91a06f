"""Leaving something owed aside: until a day before it is due, for a reason, and nothing else is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.snoozing import snooze
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.domain.workflow import decide
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import ACCEPT, ASSIGN, CLOSED, CORRECT, HOUR, PROMISE, REPLY, VOID, live
from tests.helpers.records import after

if TYPE_CHECKING:
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


def test_one_thing_is_left_aside_and_the_case_and_the_rest_stay_as_they_are(policy: Policy) -> None:
    file = live(policy, PROMISE)
    reply, promise = file.owed

    decision = snooze(file, promise.id, NOW + HOUR, "等客户回来", "小吴", NOW)

    assert decision.case == file.case
    assert decision.changed == (replace(promise, snoozed_until=NOW + HOUR),)
    assert decision.owed == ()
    event = decision.event
    assert (event.action, event.by, event.at, event.round) == (Action.AMEND, "小吴", NOW, 1)
    assert event.data == {
        "follow_up": promise.id,
        "snoozed_until": (NOW + HOUR).isoformat(),
        "reason": "等客户回来",
    }
    assert after(file, decision).owed[0] == reply


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (-SECOND, "snooze_past"),
        (0 * SECOND, "snooze_past"),
        (SECOND, ""),
        (4 * HOUR, ""),
        (4 * HOUR + SECOND, "snooze_beyond_due"),
    ],
)
def test_it_comes_back_later_than_now_and_not_after_its_due_date(
    rules: Rules, policy: Policy, until: timedelta, code: str
) -> None:
    file = live(policy)
    owed = file.owed[0]
    assert owed.due_at == NOW + 4 * HOUR

    if not code:
        assert snooze(file, owed.id, NOW + until, "稍后", "小周", NOW).changed[0].snoozed_until == NOW + until
        return
    with pytest.raises(KnownError, match=code) as caught:
        snooze(file, owed.id, NOW + until, "稍后", "小周", NOW)
    assert rules.sentences.error(caught.value)


def test_what_is_overdue_cannot_be_left_aside(policy: Policy) -> None:
    file = live(policy)
    late = file.owed[0].due_at + HOUR

    with pytest.raises(KnownError, match="snooze_beyond_due"):
        snooze(file, file.owed[0].id, late + HOUR, "稍后", "小周", late)


def test_it_takes_a_reason_and_something_that_is_owed(policy: Policy) -> None:
    file = live(policy, PROMISE, REPLY)
    done = next(f for f in file.follow_ups if f.done_at)

    for owed_id, reason, code in ((file.owed[0].id, "", "snooze_no_reason"), (99, "稍后", "snooze_unknown"),
                                  (done.id, "稍后", "snooze_unknown")):  # fmt: skip
        with pytest.raises(KnownError, match=code):
            snooze(file, owed_id, NOW + HOUR, reason, "小周", NOW)
    void = live(policy, PROMISE, VOID)
    with pytest.raises(KnownError, match="snooze_unknown"):
        snooze(void, void.follow_ups[0].id, NOW + HOUR, "稍后", "小周", NOW)


def test_a_correction_of_a_closed_case_may_wait_too(policy: Policy) -> None:
    file = live(policy, CORRECT, *CLOSED)

    decision = snooze(file, file.owed[0].id, NOW + HOUR, "等配件", "小周", NOW)

    assert decision.case.status.is_over
    assert decision.changed[0].snoozed_until == NOW + HOUR


def test_it_is_no_step_of_the_work_so_that_what_happened_before_may_still_be_written(policy: Policy) -> None:
    file = live(policy)
    snoozed = after(file, snooze(file, file.owed[0].id, NOW + HOUR, "稍后", "小周", NOW))

    decision = decide(snoozed, REPLY.at(NOW - HOUR, NOW + HOUR), policy)

    assert [f.kind for f in decision.changed] == [FollowUpKind.REPLY]


def test_what_is_snoozed_goes_over_with_the_rest(policy: Policy) -> None:
    file = live(policy, ASSIGN)
    snoozed = after(file, snooze(file, file.owed[0].id, NOW + HOUR, "稍后", "小周", NOW))

    accepted = after(snoozed, decide(snoozed, ACCEPT.at(NOW), policy))

    assert {f.owed_by for f in accepted.owed} == {"小王"}
