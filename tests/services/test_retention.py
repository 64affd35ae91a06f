"""What was kept long enough is made anonymous: nothing of the person is left anywhere, and every figure stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.customer import CustomerClass
from desk_app.domain.finding import Sought
from desk_app.domain.privacy import BLOTTED
from desk_app.domain.retention import after_years
from desk_app.errors import KnownError
from desk_app.services import (
    attachments,
    customers,
    desk,
    handover,
    intake,
    retention,
    saved_searches,
    search,
    sheets,
    upkeep,
)
from desk_app.services.export import period_of
from desk_app.services.handover import Signing
from desk_app.services.retention import Anonymised, Due
from desk_app.services.sheets import Scope
from desk_app.telling import case_lines
from tests.helpers.builders import NOW, acted, registered
from tests.helpers.canary import FILE, NAME, PHONE, a_life, hits, time_goes_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace

LATER = after_years(NOW, 3) + timedelta(days=1)


@pytest.fixture
def old(workspace: Workspace, clock: FixedClock, tmp_path: Path) -> str:
    """A case of the canary that was closed three years and a day ago."""
    number = a_life(workspace, tmp_path).case.number
    retention.save(workspace, 3, is_on=True)
    time_goes_by(workspace, clock, LATER)
    return number


def refused(ws: Workspace, number: str) -> str:
    """Return the code for which a case is not made anonymous now."""
    return retention.anonymise(ws, [number]).left[number].code


def sign(ws: Workspace, **values: str) -> None:
    """Sign a handover of what there is to hand over now, with these texts."""
    state = handover.draft(ws)
    notes = {line.follow_up_id: f"给{NAME}回电" for line in state.lines}
    given = {"incoming": "小林", "shift": "早班", "settled": True, **values}
    seen = [line.follow_up_id for line in state.lines]
    signing = Signing(outgoing=state.outgoing, drafted_at=state.at, seen=seen, values=given, notes=notes)
    handover.sign(ws, signing, "signed")


@pytest.mark.parametrize("forget", [retention.anonymise, retention.on_request])
def test_nothing_of_the_person_is_left_in_any_file(
    workspace: Workspace, clock: FixedClock, tmp_path: Path, forget: Callable[..., Anonymised]
) -> None:
    registered(workspace, "open")
    old = a_life(workspace, tmp_path).case.number
    intake.save_draft(workspace, "draft", {"customer_phone": PHONE, "content": "鸱鸮"})
    other = registered(workspace, "other", customer_name="白鹭生", customer_phone="13300001111").case.number
    customers.merge(workspace, old, other, "merge")
    saved_searches.save_search(workspace, "常来的", Sought(words=f"{PHONE} 水壶"), "")
    saved_searches.save_search(workspace, NAME, Sought(category="商品问题"), "")
    saved_searches.save_search(workspace, "水壶", Sought(words="水壶"), "")
    sign(workspace, attention=f"{NAME}还会来", customer="没有", mistake=f"{PHONE} 打不通")
    retention.save(workspace, 3, is_on=True)
    index(workspace)
    time_goes_by(workspace, clock, LATER)
    assert hits(workspace.folder.root)  # there is something to be forgotten

    done = forget(workspace, [old])

    assert (done.numbers, done.left) == ((old,), {})
    assert hits(workspace.folder.root) == []
    index(workspace)
    assert hits(workspace.folder.root) == []
    assert upkeep.verify(workspace).findings == ()
    assert handover.recent(workspace)[0].reports["customer"] == "没有"
    assert [each.name for each in saved_searches.saved_searches(workspace)] == ["水壶"]


def index(ws: Workspace) -> None:
    """Bring the index of words up to date."""
    while search.catch_up(ws).left:
        pass


def test_what_is_due_is_told_with_its_files_and_the_rest_waits(
    workspace: Workspace, clock: FixedClock, tmp_path: Path, old: str
) -> None:
    registered(workspace, "open", received_at=NOW.isoformat())  # nobody has answered it
    before = retention.preview(workspace)
    clock.moment = LATER - timedelta(days=2)
    earlier = retention.preview(workspace)

    assert (before.due, before.files) == ((Due(old, NOW),), 1)
    assert earlier.numbers == ()


@pytest.mark.parametrize("years", [-1, 0, 31])
def test_a_time_that_is_no_retention_is_refused(workspace: Workspace, years: int) -> None:
    with pytest.raises(KnownError, match="retention_years_wrong"):
        retention.save(workspace, years, is_on=True)

    assert workspace.shop.retention_years == 3


def test_nothing_is_done_before_the_manager_says_so(workspace: Workspace, old: str) -> None:
    retention.save(workspace, 3, is_on=False)

    with pytest.raises(KnownError, match="retention_off"):
        retention.anonymise(workspace, [old])

    assert desk.case_file(workspace, old).case.customer_name.startswith(NAME)


@pytest.mark.parametrize("is_at_work_today", [True, False])
def test_a_clock_that_runs_years_ahead_makes_nothing_anonymous(
    workspace: Workspace, clock: FixedClock, tmp_path: Path, *, is_at_work_today: bool
) -> None:
    number = a_life(workspace, tmp_path).case.number
    retention.save(workspace, 3, is_on=True)
    clock.moment = NOW.replace(year=2099)
    if is_at_work_today:
        registered(workspace, "today")

    with pytest.raises(KnownError, match="erase_clock") as refusal:
        retention.anonymise(workspace, [number])

    assert "2099" in workspace.rules.sentences.error(refusal.value)
    assert not desk.case_file(workspace, number).is_anonymised
    assert retention.on_request(workspace, [number]).numbers == (number,), "what a customer asks for has no time"


def test_what_is_to_be_kept_stays_until_it_is_released(workspace: Workspace, old: str, clock: FixedClock) -> None:
    retention.keep(workspace, old, "诉讼中", "kept", kept=True)
    time_goes_by(workspace, clock, after_years(LATER, 4))

    assert refused(workspace, old) == "erase_kept"
    assert retention.preview(workspace).numbers == ()

    retention.keep(workspace, old, "判决了", "released", kept=False)
    assert refused(workspace, old) == "erase_too_early"  # its time runs from its last step
    time_goes_by(workspace, clock, after_years(clock.moment, 3))
    assert retention.anonymise(workspace, [old]).numbers == (old,)


def test_a_correction_that_is_owed_keeps_the_case(workspace: Workspace, old: str, clock: FixedClock) -> None:
    acted(workspace, old, "correct", problem="又坏了")
    time_goes_by(workspace, clock, after_years(LATER, 4))

    assert refused(workspace, old) == "erase_owed"


def test_a_merged_case_waits_for_the_one_it_went_into(workspace: Workspace, clock: FixedClock) -> None:
    clock.moment = NOW
    merged = registered(workspace, "one").case.number
    into = registered(workspace, "two").case.number
    acted(workspace, merged, "void", reason="重复", into=into)
    retention.save(workspace, 3, is_on=True)
    time_goes_by(workspace, clock, LATER)

    assert refused(workspace, merged) == "erase_open"


def test_every_figure_is_as_it_was(workspace: Workspace, clock: FixedClock, tmp_path: Path) -> None:
    number = a_life(workspace, tmp_path, place="一楼大堂").case.number
    registered(workspace, "other", place="一楼大堂")
    retention.save(workspace, 3, is_on=True)
    time_goes_by(workspace, clock, LATER)
    before = figures(workspace)

    retention.anonymise(workspace, [number])

    assert figures(workspace) == before


def figures(ws: Workspace) -> dict[str, object]:
    """Return the cells of every sheet of figures, without the parts that are a customer's own number or goods."""
    period = period_of("2026-11", ws.clock.now().date())
    found: dict[str, object] = {}
    for name in ("statistics", "survey_result"):
        sheet = sheets.find(ws, name)
        of = replace(sheet.of, tally=tuple(key for key in sheet.of.tally if key not in ("customer_phone", "item")))
        sheet = replace(sheet, of=of)
        found[name] = sheets.fill(ws, sheet, Scope(period), by="甲").grid.rows
    ws.folder.warnings.write_text('[[rule]]\nid = "category"\nmonth = 1\n', encoding="utf-8")
    found["warnings"] = sheets.fill(ws, sheets.find(ws, "warnings"), Scope(period), by="甲").grid.rows
    return found


