"""Where a case stands: what its history comes to, read off the events that still hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from desk_app.domain.actions import RESCHEDULED
from desk_app.domain.event import Event
from desk_app.domain.vocabulary import Action, Responsibility, Satisfaction

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile


_ON_ASSIGNMENTS = frozenset({Action.ASSIGN, Action.ACCEPT})
_ON_PROPOSALS = frozenset({Action.PROPOSE, Action.APPROVE, Action.REJECT})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the history of a case comes to.

    ``responsible`` owes the customer: the person of first contact until a named person has accepted (首问责任制,
    domain.md part 7). ``assigned`` is the assignment of the latest kind, accepted or not. Answers, visits and feed-back
    count in the present round; responsibility and adoption hold until they are determined anew. ``was_dissatisfied``:
    the customer refused an answer or was not satisfied when asked, in this round or an earlier one.
    """

    responsible: str
    assigned: Event | None
    is_accepted: bool
    responsibility: Responsibility | None
    proposal: Event | None
    is_rejected: bool
    was_answered: bool
    was_dissatisfied: bool
    visit_attempts: int
    is_fed_back: bool
    adoption: bool | None

    @property
    def assignee(self) -> str:
        """The person the case was last assigned to, else the department."""
        return "" if self.assigned is None else _assignee(self.assigned)

    @property
    def amount(self) -> Decimal | None:
        """What the last proposal grants the customer, in yuan."""
        amount = self.proposal.data.get("amount") if self.proposal else None
        return None if amount is None else Decimal(str(amount))


def standing(file: CaseFile) -> Standing:
    """Read the history of a case."""
    deeds = file.deeds
    this_round = tuple(e for e in deeds if e.round == file.case.round)
    to_customer = tuple(e for e in deeds if e.data.get("to") != "external")
    assigned = _last(deeds, Action.ASSIGN)
    determined = _last(deeds, Action.DETERMINE)
    adoptions = [e.data["adopted"] for e in to_customer if isinstance(e.data.get("adopted"), bool)]
    return Standing(
        responsible=_responsible(file.case.first_contact, deeds),
        assigned=assigned,
        is_accepted=_last_of(deeds, _ON_ASSIGNMENTS) is Action.ACCEPT,
        responsibility=None if determined is None else Responsibility(str(determined.data["responsibility"])),
        proposal=_last(this_round, Action.PROPOSE),
        is_rejected=_last_of(this_round, _ON_PROPOSALS) is Action.REJECT,
        was_answered=any(e.action is Action.REPLY for e in to_customer),
        was_dissatisfied=any(map(_was_not_served, to_customer)),
        visit_attempts=sum(map(_was_out_of_reach, this_round)),
        is_fed_back=any(e.action is Action.FEED_BACK for e in this_round),
        adoption=bool(adoptions[-1]) if adoptions else None,
    )


def taken_on_by(assignment: Event | None, acceptance: Event) -> str:
    """Return who answers for what was accepted: the person it was assigned to, else whoever accepted it."""
    person = assignment.data.get("person") if assignment else None
    return str(person or acceptance.by)


def _last(deeds: tuple[Event, ...], action: Action) -> Event | None:
    return next((e for e in reversed(deeds) if e.action is action), None)


def _was_not_served(deed: Event) -> bool:
    if deed.action is Action.REPLY:
        return deed.data.get("accepted") is False
    return deed.action is Action.RETURN_VISIT and deed.data.get("satisfaction") == Satisfaction.DISSATISFIED


def _was_out_of_reach(deed: Event) -> bool:
    not_reached = deed.action is Action.RETURN_VISIT and deed.data.get("reached") is False
    return not_reached and deed.data.get("attempt") != RESCHEDULED


def _last_of(deeds: tuple[Event, ...], actions: frozenset[Action]) -> Action | None:
    return next((e.action for e in reversed(deeds) if e.action in actions), None)


def _assignee(assignment: Event) -> str:
    return str(assignment.data.get("person") or assignment.data.get("department") or "")


def _responsible(first_contact: str, deeds: tuple[Event, ...]) -> str:
    """Go through the hand-overs: an assignment releases nobody before the named person has accepted."""
    responsible, assignment = first_contact, None
    for deed in deeds:
        if deed.action is Action.ASSIGN:
            assignment = deed
        elif deed.action is Action.ACCEPT and assignment is not None:
            responsible = taken_on_by(assignment, deed)
        elif deed.action is Action.ESCALATE:
            responsible = str(deed.data["to"])
    return responsible
