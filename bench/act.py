"""Answering a customer, durable when it returns, beside the same rows in one bare transaction.

A reply writes as much as any action: an event, the status, a settled follow-up, each with its change, and what is owed
next. Both sides work on identical copies of a register under the program's own PRAGMAs, in turn, each time on another
case, registered beforehand. The floor knows the ids and the rows: they were read back from what the use case writes.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from bench import texts
from bench.lives import request_id
from bench.measure import Comparison, Findings, in_turn, milliseconds
from bench.register_maker import Row, Size, copy_of, insertion, open_with, register_of, rows_of
from desk_app.clock import SystemClock
from desk_app.paths import DataFolder
from desk_app.services import desk, intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from desk_app.services.workspace import Workspace

_GOAL = 2.0
_REPLY = {"content": texts.reply(random.Random(1)), "medium": "phone", "accepted": True}

_ADDED = {
    "event": ("case_id", "request_id"),
    "follow_up": ("case_id", "event_id"),
    "change": ("event_id", "follow_up_id"),
}
"""The tables that get rows, with what differs from one reply to the next beside the row's own id."""
_TIMES = frozenset({"received_at", "entered_at", "promised_at", "at", "start_at", "due_at", "due_utc", "done_at"})


def run(cache: Path, scratch: Path, small: Size, large: Size, rounds: int) -> Findings:
    """Compare at two sizes of register."""
    added = _rows_of_a_reply(scratch / "rows")
    sides: dict[str, _Ours | _Floor] = {}
    for size in (small, large):
        source = register_of(size, cache)
        ours = open_with(copy_of(source, scratch / f"ours-{size.cases}"), SystemClock())
        floor = open_with(copy_of(source, scratch / f"floor-{size.cases}"), SystemClock())
        sides[f"ours {size.cases}"] = _Ours(ours, _registered(ours, rounds))
        sides[f"floor {size.cases}"] = _Floor(floor, _registered(floor, rounds), added)
    try:
        cost = in_turn({name: side.act_once for name, side in sides.items()}, rounds)
        for size in (small, large):
            floor, ours = (sides[f"{side} {size.cases}"].ws for side in ("floor", "ours"))
            assert list(_written(floor)) == list(_written(ours))
    finally:
        for side in sides.values():
            side.ws.close()
    return Findings(
        tuple(
            Comparison(
                f"reply, {size.cases:,} cases on file", cost[f"floor {size.cases}"], cost[f"ours {size.cases}"], _GOAL
            )
            for size in (small, large)
        )
    )


class _Ours:
    def __init__(self, ws: Workspace, numbers: list[str]) -> None:
        self.ws, self._numbers, self._rng = ws, numbers, random.Random()

    def act_once(self) -> float:
        number, act_id = self._numbers.pop(), request_id(self._rng)
        return milliseconds(lambda: desk.act(self.ws, number, "reply", _REPLY, act_id))


class _Floor:
    def __init__(self, ws: Workspace, numbers: list[str], added: Mapping[str, list[Row]]) -> None:
        self.ws, self._rng, self._conn = ws, random.Random(), ws.store.conn
        find = 'SELECT c.id, f.id FROM "case" c JOIN follow_up f ON f.case_id = c.id WHERE c.number = ?'
        self._ids = [self._conn.execute(find, (number,)).fetchone() for number in numbers]
        self._insert = {table: insertion(table, (*_ADDED[table], *rows[0])) for table, rows in added.items()}
        self._rows = {table: [tuple(row.values()) for row in rows] for table, rows in added.items()}
        self._at = added["event"][0]["at"]

    def act_once(self) -> float:
        (case_id, owed_id), act_id = self._ids.pop(), request_id(self._rng)
        return milliseconds(lambda: self._act(case_id, owed_id, act_id))

    def _act(self, case_id: int, owed_id: int, act_id: str) -> None:
        run, insert, rows = self._conn.execute, self._insert, self._rows
        run("BEGIN IMMEDIATE")
        event_id = run(insert["event"], (case_id, act_id, *rows["event"][0])).lastrowid
        run(insert["follow_up"], (case_id, event_id, *rows["follow_up"][0]))
        run('UPDATE "case" SET status = ? WHERE id = ?', ("awaiting_return_visit", case_id))
        run("UPDATE follow_up SET done_at = ? WHERE id = ?", (self._at, owed_id))
        status, settled = rows["change"]
        run(insert["change"], (event_id, None, *status))
        run(insert["change"], (event_id, owed_id, *settled))
        run("COMMIT")


def _registered(ws: Workspace, rounds: int) -> list[str]:
    """Register a case for each round and the warm-up, and return their numbers, in order."""
    rng = random.Random(rounds)
    lines = [intake.InputLine(n, texts.complaint(rng), request_id(rng)) for n in range(rounds + 1)]
    return list(intake.register_many(ws, lines, keep_going=False).numbers)


def _rows_of_a_reply(scratch: Path) -> Mapping[str, list[Row]]:
    """Let the use case answer one case, and return the rows that came of it, without what differs each time."""
    ws = open_with(DataFolder(scratch), SystemClock())
    try:
        (number,) = _registered(ws, 0)
        before = rows_of(ws.store.conn, 1)
        desk.act(ws, number, "reply", _REPLY, request_id(random.Random()))
        after = rows_of(ws.store.conn, 1)
    finally:
        ws.close()
    added = {table: after[table][len(before[table]) :] for table in _ADDED}
    assert {table: len(rows) for table, rows in added.items()} == {"event": 1, "follow_up": 1, "change": 2}
    return {
        table: [{k: v for k, v in row.items() if k not in ("id", *keys)} for row in added[table]]
        for table, keys in _ADDED.items()
    }


def _written(ws: Workspace) -> Iterator[object]:
    """Go through what is on file of the case that was answered last: the first of those registered for it."""
    conn = ws.store.conn
    (case_id,) = conn.execute("SELECT case_id FROM event ORDER BY id DESC LIMIT 1").fetchone()
    for table, rows in rows_of(conn, case_id).items():
        for row in rows:
            moments = row["key"] in _TIMES if table == "change" else False
            passed_over = _TIMES | {"request_id"} | ({"new"} if moments else set())
            yield table, {k: v for k, v in row.items() if k not in passed_over}
