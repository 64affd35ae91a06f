from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import FixedClock, SystemClock
from desk_app.domain.times import NoSuchTimeError, epoch, looks_like_a_date, month_range, parse_day, parse_when
from tests.helpers.builders import NOW, SHANGHAI

LOCAL = FixedClock(NOW).local


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-01 07:59:28", at(2026, 10, 1, 7, 59, 28)),
        ("2026-10-01T07:59:28", at(2026, 10, 1, 7, 59, 28)),
        ("2026-10-01T07:59:28.999", at(2026, 10, 1, 7, 59, 28)),
        ("2026-10-01 07:59", at(2026, 10, 1, 7, 59)),
        ("  2026-10-01 07:59  ", at(2026, 10, 1, 7, 59)),
        ("2026/10/1 7:05", at(2026, 10, 1, 7, 5)),
        ("2026.10.1 7:05", at(2026, 10, 1, 7, 5)),
        ("2026年10月1日 7时5分", at(2026, 10, 1, 7, 5)),
        ("2026年10月1日7时5分9秒", at(2026, 10, 1, 7, 5, 9)),
        ("2026年10月1日 7点", at(2026, 10, 1, 7)),
        ("2026年10月1日", at(2026, 10, 1)),
        ("2026-10-01", at(2026, 10, 1)),
        ("２０２６－１０－０１　０７：５９", at(2026, 10, 1, 7, 59)),
        ("2024-02-29 12:00", at(2024, 2, 29, 12)),
        ("2026-10-01T00:30:00Z", at(2026, 10, 1, 8, 30)),
        ("2026-10-01T07:59:28+08:00", at(2026, 10, 1, 7, 59, 28)),
        ("2026-10-01T07:59:28+0800", at(2026, 10, 1, 7, 59, 28)),
        ("2026-10-01T07:59:28+08", at(2026, 10, 1, 7, 59, 28)),
        ("2026-09-30T19:59:28-04:00", at(2026, 10, 1, 7, 59, 28)),
    ],
)
def test_a_moment_is_read_however_it_was_written(text: str, moment: datetime) -> None:
    read = parse_when(text, LOCAL)

    assert read == moment
    assert read.utcoffset() == timedelta(hours=8)
    assert read.microsecond == 0


def test_a_time_alone_belongs_to_the_day_that_is_given() -> None:
    assert parse_when("9:30", LOCAL, today=date(2026, 11, 22)) == at(2026, 11, 22, 9, 30)
    assert parse_when("９时", LOCAL, today=date(2026, 11, 22)) == at(2026, 11, 22, 9)
    with pytest.raises(ValueError, match="9:30"):
        parse_when("9:30", LOCAL)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-02-29 10:00", "2026-13-01", "2026-00-10", "0000-01-01", "2026-10-01 24:00", "2026-10-01 10:60",
     "2026-10-01 10:00:60"],
)  # fmt: skip
def test_a_moment_the_calendar_lacks_is_told_apart(text: str) -> None:
    with pytest.raises(NoSuchTimeError):
        parse_when(text, LOCAL)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "昨天", "2026", "2026-10", "2026-10-01 晚上", "2026-10-01 07:59 左右", "10:00", "26-10-01",
     "2026-10-1O", "2026-10-01 10:00+99:99", "2026-10-01 10:00 GMT"],
)  # fmt: skip
def test_words_are_no_moment(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- its message is the text itself
        parse_when(text, LOCAL)
    assert not isinstance(caught.value, NoSuchTimeError)


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 -- a wall clock
    st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-9, minutes=-30))]),
)
def test_what_is_stored_is_read_back(wall: datetime, zone: timezone) -> None:
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=zone))
    moment = clock.local(wall.replace(microsecond=0))

    assert parse_when(moment.isoformat(), clock.local) == moment


def test_the_computers_own_clock_is_local_aware_and_in_whole_seconds() -> None:
    clock = SystemClock()
    now = clock.now()

    assert now.tzinfo is not None
    assert now.microsecond == 0
    assert clock.local(now.astimezone(UTC)) == now
    assert clock.local(now.replace(tzinfo=None)).utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("2026-10-01", True),
        ("2026年2月30日 晚上", True),
        ("２０２６/10/1", True),
        ("上周二晚上", False),
        ("10月1日", False),
    ],
)
def test_the_shape_of_a_date_is_seen(text: str, *, is_date: bool) -> None:
    assert looks_like_a_date(text) is is_date


@pytest.mark.parametrize("text", ["2026-10-01", " 2026/10/1 ", "2026.10.1", "2026年10月1日", "２０２６－１０－０１"])
def test_a_day_is_read_however_it_was_written(text: str) -> None:
    assert parse_day(text) == date(2026, 10, 1)


@pytest.mark.parametrize("text", ["", "10-01", "国庆", "2026-10-01 07:59", "2026-10-01x", "x2026-10-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 -- no slip of a day: no day at all
        parse_day(text)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-10-00", "0000-01-01"])
def test_a_day_that_the_calendar_has_not_is_told_as_one(text: str) -> None:
    with pytest.raises(NoSuchTimeError):
        parse_day(text)


@pytest.mark.parametrize(
    ("month", "first", "following"),
    [
        ("2026-10", "2026-10-01", "2026-11-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
    ],
)
def test_a_month_runs_from_its_first_to_the_next_ones_first(month: str, first: str, following: str) -> None:
    assert [day.isoformat() for day in month_range(month)] == [first, following]


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 -- a wall clock
def test_every_moment_lies_in_its_own_month_and_in_no_other(wall: datetime) -> None:
    stored = wall.replace(microsecond=0, tzinfo=SHANGHAI).isoformat()
    first, following = month_range(f"{wall:%Y-%m}")

    assert first.isoformat() <= stored < following.isoformat()
    assert month_range(f"{following:%Y-%m}")[0] == following


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-1", "2026-13", "2026-00", "2026-10-01", "0000-01", "9999-12", "2026-10\n"]
)
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the calendar's own, or ours
        month_range(month)


def test_moments_are_ordered_by_what_the_whole_world_calls_them() -> None:
    assert epoch(datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)) == 0
    assert epoch(at(2026, 10, 1, 8)) == epoch(datetime(2026, 10, 1, tzinfo=UTC))
    assert epoch(at(2026, 10, 1, 8, 0, 1)) == epoch(at(2026, 10, 1, 8)) + 1
