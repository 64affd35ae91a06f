"""Merging: the same matter was registered twice, one of the two is void and the other goes on for both. Pure.

The one that is merged is voided by an event that names the other; the other is told by an ``amend`` of its own. Nothing
that a customer waits for may be lost by it: each open obligation of the merged case must be found on the other, which
then owes it at the earlier of the two times, or be one that the other has met or is sure to come to. What is only a
step towards the answer (who handles it, whose approval it waits for) ends with the merged case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain import departments
from desk_app.domain.deadlines import Parties
from desk_app.domain.event import JOINED_KEY, PARTED_KEY, Event
from desk_app.domain.owing import due_earlier, not_after_the_reply
from desk_app.domain.standing import standing
from desk_app.domain.text import phone_key
from desk_app.domain.vocabulary import Action, FollowUpKind, Status, Trigger
from desk_app.domain.workflow import Decision
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy

_STEPS = frozenset({FollowUpKind.HANDLE, FollowUpKind.APPROVE})
"""What is owed within the shop on the way to an answer."""


def join(into: CaseFile, other: CaseFile, voided: Event, policy: Policy) -> Decision:
    """Return what merging ``other`` comes to on the case that goes on, given the ``void`` that names it.

    Raises:
        KnownError: ``join_void``, ``join_merged``, ``join_closed``, ``join_phone_missing``, ``join_owed``,
            ``join_owed_what``.
    """
    _check_standing(into, other)
    earlier: dict[int, FollowUp] = {}
    for owed, own in _counterparts(into, other):
        if own is not None:
            earlier[own.id] = due_earlier(own, owed.due_at) if owed.due_at < own.due_at else own
        elif not _is_seen_to(owed, into, policy):
            raise _would_be_lost(owed, into, other)
    owed_after = [earlier.get(f.id, f) for f in into.owed]
    # an answer that is to be given earlier does not wait for a later approval
    owed_after = [not_after_the_reply(f, owed_after, f.start_at) for f in owed_after]
    changed = tuple(new for new, old in zip(owed_after, into.owed, strict=True) if new != old)
    data = {JOINED_KEY: other.case.number, "reason": voided.data["reason"]}
    return Decision(into.case, _told(into, voided, data), changed, ())


def part(into: CaseFile, other: CaseFile, reopened: Event) -> Decision:
    """Return what it comes to on a case that another, merged into it by mistake, goes its own way again.

    What it owes at an earlier time than its own stays due then.
    """
    data = {PARTED_KEY: other.case.number, "reason": reopened.data["reason"]}
    return Decision(into.case, _told(into, reopened, data), (), ())


def _told(file: CaseFile, deed: Event, data: dict[str, object]) -> Event:
    now = deed.entered_at
    return Event(action=Action.AMEND, at=now, entered_at=now, by=deed.by, data=data, round=file.case.round)


def _check_standing(into: CaseFile, other: CaseFile) -> None:
    """Refuse where the case that is to go on does not, or could not reach the customer."""
    told = {"into": into.case.number, "number": other.case.number}
    if into.merged_into:
        raise KnownError("join_merged", further=into.merged_into, **told)
    if into.case.status is Status.VOID:
        raise KnownError("join_void", **told)
    if other.case.status.is_over:
        return
    if into.case.status is Status.CLOSED:
        raise KnownError("join_closed", **told)
    known = phone_key(into.case.customer_phone).split()
    missing = [number for number in phone_key(other.case.customer_phone).split() if number not in known]
    if missing:
        raise KnownError("join_phone_missing", phone="、".join(missing), **told)


def _counterparts(into: CaseFile, other: CaseFile) -> Iterator[tuple[FollowUp, FollowUp | None]]:
    """Go through what must not be lost of the merged case, each with the same thing where the other owes it too."""
    free = list(into.owed)
    for owed in other.owed:
        if owed.kind not in _STEPS:
            own = next((f for f in free if _what(f) == _what(owed)), None)
            if own is not None:
                free.remove(own)  # one promise does not stand for two
            yield owed, own


def _what(owed: FollowUp) -> tuple[FollowUpKind, str, str]:
    return owed.kind, owed.owed_to, owed.subject


def _is_seen_to(owed: FollowUp, into: CaseFile, policy: Policy) -> bool:
    """Whether the case that goes on has met something owed already, or is sure to come to it."""
    answers = {f.kind for f in into.owed}
    match owed.kind:
        case FollowUpKind.REPLY:
            return FollowUpKind.REPLY not in answers and any(
                e.action is Action.REPLY
                and e.data.get("to") != "external"
                and e.round == into.case.round  # one that was refused began the next
                and e.at >= owed.start_at
                for e in into.deeds
            )
        case FollowUpKind.RETURN_VISIT:
            parties = Parties(responsible=standing(into).responsible)
            next_ = policy.deadlines.owed(Trigger.REPLIED, into.case, owed.start_at, parties)
            return FollowUpKind.REPLY in answers and any(f.kind is FollowUpKind.RETURN_VISIT for f in next_)
        case FollowUpKind.FEED_BACK:
            is_asked = into.case.kind in policy.deadlines.need_feed_back and not into.case.status.is_over
            return is_asked and not departments.is_particular(owed.owed_to)
        case _:
            return False


def _would_be_lost(owed: FollowUp, into: CaseFile, other: CaseFile) -> KnownError:
    told = {"number": other.case.number, "into": into.case.number, "kind": owed.kind, "due": owed.due_at}
    return (
        KnownError("join_owed_what", subject=owed.subject, **told) if owed.subject else KnownError("join_owed", **told)
    )
