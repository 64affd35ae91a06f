"""What is looked for: words cut from the texts of a register, and the plain scan that would find them too."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from desk_app.storage import search as storage

if TYPE_CHECKING:
    import random
    import sqlite3
    from collections.abc import Iterator, Sequence

    from desk_app.domain.entry import Entry
    from desk_app.services.workspace import Workspace

HITS = 50
"""How many hits are shown at first."""

_TEXTS = (
    *("number", "content", "demand", "true_cause", "place", "parties", "target", "category", "external_body"),
    *(
        "occurred_at",
        "customer_name",
        "customer_phone",
        "customer_phone_key",
        "customer_address",
        "on_behalf_of",
        "item",
    ),
)
_SCAN = (
    f'SELECT number FROM "case" WHERE {" OR ".join(f"instr({name}, ?1)" for name in _TEXTS)}'  # noqa: S608 -- our own
    ' OR EXISTS (SELECT 1 FROM event WHERE case_id = "case".id AND instr(data, ?1)) ORDER BY id DESC LIMIT ?2'
)


def some_cases(conn: sqlite3.Connection, rng: random.Random, count: int) -> Sequence[Entry]:
    """Return some cases of a register, from anywhere in it."""
    last = conn.execute('SELECT max(id) FROM "case"').fetchone()[0]
    ids = [rng.randrange(1, last + 1) for _ in range(count)]
    found = {entry.id: entry for entry in storage.entries(conn, ids, storage.EVERYTHING)}
    return [found[each] for each in ids]


def words(ws: Workspace, rng: random.Random, sizes: Sequence[int], count: int) -> list[str]:
    """Return so many words of the texts themselves, of these sizes in turn, Chinese throughout.

    The longer a text is, the more of them are cut from it.
    """
    said = ws.rules.said
    texts = ("".join(f"{part.text}\n" for part in entry.parts(said)) for entry in some_cases(ws.store.conn, rng, count))
    return list(islice(_cut(rng, texts, sizes), count))


def nowhere(ws: Workspace, rng: random.Random, count: int) -> list[str]:
    """Return words of four characters, two from one text and two from another: each is in many, all in none."""
    one, other = (words(ws, rng, (2,), count) for _ in range(2))
    return [a + b for a, b in zip(one, other, strict=True)]


def phone_parts(ws: Workspace, rng: random.Random, count: int) -> list[str]:
    """Return four digits in a row of so many customers' numbers, half of them the last four."""
    phones = [entry.customer_phone_key.split()[0] for entry in some_cases(ws.store.conn, rng, count)]
    starts = (rng.choice((len(phone) - 4, rng.randrange(len(phone) - 3))) for phone in phones)
    return [phone[start : start + 4] for phone, start in zip(phones, starts, strict=True)]


def scan(conn: sqlite3.Connection, word: str, limit: int) -> list[str]:
    """Return the numbers of the newest cases that have a word, by looking through every text of each."""
    return [number for (number,) in conn.execute(_SCAN, (word, limit))]


def _cut(rng: random.Random, texts: Iterator[str], sizes: Sequence[int]) -> Iterator[str]:
    for text, size in zip(texts, cycle(sizes), strict=False):
        while not _is_chinese(piece := text[(start := rng.randrange(len(text))) : start + size]) or len(piece) < size:
            pass
        yield piece


def _is_chinese(text: str) -> bool:
    return all("一" <= character <= "鿿" for character in text)
