"""Which stretches of what is owed a view is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.queue import CASE_VIEWS, Reader, Sieve, Span, View, reader, sifted, spans
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import FollowUpKind, Role
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

HOUR = timedelta(hours=1)
NAMES = ("小周", "小吴", "部门负责人", "店长")
VIEWS = [view for view in View if view not in CASE_VIEWS]

readers = st.builds(
    Reader,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple),
    st.none() | st.integers(-10, 10).map(lambda hours: epoch(NOW + hours * HOUR)),
)
sieves = st.builds(
    Sieve, owed_by=st.sampled_from(("", *NAMES)), kind=st.none() | st.sampled_from(FollowUpKind), status=st.none()
)
owed = st.tuples(
    st.sampled_from(FollowUpKind),
    st.sampled_from(NAMES),
    st.integers(-300, 300).map(lambda hours: epoch(NOW + hours * HOUR)),
    st.integers(-5, 5).map(lambda hours: epoch(NOW + hours * HOUR)),
)


def holds(span: Span, thing: tuple[FollowUpKind, str, int, int]) -> bool:
    kind, owed_by, due, snoozed = thing
    return (
        span.kind in (None, kind)
        and span.owed_by in (None, owed_by)
        and span.since <= due < span.until
        and (span.awake_at is None or snoozed <= span.awake_at)
    )


@given(st.sampled_from(VIEWS), readers, owed)
def test_nothing_is_in_two_spans_of_a_view(view: View, who: Reader, thing: tuple[FollowUpKind, str, int, int]) -> None:
    assert sum(holds(span, thing) for span in spans(view, NOW, who)) <= 1


@given(st.sampled_from(VIEWS), readers, sieves, owed)
def test_a_sieve_leaves_what_is_of_its_kind_and_debtor(
    view: View, who: Reader, sieve: Sieve, thing: tuple[FollowUpKind, str, int, int]
) -> None:
    kind, owed_by, _, _ = thing
    before = any(holds(span, thing) for span in spans(view, NOW, who))
    after = any(holds(span, thing) for span in sifted(spans(view, NOW, who), sieve))

    assert after == (before and sieve.kind in (None, kind) and sieve.owed_by in ("", owed_by))


@given(owed, readers)
def test_what_is_overdue_is_seen_whatever_was_left_aside(
    thing: tuple[FollowUpKind, str, int, int], who: Reader
) -> None:
    late = thing[2] < epoch(NOW)

    assert any(holds(span, thing) for span in spans(View.OVERDUE, NOW, who)) == late
    assert any(holds(span, thing) for span in spans(View.ALL, NOW, who))


@pytest.mark.parametrize("kind", FollowUpKind)
def test_the_four_that_leave_nothing_out_and_promises_and_corrections_are_everything(kind: FollowUpKind) -> None:
    of_work = (View.UNHANDLED, View.UNCHECKED, View.UNREPORTED, View.PROMISE, View.CORRECT)
    thing = (kind, "小周", epoch(NOW), 0)

    found = [view for view in of_work if any(holds(s, thing) for s in spans(view, NOW, Reader(())))]

    assert len(found) == (2 if kind is FollowUpKind.VERIFY else 1), "a verification is a check and a correction"


def test_my_own_is_mine_and_what_climbed_to_my_office_or_past_it(rules: Rules) -> None:
    roles = {"小周": Role.RECEPTIONIST, "王主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
    authority = replace(rules.policy.authority, roles=roles)

    def is_mine(person: str, owed_by: str, late: timedelta) -> bool:
        thing = (FollowUpKind.REPLY, owed_by, epoch(NOW - late), 0)
        return any(holds(span, thing) for span in spans(View.MINE, NOW, reader(authority, person, NOW)))

    assert is_mine("小周", "小周", -HOUR)
    assert not is_mine("小周", "小吴", 100 * HOUR)
    assert not is_mine("小周", "部门负责人", HOUR)
    assert is_mine("王主管", "部门负责人", -HOUR)
    assert not is_mine("王主管", "店长", -HOUR)
    second = timedelta(seconds=1)
    for person, after in (("王主管", 4 * HOUR), ("赵店长", 24 * HOUR)):
        assert (is_mine(person, "小周", after - second), is_mine(person, "小周", after)) == (False, True)
    assert is_mine("王主管", "小周", 30 * HOUR), "going up releases nobody"
    assert authority.rung(NOW - 4 * HOUR, NOW) is not None, "the very moment of the ladder"
    assert authority.rung(NOW - 4 * HOUR + second, NOW) is None


def test_while_there_are_no_roles_everybody_answers_for_every_office(rules: Rules) -> None:
    who = reader(rules.policy.authority, "小周", NOW)

    assert who == Reader(("小周", "部门负责人", "店长"), epoch(NOW - 4 * HOUR))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 -- made local below
def test_today_is_within_this_week(naive: datetime) -> None:
    at = naive.replace(microsecond=0, tzinfo=NOW.tzinfo)
    (today,), (week,) = spans(View.TODAY, at, Reader(())), spans(View.WEEK, at, Reader(()))

    assert epoch(at) < today.until <= week.until <= epoch(at) + 7 * 86_400
    ends = datetime.fromtimestamp(week.until, NOW.tzinfo)
    assert (ends.weekday(), ends.hour, ends.minute) == (0, 0, 0)
