"""What stands on the sheets of a case's life: its record, its assignment, its correction, the visit, the promise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from desk_app.domain.periods import Period
from desk_app.services import desk, sheets, shop
from desk_app.services.sheets import Scope
from tests.helpers.builders import acted, registered
from tests.sheets.samples import column, written_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.services.workspace import Workspace

NOVEMBER = Scope(period=Period(date(2026, 11, 1), date(2026, 11, 30), "2026-11"))
TOLD_AT = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 -- a sheet knows no offset

Fill: TypeAlias = "Callable[[str, Scope], Worksheet]"


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> Fill:
    """Fill a sheet, write it and read it back as another program would."""

    def fill(sheet_id: str, scope: Scope) -> Worksheet:
        made = sheets.fill(workspace, sheets.find(workspace, sheet_id), scope, by="小周")
        return written_forms(made.grid, tmp_path)

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
        found |= {str(a.value).replace("\n", ""): b.value for a, b in pairwise(cells)}
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


def test_the_investigation_repeats_for_each_round(workspace: Workspace, filled: Fill) -> None:
    on_it = texts(filled("investigation", of_case(two_rounds(workspace))))

    first, second = (on_it.index(f"第 {n} 轮") for n in (1, 2))
    assert "温控器不通\n小王　2026-11-22 10:00" in on_it[first:second]
    assert any("☑供应商（商品）" in text for text in on_it[first:second])
    assert not any("☑" in text for text in on_it[second:])
    assert any("给您换新" in text for text in on_it[first:second])
    assert any("今天送到" in text for text in on_it[second:])


def corrected(ws: Workspace) -> str:
    """Return a complaint with two corrections, of which the second was verified."""
    number = two_rounds(ws)
    for problem in ("虚焊", "无人接电话"):
        acted(ws, number, "correct", problem=problem, corrective=f"纠正{problem}", department="采购部")
    owed = [f for f in desk.case_file(ws, number).follow_ups if f.subject == "无人接电话"]
    acted(ws, number, "verify_correction", correction=owed[0].id, effect="抽查有效", effective=True, by="店长")
    return number


def test_each_correction_has_a_demand_with_the_date_by_which_it_is_due(workspace: Workspace, filled: Fill) -> None:
    number = corrected(workspace)
    due = [f.due_at for f in desk.case_file(workspace, number).follow_ups if f.kind == "correct" and f.subject]

    page = filled("corrective", of_case(number))

    on_it = texts(page)
    assert [text for text in on_it if text in ("虚焊", "无人接电话")] == ["虚焊", "无人接电话"]
    form = said(page)
    assert (form["措施序号"], form["责任部门"], form["纠正措施"]) == ("第 2 项", "采购部", "纠正无人接电话")
    assert form["完成期限"] == due[-1].replace(tzinfo=None)


def test_a_verification_stands_on_the_correction_that_it_names(workspace: Workspace, filled: Fill) -> None:
    on_it = texts(filled("corrective_done", of_case(corrected(workspace))))

    second = on_it.index("第 2 项")
    assert "☑是　□否" not in on_it[:second]
    assert {"抽查有效", "☑是　□否", "店长　2026-11-22 10:00"} <= set(on_it[second:])


def test_a_proposal_tells_who_looked_into_it_and_whether_it_is_adopted(workspace: Workspace, filled: Fill) -> None:
    complaint(workspace)
    number = registered(workspace, "proposal", kind="proposal", content="设老年人通道").case.number
    acted(workspace, number, "assign", department="客服部", person="小陈")
    acted(workspace, number, "investigate", findings="老年顾客占三成", by="小陈")
    acted(workspace, number, "reply", content="下月试行", adopted=True)

    form = said(filled("proposal", NOVEMBER))

    assert (form["提案编号"], form["涉及权责部门"], form["采纳与否"]) == (number, "客服部", "☑是　□否")
    assert form["分析报告（两周内）"] == "老年顾客占三成\n小陈　2026-11-22 10:00"
    assert (form["实施时间"], form["承诺回复期限"] is None) == (None, False)


def test_every_visit_is_a_line_and_a_try_says_when_the_next_is_due(workspace: Workspace, filled: Fill) -> None:
    number = two_rounds(workspace)
    acted(workspace, number, "return_visit", reached=False, attempt="no_answer")
    acted(workspace, number, "return_visit", reached=True, satisfaction="fair", result_fair=4, opinion="再快些")

    page = filled("return_visit", NOVEMBER)

    assert column(page, "联系上") == ["否", "是"]
    assert (column(page, "满意度"), column(page, "结果\n公平")) == ([None, "基本满意"], [None, 4])
    assert (column(page, "没联系上"), column(page, "客户意见")) == (["未接", None], [None, "再快些"])
    again, none = column(page, "再联系时间")
    assert again > TOLD_AT
    assert none is None


@pytest.mark.parametrize("sheet_id", ["return_visit_slip", "receipt", "official"])
def test_what_a_customer_is_given_shows_no_full_number(workspace: Workspace, filled: Fill, sheet_id: str) -> None:
    number = complaint(workspace)

    on_it = "\n".join(texts(filled(sheet_id, of_case(number))))

    assert number in on_it
    assert "138-**** 8000" in on_it
    assert "0013" not in on_it
    assert "和平路" not in on_it


def test_the_slip_is_left_to_the_customer(workspace: Workspace, filled: Fill) -> None:
    number = two_rounds(workspace)
    acted(workspace, number, "return_visit", reached=True, satisfaction="satisfied")

    page = filled("return_visit_slip", of_case(number))

    form = said(page)
    assert (form["我们的答复"], form["服务态度"]) == ("今天送到", "□满意　□基本满意　□不满意")
    assert not any("☑" in text for text in texts(page))


def test_the_survey_is_blank_and_names_the_shop(workspace: Workspace, filled: Fill) -> None:
    shop.set_up(workspace, "云栖百货", "general", "小周")

    page = filled("survey", NOVEMBER)

    assert any("云栖百货 的产品和服务" in text for text in texts(page))
    assert said(page)["总体满意程度"] == "□满意　□基本满意　□不满意　□没有接触"


def test_a_return_has_the_goods_the_reason_and_the_opinions(workspace: Workspace, filled: Fill) -> None:
    complaint(workspace)
    number = registered(
        workspace, "return", kind="return_request", content="被子有破洞", item={"model": "B-2"}, amount="199"
    ).case.number
    acted(workspace, number, "propose", solution="退货", amount="199", by="小王")
    acted(workspace, number, "approve", opinion="同意", by="店长")

    form = said(filled("return_goods", NOVEMBER))

    assert (form["受理编号"], form["退货缘由"], form["涉及金额（元）"]) == (number, "被子有破洞", 199)
    assert form["意见"] == "退货\n退款金额（元）：199.00"
    assert form["上级意见"].startswith("批准　同意")
    assert (form["质量"], form["是否完好"]) == ("□合格　□不合格", "□完好　□人为损坏")


def test_the_receipt_says_what_was_registered_and_when_there_will_be_an_answer(
    workspace: Workspace, filled: Fill
) -> None:
    number = complaint(workspace)

    page = filled("receipt", of_case(number))

    form = said(page)
    assert (form["受理编号"], form["受理时间"], form["受理人"]) == (number, TOLD_AT, "前台")
    assert form["承诺答复时间"] == TOLD_AT + timedelta(hours=24)
    assert any("撤回同意" in text for text in texts(page))


def test_the_complainant_of_the_official_sheet_reaches_down_four_rows(workspace: Workspace, filled: Fill) -> None:
    page = filled("official", of_case(complaint(workspace, amount="199.90")))

    place = next(cell for row in page.iter_rows() for cell in row if cell.value == "投\n诉\n人")
    merged = next(m for m in page.merged_cells.ranges if place.coordinate in m)
    assert (merged.size["rows"], merged.size["columns"]) == (4, 1)
    labels = [page.cell(row, 2).value for row in range(place.row, place.row + 6)]
    assert labels == ["姓名", "证件类型", "联系地址", "是否同意公示\n投诉信息", "名称（姓名）", "地址"]
    facts = next(text for text in texts(page) if text.startswith("时间："))
    assert "地点：二楼" in facts
    assert "涉及金额（元）：199.90" in facts


def test_the_ledger_tells_of_each_promise_how_it_was_kept(workspace: Workspace, filled: Fill) -> None:
    number = complaint(workspace)
    acted(workspace, number, "promise", what="送货上门", due_at="2026-11-23 18:00")
    acted(workspace, number, "promise", what="送一张券", due_at="2026-11-24 18:00")
    kept = next(f.id for f in desk.case_file(workspace, number).follow_ups if f.subject == "送货上门")
    acted(workspace, number, "keep_promise", promise=kept, note="已送到")

    page = filled("promises", NOVEMBER)

    assert column(page, "承诺内容") == ["送货上门", "送一张券"]
    assert (column(page, "状态"), column(page, "按期")) == (["已结", "未结"], ["是", None])
    assert column(page, "兑现情况") == ["已送到", None]


def test_a_promise_that_was_taken_back_is_not_in_the_ledger(workspace: Workspace, filled: Fill) -> None:
    number = complaint(workspace)
    acted(workspace, number, "promise", what="送货上门", due_at="2026-11-23 18:00")
    assert column(filled("promises", NOVEMBER), "承诺内容") == ["送货上门"]

    desk.undo(workspace, number, "undo-1")

    assert column(filled("promises", NOVEMBER), "承诺内容") == []


def test_a_copy_is_signed_for_by_the_person_it_went_to(workspace: Workspace, filled: Fill) -> None:
    number = complaint(workspace)
    acted(workspace, number, "assign", department="小家电部", person="小王")
    acted(workspace, number, "assign", department="采购部", person="小李")
    acted(workspace, number, "accept", by="小李")

    page = filled("handling", of_case(number))

    signed = [row for row in page.iter_rows(values_only=True) if "签收人" in row]
    assert [row[row.index("签收人") + 1] for row in signed] == [None, "小李"]
