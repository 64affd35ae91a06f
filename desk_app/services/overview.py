"""Use cases of the supervisor's overview: what came in a period, beside the period before and the same of last year.

Only counts are read (``services.figures``), so that a year costs what a month does. What is behind a figure is asked
for when somebody wants to see it: :func:`numbers_of_metric`, :func:`numbers_of_value`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from desk_app.domain import metrics, periods
from desk_app.domain.facts import Within
from desk_app.domain.metrics import METRICS, Overdue, Rate
from desk_app.domain.periods import Period
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Status
from desk_app.services import figures, search, volumes

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.domain.facts import Facts
    from desk_app.domain.finding import Hit
    from desk_app.domain.metrics import Metric
    from desk_app.services.workspace import Workspace
    from desk_app.storage.figures import FigureBook

PARTS = ("kind", "topic", "channel", "route", "severity", "responsibility", "department", "handler", "receiver")
"""By what the overview tells cases apart, in its order."""
_COUNTED = frozenset({"", "status", *(metric.part for metric in METRICS.values())})
_DAYS_BY_DAY = 62
"""Periods of at most so many days have a trend by the day, longer ones by the month."""
_MONTH = len("2026-10")
_SPOT, _NINETY, _HALF = "spot", 90, 50
_SPLIT = "\t"


@dataclass(frozen=True, slots=True)
class Times:
    """How long it took, in minutes of the clock: the median, and what nine of ten did not exceed; None of none."""

    count: int
    median: int | None
    ninety: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """What was counted of one period."""

    period: Period
    total: int
    open: int
    overdue: int
    closed: int
    rates: Mapping[str, Rate]
    answered: Times
    done: Times
    parts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the trend: a day or a month (ISO text), and how many came in it and in its like of before."""

    name: str
    now: int
    before: int
    year_ago: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A period beside the one before and the same of last year (None: there is no such time).

    ``trend`` is by the day, or by the month where the period is long. ``hours``: how many came at each (weekday, hour),
    0 is Monday. ``spots``: how many of each department and topic. What nothing is said of is in no part.
    """

    now: Span
    before: Span
    year_ago: Span | None
    trend: Sequence[Point]
    hours: Mapping[tuple[int, int], int]
    spots: Mapping[str, int]


class What(StrEnum):
    """What a figure, or a mark of a chart, counts."""

    ALL = "all"
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ANSWERED = "answered"
    DONE = "done"
    RATE = "rate"
    """Of a metric (``value``) what it counts."""
    AMONG = "among"
    """Of a metric what it is of."""
    VALUE = "value"
    """A value of a part."""
    HOUR = "hour"
    """A weekday (0: Monday) and an hour: 4-14."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Which cases are behind a figure or a mark: of its period, or of ``days`` alone (as a period is written)."""

    what: What
    value: str = ""
    part: str = ""
    days: str = ""

    @property
    def key(self) -> str:
        """This as one text, from which :meth:`of` reads it again."""
        return _SPLIT.join((self.what, self.value, self.part, self.days))

    @classmethod
    def of(cls, key: str) -> Behind:
        """Return what :attr:`key` was made of."""
        what, *rest = key.split(_SPLIT)
        return cls(What(what), *rest)


def overview(
    ws: Workspace, period: Period, kinds: tuple[str, ...] = (), meanwhile: Callable[[], object] = bool
) -> Overview:
    """Return the overview of a period as of now; ``kinds``: of some kinds of cases alone.

    The figures are brought up to date first, in slices between which ``meanwhile`` is called.

    Raises:
        KnownError: ``locked``.
    """
    now = epoch(ws.clock.now())
    like = (period, periods.before(period), periods.year_before(period))

    def ask(book: FigureBook) -> Overview:
        counted = {each: _span(ws, book, each, kinds, now) for each in like if each is not None}
        spans = [None if each is None else counted[each] for each in like]  # the year before is that of last year too
        within = _within(period, kinds)
        return Overview(
            now=spans[0],  # type: ignore[arg-type]  # these two are there
            before=spans[1],  # type: ignore[arg-type]
            year_ago=spans[2],
            trend=_trend(book, like, kinds),
            hours=book.by_weekday_and_hour(within),
            spots=book.counts(_SPOT, within),
        )

    return figures.ask(ws, ask, meanwhile)


def numbers_of_metric(
    ws: Workspace, period: Period, key: str, limit: int, kinds: tuple[str, ...] = (), *, among: bool = False
) -> tuple[str, ...]:
    """Return the numbers of the cases that a rate counts (``among``: that it is of), the newest first."""
    now, metric = epoch(ws.clock.now()), METRICS[key]
    holds = metrics.is_among if among else metrics.counts_in
    within = _within(period, metric.kinds or kinds)
    return figures.ask(
        ws, lambda book: tuple(islice((f.number for f in book.facts(within) if holds(metric, f, now)), limit))
    )


