"""What may be done to a case, and what follows from it: two tables and one pure function (domain.md parts 9.11, 18).

An action has an *outcome* (a reply may be accepted or refused, a visit may reach nobody). ``ALLOWED`` says in which
status an action may be taken, ``EFFECTS`` what its outcome does: the new status, which owed actions it settles, which
deadlines it triggers, and whether the case goes into its next round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.deadlines import DeadlineBook, Trigger
from desk_app.domain.event import Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.vocabulary import Action, FollowUpKind, Satisfaction, Status
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Outcome(StrEnum):
    """How an action came out."""

    REGISTERED = "registered"
    CONTACTED = "contacted"
    REPLIED = "replied"
    REPLY_REFUSED = "reply_refused"
    NOT_REACHED = "not_reached"
    VISITED = "visited"
    DISSATISFIED = "dissatisfied"
    CLOSED = "closed"
    REOPENED = "reopened"
    VOIDED = "voided"


_OPEN = frozenset(s for s in Status if not s.is_over)
_ALL_KINDS = frozenset(FollowUpKind)
_STEPS = frozenset(Action) - {Action.CONTACT}
"""What moves a case on, and so happens in order; a note of a contact may be written down later for any time."""

ALLOWED: Mapping[Action, frozenset[Status]] = {
    Action.CONTACT: _OPEN,
    Action.REPLY: _OPEN,
    Action.RETURN_VISIT: _OPEN,
    Action.CLOSE: _OPEN,
    Action.REOPEN: frozenset({Status.CLOSED}),
    Action.VOID: _OPEN | {Status.CLOSED},
}
"""In which status an action may be taken; further guards are in :func:`decide`. Actions not here are not built yet."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome does. ``status`` None leaves it as it is."""

    status: Status | None
    settles: frozenset[FollowUpKind] = frozenset()
    trigger: Trigger | None = None
    next_round: bool = False


