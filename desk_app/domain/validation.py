"""What a person gave, checked field by field: either a complete value or a problem that says what is wrong and where.

The form, the JSON of the command line and the actions all go through :func:`read_value`; there is no second way in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desk_app.domain.actions import ActionForm, complete, contradiction_in, missing_for
from desk_app.domain.case import Case, Submission
from desk_app.domain.event import WAS_KEY
from desk_app.domain.fields import Field, FieldBook, FieldType, Trade, category_path
from desk_app.domain.problems import Problem, RefusedError
from desk_app.domain.text import find_unstorable, unify_line_breaks
from desk_app.domain.times import TOLD_WITHIN, Localise, NoSuchTimeError, looks_like_a_date, parse_when
from desk_app.domain.vocabulary import Kind, Route, Severity
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from enum import StrEnum

EARLIEST_YEAR = 1990
LATEST_YEAR = 2199  # beyond it lie slips, and the end of what dates can say
_LARGEST_AMOUNT = Decimal("9999999999.99")
_ITEM_LIMIT = 40
_ITEM_KEY_LIMIT = 40
_BEST_SCORE = 5
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
_ID_DIGITS = 19  # what SQLite counts rows with has as many


class _BadValueError(Exception):
    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Context:
    """What a value is checked against: the facts of the shop, and the moment."""

    fields: FieldBook
    trade: Trade
    operator: str
    now: datetime
    localise: Localise


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
    for fact in (f for f in form.fields if f.key in raw):
        into = facts if fact.key in context.fields else said
        try:
            into[fact.key] = _read_anew(fact, raw[fact.key], context)
        except _BadValueError as bad:
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
        return None if raw is None or raw == "" else _moment(raw, localise)
    except _BadValueError as bad:
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


def read_value(fact: Field, raw: object, context: Context) -> object:
    """Return what ``raw`` means for one field; None where it is absent and the field has no default.

    Raises:
        _BadValueError: with the code of the problem. (Callers of this module see it as a :class:`Problem`.)
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if not fact.default:
            return None
        raw = context.now if fact.default == "now" else fact.default
    return _READERS[fact.type](fact, raw, context)


def _read_anew(fact: Field, raw: object, context: Context) -> object:
    """Return what takes the place of a value; where that is nothing, what a new case without the field would have."""
    if raw in (None, "", [], {}):
        if fact.required:
            raise _BadValueError("required")
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
        except _BadValueError as bad:
            report(Problem(fact.key, bad.code, bad.params))
            continue
        if value is not None:
            values[fact.key] = value
        elif fact.required:
            report(Problem(fact.key, "required"))
    return values


def _text(fact: Field, raw: object, _context: Context) -> str:
    return _clean(fact, raw)


def _clean(fact: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise _BadValueError("not_text")
    text = unify_line_breaks(raw)
    one_line = fact.type is not FieldType.LONG_TEXT
    if one_line:
        text = text.strip()
    if len(text) > fact.max_length:
        raise _BadValueError("too_long", limit=fact.max_length, length=len(text))
    place = find_unstorable(text, one_line=one_line)
    if place is not None:
        raise _BadValueError("bad_character", position=place + 1, character=f"U+{ord(text[place]):04X}")
    return text


def _choice(fact: Field, raw: object, _context: Context) -> str:
    if not isinstance(raw, str) or not fact.has_choice(raw):
        raise _BadValueError("not_a_choice", value=_shown(raw), choices="、".join(c.key for c in fact.choices))
    return raw


def _set(fact: Field, raw: object, context: Context) -> tuple[str, ...] | None:
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, (list, tuple)):
        raise _BadValueError("not_a_list")
    chosen = {_choice(fact, value, context) for value in raw}
    return tuple(c.key for c in fact.choices if c.key in chosen) or None


def _bool(_fact: Field, raw: object, _context: Context) -> bool:
    if not isinstance(raw, bool):
        raise _BadValueError("not_bool", value=_shown(raw))
    return raw


def _score(_fact: Field, raw: object, _context: Context) -> int:
    value = int(raw) if isinstance(raw, str) and len(raw) == 1 and raw.isdecimal() else raw
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _BEST_SCORE:
        raise _BadValueError("not_score", value=_shown(raw), best=_BEST_SCORE)
    return value


