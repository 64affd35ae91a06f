"""投诉统计分析表 says the very rates of the overview, and — where there is nothing to divide by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook

from desk_app.domain.periods import read_period
from desk_app.services import overview, volumes
from desk_app.services.export import Order, export, month_scope
from tests.helpers.builders import acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.workspace import Workspace

MONTH = "2026-11"


def rates_on_paper(ws: Workspace, out: Path) -> dict[str, tuple[object, ...]]:
    """Export the sheet; return count, whole and share of each rate, with the share of the month before."""
    path = export(ws, Order(("statistics",), month_scope(ws, MONTH), out)).files[0].path
    rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return {str(row[1]): row[2:5] + row[6:7] for row in rows if row[0] == "各项率"}


def test_the_rates_on_paper_are_those_of_the_overview(workspace: Workspace, tmp_path: Path) -> None:
    numbers = [registered(workspace, f"{n}", kind=kind).case.number for n, kind in enumerate(["complaint"] * 3)]
    registered(workspace, "praise", kind="praise")
    closed(workspace, numbers[0])
    acted(workspace, numbers[1], "void", reason="重复登记")

    told = rates_on_paper(workspace, tmp_path)

    names = workspace.rules.sentences.labels["metric"]
    rates = overview.overview(workspace, read_period(MONTH, workspace.clock.now().date())).now.rates
    assert told == {
        names[key]: (
            rate.count,
            "—" if rate.whole is None else rate.whole,
            "—" if rate.share is None else f"{rate.share:.1%}",
            "—",
        )
        for key, rate in rates.items()
    }
    assert told["服务投诉率"] == (2, "—", "—", "—")
    assert told["结案率"] == (1, 3, "33.3%", "—")


def test_an_empty_month_divides_by_nothing(workspace: Workspace, tmp_path: Path) -> None:
    told = rates_on_paper(workspace, tmp_path)

    assert len(told) == 9
    assert {row[2:] for row in told.values()} == {("—", "—")}


def test_a_half_years_ideas_are_listed_with_what_became_of_each(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "idea", kind="suggestion", content="加一台烘干机").case.number
    registered(workspace, "no idea")
    acted(workspace, number, "reply", content="谢谢，采用", adopted=True, implement_at="下月初")
    acted(workspace, number, "return_visit", satisfaction="satisfied")
    acted(workspace, number, "feed_back", department="客房部", content="加烘干机")
    acted(workspace, number, "close", result="已加", reward="cash", reward_amount="200")

    path = export(workspace, Order(("proposal_plan",), month_scope(workspace, MONTH), tmp_path)).files[0].path
    rows = [row for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) if row[1] == number]

    assert len(rows) == 1
    assert rows[0][6] == "加一台烘干机"
    assert rows[0][9:13] == ("是", "下月初", "奖金", 200)


def test_the_rate_of_complaints_is_of_what_was_served(workspace: Workspace, tmp_path: Path) -> None:
    for n in range(3):
        registered(workspace, f"{n}")
    volumes.put(workspace, MONTH, {volumes.SERVED: 400}, "november")
    volumes.put(workspace, "2026-10", {volumes.SERVED: 0}, "october")

    told = rates_on_paper(workspace, tmp_path)
    period = read_period(MONTH, workspace.clock.now().date())

    assert told["服务投诉率"] == (3, 400, "0.8%", "—")
    assert overview.overview(workspace, period).now.rates["complaints"].share == 3 / 400
