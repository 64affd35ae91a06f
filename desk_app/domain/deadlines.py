"""Who owes what to whom by when, as rules that are data (``resources/deadlines.toml``; domain.md part 10).

A due date is never a bare date: it carries the rule and the steps by which it was found, so that a person can be told
why (「为什么是这个时间」).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_app.domain.follow_up import FollowUp
from desk_app.domain.vocabulary import FollowUpKind, Kind, Route

if TYPE_CHECKING:
    from desk_app.domain.case import Case


class Trigger(StrEnum):
    """What happened that makes somebody owe something."""

    REGISTERED = "registered"
    REPLIED = "replied"
    NOT_REACHED = "not_reached"
    VISITED = "visited"
    NEXT_ROUND = "next_round"


class Debtor(StrEnum):
    """Who owes: a person named on the case, or an office."""

    FIRST_CONTACT = "first_contact"
    RECEIVER = "receiver"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One rule. ``hours`` run on the wall clock, through nights and holidays (domain.md part 18).

    An empty ``kinds`` or ``routes`` means all. ``promised`` says that a time promised to the customer, where one was,
    takes the place of the computed one.
    """

    id: str
    title: str
    source: str
    trigger: Trigger
    follow_up: FollowUpKind
    hours: int
    owed_by: Debtor
    owed_to: str
    kinds: frozenset[Kind]
    routes: frozenset[Route]
    promised: bool = False

    def applies(self, kind: Kind, route: Route) -> bool:
        """Whether the rule speaks of such a case."""
        return (not self.kinds or kind in self.kinds) and (not self.routes or route in self.routes)

    def due(self, start: datetime) -> datetime:
        """Return ``start`` plus the rule's hours, on the same wall clock."""
        return start + timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class DeadlineBook:
    """The rules in force, and the number of tries after which an unreachable customer counts as asked."""

    rules: tuple[DeadlineRule, ...]
    visit_attempts: int
    manager: str

    def __getitem__(self, rule_id: str) -> DeadlineRule | None:
        """Return the rule of that name, or None where a shop has since removed it."""
        return next((r for r in self.rules if r.id == rule_id), None)

    def owed(self, trigger: Trigger, case: Case, start: datetime) -> tuple[FollowUp, ...]:
        """Return what is owed on ``case`` because of ``trigger``, counted from ``start``.

        For each kind of follow-up the first rule that applies decides, so that a special rule stands before the
        general one.
        """
        owed: dict[FollowUpKind, FollowUp] = {}
        for rule in self.rules:
            if rule.trigger is trigger and rule.follow_up not in owed and rule.applies(case.kind, case.route):
                promised = case.promised_at if rule.promised else None
                owed[rule.follow_up] = FollowUp(
                    kind=rule.follow_up,
                    owed_by=self._debtor(rule.owed_by, case),
                    owed_to=rule.owed_to,
                    start_at=start,
                    due_at=promised or rule.due(start),
                    rule=rule.id,
                    round=case.round,
                )
        return tuple(owed.values())

    def reply_due(self, kind: Kind, route: Route, received_at: datetime) -> datetime | None:
        """Return when the customer must have the first answer: what the receptionist tells them."""
        for rule in self.rules:
            if (
                rule.trigger is Trigger.REGISTERED
                and rule.follow_up is FollowUpKind.REPLY
                and rule.applies(kind, route)
            ):
                return rule.due(received_at)
        return None

    def _debtor(self, debtor: Debtor, case: Case) -> str:
        if debtor is Debtor.MANAGER:
            return self.manager
        return case.first_contact if debtor is Debtor.FIRST_CONTACT else case.receiver


def read_deadlines(data: Mapping[str, object]) -> DeadlineBook:
    """Build the rules from the parsed ``deadlines.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    settings, rules = data["settings"], data["rule"]
    if not isinstance(settings, Mapping) or not isinstance(rules, list):
        raise TypeError("settings, rule")
    return DeadlineBook(
        rules=tuple(_read_rule(r) for r in rules),
        visit_attempts=int(settings["visit_attempts"]),
        manager=str(settings["manager"]),
    )


def _read_rule(entry: Mapping[str, object]) -> DeadlineRule:
    hours, kinds, routes = entry["hours"], entry.get("kinds", []), entry.get("routes", [])
    if not isinstance(hours, int) or hours < 0 or not isinstance(kinds, list) or not isinstance(routes, list):
        raise ValueError(entry.get("id"))
    return DeadlineRule(
        id=str(entry["id"]),
        title=str(entry["title"]),
        source=str(entry["source"]),
        trigger=Trigger(str(entry["trigger"])),
        follow_up=FollowUpKind(str(entry["follow_up"])),
        hours=hours,
        owed_by=Debtor(str(entry["owed_by"])),
        owed_to=str(entry["owed_to"]),
        kinds=frozenset(Kind(k) for k in kinds),
        routes=frozenset(Route(r) for r in routes),
        promised=bool(entry.get("promised", False)),
    )
