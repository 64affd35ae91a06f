from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.register_line import LINE_KEYS
from desk_app.errors import KnownError
from desk_app.paths import resources_dir
from desk_app.sheets.catalogue import load_sheet, load_sheets
from desk_app.sheets.sheet import Align, Kind, Orientation, Paper
from tests.sheets.samples import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desk_app.sheets.sheet import Sheet

_SHIPPED = resources_dir() / "sheets"


def shipped() -> Mapping[str, Sheet]:
    sheets, faults = load_sheets([_SHIPPED], FACTS)
    assert faults == ()
    return sheets


_REGISTER = (_SHIPPED / "register.toml").read_text(encoding="utf-8")


TITLES = {
    "register": "客户投诉登记表",
    "feedback": "客户投诉登记反馈表",
    "feedback_case": "客户投诉登记反馈表(单件)",
    "record": "客户投诉记录单",
    "handling": "客户投诉处理单",
    "investigation": "客户投诉调查处理表",
    "corrective": "纠正和预防措施要求单",
    "corrective_done": "纠正和预防措施处理单",
    "proposal": "客户提案书",
    "return_visit": "顾客回访信息表",
    "return_visit_slip": "顾客回访信息表(顾客填写)",
    "survey": "顾客满意度调查表",
    "survey_result": "顾客满意度调查结果表",
    "return_goods": "退货单",
    "phone_log": "电话服务记录",
    "response_log": "服务问题响应记录",
    "service_log": "售后服务日志",
    "service_request_log": "服务需求记录",
    "web_log": "网站咨询记录",
    "suggestion_slip": "客户建议单",
    "quality_opinion": "客户产品质量处理意见表",
    "quality_handling": "产品质量处理单",
    "after_sales_feedback": "售后信息反馈意见表",
    "service_handling": "客户服务处理单",
    "site_quality": "工程质量问题记录单",
    "repair_plan": "维修服务实施计划",
    "acceptance": "验收单",
    "owner_visit": "业主回访录",
    "repair_report": "书面维修报告",
    "service_visit": "安装或服务记录登记单",
    "handover": "交接班记录",
    "promises": "承诺台账",
    "statistics": "投诉统计分析表",
    "warnings": "预警表",
    "assessment": "安抚客户技巧测评表",
    "official": "投诉登记表",
    "receipt": "投诉受理回执",
    "person": "客户个人信息",
    "open_cases": "未结与逾期案件结转表",
    "proposal_plan": "客户提案汇总及收集计划",
}
"""The sheets of the vocabulary."""


def test_every_sheet_of_the_vocabulary_is_there_and_no_other() -> None:
    assert {sheet.id: sheet.title for sheet in shipped().values()} == TITLES


def test_the_sheets_are_offered_from_the_register_on() -> None:
    assert list(shipped())[:5] == ["register", "feedback", "feedback_case", "record", "handling"]


def test_no_two_sheets_have_one_document_number() -> None:
    numbers = [dict(sheet.control)["文件编号"] for sheet in shipped().values() if sheet.control]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("sheet_id", ["receipt", "official", "return_visit_slip", "survey"])
def test_what_is_given_to_others_masks_the_customers(sheet_id: str) -> None:
    assert shipped()[sheet_id].leaves_shop


@pytest.mark.parametrize("sheet_id", ["register", "feedback"])
def test_a_shipped_sheet_is_landscape_and_readable_on_one_page_width(sheet_id: str) -> None:
    sheet = shipped()[sheet_id]
    assert (sheet.page.paper, sheet.page.orientation) == (Paper.A4, Orientation.LANDSCAPE)
    assert len(sheet.columns) <= 20
    assert sheet.sign_off == ("制表", "审核", "批准", "日期")
    _top, right, _bottom, left = sheet.page.margins
    paper = (297 - left - right) / 25.4 * 72
    wide = sum(c.width * sheet.font.size / 2 + 5 for c in sheet.columns)
    assert sheet.font.size * paper / wide >= 6  # points, on the paper


def test_the_register_follows_the_conversation() -> None:
    keys = shipped()["register"].keys
    asked = [
        "number",
        "received_at",
        "occurred_at",
        "place",
        "content",
        "parties",
        "customer_name",
        "customer_phone",
        "demand",
    ]
    assert [key for key in keys if key in asked] == asked
    assert set(keys) <= LINE_KEYS


