"""Which part of a grid stands on which page: arithmetic only, nothing is drawn."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from desk_app.services.paper import Orientation, Page, Paper

if TYPE_CHECKING:
    from desk_app.services.paper import Grid

_MILLIMETRE = 72 / 25.4
"""One in points."""
_SIZES = {Paper.A3: (297, 420), Paper.A4: (210, 297)}
_MOST_HEAD = 0.5
"""A head that takes more of a page than this stands on the first one only: the lines need room."""
_HAIR = 0.01
"""Points: what sums of heights may differ by."""


class PageLayout(NamedTuple):
    """One page: the stretch of the grid from ``top`` to ``bottom`` (points, unscaled, from the grid's upper edge).

    ``head`` is the height of the head rows that are drawn again above it, 0 where the stretch has them itself.
    """

    number: int
    top: float
    bottom: float
    head: float = 0.0


class Sides(NamedTuple):
    """Four distances in points: of margins, or the corners of an area."""

    top: float
    right: float
    bottom: float
    left: float


def pages(grid: Grid) -> tuple[PageLayout, ...]:
    """Return the pages of a grid, at least one.

    A page ends between two rows: after the rows of ``grid.breaks``, and where the paper ends; not within a chart. Only
    a row or a chart that is higher than a whole page goes on over its end.
    """
    edges = row_edges(grid)
    total = edges[-1]
    room = _room(grid)
    head = edges[min(grid.head_rows, len(grid.rows))]
    head = head if head <= room * _MOST_HEAD else 0.0
    breaks = sorted({edges[row] for row in grid.breaks if 0 < row < len(grid.rows)})
    charts = [(edges[c.row - 1], edges[c.row - 1] + c.height) for c in grid.charts]
    ends = [e for e in edges if not any(first < e < last - _HAIR for first, last in charts)] if charts else edges
    made: list[PageLayout] = []
    top = 0.0
    while top < total - _HAIR or not made:
        above = head if made else 0.0
        limit = top + room - above
        after = bisect_right(breaks, top)
        end = min(limit, total, breaks[after] if after < len(breaks) else total)
        whole_rows = ends[bisect_right(ends, end + _HAIR) - 1]
        bottom = whole_rows if whole_rows > top + _HAIR else end
        made.append(PageLayout(len(made) + 1, top, bottom, above))
        top = bottom
    return tuple(made)


def row_edges(grid: Grid) -> list[float]:
    """Return the upper edge of each row and the lower one of the last, in points from the grid's upper edge."""
    return list(accumulate((row.height for row in grid.rows), initial=0.0))


def parts(layouts: tuple[PageLayout, ...], top: float, bottom: float) -> list[PageLayout]:
    """Return the stretches of something that reaches from ``top`` to ``bottom`` over several pages."""
    first = max(bisect_right(layouts, top + _HAIR, key=lambda page: page.top) - 1, 0)
    last = bisect_left(layouts, bottom - _HAIR, lo=first, key=lambda page: page.top)
    return [PageLayout(p.number, max(top, p.top), min(bottom, p.bottom)) for p in layouts[first:last]]


def scale_of(grid: Grid) -> float:
    """Return how much smaller the grid is drawn so that it is one page wide; never larger than 1."""
    width, _height = paper_size(grid.page)
    margins = margins_of(grid.page)
    return min(1.0, (width - margins.left - margins.right) / sum(grid.widths))


def paper_size(page: Page) -> tuple[float, float]:
    """Return width and height of the paper as it lies, in points."""
    short, long = (side * _MILLIMETRE for side in _SIZES[page.paper])
    return (long, short) if page.orientation is Orientation.LANDSCAPE else (short, long)


def margins_of(page: Page) -> Sides:
    """Return the margins in points."""
    return Sides(*(side * _MILLIMETRE for side in page.margins))


def _room(grid: Grid) -> float:
    """Return how much of the grid's height one page holds."""
    _width, height = paper_size(grid.page)
    margins = margins_of(grid.page)
    return (height - margins.top - margins.bottom) / scale_of(grid)
