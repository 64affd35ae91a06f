from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.problems import RefusedError
from desk_app.domain.queue import View
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.services import desk, intake, shop, upkeep
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import NOW, SHANGHAI, a_case, acted, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def due(workspace: Workspace, name: str, moment: datetime) -> str:
    """Register a case whose answer is due at ``moment``, and return its number."""
    received = moment - DAY
    assert received <= workspace.clock.now()
    return registered(workspace, name, received_at=received.isoformat(), content=name).case.number


def matters(workspace: Workspace, view: View, at: datetime = NOW) -> list[str]:
    return [row.matter for row in desk.queue_page(workspace, view, at, 0, 100)]


def test_the_queue_shows_what_is_owed_not_who_complained(workspace: Workspace) -> None:
    number = registered(workspace, content="电水壶\n不加热 " * 20, customer_name="张小山").case.number

    (row,) = desk.queue_page(workspace, View.ALL, NOW, 0, 10)

    assert (row.number, row.kind, row.status) == (number, FollowUpKind.REPLY, Status.REGISTERED)
    assert (row.due_at, row.overdue) == (NOW + DAY, False)
    assert (row.owed_by, row.owed_to) == ("前台", "客户")
    assert row.customer == "张**"
    assert row.matter == ("电水壶 不加热 " * 20)[:59] + "…"


def test_a_customer_without_a_name_is_a_masked_phone_and_a_nameless_one_is_nobody(workspace: Workspace) -> None:
    registered(workspace, "one", customer_name=None, customer_phone="138-0013-8000")
    registered(workspace, "two", anonymous=True)  # with a name on file, which no list may show

    shown = [row.customer for row in desk.queue_page(workspace, View.ALL, NOW, 0, 10)]

    assert shown == ["138-****-8000", ""]


def test_the_most_overdue_comes_first_and_equals_in_the_order_of_entry(workspace: Workspace) -> None:
    for name, moment in (
        ("later", NOW + 5 * HOUR),
        ("long overdue", NOW - 5 * DAY),
        ("just overdue", NOW - timedelta(seconds=1)),
        ("now", NOW),
        ("now too", NOW),
    ):
        due(workspace, name, moment)

    rows = desk.queue_page(workspace, View.ALL, NOW, 0, 10)

    assert [row.matter for row in rows] == ["long overdue", "just overdue", "now", "now too", "later"]
    assert [row.overdue for row in rows] == [True, True, False, False, False]


def test_pages_follow_on_each_other(workspace: Workspace) -> None:
    for n in range(7):
        due(workspace, f"{n}", NOW + n * HOUR)

    pages = [desk.queue_page(workspace, View.ALL, NOW, offset, 3) for offset in (0, 3, 6, 9)]

    assert [[row.matter for row in page] for page in pages] == [["0", "1", "2"], ["3", "4", "5"], ["6"], []]


def test_a_listing_is_one_state_whoever_writes_meanwhile(workspace: Workspace) -> None:
    lines = [intake.InputLine(n, a_case(content=f"{n}"), f"line-{n}") for n in range(1, 1102)]
    intake.register_many(workspace, lines, keep_going=False)
    asked: list[str] = []
    workspace.store.conn.set_trace_callback(asked.append)

    rows = desk.queue_listing(workspace, View.ALL, NOW)

    workspace.store.conn.set_trace_callback(None)
    assert [row.matter for row in rows] == [f"{n}" for n in range(1, 1102)]
    reads = [sql for sql in asked if not sql.startswith("PRAGMA")]  # who asks whether roles changed reads no line
    assert len(reads) == 1, "between two statements another program can write"


def test_the_views_end_at_the_moment_the_midnight_and_the_end_of_sunday(
    workspace: Workspace, clock: FixedClock
) -> None:
    wednesday = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
    clock.moment = wednesday + 6 * DAY
    edges = {
        "overdue": wednesday - timedelta(seconds=1),
        "now": wednesday,
        "last second of today": wednesday.replace(hour=23, minute=59, second=59),
        "first second of tomorrow": wednesday.replace(day=26, hour=0),
        "last second of sunday": wednesday.replace(day=29, hour=23, minute=59, second=59),
        "first second of monday": wednesday.replace(day=30, hour=0),
    }
    for name, moment in edges.items():
        due(workspace, name, moment)
    names = list(edges)

    assert matters(workspace, View.OVERDUE, wednesday) == names[:1]
    assert matters(workspace, View.TODAY, wednesday) == names[:3]
    assert matters(workspace, View.WEEK, wednesday) == names[:5]
    assert matters(workspace, View.ALL, wednesday) == names
    counts = desk.queue_counts(workspace, wednesday)
    of_time = {view: counts.views[view] for view in (View.OVERDUE, View.TODAY, View.WEEK, View.ALL)}
    assert of_time == {View.OVERDUE: 1, View.TODAY: 3, View.WEEK: 5, View.ALL: 6}


