"""What is wrong with a rules file that is no TOML, in the words of the shop, with its place."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain import rule_tables
from desk_app.domain.toml_faults import TomlFault
from desk_app.errors import KnownError
from desk_app.services.rules import load_rules

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

RULES = load_rules()

# What somebody wrote → the fault, and the place that is told.
WRONG = {
    "term 24h": ("no_equals", 1, 6),
    "= 24": ("statement", 1, 1),
    "a = 1\n时限 = 2": ("statement", 2, 1),
    "a.= 1": ("name", 1, 3),
    "[settings\nday_end = 1": ("head", 1, 10),
    "[[rule]\nid = 1": ("head", 1, 7),
    "[a]\n[a]": ("twice", 2, 3),
    "a = 1\na = 2": ("twice", 2, 6),
    "a = {b = 1, b = 2}": ("twice", 1, 18),
    "a = {b.c = 1, b.c.d = 2}": ("twice", 1, 24),
    "a = 24h": ("rest", 1, 7),
    "a = wd": ("value", 1, 5),
    "a = 2026-02-30": ("time", 1, 5),
    'a = "24h': ("quote", 1, 9),
    "a = '24h": ("quote", 1, 9),
    'a = "24h\nb = 1': ("character", 1, 9),
    'a = "C:\\data"': ("backslash", 1, 10),
    'a = "\\u12"': ("backslash", 1, 8),
    'a = "\\ud800"': ("backslash", 1, 12),
    "a = [1, 2": ("bracket", 1, 10),
    "a = {b = 1": ("brace", 1, 11),
    "a = 1 b = 2": ("rest", 1, 7),
    'a = "\u0001"': ("character", 1, 6),
    "# \u0001": ("character", 1, 3),
    "a = " + "9" * 5000: ("too_long", 1, 5005),
    "a = " + "[" * 20_000: ("too_long", 1, 20_005),
}


def fault(text: str) -> KnownError:
    with pytest.raises(KnownError, match="deadlines_not_toml") as caught:
        rule_tables.parse(text)
    return caught.value


@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:20]))
def test_what_is_wrong_is_told_with_its_place(rules: Rules, text: str) -> None:
    error = fault(text)
    sentence = rules.sentences.error(error)

    assert (error.params["detail"], error.params["line"], error.params["column"]) == WRONG[text]
    assert rules.sentences.label("toml", WRONG[text][0]) in sentence
    assert not re.search("[A-Za-z]{2,}", sentence.replace("TOML", "")), "no word of the library"


def test_every_fault_has_its_words(rules: Rules) -> None:
    assert set(rules.sentences.labels["toml"]) == set(TomlFault)
    assert {found for found, *_ in WRONG.values()} | {"other"} == set(TomlFault)


@given(st.text(st.sampled_from(list("ab1=[]{}.,#\"'\\\n\t -:时\x01")), max_size=30))
def test_no_text_is_refused_without_a_known_reason(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        error = fault(text)
        assert error.params["detail"] is not TomlFault.OTHER, text
        assert RULES.sentences.error(error)
