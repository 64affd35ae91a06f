from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.work_calendar import CalendarDay, DayKind, WorkCalendar
from tests.helpers.calendars import CALENDARS, DAYS, days, shipped

# domain.md part 18: the day of acceptance, whether it is worked, and the 1st, 2nd, 5th, 7th and 10th 工作日 after it.
VECTORS = """
    2025-12-30 工作日 2025-12-31 2026-01-04 2026-01-07 2026-01-09 2026-01-14
    2025-12-31 工作日 2026-01-04 2026-01-05 2026-01-08 2026-01-12 2026-01-15
    2026-01-02 休     2026-01-04 2026-01-05 2026-01-08 2026-01-12 2026-01-15
    2026-02-12 工作日 2026-02-13 2026-02-14 2026-02-26 2026-02-28 2026-03-04
    2026-02-13 工作日 2026-02-14 2026-02-24 2026-02-27 2026-03-02 2026-03-05
    2026-02-14 工作日 2026-02-24 2026-02-25 2026-02-28 2026-03-03 2026-03-06
    2026-02-23 休     2026-02-24 2026-02-25 2026-02-28 2026-03-03 2026-03-06
    2026-02-27 工作日 2026-02-28 2026-03-02 2026-03-05 2026-03-09 2026-03-12
    2026-04-03 工作日 2026-04-07 2026-04-08 2026-04-13 2026-04-15 2026-04-20
    2026-04-30 工作日 2026-05-06 2026-05-07 2026-05-11 2026-05-13 2026-05-18
    2026-05-08 工作日 2026-05-09 2026-05-11 2026-05-14 2026-05-18 2026-05-21
    2026-06-18 工作日 2026-06-22 2026-06-23 2026-06-26 2026-06-30 2026-07-03
    2026-09-18 工作日 2026-09-20 2026-09-21 2026-09-24 2026-09-29 2026-10-09
    2026-09-24 工作日 2026-09-28 2026-09-29 2026-10-09 2026-10-12 2026-10-15
    2026-09-30 工作日 2026-10-08 2026-10-09 2026-10-13 2026-10-15 2026-10-20
    2026-10-09 工作日 2026-10-10 2026-10-12 2026-10-15 2026-10-19 2026-10-22
    2026-11-20 工作日 2026-11-23 2026-11-24 2026-11-27 2026-12-01 2026-12-04
"""
ROWS = [line.split() for line in VECTORS.strip().splitlines()]
NATIONAL_DAY_2027 = days("2027-10-01", DayKind.REST, "国庆节")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_working_days_are_those_that_two_libraries_agree_on(row: list[str]) -> None:
    calendar = shipped()
    start = date.fromisoformat(row[0])

    assert len(ROWS) == 17
    assert calendar.works(start) is (row[1] == "工作日")
    assert [f"{calendar.add_working_days(start, n)}" for n in (1, 2, 5, 7, 10)] == row[2:]


def test_the_entry_that_decides_is_told_and_a_plain_day_has_none() -> None:
    calendar = shipped()

    make_up, holiday = calendar.why(date(2026, 2, 14)), calendar.why(date(2026, 2, 16))

    assert make_up == CalendarDay(date(2026, 2, 14), DayKind.WORK, "春节", "国办发明电〔2025〕7号")
    assert holiday == CalendarDay(date(2026, 2, 16), DayKind.REST, "春节", "国办发明电〔2025〕7号")
    assert calendar.why(date(2026, 2, 15)) is None, "a Sunday rests anyway"
    assert calendar.why(date(2026, 2, 24)) is None


def test_what_the_shop_enters_wins_and_the_later_of_two() -> None:
    day = date(2026, 2, 16)
    rest, work = (CalendarDay(day, kind, "本店") for kind in (DayKind.REST, DayKind.WORK))

    assert not shipped().works(day)
    assert WorkCalendar(shipped().official, (work,)).works(day)
    assert WorkCalendar(shipped().official, (work,)).why(day) == work
    assert not WorkCalendar((), (work, rest)).works(day)


