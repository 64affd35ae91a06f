"""The commands about the figures of the shop: what it served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.helpers.builders import a_case

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import DeskApp


def test_a_month_is_entered_corrected_and_listed(desk_app: DeskApp) -> None:
    assert desk_app("volumes", "--month", "2026-10", "--set", "接待量=320").out == "2026-10  接待量 320\n"
    assert desk_app("volumes", "--month", "2026年10月", "--set", "接待量＝３，２００").out == "2026-10  接待量 3200\n"

    listed = desk_app("volumes")

    assert listed.lines[8:] == ["2026-09  接待量 —", "2026-10  接待量 3200", "2026-11  接待量 —"]
    assert desk_app("volumes", "--month", "2026-10", "--json").json == {"2026-10": {"served": 3200}}
    assert desk_app("volumes", "--month", "2026-10", "--set", "接待量=").out == "2026-10  接待量 —\n"


def test_a_slip_is_refused_with_one_sentence(desk_app: DeskApp) -> None:
    wrong = desk_app("volumes", "--month", "2026-10", "--set", "客流=5")
    ahead = desk_app("volumes", "--month", "2099-01", "--set", "接待量=5")
    text = desk_app("volumes", "--month", "2026-10", "--set", "接待量=很多")

    assert (wrong.code, wrong.err) == (1, "没有“客流”这一项，没有存；可填的是：接待量\n")
    assert (ahead.code, ahead.err) == (1, "2099-01 还没到，没有存；请填本月或以前的月份\n")
    assert text.err == "2026-10 的“接待量”写着“很多”，没有存；请填 0 或更大的整数，不知道就空着\n"
    assert desk_app("volumes", "--set", "接待量=5").code == 2
    assert desk_app("volumes", "--month", "2026-10", "--set", "接待量").code == 2
    assert desk_app("volumes", "--month", "2026-10", "--json").json == {"2026-10": {}}


def test_fewer_than_complained_is_stored_with_yes(desk_app: DeskApp) -> None:
    cases = "\n".join(json.dumps(a_case(customer_phone=f"1380013800{n}")) for n in range(2))
    assert desk_app("register", stdin=cases.encode()).code == 0

    asked = desk_app("volumes", "--month", "2026-11", "--set", "接待量=1")
    sure = desk_app("volumes", "--month", "2026-11", "--set", "接待量=1", "--yes")

    assert asked.code == 1
    assert "（2 件）还少" in asked.err
    assert asked.err.endswith("；确实如此，请加 --yes 再试\n")
    assert (sure.code, sure.out) == (0, "2026-11  接待量 1\n")


def test_a_table_is_tried_and_then_read(desk_app: DeskApp, tmp_path: Path) -> None:
    table = tmp_path / "served.csv"
    table.write_text("月份,接待量\n2026-09,2900\n2026-10,3200\n", encoding="utf-8")

    tried = desk_app("volumes", "import", str(table), "--dry-run")

    assert tried.lines == [
        "2026-09  接待量 2900",
        "2026-10  接待量 3200",
        "可以读入 2 个月的接待量（只是试读，没有存）",
    ]
    assert desk_app("volumes", "--month", "2026-10", "--json").json == {"2026-10": {}}
    assert desk_app("volumes", "import", str(table)).out == "已存 2 个月的接待量\n"
    assert desk_app("volumes", "import", str(table)).out == "与原来的相同，没有要存的\n"
    assert desk_app("volumes", "--month", "2026-10", "--json").json == {"2026-10": {"served": 3200}}


def test_text_in_a_number_cell_names_row_and_column(desk_app: DeskApp, tmp_path: Path) -> None:
    table = tmp_path / "served.csv"
    table.write_text("月份,接待量\n2026-09,2900\n2026-10,三千\n", encoding="utf-8")

    refused = desk_app("volumes", "import", str(table))

    assert refused.code == 1
    assert refused.err == "表格第 3 行“接待量”写着“三千”，不是 0 或更大的整数，整个表格没有读入；请改正后再试\n"
    assert desk_app("volumes", "--month", "2026-09", "--json").json == {"2026-09": {}}


def test_a_survey_that_nobody_has_answered_has_no_rates(desk_app: DeskApp) -> None:
    told = desk_app("survey", "--json").json

    assert (told["year"], told["sheets"], told["quality"], told["complaints"]) == (2026, 0, None, None)
    assert desk_app("survey").lines[:2] == ["2026 年收回 0 份", "产品质量  满意 0  基本满意 0  不满意 0  没有接触 0  —"]
    assert desk_app("survey", "--year", "2099").err == "2099 年没有调查表；请填今年或以前的年份\n"


def test_a_score_is_noted_and_listed_with_its_band(desk_app: DeskApp) -> None:
    noted = desk_app("assess", "前台", "--supervisor", "--score", "55")

    assert (noted.code, noted.out) == (0, "2026-11-22 10:00  前台  主管  55  需要提高技巧\n")
    assert desk_app("assess").out == noted.out
    assert desk_app("assess", "前台", "--self", "--score", "101").err == "“101”不是得分，没有存；请填 1 到 100 的整数\n"
    assert desk_app("assess", "前台", "--score", "50").code == 2


def test_what_the_shop_does_about_a_category_is_written_down_listed_and_taken_back(desk_app: DeskApp) -> None:
    written = desk_app("solutions", "商品问题", "--add", "七天内当场换新")
    number = written.out.split()[0]
    listed = desk_app("solutions", "商品问题")
    taken = desk_app("solutions", "商品问题", "--take-back", number)
    wrong = [
        desk_app("solutions", "没有的分类", "--add", "换新"),
        desk_app("solutions", "商品问题", "--add", "打 13800138000 找老王"),
        desk_app("solutions", "商品问题", "--take-back", number),
    ]

    assert written.code == 0
    assert written.out == listed.out
    assert written.out.strip().endswith("七天内当场换新")
    assert (taken.code, taken.out) == (0, "")
    assert [(each.code, each.out, len(each.err.splitlines())) for each in wrong] == [(1, "", 1)] * 3
