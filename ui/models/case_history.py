"""The history of a case in words: every value as people read it, what was undone marked as undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desk_app.domain.event import CALENDAR_KEY, WAS_KEY
from desk_app.domain.fields import FieldType
from desk_app.sentences import short_time

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.event import Event
    from desk_app.domain.fields import Field
    from desk_app.services.rules import Rules

_LATE_ENTRY = timedelta(hours=1)  # what is typed while the customer speaks is no late entry


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history in words; ``entered_at`` is empty unless it was written down afterwards (补录).

    ``is_undone``: it was taken back since, and no longer counts.
    """

    at: str
    by: str
    action: str
    lines: tuple[str, ...]
    round: int
    entered_at: str
    is_undone: bool = False


def history(file: CaseFile, rules: Rules) -> tuple[Happening, ...]:
    """Return the history, the latest first."""
    undone = {e.undoes for e in file.events if e.undoes}
    return tuple(_happening(file, event, rules, is_undone=event.id in undone) for event in reversed(file.events))


def _happening(file: CaseFile, event: Event, rules: Rules, *, is_undone: bool) -> Happening:
    action, lines = _told(file, event, rules)
    return Happening(
        at=short_time(event.at),
        by=event.by,
        action=action,
        lines=lines,
        round=event.round,
        entered_at=short_time(event.entered_at) if event.entered_at - event.at > _LATE_ENTRY else "",
        is_undone=is_undone,
    )


def _told(file: CaseFile, event: Event, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return what was done, and each thing that was said of it."""
    label = rules.sentences.label
    if event.undoes:
        undone = next((e for e in file.events if e.id == event.undoes), None)
        when = short_time(undone.at) if undone else ""
        return _tr("撤销"), (_tr("收回 {0} 的“{1}”").format(when, label("action", str(event.data["action"]))),)
    if "snoozed_until" in event.data:
        what, until = _owed_words(file, event.data.get("follow_up"), rules), _moment(event.data["snoozed_until"])
        reason = _tr("原因：{0}").format(event.data.get("reason", ""))
        return _tr("以后再办"), (_tr("{0}，到 {1}").format(what, until), reason)
    if CALENDAR_KEY in event.data:
        what, due = _owed_words(file, event.data.get("follow_up"), rules), _moment(event.data["due_at"])
        return _tr("工作日历有变"), (_tr("{0}，改到 {1}").format(what, due),)
    form = rules.actions.get(event.action)
    lines = list(rules.sentences.amended(event, rules.fields))
    for key in (k for k in event.data if k != WAS_KEY and k not in event.was):
        fact = form[key] if form else None
        value = event.data[key]
        lines.append(f"{fact.label}：{_value(file, fact, value, rules)}" if fact else f"{key}：{value}")
    return label("action", event.action), tuple(lines)


def _value(file: CaseFile, fact: Field, value: object, rules: Rules) -> str:
    return _owed_words(file, value, rules) if fact.type is FieldType.OWED else rules.sentences.datum(fact, value)


def _owed_words(file: CaseFile, follow_up_id: object, rules: Rules) -> str:
    """Return what was owed: the promise, the fault, else what kind of thing it is."""
    owed = next((f for f in file.follow_ups if f.id == follow_up_id), None)
    if owed is None:
        return str(follow_up_id)
    kind = rules.sentences.label("follow_up", owed.kind)
    return f"{kind}：{owed.subject}" if owed.subject else kind


def _moment(value: object) -> str:
    return short_time(datetime.fromisoformat(str(value)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CaseHistory", text)
