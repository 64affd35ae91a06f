"""What lists and forms have in common on paper: heights, rows across the columns, the head and the tail of a sheet."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from desk_app.sheets.fit import count_lines
from desk_app.sheets.grid import CellValue, Look, Merge, Role, Row
from desk_app.sheets.sheet import Align

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desk_app.sheets.heading import Heading
    from desk_app.sheets.sheet import Sheet

CELL_LIMIT = 32_767
"""The most UTF-16 units a spreadsheet's cell holds."""
MOST_POINTS = 409.5
"""The greatest height of a spreadsheet's row, in points."""
PADDING = 4.0
"""Above and below the text of a row together, points."""
_LEADING = 1.25  # line pitch over size: 宋体 in Excel; what stands in for it elsewhere mostly has less
_PIXEL = 0.75  # points
_CELL_PADDING = 5.0  # left and right of the text together, points
_SIGN_HERE = "＿" * 10
_BARE = Look(Role.FOOT)


def column_width(characters: int, sheet: Sheet) -> float:
    """Return how wide a column of so many half-width characters is on a sheet, in points, its padding included."""
    return characters * sheet.font.size / 2 + _CELL_PADDING


def height_of(lines: int, size: float, padding: float = PADDING) -> float:
    """Return the height of a row, in whole screen pixels of 0.75 points as spreadsheets round it."""
    return ceil((lines * size * _LEADING + padding) / _PIXEL) * _PIXEL


def most_lines(size: float) -> int:
    """Return how many lines one row of a spreadsheet can hold."""
    return int((MOST_POINTS - PADDING) / (size * _LEADING))


def fitted(text: str, mark: str) -> str:
    """Return a text that a cell can hold: itself, else as much of it as there is room for, with a mark at its end."""
    if len(text) * 2 <= CELL_LIMIT or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= CELL_LIMIT:
        return text
    room = (CELL_LIMIT - len(mark)) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + mark


class Paged:
    """Collects the rows and merges of a sheet, among them rows that run across the columns."""

    def __init__(self, widths: Sequence[float], first_row: int = 1) -> None:
        """Begin with nothing; ``widths`` are the columns' in points, ``first_row`` what the first row is counted as."""
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._first_row = first_row
        self._widths = widths

    def put_across(self, height: float, parts: Sequence[tuple[str, Look]], shares: Sequence[float]) -> None:
        """Add a row of parts that share the sheet's width; one that gets no column stands before the next."""
        values: list[CellValue] = [None] * len(self._widths)
        looks = [_BARE] * len(self._widths)
        row, start, before = self._first_row + len(self.rows), 0, ""
        for (text, look), end in zip(parts, self._ends(shares), strict=True):
            before = "　".join(filter(None, (before, text)))
            if end > start:
                values[start], before = before or None, ""
                looks[start:end] = [look] * (end - start)
                if end > start + 1:
                    self.merges.append(Merge(row, start + 1, row, end))
                start = end
        self.rows.append(Row(height, tuple(values), tuple(looks)))

    def put_room(self, rows: int, height: float = 15.0) -> int:
        """Add empty rows for something that is drawn over them; return which row of the sheet is the first."""
        first = self._first_row + len(self.rows)
        empty = Row(height, (None,) * len(self._widths), (_BARE,) * len(self._widths))
        self.rows += [empty] * rows
        return first

    def half(self, which: int) -> tuple[int, float]:
        """Return with which column the left or the right half begins, counted from 1, and how wide it is in points."""
        middle = next(self._ends([1, 1]))
        left = sum(self._widths[:middle])
        return (middle + 1, sum(self._widths) - left) if which else (1, left)

    def _ends(self, shares: Sequence[float]) -> Iterator[int]:
        """Return after how many columns each part ends, as near to its share of the width as the columns allow."""
        edges = [sum(self._widths[:n]) for n in range(len(self._widths) + 1)]
        for number in range(1, len(shares) + 1):
            target = edges[-1] * sum(shares[:number]) / sum(shares)
            yield min(range(len(edges)), key=lambda n: abs(edges[n] - target))


def put_head(page: Paged, sheet: Sheet, heading: Heading, count: int) -> None:
    """Add whose sheet it is and how it is controlled, its title, the period, and who made it when."""
    size = sheet.font.size
    words = {**heading.words, "count": count}
    control = "　".join(f"{name}：{value}" for name, value in sheet.control)
    shop, made = Look(Role.SHOP), Look(Role.MADE, align=Align.RIGHT)
    page.put_across(
        height_of(1, size + 1), [(heading.shop, shop), (control, Look(Role.CONTROL, align=Align.RIGHT))], [1, 1]
    )
    page.put_across(height_of(1, sheet.title_font.size), [(sheet.title, Look(Role.TITLE, align=Align.CENTER))], [1])
    said = (sheet.phrases.period.format(**words), sheet.phrases.made.format(**words))
    if any(said):
        page.put_across(height_of(1, size), [(said[0], Look(Role.PERIOD)), (said[1], made)], [1, 1])


def put_tail(page: Paged, sheet: Sheet, heading: Heading, cut: int) -> None:
    """Add who signs, and the notes."""
    size = sheet.font.size
    if sheet.sign_off:
        places = "　　　".join(f"{name}：{_SIGN_HERE}" for name in sheet.sign_off)
        page.put_across(height_of(3, size), [(places, Look(Role.SIGN_OFF, align=Align.CENTER))], [1])
    room = int(sum(page._widths) / (size / 2))  # noqa: SLF001
    notes = [sheet.foot.format(**heading.words), sheet.phrases.cut_note.format(cut=cut) if cut else ""]
    for note in filter(None, notes):
        page.put_across(height_of(count_lines(note, room), size), [(note, Look(Role.FOOT))], [1])
