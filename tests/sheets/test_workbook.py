"""The workbook as another program reads it."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets import tabs
from desk_app.sheets.cells import column_letter
from desk_app.sheets.grid import Edge
from desk_app.sheets.sheet import Kind
from desk_app.sheets.workbook import read_properties, write_workbook
from tests.sheets.grids import figures, forms
from tests.sheets.samples import a_line, cases_in, column, grid_of, read, written

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL_LIMIT = 32_767
_HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x.example","点我")',
    "+86 138", "-1", "@SUM(A1)", "'引号", "\t=1",
    "#N/A", "#REF!", "TRUE", "00120", "2026-1-2", "1E5",
    "<b>&amp;</b> ]]> \"'",
    "  前后有空格  ", "\n前后有换行\n", "一\t二",
    "😀 👨‍👩‍👧 𠮷野家 é e\u0301 \u200b\u2028\x85",
    "_x000D_", " _ _x000D_ \n", "_x005F_x000D_", "__x0041__x0042_", "a_x000d_b_x000A_", "_x00", "_xZZZZ_",
    "長" * _CELL_LIMIT,
]  # fmt: skip


def test_the_outer_edge_of_a_form_is_thick_where_it_says_so(tmp_path: Path) -> None:
    rows = list(forms(1).rows)
    looks = tuple(look._replace(thick=Edge.TOP | Edge.LEFT) for look in rows[1].looks[:1]) + rows[1].looks[1:]
    rows[1] = replace(rows[1], looks=looks)

    page = written(replace(forms(1), rows=tuple(rows)), tmp_path)

    edge, inner = page["A2"].border, page["B2"].border
    assert [side.style for side in (edge.top, edge.left, edge.bottom, edge.right)] == ["medium"] * 2 + ["thin"] * 2
    assert {inner.top.style, inner.left.style} == {"thin"}


@pytest.mark.parametrize("text", _HOSTILE, ids=lambda text: ascii(text[:24]))
def test_every_text_comes_back_as_it_was_stored_and_stays_a_text(text: str, tmp_path: Path) -> None:
    page = written(grid_of(a_line(content=text)), tmp_path)
    assert column(page, "投诉理由") == [text]
    assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n", "d"}


def _sheet_xml(path: Path) -> ET.Element:
    with ZipFile(path) as parts:
        return ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314 -- our own file


def _as_excel_reads(element: ET.Element) -> str:
    """Read one ``t`` element by the letter of ECMA-376: blanks count where it says so, _xHHHH_ is a character."""
    text = element.text or ""
    if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        text = text.strip()
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


@pytest.mark.parametrize("text", _HOSTILE, ids=lambda text: ascii(text[:24]))
def test_a_reader_that_undoes_escapes_sees_the_stored_text_too(text: str, tmp_path: Path) -> None:
    written(grid_of(a_line(content=text)), tmp_path)
    cell = next(c for c in _sheet_xml(tmp_path / "sheet.xlsx").iter(_MAIN + "c") if c.get("r") == "D5")
    assert "".join(_as_excel_reads(t) for t in cell.iter(_MAIN + "t")) == text


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("前\x00后", "前后"),
        ("前\x0b\x1f后", "前后"),
        ("前\ufffe\uffff后", "前后"),
        ("前\ud83d后", "前后"),
        ("前\r\n后\r", "前\n后\n"),
        ("=\x001+1", "=1+1"),
        ("_x00\x000D_", "_x000D_"),
    ],
)
def test_what_xml_cannot_carry_is_left_out_and_the_rest_stays(given_text: str, kept: str, tmp_path: Path) -> None:
    assert column(written(grid_of(a_line(content=given_text)), tmp_path), "投诉理由") == [kept]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(), max_size=80))
@example("_x000D_" * 3)
@example("\ud800=\ufffe")
def test_any_text_comes_back_but_for_what_no_file_can_carry(tmp_path: Path, text: str) -> None:
    page = written(grid_of(a_line(content=f"起{text}止")), tmp_path)
    assert column(page, "投诉理由") == [f"起{strip_unstorable(text)}止"]


def test_hostile_text_in_the_head_is_only_text_too(tmp_path: Path) -> None:
    page = written(grid_of(a_line(), control=(("=1+1", "_x000D_"),)), tmp_path)
    assert "=1+1：_x000D_" in [c.value for c in page[1]]


def test_dates_amounts_and_numbers_are_what_a_spreadsheet_can_reckon_with(tmp_path: Path) -> None:
    page = written(grid_of(a_line(5, amount=Decimal("199.90"))), tmp_path)
    (row,) = [row for row in page.iter_rows() if row[1].value == "TS-20261001-005"]
    moment, phone, amount = row[2], row[4], row[5]
    assert moment.value == datetime(2026, 10, 1, 8, 5, 30)  # noqa: DTZ001 -- a spreadsheet knows no offset
    assert (moment.is_date, moment.number_format) == (True, "yyyy-mm-dd hh:mm")
    assert (amount.value, amount.data_type, amount.number_format) == (199.9, "n", "#,##0.00")
    assert moment.alignment.shrink_to_fit
    assert not phone.alignment.shrink_to_fit
    assert (phone.value, phone.data_type, phone.number_format) == ("013800138000", "s", "@")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2199, 12, 31)))  # noqa: DTZ001
def test_every_second_comes_back(tmp_path: Path, moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert column(written(grid_of(a_line(received_at=moment)), tmp_path), "受理时间") == [moment]


def test_the_page_is_one_wide_with_its_head_on_every_page_and_numbered(tmp_path: Path) -> None:
    page = written(grid_of(*(a_line(n) for n in range(1, 9))), tmp_path)
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$1:$4"
    assert page.freeze_panes == "A5"
    assert page.print_area == "'小登记表'!$A$1:$F$13"
    dimension = _sheet_xml(tmp_path / "sheet.xlsx").find(_MAIN + "dimension")
    assert dimension is not None
    assert dimension.get("ref") == "A1:F13"  # some readers believe it
    assert page.oddFooter.center.text == "第 &P 页　共 &N 页"
    assert page.page_margins.left == pytest.approx(8 / 25.4)
    assert page.page_margins.bottom == pytest.approx(12 / 25.4)


def test_each_case_has_borders_wrapped_text_and_a_height_of_its_own(tmp_path: Path) -> None:
    page = written(grid_of(a_line(1), a_line(2, content="冷" * 100)), tmp_path)
    for number in (5, 6):
        for cell in page[number]:
            box = cell.border
            assert {box.left.style, box.right.style, box.top.style, box.bottom.style} == {"thin"}
    assert page["D6"].alignment.wrap_text is True
    assert page.row_dimensions[6].height >= 5 * 11.25 > page.row_dimensions[5].height
    assert page["B5"].font.name == "宋体"


def test_the_width_of_a_column_holds_the_characters_it_promises(tmp_path: Path) -> None:
    page = written(grid_of(a_line()), tmp_path)
    assert 40 < page.column_dimensions["D"].width < 42
    assert 17 < page.column_dimensions["C"].width < 19
    assert page.parent._fonts[0].name == "宋体"  # a column's width counts digits of this one
    assert page.parent._fonts[0].size == 9


def test_a_tall_case_is_merged_and_its_number_stands_there_once(tmp_path: Path) -> None:
    page = written(grid_of(a_line(1), a_line(2, content="冷" * 3_000), a_line(3)), tmp_path)
    assert cases_in(page) == ["TS-20261001-001", "TS-20261001-002", "TS-20261001-003"]
    tall = sorted(str(m) for m in page.merged_cells.ranges if m.min_row == 6)
    assert tall == [f"{letter}6:{letter}{page.max_row - 2}" for letter in "ABCDEF"]
    assert page["D6"].value == "冷" * 3_000
    assert all(page.row_dimensions[n].height <= 409.5 for n in range(1, page.max_row + 1))


def test_the_sign_off_comes_last(tmp_path: Path) -> None:
    page = written(grid_of(a_line(1)), tmp_path)
    (signs,) = [c.value for c in page[page.max_row] if c.value]
    places = [signs.index(name) for name in ("制表：", "审核：", "批准：", "日期：")]
    assert places == sorted(places)


def test_columns_past_z_have_two_letters() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.fault
def test_a_disk_that_fills_up_leaves_the_old_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sheet.xlsx"
    write_workbook([grid_of(a_line(1))], path)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError) as caught:
        write_workbook([grid_of(a_line(2))], path)
    assert caught.value.code == "disk_full"
    assert cases_in(read(path)) == ["TS-20261001-001"]
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.xlsx"]


@pytest.mark.fault
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        write_workbook([grid_of(a_line(1))], tmp_path / "gone" / "sheet.xlsx")
    assert caught.value.code == "target_unwritable"


def test_the_reader_of_these_tests_sees_each_case_of_a_sheet(tmp_path: Path) -> None:
    page: Worksheet = written(grid_of(*(a_line(n) for n in range(1, 40))), tmp_path)
    assert column(page, "序号") == list(range(1, 40))
    assert column(page, "受理编号") == cases_in(page)


def test_each_grid_is_a_worksheet_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook([grid_of(a_line(1)), grid_of(a_line(2), a_line(3)), forms(1)], path)
    book = load_workbook(path)
    assert book.sheetnames == ["小登记表", "小登记表(2)", "受理单"]
    assert [list(cases_in(page)) for page in book.worksheets] == [
        ["TS-20261001-001"],
        ["TS-20261001-002", "TS-20261001-003"],
        ["TS-20261001-001"],
    ]
    assert book.worksheets[1].print_area == "'小登记表(2)'!$A$1:$F$7"
    assert book.worksheets[1].print_title_rows == "$1:$4"
    assert book.active is book.worksheets[0]


def test_columns_are_counted_in_digits_of_the_workbook_s_font_on_every_worksheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook([grid_of(a_line(1)), forms(1)], path)  # 9 points, then 10
    _, form = load_workbook(path).worksheets
    assert form.column_dimensions["A"].width == pytest.approx(70 / 4.5)
    assert form["A2"].font.size == 10


def test_very_many_forms_stand_below_each_other_with_a_page_break_after_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "MOST_TABS", 1)
    page = written(forms(3), tmp_path)
    assert [(b.id, b.man, b.max) for b in page.row_breaks.brk] == [(5, True, 16_383), (10, True, 16_383)]
    assert {"A1:D1", "B7:D7", "A15:D15"} <= {str(m) for m in page.merged_cells.ranges}
    assert not page.print_title_rows
    assert page.freeze_panes is None


def test_the_cells_of_a_form_look_like_labels_values_and_plain_text(tmp_path: Path) -> None:
    page = written(forms(1), tmp_path)
    label, value, moment, plain = page["A4"], page["B4"], page["D3"], page["A5"]
    boxes = [{cell.border.left.style, cell.border.bottom.style} for cell in (label, value, moment, plain)]
    assert boxes == [{"thin"}, {"thin"}, {"thin"}, {None}]
    assert [cell.fill.fill_type for cell in (label, value, plain)] == ["solid", None, None]
    assert [cell.alignment.vertical for cell in (label, value, plain)] == ["center", "center", "top"]
    assert [bool(cell.alignment.wrap_text) for cell in (label, value, moment, plain)] == [True, True, False, True]
    assert not label.font.bold
    assert (moment.value, moment.number_format) == (datetime(2026, 10, 1, 8, 30), "yyyy-mm-dd hh:mm")  # noqa: DTZ001
    assert page["C4"].border.top.style == "thin"  # a merged cell has its line all around


@pytest.mark.parametrize("text", _HOSTILE, ids=lambda text: ascii(text[:24]))
def test_every_text_of_a_form_stays_a_text_too(text: str, tmp_path: Path) -> None:
    page = written(forms(1, content=text), tmp_path)
    assert (page["B4"].value, page["B4"].data_type) == (text, "s")
    assert page["B3"].value == "=小明"
    assert page["B3"].data_type == "s"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="=&<>_x000D\x00\r\n\ufffe\ud800投😀", max_size=14), min_size=1, max_size=6))
def test_texts_that_come_again_are_written_alike(tmp_path: Path, texts: list[str]) -> None:
    lines = [a_line(n, content=f"|{text}|", customer_phone=f"|{text}|") for n, text in enumerate([*texts, *texts])]
    page = written(grid_of(*lines), tmp_path)
    kept = [f"|{strip_unstorable(text)}|" for text in [*texts, *texts]]
    assert column(page, "投诉理由") == column(page, "联系方式") == kept


def test_what_a_workbook_was_written_with_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    properties = {"export": "0190a7", "rows": "12", "说明": "<含 & 与 'é>", "空": ""}
    write_workbook([grid_of(a_line(1))], path, properties)
    assert read_properties(path) == properties
    found = {p.name: p.value for p in load_workbook(path).custom_doc_props.props}
    assert {**found, "空": ""} == properties  # another program reads an empty one as none


def test_a_workbook_without_properties_has_none(tmp_path: Path) -> None:
    write_workbook([grid_of(a_line(1))], tmp_path / "book.xlsx")
    assert read_properties(tmp_path / "book.xlsx") == {}


def _zip(parts: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a workbook",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),  # OLE: a workbook with a password
        _zip({"word/document.xml": b"<document/>"}),
        _zip({"xl/workbook.xml": b"<workbook/>", "docProps/custom.xml": b"<Properties"}),
        _zip({"xl/workbook.xml": b"<workbook/>", "docProps/custom.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}),
        _zip({"xl/workbook.xml": b"<workbook/>", "docProps/custom.xml": b"<Properties/>"})[:-30],
    ],
)
def test_a_file_that_is_no_workbook_is_told(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(KnownError) as caught:
        read_properties(tmp_path / "a.xlsx")
    assert (caught.value.code, caught.value.params) == ("not_a_workbook", {"path": tmp_path / "a.xlsx"})


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "gone.xlsx", "file_missing"), (tmp_path, "file_unreadable")):
        with pytest.raises(KnownError) as caught:
            read_properties(path)
        assert caught.value.code == code


def test_charts_are_made_from_the_cells_of_their_own_worksheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook([figures(), figures()], path)
    second = load_workbook(path).worksheets[1]
    bar, pie, line = second._charts
    assert [type(chart).__name__ for chart in (bar, pie, line)] == ["BarChart", "PieChart", "LineChart"]
    assert [series.val.numRef.f for series in bar.series] == ["'投诉统计(2)'!$B$2:$B$4", "'投诉统计(2)'!$C$2:$C$4"]
    assert [series.tx.v for series in bar.series] == ["本月", "上月"]
    assert {series.cat.numRef.f for chart in (bar, pie, line) for series in chart.series} == {"'投诉统计(2)'!$A$2:$A$4"}
    assert pie.title.tx.rich.p[0].r[0].t == "=本月"
    assert [(chart.anchor._from.row, chart.anchor._from.col) for chart in (bar, pie, line)] == [
        (5, 0),
        (17, 0),
        (17, 2),
    ]
    assert bar.anchor.ext.width == pytest.approx(480 * 12_700, rel=0.001)  # EMU


def test_a_chart_says_the_numbers_or_the_shares_and_nothing_twice(tmp_path: Path) -> None:
    bar, pie, line = written(figures(), tmp_path)._charts
    assert [(c.dataLabels.showVal, c.dataLabels.showPercent) for c in (bar, pie, line)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    for chart in (bar, pie, line):
        labels = chart.dataLabels
        assert [labels.showSerName, labels.showCatName, labels.showLegendKey] == [False] * 3
    assert [chart.legend is not None for chart in (bar, pie, line)] == [True, True, False]
    assert [axis.delete for chart in (bar, line) for axis in (chart.x_axis, chart.y_axis)] == [False] * 4
    assert line.series[0].smooth is False


def test_a_word_of_a_closed_list_is_a_text_like_any_other(tmp_path: Path) -> None:
    page = written(forms(1, content=Kind.AMOUNT), tmp_path)
    assert (page["B4"].value, page["B4"].data_type) == ("amount", "s")


def test_only_what_begins_or_ends_blank_says_that_its_blanks_count(tmp_path: Path) -> None:
    texts = ["中间 有空格", " 前", "后\n", "\u3000全角", "无"]
    written(grid_of(*(a_line(n, content=text) for n, text in enumerate(texts))), tmp_path)
    said = {t.text for t in _sheet_xml(tmp_path / "sheet.xlsx").iter(_MAIN + "t") if t.attrib}
    assert said & set(texts) == {" 前", "后\n", "\u3000全角"}
