"""A month's register as a workbook, beside openpyxl's fastest way to write the very same cells.

The floor is given the finished cells, read back from a workbook that the program has written: it looks nothing up,
lays nothing out and measures no text. It shares one style for each kind of cell and fills the cells directly.
"""

# ruff: noqa: SLF001 -- the fastest way goes past openpyxl's front door, as the program does

from __future__ import annotations

import gc
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.cell_range import CellRange

from bench.measure import Comparison, Findings, in_turn, milliseconds
from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.services.export import Order, export, month_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.services.workspace import Workspace

MONTH, SHEET = "2026-10", "register"
_STYLED = ("font", "fill", "border", "alignment", "number_format")


@dataclass(frozen=True, slots=True)
class FinishedSheet:
    """All that is on a sheet. ``cells`` are row, column, value, type and style; ``looks`` what each style is."""

    cells: list[tuple[int, int, object, str, int]]
    looks: dict[int, dict[str, Any]]
    heights: dict[int, float]
    widths: dict[str, float]
    merges: list[Any]


def run(cache: Path, scratch: Path, sizes: Sequence[tuple[Size, int]]) -> Findings:
    """Compare at each size, as often as is said with it."""
    comparisons = []
    for size, rounds in sizes:
        ws = open_with(register_of(size, cache), FixedClock(END))
        try:
            comparisons.append(_compare(ws, scratch, size, rounds))
        finally:
            ws.close()
    return Findings(tuple(comparisons))


def _compare(ws: Workspace, scratch: Path, size: Size, rounds: int) -> Comparison:
    order = Order((SHEET,), month_scope(ws, MONTH), scratch / "ours")
    written = export(ws, order).files[0]
    assert written.rows == size.cases
    finished = _read(written.path)
    floor = scratch / "floor.xlsx"
    write_bare(finished, floor)
    _assert_same(_read(floor), finished)
    cost = in_turn(
        {
            "floor": partial(_tidily, partial(write_bare, finished, floor)),
            "ours": partial(_tidily, partial(export, ws, order)),
        },
        rounds,
    )
    columns = max(column for _, column, *_ in finished.cells)
    return Comparison(f"export {size.cases:,} cases × {columns} columns", cost["floor"], cost["ours"], 1.15)


def _tidily(work: Callable[[], object]) -> float:
    """Return how long it took, without the rubbish that the one before has left to be collected."""
    gc.collect()
    return milliseconds(work)


def write_bare(finished: FinishedSheet, path: Path) -> None:
    """Write the cells with openpyxl in normal mode, as fast as it goes."""
    book = Workbook()
    page: Any = book.active
    styles = {look: _style_of(parts, page) for look, parts in finished.looks.items()}
    cells = page._cells
    cell: Any
    for row, column, value, data_type, look in finished.cells:
        cell = cells[row, column] = Cell(page, row, column)
        cell._style = styles[look]
        if value is not None:
            cell._value = value
            cell.data_type = data_type
    for row, height in finished.heights.items():
        page.row_dimensions[row].height = height
    for letter, width in finished.widths.items():
        page.column_dimensions[letter].width = width
    page.merged_cells.ranges.update(finished.merges)
    book.save(path)


def _style_of(parts: dict[str, Any], page: Worksheet) -> object:
    cell: Any = Cell(page, 1, 1)
    for name, part in parts.items():
        setattr(cell, name, part)
    return cell._style


def _read(path: Path) -> FinishedSheet:
    page: Any = load_workbook(path).active
    looks: dict[int, dict[str, Any]] = {}
    cells = []
    for (row, column), cell in page._cells.items():
        if cell.style_id not in looks:
            looks[cell.style_id] = {name: copy(getattr(cell, name)) for name in _STYLED}
        cells.append((row, column, cell.value, cell.data_type, cell.style_id))
    return FinishedSheet(
        cells=cells,
        looks=looks,
        heights={row: dimension.height for row, dimension in page.row_dimensions.items() if dimension.height},
        widths={letter: dimension.width for letter, dimension in page.column_dimensions.items()},
        merges=[CellRange(merge.coord) for merge in page.merged_cells.ranges],
    )


def _assert_same(floor: FinishedSheet, ours: FinishedSheet) -> None:
    """Make sure that both have written the same cells, heights and merges; styles may be numbered differently."""
    assert [cell[:-1] for cell in floor.cells] == [cell[:-1] for cell in ours.cells]
    pairs = {(one[-1], other[-1]) for one, other in zip(floor.cells, ours.cells, strict=True)}
    assert len(pairs) == len(floor.looks) == len(ours.looks)
    assert floor.heights == ours.heights
    assert set(map(str, floor.merges)) == set(map(str, ours.merges))
