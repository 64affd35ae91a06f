"""From texts to the words of the index, and from what is looked for to the words that it must have. Pure.

A *word* of a query is what stands between white space; it hits a case where it is a substring of one of its parts,
both folded (NFKC and case: １３８ is 138, ＡＢ is ab). The index holds *tokens*: pieces of texts so chosen that a word
which is in a part has all its tokens there. So the index answers a superset, and each case is asked itself before it is
believed (:class:`Document`).

The tokens of a text are, of each run without white space, every character and every two in a row; where ASCII stands
together, every three and four in a row too, for of letters and digits two say little. (One character could be found as
the beginning of two, but a common one begins so many that FTS5 takes half a second at a million cases.) Beside these
stand tokens of one class each, marked by a character of private use:

=========  ====================================================================  ====================================
class      tokens                                                                answers
=========  ====================================================================  ====================================
THREE      three ASCII characters in a row, of any part                           a word of three
FOUR       four of them in a row                                                 a word of four and more
NUMBER     the case number, backwards                                            the end of a number, as a prefix
NAME       as of a text, of the customer's name, with its blanks and without     a part of the name
INITIALS   the pinyin initials of each name                                      their beginning, as a prefix
PHONE      every four digits in a row of each phone (all where it has less)      four digits and more of a phone
WHOLE      each phone, all its digits                                            the whole number
ITEM       as of a text, of each value of the item                               room, plate, member number
=========  ====================================================================  ====================================

ASCII punctuation, at which FTS5's tokenizer ``ascii`` would part a token, is moved beyond ASCII. A text that has such
characters of its own makes the index answer more than it need, never less.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desk_app.domain.entry import Entry, Part, SaidKeys
    from desk_app.domain.initials import Initials

RULE = 2
"""The edition of these rules: an index made by another is made anew."""

THREE, FOUR, NUMBER, NAME, INITIALS, PHONE, WHOLE, ITEM = map(chr, range(0xE003, 0xE00B))
SHORTEST_END = 3
"""How many characters of a number's end tell it from others."""
SHORTEST_PHONE = 4
_MOST_TOKENS = 24  # of a word that are asked for: more of them find nothing less

_PLAIN = {ord(c): chr(0xF000 + ord(c)) for c in map(chr, range(0x21, 0x7F)) if not c.isalnum()}
_ASCII_RUN = re.compile("[!-~]{3,}")
_INITIALS = re.compile("[a-z]{2,}")


def fold(text: str) -> str:
    """Return a text as it is compared: without differences of width, form and case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of a query, folded, each once."""
    return tuple(dict.fromkeys(fold(query).split()))


class Document:
    """All the texts of one case, folded; asked whether words hit it, and how well."""

    def __init__(self, entry: Entry, said: SaidKeys, initials: Initials) -> None:
        """Take the texts of a case."""
        self.entry = entry
        self._said, self._initials = said, initials

    @cached_property
    def parts(self) -> tuple[tuple[Part, str], ...]:
        """Every text with what it is folded to; who only asks for the customer waits for none of them."""
        return tuple((part, fold(part.text)) for part in self.entry.parts(self._said) if part.text)

    def has(self, words: Sequence[str]) -> bool:
        """Whether every word is in some part; two letters and more also as the beginning of a name's initials."""
        return all(any(word in text for _, text in self.parts) or self._begins_initials(word) for word in words)

    def is_named(self, words: Sequence[str]) -> bool:
        """Whether each word is in the customer's name, blanks or not, or begins its initials; not of the anonymous."""
        names = self._names()
        return any(names) and all(any(word in n for n in names) or self._begins_initials(word) for word in words)

    def rank(self, words: Iterable[str]) -> int:
        """Return how well words hit that are in it: 0 the number, 1 the customer's name or phone, 2 anything else.

        The number counts as hit by all of it and by its end, from three characters on; a phone by four digits and more.
        """
        return min((self._rank(word) for word in words), default=2)

    def _rank(self, word: str) -> int:
        number = fold(self.entry.number)
        if number == word or (len(word) >= SHORTEST_END and number.endswith(word)):
            return 0
        in_phone = is_phone_part(word) and any(word in phone for phone in self.entry.phone_numbers)
        return 1 if in_phone or word in fold(self.entry.name) or self._begins_initials(word) else 2

    def _begins_initials(self, word: str) -> bool:
        return begins_initials(word, self.entry.name, self._initials)

    def _names(self) -> tuple[str, str]:
        """Return the customer's name as it is written, and without its blanks: 张 伟 is 张伟."""
        name = fold(self.entry.name)
        return name, "".join(name.split())

    def tokens(self) -> set[str]:
        """Return all that the index keeps of the case."""
        made = {token for _, text in self.parts for token in text_tokens(text)}
        made.add(NUMBER + _plain(fold(self.entry.number)[::-1]))
        made.update(NAME + token for name in self._names() for token in _pairs(name))
        made.update(INITIALS + found for found in self._initials.of(fold(self.entry.name)))
        for phone in self.entry.phone_numbers:
            made.add(WHOLE + phone)
            made.update(PHONE + phone[i : i + SHORTEST_PHONE] for i in range(max(1, len(phone) - SHORTEST_PHONE + 1)))
        made.update(ITEM + token for value in self.entry.item_values for token in _pairs(fold(value)))
        return made


