"""Templates with what few people put into one: each is filled right, or refused with one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn

from desk_app.sheets.template import check_template
from tests.sheets.template_rig import KEYS, a_form, a_list, edit, fill, filled, parts_of, replaced, some_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"


def told(path: Path) -> list[tuple[str, dict[str, object]]]:
    """Return the codes of what is wrong, with what they say beside the file."""
    return [
        (f.code, {k: v for k, v in f.params.items() if k not in ("file", "sheet")}) for f in check_template(path, KEYS)
    ]


# ------------------------------------------------------------------------------------------------------- filled right


def test_the_looks_of_strings_with_a_prefix_mean_the_same_in_the_worksheet(tmp_path: Path) -> None:
    def rich(page: Any) -> None:
        page["A8"] = CellRichText([TextBlock(InlineFont(b=True), "制表 "), "{{by}}"])

    def prefixed(xml: bytes) -> bytes:
        return re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")

    path = edit(a_list(tmp_path / "t.xlsx", rich), {_STRINGS: prefixed})
    assert b"<x:rPr><x:b" in parts_of(path)[_STRINGS]

    page: Any = load_workbook(fill(path, some_lines(2)).path, rich_text=True).worksheets[0]

    label, name = page["A9"].value
    assert (str(label), label.font.b, str(name)) == ("制表 ", True, "小周")


def test_a_text_that_ends_with_an_ellipsis_of_its_own_keeps_the_looks_around_it(tmp_path: Path) -> None:
    def rich(page: Any) -> None:
        page["D5"] = CellRichText([TextBlock(InlineFont(b=True), "内容 "), "{{content}}"])

    result = fill(a_list(tmp_path / "t.xlsx", rich), [{"content": "他说……"}])

    page: Any = load_workbook(result.path, rich_text=True).worksheets[0]
    assert [str(run) for run in page["D5"].value] == ["内容 ", "他说……"]
    assert result.notes == ()


@pytest.mark.parametrize("content", ["空调不制冷" * 100, "&" * 400, "😀" * 300])
def test_a_header_is_cut_where_excel_would_take_it_for_a_fault_and_that_is_said(content: str, tmp_path: Path) -> None:
    def header(page: Any) -> None:
        page.oddHeader.left.text = "编号 {{number}}"
        page.oddHeader.right.text = "{{content}}"

    result = fill(a_form(tmp_path / "t.xlsx", header), [{"number": "TS-1", "content": content}, *some_lines(1)])

    (text,) = re.findall(r"<oddHeader>(.*?)</oddHeader>", parts_of(result.path)[_SHEET].decode())
    text = text.replace("&amp;", "&")
    assert len(text.encode("utf-16-le")) // 2 in (254, 255)
    assert text.startswith("&L编号 TS-1&R")
    assert text.removeprefix("&L编号 TS-1&R").removesuffix("…").replace("&&", "") in content, "no ampersand alone"
    assert [(note.code, note.params) for note in result.notes] == [("template_header_cut", {"count": 1})]


def test_a_small_chart_in_the_repeated_row_shows_in_each_copy_its_own_numbers(tmp_path: Path) -> None:
    def charts(*places: tuple[str, str]) -> str:
        each = "".join(
            f"<x14:sparkline><xm:f>{source}</xm:f><xm:sqref>{place}</xm:sqref></x14:sparkline>"
            for source, place in places
        )
        group = f"<x14:sparklineGroup><x14:sparklines>{each}</x14:sparklines></x14:sparklineGroup>"
        return (
            f'<extLst><ext xmlns:x14="{_X14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}">'
            f'<x14:sparklineGroups xmlns:xm="{_XM}">{group}</x14:sparklineGroups></ext></extLst></worksheet>'
        )

    before = charts(("月报!D5:E5", "F5"), ("月报!E5:E6", "F6"))
    path = edit(a_list(tmp_path / "t.xlsx"), {_SHEET: replaced("</worksheet>", before)})

    xml = parts_of(fill(path, some_lines(3)).path)[_SHEET].decode()

    found = re.findall("<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", xml)
    own = [(f"月报!D{row}:E{row}", f"F{row}") for row in (5, 6, 7)]
    assert found == [*own, ("月报!E5:E8", "F8")]


@pytest.mark.parametrize(("source", "after"), [("A4:E5", "A4:E8"), ("A20:E25", "A23:E28")])
def test_a_pivot_table_counts_all_lines_once_the_file_is_opened(source: str, after: str, tmp_path: Path) -> None:
    cache = f'<pivotCacheDefinition xmlns="{_MAIN}"><cacheSource type="worksheet">'
    cache += f'<worksheetSource ref="{source}" sheet="月报"/></cacheSource></pivotCacheDefinition>'
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    relation = f'<Relationship Id="rId77" Type="{_OFFICE}/pivotCacheDefinition" Target="/{part}"/></Relationships>'
    path = edit(
        a_list(tmp_path / "t.xlsx"),
        {
            part: cache.encode(),
            "xl/_rels/workbook.xml.rels": replaced("</Relationships>", relation),
            "[Content_Types].xml": replaced(
                "</Types>", f'<Override PartName="/{part}" ContentType="{_TYPE}"/></Types>'
            ),
        },
    )

    xml = parts_of(fill(path, some_lines(4)).path)[part].decode()

    assert f'<worksheetSource ref="{after}" sheet="月报"/>' in xml
    assert 'refreshOnLoad="1"' in xml


def test_what_reaches_over_the_repeated_row_reaches_over_all_of_its_copies(tmp_path: Path) -> None:
    def reaching(page: Any) -> None:
        page.merge_cells("F3:G7")
        page["F3"] = "共 {{count}} 件"
        hidden = page.parent.create_sheet("核对")
        hidden.sheet_state = "hidden"
        hidden["A1"], hidden["A2"] = "=SUM(月报!E5)", "=COUNTA(月报!$B$5:$B$5)"

    book: Any = filled(a_list(tmp_path / "t.xlsx", reaching), some_lines(4)).parent

    page, hidden = book.worksheets
    assert {str(merge) for merge in page.merged_cells.ranges} == {"F3:G10"}
    assert page["F3"].value == "共 3 件"
    assert (hidden.sheet_state, hidden["A1"].value, hidden["A2"].value) == (
        "hidden", "=SUM(月报!E5:E8)", "=COUNTA(月报!$B$5:$B$8)",
    )  # fmt: skip


# ------------------------------------------------------------------------------------------- refused with one sentence


def _table_head(page: Any) -> None:
    table = Table(displayName="T", ref="A4:B5")
    page["A4"], page["B4"] = "序号", "{{shop}}"
    table.tableColumns = [TableColumn(id=1, name="序号"), TableColumn(id=2, name="{{shop}}")]
    page.add_table(table)


def _prompt(page: Any) -> None:
    choice = DataValidation(type="list", formula1='"是,否"', prompt="{{shop}} 的规定")
    choice.add("E8")
    page.add_data_validation(choice)


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        (_table_head, [("template_key_in_table_head", {"row": 4})]),
        (_prompt, [("template_key_in_settings", {"text": "{{shop}} 的规定"})]),
        (lambda page: setattr(page, "title", "{{shop}}"), [("template_key_in_tab", {})]),
    ],
    ids=["head of a table", "prompt", "tab"],
)
def test_a_placeholder_where_none_is_filled_in_is_told(
    change: Callable[[Any], object], findings: list[tuple[str, dict[str, object]]], tmp_path: Path
) -> None:
    assert told(a_list(tmp_path / "t.xlsx", change)) == findings


def test_the_tab_of_a_form_may_be_called_by_a_placeholder_since_it_is_called_by_its_case(tmp_path: Path) -> None:
    path = a_form(tmp_path / "t.xlsx", lambda page: setattr(page, "title", "{{number}}"))
    assert told(path) == []
    assert load_workbook(fill(path, some_lines(2)).path).sheetnames == ["TS-20261001-001", "TS-20261001-002"]