@pytest.mark.parametrize(("day", "week_ends_in"), [(23, 7), (28, 2), (29, 1)])
def test_a_week_ends_on_sunday(workspace: Workspace, clock: FixedClock, day: int, week_ends_in: int) -> None:
    at = datetime(2026, 11, day, 12, tzinfo=SHANGHAI)
    clock.moment = at + 10 * DAY
    midnight = at.replace(hour=0) + week_ends_in * DAY
    due(workspace, "inside", midnight - timedelta(seconds=1))
    due(workspace, "outside", midnight)

    assert matters(workspace, View.WEEK, at) == ["inside"]


def test_what_falls_due_within_the_hour_is_counted_apart_from_what_is_overdue(workspace: Workspace) -> None:
    due(workspace, "overdue", NOW - HOUR)
    due(workspace, "now", NOW)
    due(workspace, "within", NOW + HOUR - timedelta(seconds=1))
    due(workspace, "without", NOW + HOUR)

    assert desk.queue_counts(workspace, NOW).within_the_hour == 2


def test_what_is_done_leaves_the_queue_and_what_is_owed_next_comes_in(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace).case.number
    clock.moment = NOW + HOUR

    result = desk.act(workspace, number, "reply", {"content": "换新"}, "r")

    (row,) = desk.queue_page(workspace, View.ALL, NOW, 0, 10)
    assert (row.kind, row.due_at) == (FollowUpKind.RETURN_VISIT, NOW + HOUR + DAY)
    assert result.changes.cases == {number}
    assert result.changes.queue


def test_an_action_is_written_with_who_and_when_and_what(workspace: Workspace) -> None:
    number = registered(workspace, received_at="2026-11-22 08:00").case.number
    keys = {"content": "已致电\n约周二", "medium": "phone", "by": "小王", "at": "2026-11-22 09:00"}

    event = desk.act(workspace, number, "contact", keys, "c").file.events[-1]

    assert (event.action, event.by, event.at, event.entered_at) == ("contact", "小王", NOW - HOUR, NOW)
    assert event.data == {"content": "已致电\n约周二", "medium": "phone"}


def test_an_action_without_a_name_is_the_operators(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    shop.choose_operator(workspace, "小赵")

    assert desk.act(workspace, number, "contact", {"content": "致电"}, "c").file.events[-1].by == "小赵"


def test_an_action_that_is_tried_again_is_done_once(workspace: Workspace) -> None:
    number = registered(workspace).case.number

    desk.act(workspace, number, "contact", {"content": "致电"}, "same")
    again = desk.act(workspace, number, "contact", {"content": "致电"}, "same")

    assert [e.action for e in again.file.events] == ["register", "contact"]


@pytest.mark.parametrize(
    ("action", "raw", "code"),
    [
        ("sneeze", {}, "action_unknown"),
        ("x" * 5000, {}, "action_unknown"),
        ("amend", {}, "amend_nothing"),
        ("register", {}, "action_unknown"),
        ("close", {"result": "好"}, "close_before_reply"),
        ("contact", {"content": "好", "at": "2026-11-22 10:00:01"}, "act_in_future"),
        ("contact", {"content": "好", "at": "2026-11-22 09:59:59"}, "act_before_received"),
    ],
)
def test_an_action_that_cannot_be_done_is_told(
    workspace: Workspace, action: str, raw: dict[str, object], code: str
) -> None:
    number = registered(workspace).case.number

    with pytest.raises(KnownError, match=code) as caught:
        desk.act(workspace, number, action, raw, "a")
    assert len(workspace.rules.sentences.error(caught.value)) < 300
    assert len(desk.case_file(workspace, number).events) == 1


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"content": "x\x00"},
        {"content": "好", "at": "昨天"},
        {"content": "好", "by": "小\n王"},
        {"content": "好", "z": 1},
    ],
)
def test_an_action_with_something_wrong_is_refused_and_changes_nothing(
    workspace: Workspace, raw: dict[str, object]
) -> None:
    number = registered(workspace).case.number

    with pytest.raises(RefusedError):
        desk.act(workspace, number, "contact", raw, "a")
    assert len(desk.case_file(workspace, number).events) == 1


