"""What was typed into the form of a new case, when it is written into one that is on file instead. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from desk_app.domain.fields import FieldType
from desk_app.domain.text import phone_key

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from desk_app.domain.fields import Choice, Field, FieldBook

_TOLD_OTHERWISE = frozenset({"content", "received_at", "channel", "receiver", "first_contact", "read_back"})
_MEDIA = frozenset({"phone", "in_person", "online", "email", "letter"})


def contact_of(raw: Mapping[str, object], case: Case, fields: FieldBook, items: Iterable[Choice]) -> dict[str, object]:
    """Return the values of a ``contact`` that say all that a form says and the case does not.

    ``raw`` has the keys of the register, unchecked; ``items`` are the trade's. What the form says beyond the content
    follows it, a line for each field. Who took it down and whether it was read back belongs to the case that is not
    made.
    """
    lines = [str(raw.get("content") or "").strip()]
    for fact in fields:
        value = raw.get(fact.key)
        if fact.key in _TOLD_OTHERWISE or value in (None, "", False) or _is_on_file(fact, value, case):
            continue
        lines.append(f"{fact.label}：{_told(fact, value, items)}" if fact.type is not FieldType.BOOL else fact.label)
    channel = str(raw.get("channel") or "")
    return {
        "content": "\n".join(filter(None, lines)),
        "direction": "in",
        "medium": channel if channel in _MEDIA else "other",
    }


def _is_on_file(fact: Field, value: object, case: Case) -> bool:
    """Whether the case says the same, or the form only what every new form says."""
    if str(value) == fact.default:
        return True
    if fact.key == "customer_phone":
        return set(phone_key(str(value)).split()) <= set(phone_key(case.customer_phone).split())
    known = getattr(case, fact.key, None)
    if isinstance(value, (list, tuple)):
        return set(map(str, value)) <= set(map(str, known or ()))
    if isinstance(value, Mapping):
        return isinstance(known, Mapping) and value.items() <= known.items()
    return known is not None and str(value) == str(known)


def _told(fact: Field, value: object, items: Iterable[Choice]) -> str:
    if isinstance(value, Mapping):
        labels = {item.key: item.label for item in items}
        return "；".join(f"{labels.get(str(key), key)}：{said}" for key, said in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(fact.label_of(str(each)) for each in value)
    return fact.label_of(str(value))