def _owed(_fact: Field, raw: object, _context: Context) -> int:
    value = int(raw) if isinstance(raw, str) and raw.isdecimal() and raw.isascii() and len(raw) < _ID_DIGITS else raw
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _BadValueError("not_owed", value=_shown(raw))
    return value


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _moment(raw: object, localise: Localise) -> datetime:
    if isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str):
        raise _BadValueError("bad_time", value=_shown(raw))
    try:
        moment = parse_when(raw, localise)
    except NoSuchTimeError as error:
        raise _BadValueError("no_such_time", value=_shown(raw)) from error
    except (ValueError, OverflowError, OSError) as error:
        raise _BadValueError("bad_time", value=_shown(raw)) from error
    if moment.year < EARLIEST_YEAR:
        raise _BadValueError("too_early", year=EARLIEST_YEAR)
    if moment.year > LATEST_YEAR:
        raise _BadValueError("too_late", year=LATEST_YEAR)
    return moment


def _datetime(_fact: Field, raw: object, context: Context) -> datetime:
    return _moment(raw, context.localise)


def _when(fact: Field, raw: object, context: Context) -> str:
    text = _clean(fact, raw)
    if looks_like_a_date(text):
        try:
            parse_when(text, context.localise)
        except NoSuchTimeError as error:
            raise _BadValueError("no_such_time", value=_shown(text)) from error
        except (ValueError, OverflowError, OSError):
            return text  # a date with words behind it: 2026-10-01 晚上
    return text


def _amount(_fact: Field, raw: object, _context: Context) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise _BadValueError("not_amount", value=_shown(raw))
    try:
        amount = Decimal(str(raw).strip().replace(",", "").removesuffix("元"))
    except InvalidOperation as error:
        raise _BadValueError("not_amount", value=_shown(raw)) from error
    if not amount.is_finite() or amount < 0 or amount > _LARGEST_AMOUNT:
        raise _BadValueError("not_amount", value=_shown(raw))
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        raise _BadValueError("not_amount", value=_shown(raw))
    return cents


def _category(fact: Field, raw: object, context: Context) -> str:
    path = category_path(_clean(fact, raw))
    if not context.trade.has_category(path):
        top = [c for c in context.trade.categories if ">" not in c]
        raise _BadValueError("not_a_choice", value=_shown(raw), choices="、".join(top))
    return path


def _item(fact: Field, raw: object, context: Context) -> Mapping[str, str] | None:
    """Read the trade's fields, by key or by label; keys the trade does not know are kept as they are."""
    if isinstance(raw, str):
        raw = {"name": raw}
    if not isinstance(raw, Mapping):
        raise _BadValueError("not_item")
    if len(raw) > _ITEM_LIMIT:
        raise _BadValueError("too_many", limit=_ITEM_LIMIT, count=len(raw))
    by_label = {c.label: c.key for c in context.trade.items}
    item = {}
    for key, value in raw.items():
        if value is None:
            continue
        if len(key) > _ITEM_KEY_LIMIT:
            raise _BadValueError("too_long", limit=_ITEM_KEY_LIMIT, length=len(key))
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        text = _clean(fact, str(value) if is_number else value)
        if text:
            item[by_label.get(key, _clean(fact, key))] = text
    return item or None


def _operator(raw: object, problems: list[Problem]) -> str | None:
    if raw is None or raw == "":
        return None
    try:
        name = _clean(Field("by", "", FieldType.OPERATOR, max_length=40), raw)
    except _BadValueError as bad:
        problems.append(Problem("by", bad.code, bad.params))
        return None
    return name or None


_READERS: Mapping[FieldType, Callable[[Field, object, Context], object]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.OPERATOR: _text,
    FieldType.NUMBER: _text,
    FieldType.ENUM: _choice,
    FieldType.SET: _set,
    FieldType.BOOL: _bool,
    FieldType.DATETIME: _datetime,
    FieldType.WHEN: _when,
    FieldType.AMOUNT: _amount,
    FieldType.SCORE: _score,
    FieldType.OWED: _owed,
    FieldType.CATEGORY: _category,
    FieldType.ITEM: _item,
}


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


def _shown(raw: object) -> str:
    """Return a short form of a wrong value that can stand in a sentence: printable, at most 40 characters."""
    text = raw if isinstance(raw, str) else type(raw).__name__ if isinstance(raw, (list, Mapping)) else str(raw)
    shown = "".join(c if c.isprintable() else "�" for c in text[:41])
    return shown if len(shown) <= _ITEM_KEY_LIMIT else shown[: _ITEM_KEY_LIMIT - 1] + "…"
