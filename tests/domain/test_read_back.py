"""The record read back: one spoken sentence with everything that was said, and nothing that stumbles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.read_back import Said, Template, read_template, sentence, spoken, spoken_phone
from desk_app.domain.vocabulary import Kind
from desk_app.services.rules import load_rules
from tests.helpers.real_month import read_month

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.services.rules import Rules

TEMPLATE: Template = load_rules().read_back
STOPS = "，。、；：！？…,;:!?．."
TWICE = re.compile(rf"[{re.escape(STOPS)}]\s*[{re.escape(STOPS)}]")
EMPTY = re.compile(r"（\s*）|\(\s*\)|【\s*】|《\s*》|“\s*”")
words = st.text(st.sampled_from("空调不制冷房退款AB12 \n\t（）()“”，。！？；：、…,.;!?"), max_size=200)
kinds = st.sampled_from([kind.value for kind in Kind])
saids = st.builds(Said, kind=kinds, **dict.fromkeys(("name", "when", "place", "content", "demand", "phone"), words))


def plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def test_a_whole_record_is_one_sentence(rules: Rules) -> None:
    said = Said(
        kind="complaint",
        name="李女士",
        when="昨天 20:30",
        place="3 楼 302 房",
        content="空调不制冷。打了两次电话，没有人来！\n\n很热……",
        demand="要求换房，并退一晚房费。",
        amount="300",
        due="明天 15:20",
        phone="13800138000，0512-66123456",
    )

    assert sentence(said, rules.read_back) == (
        "李女士，跟您核对一下：昨天 20:30，在3 楼 302 房，您反映空调不制冷，打了两次电话，没有人来，很热，"
        "希望换房，并退一晚房费，涉及金额 300 元，我们在 明天 15:20 前给您答复，"
        "打您 138 0013 8000、0512-66123456，对吗？"
    )


def test_what_was_not_said_is_left_out() -> None:
    assert sentence(Said("inquiry", content="几点可以退房"), TEMPLATE) == "跟您核对一下：您想了解几点可以退房，对吗？"
    assert sentence(Said("complaint", place="在大堂"), TEMPLATE) == "跟您核对一下：在大堂，对吗？"
    assert sentence(Said("praise", content="表扬小王热心"), TEMPLATE) == "跟您核对一下：您表扬小王热心，对吗？"


@pytest.mark.parametrize("said", [Said("complaint"), Said("complaint", name="李女士", phone="138", due="明天 15:20")])
def test_where_nothing_was_told_there_is_nothing_to_read(said: Said) -> None:
    assert sentence(said, TEMPLATE) == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("13800138000", "138 0013 8000"),
        ("１３８００１３８０００", "138 0013 8000"),
        ("138-0013-8000", "138 0013 8000"),
        ("+86 13800138000", "+86 138 0013 8000"),
        ("0512-66123456", "0512-66123456"),
        ("13800138000、13900139000 转 2", "138 0013 8000、139 0013 9000 转 2"),
        ("400-820-8820", "400-820-8820"),
        ("158693866651", "158693866651"),
    ],
)
def test_a_mobile_number_is_said_in_groups_and_any_other_as_it_was_typed(typed: str, said: str) -> None:
    assert spoken_phone(typed) == said


def test_what_is_no_number_is_not_called() -> None:
    said = sentence(Said("complaint", content="漏水", phone="微信 li_2026"), TEMPLATE)
    assert said == "跟您核对一下：您反映漏水，用 微信 li_2026 联系您，对吗？"


def test_a_long_text_ends_with_a_clause() -> None:
    clause = "前台等了半个小时没有人理我"
    said = sentence(Said("complaint", content="，".join([clause] * 9)), TEMPLATE)
    assert said == f"跟您核对一下：您反映{'，'.join([clause] * 4)}等情况，对吗？"


def test_a_long_text_without_clauses_is_not_cut_within_a_number_or_a_bracket() -> None:
    said = sentence(Said("complaint", content="订" * 50 + "1234567890123456789单"), TEMPLATE)
    assert said == f"跟您核对一下：您反映{'订' * 50}等情况，对吗？"
    said = sentence(Said("complaint", content="空" * 40 + "（" + "热" * 60 + "）"), TEMPLATE)
    assert said == f"跟您核对一下：您反映{'空' * 40}等情况，对吗？"


@given(saids)
def test_it_is_one_line_without_stops_twice_or_empty_brackets(said: Said) -> None:
    told = sentence(said, TEMPLATE)

    assert "\n" not in told
    assert "\t" not in told
    assert TWICE.search(told) is None
    assert EMPTY.search(told) is None
    assert told == "" or told.endswith("，对吗？")


@given(saids)
def test_every_name_place_phone_and_time_is_in_it(said: Said) -> None:
    told = plain(sentence(said, TEMPLATE))

    if told:
        for fact in (said.name, said.when, said.place, said.phone):
            assert plain(fact) in told


@given(st.text(max_size=60))
def test_what_is_tidied_once_is_tidy(text: str) -> None:
    assert spoken(spoken(text)) == spoken(text)


def test_the_real_texts_can_be_said_in_half_a_minute(real_data: Path, rules: Rules) -> None:
    for case in (file.case for file in read_month(real_data, rules)):
        told = sentence(Said(case.kind, content=case.content, demand=case.demand, phone=case.customer_phone), TEMPLATE)
        assert len(told) < 200  # at some six characters a second
        assert TWICE.search(told) is None


@pytest.mark.parametrize(
    "entry",
    [
        {"fact": "weather", "words": "{}"},
        {"fact": "place", "words": "在"},
        {"fact": "place", "words": "在{}{}"},
        {"fact": "place", "words": {"complaint": "在"}},
        {"fact": "place", "words": "在{}", "longest": "60"},
    ],
)
def test_a_template_that_says_nothing_sensible_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_template({"opening": "", "closing": "", "and_so_on": "", "part": [entry]})


def test_the_shipped_template_speaks_of_every_kind() -> None:
    content = next(part.words for part in TEMPLATE.parts if part.fact == "content")
    assert not isinstance(content, str)
    assert set(content) == {kind.value for kind in Kind}
