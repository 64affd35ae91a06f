"""Writes a grid as an .xlsx workbook: the only importer of openpyxl (240 ms, so nothing imports this at start-up).

What openpyxl 3.1 and LibreOffice 7.4 were seen to do, and what is done about it here:

- A text that begins with ``=`` becomes a formula and ``#N/A`` an error when it is assigned to a cell: texts are put
  into the cell as texts.
- U+FFFE, U+FFFF, control characters and halves of surrogate pairs give a file that no reader opens: they are dropped.
- A literal ``_x000D_`` is shown as a control character by spreadsheets (ECMA-376 22.9.2.19). The usual escape
  ``_x005F_x000D_`` is not undone by openpyxl's reader. Split over two runs of rich text (``_`` and ``x000D_``) it is no
  escape at all, and openpyxl and LibreOffice both give back what was stored.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.grid import Grid, Look, Role
from desk_app.sheets.sheet import Kind, Paper
from desk_app.sheets.target import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

_MILLIMETRES_PER_INCH = 25.4
_FOOTER_INCHES = 0.2
_PAPER_CODES = {Paper.A3: 8, Paper.A4: 9}
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm", Kind.NUMBER: "0", Kind.AMOUNT: "#,##0.00"}
_TEXT_FORMAT = "@"
_LINE = Side(style="thin", color="FF808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="FFF2F2F2")
_INSIDE_ESCAPE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")


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
    _put_cells(page, grid)
    _merge(page, grid)
    _set_up_page(page, grid)
    buffer = BytesIO()
    book.save(buffer)
    replace_file(path, buffer.getbuffer())


def _set_default_font(book: Workbook, grid: Grid) -> None:
    """Make the sheet's font the workbook's: column widths count its digits, so they fit whatever stands in for it."""
    font = Font(name=grid.font.family, size=grid.font.size)
    inner: Any = book
    inner._fonts = IndexedList([font])  # noqa: SLF001 -- the first is that of cells without a style
    inner._named_styles["Normal"].font = font  # noqa: SLF001


def _put_cells(page: Worksheet, grid: Grid) -> None:
    """Fill the cells past their setters, which guess types and, a style made for each cell, take thrice as long."""
    styles = _styles(page, grid, {look for row in grid.rows for look in row.looks})
    inner: Any = page
    cells = inner._cells  # noqa: SLF001
    for number, row in enumerate(grid.rows, 1):
        page.row_dimensions[number].height = row.height
        for column, (value, look) in enumerate(zip(row.values, row.looks, strict=True), 1):
            cell: Any = Cell(page, number, column)
            cells[number, column] = cell
            cell._style = styles[look]  # noqa: SLF001
            if value is not None:
                cell._value, cell.data_type = _typed(value)  # noqa: SLF001
    for column, width in enumerate(grid.widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width / (grid.font.size / 2)


def _typed(value: str | int | Decimal | datetime) -> tuple[object, str]:
    """Return what a cell holds and the letter of its type: never a formula, never an error."""
    if isinstance(value, str):
        return _safe(value), "s"
    return value, "d" if isinstance(value, datetime) else "n"


def _safe(text: str) -> str | CellRichText:
    text = strip_unstorable(text)
    if "_x" in text and len(parts := _INSIDE_ESCAPE.split(text)) > 1:
        return CellRichText(parts)
    return text


def _styles(page: Worksheet, grid: Grid, looks: Iterable[Look]) -> Mapping[Look, StyleArray]:
    """Register one style for each look, with a cell that is not part of the sheet."""
    styles = {}
    for look in looks:
        cell: Any = Cell(page, 1, 1)
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
        styles[look] = cell._style  # noqa: SLF001
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
    page.print_area = f"A1:{get_column_letter(len(grid.widths))}{len(grid.rows)}"
    page.freeze_panes = f"A{grid.head_rows + 1}"
    number = grid.page_number.replace("&", "&&").format(page="&P", pages="&N")
    page.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(number, size=round(grid.font.size)))
