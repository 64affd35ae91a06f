from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.numbering import DEFAULT_PATTERN, number, series, sort_key

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
