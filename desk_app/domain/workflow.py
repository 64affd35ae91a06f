"""What may be done to a case, and what follows from it: tables and one pure function (domain.md parts 7–12, 18).

An action has an *outcome* (a reply may be accepted or refused, a visit may reach nobody). ``ALLOWED`` says in which
status an action may be taken, ``GUARDS`` what else it needs, ``EFFECTS`` what its outcome does: the new status, which
owed actions it settles, which deadlines it triggers, and whether the case goes into its next round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desk_app.domain import amending, gates, owing
from desk_app.domain.case import Case, CaseFile
from desk_app.domain.deadlines import DeadlineBook, Parties
from desk_app.domain.event import Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.owing import ANSWERING, IMPROVEMENT, OF_A_ROUND
from desk_app.domain.sight import blind
from desk_app.domain.standing import Standing, standing
from desk_app.domain.times import TOLD_WITHIN
from desk_app.domain.vocabulary import Action, FollowUpKind, Satisfaction, Status, Trigger
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from desk_app.domain.policy import Policy


class Outcome(StrEnum):
    """How an action came out."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    INVESTIGATED = "investigated"
    DETERMINED = "determined"
    PROPOSED = "proposed"
    PROPOSED_WITHIN_AUTHORITY = "proposed_within_authority"
    APPROVED = "approved"
    REJECTED = "rejected"
    AMENDED = "amended"
    CONTACTED = "contacted"
    VISITED_ON_SITE = "visited_on_site"
    WAITS_FOR_CUSTOMER = "waits_for_customer"
    CUSTOMER_CAME_BACK = "customer_came_back"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    REPLIED = "replied"
    REPLIED_OUTSIDE = "replied_outside"
    REPLY_REFUSED = "reply_refused"
    NOT_REACHED = "not_reached"
    VISITED = "visited"
    DISSATISFIED = "dissatisfied"
    CORRECTED = "corrected"
    VERIFIED = "verified"
    INEFFECTIVE = "ineffective"
    FED_BACK = "fed_back"
    ESCALATED = "escalated"
    CLOSED = "closed"
    REOPENED = "reopened"
    VOIDED = "voided"


_OPEN = frozenset(s for s in Status if not s.is_over)
_ALL_KINDS = frozenset(FollowUpKind)
_OUT_OF_ORDER = frozenset({Action.AMEND, Action.CONTACT, Action.PROMISE, Action.KEEP_PROMISE, Action.CORRECT})
"""Notes that may be written down later for any time, and what concerns nobody but us; the rest happens in order."""

_NO_FACTS: Mapping[str, Any] = MappingProxyType({})
_CAN_WAIT = frozenset({Status.REGISTERED, Status.IN_PROGRESS, Status.AWAITING_REPLY})

ALLOWED: Mapping[Action, frozenset[Status]] = {
    Action.AMEND: _OPEN | {Status.CLOSED},
    Action.CONTACT: _OPEN,
    Action.ASSIGN: _OPEN,
    Action.ACCEPT: _OPEN,
    Action.INVESTIGATE: _OPEN,
    Action.DETERMINE: _OPEN,
    Action.PROPOSE: _OPEN - {Status.AWAITING_RETURN_VISIT},
    Action.APPROVE: frozenset({Status.AWAITING_APPROVAL}),
    Action.REJECT: frozenset({Status.AWAITING_APPROVAL}),
    Action.PROMISE: _OPEN,
    Action.KEEP_PROMISE: _OPEN,
    Action.REPLY: _OPEN,
    Action.RETURN_VISIT: _OPEN,
    Action.CORRECT: _OPEN | {Status.CLOSED},
    Action.VERIFY_CORRECTION: _OPEN | {Status.CLOSED},
    Action.FEED_BACK: _OPEN,
    Action.ESCALATE: _OPEN,
    Action.CLOSE: _OPEN,
    Action.REOPEN: frozenset({Status.CLOSED}),
    Action.VOID: _OPEN | {Status.CLOSED},
}
"""In which status an action may be taken; what else it needs is in :mod:`desk_app.domain.gates`."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome does. ``status`` None leaves it as it is, but for a registered case, which is then in progress.

    ``hands_over`` gives what is owed to the customer to somebody else.
    """

    status: Status | None = None
    settles: frozenset[FollowUpKind] = frozenset()
    trigger: Trigger | None = None
    next_round: bool = False
    hands_over: bool = False


