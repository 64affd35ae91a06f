"""The search beside a plain scan of 100,000 cases made from real texts, in a quarter of an hour, when it is asked for.

python3 dev.py test -m large -s
"""

from __future__ import annotations

import csv
import faulthandler
import json
import random
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from bench import register_maker
from bench.register_maker import END, Size
from desk_app.clock import FixedClock
from desk_app.domain.finding import Sought
from desk_app.services import desk, intake, search
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import a_full_case
from tests.helpers.scanning import Scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.large]

CASES = 100_000
QUERIES = 100
BEHIND = 300
"""Lines of history that the index has not."""
NO_END = 10**9


def test_the_hits_in_a_hundred_thousand_real_texts_are_those_of_a_plain_scan(
    real_data: Path, folder: DataFolder, rules: Rules
) -> None:
    faulthandler.cancel_dump_traceback_later()  # it is long, and the telling of where a running thread is may crash it
    tell = partial(told, list(real_texts(real_data)))
    register_maker.make(Size(CASES, 3_650), folder, tell)
    with closing(open_workspace(folder, FixedClock(END), rules)) as ws:
        while search.catch_up(ws, 20_000).left:
            pass
        go_on(ws, random.Random(2), tell)
        plainly = Scan(ws)
        rng = random.Random(3)
        found_all = 0
        for words in queries(ws, rng):
            found = search.find(ws, Sought(words), NO_END)

            assert found is not None
            assert found.waiting == 0
            numbers = [hit.number for hit in found.hits]
            assert numbers == plainly.numbers(words), words
            found_all += len(numbers)
            print(f"{len(numbers):6} {words}", flush=True)

    assert search.BY_HAND > BEHIND
    assert found_all > QUERIES


def real_texts(real_data: Path) -> Iterator[str]:
    """Go through the real messages, complaints and replies."""
    for name in ("month_2026-10.jsonl", "month_2026-10_replies.jsonl"):
        yield from (json.loads(line)["content"] for line in (real_data / name).read_text(encoding="utf-8").splitlines())
    with (real_data / "car_complaints_gbk.csv").open(encoding="gbk", newline="") as file:
        yield from (",".join(row) for row in csv.reader(file))
    for name in ("gov_messages_with_replies.xlsx", "gov_messages_inflated_range.xlsx"):
        book = load_workbook(real_data / name, read_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield from (cell.strip() for cell in row if isinstance(cell, str) and len(cell) > 40)
        book.close()


def told(texts: Sequence[str], rng: random.Random) -> str:
    """Return what a case tells: a stretch of one real text, and one of another."""
    stretches = []
    for text in rng.choices(texts, k=2):
        start = rng.randrange(len(text))
        stretches.append(text[start : start + rng.randint(30, 120)])
    return " ".join("，".join(stretches).split()) or "无"


def go_on(ws: Workspace, rng: random.Random, tell: partial[str]) -> None:
    """Let the register go on after it was indexed: new cases, and old ones put right."""
    rows = ws.store.conn.execute("SELECT number FROM \"case\" WHERE status NOT IN ('closed', 'void')").fetchall()
    for place in range(BEHIND):
        if place % 2:
            intake.register(ws, a_full_case(received_at=END, content=tell(rng)), f"new {place}")
        else:
            said = {"content": tell(rng), "reason": "记错了"}
            desk.act(ws, rng.choice(rows)[0], "amend", said, f"amended {place}")


def queries(ws: Workspace, rng: random.Random) -> Iterator[str]:
    """Go through one to three words of one to six characters each, cut from the texts of a case."""
    last = ws.store.conn.execute('SELECT max(id) FROM "case"').fetchone()[0]
    for _ in range(QUERIES):
        said = ws.store.conn.execute(
            'SELECT content, customer_name || char(10) || customer_phone, number, content FROM "case" WHERE id = ?',
            (rng.randrange(1, last + 1),),
        ).fetchone()
        words = []
        for _word in range(rng.choice((1, 1, 2, 3))):
            text = rng.choice(said)
            start = rng.randrange(len(text))
            words.append(text[start : start + rng.randint(1, 6)])
        yield " ".join(words)
