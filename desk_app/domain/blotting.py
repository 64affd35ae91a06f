"""What is left of a case when nobody is to be known from it any more (PIPL 4, 47, 73): pure.

What tells of a person goes, and what was typed freely, because nobody can see what it tells without reading it. What is
counted stays: what kind of matter it was, when, how it came and went, which department and who of ours dealt with it,
money, how satisfied the customer was. Which is which, the facts of the fields say (``Field.personal``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk_app.domain import event as keys
from desk_app.domain.actions import ActionForm
from desk_app.domain.attachments import ATTACHED_KEY, DETACHED_KEY
from desk_app.domain.fields import FieldBook, FieldType, Personal
from desk_app.domain.privacy import BLOTTED, without_title
from desk_app.domain.search_words import fold
from desk_app.domain.text import phone_key
from desk_app.domain.vocabulary import Action, FollowUpKind

if TYPE_CHECKING:
    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.event import Change, Event
    from desk_app.domain.fields import Field

SAID_SUBJECTS = frozenset({FollowUpKind.PROMISE, FollowUpKind.CORRECT, FollowUpKind.VERIFY})
"""Kinds of what is owed whose subject is what somebody has said; of others the rules say it, or it is a department."""

_STRUCTURE = frozenset(
    {
        *(keys.UNDO_KEY, keys.CALENDAR_KEY, keys.INTO_KEY, keys.JOINED_KEY, keys.OUT_KEY, keys.PARTED_KEY),
        *(keys.ANONYMISED_KEY, keys.KEPT_KEY, keys.WITHDRAWN_KEY, DETACHED_KEY),
        *("follow_up", "due_at", "snoozed_until", "action"),
    }
)
"""Keys of an event's data that belong to no form: they hold the history together and tell of nobody."""

_TELLING_NUMBER = re.compile(r"\d{3}")  # of a room, a house, a telephone, an order
_KNOWN_BY = frozenset({"customer_name", "customer_phone", "customer_address", "on_behalf_of", "item"})
_BETWEEN = r"[、;,，；/()（）\s]+"
_SHORTEST_WORD, _SHORTEST_ASCII, _WHOLE_NUMBER = 2, 3, 7


@dataclass(frozen=True, slots=True)
class Blotter:
    """What makes one case anonymous: the facts of the fields, and the ``words`` by which its customer is known."""

    register: FieldBook
    forms: Mapping[Action, ActionForm]
    words: frozenset[str]

    def case(self, case: Case) -> Case:
        """Return a case without its person."""
        said = (fact for fact in self.register if fact.personal is not Personal.NEVER)
        blotted: dict[str, Any] = {fact.key: self._value(fact, getattr(case, fact.key)) for fact in said}
        return replace(case, **blotted)

    def data(self, event: Event) -> Mapping[str, object]:
        """Return the data of an event without its person."""
        form = self.forms.get(event.action)
        return {key: self._datum(form, key, value) for key, value in event.data.items()}

    def change(self, change: Change) -> Change:
        """Return what an event changed without its person, as it is kept (:class:`Change`, values read)."""
        if change.follow_up_id:
            is_said = change.key == "subject"
            return replace(change, old=_blotted(change.old), new=_blotted(change.new)) if is_said else change
        if change.key not in self.register:
            return change
        fact = self.register[change.key]
        return replace(change, old=self._value(fact, change.old), new=self._value(fact, change.new))

    def is_told_of(self, text: str) -> bool:
        """Whether a text has one of the words by which the customer is known, or the number of a case of theirs."""
        folded = re.sub(r"\s", "", fold(text))
        digits = re.sub(r"\D", "", folded)
        return any(word in folded or (len(word) >= _WHOLE_NUMBER and word in digits) for word in self.words)

    def _datum(self, form: ActionForm | None, key: str, value: object) -> object:
        if key == keys.WAS_KEY and isinstance(value, Mapping):
            return {name: self._datum(form, name, was) for name, was in value.items()}
        if key == ATTACHED_KEY and isinstance(value, list):
            return [BLOTTED] * len(value)
        if key in _STRUCTURE or not isinstance(value, (str, Mapping)):
            return value
        fact = form[key] if form is not None else None
        return _blotted(value) if fact is None else self._value(fact, value)

    def _value(self, fact: Field, value: object) -> object:
        if isinstance(value, Mapping):
            return {key: said for key, said in value.items() if key in fact.impersonal and not self.is_told_of(said)}
        if not isinstance(value, str) or fact.personal is Personal.NEVER:
            return value
        if fact.personal is Personal.ALWAYS:
            return _blotted(value)
        is_plain = fact.type is FieldType.WHEN and _is_moment(value)
        return value if is_plain or not self._may_tell(value) else BLOTTED

    def _may_tell(self, value: str) -> bool:
        return bool(_TELLING_NUMBER.search(fold(value))) or self.is_told_of(value)


def versions(file: CaseFile) -> tuple[Case, ...]:
    """Return a case as it is and as it ever was, as far as its person is concerned: facts are put right."""
    told = [data for e in file.events if e.was for data in (e.was, {key: e.data.get(key) for key in e.was})]
    each: list[dict[str, Any]] = [{k: v for k, v in data.items() if k in _KNOWN_BY} for data in told]
    return (file.case, *(replace(file.case, **facts) for facts in each if facts))


def known_by(file: CaseFile, impersonal: Iterable[str]) -> frozenset[str]:
    """Return the words by which the customer of a case is known, folded: parts of names, numbers, address, items."""
    found: set[str] = {file.case.number}
    for case in versions(file):
        names = [part for text in (case.customer_name, case.on_behalf_of) for part in re.split(_BETWEEN, text)]
        items = (value for key, value in case.item.items() if key not in set(impersonal))
        found |= {*names, *map(without_title, names), case.customer_address, *items}
        found |= set(phone_key(case.customer_phone).split())
    words = (re.sub(r"\s", "", fold(text)) for text in found)
    return frozenset(word for word in words if len(word) >= (_SHORTEST_ASCII if word.isascii() else _SHORTEST_WORD))


def subject(kind: FollowUpKind, said: str) -> str:
    """Return what something owed is about without its person."""
    return str(_blotted(said)) if kind in SAID_SUBJECTS else said


def _blotted(value: object) -> object:
    return BLOTTED if value else value


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
