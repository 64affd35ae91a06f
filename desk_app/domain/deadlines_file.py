"""Reads the rules of the deadlines from the parsed ``deadlines.toml`` (docs/deadlines.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from desk_app.domain.case import Lack
from desk_app.domain.deadlines import (
    DeadlineBook,
    DeadlineRule,
    Debtor,
    Duty,
    Every,
    Limit,
    OpenChoice,
    Scope,
    SilentRulesError,
)
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import FollowUpKind, Kind, Responsibility, Route, Trigger

if TYPE_CHECKING:
    from desk_app.domain.work_calendar import WorkCalendar

_E = TypeVar("_E", bound=StrEnum)


def read_deadlines(data: Mapping[str, object], calendar: Callable[[], WorkCalendar]) -> DeadlineBook:
    """Build the rules from the parsed ``deadlines.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
        SilentRulesError: it leaves a case with nothing owed.
    """
    settings, closing = _table(data, "settings"), _table(data, "closing")
    book = DeadlineBook(
        rules=tuple(map(_read_rule, _list(data, "rule"))),
        limits=tuple(map(_read_limit, _list(data, "limit"))),
        duties=tuple(map(_read_duty, _list(data, "duty"))),
        visit_attempts=_count(settings["visit_attempts"]),
        manager=str(settings["manager"]),
        day_end=time.fromisoformat(str(settings["day_end"])),
        need_responsibility=_members(Kind, closing, "responsibility"),
        need_feed_back=_members(Kind, closing, "feed_back"),
        need_adoption=_members(Kind, closing, "adoption"),
        need_recorded=reduce(or_, (Lack[str(name).upper()] for name in _names(closing, "recorded")), Lack(0)),
        calendar=calendar,
    )
    if silent := book.silent_on():
        raise SilentRulesError(silent[0])
    return book


def read_choices(data: Mapping[str, object]) -> tuple[OpenChoice, ...]:
    """Build the contradictions that a shop decides from the parsed ``deadlines.toml``.

    Raises:
        KeyError, TypeError: the file does not say what it must.
    """
    return tuple(
        OpenChoice(
            str(choice["title"]),
            tuple(str(option["label"]) for option in _list(choice, "options")),
            tuple(frozenset(map(str, option["rules"])) for option in _list(choice, "options")),  # type: ignore[call-overload]
        )
        for choice in _list(data, "choice")
    )


def _read_rule(entry: Mapping[str, object]) -> DeadlineRule:
    return DeadlineRule(
        id=str(entry["id"]),
        title=str(entry["title"]),
        source=str(entry["source"]),
        trigger=Trigger(str(entry["trigger"])),
        follow_up=FollowUpKind(str(entry["follow_up"])),
        term=_term(entry),
        owed_by=Debtor(str(entry["owed_by"])),
        owed_to=str(entry["owed_to"]),
        scope=_scope(entry),
        responsibilities=_members(Responsibility, entry, "responsibilities"),
        subject=str(entry.get("subject", "")),
        told=bool(entry.get("told", False)),
        from_told=bool(entry.get("from_told", False)),
        enabled=bool(entry.get("enabled", True)),
    )


def _read_limit(entry: Mapping[str, object]) -> Limit:
    first, last = entry.get("valid_from", date.min), entry.get("valid_until", date.max)
    if type(first) is not date or type(last) is not date:  # a datetime is a date too, and cannot be compared with one
        raise TypeError(f"{entry['id']}: valid_from, valid_until")
    return Limit(str(entry["id"]), str(entry["title"]), str(entry["source"]), _term(entry), _scope(entry), first, last)


def _read_duty(entry: Mapping[str, object]) -> Duty:
    title, source, owed_by = (str(entry[key]) for key in ("title", "source", "owed_by"))
    return Duty(str(entry["id"]), title, source, Every(str(entry["every"])), owed_by)


def _term(entry: Mapping[str, object]) -> Term:
    try:
        return Term.parse(str(entry["term"]))
    except ValueError as error:
        raise ValueError(f"{entry.get('id')}: {error}") from error


def _scope(entry: Mapping[str, object]) -> Scope:
    return Scope(_members(Kind, entry, "kinds"), _members(Route, entry, "routes"), bool(entry.get("safety", False)))


def _members(kind: type[_E], entry: Mapping[str, object], key: str) -> frozenset[_E]:
    return frozenset(map(kind, _names(entry, key)))


def _names(entry: Mapping[str, object], key: str) -> list[str]:
    values = entry.get(key, [])
    if not isinstance(values, list):
        raise TypeError(f"{entry.get('id', '')}: {key}")
    return values


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"visit_attempts: {value}")
    return value


def _table(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = data[key]
    if not isinstance(table, Mapping):
        raise TypeError(key)
    return table


def _list(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    entries = data.get(key, [])
    if not isinstance(entries, list):
        raise TypeError(key)
    return entries