def test_a_case_that_is_anonymous_is_only_looked_at(workspace: Workspace, old: str) -> None:
    retention.anonymise(workspace, [old])

    for action, said in (("reopen", "reason"), ("amend", "place"), ("contact", "content"), ("void", "reason")):
        with pytest.raises(KnownError, match="case_anonymised"):
            acted(workspace, old, action, **{said: "又来了"})
    with pytest.raises(KnownError, match="undo_nothing"):
        desk.undo(workspace, old, "undo")
    file = desk.case_file(workspace, old)
    assert file.is_anonymised
    assert (file.case.customer_name, file.case.content) == (BLOTTED, BLOTTED)
    assert attachments.of_case(workspace, old) == ()
    assert "已匿名" in list(case_lines(file, workspace.rules, workspace.trade, workspace.policy.deadlines))


def test_who_is_anonymous_is_nobody_in_particular(workspace: Workspace, old: str, tmp_path: Path) -> None:
    second = a_life(workspace, tmp_path, "second").case.number

    retention.on_request(workspace, [old, second])

    assert customers.of_case(workspace, old) is None
    assert customers.look_up(workspace, "customer_name", "匿名") == ()
    with pytest.raises(KnownError, match="customer_unnamed"):
        customers.merge(workspace, old, second, "merge")


