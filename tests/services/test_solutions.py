"""处理方案库: what helped in closed cases of satisfied customers, without them, and the shop's own entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.errors import KnownError
from desk_app.services import solutions, upkeep
from tests.helpers.builders import acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

TOPIC = "商品问题"


def a_case(ws: Workspace, request: str, answer: str, satisfaction: str = "satisfied", **changes: object) -> str:
    number = registered(ws, request, customer_phone=f"138001390{request[-2:]}", **changes).case.number
    reply = {"content": answer, "medium": "phone", "reaction": "同意"}
    closed(ws, number, reply=reply, return_visit={"satisfaction": satisfaction, "opinion": "好"})
    return number


def texts(ws: Workspace, category: str = TOPIC, limit: int = 5) -> list[str]:
    return [each.text for each in solutions.offered(ws, category, limit)]


def test_what_helped_is_offered_the_newest_first_and_once(workspace: Workspace) -> None:
    a_case(workspace, "save-01", "换了新的水壶")
    newest = a_case(workspace, "save-02", "退了差价")
    a_case(workspace, "save-03", "换了新的水壶")
    registered(workspace, "save-04", customer_phone="13800139004")

    found = solutions.offered(workspace, TOPIC)

    assert [each.text for each in found] == ["换了新的水壶", "退了差价"]
    assert found[1].number == newest
    assert texts(workspace, limit=1) == ["换了新的水壶"]
    assert texts(workspace, "服务问题") == texts(workspace, "") == []


def test_the_approved_solution_counts_before_the_answer_and_a_rejected_one_does_not(workspace: Workspace) -> None:
    number = registered(workspace, "save-01").case.number
    acted(workspace, number, "propose", solution="免费上门检修")
    acted(workspace, number, "approve")
    closed(workspace, number)
    other = registered(workspace, "save-02", customer_phone="13800139002").case.number
    acted(workspace, other, "propose", solution="全额退款")
    acted(workspace, other, "reject", opinion="再谈")
    acted(workspace, other, "propose", solution="换新")
    acted(workspace, other, "approve")
    closed(workspace, other)

    assert texts(workspace) == ["换新", "免费上门检修"]


def test_no_customer_is_told_and_none_who_asked_for_secrecy(workspace: Workspace) -> None:
    a_case(workspace, "save-01", "给李雪梅 13912345678 换了新的", customer_name="李雪梅")
    a_case(workspace, "save-02", "悄悄赔了钱", confidential=True)

    (text,) = texts(workspace)

    assert "雪梅" not in text
    assert "13912345678" not in text
    assert "换了新的" in text


def test_the_shops_own_entries_come_first_and_are_taken_back(workspace: Workspace) -> None:
    a_case(workspace, "save-01", "换了新的水壶")
    entry = solutions.add(workspace, TOPIC, " 七天内直接换新 ", "one")
    assert solutions.add(workspace, TOPIC, "七天内直接换新", "one").id == entry.id

    assert texts(workspace) == ["七天内直接换新", "换了新的水壶"]

    solutions.take_back(workspace, TOPIC, entry.id, "two")
    solutions.take_back(workspace, TOPIC, entry.id, "two")

    assert texts(workspace) == ["换了新的水壶"]
    with pytest.raises(KnownError, match="solution_unknown"):
        solutions.take_back(workspace, TOPIC, entry.id, "three")
    assert upkeep.verify(workspace).ok


@pytest.mark.parametrize(
    ("category", "text", "code"),
    [
        (TOPIC, "  ", "solution_empty"),
        (TOPIC, "长" * 501, "solution_bad"),
        (TOPIC, "找\x00他", "solution_bad"),
        (TOPIC, "打 13800138000 找她", "solution_holds_number"),
        ("没有的", "换新", "solution_category_unknown"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    workspace: Workspace, rules: Rules, category: str, text: str, code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        solutions.add(workspace, category, text, "one")

    assert refused.value.code == code
    assert rules.sentences.error(refused.value)
    assert texts(workspace) == []


def test_a_dissatisfied_customer_shows_no_way(workspace: Workspace) -> None:
    number = registered(workspace, "save-01").case.number
    for action, keys in (
        ("reply", {"content": "不能退", "medium": "phone"}),
        ("return_visit", {"satisfaction": "dissatisfied", "opinion": "不行"}),
        ("determine", {"responsibility": "misunderstanding"}),
        ("feed_back", {"department": "小家电部", "content": "客户不满意"}),
        ("close", {"result": "已尽力", "exception": True, "reason": "要求超出规定", "adopted": False}),
    ):
        acted(workspace, number, action, **keys)

    assert texts(workspace) == []
