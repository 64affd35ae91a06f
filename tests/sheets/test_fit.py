"""The estimate of wrapped lines against a wrapping done character by character, by another rule for widths."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.sheets.fit import count_lines, width_of, with_whole_boxes

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


# ------------------------------------------------------------------------------------------------------ boxes to tick


@pytest.mark.parametrize(
    ("text", "capacity", "lines"),
    [
        ("□是　☑否", 10, ["□是　☑否"]),
        ("□非常满意　☑满意　□一般　□不满意", 20, ["□非常满意　☑满意", "□一般　□不满意"]),
        ("□非常满意　☑满意　□一般　□不满意", 18, ["□非常满意　☑满意", "□一般　□不满意"]),
        ("□非常满意　☑满意　□一般　□不满意", 17, ["□非常满意", "☑满意　□一般", "□不满意"]),
        ("方式：□电话　□上门", 16, ["方式：□电话", "□上门"]),
        ("□长得一行放不下的选项　☑短", 10, ["□长得一行放不下的选项", "☑短"]),
        ("□否　□是　　形式：　　　　", 10, ["□否", "□是　　形式：　　　　"]),
        ("没有方框的文字不动", 4, ["没有方框的文字不动"]),
        ("一\n□甲　□乙", 4, ["一", "□甲", "□乙"]),
    ],
)
def test_a_box_stays_with_its_words(text: str, capacity: int, lines: list[str]) -> None:
    assert with_whole_boxes(text, capacity).split("\n") == lines


@given(st.lists(st.text("甲乙ab", min_size=1, max_size=9), min_size=1, max_size=9), st.integers(2, 60))
def test_no_line_of_boxes_is_wider_than_it_must_be_and_nothing_is_lost(words: list[str], capacity: int) -> None:
    text = "　".join(f"□{word}" for word in words)

    lines = with_whole_boxes(text, capacity).split("\n")

    assert "　".join(lines) == text
    assert all(line.startswith("□") for line in lines)
    assert all(width_of(line) <= capacity or line.count("□") == 1 for line in lines)
    assert all(width_of(f"{one}　{other.split('　')[0]}") > capacity for one, other in pairwise(lines))
