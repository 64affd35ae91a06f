"""What hides the customer of a case from who may not see them: in every fact, every word of its history (PIPL 6, 51).

Where a whole case is shown, :func:`concealed` is asked for a copy; a list or a sheet, which shows a part of it, takes
the :class:`Veil`. Both leave as much as the lists show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desk_app.domain.privacy import mask_name, mask_phone, mask_plates, mask_said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk_app.domain.case import Case, CaseFile

HIDDEN = "***"
"""What stands for that of which nothing is told."""
_KEPT_IN_PLATE = 2
OUR_PEOPLE = frozenset({"number", "receiver", "first_contact", "assignee", "by", "person", "to"})
"""What says nothing of the customer: whose matter the case is with us, and its number."""
_FACTS = ("customer_name", "customer_phone", "customer_address", "on_behalf_of")
"""By what a customer is known."""
_CLOSED = frozenset({"kind", "channel", "route", "category", "severity", "status", "target"})
"""Chosen, not said."""


@dataclass(frozen=True, slots=True)
class Veil:
    """Hides one customer in the words of their case: every name, number and address that was ever theirs."""

    names: str
    phones: str
    addresses: tuple[str, ...]

    def said(self, text: str) -> str:
        """Return what was said without whose matter it is, and without number plates."""
        return mask_plates(self.found(text))

    def found(self, text: str) -> str:
        """Return the same as a search shows it: plates are looked for (``privacy.mask_said`` hides the rest)."""
        for address in self.addresses[1:]:
            text = mask_said(text, "", "", address)
        return mask_said(text, self.names, self.phones, "".join(self.addresses[:1]))

    def fact(self, key: str, value: Any) -> Any:  # noqa: ANN401 -- whatever a fact of the register, or a datum, can be
        """Return a fact of the register, or a datum of an event, as it may be shown."""
        match value:
            case str() if key not in OUR_PEOPLE | _CLOSED:
                return self._text(key, value)
            case Mapping():
                return {name: self.fact(name, said) for name, said in value.items()}
            case list() | tuple() if key not in _CLOSED:
                return type(value)(self.fact(key, said) for said in value)
            case _:
                return value

    def _text(self, key: str, text: str) -> str:
        match key:
            case "customer_name":
                return mask_name(text)
            case "customer_phone":
                return mask_phone(text)
            case "customer_address" | "on_behalf_of":
                return HIDDEN if text else ""
            case "car_plate" if len(text.strip()) > _KEPT_IN_PLATE:
                shown = text.strip()
                return shown[:_KEPT_IN_PLATE] + "*" * (len(shown) - _KEPT_IN_PLATE)
            case _:
                return self.said(text)


def veil_of(case: Case, *former: Mapping[str, object]) -> Veil:
    """Return what hides the customer of a case; ``former`` says who they were by what was on file before."""
    name, phone, address, behalf = (_ever(key, case, former) for key in _FACTS)
    return Veil("、".join((*name, *behalf)), " ".join(phone), tuple(address))


def veils_of(hidden: Iterable[Case]) -> Veil:
    """Return what hides the customers of several cases at once."""
    veils = tuple(map(veil_of, hidden))
    addresses = tuple(address for veil in veils for address in veil.addresses)
    return Veil("、".join(v.names for v in veils), " ".join(v.phones for v in veils), addresses)


def concealed(file: CaseFile) -> CaseFile:
    """Return a copy of a case by which its customer cannot be known, and which says so; it cannot be put on file."""
    case, events = file.case, file.events
    veil = veil_of(case, *(e.was for e in events), *(e.data for e in events))
    facts = {key: veil.fact(key, getattr(case, key)) for key in _texts(case)}
    return replace(
        file,
        case=replace(case, **facts),
        events=tuple(replace(e, data=veil.fact("", e.data)) for e in events),
        follow_ups=tuple(replace(f, subject=veil.said(f.subject)) for f in file.follow_ups),
        is_concealed=True,
    )


def _texts(case: Case) -> tuple[str, ...]:
    """Return the keys of what was said of a case, which are the fields that hold text."""
    return tuple(key for key in type(case).__dataclass_fields__ if type(getattr(case, key)) in (str, dict))


def _ever(key: str, case: Case, former: tuple[Mapping[str, object], ...]) -> list[str]:
    """Return what a fact is and was, each once."""
    said = (getattr(case, key), *(each.get(key) for each in former))
    return list(dict.fromkeys(str(value) for value in said if value))
