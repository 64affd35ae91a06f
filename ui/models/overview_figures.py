"""The figures of the overview in words: counts, times and rates of a period, beside the one before and last year's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.metrics import METRICS, Among
from desk_app.services.overview import Behind, What

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.domain.metrics import Rate
    from desk_app.sentences import Sentences
    from desk_app.services.overview import Overview, Span

NONE = "—"
FIRST = ("complaints", "omissions", "dissatisfied")
"""The three that are to be kept under control (三个控制); they come before the other rates."""
_HOUR, _DAY, _DAYS_ALONE = 60, 24 * 60, 10
_PARTS_PER_POINT = 1000  # a rate is told to a tenth of a point


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: its cells, ready to be shown, and which cases are behind it; ``metric`` where it is a rate."""

    cells: tuple[str, ...]
    behind: Behind
    metric: str = ""


def counted(found: Overview) -> tuple[Figure, ...]:
    """Return how many there are, and how long it took: name, this period, the one before, last year's, the change."""
    return tuple(_counts(found))


def rates(found: Overview, sentences: Sentences) -> tuple[Figure, ...]:
    """Return the rates: name, this period, of what it is, the one before, last year's, the change."""
    return tuple(_rate(found, sentences, key) for key in (*FIRST, *(key for key in METRICS if key not in FIRST)))


def share(rate: Rate | None) -> str:
    """Return a rate as a percentage, or a dash where there is nothing to divide by."""
    return NONE if rate is None or rate.share is None else f"{rate.share:.1%}"


def of_what(rate: Rate) -> str:
    """Return the numerator and the denominator."""
    return _tr("{0} ÷ {1}").format(f"{rate.count:,}", _tr("没有填") if rate.whole is None else f"{rate.whole:,}")


def undivided(rate: Rate, key: str, sentences: Sentences) -> str:
    """Return what to do where a rate has nothing to divide by, else nothing."""
    if rate.share is not None:
        return ""
    known = sentences.labels["undivided"]
    return known.get(key, known["nothing"])


def is_hinted(rate: Rate, key: str) -> bool:
    """Whether it is to be said beside the rates why there is none: somebody has to fill in what it is divided by."""
    return METRICS[key].among is Among.SERVED and rate.whole is None


def told(minutes: int | None) -> str:
    """Return how long something took: 25 分, 2 小时 5 分, 3 天 4 小时, 12 天; a dash of nothing."""
    if minutes is None:
        return NONE
    if minutes < _HOUR:
        return _tr("{0} 分").format(minutes)
    if minutes < 2 * _DAY:
        return _two(minutes // _HOUR, _tr("小时"), minutes % _HOUR, _tr("分"))
    days = minutes // _DAY
    return _two(days, _tr("天"), 0 if days >= _DAYS_ALONE else minutes % _DAY // _HOUR, _tr("小时"))


def _two(whole: int, unit: str, rest: int, smaller: str) -> str:
    return f"{whole} {unit} {rest} {smaller}" if rest else f"{whole} {unit}"


def _counts(found: Overview) -> Iterator[Figure]:
    plain, judged = (_tr("增加"), _tr("减少")), (_tr("变差"), _tr("好转"))
    whole: tuple[tuple[str, What, Callable[[Span], int]], ...] = (
        (_tr("受理"), What.ALL, lambda span: span.total),
        (_tr("未结案"), What.OPEN, lambda span: span.open),
        (_tr("逾期"), What.OVERDUE, lambda span: span.overdue),
        (_tr("已结案"), What.CLOSED, lambda span: span.closed),
    )
    for name, what, of in whole:  # are not judged: a period that is not over has fewer of all
        yield _line(name, what, found, of, lambda n: NONE if n is None else f"{n:,}", plain)
    times: tuple[tuple[str, What, Callable[[Span], int | None]], ...] = (
        (_tr("答复用时·中位"), What.ANSWERED, lambda span: span.answered.median),
        (_tr("答复用时·九成"), What.ANSWERED, lambda span: span.answered.ninety),
        (_tr("办结用时·中位"), What.DONE, lambda span: span.done.median),
        (_tr("办结用时·九成"), What.DONE, lambda span: span.done.ninety),
    )
    for name, what, of_time in times:
        yield _line(name, what, found, of_time, told, judged)


def _line(
    name: str,
    what: What,
    found: Overview,
    of: Callable[[Span], int | None],
    words: Callable[[int | None], str],
    more_less: tuple[str, str],
) -> Figure:
    now, before = of(found.now), of(found.before)
    last_year = of(found.year_ago) if found.year_ago else None
    change = NONE if now is None or before is None else _changed(now - before, words(abs(now - before)), more_less)
    return Figure((name, words(now), words(before), words(last_year), change), Behind(what))


def _rate(found: Overview, sentences: Sentences, key: str) -> Figure:
    now, before = found.now.rates[key], found.before.rates[key]
    last_year = found.year_ago.rates[key] if found.year_ago else None
    change = NONE
    if now.share is not None and before.share is not None:
        # of what is shown, so that nobody reckons another difference from it
        points = round(now.share * _PARTS_PER_POINT) - round(before.share * _PARTS_PER_POINT)
        less, more = (_tr("变差"), _tr("好转")) if METRICS[key].is_good else (_tr("好转"), _tr("变差"))
        change = _changed(points, _tr("{0} 百分点").format(f"{abs(points) / 10:.1f}"), (more, less))
    cells = (sentences.label("metric", key), share(now), of_what(now), share(before), share(last_year), change)
    return Figure(cells, Behind(What.RATE, key), key)


def _changed(difference: int, size: str, more_less: tuple[str, str]) -> str:
    if not difference:
        return _tr("－ 持平")
    arrow, word = ("↑", more_less[0]) if difference > 0 else ("↓", more_less[1])
    return f"{arrow} {size} {word}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
