"""Which category a text speaks for, by the words in it (a phrase dictionary, domain.md part 6.1). Pure.

Nothing is understood: "没有坏" speaks as "坏" does. The person who accepts a suggestion is the one who judges.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Suggestion(NamedTuple):
    """A category, and the words of the text that spoke for it, in the order of the text."""

    path: str
    words: tuple[str, ...]


class _Found(NamedTuple):
    place: int
    word: str
    weight: int


class Dictionary:
    """Phrases made ready to be looked for: the longest first, the letters and the width of signs made alike."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Make ready what :class:`~desk_app.domain.fields.Trade` has as ``words``."""
        keyed = [(plain(word), word, path) for word, path in words.items()]
        self.phrases = tuple(sorted((p for p in keyed if p[0]), key=lambda p: (-len(p[0]), p[0])))


def suggest(text: str, dictionary: Dictionary) -> tuple[Suggestion, ...]:
    """Return the categories that the words of ``text`` speak for, the one that most is said for first.

    A phrase counts once, with the square of its length, so that 态度恶劣 outweighs two short words; what is part of a
    longer phrase that was found does not speak for itself. Of equals the one that is spoken of first comes first.
    """
    left = plain(text)
    found: dict[str, list[_Found]] = {}
    for key, word, path in dictionary.phrases:
        place = left.find(key)
        if place >= 0:
            found.setdefault(path, []).append(_Found(place, word, len(key) ** 2))
            left = left.replace(key, "\0" * len(key))
    ranked = sorted(found.items(), key=lambda entry: (-sum(f.weight for f in entry[1]), min(entry[1]).place))
    return tuple(Suggestion(path, tuple(f.word for f in sorted(spoken))) for path, spoken in ranked)


def plain(text: str) -> str:
    """Return a text as words are looked for in it: without differences of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()
