"""What one line of a list, or one form, of a standard sheet is about, and what it may say of it.

A sheet asks for cases, for deeds (each assignment, each visit …), for what is owed (each promise), or for the rounds of
one case. Each of these is a :class:`Subject`: a case, and of it one deed or one thing owed. Its values go by key: those
of the register line for the case, ``deed.…`` and ``owed.…`` for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.case import CaseFile
from desk_app.domain.fields import FieldType
from desk_app.domain.figures import FIGURE_KEYS
from desk_app.domain.heeding import WARNING_KEYS
from desk_app.domain.history import acceptance_of
from desk_app.domain.register_line import LINE_KEYS, concealed, register_line
from desk_app.domain.vocabulary import Action, FollowUpKind, Status

if TYPE_CHECKING:
    from desk_app.domain.actions import ActionForm
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field, FieldBook
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.wording import Line, Value, Wording

_LATER = frozenset({"accepted_at", "accepted_by", "verified_at", "verified_by"})
"""What became of an assignment, or of a correction."""
_DEED_KEYS = frozenset(f"deed.{key}" for key in ("at", "by", "entered_at", "action", "round", "serial", *_LATER))
_OWED_KEYS = frozenset(
    f"owed.{key}"
    for key in ("kind", "subject", "owed_by", "owed_to", "start_at", "due_at", "done_at", "in_time", "state", "note")
)

_LISTS = {
    "reply_medium": "reply.medium",
    "visit_satisfaction": "return_visit.satisfaction",
    "responsibility": "determine.responsibility",
    "reward": "close.reward",
}
"""Values of the register line that are of a closed list of an action."""


class Facts(NamedTuple):
    """What a sheet can ask for is known from: the fields of the register, and the forms of the actions."""

    fields: FieldBook
    actions: Mapping[Action, ActionForm]


class Each(StrEnum):
    """What there is one line, or one form, of."""

    CASE = "case"
    ROUND = "round"
    DEED = "deed"
    OWED = "owed"
    HANDOVER = "handover"
    NOTHING = "nothing"
    FIGURES = "figures"
    WARNINGS = "warnings"


@dataclass(frozen=True, slots=True)
class Of:
    """Which of them: empty means all. ``where`` names values of a datum of the deed (as they are kept).

    ``carried`` adds what was received before the period and is open still. ``tally``: the keys that figures count by;
    ``surveyed``: of a whole year also what its satisfaction survey came to.
    """

    each: Each
    kinds: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owed: frozenset[FollowUpKind] = frozenset()
    carried: bool = False
    tally: tuple[str, ...] = ()
    surveyed: bool = False

    def takes(self, file: CaseFile) -> bool:
        """Whether a case is one of those that are meant."""
        case = file.case
        pairs = ((self.kinds, case.kind), (self.channels, case.channel), (self.routes, case.route))
        return all(not wanted or value in wanted for wanted, value in (*pairs, (self.statuses, case.status)))


class Subject(NamedTuple):
    """What one line or form is about: a case, and where the sheet asks for it one deed or one thing owed."""

    file: CaseFile
    deed: Event | None = None
    owed: FollowUp | None = None


def known_keys(each: Each, facts: Facts) -> frozenset[str]:
    """Return the keys that a sheet of this kind may ask for beside its own."""
    if each is Each.DEED:
        return LINE_KEYS | _DEED_KEYS | {f"deed.{fact.key}" for form in facts.actions.values() for fact in form.fields}
    if each is Each.OWED:
        return LINE_KEYS | _OWED_KEYS
    if each is Each.FIGURES:
        return FIGURE_KEYS
    if each is Each.WARNINGS:
        return WARNING_KEYS
    return LINE_KEYS if each in (Each.CASE, Each.ROUND) else frozenset()


def choices(key: str, facts: Facts) -> tuple[str, ...]:
    """Return the words of the closed list that a key's value is one of; none where it is of no such list."""
    action, _dot, name = _LISTS.get(key, key).partition(".")
    if action in facts.actions:
        forms: Iterable[ActionForm] = (facts.actions[Action(action)],)
    else:
        forms = facts.actions.values() if action == "deed" else ()
    found = [fact for form in forms if (fact := form[name]) is not None and fact.choices]
    if not found and key in facts.fields:
        found = [facts.fields[key]]
    return tuple(dict.fromkeys(choice.label for fact in found for choice in fact.choices))


