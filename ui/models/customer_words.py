"""A customer in words: who they are, what is owed to them, what they came with before, and the same matter again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from desk_app.domain.customer import NAME_MARK
from desk_app.domain.privacy import mask_name, mask_phone
from desk_app.domain.text import first_words
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Status
from ui.models.time_left import Urgency, time_left, urgency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.customer import Customer, CustomerEvent
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.customers import Alike, Match
    from desk_app.services.rules import Rules

_MATTER, _SHORT_MATTER = 30, 16  # characters
_MOST_COUNTED = 99  # services.customers.MOST_COUNTED: not loaded before it is asked


class Line(NamedTuple):
    """One line about a customer; ``is_late`` where something in it is overdue."""

    text: str
    is_late: bool = False


def match_line(match: Match, now: datetime) -> str:
    """Return a customer who may be meant, on one line; the number is masked, for the next in the queue may read it."""
    count = f"{match.cases}+" if match.cases >= _MOST_COUNTED else str(match.cases)
    return "　".join(
        filter(
            None,
            (
                match.name + (_tr("（遮住）") if match.is_concealed else ""),
                mask_phone(match.phone),
                _tr("最近 {0} {1}").format(_day(match.received_at, now), first_words(match.matter, _SHORT_MATTER)),
                _tr("共 {0} 件").format(count),
            ),
        )
    )


def who(customer: Customer) -> str:
    """Return who the customer is and which complaint this would be."""
    if not customer.complaints:
        return _tr("老客户 {0} · 第一次投诉").format(_name(customer))
    return _tr("老客户 {0} · 第 {1} 次投诉").format(_name(customer), customer.next_complaint)


def place_of(file: CaseFile, customer: Customer) -> str:
    """Return which complaint a case of theirs is, and how many others are open; empty where it is their only case."""
    others = [f for f in customer.cases if f.case.number != file.case.number]
    if not others:
        return ""
    newer = [f for f in others if _is_complaint(f) and _place(f) > _place(file)]
    nth = customer.complaints - len(newer)
    which = _tr("第 {0} 次投诉").format(nth) if _is_complaint(file) and nth > 0 else _tr("老客户")
    still = customer.open_cases - (not file.case.status.is_over)
    return _tr("{0}，另有 {1} 件未了").format(which, still) if still else _tr("{0}，另外的都已了结").format(which)


def standing(customer: Customer, rules: Rules) -> str:
    """Return the class, and how many cases are open."""
    classed = rules.sentences.label("customer_class", customer.classed) if customer.classed else ""
    still = _tr("未了 {0} 件").format(customer.open_cases) if customer.open_cases else _tr("都已了结")
    return " · ".join(filter(None, (classed, still)))


def open_lines(customer: Customer, rules: Rules, now: datetime) -> Iterator[Line]:
    """Go through the open cases, the most pressing first, each with what is owed next and every open promise."""
    still = (file for file in customer.cases if not file.case.status.is_over)
    for file in sorted(still, key=lambda file: file.owed[0].due_at if file.owed else now):
        owed = file.owed
        first = f" {_owed(owed[0], rules, now)}" if owed else ""
        late = bool(owed) and urgency(owed[0].due_at, now) is Urgency.OVERDUE
        yield Line(f"{file.case.number}{first}", late)
        for promise in owed:
            if promise.kind is FollowUpKind.PROMISE and promise is not owed[0]:
                yield Line(f"　{_owed(promise, rules, now)}", urgency(promise.due_at, now) is Urgency.OVERDUE)


def history_line(file: CaseFile, rules: Rules, now: datetime) -> str:
    """Return one case of a customer: when, what about, where it stands, how satisfied they were."""
    case = file.case
    told = (
        _day(case.received_at, now),
        first_words(case.content, _MATTER),
        rules.sentences.label("status", case.status),
        _satisfaction(file, rules),
    )
    return " ".join(filter(None, told))


def menu_line(file: CaseFile, rules: Rules, now: datetime) -> str:
    """Return one case with its number, and what is owed on it next."""
    owed = _owed(file.owed[0], rules, now) if file.owed else ""
    return "　".join(filter(None, (file.case.number, history_line(file, rules, now), owed)))


def alike(found: Alike, rules: Rules, now: datetime) -> str:
    """Return that a case on file is perhaps the same matter."""
    case = found.file.case
    return _tr("可能是同一件：{0} {1}「{2}」（{3}）").format(
        case.number,
        _day(case.received_at, now),
        first_words(case.content, _MATTER),
        rules.sentences.label("status", case.status),
    )


def merged(customer: Customer, decision: CustomerEvent) -> str:
    """Return with whom a customer was made one."""
    is_second = decision.other == customer.keys[0]
    key = decision.customer if is_second else decision.other
    numbers = decision.data.get("cases")
    number = numbers[0 if is_second else 1] if isinstance(numbers, list) else ""
    name = next((f.case.customer_name for f in customer.cases if f.case.number == number), "")
    known = key.removeprefix(NAME_MARK)
    if any(f.is_concealed for f in customer.cases):
        known = mask_name(known) if key.startswith(NAME_MARK) else mask_phone(known)
    return _tr("与 {0} 合并").format(" ".join(dict.fromkeys(filter(None, (name, known)))))


def _name(customer: Customer) -> str:
    return customer.name or customer.phone


def _is_complaint(file: CaseFile) -> bool:
    return file.case.kind is Kind.COMPLAINT and file.case.status is not Status.VOID


def _place(file: CaseFile) -> tuple[datetime, datetime, str]:
    return file.case.received_at, file.case.entered_at, file.case.number


def _owed(owed: FollowUp, rules: Rules, now: datetime) -> str:
    sign = "▲ " if urgency(owed.due_at, now) is Urgency.OVERDUE else ""
    what = rules.sentences.label("follow_up", owed.kind)
    subject = f"「{owed.subject}」" if owed.subject else ""
    return f"{what}{subject} {sign}{time_left(owed.due_at, now)}"


def _satisfaction(file: CaseFile, rules: Rules) -> str:
    """Return how satisfied the customer said they were, the last time they were asked."""
    asked = next((d for d in reversed(file.deeds) if "satisfaction" in d.data), None)
    fact = rules.actions[Action.RETURN_VISIT]["satisfaction"]
    return fact.label_of(str(asked.data["satisfaction"])) if asked is not None and fact is not None else ""


def _day(at: datetime, now: datetime) -> str:
    at = at.astimezone(now.tzinfo)
    return f"{at:%m-%d}" if at.year == now.year else f"{at:%Y-%m-%d}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("CustomerWords", text)
