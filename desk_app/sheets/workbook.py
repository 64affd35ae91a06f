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
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.grid import Grid, Look, Role
from desk_app.sheets.sheet import Kind
from desk_app.sheets.target import replace_file

if TYPE_CHECKING:
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

_MILLIMETRES_PER_INCH = 25.4
_FOOTER_INCHES = 0.2
_PAPER_CODES = {"A3": 8, "A4": 9}
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
    page = book.active
    page.title = grid.title
    _set_default_font(book, grid)
    _put_cells(page, grid)
    _merge(page, grid)
    _set_up_page(page, grid)
    buffer = BytesIO()
    book.save(buffer)
    book.close()
    replace_file(path, buffer.getbuffer())


def _put_cells(page: Worksheet, grid: Grid) -> None:
    """Fill the cells directly: ``cell.value = …`` guesses types, and a style made for each cell takes thrice as long."""
    styles = _styles(page, grid, {look for row in grid.rows for look in row.looks})
    cells = page._cells  # noqa: SLF001
    for number, row in enumerate(grid.rows, 1):
        page.row_dimensions[number].height = row.height
        for column, (value, look) in enumerate(zip(row.values, row.looks, strict=True), 1):
            cell = cells[number, column] = Cell(page, number, column)
            cell._style = styles[look]  # noqa: SLF001
            if value is not None:
                if isinstance(value, str):
                    cell._value, cell.data_type = _safe(value), "s"
                else:
                    cell._value = value
                    cell.data_type = "n" if isinstance(value, (int, Decimal)) else "d"
    for column, width in enumerate(grid.widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width / (grid.font.size / 2)


def _set_default_font(book: Workbook, grid: Grid) -> None:
    """Make the sheet's font the workbook's: widths of columns count its digits, so they fit whatever stands in for it."""
    font = Font(name=grid.font.family, size=grid.font.size)
    book._fonts = IndexedList([font])  # noqa: SLF001 -- its first font is that of cells without a style
    book._named_styles["Normal"].font = font  # noqa: SLF001


def _safe(text: str) -> str | CellRichText:
    text = strip_unstorable(text)
    if "_x" in text and len(parts := _INSIDE_ESCAPE.split(text)) > 1:
        return CellRichText(parts)
    return text


def _styles(page: Worksheet, grid: Grid, looks: Iterable[Look]) -> Mapping[Look, StyleArray]:
    """Register one style for each look, with a cell that is not part of the sheet."""
    styles = {}
    for look in looks:
        cell = Cell(page, 1, 1)
        cell.font = _font(look.role, grid)
        cell.number_format = _FORMATS.get(look.kind, _TEXT_FORMAT)
        top = look.role in (Role.BODY, Role.FOOT)
        cell.alignment = Alignment(
            horizontal=str(look.align),
            vertical="top" if top else "center",
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
    page.page_setup.paperSize = _PAPER_CODES[grid.page.paper]
    page.page_setup.orientation = grid.page.orientation
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    margins = page.page_margins
    margins.top, margins.right, margins.bottom, margins.left = top, right, bottom, left
    margins.header = margins.footer = _FOOTER_INCHES
    page.print_options.horizontalCentered = True
    page.print_title_rows = f"1:{grid.head_rows}"
    page.print_area = f"A1:{get_column_letter(len(grid.widths))}{len(grid.rows)}"
    page.freeze_panes = f"A{grid.head_rows + 1}"
    page.oddFooter.center.text = grid.page_number.replace("&", "&&").format(page="&P", pages="&N")
    page.oddFooter.center.size = round(grid.font.size)
