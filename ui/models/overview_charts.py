"""What the charts of the overview show, made of what was counted; each mark knows the cases behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.facts import SPOT_BETWEEN
from desk_app.domain.vocabulary import Action
from desk_app.services.overview import Behind, What
from ui.models.chart_data import Course, Grid, Items, Line, Mark
from ui.models.periods import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk_app.domain.periods import Period
    from desk_app.services.overview import Overview, Span
    from desk_app.services.rules import Rules

_MONTH = len("2026-10")
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_USUAL_HOURS = (8, 20)  # are shown whatever happened in them
_MOST_ROWS, _MOST_COLUMNS = 8, 7  # of departments and topics that have a place of their own
_OF_AN_ACTION = {"responsibility": Action.DETERMINE}
_OF_THE_FORM = frozenset({"kind", "channel", "route", "severity"})


def value_named(rules: Rules, part: str, value: str) -> str:
    """Return how people call a value of a part."""
    if part in _OF_THE_FORM:
        return rules.fields[part].label_of(value)
    if part in _OF_AN_ACTION and (field := rules.actions[_OF_AN_ACTION[part]][part]) is not None:
        return field.label_of(value)
    return value


def items(found: Overview, part: str, rules: Rules) -> Items:
    """Return the values of a part, the most frequent first, each with its share of all cases and what was before."""
    now, before = found.now.parts[part], found.before.parts[part]
    marks = tuple(
        Mark(
            label=value_named(rules, part, value),
            value=count,
            key=Behind(What.VALUE, value, part).key,
            share=_share(count, found.now),
            before=before.get(value, 0),
        )
        for value, count in sorted(now.items(), key=lambda each: (-each[1], each[0]))
    )
    return Items(marks, _tr("上期"))


def trend(found: Overview, today: date) -> Course:
    """Return how many came each day, or month, of the period, of the one before, and of last year's.

    The line of the present period ends with today. Of a year the one before is last year's: one line.
    """
    spans = [found.now, found.before, found.year_ago]
    if found.year_ago is not None and found.year_ago.period == found.before.period:
        spans.pop()
    points = found.trend
    by_month = bool(points) and len(points[0].name) == _MONTH
    lines = [
        Line(named(span.period), _marks(span.period, values, today, by_month=by_month))
        for span, values in zip(
            spans,
            ([p.now for p in points], [p.before for p in points], [p.year_ago for p in points]),
            strict=False,
        )
        if span is not None
    ]
    places = tuple(_place(point.name, by_month=by_month) for point in points)
    return Course(places, tuple(lines))


def hours(found: Overview) -> Grid:
    """Return how many came on each day of the week at each hour, from the first to the last at which any came."""
    of = [hour for _, hour in found.hours]
    first, last = min([_USUAL_HOURS[0], *of]), max([_USUAL_HOURS[1], *of])
    columns = range(first, last + 1)
    counts = tuple(tuple(found.hours.get((day, hour), 0) for hour in columns) for day in range(len(_WEEKDAYS)))
    keys = tuple(
        tuple(Behind(What.HOUR, f"{day}-{hour}").key if found.hours.get((day, hour)) else "" for hour in columns)
        for day in range(len(_WEEKDAYS))
    )
    return Grid(_tr("星期"), _tr("几点"), _WEEKDAYS, tuple(map(str, columns)), counts, keys)


def spots(found: Overview) -> Grid:
    """Return how many of each topic each department had, the most frequent first; what has no room is put together."""
    cells = {(d, t): n for spot, n in found.spots.items() for d, _, t in [spot.partition(SPOT_BETWEEN)]}
    rows, columns = _most(cells, 0, _MOST_ROWS), _most(cells, 1, _MOST_COLUMNS)
    rest = _tr("其余")
    counted: dict[tuple[str, str], int] = {}
    for (department, topic), n in cells.items():
        place = (department if department in rows else "", topic if topic in columns else "")
        counted[place] = counted.get(place, 0) + n
    all_rows = (*rows, "") if any(not row for row, _ in counted) else rows
    all_columns = (*columns, "") if any(not column for _, column in counted) else columns
    return Grid(
        _tr("承办部门"),
        _tr("分类"),
        tuple(row or rest for row in all_rows),
        tuple(column or rest for column in all_columns),
        tuple(tuple(counted.get((row, column), 0) for column in all_columns) for row in all_rows),
        tuple(tuple(_spot(row, column, counted) for column in all_columns) for row in all_rows),
    )


def _most(cells: Mapping[tuple[str, str], int], which: int, most: int) -> tuple[str, ...]:
    """Return the names that have the most cases; one more than there is room for has a place too, instead of a rest."""
    totals: dict[str, int] = {}
    for cell, n in cells.items():
        totals[cell[which]] = totals.get(cell[which], 0) + n
    names = sorted(totals, key=lambda name: (-totals[name], name))
    return tuple(names if len(names) <= most + 1 else names[:most])


def _spot(department: str, topic: str, counted: Mapping[tuple[str, str], int]) -> str:
    if not department or not topic or not counted.get((department, topic)):
        return ""
    return Behind(What.VALUE, f"{department}{SPOT_BETWEEN}{topic}", "spot").key


def _marks(period: Period, values: Sequence[int], today: date, *, by_month: bool) -> tuple[Mark, ...]:
    names = _names(period, by_month=by_month)
    last = today.isoformat()
    return tuple(
        Mark(_place(name, by_month=by_month), value, Behind(What.ALL, days=name).key if value else "")
        for name, value in zip(names, values, strict=False)
        if name <= last
    )


def _names(period: Period, *, by_month: bool) -> Sequence[str]:
    days = [(period.first + timedelta(days=n)).isoformat() for n in range((period.last - period.first).days + 1)]
    return list(dict.fromkeys(day[:_MONTH] for day in days)) if by_month else days


def _place(name: str, *, by_month: bool) -> str:
    """Return a place of the axis: 10 月, or 10/3."""
    if by_month:
        return _tr("{0} 月").format(int(name[5:]))
    day = date.fromisoformat(name)
    return f"{day.month}/{day.day}"


def _share(count: int, span: Span) -> str:
    return f"{count / span.total:.1%}" if span.total else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
