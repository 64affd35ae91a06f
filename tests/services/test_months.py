"""A month that was handed in is locked; what changes afterwards is seen to have changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from desk_app.domain.rights import Right
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import export, months, shop
from desk_app.services.export import Order
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

OCTOBER = NOW.replace(month=10, day=20)


def handed_in(ws: Workspace, clock: FixedClock, out: Path, at: datetime) -> tuple[str, ...]:
    """Export October and return what is told of it."""
    clock.moment = at
    done = export.export(ws, Order(("register",), export.month_scope(ws, "2026-10"), out))
    return tuple(ws.rules.sentences.error(note) for file in done.files for note in file.notes)


def column(out: Path) -> list[str]:
    """Return the cells of what happened, with what they say of amendments."""
    sheet = load_workbook(next(out.glob("*2026-10*.xlsx"))).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    return [cell for cell in cells if "更正" in cell and "事件经过" not in cell]


def refused(ws: Workspace, month: str) -> str:
    """Return why a month cannot be locked."""
    with pytest.raises(KnownError) as caught:
        months.lock_month(ws, month)
    return caught.value.code


def test_only_a_month_that_is_over_and_was_handed_in_whole_is_locked(
    workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    clock.moment = OCTOBER
    registered(workspace)

    assert refused(workspace, "2026-10") == "month_not_over"
    handed_in(workspace, clock, tmp_path, OCTOBER)
    clock.moment = NOW
    assert refused(workspace, "2026-10") == "month_not_exported", "it was not over yet when it was exported"
    handed_in(workspace, clock, tmp_path, NOW)
    assert months.lockable(workspace, export.month_scope(workspace, "2026-10").period) == "2026-10"
    lock = months.lock_month(workspace, "last")

    assert months.locks(workspace) == {"2026-10": lock}
    assert months.lockable(workspace, export.month_scope(workspace, "2026-10").period) == ""
    assert refused(workspace, "heute") == "bad_month"


def test_who_has_not_the_right_cannot_lock(workspace: Workspace) -> None:
    shop.set_up(workspace, "金港大酒店", "general", "李娜")
    shop.set_role(workspace, "周敏", Role.SUPERVISOR)
    shop.set_role(workspace, "李娜", Role.RECEPTIONIST)

    assert Right.LOCK_MONTH in workspace.policy.authority.rights
    assert refused(workspace, "2026-10") == "not_allowed"


def test_only_what_was_handed_in_is_locked_so_that_no_change_goes_unmarked(
    workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    clock.moment = OCTOBER
    number = registered(workspace).case.number
    handed_in(workspace, clock, tmp_path, NOW)
    months.lock_month(workspace, "2026-10")
    clock.moment = NOW + timedelta(minutes=5)
    acted(workspace, number, "contact", content="致电")  # changes no line of the register
    months.lock_month(workspace, "2026-10")
    acted(workspace, number, "amend", place="大堂")

    assert refused(workspace, "2026-10") == "month_exported_before"
    (told,) = handed_in(workspace, clock, tmp_path, NOW + timedelta(minutes=6))
    assert number in told, "the sheet that is handed in now still tells it"
    months.lock_month(workspace, "2026-10")
    assert handed_in(workspace, clock, tmp_path, NOW + timedelta(minutes=7)) == ()


def test_what_changes_in_a_locked_month_is_told_and_marked(
    workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    clock.moment = OCTOBER
    kept, changed, void = (registered(workspace, n).case.number for n in "abc")
    clock.moment = NOW
    acted(workspace, changed, "amend", place="后门")  # before the lock: an amendment like any other
    handed_in(workspace, clock, tmp_path, NOW)
    months.lock_month(workspace, "2026-10")
    assert handed_in(workspace, clock, tmp_path, NOW) == ()

    late = registered(workspace, "d", received_at="2026-10-31T10:00:00").case.number
    acted(workspace, late, "amend", place="大堂")  # within the hour, by who wrote it
    acted(workspace, changed, "amend", place="停车场")
    acted(workspace, void, "void", reason="登记错了")
    acted(workspace, kept, "contact", content="致电")  # handling goes on, and changes no line of the register
    (told,) = handed_in(workspace, clock, tmp_path, NOW)

    assert set(months.changed_numbers(workspace, "2026-10")) == {late, changed, void}
    assert "锁定后变更 3 件" in told
    marked = [line for cell in column(tmp_path) for line in cell.split("\n") if "更正" in line]
    assert len([line for line in marked if "锁定后更正" in line]) == 2
    assert [line for line in marked if "锁定后" not in line] == ["11-22 更正：发生地点 空→后门（前台）"]


def test_a_late_entry_into_a_locked_month_says_so_once_it_is_on_file(
    workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    handed_in(workspace, clock, tmp_path, NOW)
    months.lock_month(workspace, "2026-10")

    def month_told(received_at: str) -> str:
        return registered(workspace, received_at, received_at=received_at).locked_month

    assert month_told("2026-10-20 09:30") == "2026-10"
    assert month_told("2026-09-20 09:30") == ""
    assert month_told("2026-11-20 09:30") == ""
