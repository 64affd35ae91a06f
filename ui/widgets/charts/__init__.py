"""Four charts, painted by hand: they take finished data, say which mark was chosen, and ask nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.widgets.charts.chart import Chart
from ui.widgets.charts.heat import HeatPlot
from ui.widgets.charts.look import tr
from ui.widgets.charts.ranked import RankedPlot
from ui.widgets.charts.trend import CoursePlot

if TYPE_CHECKING:
    from ui.models.chart_data import Course, Grid, Items

__all__ = ["Bars", "Chart", "HeatMap", "Pareto", "Trend"]


class Trend(Chart):
    """A count over time, beside that of other periods: by strokes and shapes, not by colour."""

    def show_data(self, course: Course, unit: str = "", empty: str = "") -> None:
        """Show other lines; ``unit`` is what is counted (件)."""
        self.show_plot(CoursePlot(course, unit or tr("件")), empty)


class Bars(Chart):
    """Items with a bar, the number and the share of each; what has no room is gathered in one bar, as 其余 n 项."""

    def show_data(self, items: Items, unit: str = "", empty: str = "") -> None:
        """Show other items, in their order; ``unit`` is what is counted (件)."""
        self.show_plot(RankedPlot(items, unit or tr("件")), empty)


class Pareto(Chart):
    """Items from the most frequent on, and their cumulative share as a line; the rest is gathered."""

    def show_data(self, items: Items, unit: str = "", empty: str = "") -> None:
        """Show other items, whatever their order; ``unit`` is what is counted (件)."""
        self.show_plot(RankedPlot(items, unit or tr("件"), summed=True), empty)


class HeatMap(Chart):
    """Counts of two things at once: a shade and the number in each cell. The table lists the cells that have any."""

    def show_data(self, grid: Grid, unit: str = "", empty: str = "") -> None:
        """Show other counts; ``unit`` is what is counted (件)."""
        self.show_plot(HeatPlot(grid, unit or tr("件")), empty)
