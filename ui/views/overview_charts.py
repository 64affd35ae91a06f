"""The charts of the overview: the same for the screen and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.services.overview import PARTS
from ui import theme
from ui.models.overview_charts import hours, items, spots, trend
from ui.widgets.charts import Bars, HeatMap, Pareto, Trend
from ui.widgets.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from desk_app.services.overview import Overview
    from desk_app.services.rules import Rules
    from ui.widgets.charts import Chart

_OF_TOPICS = "topic"
_LINES = 24  # of text, that a chart is high at the most: what has no room then is gathered


class OverviewCharts:
    """One widget for each chart, made once and shown other data."""

    def __init__(self, rules: Rules, parent: QWidget | None = None) -> None:
        """Make them, empty, as children of ``parent``, or of where they are put in their order (Tab keeps to it)."""
        self._rules = rules

        def named(part: str) -> str:
            return rules.sentences.label("part", part)

        self.trend = Trend(_tr("受理件数"), parent)
        self.topics = Pareto(_tr("分类，从多到少"), parent)
        self.hours = HeatMap(_tr("星期 × 几点"), parent)
        self.spots = HeatMap(_tr("承办部门 × 分类"), parent)
        self.parts = {part: Bars(_tr("按{0}").format(named(part)), parent) for part in PARTS if part != _OF_TOPICS}

    def __iter__(self) -> Iterator[Chart]:
        """Go through them in the order in which they are read."""
        yield from (self.trend, self.topics, self.hours, self.spots, *self.parts.values())

    def show_overview(self, found: Overview, today: date) -> None:
        """Show other data."""
        self.trend.show_data(trend(found, today))
        self.topics.show_data(items(found, _OF_TOPICS, self._rules))
        self.hours.show_data(hours(found))
        self.spots.show_data(spots(found), empty=_tr("还没有交办到部门的登记。"))
        for part, chart in self.parts.items():
            chart.show_data(items(found, part, self._rules), empty=_EMPTY.get(part, ""))


_EMPTY = {"responsibility": "还没有判定责任的登记。", "department": "还没有交办到部门的登记。"}


class ChartsPanel(QWidget):
    """All charts in two columns. ``chosen`` carries the key of the mark that somebody wants to see the cases of."""

    chosen = Signal(str)

    def __init__(self, rules: Rules, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self.charts = OverviewCharts(rules)
        charts = self.charts
        for chart in charts:
            chart.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(6))
        for part in (
            charts.trend,
            Columns((charts.topics, charts.hours)),
            charts.spots,
            Columns(tuple(charts.parts.values())),
        ):
            column.addWidget(part)

    def show_overview(self, found: Overview, today: date) -> None:
        """Show other data; each chart is as high as it reads well."""
        self.charts.show_overview(found, today)
        most = _LINES * self.fontMetrics().height()
        for chart in self.charts:
            chart.setMinimumHeight(min(chart.sizeHint().height(), most))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
