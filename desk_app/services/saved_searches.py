"""Searches that people keep under a name: the words, the days and what else narrows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk_app.domain.finding import SavedSearch, Sought
from desk_app.domain.vocabulary import Kind, Status
from desk_app.services.named_list import NamedList, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction


def saved_searches(ws: Workspace) -> tuple[SavedSearch, ...]:
    """Return the saved searches, in the order in which they were made; one that cannot be read is left out."""
    return _SEARCHES.all(ws)


def save_search(ws: Workspace, name: str, sought: Sought, days: str) -> tuple[SavedSearch, ...]:
    """Keep a search under a name, in the place of one that has the name already, and return all; one transaction.

    ``days`` as :func:`~desk_app.domain.periods.read_period` takes it: this month is every month the present one.

    Raises:
        KnownError: ``saved_search_unnamed``, ``saved_searches_full``.
    """
    ws.require_person()
    return _SEARCHES.keep(ws, SavedSearch(name_of(name), sought, days))


def forget_search(ws: Workspace, name: str) -> tuple[SavedSearch, ...]:
    """Keep a search no longer and return the others; one transaction. A name that is not there changes nothing."""
    ws.require_person()
    return _SEARCHES.forget(ws, name)


def forget_told(conn: Transaction, is_told: Callable[[str], bool]) -> None:
    """Keep no longer the searches whose words or names tell of somebody, inside the caller's transaction."""
    _SEARCHES.leave_out(conn, lambda each: is_told(f"{each.name} {each.sought.words}"))


def _write(each: SavedSearch) -> Mapping[str, object]:
    sought = each.sought
    return {
        "name": each.name,
        "days": each.days,
        "words": sought.words,
        "kinds": list(sought.kinds),
        "category": sought.category,
        "department": sought.department,
        "status": sought.status or "",
        "operator": sought.operator,
    }


def _read(entry: Mapping[str, Any]) -> SavedSearch:
    kinds = tuple(Kind(kind) for kind in entry["kinds"])
    sought = Sought(
        words=str(entry["words"]),
        kinds=kinds,
        category=str(entry["category"]),
        department=str(entry["department"]),
        status=Status(entry["status"]) if entry["status"] else None,
        operator=str(entry["operator"]),
    )
    return SavedSearch(str(entry["name"]), sought, str(entry["days"]))


_SEARCHES = NamedList("saved_searches", "saved_search_unnamed", "saved_searches_full", _write, _read)
