"""Lets what is large go without a pause.

What goes at once goes in one piece of work of the interpreter, in which no other thread runs: the cases of a year, or
their forms as cells, take a tenth of a second, and no key is answered meanwhile.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desk_app.sheets.grid import Grid

_AT_ONCE = 100


def let_go(things: list[Any]) -> None:
    """Empty a list piece by piece; what nobody else holds goes with it, and other threads go on in between."""
    while things:
        del things[-_AT_ONCE:]


def let_go_of_grids(grids: list[Grid]) -> None:
    """Empty a list of grids, and let their rows go piece by piece; none of them may be wanted any more.

    What was kept out of the search for garbage because of them is searched again.
    """
    rows = [row for grid in grids for row in grid.rows]
    grids.clear()
    let_go(rows)
    gc.unfreeze()
