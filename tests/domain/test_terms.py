from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.terms import LONGEST, Step, Term, due, provisional_years, steps
from desk_app.domain.vocabulary import Unit
from desk_app.domain.work_calendar import DayKind, WorkCalendar
from tests.helpers.builders import SHANGHAI
from tests.helpers.calendars import CALENDARS, days, shipped

if TYPE_CHECKING:
    from desk_app.sentences import Sentences
    from desk_app.services.rules import Rules

SIX = time(18)
CALENDAR = shipped()
SHOP = WorkCalendar(
    CALENDAR.official,
    days("2026-03-03 2026-03-04", DayKind.CLOSED, "盘点") + days("2026-03-08", DayKind.OPEN),
    open_weekdays=frozenset({0, 1, 2, 3, 4, 5}),
)
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2028, 12, 31)).map(  # noqa: DTZ001 -- a wall clock
    lambda wall: wall.replace(microsecond=0, tzinfo=SHANGHAI)
)
TERMS = st.one_of(
    st.builds(Term, st.integers(0, LONGEST), st.just(Unit.HOURS)),
    st.builds(Term, st.integers(1, LONGEST), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS])),
    st.builds(Term, st.integers(1, 60), st.sampled_from([Unit.WORKING_DAYS, Unit.BUSINESS_DAYS])),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(sentences: Sentences, term: str, start: str, calendar: WorkCalendar = CALENDAR) -> list[str]:
    return [sentences.step(step) for step in steps(Term.parse(term), at(start), calendar, SIX)]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("24h", 24, Unit.HOURS),
        ("0h", 0, Unit.HOURS),
        ("5d", 5, Unit.DAYS),
        ("2wd", 2, Unit.WORKING_DAYS),
        ("3bd", 3, Unit.BUSINESS_DAYS),
        ("2w", 2, Unit.WEEKS),
        ("1mo", 1, Unit.MONTHS),
        ("9999mo", 9999, Unit.MONTHS),
        ("given", 0, Unit.GIVEN),
    ],
)
def test_a_term_is_read_and_written_alike(text: str, amount: int, unit: Unit) -> None:
    assert Term.parse(text) == Term(amount, unit)
    assert str(Term(amount, unit)) == text


@given(TERMS | st.just(Term(0, Unit.GIVEN)))
def test_every_term_is_read_back_from_what_it_writes(term: Term) -> None:
    assert Term.parse(str(term)) == term


@given(st.text(st.sampled_from("0123456789hdwbmogiven -"), max_size=7))
def test_a_text_is_the_one_way_to_write_its_term_or_none(text: str) -> None:
    with suppress(ValueError):
        assert str(Term.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "h",
        "24 h",
        " 24h",
        "24h\n",
        "24H",
        "-1h",
        "+1h",
        "1.5h",
        "024h",
        "10000h",
        "2y",
        "2wdd",
        "２４h",
        "٢h",
        "0given",
        "1given",
        "given ",
        "Given",
    ],
)
def test_what_is_no_term_is_refused_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(repr(text))} is not a term: .* h d wd bd w mo, or given$"):
        Term.parse(text)


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(-1, Unit.HOURS), (10_000, Unit.HOURS), (0, Unit.WORKING_DAYS), (0, Unit.MONTHS), (0, Unit.DAYS), (1, Unit.GIVEN)],
)
def test_an_amount_that_means_nothing_is_refused(amount: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match=f"{amount} {unit.name.lower()}: the amount must be"):
        Term(amount, unit)


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        ("24h", "2026-02-14 20:00", "2026-02-15 20:00"),  # inside 春节
        ("24h", "2026-09-30 23:30", "2026-10-01 23:30"),
        ("0h", "2026-02-14 20:00", "2026-02-14 20:00"),
        ("5d", "2026-02-13 15:20", "2026-02-18 15:20"),
        ("2w", "2026-02-13 15:20", "2026-02-27 15:20"),
        ("1mo", "2026-01-31 15:20", "2026-02-28 15:20"),
        ("1mo", "2024-01-31 15:20", "2024-02-29 15:20"),
        ("1mo", "2026-02-28 15:20", "2026-03-28 15:20"),
        ("12mo", "2024-02-29 15:20", "2025-02-28 15:20"),
        ("48mo", "2024-02-29 15:20", "2028-02-29 15:20"),
        ("6mo", "2026-08-31 15:20", "2027-02-28 15:20"),
        ("1mo", "2026-12-31 15:20", "2027-01-31 15:20"),
        ("2wd", "2026-02-13 15:20", "2026-02-24 18:00"),
        ("2wd", "2026-02-13 23:59", "2026-02-24 18:00"),  # after the day's end, and still day 0
        ("1wd", "2026-02-23 09:00", "2026-02-24 18:00"),  # from a day of rest
        ("1bd", "2026-02-14 20:00", "2026-02-15 18:00"),  # a shop that is open in 春节
    ],
)
def test_a_term_is_over_when_the_rules_say(term: str, start: str, end: str) -> None:
    assert due(Term.parse(term), at(start), CALENDAR, SIX) == at(end)


