"""A shop's own workbook, filled and read back by another program."""

from __future__ import annotations

import errno
import os
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets.template import fill_template, read_template
from tests.sheets.template_rig import (
    COLUMNS,
    FIRST,
    HEAD,
    KEYS,
    a_form,
    a_list,
    add_pictures,
    edit,
    fill,
    filled,
    parts_of,
    replaced,
    some_lines,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHEET = "xl/worksheets/sheet1.xml"


def _rows(page: Any, count: int) -> list[list[Any]]:
    """Return the values of the repeated rows."""
    return [[page.cell(FIRST + n, c).value for c in range(1, len(COLUMNS) + 1)] for n in range(count)]


def _expected(lines: list[dict[str, Any]]) -> list[list[Any]]:
    return [
        [n, line["number"], line["received_at"].replace(tzinfo=None), line["content"], line["amount"]]
        for n, line in enumerate(lines, 1)
    ]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_list_has_a_row_for_each_line_and_the_rest_moves_down(count: int, tmp_path: Path) -> None:
    lines = some_lines(count)
    page = filled(a_list(tmp_path / "t.xlsx"), lines)
    assert _rows(page, count) == _expected(lines)
    assert page["A1"].value == "云栖&<酒店> 投诉月报"
    assert page["A2"].value == "期间：2026-10-01 至 2026-10-31　共 3 件"
    assert page.cell(6 + count - 1, 5).value == f"=SUM(E5:E{4 + count})"
    assert page.cell(8 + count - 1, 1).value == "制表：小周"
    assert page.cell(8 + count - 1, 3).value == datetime(2026, 11, 1, 9)  # noqa: DTZ001 -- a wall clock
    assert page.max_row == 8 + count - 1


def test_without_lines_the_row_stays_once_and_blank(tmp_path: Path) -> None:
    page = filled(a_list(tmp_path / "t.xlsx"), [])
    assert _rows(page, 1) == [[None] * len(COLUMNS)]
    assert page["A8"].value == "制表：小周"


_TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "Cc", "Cf")), max_size=60)
_NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False) | st.integers(-(10**9), 10**9)
_TIMES = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0))  # noqa: DTZ001
_LINES = st.lists(
    st.fixed_dictionaries({"number": _TEXTS, "received_at": _TIMES, "content": _TEXTS, "amount": _NUMBERS}), max_size=6
)


