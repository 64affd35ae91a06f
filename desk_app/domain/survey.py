"""The yearly satisfaction survey: what its answers come to (domain.md part 4 F10). Pure; no customer is named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Answers = Mapping[str, str]
"""One answered sheet: the answer to each item, by its label; items that were left blank are absent."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the printed sheet, and the answers that can be ticked, in their order."""

    label: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How the answers of an item are weighed: points of each, which are good, which say nothing."""

    points: Mapping[str, int]
    good: frozenset[str]
    skipped: frozenset[str]

    def fits(self, answers: Iterable[str]) -> bool:
        """Whether it knows all of these answers, and one of them counts."""
        given = set(answers)
        return bool(given & set(self.points)) and given <= {*self.points, *self.skipped}


@dataclass(frozen=True, slots=True)
class Scales:
    """What ``resources/survey.toml`` says."""

    scales: Sequence[Scale]
    quality: frozenset[str]

    def of(self, item: Item) -> Scale | None:
        """Return the scale of an item, None where its answers are on none."""
        return next((scale for scale in self.scales if scale.fits(item.answers)), None)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What one item came to. ``good`` of ``said`` are satisfied; ``points`` of all together (both 0 on no scale).

    ``share`` (of one) and ``mean`` (points) are None where nobody said anything that counts.
    """

    item: Item
    counts: Mapping[str, int]
    said: int
    good: int
    points: int

    @property
    def share(self) -> float | None:
        """The share of satisfied answers: good ÷ said."""
        return self.good / self.said if self.said else None

    @property
    def mean(self) -> float | None:
        """The mean of the points: points ÷ said."""
        return self.points / self.said if self.said else None


def read_scales(data: Mapping[str, object]) -> Scales:
    """Build the scales; an answer that is good must have points, and one that is skipped none.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    tables, quality = data["scales"], data["quality"]
    if not isinstance(tables, list) or not isinstance(quality, list):
        raise TypeError("scales")
    scales = [Scale(dict(each["points"]), frozenset(each["good"]), frozenset(each["skipped"])) for each in tables]
    for scale in scales:
        if not scale.good <= set(scale.points) or scale.skipped & set(scale.points):
            raise ValueError("good")
    return Scales(scales, frozenset(map(str, quality)))


def results(items: Sequence[Item], sheets: Sequence[Answers], scales: Scales) -> tuple[ItemResult, ...]:
    """Return what each item came to, in the order of the printed sheet.

    An item that was asked in the year and is on the sheet no more comes after them, with the answers it was given.
    """
    known = {item.label: item for item in items}
    asked: dict[str, list[str]] = {}
    for sheet in sheets:
        for label, answer in sheet.items():
            asked.setdefault(label, []).append(answer)
    gone = [Item(label, tuple(dict.fromkeys(given))) for label, given in asked.items() if label not in known]
    return tuple(_result(item, asked.get(item.label, ()), scales) for item in (*items, *gone))


def quality(found: Iterable[ItemResult], scales: Scales) -> tuple[int, int]:
    """Return 产品质量优良率 as good answers, and of how many: those on the items about the product's quality."""
    about = [each for each in found if each.item.label in scales.quality]
    return sum(each.good for each in about), sum(each.said for each in about)


def _result(item: Item, given: Sequence[str], scales: Scales) -> ItemResult:
    tally = Counter(given)
    counts = {answer: tally[answer] for answer in dict.fromkeys((*item.answers, *tally))}
    scale = scales.of(item)
    if scale is None:
        return ItemResult(item, counts, 0, 0, 0)
    said = {answer: count for answer, count in counts.items() if answer in scale.points}
    points = sum(scale.points[answer] * count for answer, count in said.items())
    good = sum(count for answer, count in said.items() if answer in scale.good)
    return ItemResult(item, counts, sum(said.values()), good, points)
