from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.privacy import mask_customer, mask_name, mask_phone


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
