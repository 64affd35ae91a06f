"""Pinyin initials of names, and simplified for traditional characters, from tables made at build time. Pure.

``resources/initials.txt``: one line for each letter with its characters; a line that begins with ``surname`` says how
characters are read that begin a name (单 s, 曾 z), and has the surnames of two characters too (尉迟 yc).
``resources/traditional.txt``: pairs of a traditional character and the simplified one that stands for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_BETWEEN_NAMES = re.compile(r"[、,，;；/()（）\s]+")
_LATIN = re.compile("[a-z0-9]")


class Initials(NamedTuple):
    """The initial of each character, and of those that are read otherwise where they begin a name."""

    letters: Mapping[str, str]
    surnames: Mapping[str, str]

    def of(self, name: str) -> tuple[str, ...]:
        """Return the initials of each name in a text (folded), Latin letters and digits as they are: ``zxs``."""
        return tuple(found for each in _BETWEEN_NAMES.split(name) if (found := self._of_one(each)))

    def _of_one(self, name: str) -> str:
        first = next((self.surnames[name[:n]] for n in (2, 1) if name[:n] in self.surnames), "")
        return first + "".join(self.letters.get(c) or (c if _LATIN.match(c) else "") for c in name[len(first) :])


def read_initials(text: str) -> Initials:
    """Build the table from ``initials.txt``.

    Raises:
        ValueError: a line says something else.
    """
    letters: dict[str, str] = {}
    surnames: dict[str, str] = {}
    for line in _lines(text):
        match line.split():
            case ["surname", initials, *names]:
                surnames.update((name, initials) for name in names)
            case [letter, characters]:
                letters.update(dict.fromkeys(characters, letter))
            case _:
                raise ValueError(line[:40])
    return Initials(letters, surnames)


def read_traditional(text: str) -> Mapping[int, str]:
    """Build from ``traditional.txt`` what ``str.translate`` takes: two lines of characters, one for the other.

    Raises:
        ValueError: the lines are not of one length.
    """
    lines = list(_lines(text))
    pairs = zip("".join(lines[::2]), "".join(lines[1::2]), strict=True)
    return {ord(traditional): simplified for traditional, simplified in pairs}


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]
