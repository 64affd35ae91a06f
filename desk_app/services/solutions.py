"""Use cases of 处理方案库: what helped in cases of a category, and what the shop has written down (domain.md part 15).

What comes from cases is told without their customers, whoever reads it. What the shop writes itself outlives every
customer, and is refused where it holds a number by which a person is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk_app.domain import history
from desk_app.domain.facts import Within
from desk_app.domain.privacy import holds_number
from desk_app.domain.rights import Right
from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.domain.text import find_unstorable, first_words
from desk_app.domain.veil import concealed
from desk_app.domain.vocabulary import Action, Satisfaction, Status
from desk_app.errors import KnownError
from desk_app.services import figures
from desk_app.services.results import Changes
from desk_app.storage import cases, shop_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.domain.case import CaseFile
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

LONGEST = 500
"""Characters of an entry."""
_LOOKED_AT = 40
"""How many of the latest cases of a category are looked at."""
_DAYS = 2 * 365
"""What was done longer ago helps nobody."""
_BETWEEN = " > "
_SATISFIED = frozenset({Satisfaction.SATISFIED, Satisfaction.FAIR})
_TEXT, _TAKES_BACK = "text", "takes_back"


@dataclass(frozen=True, slots=True)
class Solution:
    """One thing that helps. ``number``: of the case it comes from; empty: the shop's own entry, with its ``id``."""

    text: str
    category: str
    at: datetime
    number: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class SolutionSaved:
    """An entry that is on file, or was taken back."""

    id: int
    changes: Changes


def offered(ws: Workspace, category: str, limit: int = 5) -> tuple[Solution, ...]:
    """Return what helps in a category: the shop's own entries first, then the latest of closed, satisfied cases.

    An own entry of a category holds in all below it; cases are of the category itself, or of any below a first level.
    What reads alike is told once. Cases of customers who asked for secrecy are left out.

    Raises:
        KnownError: ``locked``.
    """
    ws.require_person()
    if not category or limit < 1:
        return ()
    with ws.store.reading() as conn:
        told = {solution.text: solution for solution in reversed(_own(conn, category))}
    for solution in _from_cases(ws, category):
        if len(told) >= limit:
            break
        told.setdefault(solution.text, solution)
    return tuple(told.values())[:limit]


def add(ws: Workspace, category: str, text: str, request_id: str) -> SolutionSaved:
    """Write down what is done about a category; one transaction.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``solution_empty``, ``solution_bad``, ``solution_category_unknown``,
            ``solution_holds_number``.
    """
    ws.require(Right.CATEGORIES)
    said = text.strip()
    if not said:
        raise KnownError("solution_empty")
    if len(said) > LONGEST or find_unstorable(said) is not None:
        raise KnownError("solution_bad", limit=LONGEST)
    if holds_number(said):
        raise KnownError("solution_holds_number")
    if category not in {path for each in ws.trade.categories for path in (each, each.split(_BETWEEN)[0])}:
        raise KnownError("solution_category_unknown", category=first_words(category, 40))
    return _note(ws, category, {_TEXT: said}, request_id)


def take_back(ws: Workspace, category: str, entry_id: int, request_id: str) -> SolutionSaved:
    """Offer an own entry no more; it stays on file. One transaction.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``solution_unknown``.
    """
    ws.require(Right.CATEGORIES)
    with ws.store.reading() as conn:
        known = {solution.id for solution in _own(conn, category) if solution.category == category}
        if entry_id not in known and shop_events.stored(conn, request_id) is None:
            raise KnownError("solution_unknown")
    return _note(ws, category, {_TAKES_BACK: entry_id}, request_id)


def _note(ws: Workspace, category: str, data: dict[str, object], request_id: str) -> SolutionSaved:
    event = ShopEvent(action=ShopAction.SOLUTION, at=ws.clock.now(), by=ws.operator, subject=category, data=data)
    with ws.store.transaction() as conn:
        stored = shop_events.add(conn, event, request_id)
    return SolutionSaved(stored.id, Changes(shop=True))


def _own(conn: Transaction, category: str) -> list[Solution]:
    """Return the shop's own entries that hold in a category, in the order in which they were written."""
    found: dict[int, Solution] = {}
    for subject in dict.fromkeys((category.split(_BETWEEN, maxsplit=1)[0], category)):
        for event in shop_events.between(conn, ShopAction.SOLUTION, subject, subject):
            if _TEXT in event.data:
                found[event.id] = Solution(str(event.data[_TEXT]), subject, event.at, id=event.id)
            else:
                found.pop(int(str(event.data.get(_TAKES_BACK, 0))), None)
    return [found[key] for key in sorted(found)]


def _from_cases(ws: Workspace, category: str) -> Iterator[Solution]:
    """Go through what was done in the latest cases that were closed with a satisfied customer, the newest first."""
    today = ws.clock.now().date()
    within = Within((today - timedelta(days=_DAYS)).isoformat(), (today + timedelta(days=1)).isoformat())
    part = "category" if _BETWEEN in category else "topic"
    numbers = figures.numbers(ws, part, category, within, _LOOKED_AT)
    with ws.store.reading() as conn:
        for number in numbers:
            file = cases.read_file(conn, number)
            if file is not None and (solution := _solved(file)) is not None:
                yield solution


def _solved(file: CaseFile) -> Solution | None:
    """Return what was done in a case that ended well: the approved solution, else the answer; None of any other."""
    visit, case = history.visit(file), file.case
    is_well = visit is not None and visit.data.get("satisfaction") in _SATISFIED
    if case.status is not Status.CLOSED or not is_well or case.confidential or file.is_anonymised:
        return None
    hidden = concealed(file)
    ruling, proposal, reply = history.ruling(hidden), history.proposal(hidden), history.reply(hidden)
    is_rejected = ruling is not None and ruling.action is Action.REJECT
    text = str(proposal.data.get("solution") or "") if proposal is not None and not is_rejected else ""
    text = text or (str(reply.data.get("content") or "") if reply is not None else "")
    return Solution(text.strip(), case.category, case.received_at, number=case.number) if text.strip() else None
