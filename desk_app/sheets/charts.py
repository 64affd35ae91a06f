"""Draws the charts of a grid as native charts of the workbook, which follow the cells they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.title import title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties

from desk_app.domain.text import strip_unstorable
from desk_app.sheets.cells import column_letter
from desk_app.sheets.sheet import ChartKind

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from desk_app.sheets.grid import Area, Grid, Series

_POINTS_PER_CENTIMETRE = 72 / 2.54
_TITLE = CharacterProperties(sz=1200, b=True)  # hundredths of a point
_GRID_LINES = "D9D9D9"
_KINDS = {ChartKind.BAR: BarChart, ChartKind.PIE: PieChart, ChartKind.LINE: LineChart}


def draw_charts(page: Worksheet, grid: Grid) -> None:
    """Put the charts of a grid on its worksheet, whose name is final: a chart names the cells with it."""
    for chart in grid.charts:
        drawn: Any = _KINDS[chart.kind]()
        drawn.title = _title(chart.title)
        drawn.width, drawn.height = (points / _POINTS_PER_CENTIMETRE for points in (chart.width, chart.height))
        drawn.series = [_series(series, page) for series in chart.series]
        drawn.set_categories(_reference(chart.categories, page))
        drawn.dataLabels = _labels(chart.kind)
        if chart.kind is not ChartKind.PIE:
            drawn.x_axis.delete = drawn.y_axis.delete = False
            drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID_LINES))
            if len(chart.series) == 1:
                drawn.legend = None  # the title says what the numbers are
        page.add_chart(drawn, f"{column_letter(chart.column)}{chart.row}")


def _title(text: str) -> object:
    """Return a title of the size of a sheet's text rather than of its own."""
    title: Any = title_maker(strip_unstorable(text))
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_TITLE)
        for run in paragraph.r:
            run.rPr = _TITLE
    return title


def _labels(kind: ChartKind) -> DataLabelList:
    """Return what stands at each number; what is not switched off is shown, and the labels run into each other."""
    return DataLabelList(
        showVal=kind is ChartKind.BAR,
        showPercent=kind is ChartKind.PIE,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        showLeaderLines=False,
    )


def _series(series: Series, page: Worksheet) -> object:
    drawn = SeriesFactory(_reference(series.values, page), title=strip_unstorable(series.name))
    drawn.smooth = False  # a curve between two numbers would say what nobody has counted
    return drawn


def _reference(area: Area, page: Worksheet) -> Reference:
    top, left, bottom, right = area
    return Reference(page, min_row=top, min_col=left, max_row=bottom, max_col=right)
