"""What a person gave, checked field by field: either a complete value or a problem that says what is wrong and where.

The form, the JSON of the command line and the actions all go through :func:`read_value`; there is no second way in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desk_app.domain.actions import ActionForm, complete, contradiction_in, missing_for
from desk_app.domain.case import Case, Submission
from desk_app.domain.event import WAS_KEY
from desk_app.domain.fields import Field, FieldType
from desk_app.domain.problems import Problem, RefusedError
from desk_app.domain.times import TOLD_WITHIN, Localise
from desk_app.domain.values import BadValueError, Context, clean, moment, read_value
from desk_app.domain.vocabulary import Kind, Route, Severity
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from enum import StrEnum

_TYPES: Mapping[str, type[StrEnum]] = {"kind": Kind, "route": Route, "severity": Severity}
"""The fields whose values the rules decide by."""
_NOTHING: Mapping[FieldType, object] = MappingProxyType(
    {
        FieldType.BOOL: False,
        FieldType.SET: (),
        FieldType.ITEM: MappingProxyType({}),
        FieldType.DATETIME: None,
        FieldType.AMOUNT: None,
    }
)


def read_submission(raw: Mapping[str, object], context: Context) -> Submission:
    """Return the new case that ``raw`` describes (keys of the register, values as JSON gives them or a form has them).

    Empty texts count as absent; absent fields take their default. ``by`` names the receiver where ``receiver`` is
    absent.

    Raises:
        RefusedError: with every problem found.
    """
    problems = [
        Problem(key, "given_key" if key in context.fields else "unknown_key")
        for key in raw
        if key != "by" and (key not in context.fields or context.fields[key].given)
    ]
    wanted = tuple(fact for fact in context.fields if not fact.given)
    values = _read_all(wanted, raw, context, problems.append)
    _check_together(values, {p.field for p in problems}, context.now, problems.append)
    by = _operator(raw.get("by"), problems) or context.operator
    if problems:
        order = [*(f.key for f in context.fields), *raw]
        raise RefusedError(tuple(sorted(problems, key=lambda p: order.index(p.field))))
    values.setdefault("receiver", by)
    values.setdefault("first_contact", values["receiver"])
    values |= {key: kind(str(values[key])) for key, kind in _TYPES.items()}
    return Submission(**values)  # type: ignore[arg-type]  # each value was read by the type of its own field


def read_action(form: ActionForm, raw: Mapping[str, object], context: Context) -> Mapping[str, object]:
    """Return the data of one action as it is kept in the history: JSON values, absent keys left out.

    Raises:
        RefusedError: with every problem found.
    """
    raw = complete(form.action, raw)
    problems = [Problem(key, "unknown_key") for key in raw if form[key] is None]
    values = _read_all(form.fields, raw, context, problems.append)
    data = {key: _as_json(value) for key, value in values.items()}
    missing = missing_for(form.action, data)
    if missing and all(p.field != missing for p in problems):
        problems.append(Problem(missing, "required"))
    if contradiction := contradiction_in(form.action, data):
        problems.append(Problem(*contradiction))
    if problems:
        raise RefusedError(tuple(problems))
    return data


def read_amendment(
    form: ActionForm, raw: Mapping[str, object], case: Case, context: Context
) -> tuple[Mapping[str, object], Mapping[str, Any]]:
    """Return what an ``amend`` says: its data as it is kept in the history, and the facts of the case that it changes.

    Each key of the register in ``raw`` takes the place of what the case has; an empty value takes it away. The data
    holds the new value of each fact that differs, and under ``was`` the old ones.

    Raises:
        RefusedError: with every problem found.
        KnownError: ``amend_nothing``.
    """
    problems = [Problem(key, _why_no_fact(key, context)) for key in raw if form[key] is None]
    facts: dict[str, object] = {}
    said: dict[str, object] = {}
    context = replace(context, trade=context.trade.with_category(case.category))  # hidden since: it keeps what it has
    for fact in (f for f in form.fields if f.key in raw):
        into = facts if fact.key in context.fields else said
        try:
            into[fact.key] = _read_anew(fact, raw[fact.key], context)
        except BadValueError as bad:
            problems.append(Problem(fact.key, bad.code, bad.params))
    facts = {key: value for key, value in facts.items() if value != getattr(case, key)}
    whole = {f.key: getattr(case, f.key) for f in context.fields} | facts
    _check_together(whole, {p.field for p in problems}, context.now, problems.append)
    if problems:
        raise RefusedError(tuple(problems))
    if not facts:
        raise KnownError("amend_nothing", number=case.number)
    was = {key: _as_json(getattr(case, key)) for key in facts}
    new = {key: _as_json(value) for key, value in facts.items()}
    return {**new, WAS_KEY: was, **{key: value for key, value in said.items() if value}}, facts


def read_so_far(form: ActionForm, raw: Mapping[str, object], context: Context) -> Mapping[str, object]:
    """Return what an action's form says already, as :func:`read_action` would; what is not right yet is left out."""
    values = _read_all(form.fields, complete(form.action, raw), context, lambda _problem: None)
    return {key: _as_json(value) for key, value in values.items()}


