from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.case import Case, Submission
from desk_app.domain.deadlines import Trigger
from desk_app.domain.vocabulary import FollowUpKind, Kind, Route
from tests.helpers.builders import NOW
from tests.helpers.records import a_record

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

DAY = timedelta(hours=24)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("route", Route)
def test_every_case_owes_an_answer_within_a_day_of_its_receipt(rules: Rules, kind: Kind, route: Route) -> None:
    case = a_record(kind=kind, route=route, received_at=NOW - timedelta(hours=3))

    owed = rules.deadlines.owed(Trigger.REGISTERED, case, case.received_at)

    assert [f.kind for f in owed] == [FollowUpKind.REPLY]
    assert owed[0].due_at == case.received_at + DAY
    assert owed[0].start_at == case.received_at
    assert owed[0].owed_by == ("店长" if route is Route.EXTERNAL else case.first_contact)


def test_a_promise_takes_the_place_of_the_rule_but_not_in_the_next_round(rules: Rules) -> None:
    promised = NOW + timedelta(hours=2)
    case = a_record(promised_at=promised)

    (first,) = rules.deadlines.owed(Trigger.REGISTERED, case, NOW)
    (second,) = rules.deadlines.owed(Trigger.NEXT_ROUND, case, NOW)

    assert first.due_at == promised
    assert second.due_at == NOW + DAY


def test_what_the_customer_is_told_is_what_the_queue_will_say(rules: Rules) -> None:
    for route in Route:
        case = a_record(route=route, received_at=NOW)
        (owed,) = rules.deadlines.owed(Trigger.REGISTERED, case, case.received_at)

        assert rules.deadlines.reply_due(case.kind, case.route, case.received_at) == owed.due_at


@pytest.mark.parametrize("kind", Kind)
def test_after_the_answer_the_customer_is_asked_but_praise_is_passed_on(rules: Rules, kind: Kind) -> None:
    owed = rules.deadlines.owed(Trigger.REPLIED, a_record(kind=kind), NOW)

    wanted = FollowUpKind.FEED_BACK if kind is Kind.PRAISE else FollowUpKind.RETURN_VISIT
    assert [f.kind for f in owed] == [wanted]


@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("route", Route)
def test_nothing_that_happens_leaves_a_case_without_a_debt(
    rules: Rules, trigger: Trigger, kind: Kind, route: Route
) -> None:
    assert rules.deadlines.owed(trigger, a_record(kind=kind, route=route), NOW)


def test_a_rule_is_found_by_its_name_and_one_that_is_gone_is_none(rules: Rules) -> None:
    assert rules.deadlines["first_reply"] is not None
    assert rules.deadlines["abolished"] is None


def test_hours_run_through_the_night_and_the_holiday(rules: Rules) -> None:
    rule = rules.deadlines["first_reply"]
    national_day_eve = NOW.replace(month=9, day=30, hour=23, minute=30)

    assert rule is not None
    assert rule.due(national_day_eve) == NOW.replace(month=10, day=1, hour=23, minute=30)


def test_a_record_is_a_whole_case() -> None:
    assert isinstance(a_record(), Case)
    assert isinstance(a_record(), Submission)
