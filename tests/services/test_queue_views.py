"""What the views of the queue mean on a register in use; saved views; what is reminded of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.case import Lack
from desk_app.domain.queue import Order, SavedView, Sieve, View
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.services import desk, reminders, saved_views
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FACTS = {"occurred_at": "昨晚", "place": "二楼"}


def shown(workspace: Workspace, view: View, sieve: Sieve | None = None) -> list[str]:
    rows = desk.queue_page(workspace, view, workspace.clock.now(), 0, 100, sieve or Sieve())
    return [row.number for row in rows]


def counted(workspace: Workspace, view: View) -> int:
    return desk.queue_counts(workspace, workspace.clock.now()).views[view]


def close(workspace: Workspace, number: str) -> None:
    for action, keys in (
        ("reply", {"content": "换新"}),
        ("return_visit", {"satisfaction": "satisfied"}),
        ("determine", {"responsibility": "misunderstanding"}),
        ("feed_back", {"content": "已换新"}),
        ("close", {"result": "换新"}),
    ):
        acted(workspace, number, action, **keys)


# ------------------------------------------------------------------------------------------ left aside


def test_what_is_left_aside_is_hidden_until_its_time_but_never_from_all_or_overdue(
    workspace: Workspace, clock: FixedClock
) -> None:
    number = registered(workspace).case.number
    (row,) = desk.queue_page(workspace, View.ALL, NOW, 0, 10)
    assert row.snoozed_until is None

    desk.snooze(workspace, number, row.follow_up_id, NOW + 5 * HOUR, "等供应商回话", "z")

    for view in (View.MINE, View.UNHANDLED):
        assert (shown(workspace, view), counted(workspace, view)) == ([], 0)
    assert shown(workspace, View.ALL) == [number]
    assert counted(workspace, View.ALL) == 1
    assert desk.queue_page(workspace, View.ALL, NOW, 0, 10)[0].snoozed_until == NOW + 5 * HOUR
    clock.moment = NOW + 5 * HOUR
    assert shown(workspace, View.MINE) == [number]
    clock.moment = NOW + DAY + HOUR
    assert shown(workspace, View.OVERDUE) == [number]


def test_a_snooze_that_is_undone_shows_it_again(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    (row,) = desk.queue_page(workspace, View.ALL, NOW, 0, 10)
    desk.snooze(workspace, number, row.follow_up_id, NOW + 5 * HOUR, "等供应商回话", "z")
    assert shown(workspace, View.MINE) == []

    desk.undo(workspace, number, "u")

    assert shown(workspace, View.MINE) == [number]


# ------------------------------------------------------------------------------------------ four views


def test_a_case_moves_through_the_four_that_leave_nothing_out(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    four = (View.UNRECORDED, View.UNHANDLED, View.UNCHECKED, View.UNREPORTED)

    def where() -> list[View]:
        return [view for view in four if shown(workspace, view) == [number]]

    seen = [where()]
    acted(workspace, number, "reply", content="换新")
    seen.append(where())
    acted(workspace, number, "return_visit", satisfaction="satisfied")
    seen.append(where())
    acted(workspace, number, "determine", responsibility="misunderstanding")
    acted(workspace, number, "feed_back", content="已换新")
    seen.append(where())
    acted(workspace, number, "close", result="换新")
    seen.append(where())

    assert seen == [
        [View.UNRECORDED, View.UNHANDLED],
        [View.UNRECORDED, View.UNCHECKED],
        [View.UNRECORDED, View.UNREPORTED],
        [View.UNRECORDED, View.UNHANDLED],
        [],
    ]


def test_when_and_where_is_asked_of_complaints_and_how_to_reach_them_of_everybody(workspace: Workspace) -> None:
    registered(workspace, "whole", **FACTS)
    registered(workspace, "nameless", anonymous=True, customer_name=None, customer_phone=None, **FACTS)
    registered(workspace, "by letter", customer_phone=None, customer_address="和平路 8 号", **FACTS)
    registered(workspace, "a question", kind="inquiry")
    bare = registered(workspace, "bare", customer_phone=None).case.number
    asks = registered(workspace, "unreachable", kind="inquiry", customer_phone=None).case.number

    rows = desk.queue_page(workspace, View.UNRECORDED, NOW, 0, 10)

    assert [(row.number, row.lacks) for row in rows] == [
        (bare, Lack.TIME | Lack.PLACE | Lack.CONTACT),
        (asks, Lack.CONTACT),
    ]


def test_a_case_that_lacks_something_is_one_line_with_what_is_owed_next(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送新壶", due_at=(NOW + HOUR).isoformat())
    assert len(shown(workspace, View.ALL)) == 2

    (row,) = desk.queue_page(workspace, View.UNRECORDED, NOW, 0, 10)

    assert (row.kind, row.subject, row.due_at) == (FollowUpKind.PROMISE, "送新壶", NOW + HOUR)
    assert shown(workspace, View.UNRECORDED, Sieve(kind=FollowUpKind.REPLY)) == []


# ---------------------------------------------------------------------------------- silent customers


def silent(workspace: Workspace) -> list[str]:
    rows = desk.queue_page(workspace, View.SILENT, workspace.clock.now(), 0, 100)
    assert counted(workspace, View.SILENT) == len(rows)
    return [row.number for row in rows]


def test_who_complained_and_was_not_spoken_to_for_long_is_silent_for_a_year(
    workspace: Workspace, clock: FixedClock
) -> None:
    number = registered(workspace).case.number
    close(workspace, number)

    seen = []
    for days in (0, 89, 90, 364, 365):
        clock.moment = NOW + days * DAY + HOUR
        seen.append(silent(workspace))

    assert seen == [[], [], [number], [number], []]
    clock.moment = NOW + 120 * DAY
    (row,) = desk.queue_page(workspace, View.SILENT, clock.moment, 0, 10)
    assert (row.kind, row.due_at, row.owed_by, row.status) == ("silent", NOW, "", Status.CLOSED)


@pytest.mark.parametrize(
    ("action", "keys", "speaks"),
    [
        ("contact", {"content": "问候"}, True),
        ("return_visit", {"satisfaction": "satisfied"}, True),
        ("return_visit", {"reached": False}, False),
        ("investigate", {"findings": "查过"}, False),
    ],
)
def test_only_what_the_customer_hears_or_says_ends_the_silence(
    workspace: Workspace, clock: FixedClock, action: str, keys: dict[str, object], speaks: bool
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "reply", content="换新")
    clock.moment = NOW + 100 * DAY
    assert silent(workspace) == [number]

    acted(workspace, number, action, **keys)

    assert silent(workspace) == ([] if speaks else [number])


def test_a_customer_is_who_has_the_number_whatever_case_they_come_with(workspace: Workspace, clock: FixedClock) -> None:
    first = registered(workspace, "one", customer_phone="138-0013 8000").case.number
    registered(workspace, "two", customer_phone="13900000000", kind="inquiry")
    registered(workspace, "three", anonymous=True, customer_phone="13700000000")
    registered(workspace, "four", customer_phone=None)
    clock.moment = NOW + 100 * DAY
    assert silent(workspace) == [first], "a question is no complaint; who has no number cannot be called"

    registered(workspace, "again", customer_phone="+86 13800138000", kind="inquiry")

    assert silent(workspace) == []
    clock.moment += 100 * DAY
    assert silent(workspace) == [first], "the complaint, silent since the question"


def test_a_complaint_that_was_void_is_none(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "void", reason="重复登记")
    clock.moment = NOW + 100 * DAY

    assert silent(workspace) == []


def test_a_duplicate_that_was_void_hides_nobody(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace, "first").case.number
    clock.moment = NOW + 50 * DAY
    duplicate = registered(workspace, "again").case.number
    clock.moment = NOW + 100 * DAY
    assert silent(workspace) == []

    acted(workspace, duplicate, "void", reason="重复登记")

    assert silent(workspace) == [number]
    desk.undo(workspace, duplicate, "not void")
    assert silent(workspace) == []


def test_a_call_that_was_taken_back_was_none(workspace: Workspace, clock: FixedClock) -> None:
    number = registered(workspace).case.number
    clock.moment = NOW + 100 * DAY
    acted(workspace, number, "contact", content="记错了")
    assert silent(workspace) == []

    desk.undo(workspace, number, "undo")

    assert silent(workspace) == [number]


def test_whose_number_is_put_right_is_silent_under_the_new_one(workspace: Workspace, clock: FixedClock) -> None:
    wrong = registered(workspace, "wrong", customer_phone="13800138001").case.number
    clock.moment = NOW + 60 * DAY
    other = registered(workspace, "other", customer_phone="13800138000").case.number
    clock.moment = NOW + 100 * DAY
    assert silent(workspace) == [wrong]

    acted(workspace, wrong, "amend", customer_phone="138 0013 8000")

    assert silent(workspace) == [], "the customer was spoken to 40 days ago"
    clock.moment = NOW + 160 * DAY
    assert silent(workspace) == [other]
    acted(workspace, other, "amend", anonymous=True)
    assert silent(workspace) == [wrong]
    acted(workspace, wrong, "amend", kind="inquiry", reason="只是来问")
    assert silent(workspace) == []


# -------------------------------------------------------------------------------------- order, sieve


def test_the_newest_registered_come_first_where_that_is_wanted(workspace: Workspace) -> None:
    one = registered(workspace, "1", received_at=(NOW - 3 * HOUR).isoformat()).case.number
    two = registered(workspace, "2", received_at=(NOW - 9 * HOUR).isoformat()).case.number
    three = registered(workspace, "3", received_at=(NOW - 5 * HOUR).isoformat()).case.number

    assert shown(workspace, View.ALL) == [two, three, one]
    assert shown(workspace, View.ALL, Sieve(order=Order.NEWEST)) == [three, two, one]


def test_who_owes_can_be_chosen_from(workspace: Workspace) -> None:
    registered(workspace, "1", first_contact="小吴")
    registered(workspace, "2", first_contact="小周")
    registered(workspace, "3", first_contact="小吴")

    assert desk.debtors(workspace) == tuple(sorted(("小吴", "小周")))


# -------------------------------------------------------------------------------------- saved views

MINE = Sieve(owed_by="小吴", kind=FollowUpKind.PROMISE, status=Status.IN_PROGRESS, order=Order.NEWEST)


def test_a_saved_view_comes_back_as_it_was_and_goes(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    assert saved_views.saved_views(workspace) == ()

    saved_views.save_view(workspace, " 小吴的\n承诺 ", View.WEEK, MINE)
    saved_views.save_view(workspace, "最新", View.ALL, Sieve(order=Order.NEWEST))

    other = open_workspace(folder, clock, rules)
    kept = SavedView("小吴的 承诺", View.WEEK, MINE)
    assert saved_views.saved_views(other) == (kept, SavedView("最新", View.ALL, Sieve(order=Order.NEWEST)))
    other.close()
    assert saved_views.save_view(workspace, "最新", View.TODAY, Sieve()).views[1].view is View.TODAY
    assert saved_views.forget_view(workspace, "最新").views == (kept,)
    assert saved_views.forget_view(workspace, "最新").views == (kept,)


def test_a_view_needs_a_name_and_there_are_at_most_twenty(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="saved_view_unnamed"):
        saved_views.save_view(workspace, " \n", View.ALL, MINE)
    for n in range(saved_views.MOST):
        saved_views.save_view(workspace, f"{n}", View.ALL, MINE)

    with pytest.raises(KnownError, match="saved_views_full"):
        saved_views.save_view(workspace, "one more", View.ALL, MINE)
    saved_views.save_view(workspace, "0", View.WEEK, MINE)

    views = saved_views.saved_views(workspace)
    assert (len(views), views[0].view) == (saved_views.MOST, View.WEEK)


def test_a_view_of_another_version_is_left_out_and_the_others_are_there(workspace: Workspace) -> None:
    saved_views.save_view(workspace, "known", View.ALL, MINE)
    workspace.store.conn.execute(
        'UPDATE setting SET value = json_insert(value, \'$[#]\', json(\'{"name": "x", "view": "of tomorrow"}\'),'
        " '$[#]', 7) WHERE key = 'saved_views'"
    )

    assert [view.name for view in saved_views.saved_views(workspace)] == ["known"]


# --------------------------------------------------------------------------------------- reminders


def test_what_falls_due_within_the_hour_is_reminded_of_unless_it_was_left_aside(workspace: Workspace) -> None:
    def due(name: str, after: timedelta) -> str:
        return registered(workspace, name, received_at=(NOW + after - DAY).isoformat()).case.number

    due("late", -HOUR)
    soon = due("soon", HOUR / 2)
    aside = due("aside", HOUR / 3)
    due("later", HOUR)
    (row,) = (r for r in reminders.falling_due(workspace, NOW) if r.number == aside)
    assert [r.number for r in reminders.falling_due(workspace, NOW)] == [aside, soon]

    desk.snooze(workspace, aside, row.follow_up_id, NOW + HOUR / 4, "十分钟后回来", "z")

    assert [r.number for r in reminders.falling_due(workspace, NOW)] == [soon]
    later = reminders.falling_due(workspace, NOW + HOUR / 4)
    assert [r.number for r in later][:2] == [aside, soon], "it is back"


def test_what_fell_due_between_a_closing_and_the_next_opening_was_missed(
    workspace: Workspace, clock: FixedClock
) -> None:
    for hours in (1, 20, 30):
        registered(workspace, f"{hours}", received_at=(NOW + hours * HOUR - 2 * DAY).isoformat())
    clock.moment = NOW - 23 * HOUR
    assert reminders.missed(workspace, NOW) is None, "it was never closed"
    reminders.leave(workspace)

    missed = reminders.missed(workspace, NOW)

    assert missed == reminders.Missed(2, NOW - 23 * HOUR)
    clock.moment = NOW
    reminders.leave(workspace)
    assert reminders.missed(workspace, NOW + HOUR) is None
