"""What is drawn: lines, shades and white, seen on a picture of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from desk_app.sheets.grid import Look, Merge, Role
from desk_app.sheets.sheet import Font
from tests.sheets.samples import a_line, grid_of
from tests.ui.printing.grids import A4, WIDTH, a_grid, a_row, forms
from ui.printing.painter import SheetPainter

if TYPE_CHECKING:
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
