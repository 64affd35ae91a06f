"""What hides a customer: no text of a case tells whose it is, and a number that is nobody's stays."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.case import Case
from desk_app.domain.privacy import mask_plates, mask_said
from desk_app.domain.rights import Right
from desk_app.domain.sight import sight_of
from desk_app.domain.veil import concealed
from desk_app.domain.vocabulary import Role
from desk_app.services.rules import load_rules
from tests.helpers.deeds import AMEND, CONTACT, PROMISE, REPLY, live

if TYPE_CHECKING:
    from desk_app.domain.authority import Authority
    from desk_app.domain.case import CaseFile

POLICY = load_rules().policy
SAID = "张小山（13800138000）住和平路 8 号，代王德发来，车牌苏E12345"
SECRETS = ("张小山", "13800138000", "138 0013 8000", "和平路", "王德发", "E12345", "曾用名", "金丝桥")


def a_life(**case: object) -> CaseFile:
    """Return a case in which every text tells of the customer, and of who they were before it was put right."""
    texts = dict.fromkeys(("content", "demand", "true_cause", "place", "parties", "occurred_at"), SAID)
    was = {"customer_name": "曾用名", "customer_address": "金丝桥 77 号"}
    amended = AMEND.given(customer_name="张小山", was=was)
    deeds = (
        CONTACT.given(content=SAID + "，曾用名，金丝桥77号"),
        PROMISE.given(what=SAID),
        amended,
        REPLY.given(content=SAID),
    )
    own = {"customer_name": "张小山", "customer_phone": "138 0013 8000", "customer_address": "和平路 8 号"}
    item = {"member_no": "13800138000", "car_plate": "苏E12345"}
    return live(POLICY, *deeds, on_behalf_of="王德发（父亲）", item=item, **own, **texts, **case)


def test_a_concealed_case_tells_nothing_of_whom_and_keeps_every_key() -> None:
    file = a_life()
    assert all(secret in str(file) for secret in SECRETS)

    shown = concealed(file)

    assert [secret for secret in SECRETS if secret in str(shown)] == []
    assert shown.is_concealed
    assert not file.is_concealed
    case = shown.case
    assert (case.customer_name, case.customer_phone, case.customer_address) == ("张**", "138 **** 8000", "***")
    assert case.item == {"member_no": "138****8000", "car_plate": "苏E*****"}
    same = {f.name for f in fields(Case) if getattr(case, f.name) == getattr(file.case, f.name)}
    assert {"number", "receiver", "category", "status", "received_at", "kind"} <= same
    assert [(e.id, e.action, e.by, e.at, list(e.data)) for e in shown.events] == [
        (e.id, e.action, e.by, e.at, list(e.data)) for e in file.events
    ]
    assert [(f.id, f.due_at, f.owed_by) for f in shown.follow_ups] == [
        (f.id, f.due_at, f.owed_by) for f in file.follow_ups
    ]
    assert concealed(shown) == shown


@given(
    st.text(st.sampled_from("张欧阳小山明华Jane "), min_size=1, max_size=6),
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True, alphabet="0123456789"),
)
def test_whoever_the_customer_is_the_phone_stands_nowhere(name: str, phone: str) -> None:
    said = f"{name}说打{phone}，订单 {phone}，或 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
    file = live(POLICY, CONTACT.given(content=said), customer_name=name, customer_phone=phone, content=said)

    shown = concealed(file)

    assert re.sub(r"[^\d*，]", "", shown.case.content.split("说")[1]) == "，".join([f"{phone[:3]}****{phone[7:]}"] * 3)
    assert phone not in str(shown)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("订单号：13812345678", None),
        ("投诉编号17300001111已受理", None),
        ("【运单 15012345678】", None),
        ("流水号是13812345678", None),
        ("订单编号（18912345678）", None),
        ("工单号 6222020011112222333", None),
        ("订单 330106199001011234", None),
        ("我下了订单，电话13812345678", "我下了订单，电话138****5678"),
        ("快递员 13812345678", "快递员 138****5678"),
        ("13812345678", "138****5678"),
        ("单号 13800138000", "单号 138****8000"),
        ("身份证330106199001011234。", "身份证330***********1234。"),
        ("33010619900101123X", "330***********123X"),
        ("330106 19900101 1234", "330*** ******** 1234"),
        ("卡号6222020011112222333", "卡号***************2333"),
        ("6222 0200 1111 2222", "**** **** **** 2222"),
        ("2026-10-01 2026-10-31", None),
        ("2026-10-13 14:05 共 12345 元", None),
    ],
)
def test_a_number_is_hidden_unless_it_is_said_to_be_something_else(said: str, shown: str | None) -> None:
    assert mask_said(said, "", "138-0013-8000", "") == (said if shown is None else shown)


@pytest.mark.parametrize("word", load_rules().sensitive.other_numbers)
def test_what_is_no_bank_card_where_it_is_typed_is_none_where_it_is_masked(word: str) -> None:
    number = "6222020011112222333"
    kept = mask_said(f"{word}号{number}", "", "", "") == f"{word}号{number}"
    assert kept is (word not in ("快递", "型号", "车架")), (
        "a courier has a phone too; the others are not of digits alone"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("车牌苏E12345", "车牌苏E*****"),
        ("浙A·D12345，粤B 1234警", "浙A·******，粤B *****"),
        ("浙a12345", "浙a*****"),
        ("鲁A区、云A", "鲁A区、云A"),
    ],
)
def test_of_a_plate_the_province_and_its_letter_stay(said: str, shown: str) -> None:
    assert mask_plates(said) == shown


# ------------------------------------------------------------------------------------------------------ who sees it

ROLES = {"小王": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}


def authority(*, on: bool = True, least: Role = Role.RECEPTIONIST) -> Authority:
    rights = {**POLICY.authority.rights, Right.VIEW_FULL: least}
    return replace(POLICY.authority, rights=rights, roles=ROLES if on else {})


def test_secrecy_is_kept_from_all_but_who_may_who_took_it_in_and_who_owes_on_it() -> None:
    file = a_life(confidential=True, receiver="小周", first_contact="小吴")
    debtors = {owed.owed_by for owed in file.owed}
    people = ("小周", "小吴", "小郑", "小王", "林主管", "赵店长", *debtors)

    seen = {who for who in people if sight_of(authority(), who).whole(file)}

    assert seen == {"小周", "小吴", "林主管", "赵店长", *debtors}
    assert all(sight_of(authority(on=False), who).whole(file) for who in people)


@pytest.mark.parametrize("least", list(Role))
def test_a_case_without_secrecy_is_seen_whole_by_who_has_the_right(least: Role) -> None:
    file, order = a_life(), list(Role)
    for who, role in {**ROLES, "小周": Role.RECEPTIONIST}.items():
        shown = sight_of(authority(least=least), who).shown(file)
        assert shown.is_concealed is (order.index(role) < order.index(least))
