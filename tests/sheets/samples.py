"""A small sheet and its lines, for tests that say themselves what matters in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook

from desk_app.domain.sheet_lines import Each, Facts, Of
from desk_app.services.rules import load_rules
from desk_app.sheets.heading import period_heading
from desk_app.sheets.layout import lay_out
from desk_app.sheets.sheet import Align, Column, Font, Kind, Orientation, Page, Paper, Phrases, Shape, Sheet
from desk_app.sheets.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.sheets.grid import Grid

_RULES = load_rules()
FACTS = Facts(_RULES.fields, _RULES.actions)
"""What sheets can ask for."""
SHANGHAI = timezone(timedelta(hours=8))
MADE_AT = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI)
HEADING = period_heading("云栖酒店", (date(2026, 10, 1), date(2026, 10, 31)), by="小周", at=MADE_AT)

_PHRASES = Phrases(
    period="期间：{year}年{month}月（{first} 至 {last}）　共 {count} 件",
    made="导出：{by}　{at}",
    empty="本期没有登记",
    page_number="第 {page} 页　共 {pages} 页",
    cut="…（已截断）",
    cut_note="有 {cut} 处已截断",
)
_COLUMNS = (
    Column(("serial",), "序号", 4, Kind.NUMBER, Align.CENTER),
    Column(("number",), "受理编号", 16, Kind.TEXT, Align.CENTER),
    Column(("received_at",), "受理时间", 17, Kind.DATETIME, Align.CENTER),
    Column(("content",), "投诉理由", 40, Kind.TEXT, Align.LEFT),
    Column(("customer_phone",), "联系方式", 12, Kind.TEXT, Align.LEFT),
    Column(("amount",), "涉及金额", 10, Kind.AMOUNT, Align.RIGHT),
)


def a_sheet(**changes: Any) -> Sheet:
    """Return a list of six columns on A4 landscape; changes are its fields."""
    values: dict[str, Any] = {
        "id": "small",
        "title": "小登记表",
        "shape": Shape.LIST,
        "of": Of(Each.CASE),
        "order": 1,
        "page": Page(Paper.A4, Orientation.LANDSCAPE, (9, 8, 12, 8)),
        "font": Font("宋体", 9),
        "title_font": Font("宋体", 18),
        "control": (("文件编号", "KF-JL-01"), ("版本", "A/0")),
        "columns": _COLUMNS,
        "sign_off": ("制表", "审核", "批准", "日期"),
        "foot": "",
        "phrases": _PHRASES,
    }
    return Sheet(**{**values, **changes})


def a_line(number: int = 1, **changes: object) -> Mapping[str, Any]:
    """Return what :func:`a_sheet` asks for of one case."""
    return {
        "number": f"TS-20261001-{number:03}",
        "received_at": datetime(2026, 10, 1, 8, number % 60, 30, tzinfo=SHANGHAI),
        "content": "房间空调不制冷",
        "customer_phone": "013800138000",
        "amount": None,
        **changes,
    }


def grid_of(*lines: Mapping[str, Any], **changes: object) -> Grid:
    """Lay out :func:`a_sheet` with these lines."""
    return lay_out(a_sheet(**changes), lines, HEADING)


def written(grid: Grid, folder: Path) -> Worksheet:
    """Write a grid and read it back as another program would."""
    path = folder / "sheet.xlsx"
    write_workbook([grid], path)
    return read(path)


def read(path: Path) -> Worksheet:
    """Read the only sheet of a workbook."""
    book = load_workbook(path)
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def written_forms(grid: Grid, folder: Path) -> Worksheet:
    """Write forms and read them back, below each other whatever worksheets they are on."""
    path = folder / "forms.xlsx"
    write_workbook([grid], path)
    return read_forms(path)


def read_forms(path: Path) -> Worksheet:
    """Read the forms of a workbook, one on each worksheet, as if they stood below each other."""
    pages = load_workbook(path).worksheets
    stack = Workbook().worksheets[0]
    for page in pages:
        above = stack.max_row if stack.max_row > 1 else 0
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None:
                    stack.cell(above + cell.row, cell.column, cell.value)
        for area in list(page.merged_cells.ranges):
            area.shift(row_shift=above)
            stack.merge_cells(area.coord)
    return stack


def column(page: Worksheet, label: str) -> list[Any]:
    """Return the values under a header, from the first case's row to the last row that has a serial number."""
    head = next(row for row in page.iter_rows() if row[0].value == "序号")
    place = next(cell.column for cell in head if cell.value == label)
    rows = range(head[0].row + 1, page.max_row + 1)
    return [page.cell(row, place).value for row in rows if isinstance(page.cell(row, 1).value, int)]


def cases_in(page: Worksheet) -> Iterable[str]:
    """Return every case number that is anywhere on the sheet, as often as it is there."""
    return [c.value for row in page.iter_rows() for c in row if str(c.value).startswith("TS-")]