def test_a_file_that_another_case_has_too_stays(workspace: Workspace, old: str, tmp_path: Path) -> None:
    taken = attachments.take_in(workspace, tmp_path / FILE, FILE)
    living = registered(workspace, "living").case.number
    attachments.attach(workspace, living, [taken], "attach")
    assert retention.preview(workspace).files == 0

    retention.anonymise(workspace, [old])

    (lying,) = attachments.of_case(workspace, living)
    assert attachments.gone(workspace, [taken]) == ()
    assert lying.name == FILE


def test_what_was_decided_about_a_customer_with_another_case_stays(workspace: Workspace, old: str) -> None:
    living = registered(workspace, "living", customer_phone=PHONE).case.number
    customers.classify(workspace, PHONE, CustomerClass.KEY, "key")

    retention.anonymise(workspace, [old])

    known = customers.of_case(workspace, living)
    assert known is not None
    assert known.classed is CustomerClass.KEY


def test_a_hash_that_is_a_path_leads_out_of_no_folder(workspace: Workspace, old: str) -> None:
    precious = workspace.folder.attachments.parent.parent / "treasures"
    precious.write_text("mine")
    path = "../" * 3 + "./" * 23 + precious.name
    assert (len(path), (workspace.folder.attachments / "waiting" / path).resolve()) == (64, precious)
    conn = workspace.store.conn
    (guard,) = conn.execute("SELECT sql FROM sqlite_master WHERE name = 'attachment_no_update'").fetchone()
    conn.execute("DROP TRIGGER attachment_no_update")
    conn.execute("UPDATE attachment SET sha256 = ?", (path,))
    conn.execute(guard)

    retention.anonymise(workspace, [old])

    assert precious.read_text() == "mine"


def test_a_search_for_a_customer_with_another_case_stays(workspace: Workspace, old: str) -> None:
    registered(workspace, "living", customer_phone=PHONE)
    saved_searches.save_search(workspace, "常来的", Sought(words=PHONE), "")

    retention.anonymise(workspace, [old])

    assert [each.name for each in saved_searches.saved_searches(workspace)] == ["常来的"]


def test_what_is_done_twice_is_done_once_and_logged(workspace: Workspace, old: str) -> None:
    retention.anonymise(workspace, [old])

    assert refused(workspace, old) == "case_anonymised"
    (entry,) = retention.log(workspace)
    assert (entry.day, entry.by, entry.why, entry.count) == (LATER.date(), "前台", "retention", 1)
