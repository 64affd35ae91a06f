"""How alike two tellings of a matter are, for texts in any language, Chinese above all. Pure.

Two people never tell the same thing in the same words, but the nouns of the matter come back. So a text is the set of
its pairs of neighbouring letters (Chinese has no spaces to cut at), and two texts are as alike as the smaller set lies
in the larger one: what was typed so far may be one sentence of what was said last week.
"""

from __future__ import annotations

import itertools
import unicodedata

_FEWEST = 4
"""Pairs that a text must have: fewer say nothing (不好, 要退款)."""

LIKE = 0.25
"""From here on two texts tell the same matter. Of pairs of real texts by different people one in a hundred reaches it
(0.24 to 0.27 at 60 characters and more)."""
LIKE_OF_A_KIND = 0.12
"""The same for two cases that carry one category, which by itself says a good deal."""


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and digits of a text, whatever stands between them and however wide."""
    letters = [c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum()]
    return frozenset(a + b for a, b in itertools.pairwise(letters))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share (0 to 1) of the smaller set of :func:`pairs` is in the larger; 0 where one says too little."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer >= _FEWEST else 0.0


def is_like(one: frozenset[str], other: frozenset[str], *, same_category: bool) -> bool:
    """Whether two tellings are of the same matter."""
    return likeness(one, other) >= (LIKE_OF_A_KIND if same_category else LIKE)
