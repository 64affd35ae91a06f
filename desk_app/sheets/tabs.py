"""How grids share out the worksheets of a workbook: their names, and where one grid needs several."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.grid import Merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desk_app.sheets.grid import Grid

LONGEST_NAME = 31
"""UTF-16 units in the name of a worksheet."""
MOST_TABS = 500
"""Forms that each have a worksheet."""
MOST_BREAKS = 1_000
"""Manual page breaks on one worksheet; a spreadsheet takes 1,023 ([MS-XLSB] 2.4.196)."""
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\\n\t]")
_NAMELESS = "表"
_RESERVED = "history"


def tab_names(titles: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """Return a name for each worksheet: its title as far as a spreadsheet takes it, unlike the rest and ``others``.

    Names that differ in the case of their letters only are the same to a spreadsheet.
    """
    names: list[str] = []
    taken = {_RESERVED, *(name.casefold() for name in others)}
    for title in titles:
        stem = _NOT_IN_NAME.sub("_", strip_unstorable(title)).strip("' ") or _NAMELESS
        name, number = _shortened(stem, LONGEST_NAME), 1
        while name.casefold() in taken:
            number += 1
            tail = f"({number})"
            name = _shortened(stem, LONGEST_NAME - len(tail)) + tail
        taken.add(name.casefold())
        names.append(name)
    return names


def _shortened(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip("' ")


def in_tabs(grid: Grid) -> Iterator[Grid]:
    """Return the grid, or its pieces: each form on a worksheet of its own, as long as a person can find it there.

    A spreadsheet that fits a sheet to the width of the paper may begin its pages where it likes (Excel then leaves
    manual page breaks out), so that forms below each other could be cut. Very many forms stand below each other
    nevertheless, as many as one worksheet takes page breaks. Charts stay with a grid that is whole.
    """
    is_whole = not grid.breaks or grid.head_rows > 0
    if is_whole and len(grid.breaks) <= MOST_BREAKS:
        yield grid
        return
    step = 1 if not is_whole and len(grid.breaks) < MOST_TABS else MOST_BREAKS + 1
    ends = [0, *grid.breaks[step - 1 :: step], len(grid.rows)]
    pieces = [(start, end) for start, end in pairwise(ends) if start < end]
    for number, (start, end) in enumerate(pieces):
        piece = _piece(grid, start, end)
        yield replace(piece, title=grid.parts[number] or grid.title) if step == 1 and grid.parts else piece


def _piece(grid: Grid, start: int, end: int) -> Grid:
    """Return the rows after ``start`` up to ``end``, below the head rows."""
    head = grid.head_rows if start else 0
    up = start - head
    return replace(
        grid,
        rows=(*grid.rows[:head], *grid.rows[start:end]),
        merges=(
            *(m for m in grid.merges if m.last_row <= head),
            *(
                Merge(m.first_row - up, m.first_column, m.last_row - up, m.last_column)
                for m in grid.merges
                if start < m.first_row <= end
            ),
        ),
        breaks=tuple(row - up for row in grid.breaks if start < row < end),
        charts=(),
    )
