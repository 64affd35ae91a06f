"""What a deed settles of what is owed, what it hands over, what is owed because of it (domain.md parts 7–10). Pure.

:func:`workflow.decide` puts these together; here stands what goes by more than the tables: which promise was kept,
which department was told, whether a finding demands anew what was done already.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk_app.domain import departments, gates
from desk_app.domain.deadlines import Parties
from desk_app.domain.standing import taken_on_by
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import Action, FollowUpKind, Responsibility, Trigger, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.domain.standing import Standing

IMPROVEMENT = frozenset({FollowUpKind.CORRECT, FollowUpKind.VERIFY})
"""What stays owed when the case is closed: the customer has been served, the shop has still to mend itself."""
ANSWERING = frozenset({FollowUpKind.REPLY, FollowUpKind.HANDLE, FollowUpKind.APPROVE})
OF_A_ROUND = ANSWERING | {FollowUpKind.RETURN_VISIT, FollowUpKind.FEED_BACK}
"""What a dissatisfied customer begins anew; promises, visits on site, answers to others and corrections go on."""
_HANDED_OVER = OF_A_ROUND | {FollowUpKind.VISIT_ON_SITE, FollowUpKind.ANALYSE}
"""What goes over to the person who accepts."""
_STAYS_OWED = frozenset({FollowUpKind.EXTERNAL_REPLY, FollowUpKind.VISIT_ON_SITE, FollowUpKind.ANALYSE})
"""What no rule of a next round asks for anew."""


def is_settled(owed: FollowUp, kinds: AbstractSet[FollowUpKind], deed: Event, file: CaseFile) -> bool:
    """Whether a deed that settles ``kinds`` settles something owed: it may have to be the very thing that it names."""
    if deed.action is Action.KEEP_PROMISE:
        return owed.id == deed.data.get("promise")
    if deed.action is Action.CORRECT:  # the plan that was asked for, which names no fault yet
        return owed.kind is FollowUpKind.CORRECT and not owed.subject
    if deed.action is Action.VERIFY_CORRECTION:
        named = {f.event_id for f in file.owed if f.id == deed.data.get("correction")}
        return owed.kind in IMPROVEMENT and owed.event_id in named
    if deed.action is Action.INVESTIGATE and owed.kind is FollowUpKind.HANDLE:
        # before the answer handling ends with a proposal; what was assigned after it, with what was found
        return not owed.subject and all(f.kind is not FollowUpKind.REPLY for f in file.owed)
    if deed.action is Action.FEED_BACK and owed.kind is FollowUpKind.FEED_BACK:
        return departments.tells(_department(deed), owed.owed_to)
    return owed.kind in kinds


def is_overtaken(owed: FollowUp, demanded: tuple[FollowUp, ...], deed: Event, policy: Policy) -> bool:
    """Whether a new finding of responsibility no longer demands what a former one did."""
    if deed.action is not Action.DETERMINE:
        return False
    rule = policy.deadlines[owed.rule]
    return rule is not None and rule.trigger is Trigger.DETERMINED and all(f.rule != rule.id for f in demanded)


def handed_over(kept: tuple[FollowUp, ...], stands: Standing, deed: Event, policy: Policy) -> tuple[FollowUp, ...]:
    """Return what goes over to another: to the person who accepts, or to the office that is asked.

    Asking a superior takes nothing away from who stands above them.
    """
    if deed.action is Action.ESCALATE:
        to = str(deed.data["to"])
        own = (f for f in kept if f.kind in OF_A_ROUND and not policy.authority.is_below(to, f.owed_by))
        return tuple(replace(f, owed_by=to, level=f.level + 1, snoozed_until=None) for f in own)
    to = taken_on_by(stands.assigned, deed)
    before = (stands.responsible, stands.assignee)
    return tuple(
        replace(f, owed_by=to, snoozed_until=None)
        for f in kept
        if f.kind in _HANDED_OVER and f.owed_by in before and f.owed_by != to
    )


def is_owed_already(new: FollowUp, case: Case, kept: tuple[FollowUp, ...], deed: Event, file: CaseFile) -> bool:
    """Whether something need not become owed: who is to be told knows or will be told; the finding had its plan."""
    is_finding = deed.action is Action.DETERMINE
    if is_finding and any(f.rule == new.rule for f in kept):
        return True
    if new.kind is FollowUpKind.FEED_BACK:
        will_be = (f.owed_to for f in kept if f.kind is new.kind and f.round == case.round)
        told = (_department(e) for e in file.deeds if e.action is Action.FEED_BACK and e.round == case.round)
        return any(departments.is_among(new.owed_to, whom) for whom in will_be) or any(
            departments.tells(named, new.owed_to) for named in told
        )
    is_plan = is_finding and new.kind is FollowUpKind.CORRECT
    return is_plan and any(e.action is Action.CORRECT for e in _since_found(file, deed))


def newly_owed(
    case: Case, trigger: Trigger, stands: Standing, deed: Event, policy: Policy, file: CaseFile
) -> tuple[FollowUp, ...]:
    """Return what is owed because of a deed, by the rules of the shop.

    A term begins when the deed was done; where that lies ahead (a clock was set back since), when it was written down.
    """
    data = deed.data
    named = str(data.get("person") or data.get("department") or "")
    parties = Parties(
        responsible=stands.responsible,
        actor=deed.by,
        assignee=named,
        approver=policy.authority.approver(gates.amount(deed)),
        subject=str(data.get("what") or data.get("problem") or "")[:200],
        department=_department(deed),
        due_at=gates.due_at(deed),
    )
    finding = data.get("responsibility")
    responsibility = Responsibility(str(finding)) if finding else None
    owed = policy.deadlines.owed(trigger, case, min(deed.at, deed.entered_at), parties, responsibility)
    return tuple(not_after_the_reply(f, file.owed, deed.entered_at) for f in owed)


def owed_again(file: CaseFile, case: Case) -> tuple[FollowUp, ...]:
    """Return what the merging of a case ended that nothing but a deed of its own can settle, as owed once more.

    An answer to the customer is owed by the rules of the next round, a promise by the case that it was merged into.
    """
    merged_at = next(e.at for e in reversed(file.deeds) if e.action is Action.VOID)
    ended = (f for f in file.follow_ups if f.done_at == merged_at and f.kind in _STAYS_OWED)
    return tuple(replace(f, id=0, round=case.round, snoozed_until=None, done_at=None) for f in ended)


def not_after_the_reply(owed: FollowUp, others: Iterable[FollowUp], earliest: datetime) -> FollowUp:
    """Let an approval fall due at the latest with the answer that waits for it, and not before a moment."""
    replies = [f.due_at for f in others if f.kind is FollowUpKind.REPLY]
    if owed.kind is not FollowUpKind.APPROVE or not replies or owed.due_at <= min(replies):
        return owed
    return due_earlier(owed, max(min(replies), earliest))


def due_earlier(owed: FollowUp, due_at: datetime) -> FollowUp:
    """Return something owed as due at an earlier moment than its rule says; it is not left aside beyond that."""
    until = owed.snoozed_until
    is_hidden_longer = until is not None and until > due_at
    given = Term(0, Unit.GIVEN)
    return replace(owed, due_at=due_at, term=given, snoozed_until=None if is_hidden_longer else until)


def _department(deed: Event) -> str:
    return str(deed.data.get("department") or "")


def _since_found(file: CaseFile, deed: Event) -> tuple[Event, ...]:
    """Return what was done since the finding of a ``determine`` has stood: nothing where it is a new one."""
    since: list[Event] | None = None
    for each in file.deeds:
        if each.action is Action.DETERMINE:
            is_same = each.data["responsibility"] == deed.data["responsibility"]
            since = (since or []) if is_same else None
        elif since is not None:
            since.append(each)
    return tuple(since or ())