def broken(tmp_path: Path, old: str, new: str) -> KnownError:
    """Return how the register is refused with one text of its file replaced."""
    assert old in _REGISTER
    path = tmp_path / "register.toml"
    path.write_text(_REGISTER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        load_sheet(path, FACTS)
    assert caught.value.code == "sheet_broken"
    assert caught.value.params["file"] == path
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('key = "category"', 'key = "categories"', r"columns\[\d+\]\.key = 'categories'"),
        ('key = ["channel", "route"]', 'key = ["channel", "rout"]', r"columns\[5\]\.key = 'rout'"),
        ('key = ["channel", "route"]', "key = []", r"columns\[5\]\.key = \[\]"),
        ("width = 17", 'width = "17"', r"columns\[4\]\.width = '17'"),
        ("width = 17", "width = 0", r"columns\[4\]\.width = 0"),
        ("width = 17", "widht = 17", r"columns\[4\]\.width = None"),
        ("width = 17", "width = 17\ncolor = 1", r"columns\[4\]\.color = '\?'"),
        ('kind = "datetime"', 'kind = "time"', r"columns\[4\]\.kind = 'time' \(text / date / "),
        ('label = "类别"', "label = 7", r"columns\[3\]\.label = 7"),
        ('align = "center"', 'align = "middle"', r"columns\[2\]\.align = 'middle'"),
        ('key = ["channel", "route"]', 'key = ["channel", "route"]\nkind = "number"', r"columns\[5\]\.kind = 'number'"),
        ('id = "register"', 'id = "other"', r"id = 'other' \(register\)"),
        ('title = "客户投诉登记表"', 'title = "投诉/建议"', r"title = '投诉/建议'"),
        ('shape = "list"', 'shape = "card"', r"shape = 'card' \(list / form\)"),
        ('each = "case"', 'each = "cases"', r"of\.each = 'cases' \(case / "),
        ('each = "case"', 'each = "case"\nkinds = ["gossip"]', r"of\.kinds\[1\] = 'gossip'"),
        ('each = "case"', 'each = "deed"', r"of\.actions = \[\]"),
        ("order = 1", "order = true", r"order = True"),
        ("order = 1", "order = 1\ncolour = 2", r"colour = '\?'"),
        ('paper = "A4"', 'paper = "B5"', r"page\.paper = 'B5'"),
        ("margins = [9, 8, 12, 8]", "margins = [9, 8]", r"page\.margins = \[9, 8\]"),
        ("margins = [9, 8, 12, 8]", "margins = [9, 8, 12, 800]", r"page\.margins = "),
        ('["版本", "A/0"]', '["版本"]', r"control\[2\] = \['版本'\]"),
        ('sign_off = ["制表", ', "sign_off = [1, ", r"sign_off\[1\] = 1"),
        ("共 {count} 件", "共 {number} 件", r"phrases\.period = "),
        ("共 {count} 件", "共 {count 件", r"phrases\.period = "),
        ("{first}", "{first.day.x}", r"phrases\.period = "),
        ('cut = "…', 'cuts = "…', r"phrases\.cut = None"),
        ("[font]", "[typeface]", r"font = None"),
        ("size = 9", "size = 90", r"font\.size = 90"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    detail = str(broken(tmp_path, old, new).params["detail"])
    assert re.search("^" + place, detail), detail


@pytest.mark.parametrize(("columns", "place"), [("[]", "columns = 0"), ("[7]", r"columns\[1\] = 7")])
def test_columns_that_are_none_are_told(tmp_path: Path, columns: str, place: str) -> None:
    rest = _REGISTER[_REGISTER.index("[[columns]]") :]
    error = broken(tmp_path, rest, "")  # the key itself is missing
    assert str(error.params["detail"]).startswith("columns = None")
    path = tmp_path / "register.toml"
    path.write_text(f"columns = {columns}\n{_REGISTER.removesuffix(rest)}", encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        load_sheet(path, FACTS)
    assert re.search("^" + place, str(caught.value.params["detail"]))


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert broken(tmp_path, 'title = "客', "title = 客").params["line"] == 4


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.toml"
    path.write_bytes(_REGISTER.encode("gbk"))
    with pytest.raises(KnownError) as caught:
        load_sheet(path, FACTS)
    assert (caught.value.code, caught.value.params["file"]) == ("sheet_not_utf8", path)


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        load_sheet(tmp_path / "none.toml", FACTS)
    assert caught.value.code == "sheet_unreadable"


def test_what_a_column_leaves_out_follows_from_its_kind() -> None:
    columns = {c.keys[0]: c for c in shipped()["register"].columns}
    assert (columns["content"].kind, columns["content"].align) == (Kind.TEXT, Align.LEFT)
    assert (columns["received_at"].kind, columns["received_at"].align) == (Kind.DATETIME, Align.CENTER)
