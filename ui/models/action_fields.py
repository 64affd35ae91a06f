"""What the form of an action asks on one case: its fields, what may be chosen there, and what is filled in already."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_app.domain.case import Case, Lack
from desk_app.domain.departments import is_particular
from desk_app.domain.event import Event
from desk_app.domain.fields import Choice
from desk_app.domain.text import first_words
from desk_app.domain.validation import read_so_far
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.domain.workflow import caution
from desk_app.sentences import short_time
from ui.models.time_left import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.actions import ActionForm
    from desk_app.domain.case import CaseFile
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.policy import Policy
    from desk_app.domain.values import Context

_SUBJECT_LENGTH = 14  # characters that leave room for the time on the line of a narrow form
_ADOPTION = "close_before_adoption"
_REWARD = frozenset({"reward", "reward_amount"})
_COLUMNS = frozenset(f.name for f in fields(Case))
_SUPPLIED_IN = {Lack.TIME: "occurred_at", Lack.PLACE: "place", Lack.CONTACT: "customer_phone"}
_NAMED = {"promise": (FollowUpKind.PROMISE,), "correction": (FollowUpKind.CORRECT, FollowUpKind.VERIFY)}
"""The keys of type ``owed``, and what each can name."""


def asked(form: ActionForm, file: CaseFile, policy: Policy) -> ActionForm:
    """Return the form without the fields that mean nothing on this case as it stands."""
    idle = _idle(form.action, file, policy)
    return replace(form, fields=tuple(f for f in form.fields if f.key not in idle))


def owed_choices(file: CaseFile, now: datetime) -> Mapping[str, tuple[Choice, ...]]:
    """Return, for each key of type ``owed``, what can be named: its id, what it is, and when it is due.

    A correction is owed twice, to be done and to be verified: it is named once, by the last.
    """
    return {key: _choices(file, kinds, now) for key, kinds in _NAMED.items()}


def filled(form: ActionForm, file: CaseFile, now: datetime) -> Mapping[str, object]:
    """Return what the case itself answers: the only promise, who is to be told, that only those outside wait.

    Of an amendment it answers everything: what is on file, to be put right.
    """
    if form.action is Action.AMEND:
        return _on_file(form, file.case)
    known: dict[str, object] = {
        key: choices[0].key
        for key, choices in owed_choices(file, now).items()
        if len(choices) == 1 and form[key] is not None
    }
    if form.action is Action.FEED_BACK:
        to = [f.owed_to for f in file.owed if f.kind is FollowUpKind.FEED_BACK and is_particular(f.owed_to)]
        known.update({"department": to[0]} if to else {})
    if form.action is Action.REPLY and all(f.kind is not FollowUpKind.REPLY for f in file.owed):
        known["to"] = "external"
    return known


def first_lacking(file: CaseFile) -> str:
    """Return the field in which the first basic fact that a case lacks is supplied; empty where it lacks none."""
    return next((key for lack, key in _SUPPLIED_IN.items() if lack in file.case.lacks), "")


def _on_file(form: ActionForm, case: Case) -> Mapping[str, object]:
    """Return what a case has of a form's fields, raw as a person would have typed it; what is empty is absent."""
    values = {f.key: getattr(case, f.key) for f in form.fields if f.key in _COLUMNS}
    return {key: _typed(value) for key, value in values.items() if value not in (None, "", False, (), {})}


def _typed(value: object) -> object:
    if isinstance(value, datetime):
        return short_time(value)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, (Decimal, StrEnum)) else value


def deed_so_far(form: ActionForm, values: Mapping[str, object], file: CaseFile, context: Context) -> Event:
    """Return what the operator would do now with what the form says already; what is not right yet is left out."""
    now, data = context.now, read_so_far(form, values, context)
    return Event(action=form.action, at=now, entered_at=now, by=context.operator, data=data, round=file.case.round)


def _idle(action: Action, file: CaseFile, policy: Policy) -> frozenset[str]:
    if action is Action.CLOSE:
        lacks = {refusal.code for refusal in caution(file, action, policy)}
        idle = set() if lacks - {_ADOPTION} else {"exception", "reason"}
        is_idea = file.case.kind in policy.deadlines.need_adoption
        return frozenset(idle | (set() if _ADOPTION in lacks else {"adopted"}) | (set() if is_idea else _REWARD))
    if action is Action.REPLY:
        idle = set() if file.case.kind in policy.deadlines.need_adoption else {"adopted", "implement_at"}
        to_others = any(f.kind is FollowUpKind.EXTERNAL_REPLY for f in file.owed)
        return frozenset(idle if to_others else idle | {"to"})
    return frozenset()


def _choices(file: CaseFile, kinds: tuple[FollowUpKind, ...], now: datetime) -> tuple[Choice, ...]:
    last: dict[int, FollowUp] = {f.event_id: f for f in file.owed if f.kind in kinds and f.subject}
    return tuple(
        Choice(str(f.id), f"{first_words(f.subject, _SUBJECT_LENGTH)}（{moment(f.due_at, now)}）")
        for f in last.values()
    )
