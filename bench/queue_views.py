"""Each view of the queue as the use case gives it, beside the bare indexed SQL of the same 50 rows; the counts of all.

What the window asks at its start, once it takes keys, is here too: the counts, what is overdue, and how far up each of
it has climbed by itself.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bench.measure import Ceiling, Check, Comparison, Findings, Series, in_turn, milliseconds
from bench.queue_page import ROWS
from bench.register_maker import END, Size, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.domain.queue import MATTER_SOURCE, View
from desk_app.domain.times import epoch
from desk_app.services import desk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace

_SAME_ROWS_GOAL = 1.5
_COUNTS_MOST_MS = 50
_START_MOST_MS = 100
_SILENT_DAYS = (90, 365)

_COLUMNS = f"""c.number, f.id, f.kind, f.due_at, f.due_utc, f.owed_by, f.owed_to, c.status, c.customer_name,
    c.customer_phone, c.anonymous, substr(c.content, 1, {MATTER_SOURCE}), c.confidential, c.customer_address,
    c.on_behalf_of, f.subject, f.snoozed_until"""
_AWAKE = "(f.snoozed_until IS NULL OR f.snoozed_until <= :at)"


def _owed(where: str) -> str:
    """Return the SQL of what is owed under one condition."""
    return (
        f'SELECT {_COLUMNS} FROM follow_up f JOIN "case" c ON c.id = f.case_id'  # noqa: S608 -- our own words
        f" WHERE f.done_at IS NULL AND {where} ORDER BY f.due_utc, f.id LIMIT {ROWS}"
    )


def _of_kinds(*kinds: str) -> str:
    """Return the SQL of what is owed of some kinds, each from its stretch of the index, merged."""
    each = " UNION ALL ".join(
        f"SELECT f.due_utc, f.id FROM follow_up f WHERE f.done_at IS NULL AND f.kind = '{kind}' AND {_AWAKE}"  # noqa: S608
        for kind in kinds
    )
    return (
        f"SELECT {_COLUMNS} FROM ({each} ORDER BY 1, 2 LIMIT {ROWS}) p CROSS JOIN follow_up f ON f.id = p.id"  # noqa: S608
        ' CROSS JOIN "case" c ON c.id = f.case_id ORDER BY f.due_utc, f.id'
    )


_LACKS_A_FACT = """
    c.status NOT IN ('closed', 'void') AND (
        (c.kind = 'complaint' AND (c.occurred_at = '' OR c.place = ''))
        OR (c.anonymous = 0 AND c.customer_phone = '' AND c.customer_address = '')
    )
