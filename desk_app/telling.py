"""A case in words, for both faces: every value as people read it. What they look like is the business of the face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.amending import is_correction
from desk_app.domain.attachments import ATTACHED_KEY, DETACHED_KEY
from desk_app.domain.event import ANONYMISED_KEY, JOINED_KEY, KEPT_KEY, OUT_KEY, WAS_KEY, WITHDRAWN_KEY
from desk_app.domain.fields import FieldType
from desk_app.domain.times import is_late_entry
from desk_app.domain.vocabulary import Action
from desk_app.sentences import short_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import Case, CaseFile
    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field, Trade
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.rules import Rules


class Told(NamedTuple):
    """One fact of a case: its key, its label, and its value in words."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history in words: what was done, and each thing that was said of it.

    ``entered_at`` is empty unless it was written down afterwards (补录). ``is_undone``: it was taken back since, and no
    longer counts.
    """

    at: str
    by: str
    action: str
    lines: tuple[str, ...]
    round: int
    entered_at: str
    is_undone: bool = False


def facts(case: Case, rules: Rules, trade: Trade) -> Iterator[Told]:
    """Go through everything that is filled, in the order of the conversation; that a thing is not so is not told."""
    for fact in rules.fields:
        text = _value(fact, getattr(case, fact.key), rules, trade)
        if text:
            yield Told(fact.key, fact.label_for(case.kind), text)


def history(file: CaseFile, rules: Rules) -> tuple[Happening, ...]:
    """Return the history, the latest first."""
    undone = {e.undoes for e in file.events if e.undoes}
    return tuple(_happening(file, event, rules, is_undone=event.id in undone) for event in reversed(file.events))


def partners(file: CaseFile, rules: Rules) -> Mapping[str, str]:
    """Return, by the number of the other case, how a case hangs together with it: merged into it, or it into this one.

    The latest first.
    """
    say = rules.sentences.say
    if file.merged_into:
        return {file.merged_into: say("merged_into", {"number": file.merged_into})}
    return {number: say("merged_from", {"number": number}) for number in reversed(file.merged_from)}


def remarks(file: CaseFile, rules: Rules) -> tuple[str, ...]:
    """Return what has to be known of a case before anything else: made anonymous, to be kept, consent taken back."""
    withdrawal = file.withdrawal
    if file.is_anonymised:
        return (rules.sentences.label("history", "anonymised_now"),)
    return (
        *((rules.sentences.label("history", "kept"),) if file.is_kept else ()),
        *((rules.sentences.say("withdrawn_at", {"at": withdrawal.at}),) if withdrawal else ()),
    )


def owed_line(owed: FollowUp, rules: Rules) -> str:
    """Return who has to do what by when, with what exactly where that has a name (the promise, the fault)."""
    told = {"owed_by": owed.owed_by, "due": owed.due_at, "kind": owed.kind}
    return rules.sentences.say("next_owed", told) + (f"：{owed.subject}" if owed.subject else "")


def case_lines(file: CaseFile, rules: Rules, trade: Trade, deadlines: DeadlineBook) -> Iterator[str]:
    """Go through everything that is filled, everything that is owed and why then, and the history, the oldest first."""
    for told in facts(file.case, rules, trade):
        yield f"{told.label}：{told.text}"
    yield from (*remarks(file, rules), *partners(file, rules).values())
    for owed in file.owed:
        yield owed_line(owed, rules)
        yield "  " + rules.sentences.explain(owed, deadlines)
    taken_back = rules.sentences.label("history", "taken_back")
    for line in reversed(history(file, rules)):
        yield "  ".join((line.at, line.by, line.action + (taken_back if line.is_undone else ""), *line.lines))


def _happening(file: CaseFile, event: Event, rules: Rules, *, is_undone: bool) -> Happening:
    action, lines = _told(file, event, rules)
    return Happening(
        at=short_time(event.at),
        by=event.by,
        action=action,
        lines=lines,
        round=event.round,
        entered_at=short_time(event.entered_at) if is_late_entry(event.at, event.entered_at) else "",
        is_undone=is_undone,
    )


def _named(file: CaseFile, event: Event, rules: Rules) -> str:
    """Return what an event is called: its action, but for an ``amend`` that stands for something of its own."""
    label = rules.sentences.label
    if WITHDRAWN_KEY in event.data:
        return label("history", "withdrawn")
    return label("history", "amended") if is_correction(file, event, {}) else label("action", event.action)


def _told(file: CaseFile, event: Event, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return what was done, and each thing that was said of it: the labelled data, in the order of the form."""
    say, label, data = rules.sentences.say, rules.sentences.label, event.data
    if event.undoes:
        return label("history", "undone"), (say("history_undone", _undone(file, event, rules)),)
    if event.action is Action.AMEND and event.partner:
        name, code = ("joined", "history_joined") if JOINED_KEY in data else ("parted", "history_parted")
        reason = say("history_reason", {"reason": data["reason"]})
        return label("history", name), (say(code, {"number": event.partner}), reason)
    if "snoozed_until" in data:
        told = {"what": _owed(file, data.get("follow_up"), rules), "until": _moment(data["snoozed_until"])}
        reason = say("history_reason", {"reason": data.get("reason", "")})
        return label("history", "snoozed"), (say("history_snoozed", told), reason)
    if event.action is Action.AMEND and "due_at" in data:
        told = {"what": _owed(file, data.get("follow_up"), rules), "due": _moment(data["due_at"])}
        return label("history", "moved"), (say("history_moved", told),)
    brought = _brought(event, rules)
    if (marked := _marked(event, brought, rules)) is not None:
        return marked
    form = rules.actions.get(event.action)
    said = {fact.key: fact for fact in form.fields if fact.key in data} if form else {}
    done = {WAS_KEY, OUT_KEY, ATTACHED_KEY, WITHDRAWN_KEY, *said, *event.was}
    left = {key: value for key, value in data.items() if key not in done}
    return _named(file, event, rules), (
        *brought,
        *rules.sentences.amended(event, rules.fields),
        *(f"{f.label}：{_datum(file, f, data[key], rules)}" for key, f in said.items() if key not in event.was),
        *((say("history_out_of", {"number": event.partner}),) if OUT_KEY in data else ()),
        *(f"{key}：{value}" for key, value in left.items()),  # of a form that has changed since
    )


