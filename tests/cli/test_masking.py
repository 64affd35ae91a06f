"""Who sees which customer: every place that tells of one, by the role of the reader and the customer's wish.

A canary is a case that tells of its customer in every text. Where it may not be seen whole not one of these is whole;
where it may, it is.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk_app.domain.case import Case
from desk_app.domain.finding import Sought
from desk_app.domain.periods import read_period
from desk_app.domain.queue import View
from desk_app.domain.sheet_lines import Each
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import attachments, customers, desk, handover, search, shop
from desk_app.services import sheets as catalogue
from desk_app.services.sheets import Scope
from desk_app.sheets.sheet import Group
from tests.helpers.builders import NOW, acted, registered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk_app.services.workspace import Workspace
    from desk_app.sheets.grid import Grid
    from tests.cli.conftest import DeskApp

NAME, PHONE, ADDRESS, BEHALF = "甄雀灵", "13799996655", "金丝桥 77 号", "雀德旺"
SECRETS = (NAME, PHONE, "137 9999 6655", "金丝桥", BEHALF)
SAID = f"{NAME}来电 {PHONE}，住{ADDRESS}，代{BEHALF}"
MARK = "（保密）"
ROLES = {"小王": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
TAKER, OTHER = "小周", "小吴"
PEOPLE = (TAKER, OTHER, *ROLES)
TRUSTED = frozenset({"林主管", "赵店长"})


class Canary(NamedTuple):
    """A register with the canary on it, and who reads it."""

    ws: Workspace
    number: str
    reader: str
    is_secret: bool
    has_roles: bool

    @property
    def sees_whole(self) -> bool:
        """Whether the reader may see the case whole."""
        return not self.has_roles or not self.is_secret or self.reader in (TAKER, *TRUSTED)


def leaks(told: object) -> list[str]:
    return [secret for secret in SECRETS if secret in str(told)]


@pytest.fixture(params=[True, False], ids=["roles", "no roles"])
def has_roles(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[True, False], ids=["secret", "open"])
def is_secret(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=PEOPLE)
def canary(request: pytest.FixtureRequest, workspace: Workspace, *, has_roles: bool, is_secret: bool) -> Canary:
    """The canary, with everything told of it, and one reader."""
    shop.set_up(workspace, "云栖百货", "general", "赵店长")
    texts = dict.fromkeys(("content", "demand", "true_cause", "place", "parties"), SAID)
    number = registered(
        workspace,
        **{**texts, "customer_name": NAME, "customer_phone": PHONE, "customer_address": ADDRESS},
        on_behalf_of=BEHALF,
        confidential=is_secret,
        receiver=TAKER,
        first_contact=TAKER,
    ).case.number
    for action, keys in (
        ("contact", {"content": SAID}),
        ("promise", {"what": SAID, "due_at": "2026-11-22 11:00"}),
        ("reply", {"content": SAID, "medium": "phone", "reaction": SAID}),
    ):
        acted(workspace, number, action, by=TAKER, **keys)
    search.catch_up(workspace)
    for name in PEOPLE:
        shop.choose_operator(workspace, name)
    if has_roles:
        for name, role in reversed(ROLES.items()):  # the manager first, who gives the others theirs
            shop.choose_operator(workspace, "赵店长")
            shop.set_role(workspace, name, role)
    shop.choose_operator(workspace, request.param)
    return Canary(workspace, number, request.param, is_secret, has_roles)


# ----------------------------------------------------------------------------------------------- one case, whole or not


def test_the_case_itself_is_whole_for_who_may_see_it_and_for_nobody_else(canary: Canary, desk_app: DeskApp) -> None:
    ws, number = canary.ws, canary.number
    ran = [desk_app("show", number), desk_app("show", number, "--json")]
    told = [str(desk.case_file(ws, number)), str(desk.open_case(ws, number)), *(each.out for each in ran)]

    assert [each.code for each in ran] == [0, 0]
    for each in told:
        assert bool(leaks(each)) is canary.sees_whole, each
    assert set(ran[1].json["case"]) == {f.name for f in fields(Case)}
    assert ran[1].json["case"]["customer_name"] == (NAME if canary.sees_whole else "甄**")


def test_what_an_act_answers_tells_no_more(canary: Canary, desk_app: DeskApp) -> None:
    ran = desk_app("act", canary.number, "contact", "--json-input", "-", "--json", stdin=b'{"content": "x"}')

    assert ran.code == 0, ran.err
    assert bool(leaks(ran.out)) is canary.sees_whole


def test_facts_are_put_right_by_who_sees_them(canary: Canary, desk_app: DeskApp) -> None:
    facts = json.dumps({"confidential": not canary.is_secret}).encode()

    ran = desk_app("act", canary.number, "amend", "--json-input", "-", stdin=facts)

    assert (ran.code == 0) is canary.sees_whole, ran.err
    if not canary.sees_whole:
        assert "部门负责人" in ran.err
        with pytest.raises(KnownError, match="concealed"):
            desk.act(canary.ws, canary.number, "amend", {"customer_phone": "1"}, "blind")


def test_nobody_opens_a_secret_to_themselves_by_promising_something(canary: Canary) -> None:
    ws, number, saw = canary.ws, canary.number, canary.sees_whole
    with nullcontext() if saw else pytest.raises(KnownError, match="concealed"):
        desk.act(ws, number, "promise", {"what": "周二前回电"}, "promise-mine")

    assert desk.case_file(ws, number).is_concealed is not saw


def test_what_lies_with_a_case_is_for_who_sees_it_whole(canary: Canary, tmp_path: Path) -> None:
    ws, number = canary.ws, canary.number
    attachments.attach(ws, number, [attachments.take_in(ws, SAID.encode(), f"{NAME}.txt")], "attach-1")
    shop.choose_operator(ws, TAKER)
    (lying,) = attachments.of_case(ws, number)
    shop.choose_operator(ws, canary.reader)

    def copy() -> str:
        return attachments.export_copy(ws, lying, tmp_path / "copy").read_text(encoding="utf-8")

    for look in (lambda: str(attachments.of_case(ws, number)), copy):
        if canary.sees_whole:
            assert leaks(look())
        else:
            with pytest.raises(KnownError, match="attachments_concealed"):
                look()
    assert (tmp_path / "copy").exists() is canary.sees_whole


# ---------------------------------------------------------------------------------------------- lists: never, nowhere


def _lines(canary: Canary) -> list[object]:
    rows = [row for view in View for row in desk.queue_listing(canary.ws, view, NOW)]
    assert rows
    return [(row.customer, row.matter, row.subject) for row in rows]


def _hits(canary: Canary) -> list[object]:
    found = [search.find(canary.ws, Sought(words)) for words in (NAME, PHONE, "金丝桥", BEHALF, "来电")]
    assert all(each is not None and each.hits for each in found)
    return [hit for each in found if each is not None for hit in each.hits]


def _handover(canary: Canary) -> list[object]:
    draft = handover.draft(canary.ws)
    assert draft.lines
    return [draft]


@pytest.mark.parametrize("place", [_lines, _hits, _handover])
def test_no_list_tells_whole_customers_where_there_are_roles(
    canary: Canary, place: Callable[[Canary], list[object]]
) -> None:
    told = place(canary)

    if canary.has_roles or place is _handover:
        assert [leaks(each) for each in told if leaks(each)] == []


@pytest.mark.parametrize("command", [("queue",), ("queue", "--json"), ("search", NAME), ("search", PHONE, "--json")])
def test_no_list_of_the_command_line_does(canary: Canary, desk_app: DeskApp, command: tuple[str, ...]) -> None:
    ran = desk_app(*command)

    assert canary.number in ran.out
    if canary.has_roles:
        assert leaks(ran.out) == []
    assert (MARK in ran.out) is (canary.is_secret and "--json" not in command)


def test_a_customer_who_may_not_be_known_is_offered_masked_and_brings_nothing(canary: Canary) -> None:
    (match,) = customers.look_up(canary.ws, "customer_phone", PHONE[-4:])
    known = customers.known(canary.ws, {"customer_phone": PHONE, "content": SAID})
    of_case = customers.of_case(canary.ws, canary.number)

    assert match.is_concealed is not canary.sees_whole
    assert known.customer is not None
    assert of_case is not None
    for told in (match, (known.customer.name, known.customer.phone, known.customer.cases, known.alike), of_case.cases):
        assert bool(leaks(str(told).replace(match.key, ""))) is canary.sees_whole
    if not canary.sees_whole:
        assert (match.name, match.phone, match.address, match.item) == ("甄**", "137****6655", "", {})


# ------------------------------------------------------------------------------------------------------------ sheets


def _said(grid: Grid) -> str:
    return "\n".join(str(value) for row in grid.rows for value in row.values if value is not None)


@pytest.mark.parametrize("canary", [TAKER, OTHER, "林主管"], indirect=True)
@pytest.mark.parametrize("wanted", [None, True, False], ids=["as the sheet says", "masked", "full"])
def test_no_sheet_tells_more_than_its_maker_may_have(canary: Canary, wanted: bool | None) -> None:
    ws = canary.ws
    everything = catalogue.catalogue(ws)[0].values()
    sheets = [s for s in everything if s.of.each is not Each.HANDOVER and s.group is not Group.PERSON]
    month = read_period("2026-11", NOW.date())
    trusted = not canary.has_roles or canary.reader in TRUSTED
    secrets_too = canary.has_roles and canary.reader in TRUSTED and wanted is False
    found = 0
    for sheet in sheets:
        for scope in (Scope(month, masked=wanted), Scope(numbers=(canary.number,), masked=wanted)):
            if scope.period is None and sheet.of.each in {Each.FIGURES, Each.WARNINGS}:
                continue
            filled = catalogue.fill(ws, sheet, scope, by=canary.reader)
            may = (trusted or scope.period is None) and wanted is not True
            may = may and (not canary.is_secret or secrets_too)
            if not may:
                assert leaks(_said(filled.grid)) == [], sheet.id
            if not trusted and scope.period is not None:
                assert filled.masked, sheet.id
            found += bool(leaks(_said(filled.grid)))
    whole = wanted is not True and (secrets_too if canary.is_secret else True)
    assert bool(found) is whole


def test_who_stays_unnamed_is_named_by_no_text_of_a_list_either(workspace: Workspace) -> None:
    shop.set_role(workspace, "赵店长", Role.MANAGER)
    shop.choose_operator(workspace, "赵店长")
    registered(workspace, customer_name=NAME, customer_phone=PHONE, anonymous=True, content=f"{NAME} {PHONE} 来电")

    (row,) = desk.queue_listing(workspace, View.ALL, NOW)
    (line,) = handover.draft(workspace).lines

    assert row.customer == line.customer == ""
    assert row.matter == line.matter == "甄** 137****6655 来电"