EFFECTS: Mapping[Outcome, Effect] = {
    Outcome.REGISTERED: Effect(Status.REGISTERED, trigger=Trigger.REGISTERED),
    Outcome.CONTACTED: Effect(None),
    Outcome.REPLIED: Effect(
        Status.AWAITING_RETURN_VISIT, settles=frozenset({FollowUpKind.REPLY}), trigger=Trigger.REPLIED
    ),
    Outcome.REPLY_REFUSED: Effect(Status.IN_PROGRESS, settles=_ALL_KINDS, trigger=Trigger.NEXT_ROUND, next_round=True),
    Outcome.NOT_REACHED: Effect(
        Status.AWAITING_RETURN_VISIT,
        settles=frozenset({FollowUpKind.RETURN_VISIT}),
        trigger=Trigger.NOT_REACHED,
    ),
    Outcome.VISITED: Effect(
        Status.IN_PROGRESS, settles=frozenset({FollowUpKind.RETURN_VISIT}), trigger=Trigger.VISITED
    ),
    Outcome.DISSATISFIED: Effect(Status.IN_PROGRESS, settles=_ALL_KINDS, trigger=Trigger.NEXT_ROUND, next_round=True),
    Outcome.CLOSED: Effect(Status.CLOSED, settles=_ALL_KINDS),
    Outcome.REOPENED: Effect(Status.IN_PROGRESS, trigger=Trigger.NEXT_ROUND, next_round=True),
    Outcome.VOIDED: Effect(Status.VOID, settles=_ALL_KINDS),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written in one transaction: the case after, its history line, what is settled, what is owed."""

    case: Case
    event: Event
    settled: tuple[FollowUp, ...]
    owed: tuple[FollowUp, ...]


def open_case(case: Case, event: Event, deadlines: DeadlineBook) -> Decision:
    """Return the decision that puts a new case on file: registered, with what is owed from its receipt on."""
    return Decision(case, event, (), deadlines.owed(Trigger.REGISTERED, case, case.received_at))


def allowed_actions(file: CaseFile, deadlines: DeadlineBook) -> tuple[Action, ...]:
    """Return the actions that :func:`decide` would not refuse because of where the case stands (their data aside)."""
    return tuple(action for action in ALLOWED if why_not(file, action, deadlines) is None)


def why_not(file: CaseFile, action: Action, deadlines: DeadlineBook) -> KnownError | None:
    """Return why :func:`decide` would refuse an action because of where the case stands (its data aside), or None."""
    return _refusal(file, action, deadlines, None)


def caution(file: CaseFile, action: Action, deadlines: DeadlineBook) -> KnownError | None:
    """Return why :func:`decide` would refuse an action unless it is done by exception (``close``), or None."""
    return _refusal(file, action, deadlines, {})


def decide(file: CaseFile, deed: Event, deadlines: DeadlineBook) -> Decision:
    """Return what an action on a case comes to; nothing is changed here.

    ``deed`` is the action as it will stand in the history: its data has been checked (``validation.read_action``), its
    ``entered_at`` is the present moment; its round is set here.

    Raises:
        KnownError: the case does not allow it; the code says why.
    """
    case = file.case
    if deed.at > deed.entered_at:
        raise KnownError("act_in_future", at=deed.at)
    if deed.at < case.received_at:
        raise KnownError("act_before_received", at=deed.at, received_at=case.received_at)
    refusal = _refusal(file, deed.action, deadlines, deed.data)
    if refusal is not None:
        raise refusal
    last = max((e.at for e in file.events if e.action in _STEPS), default=case.received_at)
    if deed.action in _STEPS and deed.at < last:
        raise KnownError("act_before_last", at=deed.at, last=last)
    effect = EFFECTS[_outcome(deed.action, deed.data)]
    status = effect.status or (Status.IN_PROGRESS if case.status is Status.REGISTERED else case.status)
    after = replace(case, status=status, round=case.round + 1 if effect.next_round else case.round)
    settled = tuple(replace(f, done_at=deed.at) for f in file.owed if f.kind in effect.settles)
    owed = deadlines.owed(effect.trigger, after, deed.at) if effect.trigger else ()
    return Decision(after, replace(deed, round=case.round), settled, owed)


def visit_attempts(file: CaseFile) -> int:
    """Return how often, in the present round, the customer was called back and not reached."""
    return sum(
        1
        for e in file.events
        if e.action is Action.RETURN_VISIT and e.round == file.case.round and e.data.get("reached") is False
    )


def _outcome(action: Action, data: Mapping[str, object]) -> Outcome:
    if action is Action.REPLY:
        return Outcome.REPLY_REFUSED if data.get("accepted") is False else Outcome.REPLIED
    if action is Action.RETURN_VISIT:
        if data.get("reached") is False:
            return Outcome.NOT_REACHED
        return Outcome.DISSATISFIED if data.get("satisfaction") == Satisfaction.DISSATISFIED else Outcome.VISITED
    return {
        Action.CONTACT: Outcome.CONTACTED,
        Action.CLOSE: Outcome.CLOSED,
        Action.REOPEN: Outcome.REOPENED,
        Action.VOID: Outcome.VOIDED,
    }[action]


def _refusal(
    file: CaseFile, action: Action, deadlines: DeadlineBook, data: Mapping[str, object] | None
) -> KnownError | None:
    """Return why the case does not allow the action, or None. Without ``data`` it is asked of the case alone."""
    status = file.case.status
    if action not in ALLOWED:
        return KnownError("action_not_built", action=action)
    if status not in ALLOWED[action]:
        return KnownError("action_not_now", action=action, status=status, number=file.case.number)
    owed = {f.kind for f in file.owed}
    if action is Action.REPLY and FollowUpKind.REPLY not in owed:
        return KnownError("already_replied", number=file.case.number)
    if action is Action.RETURN_VISIT and FollowUpKind.RETURN_VISIT not in owed:
        return KnownError(
            "visit_before_reply" if FollowUpKind.REPLY in owed else "already_visited", number=file.case.number
        )
    if action is Action.CLOSE:
        return _closing_gate(file, owed, deadlines, exception=data is None or data.get("exception") is True)
    return None


def _closing_gate(
    file: CaseFile, owed: set[FollowUpKind], deadlines: DeadlineBook, *, exception: bool
) -> KnownError | None:
    """A case is closed when the customer was answered and asked (domain.md part 20.4 for the exception).

    The exception 客户不满意但已尽处理 needs an answer too, in whichever round.
    """
    answered = any(e.action is Action.REPLY for e in file.events)
    if not answered or (FollowUpKind.REPLY in owed and not exception):
        return KnownError("close_before_reply", number=file.case.number)
    if FollowUpKind.RETURN_VISIT in owed and not exception:
        tries = visit_attempts(file)
        if tries < deadlines.visit_attempts:
            return KnownError(
                "close_before_visit", number=file.case.number, tries=tries, needed=deadlines.visit_attempts
            )
    return None
