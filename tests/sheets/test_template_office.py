"""Templates that another program saved, and what it shows of a filled one."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Alignment, Border, Side

from tests.sheets.office import convert
from tests.sheets.template_rig import FIRST, a_form, a_list, add_pictures, fill, parts_of, some_lines

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def _dressed(page: Any) -> None:
    line = Side(style="thin")
    for column in range(1, 6):
        page.cell(FIRST, column).border = Border(line, line, line, line)
        page.cell(FIRST, column).alignment = Alignment(wrap_text=True, vertical="top")
    page["F5"] = "=E5*2"
    page["F6"] = "=SUM(F5)"
    page.merge_cells("A8:B8")
    page.print_area = "A1:I12"
    page.print_title_rows = "1:4"
    page.column_dimensions["B"].width = 18
    page.column_dimensions["C"].width = 18
    page.column_dimensions["D"].width = 30
    page.page_setup.orientation = "landscape"


def _csv(soffice: str, path: Path) -> str:
    return convert(soffice, path, "csv:Text - txt - csv (StarCalc):9,34,76").read_text(encoding="utf-8")


def test_a_filled_list_is_worked_out_anew(soffice: str, tmp_path: Path) -> None:
    result = fill(a_list(tmp_path / "t.xlsx", _dressed), [*some_lines(3), {"content": "=1+1", "amount": 1}])
    rows = _csv(soffice, result.path).splitlines()
    assert rows[4].split("\t")[0] == "1"
    assert [row.split("\t")[5] for row in rows[4:9]] == ["20", "40", "60", "2", "122"]
    assert rows[8].split("\t")[4] == "61"
    assert rows[7].split("\t")[3] == "=1+1"


def test_a_template_that_libreoffice_saved_is_filled_with_its_picture(soffice: str, tmp_path: Path) -> None:
    path = add_pictures(a_list(tmp_path / "t.xlsx", _dressed), [(6, 9, "oneCell")])
    (tmp_path / "saved").mkdir()
    saved = shutil.move(convert(soffice, path, "xlsx:Calc MS Excel 2007 XML"), tmp_path / "saved" / "s.xlsx")
    lines = some_lines(4)
    result = fill(saved, lines).path
    page: Any = load_workbook(result).worksheets[0]
    assert [page.cell(FIRST + n, 2).value for n in range(4)] == [line["number"] for line in lines]
    assert page["F9"].value == "=SUM(F5:F8)"
    assert "A11:B11" in {str(merge) for merge in page.merged_cells.ranges}
    assert [name for name in parts_of(result) if name.startswith("xl/media/")]
    if shutil.which("pdfimages") is None:
        pytest.skip("pdfimages is not here (poppler-utils)")
    pdf = convert(soffice, result, "pdf")
    listed = subprocess.run(["pdfimages", "-list", str(pdf)], check=True, capture_output=True, timeout=60).stdout  # noqa: S607
    assert len(listed.splitlines()) > 2  # two lines of heading, and the picture


def test_each_form_is_a_page_of_its_own_with_its_picture(soffice: str, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None or shutil.which("pdfimages") is None:
        pytest.skip("pdftotext and pdfimages are not here (poppler-utils)")
    path = add_pictures(
        a_form(tmp_path / "f.xlsx", lambda page: setattr(page, "print_area", "A1:I9")), [(4, 6, "oneCell")]
    )
    pdf = convert(soffice, fill(path, some_lines(3)).path, "pdf")
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, timeout=60).stdout.decode()  # noqa: S607
    assert [line["number"] in page for line, page in zip(some_lines(3), text.split("\f"), strict=False)] == [True] * 3
    listed = subprocess.run(["pdfimages", "-list", str(pdf)], check=True, capture_output=True, timeout=60).stdout  # noqa: S607
    assert len({line.split()[0] for line in listed.splitlines()[2:]}) == 3
