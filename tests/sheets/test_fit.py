"""The estimate of wrapped lines against a wrapping done character by character, by another rule for widths."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.sheets.fit import count_lines, width_of

if TYPE_CHECKING:
    from pathlib import Path

_MAY_NOT_BEGIN_A_LINE = set("，。、；：？！）》」』】”’…·")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _wrapped(text: str, capacity: int, *, hold_stops: bool = False) -> int:
    """Wrap as a spreadsheet does: Chinese anywhere, words whole; ``hold_stops``: no line begins with a full stop."""
    lines = 0
    for line in text.split("\n"):
        lines += 1
        at, before = 0, ""
        for piece in re.findall(r"[!-~]+|[^!-~]", line):
            width = _width(piece)
            if at + width <= capacity:
                at += width
            elif (
                hold_stops
                and piece in _MAY_NOT_BEGIN_A_LINE
                and len(before) == 1
                and before not in _MAY_NOT_BEGIN_A_LINE
            ):
                lines, at = lines + 1, _width(before) + width
            elif width > capacity:
                lines += (at > 0) + -(-width // capacity) - 1
                at = width % capacity or capacity
            elif piece != " ":
                lines, at = lines + 1, width
            before = piece
    return lines


@pytest.mark.parametrize(
    ("text", "capacity", "lines"),
    [
        ("", 10, 1),
        ("空调不制冷", 10, 1),
        ("空调不制冷了", 10, 2),
        ("一\n二\n\n四", 10, 4),
        ("abcdefghij", 10, 1),
        ("𠮷野家", 10, 1),
        ("房号808", 7, 1),
        ("房号808", 6, 2),
    ],
)
def test_short_texts_are_counted_exactly(text: str, capacity: int, lines: int) -> None:
    assert count_lines(text, capacity) == lines


_CHINESE = st.text(alphabet="空调不制冷房间前台，。！（）808 abcXYZ-\n", max_size=300)


@given(_CHINESE, st.integers(min_value=8, max_value=60))
def test_no_text_gets_fewer_lines_than_it_needs(text: str, capacity: int) -> None:
    assert count_lines(text, capacity) >= _wrapped(text, capacity)


@given(st.text(alphabet="空调不制冷房间前台", max_size=800), st.integers(min_value=20, max_value=60))
def test_chinese_text_gets_hardly_more_lines_than_it_needs(text: str, capacity: int) -> None:
    assert count_lines(text, capacity) <= _wrapped(text, capacity) * 1.1 + 1


@given(_CHINESE, _CHINESE, st.integers(min_value=4, max_value=60))
def test_a_longer_text_never_gets_fewer_lines(text: str, more: str, capacity: int) -> None:
    assert count_lines(text + more, capacity) >= count_lines(text, capacity)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_thought_narrower_than_its_east_asian_width(text: str) -> None:
    assert width_of(text) >= sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if unicodedata.combining(c) == 0
    )


def test_real_texts_are_neither_cut_nor_stretched(real_data: Path) -> None:
    files = [real_data / "month_2026-10.jsonl", real_data / "month_2026-10_replies.jsonl"]
    texts = [json.loads(line)["content"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    needed = [_wrapped(text, 46, hold_stops=True) for text in texts]
    given_ = [count_lines(text, 46) for text in texts]
    assert all(got >= need for got, need in zip(given_, needed, strict=True))
    assert sum(given_) <= sum(needed) * 1.06
