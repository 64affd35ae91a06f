"""What is told before an action is done: whose matter it is, and who has to decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.event import Event
from desk_app.domain.foresight import forewarnings
from desk_app.domain.vocabulary import Action, Role
from desk_app.services import desk
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.workspace import Workspace

ROLES = {"小吴": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
PROPOSED = ("propose", {"solution": "退款", "amount": "1200"})
EXTERNAL = {"route": "external", "external_body": "消协"}


def told(
    workspace: Workspace,
    number: str,
    action: str,
    *,
    by: str = "小周",
    roles: Mapping[str, Role] | None = None,
    **data: object,
) -> list[tuple[object, ...]]:
    """Return what is told before an action: its code and what fills it."""
    file = desk.case_file(workspace, number)
    deed = Event(action=Action(action), at=NOW, entered_at=NOW, by=by, data=data, round=file.case.round)
    policy = workspace.policy.of_shop(roles or {})
    return [(error.code, *error.params.values()) for error in forewarnings(file, deed, policy)]


@pytest.mark.parametrize(
    ("before", "action", "data", "debtor"),
    [
        ((), "reply", {}, "店长"),
        ((PROPOSED,), "approve", {}, "店长"),
        ((PROPOSED,), "reject", {"opinion": "先问厂家"}, "店长"),
        ((("promise", {"what": "来电", "by": "小吴"}),), "keep_promise", {"promise": True}, "小吴"),
        ((("assign", {"department": "小家电部", "person": "张工"}),), "accept", {}, "张工"),
        ((("assign", {"department": "小家电部"}),), "assign", {"person": "小吴"}, "小家电部"),
        ((), "contact", {"content": "来电"}, None),
        ((), "contact", {"medium": "on_site"}, None),
        ((("promise", {"what": "来电", "by": "小吴"}),), "keep_promise", {}, None),  # none is named yet
        ((("correct", {"problem": "虚焊", "department": "采购部"}),), "verify_correction", {}, None),
    ],
)
def test_what_another_owes_is_told_to_who_settles_it(
    workspace: Workspace,
    before: tuple[tuple[str, dict[str, object]], ...],
    action: str,
    data: dict[str, object],
    debtor: str | None,
) -> None:
    number = registered(workspace, **EXTERNAL).case.number
    for name, keys in before:
        acted(workspace, number, name, **keys)
    promises = [f.id for f in desk.case_file(workspace, number).owed if f.subject]
    named = {"promise": promises[0]} if data.get("promise") else {}

    expected = [("owed_by_another", debtor, "小周")] if debtor else []
    assert told(workspace, number, action, **{**data, **named}) == expected


def test_what_one_owes_oneself_is_told_to_nobody(workspace: Workspace) -> None:
    number = registered(workspace, receiver="小周").case.number

    assert told(workspace, number, "reply") == []
    assert told(workspace, number, "reply", by="小吴") == [("owed_by_another", "小周", "小吴")]


def test_who_holds_the_office_that_owes_it_is_told_nothing(workspace: Workspace) -> None:
    number = registered(workspace, **EXTERNAL).case.number

    assert told(workspace, number, "reply", by="赵店长", roles=ROLES) == []
    assert told(workspace, number, "reply", by="林主管", roles=ROLES) == [("owed_by_another", "店长", "林主管")]


@pytest.mark.parametrize(
    ("by", "data", "office"),
    [
        ("小周", {}, "部门负责人"),
        ("小周", {"amount": "10"}, "部门负责人"),
        ("小周", {"amount": "1000.01"}, "店长"),
        ("林主管", {}, None),
        ("林主管", {"amount": "1000"}, None),
        ("林主管", {"amount": "1000.01"}, "店长"),
        ("赵店长", {"amount": "99999"}, None),
    ],
)
def test_a_proposal_beyond_ones_authority_says_to_whom_it_goes_as_the_rules_will_have_it(
    workspace: Workspace, by: str, data: dict[str, object], office: str | None
) -> None:
    workspace.shop = replace(workspace.shop, roles=ROLES)
    number = registered(workspace, receiver=by).case.number

    assert told(workspace, number, "propose", by=by, roles=ROLES, **data) == (
        [("proposal_goes_up", office)] if office else []
    )

    acted(workspace, number, "propose", solution="退款", by=by, **data)
    asked = {f.owed_by for f in desk.case_file(workspace, number).owed if f.kind == "approve"}
    assert asked == ({office} if office else set())


def test_an_approval_beyond_ones_authority_says_who_has_to_give_it(workspace: Workspace) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "propose", solution="退款", amount="1200")

    assert told(workspace, number, "approve", by="赵店长", roles=ROLES) == []
    codes = [code for code, *_ in told(workspace, number, "approve", by="林主管", roles=ROLES)]
    assert codes == ["beyond_authority"]


def test_without_roles_no_amount_is_beyond_anybody(workspace: Workspace) -> None:
    number = registered(workspace, receiver="小周").case.number

    assert told(workspace, number, "propose", amount="99999") == []
