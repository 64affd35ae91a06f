"""What is drawn: lines, shades and white, seen on a picture of the page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from desk_app.sheets.grid import Area, Chart, ChartKind, Edge, Look, Merge, Role, Row, Series
from desk_app.sheets.sheet import Font
from tests.sheets.samples import a_line, grid_of
from tests.ui.printing.grids import A4, WIDTH, a_grid, a_row, forms, text_of
from ui.printing.painter import SheetPainter
from ui.printing.pdf import write_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.sheets.grid import Grid

pytestmark = pytest.mark.usefixtures("qapp")
ZOOM = 2  # pixels to a point
MARGIN = A4.margins[0] * 72 / 25.4
WHITE, SHADE = "#ffffff", "#f2f2f2"


def drawn(grid: Grid, page: int = 1) -> QImage:
    """Return a picture of a page."""
    sheet = SheetPainter(grid)
    image = QImage(round(sheet.size[0] * ZOOM), round(sheet.size[1] * ZOOM), QImage.Format.Format_RGB32)
    image.fill(QColor(WHITE))
    painter = QPainter(image)
    painter.scale(ZOOM, ZOOM)
    sheet.paint(painter, page)
    painter.end()
    return image


def left_of(grid: Grid) -> float:
    """Return where the grid begins, which stands in the middle of the paper."""
    return MARGIN + (WIDTH - sum(grid.widths)) / 2


def colour(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(int(x * ZOOM), int(y * ZOOM)).name()


def is_dark_at(image: QImage, x: float, y: float) -> bool:
    """Whether anything dark is within a point."""
    around = range(-ZOOM, ZOOM + 1)
    places = ((int(x * ZOOM) + dx, int(y * ZOOM) + dy) for dx in around for dy in around)
    return any(image.pixelColor(*place).lightness() < 200 for place in places)


@pytest.mark.parametrize(
    ("role", "framed", "shaded"),
    [
        (Role.HEAD, True, True),
        (Role.LABEL, True, True),
        (Role.BODY, True, False),
        (Role.VALUE, True, False),
        (Role.EMPTY, True, False),
        (Role.PLAIN, False, False),
        (Role.TITLE, False, False),
        (Role.FOOT, False, False),
        (Role.SIGN_OFF, False, False),
    ],
)
def test_frame_and_shade_are_those_of_the_role(role: Role, framed: bool, shaded: bool) -> None:
    grid = a_grid([a_row(None, None, height=40, look=Look(role))], widths=(100, 100), page_number="")

    image = drawn(grid)

    left = left_of(grid)
    edges = [(left, 20), (left + 100, 20), (left + 200, 20), (left + 50, 0), (left + 50, 40)]
    assert [is_dark_at(image, x, MARGIN + y) for x, y in edges] == [framed] * 5
    assert colour(image, left + 50, MARGIN + 20) == (SHADE if shaded else WHITE)


def test_a_merge_has_no_lines_inside() -> None:
    rows = [a_row(None, None, None, height=30), a_row(None, None, None, height=30)]
    grid = a_grid(rows, widths=(50, 50, 50), merges=(Merge(1, 1, 2, 2),), page_number="")

    image = drawn(grid)

    left = left_of(grid)
    assert not is_dark_at(image, left + 50, MARGIN + 15)
    assert not is_dark_at(image, left + 25, MARGIN + 30)
    assert is_dark_at(image, left + 100, MARGIN + 15)
    assert is_dark_at(image, left + 125, MARGIN + 30)


def test_an_outer_edge_is_thick_on_every_page_that_it_stands_on() -> None:
    value = Look(Role.VALUE)
    rows = [
        Row(700, (None,), (value._replace(thick=Edge.TOP | Edge.LEFT | Edge.RIGHT),)),
        Row(700, (None,), (value._replace(thick=Edge.BOTTOM | Edge.LEFT | Edge.RIGHT),)),
    ]
    grid = a_grid(rows, widths=(100,), page_number="")

    first, second = drawn(grid, 1), drawn(grid, 2)

    left = left_of(grid)
    assert [thickness(image, left, MARGIN + 350) for image in (first, second)] == [3, 3]
    assert [colour(first, left + 50, MARGIN), colour(second, left + 50, MARGIN + 700)] == ["#000000"] * 2
    assert "#000000" not in [colour(first, left + 50, MARGIN + 700), colour(second, left + 50, MARGIN)]


def thickness(image: QImage, x: float, y: float) -> int:
    """Return how many pixels are black beside each other near a place."""
    return sum(image.pixelColor(int(x * ZOOM) + dx, int(y * ZOOM)).lightness() < 60 for dx in range(-4, 5))


def test_a_merge_that_crosses_a_page_has_its_frame_on_both() -> None:
    rows = [a_row(None, None, height=400), a_row(None, None, height=200), a_row(None, None, height=300)]
    grid = a_grid(rows, widths=(50, 50), merges=(Merge(2, 1, 3, 1),), page_number="")

    first, second = drawn(grid, 1), drawn(grid, 2)

    left = left_of(grid)
    assert is_dark_at(first, left, MARGIN + 500)
    assert is_dark_at(first, left + 25, MARGIN + 600), "closed where the page ends"
    assert is_dark_at(second, left, MARGIN + 150)
    assert is_dark_at(second, left + 25, MARGIN), "and opened where the next begins"
    assert is_dark_at(second, left + 25, MARGIN + 300)


def test_the_first_page_of_a_form_is_like_the_second() -> None:
    grid = forms(2)
    without_number = [drawn(grid, page).copy(0, int((MARGIN + 40) * ZOOM), 1190, 300) for page in (1, 2)]

    assert without_number[0].size() == without_number[1].size()
    assert sum(without_number[0].pixelColor(x, 20) == without_number[1].pixelColor(x, 20) for x in range(1190)) > 1100


def test_a_wide_list_stays_within_its_margins() -> None:
    grid = grid_of(*(a_line(n, content="空调" * 99) for n in range(30)), page=A4, font=Font("宋体", 14))
    assert sum(grid.widths) > WIDTH

    image = drawn(grid)

    edge = int((MARGIN - 1) * ZOOM)
    beside = image.copy(0, 0, edge, image.height()), image.copy(image.width() - edge, 0, edge, image.height())
    for strip in beside:
        seen = {strip.pixelColor(x, y).name() for x in range(strip.width()) for y in range(0, strip.height(), 3)}
        assert seen == {WHITE}
    assert is_dark_at(image, MARGIN, 400)
    assert is_dark_at(image, image.width() / ZOOM - MARGIN, 400)


# ------------------------------------------------------------------------------------------------------------ charts

_NUMBERS = (("商品问题", 12, 8), ("服务态度", 6, 4), ("其他", 2, 0))
_NAMES, _NOW, _THEN = Area(2, 1, 4, 1), Series("十月", Area(2, 2, 4, 2)), Series("上期\n九月", Area(2, 3, 4, 3))


def with_chart(kind: ChartKind, *series: Series, rows_above: int = 0, **changes: Any) -> Grid:
    """Return three rows of numbers and a chart of them on rows that are left free for it."""
    blank = Look(Role.PLAIN)
    numbers = [a_row("分类", "十月", "九月"), *(a_row(*row) for row in _NUMBERS)]
    above = [a_row(None, None, None, look=blank) for _ in range(rows_above)]
    free = [a_row(None, None, None, look=blank) for _ in range(12)]
    row = len(numbers) + len(above) + 1
    values = {"kind": kind, "title": "投诉分类", "categories": _NAMES, "series": series or (_NOW,), "row": row}
    chart = Chart(**{**values, "column": 1, "width": 300.0, "height": 200.0, **changes})
    return a_grid([*numbers, *above, *free], widths=(100, 100, 100), charts=(chart,), page_number="")


def top_of_chart(grid: Grid) -> float:
    return MARGIN + sum(row.height for row in grid.rows[: grid.charts[0].row - 1])


@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_says_its_title_and_its_categories(kind: ChartKind, tmp_path: Path) -> None:
    write_pdf([with_chart(kind)], tmp_path / "chart.pdf")

    found = text_of(tmp_path / "chart.pdf", "-raw")

    assert "投诉分类" in found
    assert [found.count(name) for name in ("商品问题", "服务态度", "其他")] == [2, 2, 2]


def test_bars_are_as_high_as_their_numbers_and_say_them() -> None:
    grid = with_chart(ChartKind.BAR)

    image = drawn(grid)

    left, top = left_of(grid), top_of_chart(grid)
    columns = [filled(image, left + x, top + 30, top + 195) for x in range(300)]
    heights = [max(run) for is_bar, run in groupby(columns, key=bool) if is_bar]
    assert len(heights) == 3
    assert heights[0] / heights[1] == pytest.approx(2, rel=0.05)
    assert heights[0] / heights[2] == pytest.approx(6, rel=0.12)


def filled(image: QImage, x: float, top: float, bottom: float) -> int:
    """Return how much of a vertical line has the first colour of a chart."""
    lines = range(int(top * ZOOM), int(bottom * ZOOM))
    return sum(image.pixelColor(int(x * ZOOM), y).name() == "#3a6ea5" for y in lines)


def test_the_slices_of_a_pie_are_its_shares(tmp_path: Path) -> None:
    grid = with_chart(ChartKind.PIE)
    write_pdf([grid], tmp_path / "chart.pdf")

    found = text_of(tmp_path / "chart.pdf", "-raw")

    assert [share in found for share in ("60%", "30%", "10%")] == [True] * 3


def test_several_series_have_a_legend_and_one_has_none(tmp_path: Path) -> None:
    write_pdf([with_chart(ChartKind.LINE, _NOW, _THEN)], tmp_path / "two.pdf")
    write_pdf([with_chart(ChartKind.LINE, _NOW)], tmp_path / "one.pdf")

    counts = [text_of(tmp_path / name, "-raw").count("上期九月") for name in ("two.pdf", "one.pdf")]

    assert counts == [1, 0], "on one line, whatever the head of its column is"


def test_no_page_ends_within_a_chart() -> None:
    grid = with_chart(ChartKind.BAR, rows_above=30)

    first, second = SheetPainter(grid).pages

    assert first.bottom == sum(row.height for row in grid.rows[: grid.charts[0].row - 1])
    assert not is_dark_at(drawn(grid, 1), left_of(grid) + 150, top_of_chart(grid) + 30)
    assert second.top == first.bottom


@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_of_nothing_says_its_title(kind: ChartKind, tmp_path: Path) -> None:
    nothing = with_chart(kind, Series("无", Area(5, 2, 5, 2)), categories=Area(5, 1, 5, 1))

    write_pdf([nothing], tmp_path / "chart.pdf")

    assert "投诉分类" in text_of(tmp_path / "chart.pdf", "-raw")
