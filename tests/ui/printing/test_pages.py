"""What stands on which page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.sheets.sheet import Orientation, Page, Paper
from tests.ui.printing.grids import ROOM, WIDTH, a_grid, a_row
from ui.printing.pages import PageLayout, pages, parts, row_edges, scale_of

HAIR = 0.1
HEIGHTS = st.lists(st.integers(1, 1200).map(lambda n: n * 0.75), min_size=1, max_size=60)


@given(HEIGHTS, st.sets(st.integers(1, 60), max_size=6), st.integers(0, 4))
def test_pages_follow_each_other_hold_what_they_can_and_end_between_rows(
    heights: list[float], breaks: set[int], head_rows: int
) -> None:
    grid = a_grid((a_row("x", height=h) for h in heights), breaks=tuple(sorted(breaks)), head_rows=head_rows)

    found = pages(grid)

    edges = row_edges(grid)
    assert found[0].top == 0
    assert found[-1].bottom == edges[-1]
    assert [p.number for p in found] == list(range(1, len(found) + 1))
    assert all(one.bottom == other.top and one.bottom > one.top for one, other in pairwise(found))
    assert all(p.bottom - p.top + p.head <= ROOM + HAIR for p in found)
    ends = {p.bottom for p in found}
    assert {edges[row] for row in breaks if row < len(heights)} <= ends
    for page in found:
        if page.bottom not in edges:  # only a row that no page holds is divided
            row = next(n for n, edge in enumerate(edges) if edge > page.bottom) - 1
            assert heights[row] + page.head > ROOM
            assert edges[row] <= page.top
    for page, following in pairwise(found):  # no page ends earlier than it has to
        if page.bottom in edges and edges.index(page.bottom) not in breaks:
            next_row = heights[edges.index(page.bottom)]
            assert following.top - page.top + page.head + next_row > ROOM


def test_the_head_stands_on_every_page() -> None:
    grid = a_grid([a_row("头", height=40), *(a_row(str(n), height=100) for n in range(20))], head_rows=1)

    assert [p.head for p in pages(grid)] == [0, 40, 40]
    assert pages(grid)[1] == PageLayout(2, 740, 1440, 40)


def test_a_head_that_leaves_no_room_for_the_lines_stands_on_the_first_page_only() -> None:
    grid = a_grid([a_row("头", height=400), *(a_row(str(n), height=100) for n in range(9))], head_rows=1)

    assert [p.head for p in pages(grid)] == [0, 0]


def test_a_wide_grid_is_made_smaller_and_a_narrow_one_not_larger() -> None:
    rows = [a_row("x", height=100) for _ in range(16)]

    assert scale_of(a_grid(rows, widths=(WIDTH * 2,))) == pytest.approx(0.5)
    assert scale_of(a_grid(rows, widths=(WIDTH / 2,))) == 1
    assert len(pages(a_grid(rows, widths=(WIDTH * 2,)))) == 2, "1,600 points at half size"
    assert len(pages(a_grid(rows))) == 3


def test_the_paper_lies_as_the_sheet_says() -> None:
    rows = [a_row("x", height=100) for _ in range(10)]
    lying = Page(Paper.A4, Orientation.LANDSCAPE, (0, 0, 0, 0))
    large = Page(Paper.A3, Orientation.PORTRAIT, (0, 0, 0, 0))

    assert [len(pages(a_grid(rows, page=page))) for page in (lying, large)] == [2, 1]


def test_an_empty_break_or_one_at_the_end_makes_no_page() -> None:
    rows = [a_row("x"), a_row("y")]

    assert len(pages(a_grid(rows, breaks=(0, 2, 7)))) == 1
    assert len(pages(a_grid(rows, breaks=(1, 2)))) == 2


def test_what_reaches_over_pages_has_a_part_on_each() -> None:
    made = (PageLayout(1, 0, 100), PageLayout(2, 100, 180), PageLayout(3, 180, 300))

    assert parts(made, 50, 200) == [PageLayout(1, 50, 100), PageLayout(2, 100, 180), PageLayout(3, 180, 200)]
    assert parts(made, 50, 180) == [PageLayout(1, 50, 100), PageLayout(2, 100, 180)]
    assert parts(made, 100, 180) == [PageLayout(2, 100, 180)]
