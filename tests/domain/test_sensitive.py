"""What may be sensitive in a text is found where it stands, and an order number is no bank card."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.sensitive import Kind, find, read_lexicon
from desk_app.services.rules import load_rules

LEXICON = load_rules().sensitive
PLACES = ("110101", "320504", "430102", "650104")
WEIGHTS = [pow(2, 17 - n, 11) for n in range(17)]  # GB 11643, as the standard gives them
around = st.text(st.sampled_from("空调不制冷，。（）退款 \n"), max_size=30)


def told(text: str) -> list[tuple[Kind, str]]:
    return [(found.kind, text[found.start : found.end]) for found in find(text, LEXICON)]


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2025, 12, 31)))
    first = draw(st.sampled_from(PLACES)) + f"{born:%Y%m%d}" + f"{draw(st.integers(0, 999)):03}"
    remainder = sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11
    return first + next(c for n, c in enumerate("0123456789X") if (remainder + n) % 11 == 1)


@st.composite
def cards(draw: st.DrawFn) -> str:
    size = draw(st.integers(16, 19))
    first = "62" + draw(st.text("0123456789", min_size=size - 3, max_size=size - 3))
    return next(first + str(n) for n in range(10) if luhn(first + str(n)))


def luhn(number: str) -> bool:
    values = [int(c) * (1 + n % 2) for n, c in enumerate(reversed(number))]
    return sum(v // 10 + v % 10 for v in values) % 10 == 0


@given(around, identities(), around)
def test_an_identity_number_is_found_where_it_stands(before: str, number: str, after: str) -> None:
    text = f"{before}{number}{after}"
    assert told(text) == [(Kind.ID_NUMBER, number)]
    assert find(text, LEXICON)[0].start == len(before)


@given(identities(), st.integers(1, 9))
def test_with_a_wrong_check_digit_it_is_none(number: str, by: int) -> None:
    wrong = number[:16] + str((int(number[16]) + by) % 10) + number[17]
    assert (Kind.ID_NUMBER, wrong) not in told(wrong)


@given(around, cards(), around)
def test_a_bank_card_is_found_however_it_is_grouped(before: str, number: str, after: str) -> None:
    grouped = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    for written in (number, grouped, number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        kinds = told(f"{before}，{written}，{after}")
        assert kinds in ([(Kind.ACCOUNT, written)], [(Kind.ID_NUMBER, written)])  # a card may be an identity number


@given(cards(), st.integers(1, 9))
def test_a_card_with_a_slip_in_it_is_none(number: str, by: int) -> None:
    wrong = number[:-1] + str((int(number[-1]) + by) % 10)
    assert (Kind.ACCOUNT, wrong) not in told(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "订单号6222021001116245702没收到",
        "快递单号 6222021001116245702",
        "手机 13800138000，座机 0512-66123456",
        "车架号 LSVAA4182E2123456",
        "20261122100012345678",
        "A6222021001116245702",
        "110101900307751",
        "孩子气的装修，二十三岁的车，8.3岁，几十岁",
        "14岁以上可以进",
        "机车3岁以上",
        "指纹锁打不开，人脸识别失灵",
        "这毛病修了三次",
    ],
)
def test_what_only_looks_like_it_is_nothing(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("卡号 6222021001116245702", (Kind.ACCOUNT, "6222021001116245702")),
        ("身份证110101900307751", (Kind.ID_NUMBER, "110101900307751")),
        ("孩子6岁，被门夹了手", (Kind.MINOR, "6岁")),
        ("女儿十三周岁", (Kind.MINOR, "十三周岁")),
        ("还是未成年", (Kind.MINOR, "未成年")),
        ("孩子未满14", (Kind.MINOR, "未满14")),
        ("做完项目脸上红肿", (Kind.MEDICAL, "红肿")),
        ("有糖尿病", (Kind.MEDICAL, "糖尿病")),
        ("泄露了我的开房记录", (Kind.WHEREABOUTS, "开房记录")),
        ("录了我的指纹", (Kind.BIOMETRIC, "指纹")),
        ("他是穆斯林", (Kind.RELIGION, "穆斯林")),
    ],
)
def test_what_is_sensitive_is_found(text: str, found: tuple[Kind, str]) -> None:
    assert told(text) == [found]


def test_several_are_told_in_the_order_of_the_text() -> None:
    text = "孩子4岁，烫伤住院，身份证110101199003077774"
    assert [kind for kind, _ in told(text)] == [Kind.MINOR, Kind.MEDICAL, Kind.MEDICAL, Kind.ID_NUMBER]


@given(st.text(max_size=200))
def test_every_finding_lies_within_the_text_and_none_over_another(text: str) -> None:
    found = find(text, LEXICON)
    assert all(0 <= f.start < f.end <= len(text) for f in found)


@pytest.mark.parametrize("words", [{"weather": ["雨"]}, {"medical": "雨"}, {"medical": [" "]}])
def test_a_lexicon_that_is_none_is_refused(words: dict[str, object]) -> None:
    number = {"other": ["单号"], "identity": ["身份证"]}
    with pytest.raises((TypeError, ValueError)):
        read_lexicon({"words": words, "card": {}, "number": number})
