"""A data file asked key by key: what is wrong is told with its place and on which line that is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.sheets.toml_table import PlaceError, Table, line_of, wrong

if TYPE_CHECKING:
    from collections.abc import Callable


class Colour(StrEnum):
    """Something to choose."""

    RED = "red"
    BLUE = "blue"


DATA: dict[str, Any] = {
    "text": "words", "blank": " ", "broken": "a\nb", "whole": 3, "half": 1.5, "tick": True,
    "not_a_number": float("nan"),
    "texts": ["a", "b"], "mixed": ["a", 1], "inner": {"text": "deep", "more": 1}, "inners": [{"text": "1"}, 7],
    "colour": "red", "colours": ["red", "blue"], "colour_": "green", "phrase": "{year} and {{braces}}",
}  # fmt: skip


def a_table() -> Table:
    return Table(DATA, "sheet[2]")


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        (lambda t: t.take("text", str), "words"),
        (lambda t: t.take("none", str, "else"), "else"),
        (lambda t: t.number("half", 1, 2), 1.5),
        (lambda t: t.number("whole", 1, 3), 3),
        (lambda t: t.whole("whole", 3, 3), 3),
        (lambda t: t.whole("none", 1, 3, 2), 2),
        (lambda t: t.line("text"), "words"),
        (lambda t: t.texts("texts"), ("a", "b")),
        (lambda t: t.texts("none", []), ()),
        (lambda t: t.choice("colour", Colour), Colour.RED),
        (lambda t: t.choice("none", Colour, Colour.BLUE), Colour.BLUE),
        (lambda t: t.members("colours", Colour), {Colour.RED, Colour.BLUE}),
        (lambda t: t.members("none", Colour), set()),
        (lambda t: t.table("inner").take("text", str), "deep"),
        (lambda t: t.phrase("phrase", ("year",)), "{year} and {{braces}}"),
    ],
)
def test_what_is_right_is_handed_out(ask: Callable[[Table], object], found: object) -> None:
    assert ask(a_table()) == found


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda t: t.take("none", str), "none = None (str)"),
        (lambda t: t.take("whole", str), "whole = 3 (str)"),
        (lambda t: t.take("tick", int), "tick = True (int)"),
        (lambda t: t.take("tick", (int, float)), "tick = True (int / float)"),
        (lambda t: t.number("half", 2, 3), "half = 1.5 (2 … 3)"),
        (lambda t: t.number("not_a_number", 2, 3), "not_a_number = nan (2 … 3)"),
        (lambda t: t.whole("half", 1, 3), "half = 1.5 (int)"),
        (lambda t: t.whole("whole", 4, 9), "whole = 3 (4 … 9)"),
        (lambda t: t.line("blank"), "blank = ' '"),
        (lambda t: t.line("broken"), "broken = 'a\\nb'"),
        (lambda t: t.texts("mixed"), "mixed[2] = 1"),
        (lambda t: t.texts("text"), "text = 'words' (list)"),
        (lambda t: t.choice("colour_", Colour), "colour_ = 'green' (red / blue)"),
        (lambda t: t.members("texts", Colour), "texts[1] = 'a' (red / blue)"),
        (lambda t: t.table("text"), "text = 'words' (dict)"),
        (lambda t: t.table("inner").take("none", str), "inner.none = None (str)"),
        (lambda t: t.tables("inners"), "inners[2] = 7 ([table])"),
        (lambda t: t.table("inner").done(), "inner.more = '?'"),
        (lambda t: t.phrase("phrase", ()), "phrase = '{year} and {{braces}}'"),
        (lambda _: wrong("a.b", 1), "a.b = 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(ask: Callable[[Table], object], told: str) -> None:
    with pytest.raises(PlaceError) as caught:
        ask(a_table())
    assert str(caught.value) in {f"sheet[2].{told}", told}


@pytest.mark.parametrize(
    "phrase",
    ["{month}", "{}", "{0}", "{year", "year}", "{year.real}", "{year!r}", "{year:>99}", "{year:{year}}", "{ }"],
)
def test_a_phrase_has_known_names_and_nothing_else_in_braces(phrase: str) -> None:
    with pytest.raises(PlaceError):
        Table({"phrase": phrase}, "").phrase("phrase", ("year",))


@given(st.text(st.sampled_from("{}year!:.[]0 "), max_size=12))
def test_a_phrase_that_was_accepted_can_be_filled_in(phrase: str) -> None:
    try:
        Table({"phrase": phrase}, "").phrase("phrase", ("year",))
    except PlaceError:
        return
    assert "{year}" not in phrase.format(year=2026) or "{{" in phrase


TOML = """# a comment
id = "own"
widths = [1, 2]

[of]
each = "deed"
where = { medium = ["phone"] }

[[columns]]
key = "number"
width = 4

[[columns]]
key = "place"

[[rows]]
cells = ["a"]

[[rows]]
lines = 2
block = [
    { cells = ["b"] },
    { cells = ["c", { text = "d", span = 2 }] },
]
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("id", 2),
        ("widths", 3),
        ("title", 1),  # it is missing
        ("of", 5),
        ("of.each", 6),
        ("of.where.medium", 7),
        ("of.kinds[1]", 5),
        ("columns", 9),
        ("columns[1].width", 11),
        ("columns[2].key", 14),
        ("columns[2].width", 13),
        ("rows[1].cells[1]", 17),
        ("rows[2].lines", 20),
        ("rows[2].block", 21),
        ("rows[2].block[1].cells[1]", 22),
        ("rows[2].block[2].cells[1].span", 23),
        ("rows[2].block[3]", 21),
        ("columns[9].key", 1),
        ("", 1),
        ("。", 1),
    ],
)
def test_a_place_is_found_on_its_line(place: str, line: int) -> None:
    assert line_of(TOML, place) == line


@given(st.text(max_size=60), st.text(max_size=20))
def test_every_place_is_on_some_line_of_whatever_text(text: str, place: str) -> None:
    assert 1 <= line_of(text, place) <= max(1, len(text.splitlines()))
