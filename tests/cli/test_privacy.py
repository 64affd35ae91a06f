"""How long customers are kept, and what one of them may ask for, from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.retention import after_years
from desk_app.services import upkeep
from tests.helpers.builders import NOW, registered
from tests.helpers.canary import PHONE, a_life, hits, time_goes_by

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from tests.cli.conftest import DeskApp


def test_what_is_due_is_looked_at_and_then_made_anonymous(
    desk_app: DeskApp, workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    number = a_life(workspace, tmp_path).case.number
    upkeep.backup(workspace)
    time_goes_by(workspace, clock, after_years(NOW, 3) + timedelta(days=1))

    looked = desk_app("retention", "--json")
    too_early = desk_app("retention", "--run")
    done = desk_app("retention", "--on", "--run")

    assert (looked.json["due"], looked.json["files"], looked.json["on"]) == ([number], 1, False)
    assert (too_early.code, "还没有启用" in too_early.err) == (1, True)
    assert (done.code, done.lines[-1]) == (0, number)
    assert "本机 1 份，最迟到 2030-09-01" in done.err
    assert hits(workspace.folder.root, but=("backups",)) == []
    assert desk_app("retention", "--years", "0").code == 1
    assert desk_app("retention", "--years", "5", "--json").json["years"] == 5


def test_a_person_gets_a_copy_and_is_forgotten(desk_app: DeskApp, workspace: Workspace, tmp_path: Path) -> None:
    closed = a_life(workspace, tmp_path).case.number
    fresh = registered(workspace, "fresh", customer_phone=PHONE, consent=True).case.number

    listed = desk_app("person", "--phone", PHONE)
    copied = desk_app("person", "--case", closed, "--out", str(tmp_path / "out"))
    withdrawn = desk_app("person", "--case", fresh, "--withdraw", "本人来店")
    erased = desk_app("person", "--case", fresh, "--erase")

    assert listed.lines == [closed, fresh]
    assert [(tmp_path / "out").joinpath(line).is_file() for line in copied.lines] == [True]
    assert withdrawn.code == 0
    assert erased.lines[-1] == closed
    assert f"{fresh} 还没有办结" in erased.err
    assert desk_app("person").code == 2
    assert desk_app("person", "--phone", "13300001111").code == 1


def test_a_case_in_dispute_is_kept_until_it_is_released(
    desk_app: DeskApp, workspace: Workspace, clock: FixedClock, tmp_path: Path
) -> None:
    number = a_life(workspace, tmp_path).case.number
    kept = desk_app("retention", "--keep", number, "--reason", "诉讼中")
    clock.moment = after_years(NOW, 4)

    while_kept = desk_app("retention", "--json").json["due"]
    unsaid = desk_app("retention", "--release", number)
    desk_app("retention", "--release", number, "--reason", "判决了")
    clock.moment = after_years(NOW, 8)

    assert (kept.code, while_kept, unsaid.code) == (0, [], 1)
    assert desk_app("retention", "--json").json["due"] == [number]
    assert "暂不匿名" in desk_app("show", number).out


def test_where_nothing_is_made_anonymous_no_backup_is_said_to_hold_it(desk_app: DeskApp, workspace: Workspace) -> None:
    fresh = registered(workspace, "fresh", customer_phone=PHONE).case.number
    upkeep.backup(workspace)

    for told in (desk_app("retention"), desk_app("person", "--case", fresh, "--erase")):
        assert (told.code, "以前的备份里" in told.err) == (0, False)