@given(_LINES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_filled_template_gives_back_exactly_the_lines(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    page = filled(a_list(tmp_path / "t.xlsx"), lines)
    wanted = [
        [
            n,
            strip_unstorable(line["number"]) or None,
            line["received_at"],
            strip_unstorable(line["content"]) or None,
            line["amount"],
        ]
        for n, line in enumerate(lines, 1)
    ]
    found = _rows(page, len(lines))
    for row in found:
        row[4] = round(Decimal(str(row[4])), 2)
    assert found == wanted
    assert page.cell(FIRST + max(len(lines), 1) + 2, 1).value == "制表：小周"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@A", '=HYPERLINK("http://x.example")', "#N/A", "00120", "TRUE"])
def test_no_text_becomes_a_formula_not_even_when_the_cell_is_edited(text: str, tmp_path: Path) -> None:
    cell = filled(a_list(tmp_path / "t.xlsx"), [{"content": text}]).cell(FIRST, 4)
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == (text[0] in "=+-@")


def test_a_number_or_date_keeps_the_format_of_its_cell_and_a_date_without_one_gets_one(tmp_path: Path) -> None:
    def formats(page: Any) -> None:
        page.cell(FIRST, 3).number_format = "m月d日"
        page.cell(FIRST, 5).number_format = "#,##0.00"
        page["B8"] = "{{first}}"
        page["D8"] = "{{last}}"
        page["D8"].number_format = "[$-804]aaaa"

    page = filled(a_list(tmp_path / "t.xlsx", formats), some_lines(2))
    assert [page.cell(FIRST + n, 3).number_format for n in (0, 1)] == ["m月d日"] * 2
    assert page.cell(FIRST + 1, 5).number_format == "#,##0.00"
    assert page["C9"].number_format == "yyyy-mm-dd hh:mm"
    assert page["B9"].number_format == "yyyy-mm-dd"
    assert page["D9"].number_format == "[$-804]aaaa"


def test_a_workbook_that_counts_days_from_1904_shows_the_same_dates(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: setattr(page.parent, "epoch", datetime(1904, 1, 1)))  # noqa: DTZ001
    lines = some_lines(1)
    assert _rows(filled(path, lines), 1) == _expected(lines)


def _dressed(page: Any) -> None:
    line = Side(style="thin")
    for column in range(1, 6):
        cell = page.cell(FIRST, column)
        cell.border = Border(line, line, line, line)
        cell.font = Font(name="楷体", size=10, bold=column == 2)
        cell.fill = PatternFill("solid", fgColor="FFEEEEEE")
        cell.alignment = Alignment(horizontal="center", vertical="top", wrap_text=column == 4)
    page.row_dimensions[FIRST].height = 33
    page.row_dimensions[8].height = 44
    page.column_dimensions["D"].width = 41.5


def test_each_copy_looks_like_the_row_of_the_template(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", _dressed)
    before = load_workbook(path).worksheets[0]
    page = filled(path, some_lines(3))
    for row in range(FIRST, FIRST + 3):
        assert page.row_dimensions[row].height == 33
        for column in range(1, 6):
            one, other = before.cell(FIRST, column), page.cell(row, column)
            for look in ("border", "font", "fill", "alignment"):
                assert repr(getattr(other, look)) == repr(getattr(one, look))
    assert page.row_dimensions[10].height == 44
    assert page.column_dimensions["D"].width == 41.5


def test_a_row_grows_with_a_long_text_that_wraps_and_is_never_lower_than_in_the_template(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", _dressed)
    lines = [{"content": text} for text in ("短", "很长的内容" * 40, "一\n二\n三\n四", "长" * 9000)]
    result = fill(path, lines)
    page: Any = load_workbook(result.path).worksheets[0]
    low, high, four, highest = (page.row_dimensions[FIRST + n].height for n in range(4))
    assert low == 33
    assert 120 < high < 200
    assert four == 54
    assert highest == 409.5
    assert [(note.code, note.params) for note in result.notes] == [("template_text_hidden", {"count": 1})]


def test_a_text_no_cell_can_hold_is_cut_and_said(tmp_path: Path) -> None:
    result = fill(a_list(tmp_path / "t.xlsx"), [{"content": "😀" * 20_000}, {"content": "长" * 32_767}])
    page: Any = load_workbook(result.path).worksheets[0]
    assert page.cell(FIRST, 4).value == "😀" * 16_383 + "…"
    assert page.cell(FIRST + 1, 4).value == "长" * 32_767
    assert [(note.code, note.params) for note in result.notes] == [("template_text_cut", {"count": 1})]


def _furnished(page: Any) -> None:
    page.merge_cells("A1:E1")
    page.merge_cells("F4:F6")  # frames the repeated row
    page.merge_cells("G5:H5")  # inside it
    page.merge_cells("A8:B9")  # below
    page.print_area = "A1:H9"
    page.print_title_rows = "1:4"
    page.row_breaks.append(Break(id=2))
    page.row_breaks.append(Break(id=6))
    page.freeze_panes = "A5"
    red = PatternFill("solid", bgColor="FFFF0000")
    page.conditional_formatting.add("A5:E5", FormulaRule(formula=["$E5>10"], fill=red))
    page.conditional_formatting.add("E6", FormulaRule(formula=["SUM($E$5:$E$5)>$C$8"], fill=red))
    choice = DataValidation(type="list", formula1='"是,否"', prompt="第一行\n第二行")
    choice.add("E5")
    choice.add("E8")
    page.add_data_validation(choice)
    page.auto_filter.ref = "A4:E5"
    page["B5"].hyperlink = "https://shop.example/a"
    page["C8"].hyperlink = "https://shop.example/b"
    page["E8"].comment = Comment("在这里签字 {{*number}}", "店长")
    page.oddFooter.center.text = "{{shop}} 第&P页"
    page.oddFooter.left.text = "&12{{count}}"
    page.parent.defined_names["合计"] = DefinedName("合计", attr_text="月报!$E$6")
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 8
    page.sheet_view.zoomScale = 85


def test_everything_that_refers_to_rows_moves_with_them(tmp_path: Path) -> None:
    page = filled(a_list(tmp_path / "t.xlsx", _furnished), some_lines(3))
    merges = {str(merge) for merge in page.merged_cells.ranges}
    assert merges == {"A1:E1", "F4:F8", "G5:H5", "G6:H6", "G7:H7", "A10:B11"}
    assert (page.print_area, page.print_title_rows) == ("'月报'!$A$1:$H$11", "$1:$4")
    assert [mark.id for mark in page.row_breaks.brk] == [2, 8]
    assert page.freeze_panes == "A5"
    rules = {str(found.sqref): [rule.formula for rule in found.rules] for found in page.conditional_formatting}
    assert rules == {"A5:E7": [["$E5>10"]], "E8": [["SUM($E$5:$E$7)>$C$10"]]}
    (choice,) = page.data_validations.dataValidation
    assert (str(choice.sqref), choice.prompt) == ("E5:E7 E10", "第一行\n第二行")
    assert page.auto_filter.ref == "A4:E7"
    links = {cell.coordinate: cell.hyperlink.target for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"B{row}": "https://shop.example/a" for row in (5, 6, 7)} | {"C10": "https://shop.example/b"}
    assert page["E10"].comment.text == "在这里签字 {{*number}}"
    assert page.oddFooter.center.text == "云栖&&<酒店> 第&P页"
    assert page.parent.defined_names["合计"].attr_text == "月报!$E$8"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.sheet_view.zoomScale) == ("landscape", 8, 85)


def test_a_number_in_a_footer_does_not_join_the_size_before_it(tmp_path: Path) -> None:
    path = fill(a_list(tmp_path / "t.xlsx", _furnished), some_lines(1)).path
    assert b"&amp;L&amp;12 3&amp;C" in parts_of(path)[_SHEET]


def test_the_box_of_a_note_moves_with_its_cell(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", _furnished)
    name = next(name for name in parts_of(path) if name.endswith(".vml"))
    before, after = (parts_of(p)[name].decode() for p in (path, fill(path, some_lines(3)).path))
    assert re.findall(":Row>([^<]+)</", before) == ["7"]
    assert re.findall(":Row>([^<]+)</", after) == ["9"]


def test_formulas_follow_their_rows(tmp_path: Path) -> None:
    def formulas(page: Any) -> None:
        page["F5"] = '=E5*2+LEN("E5")'
        page["G5"] = "=SUM($E$5:E5)"
        page["H5"] = "=E5/E6+E$4"
        page["F6"] = "=SUM(E5)"
        page["G6"] = '=COUNTIF(E5,">10")&TEXT(E6,"0")'
        page["H6"] = "=IF(E5>1,E8,A1)"
        other = page.parent.create_sheet("另 页")
        other["A1"] = "=SUM(月报!E5:E5)+月报!E6+B8"

    path = a_list(tmp_path / "t.xlsx", formulas)
    page = filled(path, some_lines(3))
    assert [page.cell(row, 6).value for row in (5, 6, 7)] == [f'=E{row}*2+LEN("E5")' for row in (5, 6, 7)]
    assert [page.cell(row, 7).value for row in (5, 6, 7)] == [f"=SUM($E$5:E{row})" for row in (5, 6, 7)]
    assert [page.cell(row, 8).value for row in (5, 6, 7)] == [f"=E{row}/E8+E$4" for row in (5, 6, 7)]
    assert page["F8"].value == "=SUM(E5:E7)"
    assert page["G8"].value == '=COUNTIF(E5:E7,">10")&TEXT(E8,"0")'
    assert page["H8"].value == "=IF(E5>1,E10,A1)"
    assert page.parent["另 页"]["A1"].value == "=SUM(月报!E5:E7)+月报!E8+B8"


def test_a_formula_shared_by_several_cells_and_an_old_result_are_written_out_anew(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: page.__setitem__("F6", "=A6"))
    shared = '<c r="F6"><f t="shared" ref="F6:F7" si="0">E6+$E$5</f><v>7</v></c></row><row r="7"><c r="F7">'
    shared += '<f t="shared" si="0"/><v>8</v></c></row>'
    edit(path, {_SHEET: lambda xml: re.sub(rb'<c r="F6".*?</c></row>', shared.encode(), xml)})
    result = fill(path, some_lines(3)).path
    page: Any = load_workbook(result).worksheets[0]
    assert (page["F8"].value, page["F9"].value) == ("=E8+$E$5", "=E9+$E$5")
    page = load_workbook(result, data_only=True).worksheets[0]
    assert (page["F8"].value, page["F9"].value) == (None, None)


@pytest.mark.parametrize("said", ["", '<calcPr calcId="191029"/>'])
def test_all_formulas_are_worked_out_when_the_file_is_opened(said: str, tmp_path: Path) -> None:
    chain = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    relation = f'<Relationship Id="rIdC" Type="{chain}" Target="calcChain.xml"/></Relationships>'
    path = edit(
        a_list(tmp_path / "t.xlsx"),
        {
            "xl/workbook.xml": lambda xml: re.sub(rb"<calcPr[^>]*/>", said.encode(), xml),
            "xl/calcChain.xml": b"<calcChain/>",
            "xl/_rels/workbook.xml.rels": replaced("</Relationships>", relation),
        },
    )
    parts = parts_of(fill(path, some_lines(2)).path)
    assert re.findall(rb"</sheets>.*?<calcPr[^>]* ?fullCalcOnLoad=\"1\"/></workbook>", parts["xl/workbook.xml"])
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["xl/_rels/workbook.xml.rels"]


def test_two_rows_marked_together_are_repeated_together(tmp_path: Path) -> None:
    def two_rows(page: Any) -> None:
        for column in range(1, 6):
            page.cell(6, column).value = None
        page["B6"] = "{{*content}}"
        page["C6"] = "=E5"
        page.merge_cells("A5:A6")
        page.conditional_formatting.add("B6:C6", FormulaRule(formula=["TRUE"]))

    page = filled(a_list(tmp_path / "t.xlsx", two_rows), some_lines(2))
    assert [page.cell(row, 2).value for row in range(5, 9)] == [
        "TS-20261001-001",
        "第 1 件：空调不制冷",
        "TS-20261001-002",
        "第 2 件：空调不制冷",
    ]
    assert [page.cell(row, 1).value for row in (5, 7)] == [1, 2]
    assert page["C8"].value == "=E7"
    assert {str(merge) for merge in page.merged_cells.ranges} == {"A5:A6", "A7:A8"}
    assert [str(found.sqref) for found in page.conditional_formatting] == ["B6:C6 B8:C8"]
    assert page["A10"].value == "制表：小周"


def test_several_looks_in_one_cell_stay(tmp_path: Path) -> None:
    bold = TextBlock(InlineFont(b=True), "编号 ")

    def rich(page: Any) -> None:
        page["A8"] = CellRichText([bold, "{{by}}（{{count}}）"])
        page["B8"] = CellRichText([TextBlock(InlineFont(b=True), "{{sh"), "op}} 店"])

    result = fill(a_list(tmp_path / "t.xlsx", rich), some_lines(1)).path
    page: Any = load_workbook(result, rich_text=True).worksheets[0]
    assert [(type(run).__name__, str(run)) for run in page["A8"].value] == [
        ("TextBlock", "编号 "),
        ("str", "小周（3）"),
    ]
    assert page["B8"].value == "云栖&<酒店> 店"  # a placeholder of two looks has the cell's


def test_what_a_chinese_keyboard_writes_is_understood(tmp_path: Path) -> None:
    def typed(page: Any) -> None:
        page["A8"] = "｛｛ ｂｙ ｝｝\n{{ count }}"
        page["A5"] = "｛｛＊serial｝｝"

    page = filled(a_list(tmp_path / "t.xlsx", typed), some_lines(2))
    assert page["A9"].value == "小周\n3"
    assert [page["A5"].value, page["A6"].value] == [1, 2]


def test_pictures_and_shapes_stay_move_down_and_keep_their_size(tmp_path: Path) -> None:
    path = add_pictures(a_list(tmp_path / "t.xlsx"), [(0, 2, "oneCell"), (6, 9, "oneCell"), (1, 7, "twoCell")])
    before, after = parts_of(path), parts_of(fill(path, some_lines(4)).path)
    drawing = after["xl/drawings/drawing9.xml"].decode()
    rows = [int(row) for row in re.findall("<xdr:row>(.*?)</xdr:row>", drawing)]
    assert rows == [0, 2, 0, 2, 9, 12, 9, 12, 1, 10, 1, 10]  # the last frames the rows, and grows with them
    assert drawing.count("章") == 3
    assert after["xl/media/image9.png"] == before["xl/media/image9.png"]


def test_parts_that_are_not_touched_stay_byte_for_byte(tmp_path: Path) -> None:
    path = add_pictures(a_list(tmp_path / "t.xlsx"), [(0, 2, "oneCell")])
    before, after = parts_of(path), parts_of(fill(path, some_lines(4)).path)
    assert list(after) == list(before)
    touched = {name for name in before if before[name] != after[name]}
    assert touched <= {
        "[Content_Types].xml", _SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/drawings/drawing9.xml",
    }  # fmt: skip
    assert "xl/theme/theme1.xml" in after


def test_declarations_that_only_a_list_of_names_uses_stay(tmp_path: Path) -> None:
    more = 'xmlns:mc="http://x.example/mc" xmlns:xr="http://x.example/xr" mc:Ignorable="xr" xr:uid="{1}" '
    path = edit(a_list(tmp_path / "t.xlsx"), {_SHEET: replaced("<worksheet ", f"<worksheet {more}")})
    result = fill(path, some_lines(2)).path
    assert all(part in parts_of(result)[_SHEET].decode() for part in more.split())


def test_a_workbook_whose_writer_prefixes_the_main_names_is_filled_too(tmp_path: Path) -> None:
    def prefixed(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml[xml.index(b"<worksheet") :])
        return xml.replace(b"xmlns=", b"xmlns:x=")

    lines = some_lines(2)
    path = edit(a_list(tmp_path / "t.xlsx"), {_SHEET: prefixed})
    assert b"<x:row" in parts_of(path)[_SHEET]
    assert _rows(filled(path, lines), 2) == _expected(lines)


def test_a_part_may_be_named_in_another_case(tmp_path: Path) -> None:
    lines = some_lines(2)
    path = edit(
        a_list(tmp_path / "t.xlsx"), {"xl/_rels/workbook.xml.rels": replaced("sharedStrings.xml", "SharedStrings.XML")}
    )
    assert _rows(filled(path, lines), 2) == _expected(lines)


def test_rows_and_cells_that_do_not_say_where_they_are_stand_in_order(tmp_path: Path) -> None:
    path = a_form(tmp_path / "t.xlsx")
    edit(path, {_SHEET: lambda xml: re.sub(rb'(<row|<c) r="[A-Z0-9]*"', rb"\1", xml)})
    page = filled(path, some_lines(1))
    assert (page["A1"].value, page["B2"].value) == ("编号：TS-20261001-001", "第 1 件：空调不制冷")


def test_a_chart_over_the_repeated_row_shows_all_lines(tmp_path: Path) -> None:
    def charted(page: Any) -> None:
        chart = BarChart()
        chart.add_data(Reference(page, min_col=5, min_row=4, max_row=5), titles_from_data=True)
        chart.set_categories(Reference(page, min_col=2, min_row=5, max_row=5))
        page.add_chart(chart, "H10")

    page = filled(a_list(tmp_path / "t.xlsx", charted), some_lines(7))
    (chart,) = page._charts
    assert chart.series[0].val.numRef.f == "'月报'!$E$5:$E$11"
    assert chart.series[0].cat.numRef.f == "'月报'!$B$5:$B$11"
    assert chart.anchor._from.row == 9 + 6


def test_a_table_over_the_repeated_row_holds_all_lines(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx", lambda page: page.add_table(Table(displayName="T", ref="A4:E5")))
    assert filled(path, some_lines(5)).tables["T"].ref == "A4:E9"


# ------------------------------------------------------------------------------------------------ forms


def test_a_form_stands_once_for_each_line_on_a_tab_named_after_it(tmp_path: Path) -> None:
    lines = some_lines(3)
    path = a_form(tmp_path / "t.xlsx", lambda page: setattr(page.sheet_view, "tabSelected", True))
    book = load_workbook(fill(path, lines).path)
    assert book.sheetnames == [line["number"] for line in lines]
    for page, line in zip(book.worksheets, lines, strict=True):
        assert page["A1"].value == f"编号：{line['number']}"
        assert page["B1"].value == line["received_at"].replace(tzinfo=None)
        assert page["B2"].value == line["content"]
        assert page["A3"].value == HEAD["shop"]
        assert page.print_area == f"'{page.title}'!$A$1:$B$3"
    assert [page.sheet_view.tabSelected for page in book.worksheets] == [True, None, None]


def test_each_form_has_its_own_drawing_and_all_share_the_picture(tmp_path: Path) -> None:
    parts = parts_of(fill(add_pictures(a_form(tmp_path / "t.xlsx"), [(0, 2, "oneCell")]), some_lines(3)).path)
    drawings = {name for name in parts if re.fullmatch("xl/drawings/drawing[^/]*", name)}
    assert len(drawings) == 3
    assert len([name for name in parts if "/media/" in name]) == 1
    used = re.findall(rb'Target="/?([^"]*drawing[^"]*)"', b"".join(d for n, d in parts.items() if "sheets/_rels" in n))
    assert len(used) == len(set(used)) == 3


@pytest.mark.parametrize(
    ("numbers", "tabs"),
    [
        (["A", "A", "a"], ["A", "A(2)", "a(3)"]),
        ([None, None], ["处理单", "处理单(2)"]),
        (["x/y:[1]?*", "'q'"], ["x_y__1___", "q"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 28 + "(2)"]),
    ],
)
def test_tabs_have_names_that_a_workbook_allows(numbers: list[str | None], tabs: list[str], tmp_path: Path) -> None:
    book = load_workbook(fill(a_form(tmp_path / "t.xlsx"), [{"number": n} for n in numbers]).path)
    assert book.sheetnames == tabs


def test_without_lines_the_form_stays_once_and_blank(tmp_path: Path) -> None:
    book: Any = load_workbook(fill(a_form(tmp_path / "t.xlsx"), []).path)
    assert book.sheetnames == ["处理单"]
    assert (book["处理单"]["A1"].value, book["处理单"]["B2"].value) == ("编号：", None)


def test_tabs_around_a_form_keep_their_names_and_places(tmp_path: Path) -> None:
    def around(page: Any) -> None:
        front = page.parent.create_sheet("封面", 0)
        front["A1"] = "{{shop}}"
        front["A2"] = "=处理单!A3"
        front.print_area = "A1:B2"
        back = page.parent.create_sheet("封底")
        back["A1"] = "完"
        back.print_area = "A1:C3"
        page["C3"] = "=处理单!A3&A3"

    book: Any = load_workbook(fill(a_form(tmp_path / "t.xlsx", around), some_lines(3)).path)
    one, two, three = (line["number"] for line in some_lines(3))
    assert book.sheetnames == ["封面", one, two, three, "封底"]
    assert book["封面"]["A2"].value == f"='{one}'!A3"
    assert [book[name]["C3"].value for name in (one, two)] == [f"='{one}'!A3&A3", f"='{two}'!A3&A3"]
    areas = {page.title: page.print_area for page in book.worksheets}
    assert areas == {
        "封面": "'封面'!$A$1:$B$2",
        **{name: f"'{name}'!$A$1:$B$3" for name in (one, two, three)},
        "封底": "'封底'!$A$1:$C$3",
    }


def test_a_table_on_a_form_has_a_name_of_its_own_on_each(tmp_path: Path) -> None:
    def tabled(page: Any) -> None:
        page["D1"], page["D2"] = "列", "值"
        page.add_table(Table(displayName="T", ref="D1:D2"))

    book = load_workbook(fill(a_form(tmp_path / "t.xlsx", tabled), some_lines(3)).path)
    tables = [table for page in book.worksheets for table in page.tables.values()]
    assert len({table.displayName for table in tables}) == len({table.id for table in tables}) == 3


# ------------------------------------------------------------------------------------------------ the file


def test_a_template_can_be_filled_again_and_is_never_written(tmp_path: Path) -> None:
    path = a_form(tmp_path / "t.xlsx")
    data = path.read_bytes()
    template = read_template(path, KEYS)
    for count in (3, 1, 2):
        fill_template(template, HEAD, some_lines(count), tmp_path / "o.xlsx")
        assert len(load_workbook(tmp_path / "o.xlsx").sheetnames) == count
    assert path.read_bytes() == data


def test_the_keys_that_it_asks_of_a_line_are_known(tmp_path: Path) -> None:
    assert read_template(a_list(tmp_path / "t.xlsx"), KEYS).keys == ("number", "received_at", "content", "amount")
    assert read_template(a_form(tmp_path / "f.xlsx"), KEYS).keys == ("number", "received_at", "content")


def test_the_template_itself_is_no_target(tmp_path: Path) -> None:
    path = a_list(tmp_path / "t.xlsx")
    data = path.read_bytes()
    with pytest.raises(KnownError) as caught:
        fill_template(read_template(path, KEYS), HEAD, [], path)
    assert caught.value.code == "template_is_target"
    assert path.read_bytes() == data


def _full(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.fault
def test_a_disk_that_fills_half_way_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = read_template(a_list(tmp_path / "t.xlsx"), KEYS)
    target = tmp_path / "o.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(KnownError) as caught:
        fill_template(template, HEAD, some_lines(2), target)
    assert caught.value.code == "disk_full"
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.xlsx", "t.xlsx"]


def _held(*_args: object) -> None:
    raise PermissionError(errno.EACCES, "held")


@pytest.mark.fault
def test_a_target_open_elsewhere_and_a_folder_that_is_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = read_template(a_list(tmp_path / "t.xlsx"), KEYS)
    with pytest.raises(KnownError) as gone:
        fill_template(template, HEAD, [], tmp_path / "gone" / "o.xlsx")
    (tmp_path / "o.xlsx").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", _held)
    with pytest.raises(KnownError) as held:
        fill_template(template, HEAD, [], tmp_path / "o.xlsx")
    assert (gone.value.code, held.value.code) == ("target_unwritable", "target_open")
    assert (tmp_path / "o.xlsx").read_bytes() == b"old"


def _made_of(kind: str) -> Mapping[str, Any]:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return {"[Content_Types].xml": replaced(main, f"application/vnd.{kind}.main+xml")}


@pytest.mark.parametrize(
    "kind",
    [
        "ms-excel.sheet.macroEnabled",
        "ms-excel.template.macroEnabled",
        "openxmlformats-officedocument.spreadsheetml.template",
    ],
)
def test_a_template_of_excel_becomes_a_plain_workbook(kind: str, tmp_path: Path) -> None:
    path = edit(a_list(tmp_path / "t.xlsx"), _made_of(kind))
    result = fill(path, some_lines(1))
    assert b"spreadsheetml.sheet.main+xml" in parts_of(result.path)["[Content_Types].xml"]
    assert result.notes == ()


def test_macros_are_not_taken_over_and_that_is_said(tmp_path: Path) -> None:
    path = edit(a_list(tmp_path / "t.xlsm"), _made_of("ms-excel.sheet.macroEnabled"))
    macros = (
        '<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
        ' Target="vbaProject.bin"/></Relationships>'
    )
    types = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    edit(
        path,
        {
            "xl/vbaProject.bin": b"macros",
            "xl/_rels/workbook.xml.rels": replaced("</Relationships>", macros),
            "[Content_Types].xml": replaced("</Types>", types),
        },
    )
    result = fill(path, some_lines(2))
    assert [note.code for note in result.notes] == ["template_macros_dropped"]
    parts = parts_of(result.path)
    assert "xl/vbaProject.bin" not in parts
    assert b"vbaProject" not in parts["[Content_Types].xml"] + parts["xl/_rels/workbook.xml.rels"]
    assert _rows(load_workbook(result.path).worksheets[0], 2) == _expected(some_lines(2))
