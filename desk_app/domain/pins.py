"""What may be a PIN: four digits or more, or any text; only the few that are tried first are refused."""

from __future__ import annotations

import unicodedata

from desk_app.errors import KnownError

_SHORTEST, _LONGEST = 4, 128
_ROWS = ("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_WORST = frozenset({"password", "123123", "112233", "121212", "123321", "5201314", "1314520", "admin"})


def as_typed(pin: str) -> str:
    """Return a PIN as it is compared: what an input method makes of the same keys is the same (１２３４ is 1234)."""
    return unicodedata.normalize("NFKC", pin).strip()


def as_set(pin: str, name: str) -> str:
    """Return a new PIN of a person, as it is kept.

    Raises:
        KnownError: ``pin_short``, ``pin_long``, ``pin_worst``.
    """
    wanted = as_typed(pin)
    if len(wanted) < _SHORTEST:
        raise KnownError("pin_short", least=_SHORTEST)
    if len(wanted) > _LONGEST:
        raise KnownError("pin_long", most=_LONGEST)
    if _is_tried_first(wanted.casefold(), as_typed(name).casefold()):
        raise KnownError("pin_worst")
    return wanted


def _is_tried_first(pin: str, name: str) -> bool:
    in_a_row = any(pin in row or pin[::-1] in row for row in _ROWS)
    return in_a_row or len(set(pin)) == 1 or pin in _WORST or pin == name
