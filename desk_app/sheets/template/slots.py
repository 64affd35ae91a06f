"""Placeholders in a text: ``编号：{{number}}``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

_SLOT = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_LOOSE = re.compile(r"[{｛]{2}|[}｝]{2}")
_REPEAT = "*"


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder: the key, and whether it marks its row as the one that is repeated (``{{*number}}``)."""

    key: str
    repeats: bool


Pieces: TypeAlias = tuple[str | Slot, ...]
"""A text cut at its placeholders."""


def pieces_of(text: str) -> Pieces:
    """Cut a text at its placeholders; full-width braces, asterisk and letters of a Chinese keyboard count too."""
    parts = _SLOT.split(text)
    found: list[str | Slot] = []
    for number, part in enumerate(parts):
        if number % 2:
            key = unicodedata.normalize("NFKC", part).strip()
            found.append(Slot(key.removeprefix(_REPEAT).strip(), key.startswith(_REPEAT)))
        elif part:
            found.append(part)
    return tuple(found)


def slots_in(pieces: Pieces) -> list[Slot]:
    """Return the placeholders of a text."""
    return [piece for piece in pieces if isinstance(piece, Slot)]


def is_loose(pieces: Pieces) -> bool:
    """Say whether braces are left that open or close nothing."""
    return any(isinstance(piece, str) and _LOOSE.search(piece) for piece in pieces)


def has_slot(text: str) -> bool:
    """Say whether a text has a placeholder."""
    return _SLOT.search(text) is not None
