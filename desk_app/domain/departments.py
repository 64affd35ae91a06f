"""Whom a feed-back tells: departments as people write them, so that 采购部 is 采购 (domain.md parts 7, 14). Pure."""

from __future__ import annotations

import re
import unicodedata

# As text: re compiles and keeps them when the first feed-back is owed.
_ANY = "^(?:有关|相关|责任|各)+"  # what is left of 有关部门 says nothing
_UNIT = "(?:部门|部|科|室|组|处)$"
_BETWEEN = r"[、,;/\s]+|和|及|与"


def is_particular(whom: str) -> bool:
    """Whether one department is meant, and not just any (部门, 有关部门)."""
    return bool(_key(whom))


def is_among(whom: str, owed_to: str) -> bool:
    """Whether ``whom`` is told where ``owed_to`` is: the same department (采购 and 采购部), or just any."""
    return _key(whom) in ("", _key(owed_to))


def tells(named: str, whom: str) -> bool:
    """Whether a feed-back to ``named`` told ``whom``: it names them, or names nobody, or anybody would have done.

    ``named`` may list several: 客房部、采购部 tells 采购.
    """
    if not is_particular(whom) or not is_particular(named):
        return True
    listed = [named, *re.split(_BETWEEN, unicodedata.normalize("NFKC", named))]
    return any(_key(each).startswith(_key(whom)) for each in listed)


def _key(name: str) -> str:
    """Return what tells a department from the others; empty where nothing does."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return re.sub(_UNIT, "", re.sub(_ANY, "", plain))
