"""Which category a text speaks for, by the words in it."""

from __future__ import annotations

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.fields import Plan, Trade
from desk_app.domain.own_trade import merged, tree
from desk_app.domain.suggesting import Dictionary, suggest

WORDS = {
    "坏了": "商品 > 质量",
    "异响": "商品 > 质量",
    "太贵": "商品 > 价格",
    "态度": "服务",
    "服务态度差": "服务 > 态度",
}
DICTIONARY = Dictionary(WORDS)
TRADE = Trade(
    "shop",
    ("商品", "商品 > 质量", "商品 > 价格", "服务", "服务 > 态度"),
    (),
    plans=(Plan("商品", "验看", ("看货",)), Plan("商品 > 质量", "退换", ("换货",))),
    words=WORDS,
)
TEXTS = st.text(alphabet="坏了异响太贵服务态度差，A\n", max_size=40)


def paths(text: str) -> list[str]:
    return [found.path for found in suggest(text, DICTIONARY)]


def test_a_word_of_the_text_speaks_for_its_category_and_is_named() -> None:
    (found,) = suggest("水壶昨天坏了，请看看", DICTIONARY)

    assert (found.path, found.words) == ("商品 > 质量", ("坏了",))


def test_nothing_is_suggested_where_no_word_is_known() -> None:
    assert suggest("", DICTIONARY) == suggest("今天天气很好", DICTIONARY) == ()
    assert suggest("坏了", Dictionary({})) == ()


def test_several_words_add_up_and_are_named_in_the_order_of_the_text() -> None:
    found = suggest("太贵了，还异响，没几天就坏了", DICTIONARY)

    assert [f.path for f in found] == ["商品 > 质量", "商品 > 价格"]
    assert found[0].words == ("异响", "坏了")


def test_a_longer_phrase_counts_more_than_several_short_words_and_its_parts_do_not_speak() -> None:
    assert paths("异响，坏了，服务态度差") == ["服务 > 态度", "商品 > 质量"]
    assert paths("服务态度差") == ["服务 > 态度"]
    assert paths("态度不好，服务态度差") == ["服务 > 态度", "服务"]


def test_of_equals_the_first_that_is_spoken_of_comes_first() -> None:
    assert paths("坏了，太贵") == ["商品 > 质量", "商品 > 价格"]
    assert paths("太贵，坏了") == ["商品 > 价格", "商品 > 质量"]


def test_the_width_of_signs_and_the_case_of_letters_do_not_matter() -> None:
    dictionary = Dictionary({"WiFi": "网络", "Ｋ歌": "娱乐"})

    assert [f.path for f in suggest("ＷＩＦＩ 断了", dictionary)] == ["网络"]
    assert [f.path for f in suggest("k歌太吵", dictionary)] == ["娱乐"]


@given(TEXTS)
def test_every_suggestion_is_a_category_with_words_that_are_in_the_text(text: str) -> None:
    found = suggest(text, DICTIONARY)

    assert found == suggest(text, Dictionary(dict(reversed(WORDS.items()))))  # the order of the dictionary is nothing
    assert len({f.path for f in found}) == len(found)
    for path, words in found:
        assert words
        assert all(word in text and WORDS[word] == path for word in words)


@given(TEXTS, TEXTS)
def test_what_is_suggested_for_a_text_is_not_lost_by_saying_more(text: str, more: str) -> None:
    assert {f.path for f in suggest(f"{text}。{more}", DICTIONARY)} >= {
        f.path for f in suggest(text, DICTIONARY) if "态度" not in f.words
    }


def test_five_hundred_phrases_do_not_delay_a_key() -> None:
    many = Dictionary({f"词{n}语{n}": f"类{n % 40}" for n in range(500)})
    text = "".join(f"词{n}语{n}，" for n in range(0, 500, 15))[:200]

    took = []
    for _ in range(20):
        start = perf_counter()
        suggest(text, many)
        took.append(perf_counter() - start)

    assert min(took) < 0.001


# ------------------------------------------------------------------------------------- a trade as a shop has it


def test_what_a_shop_adds_stands_at_the_end_of_its_first_level() -> None:
    own = merged(TRADE, ("商品 > 包装", "停车 > 收费"), (), {})

    assert own.categories == (*TRADE.categories[:3], "商品 > 包装", *TRADE.categories[3:], "停车", "停车 > 收费")


def test_what_a_shop_hides_is_not_offered_nor_what_is_below_it_nor_suggested() -> None:
    own = merged(TRADE, (), {"商品 > 价格", "服务"}, {})

    assert own.categories == ("商品", "商品 > 质量")
    assert set(own.words) == {"坏了", "异响"}
    assert tree(TRADE, ()) == TRADE.categories


def test_the_words_of_a_shop_are_laid_over_those_of_the_trade() -> None:
    own = merged(TRADE, ("停车",), (), {"坏了": "", "异响": "服务", "车位": "停车", "猫": "动物"})

    assert own.words == {
        "异响": "服务",
        "太贵": "商品 > 价格",
        "态度": "服务",
        "服务态度差": "服务 > 态度",
        "车位": "停车",
    }


def test_the_plan_for_a_category_comes_before_that_for_its_first_level() -> None:
    goods, quality = TRADE.plans

    assert TRADE.plan_for("商品 > 质量") == quality
    assert TRADE.plan_for("商品") == TRADE.plan_for("商品 > 价格") == TRADE.plan_for("商品 > 本店的") == goods
    assert TRADE.plan_for("") is TRADE.plan_for("服务 > 态度") is None
