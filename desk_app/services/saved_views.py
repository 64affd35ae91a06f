"""Views of the queue that people keep under a name: a view and what it is sifted by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.queue import Order, SavedView, Sieve, View
from desk_app.domain.text import first_words, strip_unstorable
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError
from desk_app.services.results import Changes
from desk_app.storage import settings

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

MOST = 20
_NAME_LENGTH = 20
_KEY = "saved_views"


@dataclass(frozen=True, slots=True)
class ViewsSaved:
    """The saved views after a change."""

    views: tuple[SavedView, ...]
    changes: Changes


def saved_views(ws: Workspace) -> tuple[SavedView, ...]:
    """Return the saved views, in the order in which they were made; one that this version cannot read is left out."""
    with ws.store.reading() as conn:
        return _stored(conn)


def save_view(ws: Workspace, name: str, view: View, sieve: Sieve) -> ViewsSaved:
    """Keep a view under a name, in the place of one that has the name already; one transaction.

    Raises:
        KnownError: ``saved_view_unnamed``, ``saved_views_full``.
    """
    kept = SavedView(first_words(strip_unstorable(name), _NAME_LENGTH), view, sieve)
    if not kept.name:
        raise KnownError("saved_view_unnamed")
    with ws.store.transaction() as conn:
        views = {each.name: each for each in _stored(conn)} | {kept.name: kept}
        if len(views) > MOST:
            raise KnownError("saved_views_full", most=MOST)
        return _write(conn, tuple(views.values()))


def forget_view(ws: Workspace, name: str) -> ViewsSaved:
    """Keep a view no longer; one transaction. A name that is not there changes nothing."""
    with ws.store.transaction() as conn:
        return _write(conn, tuple(each for each in _stored(conn) if each.name != name))


def _stored(conn: Transaction) -> tuple[SavedView, ...]:
    stored = settings.read(conn).get(_KEY, [])
    found = (_read(entry) for entry in stored) if isinstance(stored, list) else ()
    return tuple(view for view in found if view is not None)


def _write(conn: Transaction, views: tuple[SavedView, ...]) -> ViewsSaved:
    entries = [
        {
            "name": each.name,
            "view": each.view,
            "owed_by": each.sieve.owed_by,
            "kind": each.sieve.kind or "",
            "status": each.sieve.status or "",
            "order": each.sieve.order,
        }
        for each in views
    ]
    settings.write(conn, {_KEY: entries})
    return ViewsSaved(views, Changes(queue=True))


def _read(entry: object) -> SavedView | None:
    if not isinstance(entry, dict):
        return None
    try:
        sieve = Sieve(
            owed_by=str(entry["owed_by"]),
            kind=FollowUpKind(entry["kind"]) if entry["kind"] else None,
            status=Status(entry["status"]) if entry["status"] else None,
            order=Order(entry["order"]),
        )
        return SavedView(str(entry["name"]), View(entry["view"]), sieve)
    except (KeyError, ValueError):
        return None
