"""Putting one case on file for good, beside the same rows in one bare transaction.

Both write to identical copies of a register under the program's own PRAGMAs, in turn. The floor's rows are those that
the use case itself has written, read back beforehand: no checking of values, no objects, just the statements.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench import texts
from bench.measure import Comparison, Findings, in_turn, milliseconds
from bench.register_maker import Size, copy_of, open_with, register_of, request_id, rows_of
from desk_app.clock import SystemClock
from desk_app.domain import numbering
from desk_app.paths import DataFolder
from desk_app.services import intake

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from desk_app.services.workspace import Workspace

_KINDS = 20  # different complaints that take turns

_COUNT = (
    "INSERT INTO counter (series, last) VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last"
)
_DRAFT = "INSERT INTO draft (id, saved_at, form) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class BareRows:
    """The values of the rows of one case, in the order of the tables' columns."""

    case: tuple[object, ...]
    event: tuple[object, ...]
    follow_up: tuple[object, ...]


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
        self._rows = rows
        self._marks = {name: ",".join("?" * len(getattr(rows[0], name))) for name in ("case", "event", "follow_up")}
        self._series = numbering.series(numbering.DEFAULT_PATTERN, self.ws.clock.now())
        self._rng = random.Random()
        self._turn = 0

    def save_one(self) -> float:
        rows, save_id = self._rows[self._turn % _KINDS], request_id(self._rng)
        self._turn += 1
        form = json.dumps(texts.complaint(random.Random(self._turn % _KINDS)), ensure_ascii=False)
        self._conn.execute(_DRAFT, (save_id, self.ws.clock.now().isoformat(), form))
        return milliseconds(lambda: self._save(rows, save_id))

    def _save(self, rows: BareRows, save_id: str) -> None:
        run, marks = self._conn.execute, self._marks
        run("BEGIN IMMEDIATE")
        serial = run(_COUNT, (self._series,)).fetchone()[0]
        number = numbering.number(self._series, serial)
        case_id = run(f'INSERT INTO "case" VALUES (NULL, ?, {marks["case"]})', (number, *rows.case)).lastrowid  # noqa: S608
        run(f"INSERT INTO event VALUES (NULL, ?, ?, {marks['event']})", (case_id, save_id, *rows.event))  # noqa: S608
        run(f"INSERT INTO follow_up VALUES (NULL, ?, {marks['follow_up']})", (case_id, *rows.follow_up))  # noqa: S608
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
    (case,), (event,), (follow_up,) = (rows[table] for table in ("case", "event", "follow_up"))
    assert list(case)[:2] == ["id", "number"], "the floor names no columns, so it has to know where these stand"
    assert list(event)[:3] == ["id", "case_id", "request_id"]
    assert list(follow_up)[:2] == ["id", "case_id"]
    return BareRows(tuple(case.values())[2:], tuple(event.values())[3:], tuple(follow_up.values())[2:])


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
