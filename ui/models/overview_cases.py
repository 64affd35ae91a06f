"""The cases behind a figure in words: what they are, and one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.periods import read_period
from desk_app.services.overview import Behind, What
from ui.models.hits_model import head_cells
from ui.models.overview_charts import value_named
from ui.models.periods import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from desk_app.domain.finding import Hit
    from desk_app.domain.periods import Period
    from desk_app.services.rules import Rules

_WEEKDAYS = "一二三四五六日"


def title(behind: Behind, period: Period, rules: Rules, name: str = "") -> str:
    """Return which cases these are: when they came, and what they have in common (``name``, where that is given)."""
    when = named(read_period(behind.days, period.first) if behind.days else period)
    return f"{when}　{name or _what(behind, rules)}"


def rows(hits: Sequence[Hit], rules: Rules, now: datetime) -> list[tuple[str, ...]]:
    """Return the cells of each case: number, when it came, kind, customer (masked), status, matter."""
    return [(*head_cells(hit, rules, now), hit.matter) for hit in hits]


def _what(behind: Behind, rules: Rules) -> str:
    sentences = rules.sentences
    match behind.what:
        case What.RATE:
            return _tr("{0}：算进去的").format(sentences.label("metric", behind.value))
        case What.AMONG:
            return _tr("{0}：作基数的").format(sentences.label("metric", behind.value))
        case What.HOUR:
            weekday, hour = map(int, behind.value.split("-"))
            return _tr("星期{0} {1} 点").format(_WEEKDAYS[weekday], hour)
        case What.VALUE if behind.part == "spot":
            return behind.value
        case What.VALUE:
            label, value = sentences.label("part", behind.part), value_named(rules, behind.part, behind.value)
            return _tr("{0}：{1}").format(label, value)
        case what:
            return {
                What.OPEN: _tr("未结案"),
                What.OVERDUE: _tr("逾期"),
                What.CLOSED: _tr("已结案"),
                What.ANSWERED: _tr("答复过的"),
                What.DONE: _tr("办结的"),
            }.get(what, _tr("受理"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