def test_business_days_pass_by_the_weekdays_and_days_on_which_the_shop_is_shut() -> None:
    assert due(Term.parse("1bd"), at("2026-03-02 09:00"), SHOP, SIX) == at("2026-03-05 18:00")
    assert due(Term.parse("3bd"), at("2026-03-05 09:00"), SHOP, SIX) == at("2026-03-08 18:00")
    assert due(Term.parse("1wd"), at("2026-03-02 09:00"), SHOP, SIX) == at("2026-03-03 18:00")


def test_a_given_day_cannot_be_reckoned() -> None:
    given_term = Term.parse("given")

    for reckon in (due, steps):
        with pytest.raises(ValueError, match="given"):
            reckon(given_term, at("2026-01-01 09:00"), CALENDAR, SIX)
    assert provisional_years(given_term, at("2027-01-01 09:00"), CALENDAR) == ()


@given(STARTS, st.integers(1, 1200))
def test_months_are_those_of_another_library(start: datetime, months: int) -> None:
    assert due(Term(months, Unit.MONTHS), start, CALENDAR, SIX) == start + relativedelta(months=months)


@given(TERMS, STARTS, STARTS, CALENDARS, st.times(timezones=st.none()))
def test_a_term_ends_after_its_start_and_a_later_start_never_earlier(
    term: Term, one: datetime, other: datetime, calendar: WorkCalendar, day_end: time
) -> None:
    first, second = sorted((one, other))

    end = due(term, first, calendar, day_end)

    assert end > first or term.amount == 0
    assert end <= due(term, second, calendar, day_end)
    assert end.utcoffset() == timedelta(hours=8)
    if term.unit in (Unit.WORKING_DAYS, Unit.BUSINESS_DAYS):
        assert end.time() == day_end
        assert calendar.works(end.date()) if term.unit is Unit.WORKING_DAYS else calendar.is_open(end.date())
    elif term.unit is not Unit.HOURS:
        assert end.time() == first.time()


EXAMPLES = {
    "2wd": (
        "2026-02-13 15:20",
        """从 2月13日周五 15:20 起算，当日不计
        第 1 个工作日：2月14日周六（春节调休上班）
        跳过 2月15–23日（春节放假 9 天）
        第 2 个工作日：2月24日周二
        到当日 18:00，即 2026-02-24 18:00""",
    ),
    "7wd": (
        "2026-09-24 09:05",
        """从 9月24日周四 09:05 起算，当日不计
        跳过 9月25–27日（中秋放假 3 天）
        第 1–3 个工作日：9月28–30日
        跳过 10月1–7日（国庆节放假 7 天）
        第 4–5 个工作日：10月8–9日
        第 6 个工作日：10月10日周六（国庆节调休上班）
        跳过 10月11日周日（周末）
        第 7 个工作日：10月12日周一
        到当日 18:00，即 2026-10-12 18:00""",
    ),
    "4wd": (
        "2026-12-29 09:00",
        """从 12月29日周二 09:00 起算，当日不计
        第 1–3 个工作日：12月30日–1月1日
        跳过 1月2–3日（周末）
        第 4 个工作日：1月4日周一
        到当日 18:00，即 2027-01-04 18:00
        暂定：2027 年官方放假安排尚未录入，暂按周末计算""",
    ),
    "6bd": (
        "2026-02-28 09:00",
        """从 2月28日周六 09:00 起算，当日不计
        跳过 3月1日周日（每周店休）
        第 1 个营业日：3月2日周一
        跳过 3月3–4日（盘点停业 2 天）
        第 2–4 个营业日：3月5–7日
        第 5 个营业日：3月8日周日（照常营业）
        第 6 个营业日：3月9日周一
        到当日 18:00，即 2026-03-09 18:00""",
    ),
    "24h": (
        "2026-02-14 20:00",
        """从 2月14日周六 20:00 起算
        加 24 小时（昼夜、节假日连续计算）
        到 2026-02-15 20:00""",
    ),
    "5d": (
        "2026-02-14 20:00",
        """从 2月14日周六 20:00 起算
        加 5 天（自然日，节假日照算）
        到 2026-02-19 20:00""",
    ),
    "2w": (
        "2026-02-14 20:00",
        """从 2月14日周六 20:00 起算
        加 2 周（自然日，节假日照算）
        到 2026-02-28 20:00""",
    ),
    "1mo": (
        "2026-01-31 20:00",
        """从 1月31日周六 20:00 起算
        加 1 个月（到期月的同一天）
        到期月没有 31 日，取当月最后一天
        到 2026-02-28 20:00""",
    ),
}