def begins_initials(word: str, name: str, initials: Initials) -> bool:
    """Whether a word (folded) of two letters and more is the beginning of the initials of a name."""
    return _is_initials(word) and any(found.startswith(word) for found in initials.of(fold(name)))


def text_tokens(text: str) -> Iterator[str]:
    """Go through the tokens of a folded text."""
    yield from _pairs(text)
    for run in _ASCII_RUN.findall(text):
        plain = _plain(run)
        yield from (THREE + plain[i : i + 3] for i in range(len(plain) - 2))
        yield from (FOUR + plain[i : i + 4] for i in range(len(plain) - 3))


def _pairs(text: str) -> Iterator[str]:
    """Go through every character and every two in a row of each run."""
    for run in text.split():
        plain = _plain(run)
        yield from plain
        yield from map("".join, pairwise(plain))


def _plain(text: str) -> str:
    return text.translate(_PLAIN)


# ------------------------------------------------------------------------------- what FTS5 is asked (expressions)


def anywhere(words: Sequence[str]) -> str:
    """Return what every case answers to that has all the words; at least one is given."""
    return " AND ".join(
        f"({in_text(word)} OR {begins(INITIALS, word)})" if _is_initials(word) else f"({in_text(word)})"
        for word in words
    )


def at_number(words: Iterable[str]) -> str:
    """Return what every case answers to whose number is or ends with one of the words; empty where none is."""
    return " OR ".join(begins(NUMBER, word[::-1]) for word in words if len(word) >= SHORTEST_END)


def at_customer(words: Iterable[str]) -> str:
    """Return what every case answers to in whose name, initials or phone one of the words is."""
    asked = []
    for word in words:
        asked.append(f"({in_class(NAME, word)})")
        if _is_initials(word):
            asked.append(begins(INITIALS, word))
        if is_phone_part(word):
            asked.append(f"({in_phone(word)})")
    return " OR ".join(asked)


def at_name(words: Iterable[str]) -> str:
    """Return what every case answers to in whose customer's name or initials each of the words is."""
    return " AND ".join(
        f"({in_class(NAME, word)} OR {begins(INITIALS, word)})" if _is_initials(word) else f"({in_class(NAME, word)})"
        for word in words
    )


def in_text(word: str) -> str:
    """Return what every case answers to that has a word (folded) in some part."""
    if len(word) == 1:
        return exactly("", word)
    tokens: list[str] = []
    end = 0
    for run in _ASCII_RUN.finditer(word):
        tokens += _pairs_of(word[end : run.start() + 1] if run.start() else "")
        size, mark = (4, FOUR) if len(run[0]) > 3 else (3, THREE)  # noqa: PLR2004 -- the two sizes there are
        plain = _plain(run[0])
        tokens += (mark + plain[i : i + size] for i in range(len(plain) - size + 1))
        end = run.end() - 1
    tokens += _pairs_of(word[end:])
    return _all(tokens)


def in_class(mark: str, text: str) -> str:
    """Return what every case answers to that has a text (folded, without white space) in a NAME or an ITEM."""
    return exactly(mark, text) if len(text) == 1 else _all([mark + token for token in _pairs_of(text)])


def in_phone(digits: str) -> str:
    """Return what every case answers to in one of whose phones these digits (four and more) stand in a row."""
    return _all([PHONE + digits[i : i + SHORTEST_PHONE] for i in range(len(digits) - SHORTEST_PHONE + 1)])


def exactly(mark: str, text: str) -> str:
    """Return what every case answers to that has this one token: a character, or a WHOLE phone."""
    return _quoted(mark + _plain(text))


def begins(mark: str, text: str) -> str:
    """Return what every case answers to that has a token which begins so."""
    return _quoted(mark + _plain(text)) + "*"


def is_phone_part(word: str) -> bool:
    """Whether a word can be looked for in phones: four ASCII digits and more."""
    return len(word) >= SHORTEST_PHONE and word.isascii() and word.isdigit()


def _is_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None


def _pairs_of(text: str) -> list[str]:
    """Return every two characters in a row of a run: what a text that holds it must have."""
    plain = _plain(text)
    return [plain[i : i + 2] for i in range(len(plain) - 1)]


def _all(tokens: Sequence[str]) -> str:
    """Return what answers where all tokens are; of very many, some from everywhere."""
    distinct = list(dict.fromkeys(tokens))
    step = -(-len(distinct) // _MOST_TOKENS)
    return " AND ".join(map(_quoted, distinct[::step]))


def _quoted(token: str) -> str:
    return f'"{token}"'
