"""A COMMIT that was reported as failed and is on disk all the same: whoever tries again stores nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.customer import CustomerClass
from desk_app.domain.finding import Sought
from desk_app.errors import KnownError
from desk_app.services import attachments, customers, desk, duties, handover, intake, saved_searches, shop, upkeep
from desk_app.services.handover import Signing
from desk_app.services.intake import InputLine
from tests.helpers.builders import NOW, a_case, registered
from tests.helpers.lying_disk import put_under

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from tests.helpers.lying_disk import LyingDisk

pytestmark = pytest.mark.fault
NUMBER = "TS-20261122-001"


@pytest.fixture
def disk(workspace: Workspace, clock: FixedClock) -> LyingDisk:
    """The disk under a register of two people and one case."""
    shop.set_up(workspace, "云栖百货", "general", "小周")
    shop.save_shop(workspace, "云栖百货", "general", ["小周", "小吴"])
    registered(workspace)
    clock.moment = NOW + timedelta(seconds=10)
    return put_under(workspace)


def register(ws: Workspace) -> None:
    intake.register(ws, a_case(content="第二件"), "again")


def add_to(ws: Workspace) -> None:
    intake.add_to(ws, NUMBER, a_case(content="又来说"), "again")


def act(ws: Workspace) -> None:
    desk.act(ws, NUMBER, "reply", {"content": "换新"}, "again")


def undo(ws: Workspace) -> None:
    desk.undo(ws, NUMBER, "taken back")


def snooze(ws: Workspace) -> None:
    (owed,) = desk.case_file(ws, NUMBER).owed
    desk.snooze(ws, NUMBER, owed.id, NOW + timedelta(hours=2), "客户在开会", "again")


def attach(ws: Workspace) -> None:
    taken = attachments.take_in(ws, b"%PDF-1.4 a receipt", "小票.pdf")
    attachments.attach(ws, NUMBER, [taken], "again")


def hand_over(ws: Workspace) -> None:
    state = handover.draft(ws)
    seen = [line.follow_up_id for line in state.lines]
    form = {"incoming": "小吴", "shift": "早班", "settled": True}
    handover.sign(ws, Signing(outgoing="小周", drafted_at=state.at, seen=seen, values=form, notes={}), "again")


def classify(ws: Workspace) -> None:
    customers.classify(ws, "13800138000", CustomerClass.KEY, "again")


def mark_duty(ws: Workspace) -> None:
    duties.mark(ws, "weekly_tables", "2026-W47", done=True)


def keep_search(ws: Workspace) -> None:
    saved_searches.save_search(ws, "水壶", Sought("水壶"), "")


def save_shop(ws: Workspace) -> None:
    shop.save_shop(ws, "云栖百货二店", "general", ["小周", "小吴"])


def keep_draft(ws: Workspace) -> None:
    intake.save_draft(ws, "draft", {"content": "没说完"})


def content_of(ws: Workspace) -> list[str]:
    """Return the whole register but for its ledger, which seals the second try as well where that writes a setting."""
    return [line for line in ws.store.conn.iterdump() if not line.startswith('INSERT INTO "ledger"')]


@pytest.mark.parametrize(
    "change",
    [
        register,
        add_to,
        act,
        snooze,
        attach,
        hand_over,
        classify,
        mark_duty,
        keep_search,
        save_shop,
        keep_draft,
    ],
)
def test_what_is_tried_again_is_stored_once(
    workspace: Workspace, disk: LyingDisk, change: Callable[[Workspace], None]
) -> None:
    before = content_of(workspace)
    disk.lies = True
    with pytest.raises(KnownError, match="disk_error"):
        change(workspace)
    once = content_of(workspace)
    assert once != before, "it is on disk all the same"

    change(workspace)

    assert content_of(workspace) == once
    assert upkeep.verify(workspace).findings == ()
    assert not workspace.store.is_in_transaction


def test_what_is_taken_back_is_taken_back_once(workspace: Workspace, disk: LyingDisk) -> None:
    act(workspace)
    disk.lies = True
    with pytest.raises(KnownError, match="disk_error"):
        undo(workspace)

    undo(workspace)

    file = desk.case_file(workspace, NUMBER)
    assert [event.undoes for event in file.events] == [0, 0, file.events[1].id]
    assert [deed.action for deed in file.deeds] == ["register"]


def test_a_file_of_cases_that_was_stored_all_the_same_is_no_failure(workspace: Workspace, disk: LyingDisk) -> None:
    lines = [InputLine(n, a_case(content=f"第 {n} 行"), f"line-{n}") for n in (1, 2)]
    disk.lies = True

    done = intake.register_many(workspace, lines, keep_going=False)

    assert done.numbers == ("TS-20261122-002", "TS-20261122-003")
    assert workspace.store.conn.execute('SELECT count(*) FROM "case"').fetchone() == (3,)


def test_a_file_of_cases_that_was_really_not_stored_is_one(workspace: Workspace, disk: LyingDisk) -> None:
    disk.execute("PRAGMA query_only=ON")
    with pytest.raises(KnownError, match="database_read_only"):
        intake.register_many(workspace, [InputLine(1, a_case(), "line-1")], keep_going=False)


def test_after_a_handover_that_was_stored_all_the_same_the_next_person_is_at_the_desk(
    workspace: Workspace, disk: LyingDisk
) -> None:
    disk.lies = True
    with pytest.raises(KnownError, match="disk_error"):
        hand_over(workspace)

    hand_over(workspace)

    assert workspace.shop.operator == "小吴"
    assert len(handover.recent(workspace)) == 1


def test_the_draft_of_a_case_that_was_stored_all_the_same_does_not_come_back(
    workspace: Workspace, disk: LyingDisk
) -> None:
    disk.lies = True
    with pytest.raises(KnownError, match="disk_error"):
        register(workspace)

    intake.save_draft(workspace, "again", {"content": "第二件"})

    assert intake.drafts(workspace) == ()
