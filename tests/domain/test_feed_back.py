"""Who is told what came of it: the department that a finding names is told itself, whoever else was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain import departments
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.domain.workflow import caution, decide
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ANGRY,
    BLAMELESS,
    CLOSE,
    FEED_BACK,
    HAPPY,
    REPLY,
    SUPPLIER,
    Deed,
    live,
)

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

TO_PURCHASING, TO_ANOTHER = FEED_BACK.given(department="采购部"), FEED_BACK.given(department="小家电部")


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


def untold(file: CaseFile) -> list[str]:
    return [f.owed_to for f in file.owed if f.kind is FollowUpKind.FEED_BACK]


@pytest.mark.parametrize(
    ("named", "whom", "is_told"),
    [
        ("采购", "采购", True),
        ("采购部", "采购", True),
        ("采购", "采购部门", True),
        ("采购部张经理", "采购", True),
        ("客房部、采购部", "采购", True),
        ("客房部和采购部", "采购", True),
        (" 采 购 ", "采购", True),
        ("ＩＴ部", "it", True),
        ("和平路店", "和平路店", True),
        ("质检部、技术部", "质检部、技术部", True),
        ("客房部", "采购", False),
        ("客房工程部", "工程部", False),
        ("工程部", "客房工程部", False),
        ("", "采购", True),
        ("部门", "采购", True),
        ("有关部门", "采购", True),
        ("客房部", "部门", True),
        ("客房部", "责任部门", True),
        ("", "部门", True),
    ],
)
def test_a_department_is_told_by_its_name_and_by_what_names_none(named: str, whom: str, is_told: bool) -> None:
    assert departments.tells(named, whom) is is_told


@pytest.mark.parametrize("telling", [TO_PURCHASING, FEED_BACK, FEED_BACK.given(department="小家电部、采购部")])
def test_purchasing_is_told_when_it_is_named_or_nobody_is(policy: Policy, telling: Deed) -> None:
    assert untold(live(policy, SUPPLIER)) == ["采购"]
    assert untold(live(policy, SUPPLIER, telling)) == []


def test_purchasing_is_not_told_by_telling_another_and_the_case_stays_open_until_it_is(
    rules: Rules, policy: Policy
) -> None:
    file = live(policy, SUPPLIER, REPLY, HAPPY, TO_ANOTHER)

    assert untold(file) == ["采购"]
    (lack,) = caution(file, Action.CLOSE, policy)
    assert rules.sentences.error(lack) == (
        f"{file.case.number} 还没有反映到采购，不能结案，请用“反映到部门”，部门填“采购”"
    )
    with pytest.raises(KnownError, match="close_before_told"):
        decide(file, CLOSE.at(NOW), policy)
    assert live(policy, SUPPLIER, REPLY, HAPPY, TO_ANOTHER, TO_PURCHASING, CLOSE).case.status.is_over


@pytest.mark.parametrize("department", ["小家电部", "前厅", "采购", "部门", "和平路店", None])
@pytest.mark.parametrize("finding", ["company", "department", "person"])
def test_the_ordinary_way_is_one_telling_whatever_the_department_is_called(
    policy: Policy, department: str | None, finding: str
) -> None:
    telling = FEED_BACK if department is None else FEED_BACK.given(department=department)
    found = BLAMELESS.given(responsibility=finding)

    assert live(policy, found, REPLY, HAPPY, telling, CLOSE).case.status.is_over


def test_purchasing_can_have_been_told_before_the_finding(policy: Policy) -> None:
    assert untold(live(policy, FEED_BACK, SUPPLIER)) == []
    assert untold(live(policy, TO_ANOTHER, SUPPLIER)) == ["采购"]
    assert untold(live(policy, TO_PURCHASING, SUPPLIER)) == []


def test_the_same_finding_again_asks_for_no_second_telling_and_a_new_round_does(policy: Policy) -> None:
    assert untold(live(policy, SUPPLIER, FEED_BACK, SUPPLIER)) == []
    assert untold(live(policy, SUPPLIER, TO_ANOTHER, BLAMELESS, SUPPLIER)) == ["采购"]
    assert untold(live(policy, SUPPLIER, TO_PURCHASING, BLAMELESS, SUPPLIER)) == []
    assert untold(live(policy, SUPPLIER, FEED_BACK, REPLY, ANGRY, SUPPLIER)) == ["采购"]


def test_after_the_visit_one_department_at_least_is_told(policy: Policy) -> None:
    assert untold(live(policy, REPLY, HAPPY)) == ["部门"]
    assert untold(live(policy, SUPPLIER, REPLY, HAPPY)) == ["采购"], "that will do"
    assert untold(live(policy, REPLY, HAPPY, SUPPLIER)) == ["部门", "采购"]
    assert untold(live(policy, REPLY, HAPPY, SUPPLIER, TO_PURCHASING)) == []
    assert untold(live(policy, REPLY, HAPPY, SUPPLIER, TO_ANOTHER)) == ["采购"]
