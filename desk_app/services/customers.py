"""Use cases about customers: who is it, what have they complained of before, is this the same matter again.

Nothing of a customer is stored but what was decided about them (``domain.customer``); the rest is asked of the cases,
through the index of words (``services.search``), so it follows every correction by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from desk_app.domain import customer as people
from desk_app.domain import search_words
from desk_app.domain.case import CaseFile
from desk_app.domain.customer import Customer, CustomerAction, CustomerClass, CustomerEvent
from desk_app.domain.likeness import is_like, likeness, pairs
from desk_app.domain.privacy import BLOTTED
from desk_app.domain.rights import Right
from desk_app.domain.text import phone_key, strip_unstorable
from desk_app.domain.vocabulary import Kind, Status
from desk_app.errors import KnownError
from desk_app.services import search
from desk_app.services.desk import find_file
from desk_app.services.results import Changes
from desk_app.storage import cases, customers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.domain.entry import Entry
    from desk_app.domain.search_words import Document
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

MOST_MATCHES = 6
"""Customers that are offered at once: more are told apart faster by typing on."""
_LOOKED_AT = 400
"""Cases that a look-up goes through at most: one customer may have hundreds."""
_SHOWN = 20
_MOST_KEYS = 20
"""Keys of one customer that are followed: a number that everybody gives would tie all of them together."""
_SHORTEST_ITEM = 2
MOST_COUNTED = 99
"""Cases of one customer that a look-up counts at most."""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer who may be meant: what their last case says of them, whole, to be taken over into the form.

    ``is_concealed``: they asked for secrecy, or the operator may see nobody whole; then it is masked, and nothing of it
    can be taken over. ``cases`` counts theirs, up to ``MOST_COUNTED``; ``matter`` is what the last one is about.
    """

    key: str
    name: str
    phone: str
    address: str
    item: Mapping[str, str]
    number: str
    received_at: datetime
    matter: str
    cases: int = 1
    is_concealed: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """A case of the same customer that tells the same matter; ``share`` of its words are in it (0 to 1)."""

    file: CaseFile
    share: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the customer of a form: None where it is nobody; the cases that are perhaps this one again.

    ``waiting``: how many lines of history were not looked at, because the index is too far behind: so the counts may be
    too small (0: they are exact).
    """

    customer: Customer | None = None
    alike: tuple[Alike, ...] = ()
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What was written down about a customer, and what it changed."""

    event: CustomerEvent
    changes: Changes


def look_up(ws: Workspace, field: str, typed: str) -> tuple[Match, ...]:
    """Return the customers who may be meant by what is typed in one field of the form, the latest first.

    ``field``: ``customer_phone`` (four digits in a row of any number, and more), ``customer_name`` (a part of the name,
    or the beginning of its pinyin initials), ``item`` (a part of a room, plate, member number …). Nobody anonymous.
    """
    ws.require_person()
    asked = _asked(field, typed)
    if asked is None:
        return ()

    def take(documents: Iterator[Document]) -> tuple[Match, ...]:
        found: list[Match] = []
        seen: set[str] = set()
        for document in islice(documents, _LOOKED_AT):
            keys = _keys(document.entry)
            if document.entry.customer_name == BLOTTED or document.entry.is_withdrawn:
                continue
            if not seen.intersection(keys):
                everyone, _, theirs = _everything(ws, keys, MOST_COUNTED)
                found.append(_match(ws, document.entry, everyone, len(theirs)))
                seen.update(everyone)
            if len(found) >= MOST_MATCHES:
                break
        return tuple(found)

    return search.answering(ws, *asked, take)


def known(ws: Workspace, values: Mapping[str, object]) -> Known:
    """Return what is known of the customer whom a form names (keys of the register), and like cases of theirs.

    A case is like the form where it was received in the shop's window (``Shop.duplicate_days``), is not void, and
    tells the same matter (``domain.likeness``); the likest first.
    """
    ws.require_person()
    name, phone = (strip_unstorable(str(values.get(key) or "")) for key in ("customer_name", "customer_phone"))
    keys = people.keys(name, phone, anonymous=bool(values.get("anonymous")))
    customer = _customer(ws, keys)
    alike = () if customer is None else _alike(ws, customer, values)
    return Known(customer, alike, search.unread(ws) if keys else 0)


def of_case(ws: Workspace, number: str) -> Customer | None:
    """Return the customer of a case, None where it names nobody in particular; raises ``case_unknown``."""
    ws.require_person()
    with ws.store.reading() as conn:
        case = find_file(conn, number).case
    return _customer(ws, people.keys(case.customer_name, case.customer_phone, anonymous=case.anonymous))


