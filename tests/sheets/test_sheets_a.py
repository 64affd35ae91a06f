"""What stands on the sheets of a case's life: its record, its assignment, its correction, the visit, the promise."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.domain.periods import Period
from desk_app.services import sheets
from desk_app.services.sheets import Scope
from tests.helpers.builders import acted, registered
from tests.sheets.samples import column, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.services.workspace import Workspace

NOVEMBER = Scope(period=Period(date(2026, 11, 1), date(2026, 11, 30), "2026-11"))
TOLD_AT = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 -- a sheet knows no offset

Fill = Callable[[str, Scope], "Worksheet"] if TYPE_CHECKING else object


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> Fill:
    """Fill a sheet, write it and read it back as another program would."""

    def fill(sheet_id: str, scope: Scope) -> Worksheet:
        made = sheets.fill(workspace, sheets.find(workspace, sheet_id), scope, by="小周")
        return written(made.grid, tmp_path)

    return fill


def of_case(number: str) -> Scope:
    return Scope(numbers=(number,))


def texts(page: Worksheet) -> list[str]:
    """Return every text of a sheet, from the top."""
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


def said(page: Worksheet) -> Mapping[str, Any]:
    """Return what stands to the right of each label of a form; of a label that is there twice, the last."""
    found: dict[str, Any] = {}
    for row in page.iter_rows():
        cells = [cell for cell in row if type(cell).__name__ != "MergedCell"]
        found |= {str(a.value).replace("\n", ""): b.value for a, b in zip(cells, cells[1:], strict=False)}
    return found


def complaint(ws: Workspace, **changes: object) -> str:
    more = {"target": "小家电部", "place": "二楼", "occurred_at": "昨天晚上", "customer_address": "和平路 8 号"}
    return registered(ws, **{**more, **changes}).case.number


def two_rounds(ws: Workspace) -> str:
    """Return a complaint that was looked into, answered in vain, and answered again."""
    number = complaint(ws)
    acted(ws, number, "assign", department="小家电部", person="小王", due_at="2026-11-25 18:00", note="查原因")
    acted(ws, number, "accept", by="小王")
    acted(ws, number, "investigate", findings="温控器不通", true_cause="温控器虚焊", by="小王")
    acted(ws, number, "determine", responsibility="supplier", note="批次问题")
    acted(ws, number, "propose", solution="换新并补运费", amount="60", by="小王")
    acted(ws, number, "approve", opinion="同意", by="店长")
    acted(ws, number, "reply", content="给您换新", medium="phone", reaction="嫌慢", accepted=False)
    acted(ws, number, "reply", content="今天送到", medium="phone", reaction="可以", accepted=True)
    return number


def test_the_feedback_tells_every_round(workspace: Workspace, filled: Fill) -> None:
    two_rounds(workspace)
    registered(workspace, "plain", content="另一件")

    page = filled("feedback", NOVEMBER)

    assert column(page, "轮次") == [2, 1]
    assert column(page, "答复内容")[0].split("\n") == [
        "第1轮 11-22 10:00 前台 电话：给您换新（客户：嫌慢；不接受）",
        "第2轮 11-22 10:00 前台 电话：今天送到（客户：可以；接受）",
    ]
    assert column(page, "答复内容")[1] is None


def test_the_feedback_of_one_case_has_a_block_for_each_round(workspace: Workspace, filled: Fill) -> None:
    page = filled("feedback_case", of_case(two_rounds(workspace)))

    on_it = texts(page)
    assert [text for text in on_it if "轮\n答复" in text] == ["第 1 轮\n答复", "第 2 轮\n答复"]
    assert on_it.index("给您换新") < on_it.index("今天送到")
    assert [text for text in on_it if text.startswith("客户反应")] == ["客户反应：嫌慢", "客户反应：可以"]
    form = said(page)
    assert form["审批意见"] == "批准　同意\n店长　2026-11-22 10:00"
    assert (form["责任界定"], form["真实原因"], form["复述确认"]) == ("供应商（商品）", "温控器虚焊", "□是　☑否")


def test_the_record_has_the_cells_of_its_source_in_their_order(workspace: Workspace, filled: Fill) -> None:
    number = complaint(workspace)

    page = filled("record", of_case(number))

    labels = ["投诉客户名称", "营业地址", "受理日期", "受理编号", "投诉方式", "客户联系方式"]
    on_it = texts(page)
    assert [text for text in on_it if text in labels] == labels
    form = said(page)
    assert [form[label] for label in labels] == [
        *("李女士", "和平路 8 号", TOLD_AT, number, "来电", "138-0013 8000"),
    ]
    rest = [t for t in on_it if t.startswith(("投诉理由（事件经过）：\n昨天", "投诉要求：\n更换\n要求", "受理人员"))]
    assert len(rest) == 3


def test_each_assignment_is_a_numbered_copy(workspace: Workspace, filled: Fill) -> None:
    number = two_rounds(workspace)
    acted(workspace, number, "assign", department="采购部", person="小李")

    page = filled("handling", NOVEMBER)

    on_it = texts(page)
    assert [text for text in on_it if text.startswith("第 ") and text.endswith("号")] == ["第 1 号", "第 2 号"]
    first, second = (on_it.index(text) for text in ("第 1 号", "第 2 号"))
    assert "小王" in on_it[first:second]
    last = said(page)
    assert (last["责任部门"], last["责任人"], last["签收人"]) == ("采购部", "小李", None)
    assert last["调查经过"].startswith("温控器不通\n小王")
    assert last["处理时限"] is not None