def datum_values(key: str, actions: Iterable[Action], facts: Facts) -> frozenset[str] | None:
    """Return what a datum of some actions can be, as it is kept; empty: anything, None: they have no such datum."""
    found = [fact for action in actions if action in facts.actions and (fact := facts.actions[action][key])]
    name = "channel" if key == "medium" else key
    if Action.REGISTER in actions and name in facts.fields:
        found.append(facts.fields[name])
    if not found:
        return None
    if any(fact.type is not FieldType.BOOL and not fact.choices for fact in found):
        return frozenset()
    kept = (("true", "false") if fact.type is FieldType.BOOL else (c.key for c in fact.choices) for fact in found)
    return frozenset(value for values in kept for value in values) | {""}


def subjects(file: CaseFile, of: Of) -> Iterator[Subject]:
    """Go through what of one case a sheet asks for, in the order it happened."""
    if not of.takes(file):
        return
    match of.each:
        case Each.ROUND:
            yield from (Subject(of_round(file, number)) for number in range(1, file.case.round + 1))
        case Each.DEED:
            yield from (Subject(file, deed=e) for e in file.deeds if e.action in of.actions and _is_meant(file, e, of))
        case Each.OWED:
            yield from (Subject(file, owed=f) for f in file.ever_owed if f.kind in of.owed)
        case _:
            yield Subject(file)


def of_round(file: CaseFile, number: int) -> CaseFile:
    """Return a case as one of its rounds saw it: only what was done and owed in that round.

    A round that is over was closed, or left in progress to the next one. What was promised when the case was put on
    file (承诺答复期限) is of the first.
    """
    deeds = tuple(e for e in file.deeds if e.round == number)
    case = replace(file.case, round=number, promised_at=file.case.promised_at if number == 1 else None)
    if number < file.case.round:
        is_closed = any(e.action is Action.CLOSE for e in deeds)
        case = replace(case, status=Status.CLOSED if is_closed else Status.IN_PROGRESS)
    return CaseFile(case, tuple(f for f in file.ever_owed if f.round == number), deeds)


def subject_line(subject: Subject, keys: Iterable[str], wording: Wording) -> Line:
    """Return the values of one subject for these keys (each in :func:`known_keys`); datetimes are aware, as stored."""
    own = tuple(keys)
    line = dict(register_line(subject.file, (key for key in own if "." not in key), wording))
    for key in own:
        part, _dot, name = key.partition(".")
        if part == "deed":
            line[key] = concealed(name, _of_deed(subject, name, wording), subject.file.case, wording)
        elif part == "owed":
            line[key] = concealed(name, _of_owed(subject, name, wording), subject.file.case, wording)
    return line


def when(subject: Subject) -> datetime:
    """Return when what a subject is about was: what puts the lines of a list in order, and into a period."""
    if subject.deed is not None:
        return subject.deed.at
    return subject.owed.start_at if subject.owed is not None else subject.file.case.received_at


def _is_meant(file: CaseFile, event: Event, of: Of) -> bool:
    return all(_kept(_datum(file, event, key)) in wanted for key, wanted in of.where.items())


def _kept(value: object) -> str:
    """Return a datum as a sheet names it: as it is kept in JSON, nothing where it is absent."""
    return ("true" if value else "false") if isinstance(value, bool) else "" if value is None else str(value)


def _datum(file: CaseFile, event: Event, key: str) -> object:
    """Return one datum of a deed; the registration's are those of the case, and its medium is the channel."""
    return getattr(file.case, _of_registration(key), None) if event.action is Action.REGISTER else event.data.get(key)


def _of_registration(key: str) -> str:
    """Return which key of the register a datum of the registration is."""
    return "channel" if key == "medium" else key