"""
_NEXT = "(SELECT n.id FROM follow_up n WHERE n.case_id = c.id AND n.done_at IS NULL ORDER BY n.due_utc, n.id LIMIT 1)"

FLOORS: Mapping[str, str] = {
    "overdue": _owed("f.due_utc < :now"),
    "today": _owed(f"f.due_utc < :day_end AND {_AWAKE}"),
    "week": _owed(f"f.due_utc < :week_end AND {_AWAKE}"),
    "all": _owed("1"),
    "mine": _owed(f"(f.due_utc <= :climbed OR (f.owed_by IN (:me, :supervisor, :manager) AND {_AWAKE}))"),
    "approve": _of_kinds("approve"),
    "return_visit": _of_kinds("return_visit"),
    "correct": _of_kinds("correct", "verify"),
    "promise": _of_kinds("promise"),
    "unrecorded": (
        f'SELECT {_COLUMNS} FROM "case" c JOIN follow_up f ON f.id = {_NEXT}'  # noqa: S608
        f" WHERE {_LACKS_A_FACT} ORDER BY c.received_at, c.id LIMIT {ROWS}"
    ),
    "unhandled": _of_kinds("reply", "handle", "visit_on_site", "approve", "analyse", "external_reply"),
    "unchecked": _of_kinds("return_visit", "verify"),
    "unreported": _of_kinds("feed_back"),
    "silent": (
        "SELECT c.number, l.last_utc, c.status, c.customer_name, c.customer_phone, c.anonymous,"  # noqa: S608
        f" substr(c.content, 1, {MATTER_SOURCE}), c.confidential, c.customer_address, c.on_behalf_of"
        ' FROM last_contact l JOIN "case" c ON c.id = l.complaint_id'
        " WHERE l.complaint_id IS NOT NULL AND l.last_utc >= :silent_since AND l.last_utc < :silent_before"
        f" AND c.status <> 'void' ORDER BY l.last_utc, l.complaint_id LIMIT {ROWS}"
    ),
}
"""The bare SQL of each view by its name; the number of the case comes first."""


def run(cache: Path, size: Size, rounds: int) -> Findings:
    """Compare each view with its floor; time the counts and the look at the start."""
    folder = register_of(size, cache)
    with closing(open_with(folder, FixedClock(END))) as ws, closing(open_with(folder, FixedClock(END))) as bare:
        compared = {view.value: _compared(ws, bare.store.conn, view, rounds) for view in View if view.value in FLOORS}
        counted = in_turn({"": partial(milliseconds, partial(desk.queue_counts, ws, END))}, rounds)
    at_start = in_turn({"": partial(_start, folder)}, rounds)
    on_file = f"{size.cases:,} cases"
    return Findings(
        tuple(
            Comparison(f"view {name}: {shown} rows, {on_file}", cost["floor"], cost["ours"], _SAME_ROWS_GOAL)
            for name, (shown, cost) in compared.items()
        ),
        (Check("every view has a floor", holds=compared.keys() == {view.value for view in View}),),
        (
            Ceiling(f"counts of all views, {on_file}", counted[""], _COUNTS_MOST_MS),
            Ceiling(f"overdue and escalation at start, {on_file}", at_start[""], _START_MOST_MS),
        ),
    )


def _compared(ws: Workspace, conn: sqlite3.Connection, view: View, rounds: int) -> tuple[int, Mapping[str, Series]]:
    """Return how many rows both sides gave, the same ones, and what each cost."""
    floor: Callable[[], list[tuple[object, ...]]] = partial(_bare, conn, FLOORS[view.value], _values(ws))
    ours = partial(desk.queue_page, ws, view, END, 0, ROWS)
    numbers = [row.number for row in ours()]
    assert numbers == [row[0] for row in floor()], view
    return len(numbers), in_turn({"floor": partial(milliseconds, floor), "ours": partial(milliseconds, ours)}, rounds)


def _bare(conn: sqlite3.Connection, sql: str, values: Mapping[str, object]) -> list[tuple[object, ...]]:
    return conn.execute(sql, values).fetchall()


def _values(ws: Workspace) -> Mapping[str, object]:
    """Return what the floors are asked with; a floor takes what it names."""
    midnight = datetime.combine(END.date(), time(), END.tzinfo)
    after, until = _SILENT_DAYS
    authority = ws.policy.authority
    return {
        **{str(role): office for role, office in authority.offices.items()},
        "climbed": epoch(END - timedelta(hours=authority.ladder[0].after_hours)),
        "at": END.isoformat(),
        "now": epoch(END),
        "day_end": epoch(midnight + timedelta(days=1)),
        "week_end": epoch(midnight + timedelta(days=7 - midnight.weekday())),
        "me": ws.shop.operator,
        "silent_since": epoch(END - timedelta(days=until)),
        "silent_before": epoch(END - timedelta(days=after)),
    }


def _start(folder: DataFolder) -> float:
    """Return how long a register that was just opened takes to tell what is overdue, and how far that has climbed."""
    with closing(open_with(folder, FixedClock(END))) as ws:
        return milliseconds(partial(_look, ws))


def _look(ws: Workspace) -> None:
    counts = desk.queue_counts(ws, END)
    rows = desk.queue_page(ws, View.OVERDUE, END, 0, ROWS)
    climbed = [ws.policy.authority.rung(row.due_at, END) for row in rows]
    assert len(climbed) == min(ROWS, counts.views[View.OVERDUE])
