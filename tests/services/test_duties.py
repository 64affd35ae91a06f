from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.services import duties, shop
from tests.helpers.builders import NOW, SHANGHAI, registered

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace

WEEKLY, THIS_WEEK = "weekly_tables", "2026-W47"


def due(workspace: Workspace) -> set[tuple[str, str]]:
    return {(s.duty.id, s.period.key) for s in duties.standing(workspace) if s.due and s.period}


def rows(workspace: Workspace) -> list[tuple[object, ...]]:
    return [tuple(r) for r in workspace.store.conn.execute("SELECT duty, period, done, at, by FROM duty_done")]


def test_a_new_register_owes_what_is_due_now_and_has_missed_nothing(workspace: Workspace) -> None:
    found = duties.standing(workspace)

    assert (WEEKLY, THIS_WEEK) in due(workspace)
    assert not any(s.missed for s in found)
    assert {s.duty.id for s in found if s.period is None} == {"handover", "call_back_errors"}


def test_a_duty_that_was_done_is_marked_with_who_and_when(workspace: Workspace) -> None:
    shop.choose_operator(workspace, "小吴")

    result = duties.mark(workspace, WEEKLY, THIS_WEEK, done=True)

    changes: Changes = result.changes
    assert changes.duties
    assert rows(workspace) == [(WEEKLY, THIS_WEEK, 1, NOW.isoformat(), "小吴")]
    (found,) = [s for s in result.standings if s.duty.id == WEEKLY]
    assert found.mark is not None
    assert (found.done, found.mark.by, found.mark.at) == (True, "小吴", NOW)
    assert (WEEKLY, THIS_WEEK) not in due(workspace)


def test_a_mark_is_taken_back_by_another_and_both_stay(workspace: Workspace) -> None:
    duties.mark(workspace, WEEKLY, THIS_WEEK, done=True)

    duties.mark(workspace, WEEKLY, THIS_WEEK, done=False)

    assert (WEEKLY, THIS_WEEK) in due(workspace)
    assert [row[2] for row in rows(workspace)] == [1, 0]


@pytest.mark.parametrize("done", [True, False])
def test_a_mark_that_is_tried_again_is_made_once(workspace: Workspace, done: bool) -> None:
    if not done:
        duties.mark(workspace, WEEKLY, THIS_WEEK, done=True)
    duties.mark(workspace, WEEKLY, THIS_WEEK, done=done)
    before = rows(workspace)

    duties.mark(workspace, WEEKLY, THIS_WEEK, done=done)

    assert rows(workspace) == before


def test_what_was_missed_can_be_done_late_in_its_own_period(workspace: Workspace, clock: FixedClock) -> None:
    registered(workspace)
    clock.moment = NOW + timedelta(days=1)  # Monday: the week is over
    assert (WEEKLY, THIS_WEEK) in due(workspace)
    assert duties.standing(workspace)[0].missed

    duties.mark(workspace, WEEKLY, THIS_WEEK, done=True)

    assert (WEEKLY, THIS_WEEK) not in due(workspace)
    assert (WEEKLY, "2026-W48") in due(workspace)


def missed(workspace: Workspace) -> list[str]:
    found = duties.standing(workspace)
    return [s.period.key for s in found if s.duty.id == WEEKLY and s.period and s.missed and s.due]


def test_what_was_missed_stays_until_it_is_done_or_left(workspace: Workspace, clock: FixedClock) -> None:
    registered(workspace)
    duties.mark(workspace, "monthly_review", "2026-11", done=True)  # the shop keeps its duties from here on
    clock.moment = NOW + timedelta(days=22)
    assert missed(workspace) == ["2026-W47", "2026-W48", "2026-W49", "2026-W50"]

    duties.mark(workspace, WEEKLY, "2026-W48", done=True)
    duties.leave(workspace, WEEKLY, "2026-W47")
    duties.leave(workspace, WEEKLY, "2026-W47")

    assert missed(workspace) == ["2026-W49", "2026-W50"]
    assert [row[:3] for row in rows(workspace)[1:]] == [(WEEKLY, "2026-W48", 1), (WEEKLY, "2026-W47", 0)]
    clock.moment += timedelta(days=7)
    assert missed(workspace) == ["2026-W49", "2026-W50", "2026-W51"]


def test_what_was_left_can_be_done_after_all_and_a_slip_of_that_is_owed_again(
    workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace)
    clock.moment = NOW + timedelta(days=1)
    duties.leave(workspace, WEEKLY, THIS_WEEK)
    assert missed(workspace) == []

    duties.mark(workspace, WEEKLY, THIS_WEEK, done=True)
    duties.mark(workspace, WEEKLY, THIS_WEEK, done=False)

    assert missed(workspace) == [THIS_WEEK]
    duties.leave(workspace, WEEKLY, THIS_WEEK)
    assert missed(workspace) == []


def test_only_what_is_over_can_be_left(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="duty_unknown"):
        duties.leave(workspace, WEEKLY, THIS_WEEK)
    assert rows(workspace) == []


def test_a_shop_that_never_kept_its_duties_is_reminded_of_the_last_period_only(
    workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace)
    clock.moment = NOW + timedelta(days=22)

    assert missed(workspace) == ["2026-W50"]


def test_a_new_year_begins_new_periods(workspace: Workspace, clock: FixedClock) -> None:
    duties.mark(workspace, "satisfaction_survey", "2026", done=True)

    clock.moment = datetime(2027, 1, 1, 0, 0, 1, tzinfo=SHANGHAI)

    assert ("satisfaction_survey", "2027") in due(workspace)


@pytest.mark.parametrize(
    ("duty", "period"),
    [
        ("nonsense", THIS_WEEK),
        (WEEKLY, "2026-W01"),
        (WEEKLY, "2026-W48"),
        (WEEKLY, ""),
        ("handover", ""),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_what_is_not_owed_cannot_be_marked(workspace: Workspace, duty: str, period: str) -> None:
    with pytest.raises(KnownError, match="duty_unknown") as caught:
        duties.mark(workspace, duty, period, done=True)

    assert len(workspace.rules.sentences.error(caught.value)) < 200
    assert rows(workspace) == []