def read_plain(facts: Sequence[Field], raw: Mapping[str, object], context: Context) -> dict[str, object]:
    """Return what a form without rules of its own says, by key; absent ones left out.

    Raises:
        RefusedError: with every problem found.
    """
    known = {fact.key for fact in facts}
    problems = [Problem(key, "unknown_key") for key in raw if key not in known]
    values = _read_all(facts, raw, context, problems.append)
    if problems:
        raise RefusedError(tuple(problems))
    return values


def read_moment(key: str, raw: object, localise: Localise) -> datetime | None:
    """Return the moment a key such as ``at`` gives, or None where it is absent.

    Raises:
        RefusedError: it is no moment.
    """
    try:
        return None if raw is None or raw == "" else moment(raw, localise)
    except BadValueError as bad:
        raise RefusedError((Problem(key, bad.code, bad.params),)) from bad


def read_operator(raw: object) -> str | None:
    """Return the name that ``by`` gives, or None where it is absent.

    Raises:
        RefusedError: it is no name.
    """
    problems: list[Problem] = []
    name = _operator(raw, problems)
    if problems:
        raise RefusedError(tuple(problems))
    return name


def _read_anew(fact: Field, raw: object, context: Context) -> object:
    """Return what takes the place of a value; where that is nothing, what a new case without the field would have."""
    if raw in (None, "", [], {}):
        if fact.required:
            raise BadValueError("required")
        return _NOTHING.get(fact.type, "")
    value = read_value(fact, raw, context)
    if value is None:
        return _read_anew(fact, None, context)
    return _TYPES[fact.key](str(value)) if fact.key in _TYPES else value


def _why_no_fact(key: str, context: Context) -> str:
    if key not in context.fields:
        return "unknown_key"
    return "given_key" if context.fields[key].given else "fixed_key"


def _read_all(
    facts: Sequence[Field], raw: Mapping[str, object], context: Context, report: Callable[[Problem], None]
) -> dict[str, object]:
    """Read the value of each field; absent ones are left out, wrong and missing ones reported."""
    values: dict[str, object] = {}
    for fact in facts:
        try:
            value = read_value(fact, raw.get(fact.key), context)
        except BadValueError as bad:
            report(Problem(fact.key, bad.code, bad.params))
            continue
        if value is not None:
            values[fact.key] = value
        elif fact.required:
            report(Problem(fact.key, "required"))
    return values


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _operator(raw: object, problems: list[Problem]) -> str | None:
    if raw is None or raw == "":
        return None
    try:
        name = clean(Field("by", "", FieldType.OPERATOR, max_length=40), raw)
    except BadValueError as bad:
        problems.append(Problem("by", bad.code, bad.params))
        return None
    return name or None


def _check_together(
    values: Mapping[str, object], bad: set[str], now: datetime, report: Callable[[Problem], None]
) -> None:
    """Check what no field can say alone: somebody complains, an external body has a name, times are in order."""
    who = {"customer_name", "customer_phone", "anonymous"}
    if not bad & who and not any(values.get(k) for k in who):
        report(Problem("customer_name", "who_is_it"))
    if values.get("route") == Route.EXTERNAL and not values.get("external_body") and "external_body" not in bad:
        report(Problem("external_body", "required"))
    received, promised = values.get("received_at"), values.get("promised_at")
    if isinstance(received, datetime):
        if received > now:
            report(Problem("received_at", "in_future", {"now": now}))
        if isinstance(promised, datetime) and promised < received:
            report(Problem("promised_at", "before_received", {"received_at": received}))
        if isinstance(promised, datetime) and promised > received + TOLD_WITHIN:
            report(Problem("promised_at", "too_far", {"promised_at": promised}))
