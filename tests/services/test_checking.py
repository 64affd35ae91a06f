"""The register checked while nobody waits, and what is noted of looking at customers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.vocabulary import Role
from desk_app.services import anchoring, checking, looks, shop, upkeep
from desk_app.storage import anchors, journal
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    import pytest

    from desk_app.clock import FixedClock
    from desk_app.services.results import Verified
    from desk_app.services.workspace import Workspace


def checked(ws: Workspace) -> Verified:
    """Drive a check in steps to its end."""
    (result,) = [step for step in checking.check_in_steps(ws) if step is not None]
    return result


def test_a_check_in_steps_is_due_once_a_day_and_remembers_what_it_found(
    workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace)
    assert checking.is_check_due(workspace)

    assert checked(workspace).ok

    assert not checking.is_check_due(workspace)
    assert checking.last_check(workspace) == checking.LastCheck(NOW, 0)
    assert anchors.read(workspace.folder.anchors)[-1].head == anchoring.head(workspace)
    clock.moment = NOW.replace(day=NOW.day + 1)
    assert checking.is_check_due(workspace)
    workspace.store.conn.execute("UPDATE \"case\" SET place = '别处'")
    assert [f.code for f in checked(workspace).findings] == ["check_row_changed"]
    assert checking.last_check(workspace) == checking.LastCheck(clock.moment, 1)


def test_what_is_done_between_two_steps_is_no_finding(workspace: Workspace) -> None:
    number = registered(workspace).case.number

    results = []
    for place, step in enumerate(checking.check_in_steps(workspace)):
        results.append(step)
        if step is None:
            acted(workspace, number, "contact", content=f"第 {place} 次")

    assert len(results) > 10
    assert results[-1] is not None
    assert results[-1].findings == ()


def test_the_whole_check_lets_every_save_go_first(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    upkeep.backup(workspace)
    done = []

    def meanwhile() -> None:
        acted(workspace, number, "contact", content=f"第 {len(done)} 次")
        done.append(workspace.store.is_in_transaction)

    found = checking.verify(workspace, meanwhile)

    assert found.findings == ()
    assert len(done) > 10
    assert not any(done)
    assert list(workspace.folder.backups.glob(".*")) == [], "the copy that was looked into is gone"


def test_the_structure_is_checked_where_there_is_no_room_for_a_copy(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(workspace)
    workspace.store.conn.execute("PRAGMA foreign_keys=OFF")
    workspace.store.conn.execute("UPDATE follow_up SET case_id = 99")
    usage = shutil.disk_usage(workspace.folder.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))

    assert "check_foreign_key" in [f.code for f in checking.verify(workspace).findings]


def test_a_look_at_a_case_is_noted_once_a_day_for_each_person(workspace: Workspace, clock: FixedClock) -> None:
    shop.set_up(workspace, "金港大酒店", "general", "小王")
    numbers = [registered(workspace, n).case.number for n in "ab"]
    looks.note_view(workspace, numbers[0])
    assert journal.page(workspace.store.conn, (Noted.VIEW,)) == (), "nobody has a role: everybody sees everything"
    shop.set_role(workspace, "李经理", Role.SUPERVISOR)

    for _ in range(3):
        looks.note_view(workspace, numbers[0])
    looks.note_view(workspace, numbers[1])
    shop.choose_operator(workspace, "小赵")
    looks.note_view(workspace, numbers[0])
    clock.moment = NOW.replace(day=NOW.day + 1)
    looks.note_view(workspace, numbers[0])

    noted = journal.page(workspace.store.conn, (Noted.VIEW,))
    assert [(e.by, e.subject, e.at.day - NOW.day) for e in reversed(noted)] == [
        ("小王", numbers[0], 0),
        ("小王", numbers[1], 0),
        ("小赵", numbers[0], 0),
        ("小赵", numbers[0], 1),
    ]
