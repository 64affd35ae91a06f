"""The recovery code: what opens sealed backups where the passphrase was forgotten. Printed once, typed by hand.

28 letters and digits of chance (140 bits) and two that check them, in six groups of five. The alphabet is Crockford's,
which has no I, L, O and U; who types O or l is understood. Pure.
"""

from __future__ import annotations

import hashlib
import unicodedata

CHANCE_BYTES = 18
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOLS, _CHECKS, _GROUP = 28, 2, 5
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make(chance: bytes) -> str:
    """Return the code of some bytes of chance (``CHANCE_BYTES`` of them), as it is printed: XXXXX-XXXXX and so on."""
    number = int.from_bytes(chance[:CHANCE_BYTES], "big")
    symbols = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_SYMBOLS))
    whole = symbols + _check(symbols)
    return "-".join(whole[start : start + _GROUP] for start in range(0, len(whole), _GROUP))


def read(typed: str) -> str | None:
    """Return the code that somebody typed as 30 plain characters; None where it is none, or mistyped.

    Spaces, hyphens, full width, small letters, O for 0 and I or L for 1 do not matter.
    """
    plain = _plain(typed)
    if not looks_like_one(typed) or set(plain) - set(_ALPHABET):
        return None
    return plain if _check(plain[:_SYMBOLS]) == plain[_SYMBOLS:] else None


def looks_like_one(typed: str) -> bool:
    """Whether somebody meant a code: as many letters and digits as it has, in groups or in one."""
    plain = _plain(typed)
    return len(plain) == _SYMBOLS + _CHECKS and plain.isascii() and plain.isalnum()


def _plain(typed: str) -> str:
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in folded if not c.isspace() and c not in "-‐‑‒–—−_.·").translate(_MEANT)


def _check(symbols: str) -> str:
    digest = hashlib.sha256(symbols.encode()).digest()
    return _ALPHABET[digest[0] & 31] + _ALPHABET[digest[1] & 31]
