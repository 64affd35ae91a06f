"""Samples, and what they are compared with. The two sides of a ratio are always taken in turn, in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_NS_PER_MS = 1e6
Sampler = Callable[[], float]
"""Does the thing once and returns what it cost."""


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one side, in the unit of its comparison."""

    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle sample."""
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        """The sample that 95 of 100 do not exceed."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the report: ours beside its floor, taken in turn. ``goal`` is the largest ratio that will do."""

    operation: str
    floor: Series
    ours: Series
    goal: float
    unit: str = "ms"
    notes: Mapping[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The middle one of the ratios of each round, whose two samples a slow moment of the machine hits alike."""
        pairs = zip(self.ours.samples, self.floor.samples, strict=True)
        return statistics.median(ours / floor for ours, floor in pairs)

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio <= self.goal


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One line of the report that has no floor: what ours may cost at most, in the unit of its samples.

    ``rarely``: 95 of 100 samples have to be within the limit, not only the middle one.
    """

    operation: str
    ours: Series
    most: float
    unit: str = "ms"
    rarely: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the sample that counts is within the limit."""
        return (self.ours.p95 if self.rarely else self.ours.median) <= self.most


@dataclass(frozen=True, slots=True)
class Check:
    """Something that holds or does not, whatever the time it takes."""

    what: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What one operation of the benchmark came to."""

    comparisons: tuple[Comparison, ...]
    checks: tuple[Check, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()


def in_turn(samplers: Mapping[str, Sampler], rounds: int, warm_up: int = 1) -> dict[str, Series]:
    """Take ``rounds`` samples of each, one of each after the other, so that a noisy moment hits them alike.

    The order is turned round by one each time: whoever always came second would always find the caches as the first
    one left them.
    """
    taken: dict[str, list[float]] = {name: [] for name in samplers}
    names = list(samplers)
    for turn in range(-warm_up, rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            cost = samplers[name]()
            if turn >= 0:
                taken[name].append(cost)
    return {name: Series(tuple(samples)) for name, samples in taken.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work took."""
    began = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - began) / _NS_PER_MS
