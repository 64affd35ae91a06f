"""Writes the rows of a filled worksheet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.cells import content_xml, text_xml
from desk_app.sheets.fit import count_lines
from desk_app.sheets.heading import shown
from desk_app.sheets.paper import MOST_POINTS, fitted, height_of
from desk_app.sheets.template.dom import child, children
from desk_app.sheets.template.page import column_number, merges_of
from desk_app.sheets.template.slots import Slot
from desk_app.sheets.template.styles import DAY, MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.dom.minidom import Element

    from desk_app.domain.wording import Value
    from desk_app.sheets.template.page import CellPattern, Page, RowPattern, Run
    from desk_app.sheets.template.references import Moves
    from desk_app.sheets.template.styles import Styles

Values: TypeAlias = "Mapping[str, Value | date]"

_CELL_PADDING = 5.0  # points
_WIDTH = 8.43  # of a column that says nothing, in digits of the workbook's font
_HEIGHT = 15.0  # of a row that says nothing, in points
_CUT = "…"
_SINCE_1904 = timedelta(days=1462)


class Room:
    """How much room the cells of a worksheet have: columns, rows and merges, in points."""

    def __init__(self, page: Page, size: float) -> None:
        form = child(page.root, "sheetFormatPr")
        self._digit = size / 2
        self._width = float((form.getAttribute("defaultColWidth") if form is not None else "") or _WIDTH)
        self._height = float((form.getAttribute("defaultRowHeight") if form is not None else "") or _HEIGHT)
        self._columns = list(_columns(page.root))
        self._heights = {row.number: self.height(row) for row in page.rows}
        self._merged = dict(map(_corner, merges_of(page.root)))

    def height(self, row: RowPattern) -> float:
        """Return how high a row is in the template."""
        return self._height if row.height is None else row.height

    def of(self, cell: CellPattern, row: int) -> tuple[float, float]:
        """Return the width of a cell, and how high the other rows are that it reaches into by a merge."""
        last_column, last_row = self._merged.get((cell.column, row), (cell.column, row))
        wide = sum(map(self._width_of, range(cell.column, last_column + 1)))
        high = sum(self._heights.get(number, self._height) for number in range(row + 1, last_row + 1))
        return wide * self._digit - _CELL_PADDING, high

    def _width_of(self, column: int) -> float:
        return next((width for first, last, width in self._columns if first <= column <= last), self._width)


class RowWriter:
    """Writes rows, and counts what of the texts could not be shown in full."""

    def __init__(self, styles: Styles, *, since_1904: bool) -> None:
        self.cut = 0
        """Texts longer than a cell can hold, which end in … now."""
        self.cut_in_headers = 0
        """Headers and footers with values that are longer than a spreadsheet takes."""
        self.hidden = 0
        """Texts that are whole in their cell but need more than the highest row there can be."""
        self._styles = styles
        self._since_1904 = since_1904

    def write(self, row: RowPattern, number: int, values: Values, moves: Moves, room: Room) -> str:
        """Return a row of the template filled, as XML; it grows where a text that wraps needs more lines."""
        height = room.height(row)
        needed = height
        cells = []
        for cell in row.cells:
            place = f'<c r="{cell.letter}{number}"'
            if cell.runs:
                rest, text = self._filled(cell, values)
                needed = max(needed, self._needed(cell, text, row.number, room)) if text else needed
                cells.append(f"{place}{rest}")
            elif cell.formula:
                cells.append(f'{place} s="{cell.style}"{cell.rest}>{_formula(cell, moves)}</c>')
            else:
                cells.append(f'{place} s="{cell.style}"{cell.rest}')
        tall = row.height_xml
        if needed > height:
            tall = f' ht="{min(needed, MOST_POINTS):g}" customHeight="1"'
            self.hidden += needed > MOST_POINTS
        return f'<row r="{number}"{row.attributes}{tall}>{"".join(cells)}</row>'

    def _filled(self, cell: CellPattern, values: Values) -> tuple[str, str]:
        """Return the rest of a cell's element, and the text that it shows (empty: a number or a date)."""
        match cell.runs:
            case [run] if len(run.pieces) == 1 and isinstance(run.pieces[0], Slot):
                value = values.get(run.pieces[0].key)
                if isinstance(value, date):
                    style = self._styles.for_time(cell.style, MOMENT if isinstance(value, datetime) else DAY)
                    return f' s="{style}"{content_xml(self._moment(value))}', ""
                if isinstance(value, (int, Decimal)):
                    return f' s="{cell.style}"{content_xml(value)}', ""
        whole = strip_unstorable("".join(_shown(run, values) for run in cell.runs))
        text = self._fit(whole)
        if not text:
            return f' s="{cell.style}"/>', ""
        style = self._styles.for_text(cell.style, text)
        if len(cell.runs) == 1 or text != whole:
            return f' s="{style}"{content_xml(text)}', text
        runs = "".join(text_xml(said, run.look) for run in cell.runs if (said := _shown(run, values)))
        return f' s="{style}" t="inlineStr"><is>{runs}</is></c>', text

    def _moment(self, day: date) -> datetime:
        """Return a moment as the workbook counts it, by the wall clock."""
        moment = day.replace(tzinfo=None) if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
        return moment - _SINCE_1904 if self._since_1904 else moment

    def _fit(self, text: str) -> str:
        kept = fitted(text, _CUT)
        self.cut += kept != text
        return kept

    def _needed(self, cell: CellPattern, text: str, row: int, room: Room) -> float:
        """Return how high a row must be to show a text, 0 for one that stays on its line."""
        if not self._styles.wraps(cell.style):
            return 0
        size = self._styles.size_of(cell.style)
        width, high = room.of(cell, row)
        lines = count_lines(text, max(int(width / (size / 2)), 1))
        return height_of(lines, size) - high if lines > 1 else 0


def _shown(run: Run, values: Values) -> str:
    return "".join(shown(values.get(piece.key)) if isinstance(piece, Slot) else piece for piece in run.pieces)


def _formula(cell: CellPattern, moves: Moves) -> str:
    """Return a formula without its last result, which is no longer true."""
    area = f' t="array" ref={quoteattr(moves.area(cell.formula_area))}' if cell.formula_area else ""
    return f"<f{area}>{escape(moves.formula(cell.formula))}</f>"


def _columns(root: Element) -> Iterator[tuple[int, int, float]]:
    parent = child(root, "cols")
    for node in children(parent, "col") if parent is not None else []:
        if node.getAttribute("width"):
            yield int(node.getAttribute("min")), int(node.getAttribute("max")), float(node.getAttribute("width"))


def _corner(area: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and the last cell of a merge, each as column and row."""
    first, _, last = area.partition(":")
    return _cell(first), _cell(last or first)


def _cell(place: str) -> tuple[int, int]:
    letters = place.rstrip("0123456789")
    return column_number(letters), int(place[len(letters) :])
