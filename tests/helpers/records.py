"""Builders of checked domain objects, for tests that need no register."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desk_app.clock import FixedClock
from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Event
from desk_app.domain.validation import Context
from desk_app.domain.vocabulary import Action, Kind, Route, Severity, Status
from desk_app.domain.workflow import Decision, open_case
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.deadlines import DeadlineBook
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
        "receiver": "小周",
        "first_contact": "小周",
    }
    return Case(**{**values, **changes})


def a_deed(action: Action, at: datetime = NOW, now: datetime | None = None, **data: object) -> Event:
    """Return an action as it is about to be done at ``at`` and written down at ``now`` (default: the same)."""
    return Event(action=action, at=at, entered_at=now or at, by="小周", data=data, round=1)


def opened(case: Case, deadlines: DeadlineBook) -> CaseFile:
    """Return the file of a case that was just registered."""
    nothing = CaseFile(case, (), ())
    return after(nothing, open_case(case, a_deed(Action.REGISTER, case.received_at), deadlines))


def after(file: CaseFile, decision: Decision) -> CaseFile:
    """Return the file as storage would give it back after a decision: settled replaced, owed added, event appended."""
    settled = {f.id: f for f in decision.settled}
    kept = tuple(settled.get(f.id, f) for f in file.follow_ups)
    added = tuple(replace(f, id=len(kept) + n) for n, f in enumerate(decision.owed, start=1))
    return CaseFile(decision.case, kept + added, (*file.events, decision.event))


def a_context(rules: Rules, **changes: Any) -> Context:
    """Return what typed values are checked against at the clock's now, in a shop of the general trade."""
    values: dict[str, Any] = {
        "fields": rules.fields,
        "trade": rules.trade("general"),
        "deadlines": rules.deadlines,
        "operator": "前台",
        "now": NOW,
        "localise": FixedClock(NOW).local,
    }
    return Context(**{**values, **changes})
