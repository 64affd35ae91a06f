"""What was kept long enough is made anonymous: nothing of the person is left anywhere, and every figure stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.privacy import BLOTTED
from desk_app.domain.retention import after_years
from desk_app.errors import KnownError
from desk_app.services import attachments, customers, desk, handover, intake, retention, search, upkeep
from desk_app.services.handover import Signing
from tests.helpers.builders import NOW, a_case, acted, registered
from tests.helpers.canary import FILE, NAME, PHONE, a_life, hits

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

LATER = after_years(NOW, 3) + timedelta(days=1)


@pytest.fixture
def old(workspace: Workspace, clock: FixedClock, tmp_path: Path) -> str:
    """A case of the canary that was closed three years and a day ago."""
    number = a_life(workspace, tmp_path).case.number
    retention.save(workspace, 3, is_on=True)
    clock.moment = LATER
    return number


def refused(ws: Workspace, number: str) -> str:
    """Return the code for which a case is not made anonymous now."""
    return retention.anonymise(ws, [number]).left[number].code


def test_nothing_of_the_person_is_left_in_any_file(workspace: Workspace, old: str, tmp_path: Path) -> None:
    intake.save_draft(workspace, "draft", {"customer_phone": PHONE, "content": "鸱鸮"})
    signed = handover.draft(workspace)
    seen = [line.follow_up_id for line in signed.lines]
    said = {"incoming": "小林", "shift": "早班", "settled": True, "attention": f"{NAME}还会来"}
    handover.sign(workspace, Signing(outgoing="前台", drafted_at=signed.at, seen=seen, values=said), "signed")
    other = registered(workspace, "other", customer_name="白鹭生", customer_phone="13300001111").case.number
    customers.merge(workspace, old, other, "merge")
    while search.catch_up(workspace).left:
        pass
    assert hits(workspace.folder.root)  # there is something to be forgotten

    done = retention.on_request(workspace, [old])

    assert (done.numbers, done.left) == ((old,), {})
    assert hits(workspace.folder.root) == []
    while search.catch_up(workspace).left:
        pass
    assert hits(workspace.folder.root) == []
    assert upkeep.verify(workspace).findings == ()
