"""Files of every kind as LibreOffice opens them."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from desk_app.sheets.csv_file import CsvEncoding, write_csv
from desk_app.sheets.workbook import read_properties, write_workbook
from tests.sheets.grids import figures, forms
from tests.sheets.office import GB18030, UTF_8, convert, csv_filter
from tests.sheets.samples import a_line, column, grid_of, read

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS = ["=1+1", "+86 13800138000", "-5℃", "@SUM(A1)", "＝1+1", "\t=1", "多行\n第二行", '他说"好"', "𠮷野家", "a,b;c"]


@pytest.mark.slow
@pytest.mark.parametrize(("encoding", "number"), [(CsvEncoding.UTF_8, UTF_8), (CsvEncoding.GB18030, GB18030)])
def test_a_list_of_both_encodings_is_opened_without_a_formula(
    encoding: CsvEncoding, number: int, soffice: str, tmp_path: Path
) -> None:
    lines = [a_line(n, content=text, amount=Decimal("-3.50")) for n, text in enumerate(_TEXTS, 1)]
    path = tmp_path / "list.csv"
    write_csv(grid_of(*lines), path, encoding)
    page = read(convert(soffice, path, "xlsx", f"--infilter={csv_filter(number)}"))
    assert [str(text).removeprefix("'") for text in column(page, "投诉理由")] == _TEXTS
    assert column(page, "涉及金额") == [-3.5] * len(_TEXTS)
    assert not [cell.value for row in page.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.slow
def test_each_form_is_a_page_and_each_grid_a_tab(soffice: str, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (poppler-utils)")
    path = tmp_path / "book.xlsx"
    write_workbook([forms(3), figures(), grid_of(a_line(1))], path)
    pdf = convert(soffice, path, "pdf")
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60)  # noqa: S607
    pages = done.stdout.decode("utf-8").split("\f")[:-1]
    assert [re.findall(r"TS-\d{8}-\d{3}", page) for page in pages] == [
        ["TS-20261001-001"],
        ["TS-20261001-002"],
        ["TS-20261001-003"],
        [],
        ["TS-20261001-001"],
    ]
    assert "=小明" in pages[0]
    shares = re.findall(r"\d+%", pages[3])
    assert {"50%", "30%", "20%"} <= set(shares)  # of the pie, reckoned from the cells
    assert pages[3].count("设施设备") >= 3  # the cell, the axis of the bars, the legend of the pie


@pytest.mark.slow
def test_the_workbook_is_saved_again_with_its_charts_and_its_properties(soffice: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook([figures()], path, {"export": "0190-7f"})
    path = convert(soffice, convert(soffice, path, "ods"), "xlsx")
    assert read_properties(path)["export"] == "0190-7f"
    charts = read(path)._charts
    assert [type(chart).__name__ for chart in charts] == ["BarChart", "PieChart", "LineChart"]
    assert charts[0].series[1].val.numRef.f == "投诉统计!$C$2:$C$4"
