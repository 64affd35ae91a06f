from __future__ import annotations

import pytest

from desk_app.domain import pins
from desk_app.errors import KnownError


@pytest.mark.parametrize("pin", ["2580", "7913", "correct horse battery", "王芳的口令很长", "a1b2", "1" + "2" * 127])
def test_any_text_of_four_and_more_is_a_pin(pin: str) -> None:
    assert pins.as_set(pin, "小周") == pin


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("", "pin_short"), ("123", "pin_short"), ("   9 ", "pin_short"), ("x" * 129, "pin_long"),
        ("1111", "pin_worst"), ("1234", "pin_worst"), ("987654", "pin_worst"), ("0000000", "pin_worst"),
        ("１２３４", "pin_worst"), ("abcd", "pin_worst"), ("Password", "pin_worst"), ("ZHOU FANG", "pin_worst"),
    ],
)  # fmt: skip
def test_what_is_too_short_or_is_tried_first_is_refused(pin: str, code: str) -> None:
    with pytest.raises(KnownError, match=code):
        pins.as_set(pin, "Zhou Fang")


def test_a_pin_is_the_same_whatever_width_the_input_method_gives_it() -> None:
    assert pins.as_typed(" ２５８０") == pins.as_typed("2580") == "2580"
