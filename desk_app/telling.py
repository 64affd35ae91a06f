"""A case in words, line by line: what the command line prints of it for people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain.fields import FieldType
from desk_app.domain.vocabulary import Action
from desk_app.sentences import short_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.domain.case import CaseFile
    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.rules import Rules


def case_lines(file: CaseFile, rules: Rules, deadlines: DeadlineBook) -> Iterator[str]:
    """Go through everything that is filled, everything that is owed and why then, and the history, the oldest first."""
    for fact in rules.fields:
        value = getattr(file.case, fact.key)
        if value not in ("", None, False, (), {}):
            yield f"{fact.label}：{_shown(fact, value, rules)}"
    for owed in file.owed:
        yield owed_line(owed, rules)
        yield "  " + rules.sentences.explain(owed, deadlines)
    for event in file.events:
        yield "  ".join((short_time(event.at), event.by, *_told(event, file, rules)))


def owed_line(owed: FollowUp, rules: Rules) -> str:
    """Return who has to do what by when, with what exactly where that has a name (the promise, the fault)."""
    told = {"owed_by": owed.owed_by, "due": owed.due_at, "kind": owed.kind}
    return rules.sentences.say("next_owed", told) + (f"：{owed.subject}" if owed.subject else "")


def _told(event: Event, file: CaseFile, rules: Rules) -> Iterator[str]:
    """Go through what an event was and what it says, each datum with its label."""
    if event.action is Action.AMEND and not event.was:
        yield _amended(event, file, rules)
        return
    data = event.data
    name = rules.sentences.label("action", event.action)
    yield name if event in file.deeds else rules.sentences.say("history_taken_back", {"action": event.action})
    yield from rules.sentences.amended(event, rules.fields)
    form = rules.actions.get(event.action)
    for fact in form.fields if form else ():
        if fact.key in data and fact.key not in event.was:
            yield f"{fact.label}：{_said(fact, data[fact.key], file, rules)}"


def _amended(event: Event, file: CaseFile, rules: Rules) -> str:
    """Return what an ``amend`` did: took a step back, left something aside, or moved a due date."""
    say, data = rules.sentences.say, event.data
    if event.undoes:
        return say("history_undone", {"action": Action(str(data["action"]))})
    kind = next((f.kind for f in file.follow_ups if f.id == data.get("follow_up")), "")
    if "snoozed_until" in data:
        until = datetime.fromisoformat(str(data["snoozed_until"]))
        return say("history_snoozed", {"kind": kind, "until": until, "reason": data["reason"]})
    if "due_at" in data:
        return say("history_moved", {"kind": kind, "due": datetime.fromisoformat(str(data["due_at"]))})
    return rules.sentences.label("action", event.action)


def _said(fact: Field, value: object, file: CaseFile, rules: Rules) -> str:
    """Return one datum of an event as people read it: a moment to the minute, what is owed by what it is about."""
    if fact.type is FieldType.OWED:
        return next((f.subject for f in file.follow_ups if f.id == value), str(value))
    return rules.sentences.datum(fact, value)


def _shown(fact: Field, value: object, rules: Rules) -> str:
    if fact.key == "status":
        return rules.sentences.label("status", str(value))
    if isinstance(value, tuple):
        return "、".join(fact.label_of(v) for v in value)
    if isinstance(value, dict):
        return "；".join(f"{k}：{v}" for k, v in value.items())
    return _word(value, fact.label_of, rules)


def _word(value: object, label_of: Callable[[str], str], rules: Rules) -> str:
    if isinstance(value, bool):
        return rules.sentences.label("word", "yes" if value else "no")
    return short_time(value) if isinstance(value, datetime) else label_of(str(value))
