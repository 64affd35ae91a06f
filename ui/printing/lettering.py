"""Sets a text into the place that a cell has for it. The lengths here are grains, ``GRAIN`` to a point.

Sizes in grains, and letters that are not fitted to any screen's pixels, make the lines break at the same places on the
screen, on paper and in a PDF. The row heights of a sheet are reckoned for 宋体, whose Latin letters are half as wide as
its Chinese ones; where another font stands in for it a text may need more room than it has. It is then written closer
and smaller, so that nothing is ever left out.
"""

from __future__ import annotations

import re
from functools import cache
from threading import get_ident
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from desk_app.services.paper import Align
from ui.theme import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPainter, QTextLine

GRAIN = 20
"""How many make a point."""
_SONG = ("宋体", "SimSun", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN")
_TRIES = ((1.0, 1.25), *((0.93**step, 1.12) for step in range(24)))
"""Size over the size that is wanted, and line pitch over size; first as the layout of sheets reckons its rows."""
_LEAST_FOR_A_WORD = 0.84
"""How much smaller a text may become so that a telephone number, a word or a line to sign on is not divided, nor a box
to tick from its word."""
_WITHIN_A_WORD = re.compile("[0-9A-Za-z]{2}|[_＿]{2}|[□☑].")
_HAIR = 1.0
_LINE_BREAK = "\u2028"
_ALIGNMENTS = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}


class Letters(NamedTuple):
    """A typeface, its size in points, its weight."""

    family: str
    size: float
    bold: bool = False


class Place(NamedTuple):
    """Where a text goes: how wide, and how high on each of the pages that it stands on."""

    width: float
    heights: tuple[float, ...]
    wraps: bool
    align: Align


def font_of(letters: Letters) -> QFont:
    """Return the font, with what stands in for it where the system does not have it."""
    return _font(letters, get_ident())


@cache
def _font(letters: Letters, _thread: int) -> QFont:
    """Make a font for one thread: Qt keeps in it, unguarded, what the thread's own cache has found for it."""
    families = (letters.family, *(_SONG if letters.family in _SONG else ()), *FAMILIES)
    font = QFont(list(dict.fromkeys(families)))
    font.setPixelSize(max(1, round(letters.size * GRAIN)))
    font.setBold(letters.bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class SetText:
    """A text in lines. ``counts`` says how many of them stand on each page of its place."""

    def __init__(self, text: str, letters: Letters, place: Place) -> None:
        """Set it as large as it fits, at most in the size that is asked for."""
        self._text, self._letters, self._place = text.replace("\n", _LINE_BREAK), letters, place
        self.counts: tuple[int, ...] = ()
        whole: tuple[float, float] | None = None  # the first try that shows all, though it breaks a word
        for smaller, pitch in _TRIES:
            if whole and smaller < _LEAST_FOR_A_WORD:
                break
            self._set(smaller, pitch)
            if self._fits():
                if not self._breaks_a_word():
                    return
                whole = whole or (smaller, pitch)
        self._set(*(whole or _TRIES[-1]))
        self.counts = (*self.counts[:-1], self._layout.lineCount() - sum(self.counts[:-1]))

    @property
    def height(self) -> float:
        """How high the lines of all pages are together."""
        return self._layout.lineCount() * self._pitch

    def draw(self, painter: QPainter, part: int, at: QPointF) -> None:
        """Draw the lines of one page of the place (counted from 0), the first with its upper edge at ``at``."""
        first = sum(self.counts[:part])
        up = QPointF(at.x(), at.y() - first * self._pitch)
        for number in range(first, first + self.counts[part]):
            self._layout.lineAt(number).draw(painter, up)

    def _set(self, smaller: float, pitch: float) -> None:
        size = self._letters.size * smaller
        font = font_of(self._letters._replace(size=size))
        self._pitch = size * pitch * GRAIN
        metrics = QFontMetricsF(font)
        baseline = (self._pitch + metrics.ascent() - metrics.descent()) / 2
        option = QTextOption(_ALIGNMENTS[self._place.align])
        mode = QTextOption.WrapMode
        option.setWrapMode(mode.WrapAtWordBoundaryOrAnywhere if self._place.wraps else mode.ManualWrap)
        self._layout = QTextLayout(self._text, font)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        top = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(self._place.width)
            line.setPosition(QPointF(0, top + baseline - line.ascent()))
            top += self._pitch
        self._layout.endLayout()
        self.counts = tuple(self._shares())

    def _shares(self) -> Iterator[int]:
        """Return how many lines go on each page, as many as its part of the place holds."""
        left = self._layout.lineCount()
        for height in self._place.heights:
            taken = min(left, int((height + _HAIR) / self._pitch))
            yield taken
            left -= taken

    def _fits(self) -> bool:
        if sum(self.counts) < self._layout.lineCount():
            return False
        return self._place.wraps or all(line.naturalTextWidth() <= self._place.width + _HAIR for line in self._lines())

    def _breaks_a_word(self) -> bool:
        ends = (line.textStart() + line.textLength() for line in self._lines())
        return any(_WITHIN_A_WORD.fullmatch(self._text[end - 1 : end + 1]) for end in ends if end)

    def _lines(self) -> Iterator[QTextLine]:
        return (self._layout.lineAt(number) for number in range(self._layout.lineCount()))
