"""What is to be known before an action is done: whose matter it is, and who has to decide (domain.md part 7). Pure.

Nothing here forbids anything: what does is in :mod:`desk_app.domain.gates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain import gates
from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action
from desk_app.domain.workflow import settled_by
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy


def forewarnings(file: CaseFile, deed: Event, policy: Policy) -> Iterator[KnownError]:
    """Go through what the person who is about to do ``deed`` (half filled as its form may be) should know of it.

    What is beyond one's authority will be refused; else: what another person or office owes is answered for by them,
    not by who does it, and where roles are on, a proposal beyond one's authority goes to an office.
    """
    authority, amount = policy.authority, gates.amount(deed)
    if deed.action is not Action.ESCALATE:  # to whom it goes is just being typed
        refusals = tuple(gates.beyond_authority(standing(file), deed, policy))
        if refusals:
            yield from refusals
            return
    yield from _owed_by_others(file, deed, policy)
    if deed.action is Action.PROPOSE and authority.is_on and not authority.is_own_matter(deed.by, amount):
        yield KnownError("proposal_goes_up", office=authority.approver(amount))


def _owed_by_others(file: CaseFile, deed: Event, policy: Policy) -> Iterator[KnownError]:
    debtors = dict.fromkeys(f.owed_by for f in _meant(file, deed, policy) if not _is_own(f.owed_by, deed.by, policy))
    if debtors:
        yield KnownError("owed_by_another", owed_by="、".join(debtors), by=deed.by)


def _meant(file: CaseFile, deed: Event, policy: Policy) -> tuple[FollowUp, ...]:
    """Return what a deed is about: what it settles; what is signed for is that of the person it was given to."""
    if deed.action is not Action.ACCEPT:
        return settled_by(file, deed, policy)
    assignee = standing(file).assignee
    return tuple(f for f in file.owed if f.owed_by == assignee)


def _is_own(debtor: str, person: str, policy: Policy) -> bool:
    """Whether a person answers for what a debtor owes: by name, or by the office that the shop has given them."""
    authority = policy.authority
    return debtor == person or (authority.is_on and debtor in authority.offices_of(person))
