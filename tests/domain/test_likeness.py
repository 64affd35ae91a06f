"""How alike two tellings are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.likeness import is_like, likeness, pairs

LAST_WEEK = "302 房间的空调不制冷，前台说马上派人来修，等了两个小时都没有人来，晚上热得没法睡。"


@pytest.mark.parametrize(
    "said",
    [
        "空调不制冷，没有人来修",
        "３０２房间空调还是不制冷！！说派人来修也没来",
        "上次说的空调不制冷的事，等了这么久没有人来",
    ],
)
def test_the_same_matter_in_other_words_is_like(said: str) -> None:
    assert is_like(pairs(said), pairs(LAST_WEEK), same_category=False)


@pytest.mark.parametrize(
    "said",
    ["发票抬头开错了，要求重开一张寄到公司", "早餐的牛奶是过期的，孩子喝了拉肚子", "不好", "", "。。。！！", "房间"],
)
def test_another_matter_is_not(said: str) -> None:
    assert not is_like(pairs(said), pairs(LAST_WEEK), same_category=False)


def test_one_category_speaks_for_a_matter_told_in_other_words() -> None:
    said = pairs("热得睡不着，空调吹出来的都是热风，打电话到前台没人理")

    assert likeness(said, pairs(LAST_WEEK)) < 0.25
    assert is_like(said, pairs(LAST_WEEK), same_category=True)
    assert not is_like(said, pairs(LAST_WEEK), same_category=False)


@given(st.text(), st.text())
def test_likeness_is_a_share_whichever_is_asked_first(one: str, other: str) -> None:
    a, b = pairs(one), pairs(other)

    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) in (0, 1)
