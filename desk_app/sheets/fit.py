"""How many lines a text takes in a column: arithmetic instead of a font, so that any machine makes the same sheet.

The unit is the half-width character, half as wide as a Chinese one, as in 宋体.
"""

from __future__ import annotations

import re
from math import ceil

_WORD = re.compile(r"[!-~]{2,}")
_BOXED = re.compile("[□☑][^□☑]*|[^□☑]+")
BETWEEN_BOXES = "　"
_RAGGED = 1
"""What a wrapped line loses on average: an odd half, or a full stop that may not begin the next line."""


def width_of(text: str) -> int:
    """Return the width of a text without line breaks, in half-width characters.

    It is taken from the length in UTF-8, which is fast: ASCII has one byte and width 1, Chinese characters and
    punctuation three bytes and width 2. Everything else comes out as wide as it is or a little wider (emoji 2.5).
    """
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "surrogatepass")) + 1) // 2


def with_whole_boxes(text: str, capacity: int) -> str:
    """Return a text with a line break before each box to tick that would part from its words in a column so wide.

    A box stays with all that follows it up to the next one; the blank between two of them gives way to the break. A
    character that forbids a break would be found by nobody who searches for the words, and Excel does not heed it.
    """
    return "\n".join(_with_whole_boxes(line, capacity) for line in text.split("\n"))


def _with_whole_boxes(line: str, capacity: int) -> str:
    if width_of(line) <= capacity:
        return line
    lines = [""]
    for part in _BOXED.findall(line):
        if lines[-1] and width_of(lines[-1] + part.removesuffix(BETWEEN_BOXES)) > capacity:
            lines[-1] = lines[-1].removesuffix(BETWEEN_BOXES)
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def count_lines(text: str, capacity: int) -> int:
    """Return on how many lines a text stands in a column that holds ``capacity`` half-width characters.

    Never fewer than wrapping needs, and seldom more: Chinese breaks anywhere, a word of Latin letters or digits moves
    to the next line as a whole. That no line may begin with a full stop is allowed for on the average.
    """
    if "\n" in text:
        return sum(_count(line, capacity) for line in text.split("\n"))
    return _count(text, capacity)


def _count(line: str, capacity: int) -> int:
    if len(line) * 2 <= capacity:  # no character is wider than two
        return 1
    width = width_of(line)
    if width <= capacity:
        return 1
    usable = max(capacity - _RAGGED, 1)
    words = [min(len(word), capacity) for word in _WORD.findall(line)]
    if not words:
        return ceil(width / usable)
    gaps = sum(words) - len(words)  # no word leaves more blank before it than all but one of its characters
    longest = max(words)
    by_words = ceil((width + gaps) / usable)
    return min(by_words, ceil(width / (usable + 1 - longest))) if longest < usable else by_words
