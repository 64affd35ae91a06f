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
        ("王建国先生", "王先生"),
        ("欧阳锋", "欧阳*"),
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
