"""Writes grids as an .xlsx workbook with openpyxl (240 ms to import, so nothing imports this at start-up).

openpyxl makes the workbook around the cells: styles, pages, print titles, merges, charts. The rows themselves are put
into its sheets as text (:mod:`desk_app.sheets.cells`), because its cells are nine tenths of the time.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.functions import fromstring

from desk_app.domain.text import strip_unstorable
from desk_app.errors import BugError, KnownError
from desk_app.sheets.cells import column_letter, rows_xml
from desk_app.sheets.charts import draw_charts
from desk_app.sheets.grid import BOLD, FRAMED, PROOF_SIZE, SHADED, Edge, Grid, Look, Role
from desk_app.sheets.sheet import Kind, Paper
from desk_app.sheets.tabs import in_tabs, tab_names
from desk_app.sheets.target import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_MILLIMETRES_PER_INCH = 25.4
_FOOTER_INCHES = 0.2
_PAPER_CODES = {Paper.A3: 8, Paper.A4: 9}
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm", Kind.NUMBER: "0", Kind.AMOUNT: "#,##0.00"}
_TEXT_FORMAT = "@"
_LINE = Side(style="thin", color="FF808080")
_THICK = Side(style="medium", color="FF000000")
_SIDES = (Edge.LEFT, Edge.RIGHT, Edge.TOP, Edge.BOTTOM)
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="FFF2F2F2")
_SHEET_PART = "xl/worksheets/sheet{}.xml"
_BOOK_PART, _PROPERTIES_PART = "xl/workbook.xml", "docProps/custom.xml"
_MOST_BYTES_OF_PROPERTIES = 1_000_000
_DIMENSION = re.compile(r'(<dimension ref=")[^"]*')
_NO_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_ROWS_AT_ONCE = 500


def write_workbook(grids: Sequence[Grid], path: Path, properties: Mapping[str, str] | None = None) -> None:
    """Write each grid on a worksheet, into ``path``, whole or not at all; a file that is there is replaced.

    There is at least one grid. ``properties`` are kept in the workbook beside its sheets (custom document properties:
    a spreadsheet shows them with the file's other properties, and keeps them when it saves the file).

    Raises:
        KnownError: ``target_open``, ``disk_full``, ``target_unwritable`` (:func:`target.replace_file`).
    """
    tabs = [tab for grid in grids for tab in in_tabs(grid)]
    book: Any = Workbook()  # Any: its stubs know nothing of custom_doc_props
    book.remove(book.worksheets[0])
    book.properties.creator = "Complaint Desk"
    book.properties.title = grids[0].title
    for name, value in (properties or {}).items():
        book.custom_doc_props.append(StringProperty(name=name, value=strip_unstorable(value)))
    _set_default_font(book, grids[0])
    rows = {}
    for number, (grid, name) in enumerate(zip(tabs, tab_names(tab.title for tab in tabs), strict=True), 1):
        page = book.create_sheet()
        page.title = name
        _set_up_sheet(page, grid, digit=grids[0].font.size / 2)
        rows[_SHEET_PART.format(number)] = grid, _styles(page, grid)
    shell = BytesIO()
    book.save(shell)
    for part in (*book.worksheets, book):  # they hold each other: all in them would stay until garbage is looked for
        vars(part).clear()
    replace_file(path, _fill(shell, rows).getbuffer())


def read_properties(path: Path) -> Mapping[str, str]:
    """Return the properties that a workbook was written with, none where it has none; other programs' are there too.

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``not_a_workbook`` (a password makes it none, too).
    """
    try:
        with ZipFile(path) as parts:
            parts.getinfo(_BOOK_PART)
            if _PROPERTIES_PART not in parts.namelist():
                return {}
            if parts.getinfo(_PROPERTIES_PART).file_size > _MOST_BYTES_OF_PROPERTIES:
                raise KnownError("not_a_workbook", path=path)
            found = fromstring(parts.read(_PROPERTIES_PART))
    except FileNotFoundError as error:
        raise KnownError("file_missing", path=path) from error
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror or str(error)) from error
    except (BadZipFile, KeyError, SyntaxError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise KnownError("not_a_workbook", path=path) from error
    return {entry.get("name", ""): "".join(entry.itertext()) for entry in found}


def _fill(shell: BytesIO, rows: Mapping[str, tuple[Grid, Mapping[Look, int]]]) -> BytesIO:
    """Return a copy of the workbook with the rows in its worksheets, which have none yet; by the names of the parts."""
    filled = BytesIO()
    with ZipFile(shell) as source, ZipFile(filled, "w", ZIP_DEFLATED) as target:
        for part in source.namelist():
            data = source.read(part)
            if part not in rows:
                target.writestr(part, data)
                continue
            with target.open(part, "w", force_zip64=True) as stream:
                for piece in _with_rows(data.decode("utf-8"), *rows[part]):
                    stream.write(piece.encode("utf-8"))
    return filled


def _with_rows(xml: str, grid: Grid, styles: Mapping[Look, int]) -> Iterator[str]:
    parts = _NO_ROWS.split(xml)
    if len(parts) != 2:  # noqa: PLR2004
        raise BugError("openpyxl wrote the empty sheet in a way this does not know")
    before, after = parts
    yield _DIMENSION.sub(rf"\g<1>{_area(grid)}", before) + "<sheetData>"
    rows = rows_xml(grid, styles)
    while some := "".join(islice(rows, _ROWS_AT_ONCE)):
        yield some
    yield "</sheetData>" + after


def _area(grid: Grid) -> str:
    return f"A1:{column_letter(len(grid.widths))}{len(grid.rows)}"


def _set_default_font(book: Workbook, grid: Grid) -> None:
    """Make the sheet's font the workbook's: column widths count its digits, so they fit whatever stands in for it."""
    font = Font(name=grid.font.family, size=grid.font.size)
    inner: Any = book
    inner._fonts = IndexedList([font])  # noqa: SLF001 -- the first is that of cells without a style
    inner._named_styles["Normal"].font = font  # noqa: SLF001


def _styles(page: Worksheet, grid: Grid) -> Mapping[Look, int]:
    """Register one cell format for each look, by a cell that is not part of the sheet; return their indexes."""
    styles = {}
    for look in _looks(grid):
        cell = Cell(page, 1, 1)
        cell.font = _font(look.role, grid)
        cell.number_format = _FORMATS.get(look.kind, _TEXT_FORMAT)
        cell.alignment = Alignment(
            horizontal=look.align.value,
            vertical="top" if look.is_at_top else "center",
            wrap_text=look.is_wrapped,
            shrink_to_fit=look.kind is not Kind.TEXT,  # rather small than #####
        )
        if look.role in FRAMED:
            cell.border = _box(look.thick)
        if look.role in SHADED:
            cell.fill = _SHADE
        styles[look] = cell.style_id
    return styles


def _box(thick: Edge) -> Border:
    """Return the lines around a cell."""
    if not thick:
        return _BOX
    left, right, top, bottom = (_THICK if edge in thick else _LINE for edge in _SIDES)
    return Border(left=left, right=right, top=top, bottom=bottom)


def _looks(grid: Grid) -> Iterable[Look]:
    """Return every look of the grid, once, in order."""
    rows = {id(row.looks): row.looks for row in grid.rows}  # the lines of a list share theirs
    return dict.fromkeys(look for looks in rows.values() for look in looks)


def _font(role: Role, grid: Grid) -> Font:
    if role is Role.TITLE:
        return Font(name=grid.title_font.family, size=grid.title_font.size, bold=True)
    size = grid.font.size + (1 if role in (Role.SHOP, Role.SIGN_OFF) else 0)
    return Font(name=grid.font.family, size=size, bold=role in BOLD)


def _set_up_sheet(page: Worksheet, grid: Grid, digit: float) -> None:
    """Give a worksheet all but its rows; ``digit`` is how wide a digit of the workbook's font is, in points."""
    for column, width in enumerate(grid.widths, 1):
        page.column_dimensions[column_letter(column)].width = width / digit
    # The merges as they are: merge_cells() compares each with all others and makes the cells anew.
    page.merged_cells.ranges.update(
        CellRange(min_row=m.first_row, min_col=m.first_column, max_row=m.last_row, max_col=m.last_column)
        for m in grid.merges
    )
    page.row_breaks.brk = [Break(id=row) for row in grid.breaks]  # append() copies the list each time
    _set_up_page(page, grid)
    draw_charts(page, grid)


def _set_up_page(page: Worksheet, grid: Grid) -> None:
    top, right, bottom, left = (side / _MILLIMETRES_PER_INCH for side in grid.page.margins)
    page.page_margins = PageMargins(left, right, top, bottom, header=_FOOTER_INCHES, footer=_FOOTER_INCHES)
    page.page_setup.paperSize = _PAPER_CODES[grid.page.paper]
    page.page_setup.orientation = grid.page.orientation.value
    # One page wide, as many high as it takes. A scale instead would be wrong wherever another font stands in: with
    # one, LibreOffice makes the columns a quarter wider.
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_options.horizontalCentered = True
    page.print_area = _area(grid)
    if grid.head_rows:
        page.print_title_rows = f"1:{grid.head_rows}"
        page.freeze_panes = f"A{grid.head_rows + 1}"
    number = grid.page_number.replace("&", "&&").format(page="&P", pages="&N")
    what, who = grid.proof
    page.oddFooter = HeaderFooterItem(
        left=_small(what), right=_small(who), center=_HeaderFooterPart(number, size=round(grid.font.size))
    )


def _small(text: str) -> _HeaderFooterPart:
    return _HeaderFooterPart(text.replace("&", "&&"), size=round(PROOF_SIZE))