def test_the_shops_doors_and_the_working_days_are_two_questions() -> None:
    holiday, plain = date(2026, 2, 16), date(2026, 3, 3)
    closed = days("2026-03-03", DayKind.CLOSED, "盘点")

    calendar = WorkCalendar(shipped().official, closed)

    assert (calendar.works(holiday), calendar.is_open(holiday)) == (False, True)
    assert (calendar.works(plain), calendar.is_open(plain)) == (True, False)
    assert calendar.why(plain) is None
    assert calendar.business.why(plain) == closed[0]
    assert calendar.add_business_days(date(2026, 3, 2), 1) == date(2026, 3, 4)
    assert calendar.add_working_days(date(2026, 3, 2), 1) == plain


def test_a_shop_is_open_on_its_weekdays_and_on_a_day_it_says() -> None:
    sunday = date(2026, 3, 8)
    calendar = WorkCalendar(open_weekdays=frozenset({0, 1, 2, 3, 4, 5}))
    with_sunday = WorkCalendar(own=days(f"{sunday}", DayKind.OPEN), open_weekdays=calendar.open_weekdays)

    assert not calendar.is_open(sunday)
    assert with_sunday.is_open(sunday)
    assert calendar.add_business_days(date(2026, 3, 7), 1) == date(2026, 3, 9)
    assert with_sunday.add_business_days(date(2026, 3, 7), 1) == sunday


@pytest.mark.parametrize("weekdays", [frozenset(), frozenset({0, 7}), frozenset({-1})])
def test_a_shop_that_never_opens_would_never_answer(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="weekdays"):
        WorkCalendar(open_weekdays=weekdays)


def test_every_year_that_is_shipped_is_complete_and_the_next_one_is_provisional() -> None:
    calendar = shipped()

    assert [year for year in range(2019, 2029) if not calendar.is_provisional(year)] == list(range(2020, 2027))
    assert calendar.add_working_days(date(2027, 2, 5), 1) == date(2027, 2, 8), "New Year's Monday: by weekends only"


@pytest.mark.parametrize(
    ("entered", "provisional"),
    [
        (NATIONAL_DAY_2027, False),
        (days("2027-10-07", DayKind.REST), False),
        (days("2027-02-08 2027-02-09 2027-05-03", DayKind.REST), True),
        (days("2027-12-31", DayKind.REST, "元旦"), True),
        (days("2027-10-08", DayKind.REST), True),
        (days("2027-10-02", DayKind.WORK), True),
        (days("2027-10-01", DayKind.CLOSED), True),
        (days("2028-10-02", DayKind.REST), True),
    ],
)
def test_a_year_is_there_with_its_national_day_whoever_entered_it(
    entered: tuple[CalendarDay, ...], *, provisional: bool
) -> None:
    assert WorkCalendar(own=entered).is_provisional(2027) is provisional
    assert WorkCalendar(official=entered).is_provisional(2027) is provisional


@pytest.mark.parametrize("year", range(2000, 2100))
def test_the_law_gives_every_year_a_weekday_of_rest_by_which_it_is_known(year: int) -> None:
    assert any(date(year, 10, day).weekday() < 5 for day in (1, 2, 3))


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_the_nth_day_is_a_day_that_counts_with_n_of_them_after_the_start(
    calendar: WorkCalendar, start: date, n: int
) -> None:
    for add, counts in [
        (calendar.add_working_days, calendar.works),
        (calendar.add_business_days, calendar.is_open),
    ]:
        end = add(start, n)

        between = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
        assert sum(map(counts, between)) == n
        assert counts(end) or n == 0
        assert end == start or n > 0


@given(CALENDARS, DAYS, DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_later_start_or_a_longer_term_never_ends_earlier(
    calendar: WorkCalendar, one: date, other: date, n: int, more: int
) -> None:
    first, second = sorted((one, other))

    for add in (calendar.add_working_days, calendar.add_business_days):
        assert add(first, n) <= add(second, n)
        assert add(first, n) <= add(first, n + more)
        assert add(add(first, n), more) == add(first, n + more)


def test_there_is_no_counting_back() -> None:
    with pytest.raises(ValueError, match="-1 days back"):
        shipped().add_working_days(date(2026, 1, 1), -1)
