"""How the overview tells times, changes, rates, and what has no room of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.metrics import METRICS, Rate
from desk_app.domain.periods import read_period
from desk_app.services.overview import Overview, Point, Span, Times
from ui.models.overview_charts import hours, items, spots, trend
from ui.models.overview_figures import counted, of_what, rates, share, told
from ui.models.periods import named
from ui.views.overview_head import compared

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

TODAY = date(2026, 11, 22)
EMPTY = Times(0, None, None)


def span(period: str, total: int = 0, **rate: Rate) -> Span:
    every = dict.fromkeys(METRICS, Rate(0, 0))
    return Span(read_period(period, TODAY), total, 0, 0, 0, {**every, **rate}, EMPTY, EMPTY, {"topic": {}})


def found(now: Span, before: Span, year_ago: Span | None = None) -> Overview:
    return Overview(now, before, year_ago, (), {}, {})


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "—"),
        (0, "0 分"),
        (59, "59 分"),
        (60, "1 小时"),
        (125, "2 小时 5 分"),
        (2879, "47 小时 59 分"),
        (2880, "2 天"),
        (3 * 1440, "3 天"),
        (4569, "3 天 4 小时"),
        (10 * 1440 + 600, "10 天"),
    ],
)
def test_times_are_told_as_people_tell_them(minutes: int | None, words: str) -> None:
    assert told(minutes) == words


def test_a_share_without_anything_to_divide_by_is_a_dash() -> None:
    assert [share(rate) for rate in (None, Rate(0, 0), Rate(3, None), Rate(1, 3))] == ["—", "—", "—", "33.3%"]
    assert [of_what(rate) for rate in (Rate(0, 0), Rate(3, None), Rate(1, 3200))] == [
        "0 ÷ 0",
        "3 ÷ 没有填",
        "1 ÷ 3,200",
    ]


@pytest.mark.parametrize(
    ("key", "now", "before", "change"),
    [
        ("omissions", Rate(1, 2), Rate(1, 4), "↑ 25.0 百分点 变差"),
        ("omissions", Rate(1, 4), Rate(1, 2), "↓ 25.0 百分点 好转"),
        ("satisfied", Rate(1, 2), Rate(1, 4), "↑ 25.0 百分点 好转"),
        ("satisfied", Rate(1, 4), Rate(1, 2), "↓ 25.0 百分点 变差"),
        ("satisfied", Rate(1, 3), Rate(2, 6), "－ 持平"),
        ("satisfied", Rate(1, 3), Rate(0, 0), "—"),
        ("complaints", Rate(1, None), Rate(1, 9), "—"),
    ],
)
def test_a_change_has_an_arrow_and_says_whether_it_is_for_the_better(
    rules: Rules, key: str, now: Rate, before: Rate, change: str
) -> None:
    lines = rates(found(span("2026-11", **{key: now}), span("2026-10", **{key: before})), rules.sentences)
    line = next(line for line in lines if line.metric == key)
    assert line.cells[-1] == change
    assert line.cells[4] == "—", "there is no last year"


def test_counts_and_times_change_too() -> None:
    now = replace(span("2026-11", 1200), overdue=3, answered=Times(2, 60, 300))
    before = replace(span("2026-10", 900), overdue=5, answered=Times(2, 30, 300))
    lines = {line.cells[0]: line.cells[1:] for line in counted(found(now, before, span("2025-11", 7)))}
    assert lines["受理"] == ("1,200", "900", "7", "↑ 300 增加")
    assert lines["逾期"] == ("3", "5", "0", "↓ 2 减少")
    assert lines["答复用时·中位"] == ("1 小时", "30 分", "—", "↑ 30 分 变差")
    assert lines["答复用时·九成"] == ("5 小时", "5 小时", "—", "－ 持平")
    assert lines["办结用时·中位"] == ("—", "—", "—", "—")


def test_of_a_year_the_one_before_is_last_years_and_is_told_once() -> None:
    points = (Point("2026-01", 1, 2, 2), Point("2026-02", 3, 4, 4))
    year = replace(found(span("2026"), span("2025"), span("2025")), trend=points)
    month = found(span("2026-11"), span("2026-10"), span("2025-11"))

    assert [line.name for line in trend(year, TODAY).lines] == ["2026 年", "2025 年"]
    assert compared(year).startswith("与上期 2025 年比；")
    assert compared(month).startswith("与上期 2026 年 10 月、去年同期 2025 年 11 月比；")
    assert len(trend(month, TODAY).lines) == 3


def test_the_line_of_the_present_month_ends_today_and_others_with_their_last_day() -> None:
    points = tuple(Point(f"2026-11-{day:02}", day, day if day <= 30 else 0, 0) for day in range(1, 31))
    course = trend(replace(found(span("2026-11"), span("2026-10")), trend=points), TODAY)

    now, before = course.lines
    assert (course.places[0], course.places[-1], len(course.places)) == ("11/1", "11/30", 30)
    assert (len(now.marks), len(before.marks)) == (22, 30)
    assert (now.name, before.name) == ("2026 年 11 月", "2026 年 10 月")
    assert now.marks[4].key.endswith("2026-11-05")
    assert before.marks[4].key.endswith("2026-10-05")


def test_hours_are_shown_from_the_first_to_the_last_that_had_any() -> None:
    grid = hours(replace(found(span("2026-11"), span("2026-10")), hours={(0, 5): 2, (6, 23): 1}))
    assert (grid.columns[0], grid.columns[-1], len(grid.rows)) == ("5", "23", 7)
    assert (grid.counts[0][0], grid.counts[6][-1]) == (2, 1)
    assert grid.keys[0][0]
    assert not grid.keys[0][1]


def test_of_many_departments_and_topics_the_rest_is_put_together_and_nothing_is_lost() -> None:
    cells = {f"部门{d} · 分类{t}": (20 - d) * (20 - t) for d in range(20) for t in range(12)}
    grid = spots(replace(found(span("2026-11"), span("2026-10")), spots=cells))

    assert (len(grid.rows), len(grid.columns), grid.rows[-1], grid.columns[-1]) == (9, 8, "其余", "其余")
    assert grid.rows[0] == "部门0"
    assert sum(map(sum, grid.counts)) == sum(cells.values())
    assert all(grid.keys[0][:-1])
    assert not any(grid.keys[-1])


def test_one_more_than_there_is_room_for_has_its_own_place() -> None:
    cells = {f"部门{d} · 分类": d + 1 for d in range(9)}
    grid = spots(replace(found(span("2026-11"), span("2026-10")), spots=cells))
    assert (len(grid.rows), grid.columns) == (9, ("分类",))
    assert "其余" not in grid.rows


def test_values_have_the_names_of_the_form_and_the_share_of_all(rules: Rules) -> None:
    now = replace(span("2026-11", 8), parts={"kind": {"complaint": 6, "inquiry": 2}, "responsibility": {"company": 1}})
    before = replace(span("2026-10"), parts={"kind": {"inquiry": 4}, "responsibility": {}})
    of = found(now, before)

    kinds = [(mark.label, mark.value, mark.share, mark.before) for mark in items(of, "kind", rules).marks]

    assert kinds == [("投诉", 6, "75.0%", 0), ("咨询", 2, "25.0%", 4)]
    assert items(of, "responsibility", rules).marks[0].label == "公司"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026", "2026 年"),
        ("2026-Q4", "2026 年第 4 季度"),
        ("2026-10", "2026 年 10 月"),
        ("2026-01", "2026 年 1 月"),
        ("2026-W05", "2026 年第 5 周"),
        ("2026-10-01", "2026-10-01"),
        ("2026-10-01..2026-10-15", "2026-10-01 至 2026-10-15"),
    ],
)
def test_periods_have_names(written: str, words: str) -> None:
    assert named(read_period(written, TODAY)) == words
