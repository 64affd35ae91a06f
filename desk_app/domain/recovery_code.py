"""Codes that are printed on paper and typed in again by hand.

The letters are Crockford's: digits and capitals without I, L, O and U. Groups of four; the last symbols are a check of
the others, so that a code that was mistyped is told from one that is wrong. What is typed may have blanks, hyphens and
small letters, full width, O for 0, and I or L for 1.
"""

from __future__ import annotations

import hashlib
import unicodedata

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = {ord("O"): "0", ord("I"): "1", ord("L"): "1"} | dict.fromkeys(map(ord, " -–—_.　\t\r\n"))
_GROUP, _LEAST_CHECK, _BITS = 4, 2, 5


def encode(secret: bytes) -> str:
    """Return the code of some random bytes (10: 80 bits, five groups; 16: 128 bits, seven groups)."""
    count = -(-len(secret) * 8 // _BITS)
    total = -(-(count + _LEAST_CHECK) // _GROUP) * _GROUP
    text = _symbols(secret, count) + _check(secret, total - count)
    return "-".join(text[start : start + _GROUP] for start in range(0, total, _GROUP))


def decode(typed: str, size: int) -> bytes | None:
    """Return the ``size`` bytes of a code that was typed in; None where it is not one, or was mistyped."""
    text = _plain(typed)
    count = -(-size * 8 // _BITS)
    if not set(text) <= set(_LETTERS) or len(text) < count:
        return None
    value = 0
    for letter in text[:count]:
        value = value << _BITS | _LETTERS.index(letter)
    spare = count * _BITS - size * 8
    secret = (value >> spare).to_bytes(size, "big")
    return secret if encode(secret).replace("-", "") == text else None


def is_meant(typed: str, size: int) -> bool:
    """Whether somebody meant a code of so many bytes: as many letters and digits as it has, in groups or in one."""
    text = _plain(typed)
    return text.isascii() and text.isalnum() and len(text) == len(encode(bytes(size)).replace("-", ""))


def _plain(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).upper().translate(_MEANT)


def _symbols(secret: bytes, count: int) -> str:
    value = int.from_bytes(secret, "big") << (count * _BITS - len(secret) * 8)
    return "".join(_LETTERS[value >> _BITS * place & 31] for place in reversed(range(count)))


def _check(secret: bytes, count: int) -> str:
    digest = hashlib.sha256(b"recovery code" + secret).digest()
    return "".join(_LETTERS[byte & 31] for byte in digest[:count])
