"""Rows 6 and 13: the file of the register is damaged, or a file of a case.

Whatever is damaged: the program never takes the register for a new and empty one, answers with a sentence and no
traceback, and its check names it when a single value of a single row is not what it was. What is compared is every row
of every table, read with SQLite alone.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.paths import DataFolder
from tests.faults.asking import ask
from tests.faults.goals import Goal

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

DAMAGED = Goal(
    "6",
    "damaged register (5 kinds): taken for an empty one, a traceback, a changed row not reported",
    ci=200,
    release=5_000,
)
FLIPPED = Goal(
    "13", "a bit flipped in the register or in a file of a case: not noticed by verify", ci=200, release=2_000
)
_HEADER, _PAGE = 100, 4096


def flip(data: bytearray, luck: random.Random) -> None:
    """Flip one bit."""
    data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)


def scatter(data: bytearray, luck: random.Random) -> None:
    """Put a hundred bytes of chance somewhere."""
    at = luck.randrange(len(data) - 100)
    data[at : at + 100] = luck.randbytes(100)


def blank(data: bytearray, luck: random.Random) -> None:
    """Fill a page with zeros."""
    at = luck.randrange(len(data) // _PAGE) * _PAGE
    data[at : at + _PAGE] = bytes(_PAGE)


def cut(data: bytearray, luck: random.Random) -> None:
    """Lose the end, once in a while everything."""
    del data[luck.choice((0, luck.randrange(len(data)), luck.randrange(len(data)))) :]


def behead(data: bytearray, luck: random.Random) -> None:
    """Change a byte of the header."""
    data[luck.randrange(_HEADER)] = luck.randrange(256)


KINDS = (flip, scatter, blank, cut, behead)


@pytest.mark.parametrize("tally", [DAMAGED], indirect=True, ids=["damaged"])
def test_a_damaged_register_is_told_and_never_taken_for_an_empty_one(
    shop: DataFolder, scratch: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    whole, data, noticed = _dump(shop.database), shop.database.read_bytes(), 0
    for trial in tally.trials():
        kind = KINDS[trial % len(KINDS)]
        folder = _copy(shop, scratch / str(trial))
        damaged = bytearray(data)
        kind(damaged, luck)
        folder.database.write_bytes(damaged)
        differs = _dump(folder.database) != whole

        answer = ask(folder.root, rules, "verify")

        noticed += bool(answer.code)
        tally.found(*(f"{kind.__name__}: {wrong}" for wrong in answer.wrong()))
        if differs and not answer.code:
            tally.found(f"{kind.__name__}: not noticed ({scratch / str(trial)})")
            continue
        if not folder.database.exists() or (_cases(folder.database) == 0 and not answer.code):
            tally.found(f"{kind.__name__}: taken for a new one")
        shutil.rmtree(folder.root)

    assert noticed > tally.tried / 3
    tally.end()


@pytest.mark.parametrize("tally", [FLIPPED], indirect=True, ids=["flipped"])
def test_a_bit_that_flipped_is_noticed(
    shop: DataFolder, scratch: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    whole = _dump(shop.database)
    files = [shop.database, *(path for path in shop.attachments.rglob("*") if path.is_file())]
    for trial in tally.trials():
        folder = _copy(shop, scratch / str(trial))
        original = files[0] if trial % 2 else luck.choice(files[1:])
        damaged = bytearray(original.read_bytes())
        flip(damaged, luck)
        path = folder.root / original.relative_to(shop.root)
        path.write_bytes(damaged)
        matters = path != folder.database or _dump(path) != whole

        answer = ask(folder.root, rules, "verify")

        tally.found(*(f"{wrong} ({path})" for wrong in answer.wrong()))
        if matters and not answer.code:
            tally.found(f"not noticed: {path}")
        else:
            shutil.rmtree(folder.root)
    tally.end()


def _copy(shop: DataFolder, root: Path) -> DataFolder:
    shutil.copytree(shop.root, root)
    return DataFolder(root)


def _dump(path: Path) -> object:
    """Return all that a register holds, or why it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
            conn.text_factory = bytes
            things = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
            # Blanks mean nothing in SQL, nor does the case of the name of a table.
            meant = [(*(word.lower() for word in names), b" ".join((sql or b"").split())) for *names, sql in things]
            tables = [name.decode() for kind, name, *_ in things if kind == b"table" and name[:1] != b"_"]
            return meant, [conn.execute(f'SELECT * FROM "{name}" NOT INDEXED').fetchall() for name in tables]  # noqa: S608
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        return type(error).__name__


def _cases(path: Path) -> int:
    """Return how many cases a file holds; -1, where it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
            return int(conn.execute('SELECT count(*) FROM "case"').fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError):
        return -1