def _of_deed(subject: Subject, name: str, wording: Wording) -> Value:
    file, deed = subject.file, subject.deed
    if deed is None:
        return None
    match name:
        case "at" | "entered_at" | "by" | "round":
            value: Value = getattr(deed, name)
            return value
        case "action":
            return wording.actions[deed.action]
        case "serial":
            same = [e.id for e in file.deeds if e.action is deed.action]
            return same.index(deed.id) + 1
        case _ if name in _LATER:
            later = acceptance_of(file, deed) if name.startswith("accepted") else _verification(file, deed)
            return None if later is None else later.at if name.endswith("_at") else later.by
        case _:
            return _said(file, deed, name, wording)


def _said(file: CaseFile, deed: Event, name: str, wording: Wording) -> Value:
    """Return one datum of a deed; of a correction also what its verification says."""
    if deed.action is Action.REGISTER:
        key = _of_registration(name)
        return register_line(file, (key,), wording)[key] if hasattr(file.case, key) else None
    teller = (_verification(file, deed) if name in _VERIFIED else None) or deed
    fact = wording.facts.get((teller.action, name))
    value = _read(teller.data.get(name), fact, Subject(file, deed), wording)
    return _due_at(file, deed) if name == "due_at" and value is None else value


_VERIFIED = frozenset({"effect", "effective"})
"""What is said of a correction where it is verified."""


def _verification(file: CaseFile, correction: Event) -> Event | None:
    """Return where a correction was verified last; it is named by the id of either thing owed because of it."""
    if correction.action is not Action.CORRECT:
        return None
    owed = {f.id for f in file.follow_ups if f.event_id == correction.id}
    checks = (e for e in reversed(file.deeds) if e.action is Action.VERIFY_CORRECTION)
    return next((e for e in checks if e.data.get("correction") in owed), None)


_OWES = {
    Action.ASSIGN: FollowUpKind.HANDLE,
    Action.PROMISE: FollowUpKind.PROMISE,
    Action.RETURN_VISIT: FollowUpKind.RETURN_VISIT,
    Action.CORRECT: FollowUpKind.CORRECT,
}
"""What an action that may say a due date makes owed by it."""


def _due_at(file: CaseFile, deed: Event) -> Value:
    """Return by when what a deed made owed is due, where the deed itself does not say it."""
    made = (f for f in file.follow_ups if f.event_id == deed.id and f.kind is _OWES.get(deed.action))
    return next((f.due_at for f in made), None)


def _read(value: object, fact: Field | None, subject: Subject, wording: Wording) -> Value:
    """Return a datum as it stands on paper: typed where it is a time or a sum, else what people see."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return wording.yes if value else wording.no
    text = str(value)
    if fact is None:
        return text
    return _TYPED[fact.type](text, subject) if fact.type in _TYPED else fact.label_of(text)


_TYPED: Mapping[FieldType, Callable[[str, Subject], Value]] = {
    FieldType.DATETIME: lambda text, _subject: datetime.fromisoformat(text),
    FieldType.AMOUNT: lambda text, _subject: Decimal(text),
    FieldType.SCORE: lambda text, _subject: int(text),
    FieldType.OWED: lambda text, subject: next((f.subject for f in subject.file.follow_ups if str(f.id) == text), None),
}
"""What is no text on paper, or not the one that is kept."""


def _of_owed(subject: Subject, name: str, wording: Wording) -> Value:
    owed = subject.owed
    if owed is None:
        return None
    match name:
        case "kind":
            return wording.owed_kinds[owed.kind]
        case "in_time":
            late = (owed.done_at or wording.at) > owed.due_at
            return wording.no if late else wording.yes if owed.done_at else None
        case "state":
            word = "done" if owed.done_at else "overdue" if wording.at > owed.due_at else "open"
            return wording.states[word]
        case "note":
            return next((str(e.data["note"]) for e in subject.file.deeds if _keeps(e, owed)), None)
        case _:
            value: Value = getattr(owed, name)
            return value or None


def _keeps(event: Event, owed: FollowUp) -> bool:
    """Whether an event tells how a promise was kept."""
    is_this = event.action is Action.KEEP_PROMISE and event.data.get("promise") == owed.id
    return is_this and bool(event.data.get("note"))
