"""Putting one case on file for good, beside the same rows in one bare transaction.

Both write to identical copies of a register under the program's own PRAGMAs, in turn. The floor's rows are those that
the use case itself has written, read back beforehand: no checking of values, no objects, just the statements.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bench import texts
from bench.lives import request_id
from bench.measure import Comparison, Findings, in_turn, milliseconds
from bench.register_maker import Row, Size, copy_of, insertion, open_with, register_of, rows_of
from desk_app.clock import SystemClock
from desk_app.domain import numbering
from desk_app.paths import DataFolder
from desk_app.services import intake

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from desk_app.services.workspace import Workspace

_KINDS = 20  # different complaints that take turns

_COUNT = (
    "INSERT INTO counter (series, last) VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last"
)
_DRAFT = "INSERT INTO draft (id, saved_at, form) VALUES (?, ?, ?)"
_KEYS: Mapping[str, tuple[str, ...]] = {
    "case": ("number",),
    "event": ("case_id", "request_id"),
    "follow_up": ("case_id", "event_id"),
}
"""What differs from one save to the next, beside the row's own id."""

BareRows = Mapping[str, Row]
"""The one row that a save puts into each table, without its keys."""


def run(cache: Path, scratch: Path, small: Size, large: Size, rounds: int) -> Findings:
    """Compare at two sizes of register, and the two sizes with each other."""
    complaints = [texts.complaint(random.Random(seed)) for seed in range(_KINDS)]
    bare = _bare_rows(scratch / "rows", complaints)
    sides: dict[str, _Ours | _Floor] = {}
    for size in (small, large):
        source = register_of(size, cache)
        sides[f"floor {size.cases}"] = _Floor(copy_of(source, scratch / f"floor-{size.cases}"), bare)
        sides[f"ours {size.cases}"] = _Ours(copy_of(source, scratch / f"ours-{size.cases}"), complaints)
    try:
        cost = in_turn({name: side.save_one for name, side in sides.items()}, rounds)
        _assert_same_work(sides, small, large)
    finally:
        for side in sides.values():
            side.ws.close()
    return Findings(
        (
            *(
                Comparison(
                    f"save one case, {size.cases:,} on file",
                    cost[f"floor {size.cases}"],
                    cost[f"ours {size.cases}"],
                    1.5,
                )
                for size in (small, large)
            ),
            Comparison(
                f"save: {large.cases:,} beside {small.cases:,}",
                cost[f"ours {small.cases}"],
                cost[f"ours {large.cases}"],
                1.2,
            ),
        )
    )


class _Ours:
    def __init__(self, folder: DataFolder, complaints: list[Mapping[str, object]]) -> None:
        self.ws = open_with(folder, SystemClock())
        self._complaints = complaints
        self._rng = random.Random()
        self._turn = 0

    def save_one(self) -> float:
        raw, save_id = self._complaints[self._turn % _KINDS], request_id(self._rng)
        self._turn += 1
        intake.save_draft(self.ws, save_id, raw)
        return milliseconds(lambda: intake.register(self.ws, raw, save_id))


class _Floor:
    def __init__(self, folder: DataFolder, rows: list[BareRows]) -> None:
        self.ws = open_with(folder, SystemClock())  # for its connection alone: the same PRAGMAs
        self._conn = self.ws.store.conn
        self._rows = [{table: tuple(row.values()) for table, row in each.items()} for each in rows]
        self._insert = {table: insertion(table, (*_KEYS[table], *row)) for table, row in rows[0].items()}
        self._series = numbering.series(numbering.DEFAULT_PATTERN, self.ws.clock.now())
        self._rng = random.Random()
        self._turn = 0

    def save_one(self) -> float:
        rows, save_id = self._rows[self._turn % _KINDS], request_id(self._rng)
        self._turn += 1
        form = json.dumps(texts.complaint(random.Random(self._turn % _KINDS)), ensure_ascii=False)
        self._conn.execute(_DRAFT, (save_id, self.ws.clock.now().isoformat(), form))
        return milliseconds(lambda: self._save(rows, save_id))

    def _save(self, rows: Mapping[str, tuple[object, ...]], save_id: str) -> None:
        run, insert = self._conn.execute, self._insert
        run("BEGIN IMMEDIATE")
        serial = run(_COUNT, (self._series,)).fetchone()[0]
        number = numbering.number(self._series, serial)
        case_id = run(insert["case"], (number, *rows["case"])).lastrowid
        event_id = run(insert["event"], (case_id, save_id, *rows["event"])).lastrowid
        run(insert["follow_up"], (case_id, event_id, *rows["follow_up"]))
        run("DELETE FROM draft WHERE id = ?", (save_id,))
        run("COMMIT")


def _bare_rows(scratch: Path, complaints: list[Mapping[str, object]]) -> list[BareRows]:
    """Let the use case write each complaint once, and return the rows without what differs from save to save."""
    ws = open_with(DataFolder(scratch), SystemClock())
    try:
        for raw in complaints:
            intake.register(ws, raw, request_id(random.Random()))
        return [_without_keys(ws, case_id) for case_id in range(1, len(complaints) + 1)]
    finally:
        ws.close()


def _without_keys(ws: Workspace, case_id: int) -> BareRows:
    rows = rows_of(ws.store.conn, case_id)
    assert [len(rows[table]) for table in ("case", "event", "follow_up", "change")] == [1, 1, 1, 0]
    return {table: {k: v for k, v in rows[table][0].items() if k not in ("id", *keys)} for table, keys in _KEYS.items()}


def _assert_same_work(sides: Mapping[str, _Ours | _Floor], *sizes: Size) -> None:
    """Make sure that both sides have written the same, down to the columns."""
    for size in sizes:
        floor, ours = (sides[f"{side} {size.cases}"].ws.store.conn for side in ("floor", "ours"))
        assert list(_written(floor)) == list(_written(ours))


def _written(conn: sqlite3.Connection) -> Iterator[object]:
    yield conn.execute("SELECT count(*) FROM draft").fetchone()
    last = conn.execute('SELECT max(id) FROM "case"').fetchone()[0]
    yield last
    for table, rows in rows_of(conn, last).items():
        for row in rows:
            yield table, {k: v for k, v in row.items() if k not in _DIFFERENT}


_DIFFERENT = frozenset({"request_id", "received_at", "entered_at", "at", "start_at", "due_at", "due_utc"})