def _marked(event: Event, brought: tuple[str, ...], rules: Rules) -> tuple[str, tuple[str, ...]] | None:
    """Return what an ``amend`` says that puts no fact right, but lays files to the case or says how long it is kept."""
    say, label, data = rules.sentences.say, rules.sentences.label, event.data
    if KEPT_KEY in data:
        name = label("history", "kept" if data[KEPT_KEY] else "released")
        return name, (say("history_reason", {"reason": data.get("reason", "")}),)
    if ANONYMISED_KEY in data:
        return label("history", "anonymised"), (say("history_anonymised", {}),)
    if brought and event.action is Action.AMEND:
        return label("history", "detached" if DETACHED_KEY in data else "attached"), brought
    return None


def _undone(file: CaseFile, undoing: Event, rules: Rules) -> Mapping[str, object]:
    """Return what was taken back, by the name under which the history has it, and when it was done."""
    undone = next((e for e in file.events if e.id == undoing.undoes), None)
    if undone is None:
        return {"at": "", "action": Action(str(undoing.data["action"]))}
    return {"at": undone.at, "action": _told(file, undone, rules)[0]}


def _brought(event: Event, rules: Rules) -> tuple[str, ...]:
    """Return which files an event took away from its case and why, and which it laid to it."""
    say, data = rules.sentences.say, event.data
    told: list[str] = []
    if DETACHED_KEY in data:
        reason = say("history_reason", {"reason": data.get("reason", "")})
        told += [say("history_detached", {"name": data.get("name", "")}), reason]
    names = data.get(ATTACHED_KEY)
    if isinstance(names, list) and names:
        told.append(say("history_attached", {"names": "、".join(map(str, names)), "count": len(names)}))
    return tuple(told)


def _datum(file: CaseFile, fact: Field, value: object, rules: Rules) -> str:
    return _owed(file, value, rules) if fact.type is FieldType.OWED else rules.sentences.datum(fact, value)


def _owed(file: CaseFile, follow_up_id: object, rules: Rules) -> str:
    """Return what was owed: the promise, the fault, else what kind of thing it is."""
    owed = next((f for f in file.follow_ups if f.id == follow_up_id), None)
    if owed is None:
        return str(follow_up_id)
    kind = rules.sentences.label("follow_up", owed.kind)
    return f"{kind}：{owed.subject}" if owed.subject else kind


def _value(fact: Field, value: object, rules: Rules, trade: Trade) -> str:
    """Return what people read for one value of a case; empty where there is nothing to tell."""
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
            labels = {c.key: c.label for c in trade.items}
            text = "；".join(f"{labels.get(key, key)}：{said}" for key, said in value.items())
        case tuple():
            text = "、".join(fact.label_of(str(v)) for v in value)
        case _ if fact.key == "status":
            text = rules.sentences.label("status", str(value))
        case _:
            text = fact.label_of(str(value))
    return text


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
