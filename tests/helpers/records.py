"""Builders of checked domain objects, for tests that need no register."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from desk_app.clock import FixedClock
from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Change, Event
from desk_app.domain.values import Context
from desk_app.domain.vocabulary import Action, Kind, Route, Severity, Status
from desk_app.domain.workflow import Decision, decide, open_case
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules


def a_record(**changes: Any) -> Case:
    """Return a complete case of the clock's now; changes are fields of it."""
    values: dict[str, Any] = {
        "number": "TS-20261122-001",
        "kind": Kind.COMPLAINT,
        "received_at": NOW,
        "entered_at": NOW,
        "status": Status.REGISTERED,
        "channel": "phone",
        "route": Route.NORMAL,
        "category": "商品问题",
        "severity": Severity.NORMAL,
        "content": "昨天买的电水壶通电后不加热",
        "customer_name": "李女士",
        "customer_phone": "13900001234",
        "receiver": "小周",
        "first_contact": "小周",
    }
    return Case(**{**values, **changes})


def a_deed(
    action: Action, at: datetime = NOW, now: datetime | None = None, *, by: str = "小周", **data: object
) -> Event:
    """Return an action as it is about to be done at ``at`` and written down at ``now`` (default: the same)."""
    return Event(action=action, at=at, entered_at=now or at, by=by, data=data, round=1)


def opened(case: Case, policy: Policy) -> CaseFile:
    """Return the file of a case that was just registered."""
    nothing = CaseFile(case, (), ())
    return after(nothing, open_case(case, a_deed(Action.REGISTER, case.received_at), policy.deadlines))


def after(file: CaseFile, decision: Decision) -> CaseFile:
    """Return the file as storage would give it back after a decision: changed replaced, owed added, event appended."""
    event = replace(decision.event, id=len(file.events) + 1)
    changed = {f.id: f for f in decision.changed}
    kept = tuple(changed.get(f.id, f) for f in file.follow_ups)
    added = tuple(replace(f, id=len(kept) + n, event_id=event.id) for n, f in enumerate(decision.owed, start=1))
    return CaseFile(decision.case, kept + added, (*file.events, event))


def acted_on(file: CaseFile, policy: Policy, deed: Event) -> CaseFile:
    """Return the file after one action.

    Raises:
        KnownError: the case does not allow it.
    """
    return after(file, decide(file, deed, policy))


def changes(before: CaseFile, decision: Decision) -> tuple[Change, ...]:
    """Return what a decision changed, as storage would give it back for the undoing."""
    known = {f.id: f for f in before.follow_ups}
    pairs: list[tuple[Any, Any, int]] = [(before.case, decision.case, 0)]
    pairs += [(known[f.id], f, f.id) for f in decision.changed]
    return tuple(
        Change(fact.name, getattr(old, fact.name), getattr(new, fact.name), follow_up_id)
        for old, new, follow_up_id in pairs
        for fact in fields(old)
        if getattr(old, fact.name) != getattr(new, fact.name)
    )


def a_context(rules: Rules, **changes: Any) -> Context:
    """Return what typed values are checked against at the clock's now, in a shop of the general trade."""
    values: dict[str, Any] = {
        "fields": rules.fields,
        "trade": rules.trade("general"),
        "operator": "前台",
        "now": NOW,
        "localise": FixedClock(NOW).local,
    }
    return Context(**{**values, **changes})
