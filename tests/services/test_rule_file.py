from __future__ import annotations

from contextlib import closing
from datetime import time
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.shop_rules import Edit
from desk_app.errors import KnownError
from desk_app.services import calendar, desk, rule_file
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules

TWO_DAYS = '[[rule]]\nid = "first_reply"\nterm = "48h"\n'
BROKEN = "[settings\n"


def write(folder: DataFolder, text: str | bytes) -> None:
    folder.root.mkdir(parents=True, exist_ok=True)
    folder.deadlines.write_bytes(text if isinstance(text, bytes) else text.encode())


def first_reply(ws: Workspace) -> str:
    rule = ws.policy.deadlines["first_reply"]
    assert rule is not None
    return str(rule.term)


def fault(ws: Workspace) -> str:
    found = ws.shop.rules_fault
    return ws.rules.sentences.say(found.code, found.params) if found else ""


def reopened(ws: Workspace) -> Workspace:
    ws.close()
    return open_workspace(ws.folder, ws.clock, ws.rules)


def test_without_a_file_the_shipped_rules_hold_and_nothing_is_said(workspace: Workspace) -> None:
    assert first_reply(workspace) == "24h"
    assert fault(workspace) == ""
    assert workspace.shop.deadlines == ""


def test_a_file_is_in_force_from_the_opening_on_for_the_core_and_the_window_alike(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    write(folder, TWO_DAYS)

    with closing(open_workspace(folder, clock, rules)) as ws:
        assert first_reply(ws) == "48h"
        assert rules.policy_of(ws.shop).deadlines == ws.policy.deadlines
        owed = registered(ws).owed
        assert (owed[0].due_at - owed[0].start_at).total_seconds() == 48 * 3600


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_may_come_from_any_editor(folder: DataFolder, clock: FixedClock, rules: Rules, encoding: str) -> None:
    write(folder, '[offices]\r\nmanager = "总经理"\r\n'.encode(encoding))

    with closing(open_workspace(folder, clock, rules)) as ws:
        assert fault(ws) == ""
        assert "总经理" in ws.policy.authority.offices.values()


def test_a_change_of_the_file_is_seen_while_the_program_is_open(workspace: Workspace) -> None:
    assert desk.has_changed(workspace) is None
    write(workspace.folder, TWO_DAYS)

    changes = desk.has_changed(workspace)

    assert changes is not None
    assert changes.shop
    assert first_reply(workspace) == "48h"
    assert desk.has_changed(workspace) is None


@pytest.mark.parametrize("bad", [BROKEN, '[[rule]]\nid = "first_reply"\nenabled = false\n', b"\xff\xfe\x00\x81"])
def test_a_file_that_is_no_rules_is_told_and_the_last_good_one_stays_in_force(
    workspace: Workspace, bad: str | bytes
) -> None:
    write(workspace.folder, TWO_DAYS)
    desk.has_changed(workspace)
    write(workspace.folder, bad)

    desk.has_changed(workspace)

    assert first_reply(workspace) == "48h"
    assert str(workspace.folder.deadlines) in fault(workspace)
    assert "仍按上次有效的规则" in fault(workspace)
    again = reopened(workspace)  # the next day too
    assert first_reply(again) == "48h"
    assert fault(again)
    write(again.folder, TWO_DAYS.replace("48", "36"))
    desk.has_changed(again)
    assert first_reply(again) == "36h"
    assert fault(again) == ""
    again.close()


def test_a_first_file_that_is_none_leaves_the_shipped_rules(
    folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    write(folder, BROKEN)

    with closing(open_workspace(folder, clock, rules)) as ws:
        assert first_reply(ws) == "24h"
        assert "第 1 行" in fault(ws)


def test_a_file_that_is_gone_is_told_and_an_empty_one_means_the_shipped_rules(workspace: Workspace) -> None:
    write(workspace.folder, TWO_DAYS)
    desk.has_changed(workspace)
    workspace.folder.deadlines.unlink()

    desk.has_changed(workspace)

    assert first_reply(workspace) == "48h"
    assert "不见了" in fault(workspace)
    write(workspace.folder, "")
    desk.has_changed(workspace)
    assert first_reply(workspace) == "24h"
    assert fault(workspace) == ""


def test_a_register_that_is_taken_elsewhere_by_itself_takes_the_rules_along(
    workspace: Workspace, tmp_path: Path, clock: FixedClock, rules: Rules
) -> None:
    write(workspace.folder, TWO_DAYS)
    desk.has_changed(workspace)
    workspace.close()
    elsewhere = type(workspace.folder)(tmp_path / "elsewhere")
    elsewhere.root.mkdir()
    workspace.folder.database.rename(elsewhere.database)

    with closing(open_workspace(elsewhere, clock, rules)) as ws:
        assert first_reply(ws) == "48h"
        assert "不见了" in fault(ws)


def test_a_last_good_file_that_this_version_does_not_know_gives_way_to_the_shipped_rules(workspace: Workspace) -> None:
    with workspace.store.transaction() as conn:
        conn.execute("INSERT INTO setting VALUES ('deadlines_good', '\"[future]\\nx = 1\"')")

    again = reopened(workspace)

    assert first_reply(again) == "24h"
    assert "不见了" in fault(again)
    again.close()


def test_a_day_that_ends_earlier_moves_what_was_counted(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "assign", department="小家电部", person="小吴")
    write(workspace.folder, "[settings]\nday_end = 17:00:00\n")

    desk.has_changed(workspace)
    moved = calendar.recount_all(workspace)

    assert [(m.number, m.old.time(), m.new.time()) for m in moved] == [(number, time(18), time(17))]
    assert calendar.recount(workspace) is None
    write(workspace.folder, "[settings]\nday_end = 17:00:00\nvisit_attempts = 2\n")
    desk.has_changed(workspace)
    assert calendar.recount(workspace) is None  # nothing that a due date hangs on


# ------------------------------------------------------------------------------------------------------------ saving


def test_what_is_saved_is_written_as_only_what_differs_and_holds_at_once(workspace: Workspace) -> None:
    edits = [
        Edit("rule", "first_reply", "term", "36h"),
        Edit("rule", "next_reply", "term", "24h"),  # as shipped
        Edit("settings", "", "visit_attempts", 4),
    ]
    saved = rule_file.save(workspace, edits)

    assert saved.kept is None
    assert saved.changes.shop
    assert first_reply(workspace) == "36h"
    assert workspace.policy.deadlines.visit_attempts == 4
    text = workspace.folder.deadlines.read_text(encoding="utf-8")
    assert "first_reply" in text
    assert "next_reply" not in text
    rule_file.check(workspace.rules, workspace.folder.deadlines)
    again = reopened(workspace)
    assert first_reply(again) == "36h"
    assert fault(again) == ""
    assert rule_file.save(again, [Edit("rule", "first_reply", "term", "24h")]).kept is None  # it was ours
    assert "first_reply" not in again.folder.deadlines.read_text(encoding="utf-8")
    again.close()


def test_a_changed_rule_leaves_what_is_owed_due_when_it_was_and_says_of_how_many(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    before = desk.case_file(workspace, number).follow_ups

    saved = rule_file.save(workspace, [Edit("rule", "first_reply", "term", "1h")])

    assert saved.as_told == len(before) == 1
    assert desk.case_file(workspace, number).follow_ups == before
    assert rule_file.save(workspace, [Edit("settings", "", "visit_attempts", 4)]).as_told == 0
    later = registered(workspace, "save-2").owed
    assert [due.term for due in later] != [due.term for due in before]


def test_what_is_no_rules_is_not_saved(workspace: Workspace) -> None:
    rule_file.save(workspace, [Edit("rule", "first_reply", "term", "36h")])
    before = workspace.folder.deadlines.read_bytes()

    for edit in (
        Edit("rule", "first_reply", "enabled", value=False),
        Edit("rule", "first_reply", "term", "soon"),
        Edit("settings", "", "day_end", "6 o'clock"),
        Edit("authority", "", "manager", "a lot"),
    ):
        with pytest.raises(KnownError, match="deadlines_"):
            rule_file.save(workspace, [edit])
    assert workspace.folder.deadlines.read_bytes() == before
    assert first_reply(workspace) == "36h"


def test_a_file_that_a_person_wrote_is_kept_when_it_is_replaced(workspace: Workspace) -> None:
    written = "# agreed with the owner on 3 March\n" + TWO_DAYS
    write(workspace.folder, written)

    saved = rule_file.save(workspace, [Edit("settings", "", "visit_attempts", 4)])

    assert saved.kept is not None
    assert saved.kept.parent == workspace.folder.root
    assert saved.kept.read_text(encoding="utf-8") == written
    assert first_reply(workspace) == "48h"  # what it said is in the new one
    assert workspace.policy.deadlines.visit_attempts == 4


def test_two_files_of_one_second_are_both_kept(workspace: Workspace) -> None:
    kept = []
    for n in (2, 3):
        write(workspace.folder, f"# {n}\n")
        kept.append(rule_file.save(workspace, [Edit("settings", "", "visit_attempts", n + 3)]).kept)

    assert [path.read_text(encoding="utf-8") for path in kept if path] == ["# 2\n", "# 3\n"]


def test_a_broken_file_is_kept_and_the_rules_in_force_are_saved(workspace: Workspace) -> None:
    write(workspace.folder, TWO_DAYS)
    desk.has_changed(workspace)
    write(workspace.folder, BROKEN)

    saved = rule_file.save(workspace, [Edit("settings", "", "visit_attempts", 4)])

    assert saved.kept is not None
    assert saved.kept.read_text(encoding="utf-8") == BROKEN
    assert fault(workspace) == ""
    assert first_reply(workspace) == "48h"


def test_what_somebody_wrote_meanwhile_is_not_overwritten_unseen(workspace: Workspace) -> None:
    write(workspace.folder, TWO_DAYS)  # nobody has looked since

    rule_file.save(workspace, [Edit("rule", "next_reply", "term", "12h")])

    assert first_reply(workspace) == "48h"


@pytest.mark.fault
def test_a_file_that_cannot_be_written_changes_nothing(workspace: Workspace) -> None:
    workspace.folder.deadlines.mkdir()  # a folder stands in its place

    with pytest.raises(KnownError):
        rule_file.save(workspace, [Edit("rule", "first_reply", "term", "36h")])

    assert first_reply(workspace) == "24h"
    assert list(workspace.folder.deadlines.iterdir()) == []
    assert [p.name for p in workspace.folder.root.iterdir() if ".tmp" in p.name] == []


def test_a_file_is_checked_without_being_taken(workspace: Workspace, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(TWO_DAYS, encoding="utf-8")
    bad.write_text(BROKEN, encoding="utf-8")

    rule_file.check(workspace.rules, good)
    with pytest.raises(KnownError, match="deadlines_not_toml"):
        rule_file.check(workspace.rules, bad)
    with pytest.raises(KnownError, match="file_missing"):
        rule_file.check(workspace.rules, tmp_path / "none.toml")
    with pytest.raises(KnownError, match="file_unreadable"):
        rule_file.check(workspace.rules, tmp_path)
    assert first_reply(workspace) == "24h"


def test_a_file_too_big_to_be_rules_is_not_read(workspace: Workspace, tmp_path: Path) -> None:
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * 4_000_001)

    with pytest.raises(KnownError, match="file_too_big"):
        rule_file.check(workspace.rules, big)
