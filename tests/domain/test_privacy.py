from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.privacy import mask_customer, mask_name, mask_phone, mask_said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张小山", "张**"),
        ("李四", "李*"),
        ("李女士", "李女士"),
        ("张小山先生", "张**先生"),
        ("张小山 先生", "张** 先生"),
        ("欧阳修", "欧阳*"),
        ("欧阳修老师", "欧阳*老师"),
        ("王", "王"),
        ("王先生", "王先生"),
        ("Mr Smith", "Mr S****"),
        ("mrs. Jane O'Neil", "mrs. J*** *'****"),
        ("Mrinal Sen", "M***** ***"),
        ("阿里木·买买提", "阿**·***"),
        ("云栖科技有限公司", "云栖科技有限公司"),
        ("云栖科技有限公司 张小山经理", "云栖科技有限公司 张**经理"),
        ("Acme Ltd", "Acme Ltd"),
        ("李女士（会员）", "李**（**）"),
        ("司马女士", "司马女士"),
        ("欧阳", "欧阳"),
        ("女士", "女*"),
        (" 张小山 ", "张**"),
        ("𠮷田", "𠮷*"),
        ("", ""),
    ],
)
def test_a_list_shows_the_surname_and_the_form_of_address(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(
    st.sampled_from(("张", "欧阳", "阿")),
    st.text(st.sampled_from("小山明华丽芳伟强"), max_size=4),
    st.sampled_from(("", "先生", "女士", "老师")),
)
def test_with_a_title_or_without_as_much_is_hidden(surname: str, given_name: str, title: str) -> None:
    shown = mask_name(surname + given_name + title)

    assert shown == surname + "*" * len(given_name) + title
    assert mask_name(shown) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800138000", "138****8000"),
        ("138-0013-8000", "138-****-8000"),
        ("138 0013 8000", "138 **** 8000"),
        ("+86 13800138000", "+86 1******8000"),
        ("13800138000、13900139000", "138****8000、139****9000"),
        ("66123456", "66****56"),
        ("6612345", "66***45"),
        ("8012", "8012"),
        ("１３８００１３８０００", "１３８****８０００"),
        ("", ""),
    ],
)
def test_a_list_shows_the_ends_of_a_number(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.from_regex(r"1\d{2}[- ]?\d{4}[- ]?\d{4}", fullmatch=True, alphabet="0123456789- "))
def test_four_digits_of_a_mobile_number_are_always_hidden(phone: str) -> None:
    digits = re.sub(r"\D", "", phone)
    shown = mask_phone(phone)

    assert shown.count("*") == 4
    assert re.sub(r"[- ]", "", shown) == digits[:3] + "****" + digits[-4:]


def test_a_customer_is_the_name_else_the_phone_and_a_nameless_one_is_neither() -> None:
    assert mask_customer("张小山", "13800138000") == "张**"
    assert mask_customer("", "13800138000") == "138****8000"
    assert mask_customer("", "") == ""


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("张小山先生来电，张小山很生气", "张**先生来电，张**很生气"),
        ("父亲王德发代为投诉", "父亲王**代为投诉"),
        ("请打 13800138000 或 138-0013 8000", "请打 138****8000 或 138-**** 8000"),
        ("+8613800138000", "+86138****8000"),
        ("座机 0571-88886666，本地拨 88886666", "座机 057*-****6666，本地拨 88****66"),
        ("爱人的手机 139 0000 1234 也可以", "爱人的手机 139 **** 1234 也可以"),
        ("住和平路 8 号 3 单元", "住*** 3 单元"),
        ("住和平路8号3单元，和平路　8 号，和平路 8 \n号", "住***3单元，***，和平路 8 \n号"),
        ("张 小山来过", "张 **来过"),
        (
            "１３８００１３８０００ 或 １３９-0000-１２３４，房号８３０２",
            "１３８****８０００ 或 １３９-****-１２３４，房号８３０２",
        ),
        ("订单 202610150001234567，2026-10-13 14:05 下单，599.00 元", None),
        ("李四也在场，张山不在", None),
        ("", None),
    ],
)
def test_in_what_was_said_the_customers_own_name_numbers_and_address_are_hidden_and_mobiles(
    said: str, shown: str | None
) -> None:
    names = "张小山 先生、王德发（父亲）"
    phones = "138 0013 8000, 0571-88886666"
    assert mask_said(said, names, phones, "和平路 8 号") == (said if shown is None else shown)


def test_a_latin_name_is_hidden_as_a_word_in_any_case() -> None:
    assert mask_said("JANE said: jane, not Janet", "Ms Jane", "", "") == "J*** said: j***, not Janet"
    assert mask_said("a\\1b", "x\\1y", "", "") == "a\\1b"


@pytest.mark.parametrize("name", ["李女士", "王", "云栖科技有限公司", "", "、"])
def test_who_is_shown_in_lists_as_typed_is_shown_in_texts_too(name: str) -> None:
    said = f"{name}来电：王女士、李先生同意"
    assert mask_said(said, name, "", "") == said


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=20), st.text(max_size=12))
def test_whatever_was_said_and_is_on_file_can_be_masked(said: str, names: str, phones: str, address: str) -> None:
    shown = mask_said(said, names, phones, address)
    assert mask_said(shown, "", "", "") == shown
