from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.deadlines import Duty, Every
from desk_app.domain.duties import DutyStanding, Mark, Period, period_of, periods, standings
from tests.helpers.builders import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.rules import Rules

TODAY = date(2026, 11, 22)
"""A Sunday: the last day of ISO week 47."""
LONG_AGO = date(2020, 1, 1)
WITH_PERIOD = [Every.WEEK, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR]


def a_duty(name: str = "review", every: Every = Every.MONTH) -> Duty:
    return Duty(name, name, "", every, "前台")


def marked(day: date, *, done: bool = True, left: bool = False) -> Mark:
    return Mark(done and not left, datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), "小周", left)


def of(
    duty: Duty,
    today: date = TODAY,
    began: date | None = LONG_AGO,
    marks: Mapping[tuple[str, str], Mark] | None = None,
    kept_since: date | None = None,
) -> list[tuple[str, bool, bool]]:
    """Return each period in which a duty is told: its key, whether it is due, whether it was missed."""
    found = standings([duty], today, began, marks or {}, kept_since)
    return [(s.period.key if s.period else "", s.due, s.missed) for s in found]


@pytest.mark.parametrize(
    ("every", "day", "key", "first", "last"),
    [
        (Every.WEEK, "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22"),
        (Every.WEEK, "2026-11-23", "2026-W48", "2026-11-23", "2026-11-29"),
        (Every.WEEK, "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        (Every.MONTH, "2026-02-28", "2026-02", "2026-02-01", "2026-02-28"),
        (Every.MONTH, "2028-02-01", "2028-02", "2028-02-01", "2028-02-29"),
        (Every.MONTH, "2026-12-31", "2026-12", "2026-12-01", "2026-12-31"),
        (Every.QUARTER, "2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31"),
        (Every.QUARTER, "2026-11-22", "2026-Q4", "2026-10-01", "2026-12-31"),
        (Every.HALF_YEAR, "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        (Every.HALF_YEAR, "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31"),
        (Every.YEAR, "2026-11-22", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_the_period_people_mean(every: Every, day: str, key: str, first: str, last: str) -> None:
    found = period_of(every, date.fromisoformat(day))

    assert found == Period(key, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("every", [Every.SHIFT, Every.ALWAYS])
def test_what_goes_with_every_shift_or_always_has_no_period(every: Every) -> None:
    assert period_of(every, TODAY) is None
    assert of(a_duty(every=every)) == [("", False, False)]


@given(st.sampled_from(WITH_PERIOD), st.dates(date(1991, 1, 1), date(2090, 12, 31)))
def test_periods_hold_their_days_and_follow_on_each_other_without_a_gap(every: Every, day: date) -> None:
    period = period_of(every, day)
    assert period is not None
    day_before, day_after = period.first - timedelta(days=1), period.last + timedelta(days=1)
    before, after = period_of(every, day_before), period_of(every, day_after)
    assert before is not None
    assert after is not None

    assert period.first <= day <= period.last
    assert period_of(every, period.first) == period_of(every, period.last) == period
    assert (before.last, after.first) == (day_before, day_after)
    assert len({before.key, period.key, after.key}) == 3


def test_a_duty_is_due_until_it_is_marked() -> None:
    duty = a_duty()
    started_here = date(2026, 11, 3)

    assert of(duty, began=started_here) == [("2026-11", True, False)]
    assert of(duty, began=started_here, marks={("review", "2026-11"): marked(TODAY)}) == [("2026-11", False, False)]
    taken_back = {("review", "2026-11"): marked(TODAY, done=False)}
    assert of(duty, began=started_here, marks=taken_back) == [("2026-11", True, False)]


def test_a_mark_holds_for_its_own_duty_and_period_only() -> None:
    marks = {("other", "2026-11"): marked(TODAY), ("review", "2026-12"): marked(TODAY)}

    assert of(a_duty(), began=TODAY, marks=marks) == [("2026-11", True, False)]


def test_what_was_left_undone_does_not_vanish_with_its_period() -> None:
    assert of(a_duty()) == [("2026-10", True, True), ("2026-11", True, False)]


def test_what_was_done_in_its_period_is_told_no_more() -> None:
    marks = {("review", "2026-10"): marked(date(2026, 10, 31))}

    assert of(a_duty(), marks=marks) == [("2026-11", True, False)]


def test_what_was_done_late_stays_in_sight_so_that_a_slip_can_be_taken_back() -> None:
    marks = {("review", "2026-10"): marked(date(2026, 11, 1))}

    assert of(a_duty(), marks=marks) == [("2026-11", True, False), ("2026-10", False, True)]


@pytest.mark.parametrize(
    ("began", "missed"), [(None, False), (date(2026, 11, 1), False), (date(2026, 10, 31), True), (LONG_AGO, True)]
)
def test_nobody_has_missed_what_was_due_before_the_register_was_begun(began: date | None, missed: bool) -> None:
    assert (("2026-10", True, True) in of(a_duty(), began=began)) is missed


def test_what_was_missed_is_asked_for_until_it_is_marked_or_a_quarter_is_over() -> None:
    weeks = [key for key, due, missed in of(a_duty(every=Every.WEEK), kept_since=LONG_AGO) if due and missed]
    months = [key for key, due, missed in of(a_duty(), kept_since=LONG_AGO) if due and missed]

    assert weeks == [f"2026-W{week}" for week in range(34, 47)], "2026-W34 ended on 23 August, 91 days ago"
    assert months == ["2026-08", "2026-09", "2026-10"]
    assert [key for key, *_ in of(a_duty(every=Every.YEAR), kept_since=LONG_AGO)] == ["2025", "2026"]


def test_an_earlier_period_is_told_no_more_once_it_is_marked_but_while_a_slip_can_be_seen() -> None:
    def september(mark: Mark, today: date = TODAY) -> list[tuple[str, bool, bool]]:
        found = of(a_duty(), today, marks={("review", "2026-09"): mark}, kept_since=LONG_AGO)
        return [each for each in found if each[0] == "2026-09"]

    for mark in (marked(TODAY), marked(TODAY, left=True)):
        assert september(mark) == [("2026-09", False, True)]
        assert september(mark, date(2026, 12, 1)) == []
    assert september(marked(TODAY, done=False)) == [("2026-09", True, True)], "a slip that was taken back"
    assert september(marked(date(2026, 9, 30))) == []


@pytest.mark.parametrize(
    ("began", "kept_since", "missed"),
    [
        (LONG_AGO, None, "2026-10"),
        (LONG_AGO, TODAY, "2026-10"),
        (LONG_AGO, date(2026, 9, 30), "2026-09 2026-10"),
        (LONG_AGO, date(2026, 10, 1), "2026-10"),
        (date(2026, 10, 5), LONG_AGO, "2026-10"),
        (None, LONG_AGO, ""),
    ],
)
def test_further_back_only_what_was_missed_since_the_shop_keeps_its_duties_is_told(
    began: date | None, kept_since: date | None, missed: str
) -> None:
    found = of(a_duty(), began=began, kept_since=kept_since)

    assert [key for key, _, is_missed in found if is_missed] == missed.split()


def test_what_was_missed_stands_first_then_what_is_due_soonest_then_the_rest() -> None:
    duties = [
        a_duty("always", Every.ALWAYS),
        a_duty("done", Every.WEEK),
        a_duty("year", Every.YEAR),
        a_duty("month", Every.MONTH),
    ]
    marks = {("done", "2026-W47"): marked(TODAY), ("done", "2026-W46"): marked(date(2026, 11, 12))}

    found = standings(duties, TODAY, date(2026, 10, 1), marks)

    assert [(s.duty.id, s.missed) for s in found] == [
        ("month", True),
        ("month", False),
        ("year", False),
        ("done", False),
        ("always", False),
    ]


@given(st.dates(date(1991, 1, 1), date(2090, 12, 31)))
def test_the_periods_that_are_asked_for_are_all_that_is_told(day: date) -> None:
    duties = [a_duty(every.value, every) for every in Every]

    found: tuple[DutyStanding, ...] = standings(duties, day, date.min, {}, date.min)

    assert {s.period.key for s in found if s.period} == periods(duties, day)


def test_the_shipped_duties_are_those_of_the_sources(rules: Rules) -> None:
    found = {duty.id: duty.every for duty in rules.policy.deadlines.duties}

    assert len(found) == len(rules.policy.deadlines.duties)
    assert set(found.values()) == set(Every)
    assert (found["weekly_tables"], found["handover"], found["satisfaction_survey"]) == ("week", "shift", "year")
