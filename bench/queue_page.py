"""The first page of the queue as the use case gives it, beside the bare indexed SQL of the same 50 rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.measure import Comparison, Findings, in_turn, milliseconds
from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.domain.queue import MATTER_SOURCE, View
from desk_app.services import desk
from desk_app.storage.connection import open_store

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

ROWS = 50

_SQL = (
    "SELECT f.id, f.kind, f.due_at, f.due_utc, f.owed_by, f.owed_to, f.subject, f.snoozed_until, c.number, c.status,"
    " c.customer_name, c.customer_phone, c.anonymous, substr(c.content, 1, ?), c.confidential, c.customer_address,"
    " c.on_behalf_of"
    ' FROM follow_up f JOIN "case" c ON c.id = f.case_id WHERE f.done_at IS NULL ORDER BY f.due_utc, f.id LIMIT ?'
)


def run(cache: Path, small: Size, large: Size, rounds: int) -> Findings:
    """Compare at two sizes of register, and the two sizes with each other."""
    spaces = {size.cases: open_with(register_of(size, cache), FixedClock(END)) for size in (small, large)}
    stores = {cases: open_store(ws.folder.database, ws.folder.backups, _never) for cases, ws in spaces.items()}
    try:
        samplers = {}
        for cases, ws in spaces.items():
            ours = partial(desk.queue_page, ws, View.ALL, END, 0, ROWS)
            bare = partial(bare_page, stores[cases].conn)
            assert [row.follow_up_id for row in ours()] == [row[0] for row in bare()]
            samplers[f"floor {cases}"] = partial(milliseconds, bare)
            samplers[f"ours {cases}"] = partial(milliseconds, ours)
        cost = in_turn(samplers, rounds)
        owed = {cases: desk.queue_counts(ws, END).views[View.ALL] for cases, ws in spaces.items()}
    finally:
        for cases, ws in spaces.items():
            ws.close()
            stores[cases].close()
    few, many = small.cases, large.cases
    return Findings(
        (
            *(
                Comparison(
                    f"queue: {ROWS} of {owed[cases]:,} owed, {cases:,} cases",
                    cost[f"floor {cases}"],
                    cost[f"ours {cases}"],
                    1.5,
                )
                for cases in (few, many)
            ),
            Comparison(f"queue: {many:,} beside {few:,}", cost[f"ours {few}"], cost[f"ours {many}"], 1.2),
        )
    )


def bare_page(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return the rows of the first page as SQLite gives them."""
    return conn.execute(_SQL, (MATTER_SOURCE, ROWS)).fetchall()


def _never(*_: object) -> None:
    raise AssertionError("the register was made by this very program")