@pytest.mark.parametrize("number", ["TS-1", "", "\udcff", "x\x00", "' OR 1=1 --", "长" * 10_000])
def test_a_number_that_was_never_given_is_told(workspace: Workspace, number: str) -> None:
    registered(workspace)

    with pytest.raises(KnownError, match="case_unknown") as caught:
        desk.case_file(workspace, number)
    assert len(workspace.rules.sentences.error(caught.value)) < 100
    with pytest.raises(KnownError, match="case_unknown"):
        desk.act(workspace, number, "contact", {"content": "好"}, "a")


def test_a_case_lives_through_two_rounds_and_a_third_to_its_end(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace).case.number
    steps: list[tuple[str, dict[str, object], str, int, list[str]]] = [
        ("contact", {"content": "致电核实"}, "in_progress", 1, ["reply"]),
        ("reply", {"content": "换新"}, "awaiting_return_visit", 1, ["return_visit"]),
        ("return_visit", {"reached": False}, "awaiting_return_visit", 1, ["return_visit"]),
        ("return_visit", {"satisfaction": "dissatisfied", "opinion": "又坏了"}, "in_progress", 2, ["reply"]),
        ("reply", {"content": "退款", "accepted": True}, "awaiting_return_visit", 2, ["return_visit"]),
        ("return_visit", {"satisfaction": "satisfied", "result_fair": 5}, "in_progress", 2, ["feed_back"]),
        ("determine", {"responsibility": "supplier"}, "in_progress", 2, ["feed_back", "feed_back"]),
        ("feed_back", {"content": "水壶温控器"}, "in_progress", 2, ["handle"]),
        ("close", {"result": "已退款"}, "closed", 2, []),
        ("reopen", {"reason": "款未到账"}, "in_progress", 3, ["reply"]),
        ("reply", {"content": "已到账"}, "awaiting_return_visit", 3, ["return_visit"]),
        ("return_visit", {"satisfaction": "fair"}, "in_progress", 3, ["feed_back"]),
        ("feed_back", {"content": "退款慢"}, "in_progress", 3, ["handle"]),
        ("close", {"result": "已到账，客户基本满意"}, "closed", 3, []),
    ]

    for hours, (action, keys, status, turn, owed) in enumerate(steps, start=1):
        clock.moment = NOW + hours * HOUR
        acted(workspace, number, action, **keys)
        file = desk.case_file(workspace, number)
        assert (file.case.status, file.case.round) == (status, turn)
        assert [f.kind for f in file.owed] == owed
        assert upkeep.verify(workspace).ok

    assert desk.queue_counts(workspace, clock.moment).views[View.ALL] == 0
    file = desk.case_file(workspace, number)
    assert [e.action for e in file.events] == ["register", *(step[0] for step in steps)]
    assert all(f.done_at is not None for f in file.follow_ups)


def test_what_another_program_wrote_is_noticed_once_and_what_we_wrote_is_not(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    assert desk.has_changed(workspace) is None
    registered(workspace, "ours")
    assert desk.has_changed(workspace) is None
    other = open_workspace(folder, clock, rules)
    assert desk.has_changed(workspace) is None

    registered(other, "theirs")
    shop.set_up(other, "和平路店", "hotel", "小孙")
    changes = desk.has_changed(workspace)

    assert changes is not None
    assert changes.everything
    assert workspace.shop.name == "和平路店"
    assert workspace.trade.key == "hotel"
    assert len(matters(workspace, View.ALL)) == 2
    assert desk.has_changed(workspace) is None
    intake.discard_draft(other, "nothing")
    other.close()


def test_a_step_cannot_be_dated_before_the_one_it_follows_but_a_contact_can(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace, "one", received_at=(NOW - 2 * DAY).isoformat()).case.number
    replied = {"content": "answered", "at": (NOW - HOUR).isoformat()}
    desk.act(workspace, number, "reply", replied, "reply")
    early = (NOW - 2 * HOUR).isoformat()

    with pytest.raises(KnownError) as caught:
        desk.act(workspace, number, "return_visit", {"satisfaction": "fair", "at": early}, "visit")
    noted = desk.act(workspace, number, "contact", {"content": "called before", "at": early}, "contact")

    assert caught.value.code == "act_before_last"
    assert "2026-11-22 08:00" in rules.sentences.error(caught.value)
    assert "2026-11-22 09:00" in rules.sentences.error(caught.value)
    assert noted.file.case.status is Status.AWAITING_RETURN_VISIT
    assert [e.action for e in noted.file.events] == ["register", "reply", "contact"]
