from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import recovery_code


@pytest.mark.parametrize(("size", "groups"), [(10, 5), (16, 7)])
def test_a_code_is_groups_of_four_without_letters_that_look_like_others(size: int, groups: int) -> None:
    code = recovery_code.encode(bytes(range(200, 200 + size)))

    assert [len(group) for group in code.split("-")] == [4] * groups
    assert not set(code) & set("ILOU")


@given(st.sampled_from([10, 16]).flatmap(lambda size: st.binary(min_size=size, max_size=size)))
def test_what_is_typed_in_is_what_was_printed(secret: bytes) -> None:
    code = recovery_code.encode(secret)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert recovery_code.decode(code, len(secret)) == secret
    assert recovery_code.decode(f"  {typed}\n", len(secret)) == secret


def test_every_wrong_letter_and_every_two_that_changed_places_are_noticed() -> None:
    secret = bytes.fromhex("00ff17a4c8d2e35b6190")
    code = recovery_code.encode(secret)
    letters = string.digits + "ABCDEFGHJKMNPQRSTVWXYZ"
    wrong = {
        code[:place] + letter + code[place + 1 :] for place, old in enumerate(code) if old != "-" for letter in letters
    }
    swapped = {code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(len(code) - 1)}

    accepted = {typed for typed in wrong | swapped if recovery_code.decode(typed, 10) is not None}
    assert {typed.replace("-", "") for typed in accepted} == {code.replace("-", "")}


@pytest.mark.parametrize("typed", ["", "1234", "你好", "U" * 20, "0" * 2000, "0000-0000-0000-0000-0000", "\ud800"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert recovery_code.decode(typed, 10) is None