def numbers_of(ws: Workspace, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers of every case of the customer of some keys, the oldest first; every case is looked at.

    An index that is too far behind is brought up to date first: nothing may be left out of what is told or erased.
    """
    while search.unread(ws) and search.catch_up(ws).done:
        pass
    found = _everything(ws, keys)[2]
    return tuple(found[case_id].number for case_id in sorted(found))


def classify(ws: Workspace, key: str, given: CustomerClass | None, request_id: str) -> Decided:
    """Say of which class a customer is (None: of none); one transaction.

    Raises:
        KnownError: ``not_allowed``.
    """
    ws.require(Right.MERGE)
    return _decide(ws, request_id, lambda _: _decided(ws, CustomerAction.CLASSIFY, key, "", {"class": given or ""}))


def merge(ws: Workspace, number: str, other: str, request_id: str) -> Decided:
    """Say that the customers of two cases are one person; one transaction. :func:`split` undoes it, at any time.

    Raises:
        KnownError: ``case_unknown``, ``customer_unnamed`` (a case names nobody in particular), ``customer_same``.
    """
    ws.require(Right.MERGE)

    def decide(conn: Transaction) -> CustomerEvent:
        one, two = (_keys_of_case(conn, each) for each in (number, other))
        known = _customer(ws, one)
        if not set(two).isdisjoint(one if known is None else known.keys):
            raise KnownError("customer_same", number=number, other=other)
        return _decided(ws, CustomerAction.MERGE, one[0], two[0], {"cases": [number, other]})

    return _decide(ws, request_id, decide)


def split(ws: Workspace, event_id: int, request_id: str) -> Decided:
    """Take a merge back; one transaction.

    Raises:
        KnownError: ``customer_not_merged``: there is no such merge, or it is taken back already.
    """
    ws.require(Right.MERGE)

    def decide(conn: Transaction) -> CustomerEvent:
        merged = customers.of_id(conn, event_id)
        if merged is None or merged not in people.holding(customers.about(conn, (merged.customer,))):
            raise KnownError("customer_not_merged")
        return _decided(ws, CustomerAction.SPLIT, merged.customer, merged.other, {"undoes": event_id})

    return _decide(ws, request_id, decide)


# ------------------------------------------------------------------------------------------------ who it is


def _asked(field: str, typed: str) -> tuple[str, Callable[[Document], bool]] | None:
    """Return what the index is asked for a field, and what tells of a case whether it is meant; None: too little."""
    typed = strip_unstorable(typed)
    text = search_words.fold(typed).strip()
    words = text.split()
    if field == "customer_phone":
        digits = next(reversed(phone_key(typed).split()), "")
        if not search_words.is_phone_part(digits):
            return None
        return search_words.in_phone(digits), lambda case: any(digits in n for n in case.entry.phone_numbers)
    if field == "customer_name" and words:
        return search_words.at_name(words), lambda case: case.is_named(words)
    if field == "item" and len(text) >= _SHORTEST_ITEM:
        expression = " AND ".join(f"({search_words.in_class(search_words.ITEM, word)})" for word in words)
        return (
            expression,
            lambda case: (
                not case.entry.is_anonymous
                and any(text in search_words.fold(value) for value in case.entry.item_values)
            ),
        )
    return None


def _keys(entry: Entry) -> tuple[str, ...]:
    return people.keys(entry.customer_name, entry.customer_phone, anonymous=bool(entry.is_anonymous))


def _match(ws: Workspace, entry: Entry, keys: tuple[str, ...], count: int) -> Match:
    shown = _shown(ws, entry)
    return Match(
        key=keys[0] if keys else "",
        name=shown.customer_name,
        phone=shown.customer_phone,
        address=shown.customer_address,
        item=shown.item_by_key,
        number=entry.number,
        received_at=datetime.fromisoformat(entry.received_at),
        matter=shown.matter,
        is_concealed=shown is not entry,
        cases=min(max(1, count), MOST_COUNTED),
    )


def _shown(ws: Workspace, entry: Entry) -> Entry:
    """Return a case as the operator may see it: itself, or its concealed copy."""
    sight = ws.sight()
    if sight.sees_all or (sight.full and not entry.is_confidential):
        return entry
    with ws.store.reading() as conn:
        files = tuple(cases.read_ids(conn, [entry.id]))
    return entry if all(map(sight.whole, files)) else entry.concealed()


def _tied(ws: Workspace, keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[CustomerEvent, ...]]:
    """Return every key that decisions tie to these, these first, and the decisions."""
    with ws.store.reading() as conn:
        decisions = customers.about(conn, keys)
    return tuple(dict.fromkeys(each for key in keys for each in people.together(key, decisions))), decisions


def _everything(
    ws: Workspace, keys: tuple[str, ...], most: int | None = None
) -> tuple[tuple[str, ...], tuple[CustomerEvent, ...], dict[int, Entry]]:
    """Return every key of the customer of some keys, the decisions about them, and their cases by id.

    Two numbers in one case are one customer's, so each case may lead to more of them; with ``most`` no further than
    there are so many cases.
    """
    everyone, decisions = _tied(ws, keys)
    found: dict[int, Entry] = {}
    asked: set[str] = set()
    while (fresh := [key for key in everyone if key not in asked]) and len(asked) < _MOST_KEYS:
        if most is not None and len(found) >= most:
            break
        asked.add(fresh[0])
        theirs = {entry.id: entry for entry in _entries_of(ws, fresh[0], most)}
        more = {each: None for entry in theirs.values() for each in _keys(entry)}
        if not more.keys() <= set(everyone):
            everyone, decisions = _tied(ws, tuple({**dict.fromkeys(everyone), **more}))
        found |= theirs
    return everyone, decisions, found


def _customer(ws: Workspace, keys: tuple[str, ...]) -> Customer | None:
    """Return the customer of some keys with their cases, None where no case is theirs."""
    everyone, decisions, found = _everything(ws, keys)
    if not found:
        return None
    newest = sorted(found.values(), key=lambda entry: -entry.id)
    shown = {entry.id: _shown(ws, entry) for entry in newest}
    # As by the key asked for, for two may be one; and as by a case that may be seen, where there is one.
    called = sorted(newest, key=lambda entry: (keys[0] not in _keys(entry), shown[entry.id] is not entry))
    called = [shown[entry.id] for entry in called]
    with ws.store.reading() as conn:
        files = tuple(map(ws.sight().shown, cases.read_ids(conn, [entry.id for entry in newest[:_SHOWN]])))
    return Customer(
        keys=everyone,
        name=next((e.customer_name for e in called if e.customer_name), ""),
        phone=next((e.customer_phone for e in called if e.customer_phone), ""),
        address=next((e.customer_address for e in called if e.customer_address), ""),
        classed=people.class_of(everyone, decisions),
        cases=files,
        complaints=sum(entry.kind is Kind.COMPLAINT and entry.status is not Status.VOID for entry in newest),
        open_cases=sum(not entry.status.is_over for entry in newest),
        merges=tuple(d for d in people.holding(decisions) if d.customer in everyone),
    )


def _entries_of(ws: Workspace, key: str, most: int | None = None) -> list[Entry]:
    """Return every case that is known by one key, or so many of the newest."""
    if key.startswith(people.NAME_MARK):
        expression = search_words.at_name(people.words_of(key))
    else:
        expression = search_words.exactly(search_words.WHOLE, key)
    return search.answering(
        ws,
        expression,
        lambda case: key in _keys(case.entry),
        lambda found: [case.entry for case in islice(found, most)],
    )


def _alike(ws: Workspace, customer: Customer, values: Mapping[str, object]) -> tuple[Alike, ...]:
    since = ws.clock.now() - timedelta(days=ws.shop.duplicate_days)
    said = pairs(str(values.get("content") or ""))
    category = str(values.get("category") or "")
    found = []
    for file in customer.cases:
        if file.case.received_at < since or file.case.status is Status.VOID:
            continue
        theirs = pairs(file.case.content)
        if is_like(said, theirs, same_category=file.case.category == category):
            found.append(Alike(file, likeness(said, theirs)))
    return tuple(sorted(found, key=lambda alike: -alike.share))


# --------------------------------------------------------------------------------------- what is decided


def _decide(ws: Workspace, request_id: str, decide: Callable[[Transaction], CustomerEvent]) -> Decided:
    """Decide and write in one transaction; a request that is stored already is not decided again."""
    with ws.store.transaction() as conn:
        event = customers.of_request(conn, request_id) or customers.add(conn, decide(conn), request_id)
    return Decided(event, Changes(customers=True))


def _decided(ws: Workspace, action: CustomerAction, key: str, other: str, data: Mapping[str, object]) -> CustomerEvent:
    return CustomerEvent(action=action, at=ws.clock.now(), by=ws.operator, customer=key, other=other, data=data)


def _keys_of_case(conn: Transaction, number: str) -> tuple[str, ...]:
    case = find_file(conn, number).case
    keys = people.keys(case.customer_name, case.customer_phone, anonymous=case.anonymous)
    if not keys:
        raise KnownError("customer_unnamed", number=number)
    return keys
