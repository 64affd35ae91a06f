"""Writes a grid as an .xlsx workbook: the only importer of openpyxl (240 ms, so nothing imports this at start-up).

openpyxl makes the workbook around the cells: styles, page, print titles, merges. The rows themselves are put into its
sheet as text (:mod:`desk_app.sheets.cells`), because its cells are nine tenths of the time.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from desk_app.errors import BugError
from desk_app.sheets.cells import column_letter, rows_xml
from desk_app.sheets.grid import Grid, Look, Role
from desk_app.sheets.sheet import Kind, Paper
from desk_app.sheets.target import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_MILLIMETRES_PER_INCH = 25.4
_FOOTER_INCHES = 0.2
_PAPER_CODES = {Paper.A3: 8, Paper.A4: 9}
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm", Kind.NUMBER: "0", Kind.AMOUNT: "#,##0.00"}
_TEXT_FORMAT = "@"
_LINE = Side(style="thin", color="FF808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="FFF2F2F2")
_SHEET_PART = "xl/worksheets/sheet1.xml"
_DIMENSION = re.compile(r'(<dimension ref=")[^"]*')
_NO_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>\s*</sheetData>")


def write_workbook(grid: Grid, path: Path) -> None:
    """Write the grid to ``path``, whole or not at all; a file that is there is replaced.

    Raises:
        KnownError: ``target_open``, ``disk_full``, ``target_unwritable`` (:func:`target.replace_file`).
    """
    book = Workbook()
    book.properties.creator = "Complaint Desk"
    book.properties.title = grid.title
    _set_default_font(book, grid)
    page = book.worksheets[0]
    page.title = grid.title
    styles = _styles(page, grid, {look for row in grid.rows for look in row.looks})
    for column, width in enumerate(grid.widths, 1):
        page.column_dimensions[column_letter(column)].width = width / (grid.font.size / 2)
    _merge(page, grid)
    _set_up_page(page, grid)
    shell = BytesIO()
    book.save(shell)
    replace_file(path, _fill(shell, grid, "".join(rows_xml(grid, styles))).getbuffer())


def _fill(shell: BytesIO, grid: Grid, rows: str) -> BytesIO:
    """Return a copy of the workbook with these rows in its only sheet, which has none yet."""
    filled = BytesIO()
    with ZipFile(shell) as source, ZipFile(filled, "w", ZIP_DEFLATED) as target:
        for part in source.namelist():
            data = source.read(part)
            if part == _SHEET_PART:
                before, after = _around_rows(data.decode("utf-8"))
                before = _DIMENSION.sub(rf"\g<1>{_area(grid)}", before)
                data = f"{before}<sheetData>{rows}</sheetData>{after}".encode()
            target.writestr(part, data)
    return filled


def _around_rows(xml: str) -> tuple[str, str]:
    parts = _NO_ROWS.split(xml)
    if len(parts) != 2:  # noqa: PLR2004
        raise BugError("openpyxl wrote the empty sheet in a way this does not know")
    return parts[0], parts[1]


def _area(grid: Grid) -> str:
    return f"A1:{column_letter(len(grid.widths))}{len(grid.rows)}"


def _set_default_font(book: Workbook, grid: Grid) -> None:
    """Make the sheet's font the workbook's: column widths count its digits, so they fit whatever stands in for it."""
    font = Font(name=grid.font.family, size=grid.font.size)
    inner: Any = book
    inner._fonts = IndexedList([font])  # noqa: SLF001 -- the first is that of cells without a style
    inner._named_styles["Normal"].font = font  # noqa: SLF001


def _styles(page: Worksheet, grid: Grid, looks: Iterable[Look]) -> Mapping[Look, int]:
    """Register one cell format for each look, by a cell that is not part of the sheet; return their indexes."""
    styles = {}
    for look in looks:
        cell = Cell(page, 1, 1)
        cell.font = _font(look.role, grid)
        cell.number_format = _FORMATS.get(look.kind, _TEXT_FORMAT)
        cell.alignment = Alignment(
            horizontal=look.align.value,
            vertical="top" if look.role in (Role.BODY, Role.FOOT) else "center",
            wrap_text=look.role in (Role.BODY, Role.HEAD) and look.kind is Kind.TEXT,
            shrink_to_fit=look.kind is not Kind.TEXT,  # rather small than #####
        )
        if look.role in (Role.HEAD, Role.BODY, Role.EMPTY):
            cell.border = _BOX
        if look.role is Role.HEAD:
            cell.fill = _SHADE
        styles[look] = cell.style_id
    return styles


def _font(role: Role, grid: Grid) -> Font:
    if role is Role.TITLE:
        return Font(name=grid.title_font.family, size=grid.title_font.size, bold=True)
    size = grid.font.size + (1 if role in (Role.SHOP, Role.SIGN_OFF) else 0)
    return Font(name=grid.font.family, size=size, bold=role is Role.HEAD)


def _merge(page: Worksheet, grid: Grid) -> None:
    """Add the merges as they are: ``merge_cells`` compares each with all others and makes the cells anew."""
    page.merged_cells.ranges.update(
        CellRange(min_row=m.first_row, min_col=m.first_column, max_row=m.last_row, max_col=m.last_column)
        for m in grid.merges
    )


def _set_up_page(page: Worksheet, grid: Grid) -> None:
    top, right, bottom, left = (side / _MILLIMETRES_PER_INCH for side in grid.page.margins)
    page.page_margins = PageMargins(left, right, top, bottom, header=_FOOTER_INCHES, footer=_FOOTER_INCHES)
    page.page_setup.paperSize = _PAPER_CODES[grid.page.paper]
    page.page_setup.orientation = grid.page.orientation.value
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0  # one page wide, as many high as it takes
    page.print_options.horizontalCentered = True
    page.print_title_rows = f"1:{grid.head_rows}"
    page.print_area = _area(grid)
    page.freeze_panes = f"A{grid.head_rows + 1}"
    number = grid.page_number.replace("&", "&&").format(page="&P", pages="&N")
    page.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(number, size=round(grid.font.size)))
