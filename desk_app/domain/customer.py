"""Who a customer is: nobody is put on file twice (domain.md parts 6.4, 17).

A customer is what the cases say: those that share a telephone number are one customer's, and, where a case has no
number, those that carry one and the same full name. Beyond that the shop decides: two customers are one person
(``merge``), or are not after all (``split``), or belong to a class. A decision is a :class:`CustomerEvent`,
append-only; who belongs together is worked out from all of them. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from desk_app.domain.case import CaseFile
from desk_app.domain.privacy import is_surname, without_title
from desk_app.domain.search_words import fold
from desk_app.domain.text import phone_key

if TYPE_CHECKING:
    from collections.abc import Iterable


ITEMS_OF_A_PERSON = frozenset({"member_no", "car_plate", "account", "licence_no"})
"""The items of the trades by which a customer is known the next time too; an order, a model or a hotel room is not."""

NAME_MARK = "="
"""What the key of a customer without a number begins with; a key of digits is a number."""
_SHORTEST_NUMBER = 7  # what is shorter is an extension of the house, or a service that all call (12315)
_BESIDE_A_NAME = r"(?<=[^\x00-\x7f])\s*[(,].*"  # what they are to each other, or to the shop
_BETWEEN_NAMES = "[、;/]"
_BETWEEN_IDEOGRAPHS = r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])"  # 张 伟
_NOBODY = (
    "\\(已匿名\\)|(?:匿名|不详|不明|不清楚|未知|无名|不愿|不肯|同上|保密).*|(?:某|一[位个名]).*|.某+"
    "|.*(?:客人|顾客|客户|宾客|住客|房客|旅客|游客|乘客|业主|住户|租户|家长|家属|会员|网友|市民|群众|路人)"
    "|[小老阿].|.[总姐哥姨叔嫂爷婆工]|.大[姐哥爷妈叔嫂]"
)
"""What stands where a name should and is shared by many: 客人, 老王, 张总. As text: re compiles it once it is asked."""


class CustomerAction(StrEnum):
    """What can be decided about a customer."""

    CLASSIFY = "classify"
    MERGE = "merge"
    SPLIT = "split"


class CustomerClass(StrEnum):
    """What a customer is to the shop (domain.md part 6.4, both schemes); empty where nobody has said."""

    KEY = "key"
    """重点客户: somebody of the shop looks after them alone."""
    IMPORTANT = "important"
    """重要客户."""
    REGULAR = "regular"
    """一般客户."""
    POTENTIAL = "potential"
    """潜在客户: has bought nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEvent:
    """One decision: append-only. ``customer`` and ``other`` are keys; ``data`` has the class, or what is undone."""

    action: CustomerAction
    at: datetime
    by: str
    customer: str
    other: str = ""
    data: Mapping[str, object]
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer with their cases, the newest first (``cases`` may hold the newest only; the counts are of all).

    ``keys`` are all by which they are known, the one asked for first. ``classed`` is None where nobody has
    said; ``merges`` are the decisions by which several became one.
    """

    keys: tuple[str, ...]
    name: str
    phone: str
    address: str
    classed: CustomerClass | None
    cases: tuple[CaseFile, ...]
    complaints: int
    open_cases: int
    merges: tuple[CustomerEvent, ...] = ()

    @property
    def next_complaint(self) -> int:
        """Which complaint the next one would be: 第 N 次投诉 (void ones were none)."""
        return self.complaints + 1


def keys(name: str, phone: str, *, anonymous: bool = False) -> tuple[str, ...]:
    """Return by which keys a customer is known: each number; without one the full name; nothing of the anonymous.

    A form of address alone (李女士) is nobody in particular.
    """
    if anonymous:
        return ()
    numbers = tuple(dict.fromkeys(n for n in phone_key(phone).split() if len(n) >= _SHORTEST_NUMBER))
    return numbers or ((name_key(name),) if name_key(name) else ())


def name_key(name: str) -> str:
    """Return the key of a full name: without a form of address and blanks; empty where there is no more than that.

    Of several names there is one key for all of them together; what is said in brackets beside a name tells nothing.
    """
    each = [_plain(one) for one in re.split(_BETWEEN_NAMES, fold(name)) if one.strip()]
    is_somebody = any(not is_surname(one) and not re.fullmatch(_NOBODY, one) for one in each if one)
    return NAME_MARK + "、".join(each) if is_somebody else ""


def _plain(name: str) -> str:
    stem = without_title(re.sub(_BESIDE_A_NAME, "", name))
    return re.sub(r"\s+", " ", re.sub(_BETWEEN_IDEOGRAPHS, "", stem)).strip()


def words_of(key: str) -> tuple[str, ...]:
    """Return what of a name's key stands together in every name that has this key, but for blanks."""
    return tuple(re.split("[、 ]", key.removeprefix(NAME_MARK)))


def together(key: str, decisions: Iterable[CustomerEvent]) -> tuple[str, ...]:
    """Return every key of the customer of ``key``, that one first: what merges that still hold tie to it."""
    return (key, *sorted(_tied(key, holding(decisions)) - {key}))


def class_of(known: Iterable[str], decisions: Iterable[CustomerEvent]) -> CustomerClass | None:
    """Return the class that was given last to any of a customer's keys, or None."""
    mine = frozenset(known)
    given = [d for d in decisions if d.action is CustomerAction.CLASSIFY and d.customer in mine]
    last = max(given, key=lambda d: d.id, default=None)
    value = last.data.get("class") if last else ""
    return CustomerClass(str(value)) if value else None


def holding(decisions: Iterable[CustomerEvent]) -> list[CustomerEvent]:
    """Return the merges that no split has undone."""
    all_of_them = tuple(decisions)
    split = {d.data.get("undoes") for d in all_of_them if d.action is CustomerAction.SPLIT}
    return [d for d in all_of_them if d.action is CustomerAction.MERGE and d.id not in split]


def _tied(key: str, merges: Iterable[CustomerEvent]) -> set[str]:
    found, ties = {key}, list(merges)
    while True:
        more = {k for d in ties if found & {d.customer, d.other} for k in (d.customer, d.other)} - found
        if not more:
            return found
        found |= more
