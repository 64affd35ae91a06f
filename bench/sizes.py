"""How much is measured, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.register_maker import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTH_DAYS = 31
_YEARS = 3_650


@dataclass(frozen=True, slots=True)
class Scale:
    """One size of the benchmark: the registers, and the rounds of each operation."""

    save: tuple[Size, Size]
    save_rounds: int
    queue: tuple[Size, Size]
    queue_rounds: int
    views: Size
    paint_rounds: int
    export: tuple[tuple[Size, int], ...]
    package: Size
    package_rounds: int
    workbook: Size
    workbook_rounds: int
    paper: Size
    paper_forms: int
    paper_rounds: int
    pauses: Size
    pauses_rounds: int
    calendar: Size
    calendar_rounds: int
    start_rounds: int
    memory: Size
    memory_rounds: int
    search: Size
    search_rounds: int
    search_scans: int
    warnings: Size
    warnings_rounds: int
    overview: Size
    overview_rounds: int


def _silent(cases: int) -> Size:
    """More than a year, so that half of its customers have not been spoken to for a quarter."""
    return Size(cases, 400)


def _month(cases: int) -> Size:
    return Size(cases, MONTH_DAYS)


def _year(cases: int) -> Size:
    return Size(cases, 365)


MILLION = Size(1_000_000, _YEARS)

SCALES: Mapping[str, Scale] = {
    # Shows that everything runs; its figures mean nothing.
    "tiny": Scale(
        save=(_month(20), _month(40)),
        save_rounds=2,
        queue=(_month(20), _month(40)),
        queue_rounds=2,
        views=_silent(40),
        paint_rounds=2,
        export=((_month(20), 1),),
        package=_month(20),
        package_rounds=1,
        workbook=_month(20),
        workbook_rounds=1,
        paper=_month(20),
        paper_forms=3,
        paper_rounds=1,
        pauses=_year(20),
        pauses_rounds=1,
        calendar=_month(200),
        calendar_rounds=1,
        start_rounds=1,
        memory=_month(40),
        memory_rounds=1,
        search=_silent(200),
        search_rounds=4,
        search_scans=4,
        warnings=_silent(200),
        warnings_rounds=4,
        overview=_silent(200),
        overview_rounds=2,
    ),
    "small": Scale(
        save=(_month(1_000), _month(10_000)),
        save_rounds=200,
        queue=(_month(1_000), _month(10_000)),
        queue_rounds=200,
        views=_silent(10_000),
        paint_rounds=30,
        export=((_month(320), 9),),
        package=_month(320),
        package_rounds=5,
        workbook=_month(10_000),
        workbook_rounds=9,
        paper=_month(320),
        paper_forms=300,
        paper_rounds=5,
        pauses=_year(400),
        pauses_rounds=2,
        calendar=_month(25_000),
        calendar_rounds=10,
        start_rounds=15,
        memory=_month(10_000),
        memory_rounds=3,
        search=_silent(20_000),
        search_rounds=500,
        search_scans=100,
        warnings=_silent(20_000),
        warnings_rounds=200,
        overview=_silent(20_000),
        overview_rounds=30,
    ),
    "full": Scale(
        save=(_month(1_000), MILLION),
        save_rounds=300,
        queue=(_month(10_000), MILLION),
        queue_rounds=300,
        views=MILLION,
        paint_rounds=60,
        export=((_month(320), 15), (_month(10_000), 5)),
        package=_month(320),
        package_rounds=9,
        workbook=_month(10_000),
        workbook_rounds=15,
        paper=_month(10_000),
        paper_forms=300,
        paper_rounds=9,
        pauses=_year(4_000),
        pauses_rounds=2,
        calendar=Size(250_000, _YEARS),
        calendar_rounds=5,
        start_rounds=25,
        memory=MILLION,
        memory_rounds=5,
        search=MILLION,
        search_rounds=500,
        search_scans=25,
        warnings=MILLION,
        warnings_rounds=200,
        overview=MILLION,
        overview_rounds=30,
    ),
}
