"""A case as it is told to the person who works on it: where it stands, what is known, what is owed, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from desk_app.domain.guide import Stage, stage_of
from desk_app.domain.vocabulary import Status
from desk_app.sentences import short_time
from ui.models.time_left import Urgency, time_left, urgency

if TYPE_CHECKING:
    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field, Trade
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.rules import Rules

END = len(Stage)
"""Behind the last step of the spine."""
_LATE_ENTRY = timedelta(hours=1)  # what is typed while the customer speaks is no late entry
_TOLD_ELSEWHERE = frozenset({"number", "content", "status"})  # in the head of the pane, or by themselves


@dataclass(frozen=True, slots=True)
class Owed:
    """One open follow-up in words."""

    kind: str
    who: str
    time_left: str
    urgency: Urgency
    explanation: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history in words; ``entered_at`` is empty unless it was written down afterwards (补录)."""

    at: str
    by: str
    action: str
    lines: tuple[str, ...]
    round: int
    entered_at: str


def current_step(file: CaseFile) -> int | None:
    """Return which step of the spine is owed next: 0-based, ``END`` for a closed case, None for a void one."""
    if file.case.status is Status.CLOSED:
        return END
    stage = stage_of(file)
    return None if stage is None else tuple(Stage).index(stage)


def facts(case: Case, rules: Rules, trade: Trade) -> tuple[tuple[str, str], ...]:
    """Return label and value of everything that is filled, in the order of the conversation."""
    told = []
    for fact in rules.fields:
        text = "" if fact.key in _TOLD_ELSEWHERE else _value_text(fact, getattr(case, fact.key), rules, trade)
        if text and not (fact.key == "round" and case.round == 1):
            told.append((fact.label, text))
    return tuple(told)


def owed(file: CaseFile, rules: Rules, deadlines: DeadlineBook, now: datetime) -> tuple[Owed, ...]:
    """Return what is owed, the next due first, each with the reason of its time."""
    return tuple(tell_owed(f, rules, deadlines, now) for f in file.owed)


def tell_owed(follow_up: FollowUp, rules: Rules, deadlines: DeadlineBook, now: datetime) -> Owed:
    """Return one follow-up in words."""
    return Owed(
        kind=rules.sentences.label("follow_up", follow_up.kind),
        who=f"{follow_up.owed_by} → {follow_up.owed_to}",
        time_left=time_left(follow_up.due_at, now),
        urgency=urgency(follow_up.due_at, now),
        explanation=rules.sentences.explain(follow_up, deadlines),
    )


def history(file: CaseFile, rules: Rules) -> tuple[Happening, ...]:
    """Return the history, the latest first."""
    return tuple(_happening(event, rules) for event in reversed(file.events))


def _happening(event: Event, rules: Rules) -> Happening:
    form = rules.actions.get(event.action)
    told = []
    for key, value in event.data.items():
        fact = form[key] if form else None
        text = _value_text(fact, value, rules, None) if fact else str(value)
        if text or value is False:
            told.append(f"{fact.label if fact else key}：{text or rules.sentences.label('word', 'no')}")
    return Happening(
        at=short_time(event.at),
        by=event.by,
        action=rules.sentences.label("action", event.action),
        lines=tuple(told),
        round=event.round,
        entered_at=short_time(event.entered_at) if event.entered_at - event.at > _LATE_ENTRY else "",
    )


def _value_text(fact: Field, value: object, rules: Rules, trade: Trade | None) -> str:
    """Return what people read for one value; empty where there is nothing to tell."""
    match value:
        case None | False | "":
            text = ""
        case True:
            text = rules.sentences.label("word", "yes")
        case datetime():
            text = short_time(value)
        case Decimal():
            text = f"{value} {fact.help}".strip()  # the help of an amount is its unit: 元
        case Mapping():
            labels = {c.key: c.label for c in trade.items} if trade else {}
            text = "；".join(f"{labels.get(key, key)}：{said}" for key, said in value.items())
        case tuple():
            text = "、".join(fact.label_of(str(v)) for v in value)
        case _:
            text = fact.label_of(str(value))
    return text
