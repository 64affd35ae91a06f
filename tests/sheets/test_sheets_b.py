"""The sheets of after-sales, quality, repair and carrying over, filled from a lively register and read back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from desk_app.domain.periods import Period
from desk_app.services import sheets, shop
from desk_app.services.sheets import Scope
from desk_app.sheets.sheet import Shape
from tests.helpers.builders import acted, registered
from tests.sheets.samples import cases_in, column, written_forms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.clock import FixedClock
    from desk_app.services.sheets import Filled
    from desk_app.services.workspace import Workspace

HOUR = timedelta(hours=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "2026-11")
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31), "2026-12")
FORMS = (
    "suggestion_slip", "quality_opinion", "quality_handling", "after_sales_feedback", "service_handling",
    "site_quality", "repair_plan", "acceptance", "owner_visit", "repair_report", "service_visit", "assessment",
)  # fmt: skip
LISTS = ("phone_log", "response_log", "service_log", "service_request_log", "web_log", "open_cases")

KETTLE: tuple[tuple[str, dict[str, object]], ...] = (
    ("assign", {"department": "小家电部", "person": "小王", "due_at": "2026-11-25 18:00", "note": "先查温控器"}),
    ("accept", {"by": "小王"}),
    ("contact", {"content": "到场通电，确认不加热", "medium": "on_site", "by": "小王"}),
    ("investigate", {"findings": "拆检见温控器虚焊", "true_cause": "温控器虚焊", "by": "小王"}),
    ("determine", {"responsibility": "supplier", "note": "批次问题"}),
    ("propose", {"solution": "换新并补偿运费", "amount": "60", "by": "小王"}),
    ("approve", {"opinion": "同意", "by": "赵店长"}),
    ("contact", {"content": "送去新壶，试烧正常", "medium": "on_site", "by": "小刘"}),
    ("reply", {"content": "已给您换新", "medium": "phone", "reaction": "可以接受", "accepted": True}),
    ("return_visit", {"reached": False, "attempt": "no_answer"}),
    ("return_visit", {"reached": True, "satisfaction": "satisfied", "result_fair": 5, "opinion": "处理得快"}),
    ("correct", {"problem": "温控器虚焊", "corrective": "该批次下架", "preventive": "进货抽检 5%"}),
    ("verify_correction", {"effect": "抽查 20 台无异常", "effective": True}),
    ("feed_back", {"department": "采购部", "content": "请供应商整改"}),
    ("close", {"result": "已换新"}),
)


class Office(NamedTuple):
    """A register with one case of each story: a kettle that was replaced, a broken heater, a suggestion, a question."""

    ws: Workspace
    folder: Path
    kettle: str
    heater: str
    suggestion: str
    question: str

    def filled(self, sheet_id: str, *numbers: str, period: Period = NOVEMBER) -> Filled:
        scope = Scope(numbers=numbers) if numbers else Scope(period=period)
        return sheets.fill(self.ws, sheets.find(self.ws, sheet_id), scope, by="小周")

    def page(self, sheet_id: str, *numbers: str, period: Period = NOVEMBER) -> Worksheet:
        return written_forms(self.filled(sheet_id, *numbers, period=period).grid, self.folder)

    def form(self, sheet_id: str, *numbers: str) -> dict[str, Any]:
        """Return the values of a form by their labels: each stands right of its label, in the first or third column.

        Labels are without the spaces that spread them.
        """
        said: dict[str, Any] = {}
        for row in self.page(sheet_id, *numbers).iter_rows(values_only=True):
            said |= {"".join(str(label).split()): value for label, value in (row[0:2], row[2:4]) if label}
        return said


@pytest.fixture
def office(workspace: Workspace, clock: FixedClock, tmp_path: Path) -> Office:
    def came(name: str, *story: tuple[str, dict[str, object]], **case: object) -> str:
        number = registered(workspace, name, **case).case.number
        for action, keys in story:
            clock.moment += HOUR
            acted(workspace, number, action, **keys)
        return number

    shop.set_up(workspace, "云栖百货", "general", "小周")
    address = "和平路 8 号 3 单元"
    return Office(
        workspace,
        tmp_path,
        came("a", *KETTLE, amount="199.90", severity="serious", place="二楼小家电", customer_address=address),
        came(
            "b",
            ("contact", {"content": "约周三上午", "medium": "phone", "direction": "out"}),
            kind="service_request", content="热水器不出热水", customer_name="陈先生", customer_address=address,
        ),
        came(
            "c",
            ("reply", {"content": "采纳，下月试行", "adopted": True}),
            kind="suggestion", channel="suggestion_box", content="延长营业到十点",
        ),
        came("d", kind="inquiry", channel="online", content="会员积分何时过期", anonymous=True),
    )  # fmt: skip


def says(form: dict[str, Any], **expected: object) -> None:
    assert {label: form.get(label) for label in expected} == expected


def test_calls_by_telephone_are_listed_and_no_others(office: Office) -> None:
    page = office.page("phone_log")
    assert column(page, "通话内容") == [
        "昨天买的电水壶通电后不加热，按说明书试了三次都一样。",
        "已给您换新",
        "热水器不出热水",
        "约周三上午",
    ]
    assert column(page, "事项\n去向") == ["登记", "答复", "登记", "联系记录\n我方联系客户"]
    assert column(page, "转交") == ["小家电部\n小王", "小家电部\n小王", "", ""]


def test_what_came_by_the_network_is_a_list_of_its_own_and_the_unnamed_stay_unnamed(office: Office) -> None:
    page = office.page("web_log")
    assert column(page, "咨询或答复内容") == ["会员积分何时过期"]
    assert column(page, "客户\n联系方式")[0].startswith("匿名")


def test_every_response_is_listed_with_its_time(office: Office, clock: FixedClock) -> None:
    clock.moment += timedelta(days=2)
    page = office.page("response_log")
    lines = list(zip(column(page, "受理编号"), column(page, "响应事项"), column(page, "状态"), strict=True))
    assert (office.kettle, "待答复", "已结") in lines
    assert (office.kettle, "待处理", "已结") in lines
    assert (office.heater, "待答复", "逾期") in lines
    assert {kind for _number, kind, _state in lines} <= {"待答复", "待处理", "待上门"}


def test_the_journal_tells_every_deed_of_service_in_words(office: Office) -> None:
    page = office.page("service_log")
    told = dict(zip(column(page, "服务事项"), column(page, "服务内容与结果"), strict=True))
    assert told["交办"] == "小家电部\n小王\n先查温控器"
    assert told["方案"] == "换新并补偿运费"
    assert told["回访"] == "满意\n处理得快"
    assert "未接" in column(page, "服务内容与结果")
    assert {"来电", "上门", "电话"} <= set(column(page, "方式"))
    assert {office.kettle, office.heater} == set(cases_in(page))


def test_requests_for_service_are_listed_with_the_address(office: Office) -> None:
    page = office.page("service_request_log")
    assert column(page, "服务需求") == ["热水器不出热水"]
    assert column(page, "地址") == ["和平路 8 号 3 单元"]


def test_what_is_not_closed_is_carried_over_with_what_is_owed(office: Office, clock: FixedClock) -> None:
    clock.moment += timedelta(days=20)
    for period in (NOVEMBER, DECEMBER):
        page = office.page("open_cases", period=period)
        assert set(column(page, "受理编号")) == {office.heater, office.suggestion, office.question}
    heater = column(page, "受理编号").index(office.heater)
    assert column(page, "尚欠事项（谁，期限）")[heater].endswith("前（逾期）")
    assert column(page, "期限\n状态")[heater] == "逾期"
    assert column(page, "天数")[heater] >= 20
    assert any("未结案：" in str(cell.value) for cell in page["A"])


def test_a_suggestion_tells_whether_it_is_adopted(office: Office) -> None:
    form = office.form("suggestion_slip")
    says(form, 受理编号=office.suggestion, 建议方式="意见箱", 建议内容="延长营业到十点", 答复内容="采纳，下月试行")
    assert form["是否采用"] == "☑是　□否"


def test_the_customer_signs_an_opinion_of_the_quality(office: Office) -> None:
    form = office.form("quality_opinion", office.kettle)
    says(form, 程度="严重", 原因="温控器虚焊", 处理意见="换新并补偿运费", 客户对处理的意见="处理得快", 经办人="小王")
    assert "☑更换" in form["客户要求"]
    assert form["满意程度"] == "☑满意　□基本满意　□不满意"
    assert "客户（签字）" in form


def test_the_quality_sheet_goes_from_the_fault_to_what_was_mended(office: Office) -> None:
    form = office.form("quality_handling", office.kettle)
    says(form, 检验与调查="拆检见温控器虚焊", 真实原因="温控器虚焊", 判定说明="批次问题", 责任部门="小家电部")
    says(form, 审批意见="批准　同意", 纠正和预防措施="温控器虚焊；该批次下架；进货抽检 5%", 处理结果="已换新")
    assert form["反映部门与内容"] == "采购部　请供应商整改"
    assert "☑供应商（商品）" in form["责任判定"]
    assert form["处理期限"] == datetime(2026, 11, 25, 18, 0)  # noqa: DTZ001 -- a sheet knows no offset


def test_a_trip_to_the_customer_is_told_each_time(office: Office) -> None:
    form = office.form("after_sales_feedback", office.kettle)
    assert [label for label in form if label.startswith("第")] == ["第1次到场", "第2次到场"]
    says(form, 出差人员="小刘", 现场情况="送去新壶，试烧正常", 改进意见="请供应商整改", 遗留问题=None)


def test_a_service_is_told_from_the_request_to_the_return_call(office: Office) -> None:
    form = office.form("service_handling", office.kettle)
    says(form, 派工部门="小家电部", 派工要求="先查温控器", 处理结果="已换新", 客户意见="处理得快")
    assert form["联系/上门"].endswith("上门")
    assert (form["回访人"], form["客户问题"][:4]) == ("小周", "昨天买的")


def test_a_fault_of_the_work_is_told_in_the_order_of_the_source(office: Office) -> None:
    form = office.form("site_quality", office.kettle)
    says(form, 问题种类="商品问题", 存在部位="二楼小家电", 产生原因="温控器虚焊", 解决方案="换新并补偿运费")
    asked = ["问题种类", "存在部位", "产生原因", "解决方案"]
    assert [label for label in form if label in asked] == asked


def test_a_plan_of_repair_names_every_department(office: Office) -> None:
    form = office.form("repair_plan", office.kettle)
    says(form, 维修方案="换新并补偿运费", 交办部门="小家电部　小王", 要求="先查温控器")
    assert {"设计部", "材料部", "生产部", "质监部", "工程部", "售后服务部"} <= set(form)


def test_the_customer_takes_over_what_was_done_last(office: Office) -> None:
    form = office.form("acceptance", office.kettle)
    says(form, 损坏原因="温控器虚焊", 补救措施="换新并补偿运费", 完成修理情况="送去新壶，试烧正常", 修理人员="小刘")
    assert form["验收结果"] == "□合格　□不合格，需返修"
    assert {"顾客（签字）", "售后服务部存档"} <= set(form)


def test_every_return_visit_to_the_owner_is_told(office: Office) -> None:
    form = office.form("owner_visit", office.kettle)
    assert [label for label in form if label.startswith("第")] == ["第1次回访", "第2次回访"]
    says(form, 业主意见="处理得快", 反映部门="采购部", 使用中发现的问题=None)
    assert form["公平（1–5分）"].startswith("结果：5")


def test_the_report_to_the_owner_leaves_the_shop_masked(office: Office) -> None:
    form = office.form("repair_report", office.kettle)
    says(form, 损坏原因="温控器虚焊", 补救措施="换新并补偿运费", 完成修理情况="送去新壶，试烧正常")
    assert (form["联系方式"], form["地址"]) == ("138-**** 8000", None)
    assert form["报告单位（盖章）"] == "云栖百货"


def test_each_call_at_the_customers_has_a_sheet_to_sign(office: Office) -> None:
    filled = office.filled("service_visit")
    assert filled.rows == 2
    form = office.form("service_visit", office.kettle)
    says(form, 服务内容与结果="送去新壶，试烧正常", 服务人员="小刘", 用户意见=None)
    assert form["地址"] == "和平路 8 号 3 单元"
    assert "☑" not in form["上门规范"]


def test_the_test_of_skills_counts_to_a_hundred_and_says_what_the_score_means(office: Office) -> None:
    page = office.page("assessment")
    said = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
    assert sum(text == "1　2　3　4　5" for text in said) == 20
    bands = ["81–100 很好", "61–80 好", "41–60 需要提高技巧", "21–40 需要向你的主管求助", "1–20 立刻开始学习本课程"]
    assert all(any(band in text for text in said) for band in bands)


@pytest.mark.parametrize("sheet_id", FORMS)
def test_a_form_of_a_usual_case_is_one_page(office: Office, sheet_id: str) -> None:
    number = office.suggestion if sheet_id == "suggestion_slip" else office.kettle
    grid = office.filled(sheet_id, number).grid
    top, right, bottom, left = grid.page.margins
    across, down = (210 - left - right) / 25.4 * 72, (297 - top - bottom) / 25.4 * 72
    pages = len(grid.breaks) + 1
    assert sum(grid.widths) <= across
    assert sum(row.height for row in grid.rows) <= pages * down


@pytest.mark.parametrize("sheet_id", [*FORMS, *LISTS])
def test_a_sheet_without_a_case_is_blank_or_says_so(
    workspace: Workspace, tmp_path: Path, sheet_id: str, office_of: Callable[[Workspace, Path], Office]
) -> None:
    empty = office_of(workspace, tmp_path)
    filled = empty.filled(sheet_id)
    said = [str(cell.value) for row in empty.page(sheet_id).iter_rows() for cell in row if cell.value]
    assert filled.rows == 0
    assert "TS-" not in "".join(said)
    assert filled.sheet.title in said
    if filled.sheet.shape is Shape.LIST:
        assert filled.sheet.phrases.empty in said
    else:
        assert not any("{" in text for text in said)


@pytest.fixture
def office_of() -> Callable[[Workspace, Path], Office]:
    return lambda ws, folder: Office(ws, folder, "", "", "", "")
