"""The rates by which the work is judged, each defined once: what is counted, of what, and where that comes from.

A :class:`Metric` says it as data: of which part of the facts (``domain.facts``) which values count, and of which cases.
From that follow both the figure (:func:`rate`, from counts that were kept ready) and the cases behind it
(:func:`counts_in`), so that the two cannot disagree. Unit of every rate: a share of one, between 0 and 1 (the rate of
complaints may be more); None where there is nothing to divide by, or where nobody knows how many were served.

The seeds name these rates and give no formulas; the formulas are those of domain.md part 15 ([design]).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from desk_app.domain.facts import marks
from desk_app.domain.vocabulary import Kind, Satisfaction, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk_app.domain.facts import Facts

Counts: TypeAlias = Mapping[str, Mapping[str, int]]
"""Of each part, how many cases have each value; of the part ``""`` how many there are."""
_YES = "1"


class Among(StrEnum):
    """Of what a rate is."""

    ALL = "all"
    """Of all cases."""
    SAID = "said"
    """Of those of which the part says anything."""
    SERVED = "served"
    """Of all that the shop served in the period: entered by hand (接待量)."""


class Late(StrEnum):
    """What is overdue at this moment adds to a rate, though no step has said so yet."""

    NOTHING = ""
    OMITTED = "omitted"
    """A case with something overdue counts, where it does not count already."""
    UNANSWERED = "unanswered"
    """A case whose answer is overdue is one of those that are divided by: it was not answered in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One rate. ``kinds``: of these kinds of cases alone; none: of those asked for. ``is_good``: more is better."""

    key: str
    part: str
    hits: frozenset[str]
    among: Among = Among.ALL
    late: Late = Late.NOTHING
    kinds: tuple[str, ...] = ()
    is_good: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """Of how many cases something is overdue at a moment.

    ``fresh``: how many of these count as omitted only because of that. ``replies``: of how many the answer is overdue
    that has not been given.
    """

    cases: int = 0
    fresh: int = 0
    replies: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; ``whole`` is None where nobody knows."""

    count: int
    whole: int | None

    @property
    def share(self) -> float | None:
        """The share of one, None of nothing."""
        return self.count / self.whole if self.whole else None


COMPLAINTS = Metric(key="complaints", part="", hits=frozenset({""}), among=Among.SERVED, kinds=(Kind.COMPLAINT,))
"""服务投诉率 = complaints ÷ served (part 14 三个控制; part 15)."""
OMISSIONS = Metric(key="omissions", part="omitted", hits=frozenset({_YES}), late=Late.OMITTED)
"""服务遗漏率 = cases with anything not recorded, done late or overdue ÷ all cases (三个控制, 四个不漏)."""
DISSATISFIED = Metric(
    key="dissatisfied", part="satisfaction", hits=frozenset({Satisfaction.DISSATISFIED}), among=Among.SAID
)
"""服务不满意率 = customers who said 不满意 at their last return visit ÷ those who said anything (三个控制)."""
SATISFIED = Metric(
    key="satisfied",
    part="satisfaction",
    hits=frozenset({Satisfaction.SATISFIED, Satisfaction.FAIR}),
    among=Among.SAID,
    is_good=True,
)
"""满意率 = 满意 and 基本满意 ÷ those who said anything (part 15; S3 满意度)."""
VISITED = Metric(key="visited", part="visited", hits=frozenset({_YES}), among=Among.SAID, is_good=True)
"""回访率 = customers reached ÷ those who were to be asked (part 15 [implied])."""
REPLIED_IN_TIME = Metric(
    key="replied_in_time",
    part="replied_in_time",
    hits=frozenset({_YES}),
    among=Among.SAID,
    late=Late.UNANSWERED,
    is_good=True,
)
"""及时答复率 = answered by the due time ÷ answered, and overdue without an answer (part 15: 限内件数÷到期件数)."""
CLOSED_IN_TIME = Metric(
    key="closed_in_time", part="closed_in_time", hits=frozenset({_YES}), among=Among.SAID, is_good=True
)
"""按时办结率 = closed with nothing done late ÷ closed (part 15 及时率)."""
CLOSED = Metric(key="closed", part="status", hits=frozenset({Status.CLOSED}), is_good=True)
"""结案率 = closed ÷ all cases (part 15)."""
CAME_AGAIN = Metric(key="came_again", part="came_again", hits=frozenset({_YES}))
"""重复投诉率 = cases whose customer came back about the same matter, or that were reopened ÷ all cases (part 15)."""

