"""Facts put right in a real register: one after the other, taken back, left aside, counted anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Action, FollowUpKind, Status
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError
from desk_app.services import calendar, desk
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.workspace import Workspace

HOUR = timedelta(hours=1)


def file_of(ws: Workspace, number: str) -> CaseFile:
    return desk.case_file(ws, number)


def reply_of(ws: Workspace, number: str) -> FollowUp:
    return next(f for f in file_of(ws, number).owed if f.kind is FollowUpKind.REPLY)


def state(ws: Workspace, number: str) -> tuple[object, ...]:
    file = file_of(ws, number)
    return file.case, file.owed, file.deeds


def test_of_two_amendments_only_the_last_is_taken_back_and_leaves_the_first(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "amend", promised_at=(NOW + 3 * HOUR).isoformat())
    first = state(workspace, number)
    acted(workspace, number, "amend", promised_at=(NOW + 5 * HOUR).isoformat(), kind="inquiry", place="大堂")
    assert reply_of(workspace, number).due_at == NOW + 5 * HOUR

    desk.undo(workspace, number, "undo-1")

    assert state(workspace, number) == first
    assert reply_of(workspace, number).due_at == NOW + 3 * HOUR
    with pytest.raises(KnownError, match="undo_nothing"):
        desk.undo(workspace, number, "undo-2")


def test_a_kind_that_was_put_right_twice_owes_what_it_did_at_first(workspace: Workspace) -> None:
    number = registered(workspace, kind="proposal").case.number
    before = {(f.kind, f.due_at, f.owed_by) for f in file_of(workspace, number).owed}

    acted(workspace, number, "amend", kind="complaint")
    acted(workspace, number, "amend", kind="proposal")

    assert {(f.kind, f.due_at, f.owed_by) for f in file_of(workspace, number).owed} == before


def test_what_was_left_aside_comes_back_where_it_falls_due_at_another_time(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    desk.snooze(workspace, number, reply_of(workspace, number).id, NOW + HOUR, "等客户", "aside")
    aside = state(workspace, number)

    acted(workspace, number, "amend", place="大堂")
    assert reply_of(workspace, number).snoozed_until == NOW + HOUR, "another fact changes nothing of what is owed"
    desk.undo(workspace, number, "undo-1")
    acted(workspace, number, "amend", promised_at=(NOW + 3 * HOUR).isoformat())
    assert reply_of(workspace, number).snoozed_until is None

    desk.undo(workspace, number, "undo-2")
    assert state(workspace, number) == aside
    assert reply_of(workspace, number).snoozed_until == NOW + HOUR


def test_praise_that_was_a_complaint_after_all_owes_the_return_visit(workspace: Workspace) -> None:
    number = registered(workspace, kind="praise").case.number
    acted(workspace, number, "reply", content="谢谢")
    praised = state(workspace, number)
    acted(workspace, number, "amend", kind="complaint")
    desk.undo(workspace, number, "undo-1")
    assert state(workspace, number) == praised

    acted(workspace, number, "amend", kind="complaint")

    file = file_of(workspace, number)
    assert [(f.kind, f.start_at) for f in file.owed] == [(FollowUpKind.RETURN_VISIT, NOW)]
    assert file.case.status is Status.AWAITING_RETURN_VISIT

    acted(workspace, number, "determine", responsibility="misunderstanding")
    acted(workspace, number, "feed_back", department="前厅", content="转达")

    with pytest.raises(KnownError, match="close_before_visit"):
        acted(workspace, number, "close", result="完")


def test_a_complaint_that_was_praise_after_all_is_passed_on_instead(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "reply", content="谢谢")

    acted(workspace, number, "amend", kind="praise")

    file = file_of(workspace, number)
    assert [f.kind for f in file.owed] == [FollowUpKind.FEED_BACK]
    assert file.case.status is Status.IN_PROGRESS


def test_what_an_amendment_made_owed_in_working_days_follows_the_calendar(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "amend", route="external", external_body="消协")

    def outside() -> FollowUp:
        return next(f for f in file_of(workspace, number).owed if f.kind is FollowUpKind.EXTERNAL_REPLY)

    before = outside().due_at
    calendar.put_days(workspace, [CalendarDay(date(2026, 11, 24), DayKind.REST, "盘点")])

    calendar.recount_all(workspace)

    assert outside().due_at > before
    moved = outside()
    acted(workspace, number, "amend", place="大堂")
    assert outside() == moved, "another fact leaves the counted day as it is"
    acted(workspace, number, "amend", route="normal")
    assert FollowUpKind.EXTERNAL_REPLY not in {f.kind for f in file_of(workspace, number).owed}


def test_every_old_value_is_in_the_history(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    for place in ("大堂", "二楼", ""):
        acted(workspace, number, "amend", place=place)

    amended = [e for e in file_of(workspace, number).deeds if e.action is Action.AMEND]

    assert [(e.was["place"], e.data.get("place")) for e in amended] == [("", "大堂"), ("大堂", "二楼"), ("二楼", "")]
