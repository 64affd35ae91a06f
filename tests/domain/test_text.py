from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.text import find_unstorable, first_words, phone_key, phones, strip_unstorable, unify_line_breaks


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\x7f", "\ud800", chr(0xDFFF), "\ufdd0", "\ufffe", "\uffff"],
)
def test_what_no_file_can_carry_is_found_where_it_stands(character: str) -> None:
    assert find_unstorable(f"退款{character}") == 2
    assert find_unstorable(f"退款{character}", one_line=True) == 2


@pytest.mark.parametrize(
    "text", ["", "水壶\n漏水\t了", "𠮷野家", "👨‍👩‍👧 生气 😡", "=HYPERLINK(1)", "\u3000缩进", "ﾊﾝｶｸ", "\U0010fffd"]
)
def test_what_people_write_can_be_kept(text: str) -> None:
    assert find_unstorable(text) is None


@pytest.mark.parametrize("character", ["\n", "\t", "\u202e", "\u2066", "\u2069"])
def test_a_line_takes_no_break_and_nothing_that_turns_the_writing_round(character: str) -> None:
    assert find_unstorable(f"李{character}四") is None
    assert find_unstorable(f"李{character}四", one_line=True) == 1


def test_the_first_of_several_is_told() -> None:
    assert find_unstorable("一\t二\x00", one_line=True) == 1
    assert find_unstorable("一\x00二\t", one_line=True) == 1


@given(st.text(st.characters(codec=None)))
def test_what_is_left_after_stripping_can_be_kept_and_nothing_else_went(text: str) -> None:
    left = strip_unstorable(text)

    assert find_unstorable(left) is None
    kept = [c for c in unify_line_breaks(text) if find_unstorable(c) is None]
    assert left == "".join(kept)


@given(st.text(st.characters(codec="utf-8")))
def test_what_can_be_kept_is_utf8(text: str) -> None:
    if find_unstorable(text) is None:
        assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("before", "after"),
    [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\r\r\nb\n", "a\n\nb\n"), ("a\nb", "a\nb"), ("", "")],
)
def test_every_line_break_becomes_one(before: str, after: str) -> None:
    assert unify_line_breaks(before) == after


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("138-0013 8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("13800138000，13900139000", "13800138000 13900139000"),
        ("13800138000 13900139000", "13800138000 13900139000"),
        ("13800138000/0512-66123456", "13800138000 051266123456"),
        ("138-0013 8000、0512-66", "13800138000 051266"),
        ("(0512) 6612 3456 转 8", "0512661234568"),
        ("8613800138", "8613800138"),
        ("微信 abc", ""),
        ("", ""),
    ],
)
def test_a_phone_is_found_however_it_was_typed(typed: str, key: str) -> None:
    assert phone_key(typed) == key


@given(st.text())
def test_a_phone_key_is_digits_and_blanks_and_stays_itself(typed: str) -> None:
    key = phone_key(typed)

    assert set(key) <= {" ", *(c for c in key if unicodedata.category(c) == "Nd")}
    assert key == key.strip()


def test_first_words_make_one_line_and_show_where_they_were_cut() -> None:
    assert first_words("  水壶\n\n漏水 ", 10) == "水壶 漏水"
    assert first_words("一二三四五六", 6) == "一二三四五六"
    assert first_words("一二三四五六七", 6) == "一二三四五…"


@pytest.mark.parametrize(
    ("typed", "each"),
    [
        ("138-0013 8000", ("138-0013 8000",)),
        ("13800138000 13900139000", ("13800138000", "13900139000")),
        (
            "0512-6612 3456 转 8012，+86 139 0013 9000；家里 66123456",
            ("0512-6612 3456 转 8012", "+86 139 0013 9000", "家里 66123456"),
        ),
        ("、", ()),
        ("", ()),
    ],
)
def test_each_phone_is_told_as_it_was_typed(typed: str, each: tuple[str, ...]) -> None:
    assert phones(typed) == each


@given(st.lists(st.from_regex(r"\+?\d{3}[- ]\d{4}( \d{4})?", fullmatch=True), max_size=4), st.sampled_from("、，；,;/"))
def test_the_keys_to_find_phones_by_are_those_of_each_phone(numbers: list[str], separator: str) -> None:
    typed = separator.join(numbers)

    assert phones(typed) == tuple(numbers)
    assert phone_key(typed) == " ".join(phone_key(number) for number in numbers)
