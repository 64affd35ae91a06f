"""The record of one customer's matter, what is owed on it, and its history.

Field names are the keys of the register (the same in JSON, in the database column and on the sheets). Every datetime
is aware, in local time, whole seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntFlag

from desk_app.domain.event import ANONYMISED_KEY, INTO_KEY, JOINED_KEY, KEPT_KEY, PARTED_KEY, WITHDRAWN_KEY, Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.vocabulary import Action, Kind, Route, Severity, Status


class Lack(IntFlag):
    """The basic facts that a case can be without (domain.md part 4 F1).

    When and where is asked of complaints, where something has happened; how to reach the customer of every case, but
    for the anonymous.
    """

    TIME = 1
    PLACE = 2
    CONTACT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person has said about a new case, checked and complete; the program gives the rest."""

    kind: Kind
    received_at: datetime
    channel: str
    route: Route
    category: str
    severity: Severity
    content: str
    receiver: str
    first_contact: str
    external_body: str = ""
    customer_name: str = ""
    customer_phone: str = ""
    customer_address: str = ""
    on_behalf_of: str = ""
    anonymous: bool = False
    occurred_at: str = ""
    place: str = ""
    parties: str = ""
    target: str = ""
    item: Mapping[str, str] = field(default_factory=dict)
    safety: bool = False
    demand: str = ""
    demand_kind: tuple[str, ...] = ()
    amount: Decimal | None = None
    true_cause: str = ""
    promised_at: datetime | None = None
    read_back: bool = False
    confidential: bool = False
    consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Submission):
    """One line of the register. Never deleted; at most voided, and its number is never used again."""

    number: str
    entered_at: datetime
    status: Status
    round: int = 1

    @property
    def lacks(self) -> Lack:
        """The basic facts that are not on file (四不漏 1: 一个不漏地记录)."""
        happened = self.kind is Kind.COMPLAINT
        reach = self.anonymous or self.customer_phone or self.customer_address
        return (
            (Lack.TIME if happened and not self.occurred_at else Lack(0))
            | (Lack.PLACE if happened and not self.place else Lack(0))
            | (Lack(0) if reach else Lack.CONTACT)
        )


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that belongs to it, in the order it happened.

    ``is_concealed``: it is the copy for who may not know the customer (``domain.veil``).
    """

    case: Case
    follow_ups: tuple[FollowUp, ...]
    events: tuple[Event, ...]
    is_concealed: bool = False

    @property
    def owed(self) -> tuple[FollowUp, ...]:
        """The follow-ups that are still open, the next due first."""
        return tuple(sorted((f for f in self.follow_ups if f.done_at is None), key=lambda f: (f.due_at, f.id)))

    @property
    def ever_owed(self) -> tuple[FollowUp, ...]:
        """Everything that was ever owed, without what was taken back together with the deed that made it."""
        undone = {e.undoes for e in self.events if e.undoes}
        return tuple(f for f in self.follow_ups if f.event_id not in undone) if undone else self.follow_ups

    @property
    def deeds(self) -> tuple[Event, ...]:
        """The history as it stands: without what was undone, and without the undoing."""
        undone = {e.undoes for e in self.events if e.undoes}
        if not undone:
            return self.events
        return tuple(e for e in self.events if not e.undoes and e.id not in undone)

    @property
    def is_anonymised(self) -> bool:
        """Whether nothing says any more whose matter this was; then it is only looked at."""
        return any(ANONYMISED_KEY in e.data for e in self.events)

    @property
    def withdrawal(self) -> Event | None:
        """The event by which the customer took their consent back; None where they did not, or gave it anew."""
        about = (e for e in reversed(self.deeds) if "consent" in e.was)
        return next((e if WITHDRAWN_KEY in e.data else None for e in about), None)

    @property
    def is_kept(self) -> bool:
        """Whether somebody has said that it is not to be made anonymous for now (a dispute, a court)."""
        return next((bool(e.data[KEPT_KEY]) for e in reversed(self.deeds) if KEPT_KEY in e.data), False)

    @property
    def merged_into(self) -> str:
        """The number of the case that this one was merged into, else empty."""
        if self.case.status is not Status.VOID:
            return ""
        return next((str(e.data.get(INTO_KEY, "")) for e in reversed(self.deeds) if e.action is Action.VOID), "")

    @property
    def merged_from(self) -> tuple[str, ...]:
        """The numbers of the cases that were merged into this one and still are, in the order it was done."""
        numbers: dict[str, None] = {}
        for deed in self.deeds:
            if JOINED_KEY in deed.data:
                numbers[str(deed.data[JOINED_KEY])] = None
            elif PARTED_KEY in deed.data:
                numbers.pop(str(deed.data[PARTED_KEY]), None)
        return tuple(numbers)
