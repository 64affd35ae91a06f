"""The shift handover on a real register, from the draft to the paper."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from desk_app.domain.problems import RefusedError
from desk_app.errors import KnownError
from desk_app.services import export, handover, offers, shop
from desk_app.services.handover import Signing
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.domain.handover import Draft
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORM = {"incoming": "小吴", "shift": "早班", "settled": True}


@pytest.fixture(autouse=True)
def people(workspace: Workspace) -> None:
    """Two people; 小周 is on duty."""
    shop.set_up(workspace, "云栖百货", "general", "小周")
    shop.save_shop(workspace, "云栖百货", "general", ["小周", "小吴"])


def due(workspace: Workspace, name: str, hours: float, **changes: object) -> str:
    """Register a case whose answer falls due so many hours from the tests' now; return its number."""
    received = NOW + timedelta(hours=hours) - DAY
    keys = {"received_at": received.isoformat(), "content": name, "first_contact": "店里别人", **changes}
    return registered(workspace, name, **keys).case.number


def matters(draft: Draft) -> list[str]:
    return [line.matter for line in draft.lines]


def a_signing(draft: Draft, values: dict[str, object] | None = None, **notes: str) -> Signing:
    """Return what the two sign: everything seen; notes by the matter of the line."""
    return Signing(
        outgoing=draft.outgoing,
        drafted_at=draft.at,
        seen=[line.follow_up_id for line in draft.lines],
        values=FORM if values is None else values,
        notes={line.follow_up_id: notes[line.matter] for line in draft.lines if line.matter in notes},
    )


def problems(caught: pytest.ExceptionInfo[RefusedError]) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in caught.value.problems]


def signed_rows(workspace: Workspace) -> int:
    return int(workspace.store.conn.execute("SELECT count(*) FROM handover").fetchone()[0])


# ------------------------------------------------------------------------------------------------------------ draft


def test_overdue_soon_promised_and_ones_own_are_handed_over_the_most_overdue_first(workspace: Workspace) -> None:
    due(workspace, "soon", 23.9)
    due(workspace, "overdue", -5)
    due(workspace, "far", 24, received_at=NOW.isoformat(), promised_at=(NOW + DAY).isoformat())
    due(workspace, "own, far", 1, first_contact="小周", promised_at=(NOW + 9 * DAY).isoformat())
    promised = due(workspace, "promised", 2)
    acted(workspace, promised, "promise", what="送货上门", due_at=(NOW + 5 * DAY).isoformat())

    draft = handover.draft(workspace)

    assert (draft.outgoing, draft.at, draft.left_out) == ("小周", NOW, 0)
    assert [(line.matter, line.kind, line.subject) for line in draft.lines] == [
        ("overdue", "reply", ""),
        ("promised", "reply", ""),
        ("soon", "reply", ""),
        ("promised", "promise", "送货上门"),
        ("own, far", "reply", ""),
    ]


def test_what_is_done_is_not_handed_over(workspace: Workspace) -> None:
    number = due(workspace, "answered", 1)
    acted(workspace, number, "void", reason="重复登记")

    assert handover.draft(workspace).lines == ()


def test_a_customer_is_masked_and_who_wants_no_name_has_none(workspace: Workspace) -> None:
    due(workspace, "named", 1, customer_name="张小山")
    due(workspace, "nameless", 2, anonymous=True)

    assert [line.customer for line in handover.draft(workspace).lines] == ["张**", ""]


def test_a_promise_of_this_shift_is_told_from_an_older_one(workspace: Workspace, clock: FixedClock) -> None:
    number = due(workspace, "case", 20)
    clock.moment = NOW - 12 * HOUR  # yesterday
    acted(workspace, due(workspace, "older", 3), "promise", what="昨天答应的", due_at=(NOW + DAY).isoformat())
    clock.moment = NOW
    acted(workspace, number, "promise", what="今天答应的", due_at=(NOW + 2 * DAY).isoformat(), at="2026-11-22 09:00")

    draft = handover.draft(workspace)

    assert draft.since == NOW.replace(hour=0)
    told = {line.subject: line.promised_in_shift for line in draft.lines if line.subject}
    assert told == {"昨天答应的": False, "今天答应的": True}


def test_a_shift_begins_with_the_last_handover(workspace: Workspace, clock: FixedClock) -> None:
    number = due(workspace, "case", 20)
    acted(workspace, number, "promise", what="上一班答应的", due_at=(NOW + DAY).isoformat())
    clock.moment = NOW + HOUR
    handover.sign(workspace, a_signing(handover.draft(workspace)), "first")
    clock.moment = NOW + 2 * HOUR
    acted(workspace, number, "promise", what="这一班答应的", due_at=(NOW + DAY).isoformat())

    draft = handover.draft(workspace)

    assert (draft.outgoing, draft.since) == ("小吴", NOW + HOUR)
    told = {line.subject: line.promised_in_shift for line in draft.lines if line.subject}
    assert told == {"上一班答应的": False, "这一班答应的": True}


