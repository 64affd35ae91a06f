"""What a person gave for one field: what it means, or what is wrong with it.

The form, the JSON of the command line and the actions all go through :func:`read_value`; there is no second way in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from desk_app.domain.fields import Field, FieldBook, FieldType, Trade, category_path
from desk_app.domain.text import find_unstorable, unify_line_breaks
from desk_app.domain.times import Localise, NoSuchTimeError, looks_like_a_date, parse_when

EARLIEST_YEAR = 1990
LATEST_YEAR = 2199  # beyond it lie slips, and the end of what dates can say
_LARGEST_AMOUNT = Decimal("9999999999.99")
_ITEM_LIMIT = 40
_ITEM_KEY_LIMIT = 40
_BEST_SCORE = 5
_ID_DIGITS = 19  # what SQLite counts rows with has as many


class BadValueError(Exception):
    """A value means nothing for its field: the code of the problem, and what its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        """Keep both."""
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Context:
    """What a value is checked against: the facts of the shop, and the moment."""

    fields: FieldBook
    trade: Trade
    operator: str
    now: datetime
    localise: Localise


def read_value(fact: Field, raw: object, context: Context) -> object:
    """Return what ``raw`` means for one field; None where it is absent and the field has no default.

    Raises:
        BadValueError: with the code of the problem. (Callers of this module see it as a :class:`Problem`.)
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if not fact.default:
            return None
        raw = context.now if fact.default == "now" else fact.default
    return _READERS[fact.type](fact, raw, context)


def _text(fact: Field, raw: object, _context: Context) -> str:
    return clean(fact, raw)


def clean(fact: Field, raw: object) -> str:
    """Return a text with its line breaks unified; one of a single line without blanks around it.

    Raises:
        BadValueError: ``not_text``, ``too_long``, ``bad_character``.
    """
    if not isinstance(raw, str):
        raise BadValueError("not_text")
    text = unify_line_breaks(raw)
    one_line = fact.type is not FieldType.LONG_TEXT
    if one_line:
        text = text.strip()
    if len(text) > fact.max_length:
        raise BadValueError("too_long", limit=fact.max_length, length=len(text))
    place = find_unstorable(text, one_line=one_line)
    if place is not None:
        raise BadValueError("bad_character", position=place + 1, character=f"U+{ord(text[place]):04X}")
    return text


def _choice(fact: Field, raw: object, _context: Context) -> str:
    if not isinstance(raw, str) or not fact.has_choice(raw):
        raise BadValueError("not_a_choice", value=_shown(raw), choices="、".join(c.key for c in fact.choices))
    return raw


def _set(fact: Field, raw: object, context: Context) -> tuple[str, ...] | None:
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, (list, tuple)):
        raise BadValueError("not_a_list")
    chosen = {_choice(fact, value, context) for value in raw}
    return tuple(c.key for c in fact.choices if c.key in chosen) or None


def _bool(_fact: Field, raw: object, _context: Context) -> bool:
    if not isinstance(raw, bool):
        raise BadValueError("not_bool", value=_shown(raw))
    return raw


def _score(_fact: Field, raw: object, _context: Context) -> int:
    value = int(raw) if isinstance(raw, str) and len(raw) == 1 and raw.isdecimal() else raw
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _BEST_SCORE:
        raise BadValueError("not_score", value=_shown(raw), best=_BEST_SCORE)
    return value


def _owed(_fact: Field, raw: object, _context: Context) -> int:
    value = int(raw) if isinstance(raw, str) and raw.isdecimal() and raw.isascii() and len(raw) < _ID_DIGITS else raw
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadValueError("not_owed", value=_shown(raw))
    return value


def moment(raw: object, localise: Localise) -> datetime:
    """Return the moment that a text gives, or that is given itself.

    Raises:
        BadValueError: ``bad_time``, ``no_such_time``, ``too_early``, ``too_late``.
    """
    if isinstance(raw, datetime):
        return raw
    if not isinstance(raw, str):
        raise BadValueError("bad_time", value=_shown(raw))
    try:
        moment = parse_when(raw, localise)
    except NoSuchTimeError as error:
        raise BadValueError("no_such_time", value=_shown(raw)) from error
    except (ValueError, OverflowError, OSError) as error:
        raise BadValueError("bad_time", value=_shown(raw)) from error
    if moment.year < EARLIEST_YEAR:
        raise BadValueError("too_early", year=EARLIEST_YEAR)
    if moment.year > LATEST_YEAR:
        raise BadValueError("too_late", year=LATEST_YEAR)
    return moment


def _datetime(_fact: Field, raw: object, context: Context) -> datetime:
    return moment(raw, context.localise)


def _when(fact: Field, raw: object, context: Context) -> str:
    text = clean(fact, raw)
    if looks_like_a_date(text):
        try:
            parse_when(text, context.localise)
        except NoSuchTimeError as error:
            raise BadValueError("no_such_time", value=_shown(text)) from error
        except (ValueError, OverflowError, OSError):
            return text  # a date with words behind it: 2026-10-01 晚上
    return text


def _amount(_fact: Field, raw: object, _context: Context) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise BadValueError("not_amount", value=_shown(raw))
    try:
        amount = Decimal(str(raw).strip().replace(",", "").removesuffix("元"))
    except InvalidOperation as error:
        raise BadValueError("not_amount", value=_shown(raw)) from error
    if not amount.is_finite() or amount < 0 or amount > _LARGEST_AMOUNT:
        raise BadValueError("not_amount", value=_shown(raw))
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        raise BadValueError("not_amount", value=_shown(raw))
    return cents


def _category(fact: Field, raw: object, context: Context) -> str:
    path = category_path(clean(fact, raw))
    if not context.trade.has_category(path):
        top = [c for c in context.trade.categories if ">" not in c]
        raise BadValueError("not_a_choice", value=_shown(raw), choices="、".join(top))
    return path


def _item(fact: Field, raw: object, context: Context) -> Mapping[str, str] | None:
    """Read the trade's fields, by key or by label; keys the trade does not know are kept as they are."""
    if isinstance(raw, str):
        raw = {"name": raw}
    if not isinstance(raw, Mapping):
        raise BadValueError("not_item")
    if len(raw) > _ITEM_LIMIT:
        raise BadValueError("too_many", limit=_ITEM_LIMIT, count=len(raw))
    by_label = {c.label: c.key for c in context.trade.items}
    item = {}
    for key, value in raw.items():
        if value is None:
            continue
        if len(key) > _ITEM_KEY_LIMIT:
            raise BadValueError("too_long", limit=_ITEM_KEY_LIMIT, length=len(key))
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        text = clean(fact, str(value) if is_number else value)
        if text:
            item[by_label.get(key, clean(fact, key))] = text
    return item or None


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


def _shown(raw: object) -> str:
    """Return a short form of a wrong value that can stand in a sentence: printable, at most 40 characters."""
    text = raw if isinstance(raw, str) else type(raw).__name__ if isinstance(raw, (list, Mapping)) else str(raw)
    shown = "".join(c if c.isprintable() else "�" for c in text[:41])
    return shown if len(shown) <= _ITEM_KEY_LIMIT else shown[: _ITEM_KEY_LIMIT - 1] + "…"
