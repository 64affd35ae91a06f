"""Views of the queue that people keep under a name: a view and what it is sifted by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk_app.domain.queue import Order, SavedView, Sieve, View
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.services.named_list import MOST, NamedList, name_of
from desk_app.services.results import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.workspace import Workspace

__all__ = ["MOST", "ViewsSaved", "forget_view", "save_view", "saved_views"]


@dataclass(frozen=True, slots=True)
class ViewsSaved:
    """The saved views after a change."""

    views: tuple[SavedView, ...]
    changes: Changes


def saved_views(ws: Workspace) -> tuple[SavedView, ...]:
    """Return the saved views, in the order in which they were made; one that this version cannot read is left out."""
    return _VIEWS.all(ws)


def save_view(ws: Workspace, name: str, view: View, sieve: Sieve) -> ViewsSaved:
    """Keep a view under a name, in the place of one that has the name already; one transaction.

    Raises:
        KnownError: ``saved_view_unnamed``, ``saved_views_full``.
    """
    ws.require_person()
    return ViewsSaved(_VIEWS.keep(ws, SavedView(name_of(name), view, sieve)), Changes(queue=True))


def forget_view(ws: Workspace, name: str) -> ViewsSaved:
    """Keep a view no longer; one transaction. A name that is not there changes nothing."""
    ws.require_person()
    return ViewsSaved(_VIEWS.forget(ws, name), Changes(queue=True))


def _write(each: SavedView) -> Mapping[str, object]:
    return {
        "name": each.name,
        "view": each.view,
        "owed_by": each.sieve.owed_by,
        "kind": each.sieve.kind or "",
        "status": each.sieve.status or "",
        "order": each.sieve.order,
    }


def _read(entry: Mapping[str, Any]) -> SavedView:
    sieve = Sieve(
        owed_by=str(entry["owed_by"]),
        kind=FollowUpKind(entry["kind"]) if entry["kind"] else None,
        status=Status(entry["status"]) if entry["status"] else None,
        order=Order(entry["order"]),
    )
    return SavedView(str(entry["name"]), View(entry["view"]), sieve)


_VIEWS = NamedList("saved_views", "saved_view_unnamed", "saved_views_full", _write, _read)
