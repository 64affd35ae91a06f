"""Who looked at whom: a look at a case with the whole customer is noted in the journal (PIPL 51)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


def note_view(ws: Workspace, number: str) -> None:
    """Note that the operator saw a case whole, in a transaction of its own; where there are no roles, nothing."""
    if not ws.policy.authority.is_on:
        return
    with ws.store.transaction() as conn:
        ws.note(conn, Noted.VIEW, number)
