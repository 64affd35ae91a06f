"""Text as people give it: what can be kept, and the keys to find it by.

Stored text is never normalised (NFC already changes 1,002 ideographs that occur in names); only search keys are.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n?")
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"  # C0 controls except tab and line break, DEL
    "|[\ud800-\udfff]"  # half of a surrogate pair: no UTF-8 can carry it
    "|[\ufdd0-\ufdef\ufffe\uffff]"  # noncharacters of the first plane
)
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NOT_DIGITS = re.compile(r"\D+")
_PHONE_SEPARATORS = re.compile(r"[,;，；、/\n]|(?<=\d{7})\s+(?=\+?\d)")


def unify_line_breaks(text: str) -> str:
    r"""Return the text with ``\n`` as its only line break; nothing else is changed."""
    return _LINE_BREAKS.sub("\n", text) if "\r" in text else text


def find_unstorable(text: str, *, one_line: bool = False) -> int | None:
    """Return the index of the first character that cannot be kept, or None.

    Refused are control characters (a NUL ends a text for SQLite, and no XML 1.0 file can carry any of them), halves of
    surrogate pairs and noncharacters; in a one-line field also line breaks, tabs and the characters that reverse the
    direction of writing, with which a name can be made to read as another.
    """
    found = _UNSTORABLE.search(text)
    places = [found.start()] if found else []
    if one_line:
        places += [m.start() for m in (re.search(r"[\n\t]", text), _BIDI_CONTROLS.search(text)) if m]
    return min(places, default=None)


def strip_unstorable(text: str) -> str:
    """Return the text without the characters that cannot be kept (for what is pasted into the form)."""
    return _UNSTORABLE.sub("", unify_line_breaks(text))


def phones(typed: str) -> tuple[str, ...]:
    """Return every number in ``typed`` as it was typed, with what stands beside it."""
    return tuple(number for part in _PHONE_SEPARATORS.split(typed) if (number := part.strip()))


def phone_key(typed: str) -> str:
    """Return the digits of every number in ``typed``, separated by one blank: ``"138-0013 8000、0512-66"``.

    Full-width digits count (NFKC); a leading +86 or 0086 is dropped from mainland mobile numbers.
    """
    numbers = []
    for part in _PHONE_SEPARATORS.split(unicodedata.normalize("NFKC", typed)):
        digits = _NOT_DIGITS.sub("", part)
        if len(digits) in (13, 15) and re.fullmatch(r"(?:00)?861\d{10}", digits):
            digits = digits[-11:]
        if digits:
            numbers.append(digits)
    return " ".join(numbers)


def first_words(text: str, limit: int) -> str:
    """Return the text on one line, at most ``limit`` characters, with an ellipsis where it was cut."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
