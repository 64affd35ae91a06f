"""What the charts draw: nothing outside of their area, every number on paper, shades that can be read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from tests.ui.printing.grids import text_of
from tests.ui.test_theme import contrast
from ui import theme
from ui.models.chart_data import Course, Grid, Items, Line, Mark
from ui.theme import Token
from ui.widgets.charts import Bars, HeatMap, Pareto, Trend
from ui.widgets.charts.heat import HeatPlot
from ui.widgets.charts.look import Look, elided, folded, shades
from ui.widgets.charts.ranked import RankedPlot
from ui.widgets.charts.trend import CoursePlot, scale_to, thinned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.widgets.charts.drawing import Plot

LEAST = 4.5
MARGIN = 60
LONG = "第三方平台（大众点评、美团、携程、飞猪、去哪儿）转来的书面意见 with an English tail"
HUGE = 123_456_789_012


@pytest.fixture(autouse=True)
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, light again afterwards."""
    theme.apply(qapp, dark=False)
    yield qapp
    theme.apply(qapp, dark=False)


def items(count: int, label: str, value: int, before: str = "") -> Items:
    marks = (Mark(f"{label}{n}", value // (n + 1), f"k{n}", "12.3%", value // (n + 2)) for n in range(count))
    return Items(tuple(marks), before)


def course(count: int, label: str, value: int) -> Course:
    places = tuple(f"{label}{n}" for n in range(count))
    marks = tuple(Mark(place, value * (n % 2), place) for n, place in enumerate(places))
    return Course(places, tuple(Line(f"{label}{n}", marks[: count - n]) for n in range(3)))


def grid(rows: int, columns: int, label: str, value: int) -> Grid:
    counts = tuple(tuple(value // (row + column + 1) for column in range(columns)) for row in range(rows))
    names = tuple(f"{label}{n}" for n in range(max(rows, columns)))
    return Grid("部门", "原因", names[:rows], names[:columns], counts, tuple(("k",) * columns for _ in range(rows)))


PLOTS: tuple[Plot, ...] = (
    *(RankedPlot(items(n, LONG, HUGE, LONG), "件") for n in (1, 7, 200)),
    *(RankedPlot(items(n, LONG, HUGE), "件", summed=True) for n in (1, 7, 200)),
    RankedPlot(items(7, "前台", 12, "上月"), "件"),
    RankedPlot(items(7, "前台", 12, "上月"), "件", summed=True),
    *(CoursePlot(course(n, LONG, HUGE), "件") for n in (1, 2, 31, 365)),
    CoursePlot(course(12, "", 40), "件"),
    *(HeatPlot(grid(rows, columns, LONG, HUGE), "件") for rows, columns in ((1, 1), (7, 24), (200, 3))),
    HeatPlot(grid(7, 24, "", 30), "件"),
)


def drawn_outside(plot: Plot, look: Look, width: float, height: float) -> bool:
    """Draw without a clip, in the middle of a larger picture; whether anything fell outside of the area."""
    image = QImage(round(width) + 2 * MARGIN, round(height) + 2 * MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing = plot.laid_out(look, QRectF(MARGIN, MARGIN, width, height))
    drawing.paint(painter)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    inside = QRectF(MARGIN, MARGIN, width, height).toAlignedRect().adjusted(-1, -1, 1, 1)  # the half of a thin line
    painter.fillRect(inside, QColor("#ff00ff"))
    painter.end()
    untouched = QImage(image.size(), image.format())
    untouched.fill(QColor("#ff00ff"))
    return image != untouched


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: type(plot).__name__)
def test_nothing_is_drawn_outside_of_the_area(plot: Plot) -> None:
    look = Look.screen()
    least, wanted = plot.least(look), plot.wanted(look)
    for width, height in (
        (least.width(), least.height()),
        (least.width(), 3 * wanted.height()),
        (wanted.width(), wanted.height()),
        (3 * wanted.width(), least.height()),
    ):
        assert not drawn_outside(plot, look, width, height), (width, height)


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: type(plot).__name__)
def test_an_area_that_is_much_too_small_is_drawn_in_all_the_same(plot: Plot) -> None:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for width, height in ((200, 1), (1, 200), (1, 1), (120, 80)):
        drawing = plot.laid_out(Look.screen(), QRectF(0, 0, width, height))
        drawing.paint(painter)
        drawing.paint_ring(painter, len(drawing.spots) - 1)
    painter.end()


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: type(plot).__name__)
def test_every_mark_lies_in_the_area_where_there_is_the_least_room(plot: Plot) -> None:
    for look in (Look.screen(), Look.paper()):
        least = plot.least(look)
        area = QRectF(0, 0, least.width(), least.height())
        around = area.adjusted(-look.letter, -look.letter, look.letter, look.letter)
        assert all(around.contains(spot.area) for spot in plot.laid_out(look, area).spots)


# -- paper


def test_on_paper_every_number_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    bars, pareto, heat, trend = Bars("受理渠道"), Pareto("投诉类别"), HeatMap("星期与小时"), Trend("每月投诉")
    for chart in (bars, pareto, heat, trend):
        qtbot.addWidget(chart)
    bars.show_data(Items((Mark("前台", 1_201, "a", "60.3%", 902), Mark("电话", 12, "b", "0.6%", None)), "上月"))
    pareto.show_data(Items((Mark("噪音", 303, "a"), Mark("卫生", 707, "b"))))
    heat.show_data(Grid("星期", "小时", ("周一", "周二"), ("9点", "10点"), ((31, 32), (0, 34)), (("a",) * 2,) * 2))
    trend.show_data(
        Course(("1月", "2月"), (Line("今年", (Mark("1月", 41), Mark("2月", 0))), Line("去年", (Mark("1月", 43),))))
    )
    path = tmp_path / "charts.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    width, height = writer.width(), writer.height() / 4

    for place, chart in enumerate((bars, pareto, heat, trend)):
        chart.paint_on(painter, QRectF(0, place * height, width, height))
    painter.end()

    words = text_of(path, "-raw").split()
    for expected in (
        "受理渠道 前台 1,201 60.3% 902 电话 12 0.6% — 上月 投诉类别 卫生 707 70.0% 噪音 303 100.0% 80%",
        "星期与小时 周一 31 32 周二 34 9点 10点 每月投诉 今年 41 去年 43 1月 2月",
    ):
        assert [word for word in expected.split() if word not in words] == []


def test_paper_is_white_black_and_grey_and_the_area_is_kept(qtbot: QtBot, app: QApplication) -> None:
    theme.apply(app, dark=True)
    for chart, data in (
        (Bars("图"), items(40, LONG, HUGE, "上月")),
        (Pareto("图"), items(40, LONG, HUGE)),
        (Trend("图"), course(31, "", 40)),
        (HeatMap("图"), grid(200, 24, LONG, 30)),
        (Bars("图"), Items(())),
    ):
        qtbot.addWidget(chart)
        chart.show_data(data)
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        before = QImage(image)
        painter = QPainter(image)
        chart.paint_on(painter, QRectF(50, 50, 500, 300), letter=12)
        painter.end()
        assert image != before
        assert image.copy(50, 50, 500, 300).allGray()
        for strip in ((0, 0, 600, 49), (0, 351, 600, 49), (0, 0, 49, 400), (551, 0, 49, 400)):
            assert image.copy(*strip) == before.copy(*strip)
        assert lightest(image) == QColor("white")


def lightest(image: QImage) -> QColor:
    small = image.scaled(60, 40)
    return max((small.pixelColor(x, y) for x in range(60) for y in range(40)), key=QColor.lightness)


def test_a_chart_without_data_leaves_the_paper_alone(qtbot: QtBot) -> None:
    bars = Bars("图")
    qtbot.addWidget(bars)
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    before = QImage(image)
    painter = QPainter(image)
    bars.paint_on(painter, QRectF(0, 0, 100, 100))
    painter.end()
    assert image == before


# -- colours


@pytest.mark.parametrize("dark", [False, True])
def test_the_number_of_every_shade_can_be_read_and_more_is_further_from_the_ground(
    app: QApplication, dark: bool
) -> None:
    theme.apply(app, dark=dark)
    made = shades()
    assert all(contrast(ink, ground) >= LEAST for ground, ink in made)
    away = [contrast(ground, theme.token(Token.WINDOW)) for ground, _ in made]
    assert away == sorted(away)


def test_on_paper_the_shades_are_greys_apart_and_the_number_can_be_read() -> None:
    look = Look.paper()
    lights = [ground.lightness() for ground, _ in look.shades]
    assert all(contrast(ink, ground) >= LEAST for ground, ink in look.shades)
    assert all(one - other > 20 for one, other in pairwise((255, *lights)) if one != 255)
    assert 255 - lights[0] > 15


def test_the_chart_follows_a_change_of_the_scheme(qtbot: QtBot, app: QApplication) -> None:
    bars = Bars("受理渠道")
    qtbot.addWidget(bars)
    bars.show_data(items(3, "前台", 12))
    bars.resize(500, 300)
    with qtbot.waitExposed(bars):
        bars.show()
    for dark in (True, False):
        app.setPalette(theme.palette(dark=dark))
        QApplication.processEvents()
        image = bars.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(0, 500, 5) for y in range(0, 300, 3)}
        assert theme.token(Token.ACCENT).name() in colours


# -- the axes


@given(st.integers(0, 10**15), st.integers(-3, 8))
def test_a_scale_begins_at_zero_reaches_the_most_and_has_round_steps(most: int, steps: int) -> None:
    scale = scale_to(most, steps)
    size = scale[1]
    assert scale[0] == 0
    assert scale[-1] >= most
    assert len(scale) - 1 <= max(1, steps)
    assert str(size).rstrip("0") in {"1", "2", "5"}
    assert scale == [size * n for n in range(len(scale))]
    assert scale[-2] < most or most == 0


@given(st.lists(st.floats(1, 400), min_size=1, max_size=400), st.floats(0.5, 60), st.floats(0, 20))
def test_labels_never_overlap_and_never_stand_out(widths: list[float], slot: float, gap: float) -> None:
    chosen = thinned(widths, slot, gap)
    whole = slot * len(widths)
    assert chosen[0][0] == 0
    assert all(left >= 0 for _, left in chosen)
    assert all(left + widths[at] <= whole + 1e-6 for at, left in chosen if widths[at] <= whole)
    for (one, left), (_, right) in pairwise(chosen):
        assert left + widths[one] + gap <= right


def test_every_label_is_written_where_there_is_room() -> None:
    assert [at for at, _ in thinned([20.0] * 12, 30, 4)] == list(range(12))
    assert [at for at, _ in thinned([20.0] * 12, 20, 4)] == [0, 2, 4, 6, 8, 10]


# -- words


@given(st.text(st.sampled_from("操作不规范等候时间过长ABab 12"), max_size=40), st.floats(1, 300))
def test_a_folded_or_elided_text_fits(text: str, width: float) -> None:
    look = Look.screen()
    lines = folded(look, text, width)
    assert len(lines) <= 3
    assert all(look.of_small.horizontalAdvance(line) <= width for line in [*lines, elided(look, text, width)])
    if not any("…" in line for line in lines) and width > 30:
        assert "".join(lines) == text