def test_more_than_a_sheet_holds_is_counted_and_the_most_pressing_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_app.storage.handover.MOST_LINES", 3)
    for hours in (5, 3, 1, 4, 2):
        due(workspace, f"{hours}", hours)

    draft = handover.draft(workspace)

    assert (matters(draft), draft.left_out) == (["1", "2", "3"], 2)


# ----------------------------------------------------------------------------------------------------------- signing


def test_a_handover_is_kept_as_it_was_signed_and_the_next_person_receives(
    workspace: Workspace, clock: FixedClock
) -> None:
    number = due(workspace, "late", -5, first_contact="小周")
    draft = handover.draft(workspace)
    clock.moment = NOW + HOUR / 2
    values = {**FORM, "attention": "1208 行李\n打印机", "safety": "扶手断裂"}

    done = handover.sign(workspace, a_signing(draft, values, late="已致电"), "one")

    assert (workspace.shop.operator, done.shop.operator) == ("小吴", "小吴")
    assert done.changes.shop
    clock.moment = NOW + HOUR
    acted(workspace, number, "assign", person="小郑", due_at=(NOW + 9 * DAY).isoformat())
    acted(workspace, number, "accept", by="小郑")
    acted(workspace, number, "reply", content="换新")
    sheet = handover.read(workspace, done.sheet.id)
    assert sheet == done.sheet
    assert (sheet.outgoing, sheet.incoming, sheet.shift, sheet.at) == ("小周", "小吴", "早班", NOW + HOUR / 2)
    assert (sheet.attention, sheet.reports) == ("1208 行李\n打印机", {"safety": "扶手断裂"})
    (line,) = sheet.state.lines
    assert (line.note, line.owed_by, line.due_at, line.number) == ("已致电", "小周", NOW - 5 * HOUR, number)
    assert [s.id for s in handover.recent(workspace)] == [sheet.id]


def test_no_second_copy_of_the_customers_words_is_made(workspace: Workspace) -> None:
    due(workspace, "孩子手划伤", 1, customer_name="张小山", customer_phone="13800138000")
    handover.sign(workspace, a_signing(handover.draft(workspace)), "one")

    (kept,) = workspace.store.conn.execute("SELECT data FROM handover").fetchone()

    assert not any(words in kept for words in ("孩子", "张", "138"))


def test_a_newcomer_joins_the_list_of_those_who_receive(
    workspace: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    handover.sign(workspace, a_signing(handover.draft(workspace), {**FORM, "incoming": " 小郑 "}), "one")

    with closing(open_workspace(folder, clock, rules)) as other:
        assert (other.shop.operator, other.shop.operators) == ("小郑", ("小周", "小吴", "小郑"))


def test_a_handover_that_is_tried_again_is_signed_once(workspace: Workspace) -> None:
    due(workspace, "case", 3)
    signing = a_signing(handover.draft(workspace))
    first = handover.sign(workspace, signing, "same")

    again = handover.sign(workspace, signing, "same")

    assert again.sheet == first.sheet
    assert signed_rows(workspace) == 1
    assert workspace.shop.operator == "小吴"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, [("incoming", "required"), ("shift", "required"), ("settled", "not_settled")]),
        ({**FORM, "settled": None}, [("settled", "not_settled")]),
        ({**FORM, "settled": False}, [("settled", "not_settled")]),
        ({**FORM, "settled": "yes"}, [("settled", "not_bool")]),
        ({**FORM, "incoming": "小周"}, [("incoming", "same_person")]),
        ({"incoming": "小周", "settled": True}, [("shift", "required"), ("incoming", "same_person")]),
        ({**FORM, "incoming": "小\n吴"}, [("incoming", "bad_character")]),
        ({**FORM, "incoming": "吴" * 41}, [("incoming", "too_long")]),
        ({**FORM, "attention": "x" * 2001}, [("attention", "too_long")]),
        ({**FORM, "safety": "\x00"}, [("safety", "bad_character")]),
        ({**FORM, "shift": 3}, [("shift", "not_text")]),
        ({**FORM, "boss": "x"}, [("boss", "unknown_key")]),
    ],
)
def test_a_form_with_something_wrong_is_refused_in_whole(
    workspace: Workspace, values: dict[str, object], told: list[tuple[str, str]]
) -> None:
    due(workspace, "case", 3)

    with pytest.raises(RefusedError) as caught:
        handover.sign(workspace, a_signing(handover.draft(workspace), values), "one")

    assert sorted(problems(caught)) == sorted(told)
    assert (signed_rows(workspace), workspace.shop.operator) == (0, "小周")