@pytest.mark.parametrize("term", EXAMPLES)
def test_a_person_is_told_each_step_of_the_reckoning(rules: Rules, term: str) -> None:
    start, lines = EXAMPLES[term]

    assert told(rules.sentences, term, start, SHOP) == [line.strip() for line in lines.splitlines()]


def test_every_step_there_is_was_told_above(rules: Rules) -> None:
    seen = {
        step.code for text, (start, _) in EXAMPLES.items() for step in steps(Term.parse(text), at(start), SHOP, SIX)
    }

    assert seen == set(rules.sentences.steps)


def test_a_holiday_of_two_names_is_told_with_both_and_one_without_a_name_still_is_one(rules: Rules) -> None:
    nameless = WorkCalendar(own=days("2027-03-03", DayKind.REST) + days("2027-03-06", DayKind.WORK))

    assert "跳过 9月29日–10月6日（中秋、国庆节放假 8 天）" in told(rules.sentences, "1wd", "2023-09-28 09:00")
    assert told(rules.sentences, "3wd", "2027-03-02 09:00", nameless)[1:4] == [
        "跳过 3月3日周三（放假 1 天）",
        "第 1–2 个工作日：3月4–5日",
        "第 3 个工作日：3月6日周六（调休上班）",
    ]


@given(TERMS, STARTS, CALENDARS)
def test_the_steps_pass_every_day_once_and_end_where_the_term_does(
    rules: Rules, term: Term, start: datetime, calendar: WorkCalendar
) -> None:
    end = due(term, start, calendar, SIX)

    lines = steps(term, start, calendar, SIX)

    assert all(rules.sentences.step(line) for line in lines)
    assert end in [line.params.get("due") for line in lines]
    runs = [_days(line) for line in lines if "days" in line.params]
    if term.unit in (Unit.WORKING_DAYS, Unit.BUSINESS_DAYS):
        passed = [day for run in runs for day in run]
        counted = [line.params["numbers"] for line in lines if "numbers" in line.params]
        assert passed == [start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days + 1)]
        assert [n for first, last in counted for n in range(first, last + 1)] == list(range(1, term.amount + 1))
    else:
        assert runs == []


def test_the_last_day_of_a_year_without_data_says_nothing_of_the_next_one() -> None:
    only_2027 = WorkCalendar(own=days("2027-10-01", DayKind.REST))
    new_years_eve = at("2026-12-31 09:00")

    assert provisional_years(Term.parse("2wd"), new_years_eve, only_2027) == ()
    assert provisional_years(Term.parse("2wd"), new_years_eve - timedelta(days=1), only_2027) == (2026,)
    assert provisional_years(Term.parse("2wd"), new_years_eve, WorkCalendar()) == (2027,)
    assert provisional_years(Term.parse("300wd"), new_years_eve, only_2027) == (2028,)


@given(STARTS, st.integers(1, 60), CALENDARS)
def test_a_term_is_provisional_in_each_year_without_data_that_it_runs_through(
    start: datetime, n: int, calendar: WorkCalendar
) -> None:
    term = Term(n, Unit.WORKING_DAYS)
    end = due(term, start, calendar, SIX)

    years = provisional_years(term, start, calendar)

    passed = [start.date() + timedelta(days=step) for step in range(1, (end.date() - start.date()).days + 1)]
    assert years == tuple(sorted({day.year for day in passed if calendar.is_provisional(day.year)}))
    assert provisional_years(Term(n, Unit.BUSINESS_DAYS), start, calendar) == ()


def _days(line: Step) -> list[date]:
    first, last = line.params["days"]
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
