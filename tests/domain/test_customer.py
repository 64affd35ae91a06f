"""Who is one customer: by number, by name, and by what the shop decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import customer
from desk_app.domain.customer import CustomerAction, CustomerClass, CustomerEvent
from tests.helpers.builders import NOW


def decided(number: int, action: CustomerAction, one: str, other: str = "", **data: object) -> CustomerEvent:
    return CustomerEvent(id=number, action=action, at=NOW, by="李娜", customer=one, other=other, data=data)


def merged(number: int, one: str, other: str) -> CustomerEvent:
    return decided(number, CustomerAction.MERGE, one, other)


@pytest.mark.parametrize(
    ("name", "phone", "known_by"),
    [
        ("张小山先生", "138-0013 8000", ("13800138000",)),
        ("张小山先生", "１３８００１３８０００、0512-66778899", ("13800138000", "051266778899")),
        ("张小山先生", "+86 13800138000", ("13800138000",)),
        ("张小山先生", "", ("=张小山",)),
        ("张小山", "分机 801", ("=张小山",)),
        ("李女士", "", ()),
        ("李女士、王先生", "", ()),
        ("王先生/女士", "", ()),
        ("女士", "", ()),
        ("欧阳女士", "", ()),
        ("李女士（老客户）", "", ()),
        ("张总", "", ()),
        ("小李", "", ()),
        ("王某某", "", ()),
        ("一位住店客人", "", ()),
        ("不详", "", ()),
        ("", "", ()),
        ("张 小山", "", ("=张小山",)),
        ("张　小山 先生", "", ("=张小山",)),
        ("张小山（王大爷的儿子）", "", ("=张小山",)),
        ("张小山/李女士", "", ("=张小山、李",)),
        ("张小山", "12315", ("=张小山",)),
        ("张小山", "6677889", ("6677889",)),
        ("Smith, John", "", ("=smith, john",)),
        ("Mr Smith", "", ("=mr smith",)),
        ("华远商贸有限公司", "", ("=华远商贸有限公司",)),
    ],
)
def test_a_customer_is_known_by_their_numbers_and_without_one_by_their_full_name(
    name: str, phone: str, known_by: tuple[str, ...]
) -> None:
    assert customer.keys(name, phone) == known_by


def test_nobody_is_known_by_what_an_anonymous_case_says() -> None:
    assert customer.keys("张小山", "13800138000", anonymous=True) == ()


def test_a_merge_ties_whole_customers_together_and_a_split_undoes_that_one_alone() -> None:
    decisions = [merged(1, "a", "b"), merged(2, "b", "c"), merged(3, "x", "y")]

    assert customer.together("c", decisions) == ("c", "a", "b")
    assert customer.together("x", decisions) == ("x", "y")
    assert customer.together("z", decisions) == ("z",)

    decisions.append(decided(4, CustomerAction.SPLIT, "b", "c", undoes=2))

    assert customer.together("c", decisions) == ("c",)
    assert customer.together("a", decisions) == ("a", "b")


def test_merged_twice_and_split_once_they_are_one_still() -> None:
    decisions = [merged(1, "a", "b"), merged(2, "b", "a"), decided(3, CustomerAction.SPLIT, "a", "b", undoes=1)]

    assert customer.together("a", decisions) == ("a", "b")


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8), st.data())
def test_to_be_one_customer_is_the_same_seen_from_each_of_their_keys(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    decisions = [merged(i, a, b) for i, (a, b) in enumerate(pairs, 1)]
    key = data.draw(st.sampled_from("abcdef"))

    known = customer.together(key, decisions)

    assert known[0] == key
    assert all(frozenset(customer.together(other, decisions)) == frozenset(known) for other in known)
    assert all({a, b} <= frozenset(known) or not {a, b} & frozenset(known) for a, b in pairs)


def test_the_class_is_the_one_that_was_given_last_to_any_of_their_keys() -> None:
    first = decided(1, CustomerAction.CLASSIFY, "a", **{"class": "key"})
    second = decided(2, CustomerAction.CLASSIFY, "b", **{"class": "regular"})

    assert customer.class_of(("a", "b"), [first, second]) is CustomerClass.REGULAR
    assert customer.class_of(("a",), [first, second]) is CustomerClass.KEY
    assert customer.class_of(("c",), [first, second]) is None
    assert customer.class_of(("a",), [first, replace(second, customer="a", data={"class": ""})]) is None
