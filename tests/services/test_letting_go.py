"""What is large goes piece by piece, and leaves no garbage that a search would stop the window for."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from desk_app.services.export import Order, export, fill
from desk_app.services.letting_go import let_go, let_go_of_grids
from desk_app.services.sheets import Scope
from tests.helpers.builders import registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.workspace import Workspace

FEW = 500
"""What openpyxl leaves of one workbook, however many sheets it has."""


def test_a_list_is_emptied_and_only_what_nobody_else_holds_goes() -> None:
    held = [[n] for n in range(1_000)]
    first = held[0]

    let_go(held)

    assert held == []
    assert first == [0]


def test_a_workbook_of_many_sheets_leaves_little_garbage(workspace: Workspace, tmp_path: Path) -> None:
    numbers = tuple(registered(workspace, f"k{n}").case.number for n in range(60))
    order = Order(("record",), Scope(numbers=numbers), tmp_path)
    export(workspace, order)  # what is made once is made
    gc.collect()
    gc.disable()
    try:
        export(workspace, order)
        found = gc.collect()
    finally:
        gc.enable()

    assert found < FEW


def test_what_is_kept_for_a_preview_is_not_searched_until_it_is_let_go(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "a").case.number
    gc.unfreeze()
    assert gc.get_freeze_count() == 0

    filled = fill(workspace, Order(("record",), Scope(numbers=(number,)), tmp_path))
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    let_go_of_grids([each.grid for each in filled])

    assert gc.get_freeze_count() == 0


def test_an_export_leaves_nothing_unsearched(workspace: Workspace, tmp_path: Path) -> None:
    number = registered(workspace, "a").case.number
    gc.unfreeze()

    export(workspace, Order(("record",), Scope(numbers=(number,)), tmp_path))

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
