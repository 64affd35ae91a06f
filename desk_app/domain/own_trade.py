"""A trade as one shop has it: its own categories beside the trade's, some hidden, its own words (part 6.1). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.fields import LEVEL, Trade, top_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def merged(trade: Trade, added: Sequence[str], hidden: Collection[str], words: Mapping[str, str]) -> Trade:
    """Return the trade with a shop's own laid over it.

    A category that is added stands at the end of its first level, which is added where there is none. One that is
    hidden is not offered, nor is what is below it. ``words`` speak for a path, or for none, which silences a word of
    the trade; a word for a category that is not there is silent.
    """
    shown = tuple(p for p in tree(trade, added) if p not in hidden and top_of(p) not in hidden)
    spoken = {word: path for word, path in {**trade.words, **words}.items() if path in shown}
    return trade._replace(categories=shown, words=spoken)


def tree(trade: Trade, added: Sequence[str]) -> tuple[str, ...]:
    """Return every category, hidden ones too, in reading order: each first level with what is below it."""
    below: dict[str, dict[str, None]] = {}
    for path in (*trade.categories, *added):
        below.setdefault(top_of(path), {})
        if LEVEL in path:
            below[top_of(path)][path] = None
    return tuple(path for top, children in below.items() for path in (top, *children))


class Word(NamedTuple):
    """A phrase and the category that it speaks for; ``is_own``: the shop says so, ``is_silent``: it speaks no more."""

    word: str
    path: str
    is_own: bool
    is_silent: bool


def listed(trade: Trade, own: Mapping[str, str]) -> tuple[Word, ...]:
    """Return every word of a shop for a person to edit: what the shop says first, then the trade's by its categories.

    ``own`` is as in :func:`merged`. A word that was silenced is listed with the category of the trade.
    """
    words = [
        Word(word, path or trade.words.get(word, ""), word in own and bool(path), not path)
        for word, path in {**trade.words, **own}.items()
    ]
    places = {path: place for place, path in enumerate(trade.categories)}
    return tuple(sorted(words, key=lambda w: (w.word not in own, places.get(w.path, len(places)), w.path, w.word)))
