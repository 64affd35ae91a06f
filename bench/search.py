"""Finding cases by their words and customers by what is typed, and keeping the index of words behind both.

Words are cut from the texts themselves. A plain scan ends as soon as it has seen a page of hits, so a word of every
third case costs it nothing; what a search is for are the words of few cases. Both are told.
"""

from __future__ import annotations

import random
import shutil
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, TypeVar

from bench import queries, texts
from bench.index_maker import indexed
from bench.lives import request_id
from bench.measure import Ceiling, Check, Comparison, Findings, Series, in_turn, milliseconds
from bench.queries import HITS
from bench.register_maker import END, Size, copy_of, open_with
from bench.search_paint import painted
from desk_app.clock import FixedClock
from desk_app.domain.finding import Sought
from desk_app.services import customers, intake, search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from desk_app.domain.finding import Found
    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace

MS_A_WORD, MS_A_CHARACTER, MS_A_LOOK_UP, MS_A_WARNING = 50, 100, 20, 50
_SCAN_RATIO, _SIZE_RATIO, _KEEPING_RATIO = 1 / 50, 0.2, 1.5
_TYPED = 60  # characters of what happened, when the warning is due
_MIB = 2**20
_T = TypeVar("_T")


def run(cache: Path, scratch: Path, size: Size, rounds: int, scans: int) -> Findings:
    """Measure all of it on one register, whose latest cases wait for the index as they do in the window.

    A plain scan looks for ``scans`` of the words too.
    """
    made = indexed(size, cache)
    share = _share(made)
    own = copy_of(made, scratch / "data")
    shutil.copyfile(made.search, own.search)
    ws = open_with(own, FixedClock(END))
    try:
        rng = random.Random(rounds)
        for _ in range(search.WORTH_WRITING - 1):
            intake.register(ws, texts.complaint(rng), request_id(rng))
        limits = (
            *painted(own, ws, rng, rounds),
            *_words(ws, rng, rounds),
            *_customers(ws, rng, rounds),
        )
        beside, same = _beside_a_scan(ws, rng, rounds, scans)
        kept = _keeping(ws, rng, rounds)
    finally:
        ws.close()
    return Findings((*beside, share, kept), (same,), limits)


def _words(ws: Workspace, rng: random.Random, rounds: int) -> Iterator[Ceiling]:
    asked: Mapping[str, tuple[list[str], float]] = {
        "2 to 4 characters": (queries.words(ws, rng, (2, 3, 4), rounds), MS_A_WORD),
        "1 character": (queries.words(ws, rng, (1,), rounds), MS_A_CHARACTER),
        "4 characters that are nowhere": (queries.nowhere(ws, rng, rounds), MS_A_WORD),
        "4 digits of a phone": (queries.phone_parts(ws, rng, rounds), MS_A_WORD),
    }
    for what, (words, most) in asked.items():
        yield Ceiling(f"search of {what}", _taken(words, partial(_find, ws)), most, rarely=True)


def _customers(ws: Workspace, rng: random.Random, rounds: int) -> Iterator[Ceiling]:
    cases = queries.some_cases(ws.store.conn, rng, rounds)
    names = [entry.customer_name for entry in cases]
    typed: Mapping[str, tuple[str, list[str]]] = {
        "4 digits": ("customer_phone", queries.phone_parts(ws, rng, rounds)),
        "a name": ("customer_name", names),
        "2 characters of a name": ("customer_name", [name[:2] for name in names]),
        "initials": ("customer_name", [ws.rules.initials.of(name)[0] for name in names]),
        "2 initials": ("customer_name", [ws.rules.initials.of(name)[0][:2] for name in names]),
        "an order's number": ("item", [next(iter(entry.item_values)) for entry in cases]),
    }
    for what, (field, values) in typed.items():
        cost = _taken(values, partial(customers.look_up, ws, field))
        yield Ceiling(f"customers by {what}", cost, MS_A_LOOK_UP, rarely=True)
    forms = [
        {
            "customer_name": entry.customer_name,
            "customer_phone": entry.customer_phone,
            "category": entry.category,
            "content": texts.content(rng)[:_TYPED],
        }
        for entry in cases
    ]
    cost = _taken(forms, partial(customers.known, ws))
    yield Ceiling("customer known, and the warning of a duplicate", cost, MS_A_WARNING, rarely=True)


