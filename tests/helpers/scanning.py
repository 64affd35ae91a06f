"""The plainest search there is, for tests to compare with: every text of every case, read and looked through.

It names the texts by heart, which the program does not, and reads cases through another door than the search does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.search_words import fold
from desk_app.domain.text import phone_key
from desk_app.services import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import Case, CaseFile
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

_FACTS = """
    number customer_address on_behalf_of occurred_at place parties target category content demand true_cause
    external_body
"""
_SAID = """
    content note person department findings true_cause solution opinion what reaction problem cause corrective
    preventive effect to reason result
"""


def all_files(ws: Workspace) -> list[CaseFile]:
    """Return every case, the newest on file first."""
    rows = ws.store.conn.execute('SELECT number FROM "case" ORDER BY id DESC').fetchall()
    return [desk.case_file(ws, number) for (number,) in rows]


def all_texts(file: CaseFile) -> Iterator[str]:
    """Go through everything that is written of a case as it stands."""
    case = file.case
    yield from (getattr(case, key) for key in _FACTS.split())
    yield from case.item.values()
    if not case.anonymous:
        yield from (case.customer_name, case.customer_phone, *_digits(case))
    for deed in file.deeds:
        keys = {"reason"} if deed.action == "amend" else set(_SAID.split())
        if deed.action in ("reply", "feed_back"):
            keys -= {"to", "reason"}  # chosen from a list there
        yield from (str(value) for key, value in deed.data.items() if key in keys)


class Scan:
    """Every text of a register as it stands now, ready to be looked through."""

    def __init__(self, ws: Workspace) -> None:
        """Read all cases."""
        self._rules = ws.rules
        self._read = [(file.case, [fold(text) for text in all_texts(file)]) for file in all_files(ws)]

    def numbers(self, query: str) -> list[str]:
        """Return the numbers of the cases that have every word, as the search has to order them."""
        words = fold(query).split()
        found = []
        for place, (case, texts) in enumerate(self._read if words else ()):
            if all(any(word in text for text in texts) or _begins(case, word, self._rules) for word in words):
                found.append((min(_rank(case, word, self._rules) for word in words), place, case.number))
        return [number for _, _, number in sorted(found)]


def _rank(case: Case, word: str, rules: Rules) -> int:
    number = fold(case.number)
    if word == number or (len(word) > 2 and number.endswith(word)):
        return 0
    if _begins(case, word, rules):
        return 1
    if not case.anonymous and (word in fold(case.customer_name) or _in_phone(case, word)):
        return 1
    return 2


def _in_phone(case: Case, word: str) -> bool:
    is_number = len(word) > 3 and all(c in "0123456789" for c in word)
    return is_number and any(word in number for number in _digits(case))


def _digits(case: Case) -> list[str]:
    return phone_key(case.customer_phone).split()


def _begins(case: Case, word: str, rules: Rules) -> bool:
    letters = len(word) > 1 and all("a" <= c <= "z" for c in word)
    return (
        letters
        and not case.anonymous
        and any(initials.startswith(word) for initials in rules.initials.of(fold(case.customer_name)))
    )
