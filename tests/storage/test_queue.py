"""Pages and counts of the queue beside a plain search through everything that is open; and by which index they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.clock import FixedClock
from desk_app.domain.case import Lack
from desk_app.domain.queue import ALL_OF_IT, CASE_VIEWS, MOST_SILENT, Order, Reader, Sieve, View, spans
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import FollowUpKind, Role, Status
from desk_app.paths import DataFolder
from desk_app.services import desk
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import queue
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.services.rules import Rules

CASES = 8
NAMES = ("前台", "小吴", "部门负责人")
OPEN = (Status.REGISTERED, Status.IN_PROGRESS, Status.AWAITING_REPLY)
HOUR = timedelta(hours=1)


class Owed(NamedTuple):
    kind: FollowUpKind
    owed_by: str
    hours: int
    snoozed: int
    is_done: bool
    status: Status
    lacks: Lack


owed = st.builds(
    Owed,
    st.sampled_from(FollowUpKind),
    st.sampled_from(NAMES),
    st.integers(-30, 200),
    st.integers(-2, 2),
    st.booleans(),
    st.sampled_from((*OPEN, Status.CLOSED)),
    st.sampled_from([Lack(bits) for bits in range(8)]),
)
sieves = st.builds(
    Sieve,
    owed_by=st.sampled_from(("", *NAMES)),
    kind=st.none() | st.sampled_from((FollowUpKind.REPLY, FollowUpKind.PROMISE)),
    status=st.none() | st.sampled_from(OPEN),
    order=st.sampled_from(Order),
)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Iterator[Workspace]:
    """A register of some cases, each with one thing owed, which every example makes another one."""
    ws = open_workspace(DataFolder(tmp_path_factory.mktemp("queue") / "data"), FixedClock(NOW), rules)
    for n in range(CASES):
        registered(ws, f"{n}", received_at=NOW - n * HOUR, content=f"{n}")
    yield ws
    ws.close()


def fill(ws: Workspace, things: list[Owed]) -> None:
    conn = ws.store.conn
    for place, thing in enumerate(things, start=1):
        due = NOW + thing.hours * HOUR
        conn.execute(
            "UPDATE follow_up SET kind = ?, owed_by = ?, due_at = ?, due_utc = ?, snoozed_utc = ?, done_at = ?"
            " WHERE id = ?",
            (
                thing.kind,
                thing.owed_by,
                due.isoformat(),
                epoch(due),
                epoch(NOW + thing.snoozed * HOUR),
                NOW.isoformat() if thing.is_done else None,
                place,
            ),
        )
        texts = ("" if Lack.TIME in thing.lacks else "昨晚", "" if Lack.PLACE in thing.lacks else "二楼")
        phone = "" if Lack.CONTACT in thing.lacks else "13800000000"
        conn.execute(
            'UPDATE "case" SET status = ?, occurred_at = ?, place = ?, customer_phone = ? WHERE id = ?',
            (thing.status, *texts, phone, place),
        )


def expected(things: list[Owed], view: View, sieve: Sieve) -> list[str]:
    """Return what a view shows, by looking at each thing in turn."""
    who = Reader(NAMES[:1])  # others have the roles, so that the operator has no office
    found = []
    for place, thing in enumerate(things):
        if thing.is_done:
            continue
        if view is View.UNRECORDED:
            is_in = bool(thing.lacks) and not thing.status.is_over
        else:
            due, snoozed = epoch(NOW + thing.hours * HOUR), epoch(NOW + thing.snoozed * HOUR)
            is_in = any(
                span.kind in (None, thing.kind)
                and span.owed_by in (None, thing.owed_by)
                and span.since <= due < span.until
                and (span.awake_at is None or snoozed <= span.awake_at)
                for span in spans(view, NOW, who)
            )
        if (
            is_in
            and sieve.owed_by in ("", thing.owed_by)
            and sieve.kind in (None, thing.kind)
            and sieve.status in (None, thing.status)
        ):
            found.append(place)

    if sieve.order is Order.NEWEST or view is View.UNRECORDED:  # the last one was received first
        found.reverse()
    else:
        found.sort(key=lambda place: things[place].hours)
    return [f"{place}" for place in found]


@given(things=st.lists(owed, min_size=CASES, max_size=CASES), sieve=sieves, size=st.integers(1, CASES))
def test_every_view_shows_and_counts_what_a_plain_search_finds(
    register: Workspace, things: list[Owed], sieve: Sieve, size: int
) -> None:
    things = [t if t.status.is_over else t._replace(is_done=False) for t in things]  # an open case owes something
    fill(register, things)
    register.policy = register.policy.of_shop({"别人": Role.MANAGER})
    counts = desk.queue_counts(register, NOW).views

    for view in View:
        if view is View.SILENT:
            continue
        pages = [desk.queue_page(register, view, NOW, first, size, sieve) for first in range(0, CASES + 1, size)]
        shown = [row.matter for page in pages for row in page]
        wanted = expected(things, view, sieve)
        assert shown == wanted, view
        assert desk.queue_count(register, view, NOW, sieve) == len(wanted), view
        assert counts[view] == len(expected(things, view, ALL_OF_IT)), view


def test_an_incomplete_case_says_what_it_lacks(register: Workspace) -> None:
    lacks = [Lack(bits) for bits in range(8)]
    fill(register, [Owed(FollowUpKind.REPLY, "前台", n, 0, False, Status.REGISTERED, lacks[n]) for n in range(CASES)])

    rows = desk.queue_page(register, View.UNRECORDED, NOW, 0, 10)

    assert {row.matter: row.lacks for row in rows} == {f"{n}": lacks[n] for n in range(1, CASES)}


def test_each_view_is_ranges_of_an_index_in_their_order(register: Workspace) -> None:
    """Of what is not shown nothing is read or sorted: only the lines of the page are put in order, behind "SCAN p"."""
    conn, who = register.store.conn, Reader(NAMES, epoch(NOW))
    register.policy = register.policy.of_shop({})  # everybody answers for every office
    indexes = {"kind": "follow_up_open_kind", "owed_by": "follow_up_open_debtor"}
    for view in View:
        names = {
            next((index for part, index in indexes.items() if getattr(span, part)), "follow_up_open")
            for span in (() if view in CASE_VIEWS else spans(view, NOW, who))
        }
        names |= {View.UNRECORDED: {"case_unrecorded"}, View.SILENT: {"last_contact_silent"}}.get(view, set())
        asked: list[str] = []
        conn.set_trace_callback(asked.append)
        desk.queue_page(register, view, NOW, 0, 10)
        conn.set_trace_callback(None)
        (reading,) = (sql for sql in asked if not sql.startswith("PRAGMA"))
        plan = "\n".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {reading}"))
        assert all(f"INDEX {name} (" in plan or f"INDEX {name}\n" in plan for name in names), (view, plan)
        assert "TEMP B-TREE FOR ORDER BY" not in plan.partition("SCAN p")[0], (view, plan)


def test_who_owes_is_listed_once_by_name_and_not_who_owed(register: Workspace) -> None:
    statuses = [Status.CLOSED] * 2 + [Status.REGISTERED] * 6
    names = ("丙", "丁", "乙", "甲", "甲", "乙", "甲", "乙")
    things = [
        Owed(FollowUpKind.REPLY, name, 1, 0, status.is_over, status, Lack(0))
        for name, status in zip(names, statuses, strict=True)
    ]
    fill(register, things)

    assert desk.debtors(register) == tuple(sorted({"乙", "甲"}))
    assert queue.debtors(register.store.conn, 1) == desk.debtors(register)[:1]


def test_of_very_many_silent_customers_the_longest_silent_are_listed(workspace: Workspace) -> None:
    registered(workspace, "a", received_at=NOW.isoformat())
    conn, long_ago = workspace.store.conn, epoch(NOW - timedelta(days=200))
    conn.execute("DELETE FROM last_contact")
    conn.executemany(
        "INSERT INTO last_contact (phone_key, last_utc, complaint_id) VALUES (?, ?, 1)",
        [(f"{n}", long_ago + n) for n in range(MOST_SILENT + 50)],
    )

    pages = [desk.queue_page(workspace, View.SILENT, NOW, first, 300) for first in range(0, MOST_SILENT + 300, 300)]

    assert [len(page) for page in pages] == [300, 300, 300, 100, 0]
    assert [row.place for page in pages for row in page] == [long_ago + n for n in range(MOST_SILENT)]
    assert desk.queue_counts(workspace, NOW).views[View.SILENT] == MOST_SILENT