def _beside_a_scan(ws: Workspace, rng: random.Random, rounds: int, scans: int) -> tuple[tuple[Comparison, ...], Check]:
    """Look for the same words by both, in turn: words of a page of cases, and words of more, so many of each."""
    conn = ws.store.conn
    words = queries.words(ws, rng, (2, 3, 4), rounds)
    found = {word: _find(ws, word) for word in words}
    rare = [word for word in words if not found[word].more]
    asked = {f"at most {HITS} cases": rare[:scans], f"more than {HITS}": [w for w in words if found[w].more][:scans]}
    same = True
    lines = []
    for what, some in asked.items():
        if not some:
            continue
        scanned: dict[str, set[str]] = {}
        samplers = {
            "scan": _Sampler(some, partial(_scan, conn, scanned)),
            "ours": _Sampler(some, partial(_find, ws)),
        }
        cost = in_turn(samplers, len(some), warm_up=0)
        same &= all({hit.number for hit in found[w].hits} == scanned[w] for w in some if not found[w].more)
        lines.append(Comparison(f"search beside a scan, words of {what}", cost["scan"], cost["ours"], _SCAN_RATIO))
    return tuple(lines), Check(
        "a search finds what a plain scan finds", same, f"{len(rare)} of {rounds} words are rare"
    )


def _share(folder: DataFolder) -> Comparison:
    register, index = (Series((path.stat().st_size / _MIB,)) for path in (folder.database, folder.search))
    return Comparison("index of words beside the register", register, index, _SIZE_RATIO, "MiB")


def _keeping(ws: Workspace, rng: random.Random, rounds: int) -> Comparison:
    """Compare some saves and what keeps the index, as the window calls it after each, with the saves alone."""
    search.catch_up(ws)
    many = search.WORTH_WRITING
    alone: list[float] = []
    kept: list[float] = []
    for _ in range(max(1, rounds // many)):
        cost = [_save_and_keep(ws, rng) for _ in range(many)]
        alone.append(sum(save for save, _ in cost))
        kept.append(sum(save + keep for save, keep in cost))
    assert not search.behind(ws)
    return Comparison(
        f"{many} saves and their words into the index", Series(tuple(alone)), Series(tuple(kept)), _KEEPING_RATIO
    )


def _save_and_keep(ws: Workspace, rng: random.Random) -> tuple[float, float]:
    """Return the milliseconds of a save, and of what keeps the index after it."""
    save = milliseconds(partial(intake.register, ws, texts.complaint(rng), request_id(rng)))
    return save, milliseconds(partial(search.catch_up, ws, least=search.WORTH_WRITING))


def _find(ws: Workspace, word: str) -> Found:
    found = search.find(ws, Sought(word), HITS)
    assert found is not None
    assert not found.waiting
    return found


def _scan(conn: sqlite3.Connection, into: dict[str, set[str]], word: str) -> None:
    into[word] = set(queries.scan(conn, word, HITS + 1))


class _Sampler:
    """Does something with the next of many things, and says how long it took."""

    def __init__(self, things: Sequence[str], work: Callable[[str], object]) -> None:
        self._things, self._work = cycle(things), work

    def __call__(self) -> float:
        return milliseconds(partial(self._work, next(self._things)))


def _taken(things: Sequence[_T], work: Callable[[_T], object]) -> Series:
    """Return how long each took, after one that does not count."""
    work(things[0])
    return Series(tuple(milliseconds(partial(work, thing)) for thing in things))
