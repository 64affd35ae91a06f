from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.fields import FieldType
from desk_app.domain.handover import (
    Draft,
    HandoverForm,
    HandoverLine,
    HandoverSheet,
    Part,
    in_the_way,
    note_fields,
    note_key,
    read_form,
    unseen,
)
from desk_app.domain.handover_line import HANDOVER_KEYS, Wording, read_wording, sheet_lines
from desk_app.domain.vocabulary import FollowUpKind
from desk_app.paths import resources_dir
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
REPORTS = ["market", "mistake", "grave", "safety", "beyond", "customer"]
"""The six occasions of domain.md part 12."""


def a_line(number: int = 1, **changes: object) -> HandoverLine:
    line = HandoverLine(
        follow_up_id=number,
        kind=FollowUpKind.REPLY,
        subject="",
        due_at=NOW,
        owed_by="小周",
        owed_to="客户",
        number=f"TS-20261122-{number:03}",
        customer="李女士",
        matter="水壶不加热",
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def a_draft(*lines: HandoverLine, left_out: int = 0) -> Draft:
    return Draft(outgoing="小周", at=NOW, since=NOW - DAY, lines=lines, left_out=left_out)


@pytest.fixture(scope="module")
def form() -> HandoverForm:
    return read_form(tomllib.loads((resources_dir() / "handover.toml").read_text(encoding="utf-8")))


@pytest.fixture
def wording(rules: Rules) -> Wording:
    return read_wording(rules.sentences.labels)


@pytest.mark.parametrize(
    ("due_in", "kind", "part"),
    [
        (-SECOND, FollowUpKind.REPLY, Part.OVERDUE),
        (-SECOND, FollowUpKind.PROMISE, Part.OVERDUE),
        (0 * SECOND, FollowUpKind.REPLY, Part.SOON),
        (DAY - SECOND, FollowUpKind.PROMISE, Part.SOON),
        (DAY, FollowUpKind.PROMISE, Part.PROMISE),
        (DAY, FollowUpKind.REPLY, Part.OWN),
    ],
)
def test_what_is_handed_over_stands_under_its_most_pressing_reason(
    due_in: timedelta, kind: FollowUpKind, part: Part
) -> None:
    assert a_line(kind=kind, due_at=NOW + due_in).part(NOW) is part


@pytest.mark.parametrize(
    ("owed_by", "due_in", "needed"),
    [("小周", -SECOND, True), ("小周", 0 * SECOND, False), ("小吴", -SECOND, False), ("店长", -DAY, False)],
)
def test_an_unfinished_point_of_the_outgoing_person_goes_with_a_note(
    owed_by: str, due_in: timedelta, needed: bool
) -> None:
    line = a_line(owed_by=owed_by, due_at=NOW + due_in)

    (field,) = note_fields(a_draft(line))

    assert line.needs_note("小周", NOW) is needed
    assert (field.key, field.required) == (note_key(1), needed)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"incoming": "小吴", "settled": True}, []),
        ({"incoming": "小周", "settled": True}, [("incoming", "same_person")]),
        ({"incoming": " 小周 ", "settled": True}, [("incoming", "same_person")]),
        ({"incoming": "小吴"}, [("settled", "not_settled")]),
        ({"incoming": "小吴", "settled": False}, [("settled", "not_settled")]),
        ({}, [("settled", "not_settled")]),
    ],
)
def test_what_arose_is_settled_first_and_nobody_takes_over_from_themselves(
    raw: dict[str, object], told: list[tuple[str, str]]
) -> None:
    assert [(p.field, p.code) for p in in_the_way(a_draft(), raw)] == told


def test_what_the_two_have_not_looked_at_is_named() -> None:
    draft = a_draft(a_line(1), a_line(2), a_line(3))

    assert unseen(draft, [3, 1, 9]) == (draft.lines[1],)
    assert unseen(draft, [1, 2, 3]) == ()


def test_the_form_asks_who_when_and_the_six_occasions_of_a_report(form: HandoverForm) -> None:
    types = {fact.key: fact.type for fact in form.fields}

    assert list(types) == ["incoming", "shift", "attention", *REPORTS, "settled"]
    assert list(form.reports) == REPORTS
    assert {fact.key for fact in form.fields if fact.required} == {"incoming", "shift"}
    assert types["settled"] is FieldType.BOOL
    assert [c.label for c in next(f for f in form.fields if f.key == "shift").choices] == ["早班", "中班", "晚班"]


def test_the_paper_tells_what_is_owed_then_what_was_said(form: HandoverForm, wording: Wording) -> None:
    draft = a_draft(
        a_line(1, due_at=NOW - DAY, note="已致电"),
        a_line(2, kind=FollowUpKind.PROMISE, subject="送货上门", due_at=NOW + 3 * DAY, promised_in_shift=True),
        a_line(3, customer="", due_at=NOW + 5 * DAY),
        left_out=4,
    )
    sheet = HandoverSheet(
        state=draft, at=NOW, incoming="小吴", shift="早班", attention="行李\n打印机", reports={"safety": "扶手断裂"}
    )

    lines = list(sheet_lines(sheet, form, wording))

    assert all(line.keys() == HANDOVER_KEYS for line in lines)
    assert [(line["part"], line["kind"], line["matter"], line["note"]) for line in lines] == [
        ("逾期", "待答复", "水壶不加热", "已致电"),
        ("承诺", "待兑现（本班承诺）", "送货上门：水壶不加热", None),
        ("未完事项", "待答复", "水壶不加热", None),
        ("其余", None, "另有 4 项没有列在这里，见“跟进”", None),
        ("需要注意", None, "行李\n打印机", None),
        ("上报领导", "危及人身安全", "扶手断裂", None),
        ("交接中", None, "没有新冒出的问题，或交班人已先处理到一个段落", None),
    ]
    assert [line["customer"] for line in lines[:3]] == ["李女士", "李女士", "匿名"]
    assert (lines[0]["due_at"], lines[0]["who"]) == (NOW - DAY, "小周 → 客户")


def test_a_handover_of_nothing_says_at_least_how_it_went(form: HandoverForm, wording: Wording) -> None:
    sheet = HandoverSheet(state=a_draft(), at=NOW, incoming="小吴", shift="早班", attention="", reports={})

    assert [line["part"] for line in sheet_lines(sheet, form, wording)] == ["交接中"]
