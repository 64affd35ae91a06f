"""What is looked for in the register, and what was found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from desk_app.domain import departments
from desk_app.domain.privacy import mask_name, mask_phone
from desk_app.domain.queue import MATTER_LENGTH
from desk_app.domain.search_words import fold
from desk_app.domain.text import first_words
from desk_app.domain.vocabulary import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.entry import Entry, Part
    from desk_app.domain.search_words import Document

LONGEST_QUERY = 200
_SNIPPET = 60
_BEFORE = 15  # characters that a snippet shows before the first match
_DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; what is empty filters nothing. Nothing at all finds nothing.

    ``words`` as typed. ``first`` and ``last``: the days of receipt, both included. ``category``: a path with all below
    it. ``department``: complained of, or given or told the case. ``operator``: received it, or did something on it.
    """

    words: str = ""
    first: date | None = None
    last: date | None = None
    kinds: tuple[Kind, ...] = ()
    category: str = ""
    department: str = ""
    status: Status | None = None
    operator: str = ""

    @property
    def filters(self) -> bool:
        """Whether more is asked for than words."""
        return self != Sought(self.words)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What is looked for, kept under a name: without its days, which are kept as they are written or named."""

    name: str
    sought: Sought
    days: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One case that was found. The customer is masked as in the queue, and so is what the snippet says.

    ``where``: the key of the register or the action that has the (first) word; empty where only filters were given.
    ``snippet``: at most 60 characters around it, ``marks`` where words stand in it: (first, one past the last).
    """

    number: str
    received_at: datetime
    kind: Kind
    status: Status
    customer: str
    is_confidential: bool
    matter: str
    where: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, best first. ``more``: there are others.

    ``waiting``: how many changed cases were not looked at, because the index is too far behind (0: the hits are exactly
    those of a scan). ``instead``: the words that were looked for because those that were given found nothing.
    """

    hits: tuple[Hit, ...] = ()
    more: bool = False
    waiting: int = 0
    instead: str = ""


def concerns(entry: Entry, department: str) -> bool:
    """Whether a case is about a department (采购 and 采购部 are one), or was given or told to it."""
    if not department:
        return True
    named = [entry.target, *(str(data[_DEPARTMENT]) for _, _, data in entry.deeds() if _DEPARTMENT in data)]
    return any(departments.is_particular(name) and departments.is_among(name, department) for name in named)


def hit_of(document: Document, words: Sequence[str], received_at: datetime, *, conceals: bool) -> Hit:
    """Return how a case that was found is shown; with ``conceals`` the matter tells no more of whom than the rest."""
    entry = document.entry
    part = _best_part(document, words)
    snippet, marks = ("", ()) if part is None else _snippet(_masked(part, entry), words)
    return Hit(
        number=entry.number,
        received_at=received_at,
        kind=entry.kind,
        status=entry.status,
        customer=entry.customer,
        is_confidential=bool(entry.is_confidential),
        matter=first_words(entry.veil.said(entry.content), MATTER_LENGTH) if conceals else entry.matter,
        where="" if part is None else part.where,
        snippet=snippet,
        marks=marks,
    )


def _best_part(document: Document, words: Sequence[str]) -> Part | None:
    """Return the part with the most of the words, the first of several; the name where only its initials were meant."""
    if not words:
        return None
    part, text = max(document.parts, key=lambda each: sum(word in each[1] for word in words))
    if any(word in text for word in words):
        return part
    return next(part for part, _ in document.parts if part.where == "customer_name")


def _masked(part: Part, entry: Entry) -> str:
    """Return a part as a list may show it (PIPL 51): what a list hides, no snippet tells."""
    match part.where:
        case "number" | "category":
            return part.text
        case "customer_name":
            return mask_name(part.text)
        case "customer_phone":
            return mask_phone(part.text)
        case "customer_address" | "on_behalf_of":
            return ""
        case _:
            return entry.veil.found(part.text)


def _snippet(text: str, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a text around the first word that is in it, and find the words in what is left."""
    line = " ".join(text.split())
    first = min((start for start, _ in _places(line, words)), default=0)
    start = max(0, min(first - _BEFORE, len(line) - _SNIPPET)) if len(line) > _SNIPPET else 0
    cut = line[start : start + _SNIPPET]
    if start:
        cut = "…" + cut[1:]
    if start + _SNIPPET < len(line):
        cut = cut[:-1] + "…"
    return cut, _places(cut, words)


_folded = lru_cache(maxsize=8_192)(fold)
"""Of one character: a page of hits asks for ten thousand, of a few hundred different ones."""


def _places(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where words stand in a text, in its own characters, without overlaps.

    A character that folds to another only together with its neighbours is not found: it is then not marked.
    """
    plain = [_folded(character) for character in text]
    folded = "".join(plain)
    origin: Sequence[int] = range(len(text))
    if len(folded) > len(text):
        origin = [place for place, made in enumerate(plain) for _ in made]
    found = []
    for word in words:
        start = folded.find(word)
        while start >= 0:
            found.append((origin[start], origin[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    places: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return tuple(places)