METRICS: Mapping[str, Metric] = {
    each.key: each
    for each in (
        COMPLAINTS,
        OMISSIONS,
        DISSATISFIED,
        REPLIED_IN_TIME,
        CLOSED_IN_TIME,
        CLOSED,
        VISITED,
        SATISFIED,
        CAME_AGAIN,
    )
}


def rate(metric: Metric, counts: Counts, overdue: Overdue, served: int | None) -> Rate:
    """Return a rate from the counts of each part (value → how many cases; of the part ``""`` all of them).

    The counts, and ``overdue``, are of the kinds that the metric is of.
    """
    said = counts.get(metric.part, {})
    count = sum(said.get(value, 0) for value in metric.hits)
    match metric.among:
        case Among.SERVED:
            whole = served
        case Among.SAID:
            whole = sum(said.values())
        case _:
            whole = sum(counts.get("", {}).values())
    if metric.late is Late.OMITTED:
        count += overdue.fresh
    if metric.late is Late.UNANSWERED:
        whole = (whole or 0) + overdue.replies
    return Rate(count, whole)


def counted(cases: Iterable[Facts], now: int, kinds: tuple[str, ...] = ()) -> tuple[Counts, Overdue]:
    """Count cases of some kinds (none given: of all), as of a moment (epoch): what :func:`rate` is asked with.

    What is kept ready beside the register (``storage.figures``) is the same, counted before it is asked for.
    """
    counts: dict[str, Counter[str]] = {}
    late: list[Facts] = []
    for facts in cases:
        if kinds and facts.kind not in kinds:
            continue
        for part, _kind, _day, value in marks(facts):
            counts.setdefault(part, Counter())[value] += 1
        if not facts.is_void and facts.due is not None and facts.due < now:
            late.append(facts)
    replies = sum(f.replied_in_time is None and f.reply_due is not None and f.reply_due < now for f in late)
    return counts, Overdue(len(late), sum(not f.omitted for f in late), replies)


def counts_in(metric: Metric, facts: Facts, now: int) -> bool:
    """Whether a case that is not void is one of those that a rate counts, as of a moment (epoch)."""
    if metric.kinds and facts.kind not in metric.kinds:
        return False
    is_late = facts.due is not None and facts.due < now
    value = "" if metric.part == "" else getattr(facts, metric.part)
    is_hit = value is not None and str(value) in metric.hits
    return is_hit or (metric.late is Late.OMITTED and is_late)


def is_among(metric: Metric, facts: Facts, now: int) -> bool:
    """Whether a case that is not void is one of those that a rate is of (what was served is no case)."""
    if metric.kinds and facts.kind not in metric.kinds:
        return False
    if metric.among is Among.ALL:
        return True
    value = getattr(facts, metric.part) if metric.part else ""
    is_unanswered = facts.reply_due is not None and facts.reply_due < now
    return value not in (None, "") or (metric.late is Late.UNANSWERED and is_unanswered)


def percentile(times: Sequence[int], percent: int) -> int | None:
    """Return the least of some sorted minutes that so many per cent of them do not exceed (nearest rank); None of none.

    Unit: minutes. The 50th is the median; of an even number of times the lower of the two in the middle.
    """
    return times[ceil(len(times) * percent / 100) - 1] if times else None
