"""Periods as people write them, and the moments that lie in them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_app.domain.periods import Period, before, read_period, windows_of, year_before
from tests.helpers.builders import SHANGHAI

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def bounds(text: str, today: date = TODAY) -> tuple[str, str, str]:
    period = read_period(text, today)
    return str(period.first), str(period.last), period.name


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2026-Q1"),
        ("2026-q4", "2026-10-01", "2026-12-31", "2026-Q4"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        (" 2026-12 ", "2026-12-01", "2026-12-31", "2026-12"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2026-W01"),
        ("2026-w53", "2026-12-28", "2027-01-03", "2026-W53"),
        ("2026-10-01", "2026-10-01", "2026-10-01", "2026-10-01"),
        ("2026-10-01..2026-10-15", "2026-10-01", "2026-10-15", "2026-10-01..2026-10-15"),
        ("last", "2026-10-01", "2026-10-31", "2026-10"),
        ("year", "2026-01-01", "2026-12-31", "2026"),
        ("quarter", "2026-10-01", "2026-12-31", "2026-Q4"),
        ("month", "2026-11-01", "2026-11-30", "2026-11"),
        ("week", "2026-11-16", "2026-11-22", "2026-W47"),
        ("2026-h1", "2026-01-01", "2026-06-30", "2026-H1"),
        ("half", "2026-07-01", "2026-12-31", "2026-H2"),
        ("last-year", "2025-01-01", "2025-12-31", "2025"),
        ("last-half", "2026-01-01", "2026-06-30", "2026-H1"),
        ("last-quarter", "2026-07-01", "2026-09-30", "2026-Q3"),
        ("last-month", "2026-10-01", "2026-10-31", "2026-10"),
        ("last-week", "2026-11-09", "2026-11-15", "2026-W46"),
        ("day", "2026-11-22", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_period_covers_the_days_that_it_says(text: str, first: str, last: str, name: str) -> None:
    assert bounds(text) == (first, last, name)


def test_the_last_month_of_january_is_that_of_the_year_before() -> None:
    assert bounds("last", date(2026, 1, 31)) == ("2025-12-01", "2025-12-31", "2025-12")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "Last",
            "last-",
            "last-day",
            "last-last",
            "2026-H0",
            "2026-H3",
            "202",
            "20261",
            "2026-",
            "2026-1",
            "2026-13",
            "2026-00",
            "2026-Q0",
            "2026-Q5",
            "2026-W0",
        ),
        *("2026-W00", "2025-W53", "2026-W54", "2026-02-30", "2026-10-15..2026-10-01", "2026-10-01..", "..2026-10-01"),
        *("2026-10..2026-11", "2026-10-01...2026-10-02", "0000", "0001", "0001-01-01", "9999"),
        *("9999-W52", "9999-12-31", "２０２６", "٢٠٢٦", "2026-10-01T00:00"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- there is one reason
        read_period(text, TODAY)


@given(st.text(st.sampled_from("0129-.QqWw ２四last"), max_size=24) | st.text(max_size=24))
@example("9999-12-31..9999-12-31")
def test_whatever_is_typed_is_a_period_or_refused(text: str) -> None:
    try:
        period = read_period(text, TODAY)
    except ValueError:
        return
    assert period.first <= period.last
    assert before(period).last == period.first - DAY
    assert period.before_text > period.first_text


@given(DAYS, st.times(), ZONES)
@example(date(2024, 12, 30), time(23, 59, 59), SHANGHAI)
def test_a_moment_is_in_one_year_quarter_month_and_week_and_in_no_other(day: date, at: time, zone: timezone) -> None:
    moment = datetime.combine(day, at.replace(microsecond=0), zone)
    year, week = day.isocalendar()[:2]
    own = (f"{day.year:04}", f"{day.year:04}-Q{(day.month + 2) // 3}", day.isoformat()[:7], f"{year:04}-W{week:02}")
    for name in own:
        period = read_period(name, TODAY)
        after = read_period(str(period.last + DAY), TODAY)
        assert [p.holds(moment) for p in (before(period), period, after)] == [False, True, False]
        assert period.first_text <= moment.isoformat() < period.before_text
        assert not before(period).first_text <= moment.isoformat() < before(period).before_text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2025", "2024"),  # a leap year has other days
        ("2026-Q1", "2025-Q4"),
        ("2026-Q2", "2026-Q1"),
        ("2026-03", "2026-02"),
        ("2026-01", "2025-12"),
        ("2027-W01", "2026-W53"),
        ("2026-10-01", "2026-09-30"),
        ("2026-10-01..2026-10-15", "2026-09-16..2026-09-30"),
        ("0002", "0001"),
        ("0001-01-03..0001-12-01", "0001-01-01..0001-01-02"),
    ],
)
def test_the_period_before_is_of_the_same_kind(text: str, name: str) -> None:
    found = before(read_period(text, TODAY))
    assert found.name == name
    assert found.last == read_period(text, TODAY).first - DAY


@given(DAYS)
def test_going_back_period_by_period_leaves_no_day_out(day: date) -> None:
    for name in (f"{day.year:04}", day.isoformat()[:7], str(day)):
        period = read_period(name, TODAY)
        for _step in range(3):
            earlier = before(period) if period.first > date(1, 2, 1) else period
            assert earlier is period or earlier.last + DAY == period.first
            period = earlier


def test_the_windows_of_a_period_end_with_it() -> None:
    windows = windows_of(read_period("2026-05", TODAY))
    assert [(str(each.first), str(each.last)) for each in windows] == [
        ("2026-05-01", "2026-05-31"),
        ("2026-04-01", "2026-04-30"),
        ("2026-04-01", "2026-05-31"),
        ("2026-01-01", "2026-05-31"),
    ]


def test_a_period_without_a_name_of_a_kind_is_some_days() -> None:
    assert before(Period(date(2026, 10, 1), date(2026, 10, 31), "旺季")).name == "2026-08-31..2026-09-30"


def test_a_half_year_has_the_one_before_it_and_that_of_last_year() -> None:
    half = read_period("2026-H1", TODAY)

    assert before(half) == read_period("2025-H2", TODAY)
    assert year_before(half) == read_period("2025-H1", TODAY)
