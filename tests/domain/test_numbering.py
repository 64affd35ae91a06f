from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.numbering import DEFAULT_PATTERN, completed, number, series, sort_key

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("pattern", "serial", "written"),
    [
        (DEFAULT_PATTERN, 1, "TS-20261001-001"),
        (DEFAULT_PATTERN, 999, "TS-20261001-999"),
        (DEFAULT_PATTERN, 1000, "TS-20261001-1000"),
        (DEFAULT_PATTERN, 12345, "TS-20261001-12345"),
        ("YYMMDDNN", 7, "26100107"),
        ("NB-YYYYMMDD-NNN", 7, "NB-20261001-007"),
        ("NNN-YYYY-NNNN号", 12, "NNN-2026-0012号"),
        ("投诉YYYY年MM月第N件", 3, "投诉2026年10月第3件"),
    ],
)
def test_a_number_follows_the_shops_pattern(pattern: str, serial: int, written: str) -> None:
    assert number(series(pattern, DAY), serial) == written


@pytest.mark.parametrize(
    ("pattern", "typed", "meant"),
    [
        (DEFAULT_PATTERN, "TS-20250930-012", "TS-20250930-012"),
        (DEFAULT_PATTERN, " ts-20250930-012 ", "TS-20250930-012"),
        (DEFAULT_PATTERN, "20250930-012", "TS-20250930-012"),
        (DEFAULT_PATTERN, "20250930-1012", "TS-20250930-1012"),
        (DEFAULT_PATTERN, "0930-012", "TS-20260930-012"),
        (DEFAULT_PATTERN, "30-012", "TS-20261030-012"),
        (DEFAULT_PATTERN, "012", "TS-20261001-012"),
        (DEFAULT_PATTERN, "7", "TS-20261001-007"),
        (DEFAULT_PATTERN, "1012", "TS-20261001-1012"),
        ("YYMMDDNN", "26093007", "26093007"),
        ("YYMMDDNN", "07", "26100107"),
        ("投诉YYYY年MM月第N件", "3", "投诉2026年10月第3件"),
        ("NNN-YYYY-NNNN号", "2025-0012号", "NNN-2025-0012号"),
    ],
)
def test_the_beginning_of_a_number_may_be_left_out_and_is_that_of_today(pattern: str, typed: str, meant: str) -> None:
    assert completed(typed, pattern, DAY) == meant


@given(st.integers(1, 10**7), st.sampled_from([DEFAULT_PATTERN, "NB-YYYYMMDD-NNN", "第N件"]))
def test_a_whole_number_means_itself(serial: int, pattern: str) -> None:
    whole = number(series(pattern, DAY), serial)

    assert completed(whole.lower(), pattern, date(2027, 1, 1)) == whole


@given(st.text(max_size=40))
def test_what_is_typed_need_be_no_number(typed: str) -> None:
    assert completed(typed, DEFAULT_PATTERN, DAY).startswith("TS-")


def test_each_day_is_a_series_of_its_own() -> None:
    assert series(DEFAULT_PATTERN, DAY) != series(DEFAULT_PATTERN, date(2026, 10, 2))
    assert series("YYYY-NNN", DAY) == series("YYYY-NNN", date(2026, 12, 31))


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from([DEFAULT_PATTERN, "NB-YYYYMMDD-NNN", "第N件"]))
def test_numbers_differ_and_sort_as_their_serials_do(one: int, other: int, pattern: str) -> None:
    key = series(pattern, DAY)
    first, second = number(key, one), number(key, other)

    assert (first == second) == (one == other)
    assert (sort_key(first) < sort_key(second)) == (one < other)


def test_a_later_day_sorts_after_an_earlier_days_thousandth() -> None:
    assert sort_key("TS-20261001-1000") < sort_key("TS-20261002-001")
