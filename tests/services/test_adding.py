"""What was typed for a new case is written into one that is on file instead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.attachments import as_draft
from desk_app.domain.problems import RefusedError
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import attachments, desk, intake
from tests.helpers.builders import NOW, a_full_case, acted, registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

FORM = {
    "kind": "complaint",
    "channel": "phone",
    "route": "normal",
    "severity": "normal",
    "received_at": "2026-11-22 10:00",
    "customer_name": "李女士",
    "customer_phone": "138-0013 8000",
    "content": "还是不加热",
    "demand": "退钱",
    "demand_kind": ["refund", "replace"],
    "amount": "199.90",
    "item": {"model": "SX-1500"},
    "safety": True,
}


def test_all_that_the_case_does_not_say_becomes_one_contact_and_the_draft_is_gone(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    intake.save_draft(workspace, "form-1", FORM)

    added = intake.add_to(workspace, number, FORM, "form-1")

    event = added.file.events[-1]
    assert (event.action, event.by, event.at) == (Action.CONTACT, workspace.shop.operator, NOW)
    assert event.data == {
        "content": "还是不加热\n涉及安全\n商品/服务明细：型号：SX-1500"
        "\n投诉要求：退钱\n要求类型：退款、更换\n涉及金额：199.90",
        "medium": "phone",
        "direction": "in",
    }
    assert intake.drafts(workspace) == ()
    assert (added.changes.cases, added.changes.queue, added.changes.drafts) == ({number}, True, True)


def test_nothing_of_a_full_form_is_lost(workspace: Workspace) -> None:
    number = registered(
        workspace, customer_name="王五一", content="另一件事", demand=None, demand_kind=None
    ).case.number
    form = a_full_case(received_at="2026-11-22 09:59")

    told = str(intake.add_to(workspace, number, form, "form-1").file.events[-1].data["content"])

    elsewhere = {
        "kind",
        "channel",
        "received_at",
        "receiver",
        "first_contact",
        "read_back",
        "customer_phone",
        "category",
    }
    for key, value in form.items():
        if isinstance(value, str) and key not in elsewhere:
            assert workspace.rules.fields[key].label_of(value) in told, key
    for words in ("电水壶", "SX-1500", "消费者协会", "王大爷（父亲）", "2026-11-22 18:00"):
        assert words in told


def test_a_retry_writes_nothing_twice(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    first = intake.add_to(workspace, number, FORM, "form-1")

    again = intake.add_to(workspace, number, FORM, "form-1")

    assert again.file == first.file


def test_what_came_in_earlier_is_written_with_its_time(workspace: Workspace) -> None:
    number = registered(workspace, received_at="2026-11-20 09:00").case.number

    added = intake.add_to(workspace, number, {**FORM, "received_at": "2026-11-21 15:00"}, "form-1")

    assert added.file.events[-1].at == NOW - timedelta(hours=19)
    assert added.file.events[-1].entered_at == NOW


@pytest.mark.parametrize(("form", "field"), [({}, "content"), ({**FORM, "content": "长" * 20_001}, "content")])
def test_what_cannot_be_a_contact_leaves_case_and_draft_as_they_were(
    workspace: Workspace, form: dict[str, object], field: str
) -> None:
    before = registered(workspace)
    intake.save_draft(workspace, "form-1", FORM)

    with pytest.raises(RefusedError) as refused:
        intake.add_to(workspace, before.case.number, form, "form-1")

    assert [problem.field for problem in refused.value.problems] == [field]
    assert len(intake.drafts(workspace)) == 1
    assert len(desk.case_file(workspace, before.case.number).events) == 1


def test_a_case_that_is_over_takes_nothing(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "void", reason="重复登记")
    intake.save_draft(workspace, "form-1", FORM)

    with pytest.raises(KnownError) as refused:
        intake.add_to(workspace, number, FORM, "form-1")

    assert refused.value.code == "add_to_over"
    assert "重新打开" in workspace.rules.sentences.error(refused.value)
    assert len(intake.drafts(workspace)) == 1


def test_what_was_taken_in_for_the_form_goes_along_and_comes_back(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    receipt = attachments.take_in(workspace, b"199.90", "收据.txt")
    form = {**FORM, **as_draft([receipt])}
    intake.save_draft(workspace, "form-1", form)

    added = intake.add_to(workspace, number, form, "form-1")
    again = intake.add_to(workspace, number, form, "form-1")

    assert [file.name for file in attachments.of_case(workspace, number)] == ["收据.txt"]
    assert added.file == again.file
    assert added.file.events[-1].data["attached"] == ["收据.txt"]

    desk.undo(workspace, number, "undo-1", added.file.events[-1].id)
    assert attachments.of_case(workspace, number) == ()
    other = intake.register(workspace, {**form, "category": "商品问题"}, "form-2").case.number
    assert [file.name for file in attachments.of_case(workspace, other)] == ["收据.txt"]


def test_it_can_be_taken_back(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    added = intake.add_to(workspace, number, FORM, "form-1")

    undone = desk.undo(workspace, number, "undo-1", added.file.events[-1].id)

    assert [deed.action for deed in undone.file.deeds] == [Action.REGISTER]