def numbers_of_value(
    ws: Workspace, period: Period, part: str, value: str, limit: int, kinds: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the numbers of the cases that have one value of a part, the newest first."""
    within = _within(period, kinds)
    if part == "kind":
        return figures.numbers(ws, "kind", value, within._replace(kinds=(value,)), limit)
    return figures.numbers(ws, part, value, within, limit)


def numbers_of_overdue(ws: Workspace, period: Period, limit: int, kinds: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the numbers of the cases of a period with something overdue now, the newest first."""
    now = epoch(ws.clock.now())
    return _numbers(ws, period, kinds, limit, lambda f: f.due is not None and f.due < now)


def cases_behind(
    ws: Workspace, period: Period, behind: Behind, limit: int, kinds: tuple[str, ...] = ()
) -> tuple[Hit, ...]:
    """Return the cases that a figure counts, as a search shows them, the newest first, at most so many.

    Raises:
        KnownError: ``locked``.
    """
    if behind.days:
        period = periods.read_period(behind.days, period.first)
    match behind.what:
        case What.RATE | What.AMONG:
            found = numbers_of_metric(ws, period, behind.value, limit, kinds, among=behind.what is What.AMONG)
        case What.VALUE:
            found = numbers_of_value(ws, period, behind.part, behind.value, limit, kinds)
        case What.OVERDUE:
            found = numbers_of_overdue(ws, period, limit, kinds)
        case What.HOUR:
            weekday, hour = map(int, behind.value.split("-"))
            found = _numbers(
                ws, period, kinds, limit, lambda f: (date.fromisoformat(f.day).weekday(), f.hour) == (weekday, hour)
            )
        case what:
            found = _numbers(ws, period, kinds, limit, _HOLDS[what])
    return search.of_numbers(ws, found)


_HOLDS: Mapping[What, Callable[[Facts], bool]] = {
    What.ALL: lambda _facts: True,
    What.OPEN: lambda facts: facts.status != Status.CLOSED,
    What.CLOSED: lambda facts: facts.status == Status.CLOSED,
    What.ANSWERED: lambda facts: facts.answered_minutes is not None,
    What.DONE: lambda facts: facts.closed_minutes is not None,
}


def _numbers(
    ws: Workspace, period: Period, kinds: tuple[str, ...], limit: int, holds: Callable[[Facts], bool]
) -> tuple[str, ...]:
    """Return the numbers of the cases of a period for whose facts something holds, the newest first."""
    within = _within(period, kinds)
    return figures.ask(ws, lambda book: tuple(islice((f.number for f in book.facts(within) if holds(f)), limit)))


def _within(period: Period, kinds: tuple[str, ...]) -> Within:
    return Within(period.first_text, period.before_text, kinds)


def _span(ws: Workspace, book: FigureBook, period: Period, kinds: tuple[str, ...], now: int) -> Span:
    within = _within(period, kinds)
    counts = book.all_counts((*sorted(_COUNTED), *PARTS), within)
    overdue, served = book.late(within, now), volumes.of_period(ws, period)
    answered, closed = book.minutes(within)
    total = sum(counts[""].values())
    is_over = counts["status"].get(Status.CLOSED, 0)
    return Span(
        period=period,
        total=total,
        open=total - is_over,
        overdue=overdue.cases,
        closed=is_over,
        rates={key: _rate(book, metric, within, counts, overdue, served) for key, metric in METRICS.items()},
        answered=_times(answered),
        done=_times(closed),
        parts={part: counts[part] for part in PARTS},
    )


def _rate(
    book: FigureBook,
    metric: Metric,
    within: Within,
    counts: Mapping[str, Mapping[str, int]],
    overdue: Overdue,
    served: int | None,
) -> Rate:
    if metric.kinds and metric.kinds != within.kinds:
        counts = book.all_counts((metric.part,), within._replace(kinds=metric.kinds))
    return metrics.rate(metric, counts, overdue, served)


def _times(minutes: Sequence[int]) -> Times:
    return Times(len(minutes), metrics.percentile(minutes, _HALF), metrics.percentile(minutes, _NINETY))


def _trend(book: FigureBook, like: Sequence[Period | None], kinds: tuple[str, ...]) -> tuple[Point, ...]:
    """Return how many came on each day of a period (in each month of a long one) and of those like it, by their order.

    Periods like each other need not be as long: a 31st has none beside it, and is beside 0.
    """
    counted = [{} if each is None else book.by_day(_within(each, kinds)) for each in like]
    names = [_days(each) for each in like]
    if len(names[0]) > _DAYS_BY_DAY:
        counted = [_by_month(each) for each in counted]
        names = [list(dict.fromkeys(day[:_MONTH] for day in each)) for each in names]
    columns = [[days.get(name, 0) for name in listed] for days, listed in zip(counted, names, strict=True)]
    return tuple(
        Point(name, *(column[n] if n < len(column) else 0 for column in columns)) for n, name in enumerate(names[0])
    )


def _days(period: Period | None) -> Sequence[str]:
    if period is None:
        return ()
    return [(period.first + timedelta(days=n)).isoformat() for n in range((period.last - period.first).days + 1)]


def _by_month(days: Mapping[str, int]) -> dict[str, int]:
    months: dict[str, int] = {}
    for day, count in days.items():
        months[day[:_MONTH]] = months.get(day[:_MONTH], 0) + count
    return months
