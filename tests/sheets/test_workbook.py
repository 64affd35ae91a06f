"""The workbook as another program reads it."""

from __future__ import annotations

import errno
import os
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets.cells import column_letter
from desk_app.sheets.workbook import write_workbook
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
