"""How many were served, as people write it: months, numbers, tables; each slip is refused with its place."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.periods import read_period
from desk_app.domain.volumes import kind_of, months_of, read_kinds, read_month, read_number, read_table
from desk_app.errors import KnownError

TODAY = date(2026, 11, 22)
KINDS = {"served": "接待量（间夜）", "meals": "用餐（人次）"}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3200", 3200),
        ("３２００", 3200),
        ("3,200", 3200),
        ("1，234，567", 1234567),
        (" 0 ", 0),
        ("3200.00", 3200),
        (3200.0, 3200),
        (7, 7),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_number_is_read_as_people_write_it(written: object, number: int | None) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("-5", "－5", "3.5", "32,00", "3200间", "约3200", "1e3", "3²", "٣", "=A1+B1", "9" * 5000, "1000000001"),
        *(-1, 3.5, -0.5, math.nan, math.inf, -math.inf, 10**10, True, date(2026, 10, 1), [3]),
    ],
)
def test_what_is_no_whole_number_is_refused(written: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the sentence is made by who knows the place
        read_number(written)


@given(st.integers(0, 10**9))
def test_a_number_reads_the_same_with_and_without_separators(number: int) -> None:
    assert read_number(f"{number:,}") == read_number(str(number)) == number


@pytest.mark.parametrize(
    "written",
    [
        "2026-10",
        "2026/10",
        "２０２６年１０月",
        "2026年10月份",
        "202610",
        "2026-10-01",
        "2026/10/1",
        "Oct-26",
        date(2026, 10, 1),
    ],
)
def test_a_month_is_read_as_people_write_it(written: object) -> None:
    assert read_month(written, TODAY) == "2026-10"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            (each, "volume_month_bad")
            for each in ("2026-13", "2026-00", "十月", "10", "1999-12", "", None, 2026.1, "2026.1")
        ),
        *(
            (each, "volume_month_bad")
            for each in ("2026-10-15", datetime(2026, 10, 15, tzinfo=UTC), "26-10", "2026-１0-0", "Okt-26")
        ),
        *((each, "volume_month_ahead") for each in ("2026-12", "2099-01", date(2027, 1, 1), "9999-12")),
    ],
)
def test_what_is_no_month_or_is_ahead_is_refused(written: object, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        read_month(written, TODAY)

    assert refused.value.code == code


def test_a_clock_in_2099_has_its_own_months() -> None:
    assert read_month("2099-05", date(2099, 6, 1)) == "2099-05"


@pytest.mark.parametrize("name", ["接待量", "接待量（间夜）", "接待量(间夜)", " 接待 量 ", "served"])
def test_a_kind_is_known_with_and_without_its_unit(name: str) -> None:
    assert kind_of(name, KINDS) == "served"


@pytest.mark.parametrize(
    "kinds",
    [
        {"guests": "住客", "served": "接待量"},
        {"served": "接待量", "more": "接待量"},
        {"served": "接待量（人）", "more": "接待量（间）"},
        {"served": "月份"},
    ],
)
def test_a_file_of_kinds_that_read_alike_is_refused(kinds: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- told as resource_broken
        read_kinds({"hotel": kinds})


def test_a_table_is_read_in_any_order_of_its_columns_and_empty_cells_say_nothing() -> None:
    rows = [
        [],
        ["用餐", "月份", "接待量", ""],
        [5, "2026-10", "3,200", None],
        [],
        [None, datetime(2026, 9, 1, tzinfo=UTC), 0, None],
    ]

    assert read_table(rows, KINDS, TODAY) == {"2026-10": {"meals": 5, "served": 3200}, "2026-09": {"served": 0}}


@pytest.mark.parametrize(
    ("rows", "code", "params"),
    [
        ([], "volumes_empty", {}),
        ([["月份", "接待量"]], "volumes_empty", {}),
        ([["月份", "接待量"], ["2026-10", ""]], "volumes_empty", {}),
        ([["月份"], ["2026-10"]], "volumes_header_bad", {}),
        ([["接待量"], [5]], "volumes_header_bad", {}),
        ([["月份", "客流"], ["2026-10", 5]], "volumes_column_unknown", {"text": "客流"}),
        ([["月份", "接待量", "接待量（间夜）"], ["2026-10", 5, 6]], "volumes_column_twice", {"text": "接待量（间夜）"}),
        ([["月份", "接待量"], ["2026-10", 5], ["合计", 5]], "volumes_month_bad", {"row": 3}),
        ([["月份", "接待量"], ["2027-01", 5]], "volumes_month_bad", {"row": 2}),
        ([["月份", "接待量"], ["2026-10", 5], [], ["2026/10", 6]], "volumes_month_twice", {"row": 4}),
        (
            [["月份", "接待量"], ["2026-09", 5], ["2026-10", "三千"]],
            "volumes_number_bad",
            {"row": 3, "column": "接待量（间夜）", "text": "三千"},
        ),
        ([["月份", "接待量"], ["2026-10", "=B1*2"]], "volumes_number_bad", {"row": 2}),
    ],
)
def test_each_slip_of_a_table_is_refused_with_its_place(
    rows: list[list[object]], code: str, params: dict[str, object]
) -> None:
    with pytest.raises(KnownError) as refused:
        read_table(rows, KINDS, TODAY)

    assert refused.value.code == code
    assert {key: refused.value.params[key] for key in params} == params


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-10", ["2026-10"]),
        ("2026-Q4", ["2026-10", "2026-11", "2026-12"]),
        ("2026-07-01..2026-12-31", [f"2026-{n:02}" for n in range(7, 13)]),
        ("2026", [f"2026-{n:02}" for n in range(1, 13)]),
        ("2024-02-01..2024-02-29", ["2024-02"]),
        ("2023-12-01..2024-01-31", ["2023-12", "2024-01"]),
        ("2024-02-01..2024-02-28", []),
        ("2026-W41", []),
        ("2026-10-01", []),
        ("2026-10-02..2026-10-31", []),
    ],
)
def test_a_period_is_made_of_whole_months_or_of_none(period: str, months: list[str]) -> None:
    assert list(months_of(read_period(period, TODAY))) == months