_NEXT_ROUND = Effect(Status.IN_PROGRESS, OF_A_ROUND, Trigger.NEXT_ROUND, next_round=True)


def _settles(*kinds: FollowUpKind) -> frozenset[FollowUpKind]:
    return frozenset(kinds)


EFFECTS: Mapping[Outcome, Effect] = {
    Outcome.ASSIGNED: Effect(settles=_settles(FollowUpKind.HANDLE), trigger=Trigger.ASSIGNED),
    Outcome.ACCEPTED: Effect(hands_over=True),
    Outcome.INVESTIGATED: Effect(settles=_settles(FollowUpKind.ANALYSE)),
    Outcome.DETERMINED: Effect(trigger=Trigger.DETERMINED),
    Outcome.PROPOSED: Effect(
        Status.AWAITING_APPROVAL, _settles(FollowUpKind.HANDLE, FollowUpKind.APPROVE), Trigger.PROPOSED
    ),
    Outcome.PROPOSED_WITHIN_AUTHORITY: Effect(
        Status.AWAITING_REPLY, _settles(FollowUpKind.HANDLE, FollowUpKind.APPROVE)
    ),
    Outcome.APPROVED: Effect(Status.AWAITING_REPLY, _settles(FollowUpKind.APPROVE)),
    Outcome.REJECTED: Effect(Status.IN_PROGRESS, _settles(FollowUpKind.APPROVE), Trigger.REJECTED),
    Outcome.AMENDED: Effect(),
    Outcome.CONTACTED: Effect(),
    Outcome.VISITED_ON_SITE: Effect(settles=_settles(FollowUpKind.VISIT_ON_SITE)),
    Outcome.WAITS_FOR_CUSTOMER: Effect(Status.AWAITING_CUSTOMER),
    Outcome.CUSTOMER_CAME_BACK: Effect(Status.IN_PROGRESS),
    Outcome.PROMISED: Effect(trigger=Trigger.PROMISED),
    Outcome.PROMISE_KEPT: Effect(),
    Outcome.REPLIED: Effect(Status.AWAITING_RETURN_VISIT, ANSWERING, Trigger.REPLIED),
    Outcome.REPLIED_OUTSIDE: Effect(settles=_settles(FollowUpKind.EXTERNAL_REPLY)),
    Outcome.REPLY_REFUSED: _NEXT_ROUND,
    Outcome.NOT_REACHED: Effect(Status.AWAITING_RETURN_VISIT, _settles(FollowUpKind.RETURN_VISIT), Trigger.NOT_REACHED),
    Outcome.VISITED: Effect(Status.IN_PROGRESS, _settles(FollowUpKind.RETURN_VISIT), Trigger.VISITED),
    Outcome.DISSATISFIED: _NEXT_ROUND,
    Outcome.CORRECTED: Effect(trigger=Trigger.CORRECTED),
    Outcome.VERIFIED: Effect(),
    Outcome.INEFFECTIVE: Effect(trigger=Trigger.INEFFECTIVE),
    Outcome.FED_BACK: Effect(settles=_settles(FollowUpKind.FEED_BACK)),
    Outcome.ESCALATED: Effect(hands_over=True),
    Outcome.CLOSED: Effect(Status.CLOSED, _ALL_KINDS - IMPROVEMENT),
    Outcome.REOPENED: _NEXT_ROUND,
    Outcome.VOIDED: Effect(Status.VOID, _ALL_KINDS),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written in one transaction: the case after, its history line, what was owed and is changed.

    ``changed`` holds follow-ups that were on file, as they are from now on (settled, handed over); ``owed`` new ones.
    """

    case: Case
    event: Event
    changed: tuple[FollowUp, ...]
    owed: tuple[FollowUp, ...]


def open_case(case: Case, event: Event, deadlines: DeadlineBook) -> Decision:
    """Return the decision that puts a new case on file: registered, with what is owed from its receipt on."""
    parties = Parties(responsible=case.first_contact, due_at=case.promised_at)
    return Decision(case, event, (), deadlines.owed(Trigger.REGISTERED, case, case.received_at, parties))


def allowed_actions(file: CaseFile, policy: Policy) -> tuple[Action, ...]:
    """Return the actions that :func:`decide` would not refuse because of where the case stands (their data aside)."""
    return tuple(action for action in ALLOWED if why_not(file, action, policy) is None)


def why_not(file: CaseFile, action: Action, policy: Policy) -> KnownError | None:
    """Return why :func:`decide` would refuse an action because of where the case stands (its data aside), or None."""
    refusal = blind(file, action, policy.authority) or _not_now(file, action)
    return refusal or gates.first(gates.standing_in_the_way(file, standing(file), action, policy))


def caution(file: CaseFile, action: Action, policy: Policy) -> tuple[KnownError, ...]:
    """Return everything for which an action would be refused unless it is done by exception: only ``close`` has one."""
    if action is not Action.CLOSE:
        return ()
    return tuple(gates.before_closing(file, standing(file), policy, {}))


def decide(file: CaseFile, deed: Event, policy: Policy, facts: Mapping[str, Any] = _NO_FACTS) -> Decision:
    """Return what an action on a case comes to; nothing is changed here.

    ``deed`` is the action as it will stand in the history: its data has been checked (``validation.read_action``), its
    ``entered_at`` is the present moment; its round is set here. ``facts`` are those that an ``amend`` puts right, by
    key of the register.

    Raises:
        KnownError: the case does not allow it; the code says why.
    """
    stands = standing(file)
    deed = replace(deed, round=file.case.round, data=gates.completed(file, stands, deed, policy))
    refusal = (
        _untimely(file, deed)
        or _not_now(file, deed.action)
        or gates.first(gates.standing_in_the_way(file, stands, deed.action, policy, deed))
    )
    if refusal is not None:
        raise refusal
    effect = EFFECTS[_outcome(file.case, deed, policy)]
    case = replace(file.case, **facts) if deed.action is Action.AMEND else _case_after(file.case, effect, deed)
    if (refusal := amending.refusal(file, case)) is not None:
        raise refusal
    if deed.action is Action.AMEND:
        changed, owed = amending.owed_after(file, case, deed.at, policy.deadlines)
        if any(f.kind is FollowUpKind.RETURN_VISIT for f in owed):
            case = replace(case, status=Status.AWAITING_RETURN_VISIT)
    else:
        changed, owed = _what_follows(file, case, effect, stands, deed, policy)
        if file.merged_into:  # it goes its own way again
            owed += owing.owed_again(file, case)
    ended = {f.id for f in changed if f.done_at is not None}
    open_kinds = {f.kind for f in owed} | {f.kind for f in file.owed if f.id not in ended}
    if not case.status.is_over and open_kinds <= IMPROVEMENT:
        owed += owing.newly_owed(case, Trigger.NOTHING_LEFT, stands, deed, policy, file)
    if case.status is Status.AWAITING_RETURN_VISIT and FollowUpKind.RETURN_VISIT not in open_kinds:
        case = replace(case, status=Status.IN_PROGRESS)  # nobody is to be asked (praise)
    return Decision(case, deed, changed, owed)


def settled_by(file: CaseFile, deed: Event, policy: Policy) -> tuple[FollowUp, ...]:
    """Return what is owed and would be settled by a deed, as far as its data says so yet: a form may be half filled."""
    effect = EFFECTS[_outcome(file.case, deed, policy)]
    return tuple(f for f in file.owed if owing.is_settled(f, effect.settles, deed, file))


def latest(file: CaseFile) -> datetime:
    """Return when the last step was done: no later step can be before it, whatever a clock says that was set back."""
    return max((e.at for e in file.deeds if e.action not in _OUT_OF_ORDER), default=file.case.received_at)


def _untimely(file: CaseFile, deed: Event) -> KnownError | None:
    received_at, last = file.case.received_at, latest(file)
    if deed.at > max(deed.entered_at, last):
        return KnownError("act_in_future", at=deed.at)
    if deed.at < received_at:
        return KnownError("act_before_received", at=deed.at, received_at=received_at)
    begins, due_at = min(deed.at, deed.entered_at), gates.due_at(deed)
    if due_at is not None and due_at < min(received_at, begins):
        return KnownError("due_before_received", due_at=due_at, received_at=received_at)
    if due_at is not None and due_at > begins + TOLD_WITHIN:
        return KnownError("due_too_far", due_at=due_at)
    if deed.at < last and deed.action not in _OUT_OF_ORDER:
        return KnownError("act_before_last", at=deed.at, last=last)
    return None


def _not_now(file: CaseFile, action: Action) -> KnownError | None:
    if file.is_anonymised:
        return KnownError("case_anonymised", number=file.case.number)
    may_part = action is Action.REOPEN and file.merged_into  # the only way back from void: it was no duplicate
    if file.case.status not in ALLOWED.get(action, frozenset()) and not may_part:
        return KnownError("action_not_now", action=action, status=file.case.status, number=file.case.number)
    return None


def _outcome(case: Case, deed: Event, policy: Policy) -> Outcome:
    if deed.action is Action.PROPOSE:
        is_own = policy.authority.is_own_matter(deed.by, gates.amount(deed))
        return Outcome.PROPOSED_WITHIN_AUTHORITY if is_own else Outcome.PROPOSED
    if deed.action in _BY_DATA:
        return _BY_DATA[deed.action](case, deed.data)
    return _PLAIN[deed.action]


def _reply(_case: Case, data: Mapping[str, object]) -> Outcome:
    if data.get("to") == "external":
        return Outcome.REPLIED_OUTSIDE
    return Outcome.REPLY_REFUSED if data.get("accepted") is False else Outcome.REPLIED


def _return_visit(_case: Case, data: Mapping[str, object]) -> Outcome:
    if data.get("reached") is False:
        return Outcome.NOT_REACHED
    return Outcome.DISSATISFIED if data.get("satisfaction") == Satisfaction.DISSATISFIED else Outcome.VISITED


def _contact(case: Case, data: Mapping[str, object]) -> Outcome:
    if data.get("medium") == "on_site":
        return Outcome.VISITED_ON_SITE
    if data.get("awaiting") is True and case.status in _CAN_WAIT:
        return Outcome.WAITS_FOR_CUSTOMER
    if data.get("direction") == "in" and case.status is Status.AWAITING_CUSTOMER:
        return Outcome.CUSTOMER_CAME_BACK
    return Outcome.CONTACTED


def _verified(_case: Case, data: Mapping[str, object]) -> Outcome:
    return Outcome.INEFFECTIVE if data.get("effective") is False else Outcome.VERIFIED


_BY_DATA: Mapping[Action, Callable[[Case, Mapping[str, object]], Outcome]] = {
    Action.REPLY: _reply,
    Action.RETURN_VISIT: _return_visit,
    Action.CONTACT: _contact,
    Action.VERIFY_CORRECTION: _verified,
}
_PLAIN: Mapping[Action, Outcome] = {
    Action.AMEND: Outcome.AMENDED,
    Action.ASSIGN: Outcome.ASSIGNED,
    Action.ACCEPT: Outcome.ACCEPTED,
    Action.INVESTIGATE: Outcome.INVESTIGATED,
    Action.DETERMINE: Outcome.DETERMINED,
    Action.APPROVE: Outcome.APPROVED,
    Action.REJECT: Outcome.REJECTED,
    Action.PROMISE: Outcome.PROMISED,
    Action.KEEP_PROMISE: Outcome.PROMISE_KEPT,
    Action.CORRECT: Outcome.CORRECTED,
    Action.FEED_BACK: Outcome.FED_BACK,
    Action.ESCALATE: Outcome.ESCALATED,
    Action.CLOSE: Outcome.CLOSED,
    Action.REOPEN: Outcome.REOPENED,
    Action.VOID: Outcome.VOIDED,
}


def _case_after(case: Case, effect: Effect, deed: Event) -> Case:
    status = effect.status or (Status.IN_PROGRESS if case.status is Status.REGISTERED else case.status)
    cause = deed.data.get("true_cause") if deed.action is Action.INVESTIGATE else None
    return replace(
        case,
        status=status,
        round=case.round + 1 if effect.next_round else case.round,
        true_cause=str(cause) if cause else case.true_cause,
    )


def _what_follows(
    file: CaseFile, case: Case, effect: Effect, stands: Standing, deed: Event, policy: Policy
) -> tuple[tuple[FollowUp, ...], tuple[FollowUp, ...]]:
    """Return what was owed and is settled or handed over by a deed, and what is newly owed because of it."""
    owed = owing.newly_owed(case, effect.trigger, stands, deed, policy, file) if effect.trigger else ()
    settled = tuple(
        replace(f, done_at=deed.at)
        for f in file.owed
        if owing.is_settled(f, effect.settles, deed, file) or owing.is_overtaken(f, owed, deed, policy)
    )
    kept = tuple(f for f in file.owed if all(f.id != s.id for s in settled))
    moved = owing.handed_over(kept, stands, deed, policy) if effect.hands_over else ()
    return settled + moved, tuple(f for f in owed if not owing.is_owed_already(f, case, kept, deed, file))
