"""Who owes what to whom by when, as rules that are data (``resources/deadlines.toml``; domain.md part 10).

A due date is never a bare date: the follow-up keeps the rule, the term and where its clock began, so that a person can
be told why (「为什么是这个时间」), and so that it can be found again when the calendar changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

from desk_app.domain import terms
from desk_app.domain.case import Lack
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.terms import Step, Term
from desk_app.domain.vocabulary import FollowUpKind, Kind, Responsibility, Route, Trigger, Unit

if TYPE_CHECKING:
    from desk_app.domain.case import Case
    from desk_app.domain.work_calendar import WorkCalendar  # noqa: TC004 -- no form waits for the calendar

_COUNTED = frozenset({Unit.WORKING_DAYS, Unit.BUSINESS_DAYS})

_ALWAYS_OWED: Mapping[Trigger, FollowUpKind] = {
    Trigger.REGISTERED: FollowUpKind.REPLY,
    Trigger.NEXT_ROUND: FollowUpKind.REPLY,
    Trigger.PROMISED: FollowUpKind.PROMISE,
    Trigger.NOTHING_LEFT: FollowUpKind.HANDLE,
}
"""What must be owed after these, of every case: else a customer, a promise or the closing would be forgotten."""


class SilentRulesError(ValueError):
    """After ``trigger`` some case would owe nothing: such rules are no rules."""

    def __init__(self, trigger: Trigger) -> None:
        """Keep the trigger."""
        super().__init__(f"rule: nothing is owed when {trigger}")
        self.trigger = trigger


class Debtor(StrEnum):
    """Who owes: somebody named on the case or in the action, or an office."""

    RESPONSIBLE = "responsible"
    RECEIVER = "receiver"
    MANAGER = "manager"
    ACTOR = "actor"
    ASSIGNEE = "assignee"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which cases a rule speaks. Empty means all; ``safety`` true means only where safety is concerned."""

    kinds: frozenset[Kind] = frozenset()
    routes: frozenset[Route] = frozenset()
    safety: bool = False

    def holds(self, kind: Kind, route: Route, *, safety: bool) -> bool:
        """Whether such a case is meant."""
        is_meant = (not self.kinds or kind in self.kinds) and (not self.routes or route in self.routes)
        return is_meant and (safety or not self.safety)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One rule. ``told`` says that a time that was told to somebody takes the place of the computed one.

    ``from_told`` says that the term begins at such a time: what follows upon something cannot be due before it.
    """

    id: str
    title: str
    source: str
    trigger: Trigger
    follow_up: FollowUpKind
    term: Term
    owed_by: Debtor
    owed_to: str
    scope: Scope = Scope()
    responsibilities: frozenset[Responsibility] = frozenset()
    subject: str = ""
    told: bool = False
    from_told: bool = False
    enabled: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether it speaks of every case of its scope, whatever was told or determined."""
        return self.term.unit is not Unit.GIVEN and not self.responsibilities


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that the law sets from outside, for what was received from ``valid_from`` to ``valid_until``."""

    id: str
    title: str
    source: str
    term: Term
    scope: Scope
    valid_from: date
    valid_until: date


class Every(StrEnum):
    """How often a regular duty comes round."""

    ALWAYS = "always"
    SHIFT = "shift"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Duty:
    """What the shop owes regularly, whatever the cases (:mod:`desk_app.domain.duties` says when)."""

    id: str
    title: str
    source: str
    every: Every
    owed_by: str


@dataclass(frozen=True, slots=True)
class OpenChoice:
    """A contradiction of the sources that the shop decides (domain.md part 20).

    Each option has its label and the rules that are in force with it; those of the others are then not.
    """

    title: str
    labels: tuple[str, ...]
    rules: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Whom a rule can mean beside those on the case, and what the action told.

    ``responsible`` owes the customer at present; ``due_at`` is the time the action named, if it did.
    """

    responsible: str
    actor: str = ""
    assignee: str = ""
    approver: str = ""
    subject: str = ""
    department: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadlineBook:
    """The rules in force, the calendar they count by, and what the closing gate asks of each kind.

    ``calendar`` is asked only when a term counts working days, because reading it takes longer than a form should.
    """

    rules: tuple[DeadlineRule, ...]
    limits: tuple[Limit, ...]
    duties: tuple[Duty, ...]
    visit_attempts: int
    manager: str
    day_end: time
    need_responsibility: frozenset[Kind]
    need_feed_back: frozenset[Kind]
    need_adoption: frozenset[Kind]
    need_recorded: Lack
    calendar: Callable[[], WorkCalendar] = field(repr=False, compare=False)

    def __getitem__(self, rule_id: str) -> DeadlineRule | None:
        """Return the rule of that name, or None where a shop has since removed it."""
        return next((r for r in self.rules if r.id == rule_id), None)

    def owed(
        self,
        trigger: Trigger,
        case: Case,
        start: datetime,
        parties: Parties,
        responsibility: Responsibility | None = None,
    ) -> tuple[FollowUp, ...]:
        """Return what is owed on ``case`` because of ``trigger``, counted from ``start`` or from the time it told.

        For each kind of follow-up the first rule that applies decides, so that a special rule stands before the
        general one.
        """
        owed: dict[FollowUpKind, FollowUp] = {}
        for rule in self._speaking(trigger, case.kind, case.route, safety=case.safety):
            if rule.follow_up in owed or (rule.responsibilities and responsibility not in rule.responsibilities):
                continue
            told = parties.due_at if rule.told else None
            if told is None and rule.term.unit is Unit.GIVEN:
                continue
            begins = (parties.due_at if rule.from_told else None) or start
            owed[rule.follow_up] = FollowUp(
                kind=rule.follow_up,
                owed_by=self._debtor(rule.owed_by, case, parties),
                owed_to=_creditor(rule.owed_to, case, parties),
                start_at=begins,
                due_at=told or self.due(rule.term, begins),
                rule=rule.id,
                term=Term(0, Unit.GIVEN) if told else rule.term,
                round=case.round,
                subject=rule.subject or parties.subject,
            )
        return tuple(owed.values())

    def reply_due(self, kind: Kind, route: Route, received_at: datetime, *, safety: bool = False) -> datetime | None:
        """Return when the customer must have the first answer: what the receptionist tells them."""
        for rule in self._speaking(Trigger.REGISTERED, kind, route, safety=safety):
            if rule.follow_up is FollowUpKind.REPLY and rule.is_sure:
                return self.due(rule.term, received_at)
        return None

    def due(self, term: Term, start: datetime) -> datetime:
        """Return the end of a term that began at ``start``, by the calendar in force."""
        return terms.due(term, start, self._calendar_for(term), self.day_end)

    def steps(self, owed: FollowUp) -> tuple[Step, ...]:
        """Return the lines of the reckoning that led to a due date (「为什么是这个时间」); none where it was told."""
        if owed.term.unit is Unit.GIVEN:
            return ()
        return terms.steps(owed.term, owed.start_at, self._calendar_for(owed.term), self.day_end)

    def reckoned(self, owed: FollowUp) -> FollowUp:
        """Return a follow-up due as the calendar in force says; one whose date was told stays as it is."""
        due = owed.due_at if owed.term.unit is Unit.GIVEN else self.due(owed.term, owed.start_at)
        return owed if due == owed.due_at else replace(owed, due_at=due)

    def limits_on(self, case: Case) -> tuple[tuple[Limit, datetime], ...]:
        """Return the outside limits on a case, each with its end, the earliest first."""
        day = case.received_at.date()
        speaking = (
            each
            for each in self.limits
            if each.valid_from <= day <= each.valid_until
            and each.scope.holds(case.kind, case.route, safety=case.safety)
        )
        return tuple(sorted(((each, self.due(each.term, case.received_at)) for each in speaking), key=lambda p: p[1]))

    def silent_on(self) -> tuple[Trigger, ...]:
        """Return the triggers after which, for some case, what must be owed would not be: such rules are no rules."""
        return tuple(
            trigger
            for trigger, wanted in _ALWAYS_OWED.items()
            if not all(
                any(r.follow_up is wanted and r.is_sure for r in self._speaking(trigger, kind, route, safety=False))
                for kind, route in product(Kind, Route)
            )
        )

    def _calendar_for(self, term: Term) -> WorkCalendar | None:
        return self.calendar() if term.unit in _COUNTED else None

    def _speaking(self, trigger: Trigger, kind: Kind, route: Route, *, safety: bool) -> list[DeadlineRule]:
        return [
            rule
            for rule in self.rules
            if rule.trigger is trigger and rule.enabled and rule.scope.holds(kind, route, safety=safety)
        ]

    def _debtor(self, debtor: Debtor, case: Case, parties: Parties) -> str:
        if debtor is Debtor.MANAGER:
            return self.manager
        named = {
            Debtor.RECEIVER: case.receiver,
            Debtor.ACTOR: parties.actor,
            Debtor.ASSIGNEE: parties.assignee,
            Debtor.APPROVER: parties.approver,
        }
        return named.get(debtor, "") or parties.responsible


def _creditor(owed_to: str, case: Case, parties: Parties) -> str:
    filled = {"{external_body}": case.external_body, "{department}": parties.department}
    return filled.get(owed_to, owed_to)
