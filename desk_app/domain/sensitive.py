"""What in a text may be sensitive personal information (PIPL 28-31): a hint to the person who types, no judgement.

Identity numbers are told by their date and check digit (GB 11643), bank cards by their beginning and Luhn's sum, the
rest by words, which are data (``resources/sensitive.toml``).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Kind(StrEnum):
    """What kind of sensitive information."""

    ID_NUMBER = "id_number"
    ACCOUNT = "account"
    MEDICAL = "medical"
    MINOR = "minor"
    BIOMETRIC = "biometric"
    RELIGION = "religion"
    WHEREABOUTS = "whereabouts"


class Finding(NamedTuple):
    """Where something stands in a text: ``text[start:end]``. ``is_word``: it was known by a word, not by a number."""

    kind: Kind
    start: int
    end: int
    is_word: bool


class Lexicon(NamedTuple):
    """The data, ready to be looked up. ``kinds`` has None for words that only look like others."""

    words: re.Pattern[str]
    kinds: Mapping[str, Kind | None]
    cards: Mapping[str, frozenset[int]]
    other_numbers: tuple[str, ...]
    identity_words: tuple[str, ...]


_WIDE: Final = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789XX- ")
_NUMBER: Final = r"(?<![0-9A-Za-z])\d(?:[ -]?\d){14,18}[Xx]?(?![0-9A-Za-z])"
_BORN: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_18: Final = rf"[1-9]\d{{5}}(?:19|20)\d\d{_BORN}\d{{3}}[\dXx]"
_ID_15: Final = rf"[1-9]\d{{7}}{_BORN}\d{{3}}"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_AGE: Final = r"1[0-3]|[1-9]|十[一二三]?|[一二两三四五六七八九]"  # under 14: PIPL 28
_CHILD: Final = rf"(?<![\d零一二两三四五六七八九十几百.])(?:{_AGE})(?:岁|周岁| 岁)(?!以上|月)"
_BEFORE: Final = 10  # characters before a number that say what it is


def read_lexicon(data: Mapping[str, Mapping[str, object]]) -> Lexicon:
    """Build the lexicon from the parsed ``sensitive.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    kinds: dict[str, Kind | None] = {}
    for group, words in data["words"].items():
        kind = None if group == "none" else Kind(group)
        for word in _list(words):
            if not word.strip():
                raise ValueError(group)
            kinds[word] = kind
    longest_first = sorted(kinds, key=len, reverse=True)
    return Lexicon(
        words=re.compile("|".join(map(re.escape, longest_first)) or "(?!)"),
        kinds=kinds,
        cards={begin: frozenset(map(int, _list(digits))) for begin, digits in data["card"].items()},
        other_numbers=_list(data["number"]["other"]),
        identity_words=_list(data["number"]["identity"]),
    )


def find(text: str, lexicon: Lexicon) -> tuple[Finding, ...]:
    """Return what may be sensitive, in the order of the text; full-width digits count."""
    plain = text.translate(_WIDE)
    return tuple(sorted((*_numbers(plain, lexicon), *_words(plain, lexicon)), key=lambda found: found.start))


def _words(plain: str, lexicon: Lexicon) -> Iterator[Finding]:
    for found in lexicon.words.finditer(plain):
        if (kind := lexicon.kinds[found[0]]) is not None:
            yield Finding(kind, *found.span(), is_word=True)
    if "岁" in plain:
        for found in re.finditer(_CHILD, plain):
            yield Finding(Kind.MINOR, *found.span(), is_word=True)


def _numbers(plain: str, lexicon: Lexicon) -> Iterator[Finding]:
    for found in re.finditer(_NUMBER, plain):
        digits = re.sub(r"[ -]", "", found[0])
        before = plain[max(0, found.start() - _BEFORE) : found.start()]
        if _is_identity(digits, said=any(word in before for word in lexicon.identity_words)):
            yield Finding(Kind.ID_NUMBER, *found.span(), is_word=False)
        elif _is_card(digits, lexicon.cards) and not any(word in before for word in lexicon.other_numbers):
            yield Finding(Kind.ACCOUNT, *found.span(), is_word=False)


def _is_identity(digits: str, *, said: bool) -> bool:
    """Whether these are 18 digits with a right check digit; the old 15 have none: it must be ``said`` what they are."""
    if re.fullmatch(_ID_18, digits):
        total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
        return _CHECKS[total % 11] == digits[-1].upper()
    return said and re.fullmatch(_ID_15, digits) is not None


def _is_card(digits: str, cards: Mapping[str, frozenset[int]]) -> bool:
    """Whether it begins and is as long as the numbers of a bank, and Luhn's sum comes out even."""
    if not digits.isdigit() or not any(digits.startswith(b) and len(digits) in lengths for b, lengths in cards.items()):
        return False
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0  # noqa: PLR2004


def _list(entry: object) -> tuple[str, ...]:
    if not isinstance(entry, list):
        raise TypeError(str(entry))
    return tuple(map(str, entry))
