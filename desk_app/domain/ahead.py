"""Counts that run ahead of the book: with the cases that went on since, as they are now, without writing them into it.

For what is asked right after a save: the book itself is brought up to date when nobody waits. Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from desk_app.domain.facts import Facts, Within, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Book(Protocol):
    """Who counts (``storage.figures``)."""

    def counts(self, part: str, within: Within) -> Mapping[str, int]:
        """Return how many cases have each value of a part."""

    def count(self, part: str, value: str, within: Within) -> int:
        """Return how many cases have one value of it."""

    def by_day(self, within: Within) -> Mapping[str, int]:
        """Return how many cases were received on each day that had any."""

    def numbers(self, part: str, value: str, within: Within, limit: int) -> tuple[str, ...]:
        """Return the numbers of the cases that have one value of a part, the newest first, at most so many."""

    def facts_of(self, number: str) -> Facts | None:
        """Return the facts of one case, or None."""


class Ahead:
    """A book with some cases as they are ``now`` in the place of what it says of them."""

    def __init__(self, book: Book, now: Iterable[Facts]) -> None:
        """Take back what the book says of these cases."""
        self._book = book
        self._now = {facts.number: facts for facts in now}
        self._change = Counter[tuple[str, str, str, str]]()
        for number, facts in self._now.items():
            self._change.update(marks(facts))
            if (was := book.facts_of(number)) is not None:
                self._change.subtract(marks(was))

    def counts(self, part: str, within: Within) -> Mapping[str, int]:
        """As the book's."""
        found = Counter(self._book.counts(part, within))
        for _, value, n in self._of(part, within):
            found[value] += n
        return {value: n for value, n in found.items() if n}

    def count(self, part: str, value: str, within: Within) -> int:
        """As the book's."""
        changed = sum(n for _, of, n in self._of(part, within) if of == value)
        return self._book.count(part, value, within) + changed

    def by_day(self, within: Within) -> Mapping[str, int]:
        """As the book's."""
        found = Counter(self._book.by_day(within))
        for day, _, n in self._of("", within):
            found[day] += n
        return {day: n for day, n in found.items() if n}

    def numbers(self, part: str, value: str, within: Within, limit: int) -> tuple[str, ...]:
        """As the book's; those that went on since stand first."""
        found = [number for number, facts in self._now.items() if _has(facts, part, value, within)]
        known = self._book.numbers(part, value, within, limit + len(self._now))
        return (*reversed(found), *(number for number in known if number not in self._now))[:limit]

    def facts_of(self, number: str) -> Facts | None:
        """As the book's."""
        return self._now.get(number) or self._book.facts_of(number)

    def _of(self, part: str, within: Within) -> Iterator[tuple[str, str, int]]:
        for (of, kind, day, value), n in self._change.items():
            if n and of == part and within.first <= day < within.before and kind in (within.kinds or (kind,)):
                yield day, value, n


def _has(facts: Facts, part: str, value: str, within: Within) -> bool:
    is_within = within.first <= facts.day < within.before and facts.kind in (within.kinds or (facts.kind,))
    return is_within and any((of, said) == (part, value) for of, _, _, said in marks(facts))