def test_an_unfinished_point_of_ones_own_goes_with_a_note(workspace: Workspace) -> None:
    due(workspace, "mine", -5, first_contact="小周")
    due(workspace, "mine, still time", 5, first_contact="小周")
    due(workspace, "of another", -5)
    draft = handover.draft(workspace)

    with pytest.raises(RefusedError) as caught:
        handover.sign(workspace, a_signing(draft), "one")

    (mine,) = [line.follow_up_id for line in draft.lines if line.matter == "mine"]
    assert problems(caught) == [(f"note_{mine}", "required")]
    assert handover.sign(workspace, a_signing(draft, mine="已致电，下午回复"), "one").sheet.id


@pytest.mark.parametrize(("note", "code"), [("说" * 301, "too_long"), ("a\x00", "bad_character"), (" \n ", "required")])
def test_a_note_that_cannot_be_kept_is_refused(workspace: Workspace, note: str, code: str) -> None:
    due(workspace, "mine", -5, first_contact="小周")

    with pytest.raises(RefusedError) as caught:
        handover.sign(workspace, a_signing(handover.draft(workspace), mine=note), "one")

    assert [c for _, c in problems(caught)] == [code]


def test_what_came_in_meanwhile_is_told_and_nothing_is_signed(workspace: Workspace, clock: FixedClock) -> None:
    due(workspace, "seen", 1)
    draft = handover.draft(workspace)
    clock.moment = NOW + HOUR / 2
    number = due(workspace, "came in", 2)

    with pytest.raises(KnownError, match="handover_went_on") as caught:
        handover.sign(workspace, a_signing(draft), "one")

    assert number in workspace.rules.sentences.error(caught.value)
    assert (signed_rows(workspace), workspace.shop.operator) == (0, "小周")


def test_what_was_done_meanwhile_is_left_out(workspace: Workspace) -> None:
    done, _left = due(workspace, "done", -1, first_contact="小周"), due(workspace, "left", 2)
    draft = handover.draft(workspace)
    acted(workspace, done, "void", reason="重复登记")

    sheet = handover.sign(workspace, a_signing(draft, done="正在办"), "one").sheet

    assert matters(sheet.state) == ["left"]


def test_who_hands_over_is_who_it_was_when_they_began(workspace: Workspace) -> None:
    draft = handover.draft(workspace)
    shop.choose_operator(workspace, "小郑")

    assert handover.sign(workspace, a_signing(draft), "one").sheet.outgoing == "小周"


@pytest.mark.fault
def test_a_handover_that_cannot_be_written_changes_nothing(workspace: Workspace) -> None:
    conn = workspace.store.conn
    conn.execute(
        "CREATE TEMP TRIGGER fault BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END"
    )

    with pytest.raises(sqlite3.IntegrityError, match="the disk is gone"):
        handover.sign(workspace, a_signing(handover.draft(workspace)), "one")

    assert (signed_rows(workspace), workspace.shop.operator) == (0, "小周")


def test_a_handover_that_never_was_is_told(workspace: Workspace) -> None:
    with pytest.raises(KnownError, match="handover_unknown"):
        handover.read(workspace, 7)


def test_the_latest_handovers_come_first(workspace: Workspace) -> None:
    for name, incoming in (("a", "小吴"), ("b", "小周"), ("c", "小吴")):
        handover.sign(workspace, a_signing(handover.draft(workspace), {**FORM, "incoming": incoming}), name)

    assert [(s.outgoing, s.incoming) for s in handover.recent(workspace, 2)] == [("小周", "小吴"), ("小吴", "小周")]


# ------------------------------------------------------------------------------------------------------------- paper


def texts(path: Path) -> list[Any]:
    return [cell for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row if cell]


def test_a_signed_handover_is_written_to_be_printed_and_signed(workspace: Workspace, tmp_path: Path) -> None:
    due(workspace, "late", -5, first_contact="小周")
    number = due(workspace, "promised", 2)
    acted(workspace, number, "promise", what="送货上门", due_at=(NOW + 5 * DAY).isoformat())
    values = {**FORM, "attention": "=1+1", "grave": "账款有误"}
    signed = handover.sign(workspace, a_signing(handover.draft(workspace), values, late="已致电"), "one").sheet

    file = handover.export(workspace, signed.id, tmp_path / "out")

    assert file.path == tmp_path / "out" / "交接班记录_2026-11-22_1000_1.xlsx"
    found = texts(file.path)
    assert "班次：早班　交班：小周　接班：小吴　未完 3 项，其中逾期 1 项" in found
    assert {"交接班记录", "已致电", "送货上门：promised", "=1+1", "账款有误", "上报领导", "逾期"} <= set(found)
    assert any("交班人：" in str(t) and "接班人：" in str(t) for t in found)
    page = load_workbook(file.path).worksheets[0]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")


def test_the_paper_of_a_handover_is_no_sheet_of_a_month(workspace: Workspace, tmp_path: Path) -> None:
    assert "handover" not in {offer.id for offer in offers.of_period(workspace).sheets}
    order = export.Order(("handover",), export.month_scope(workspace, "2026-11"), tmp_path)
    with pytest.raises(KnownError, match="sheet_of_handover"):
        export.export(workspace, order)
