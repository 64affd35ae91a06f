"""Reading the journal: who signed in, looked at whole data, exported, changed a setting … (PIPL 51)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.rights import Right
from desk_app.storage import journal

if TYPE_CHECKING:
    from collections.abc import Collection

    from desk_app.services.workspace import Workspace

EVERYTHING = tuple(Noted)


def page(
    ws: Workspace, what: Collection[Noted] = EVERYTHING, before: int = 0, limit: int = 100
) -> tuple[JournalEntry, ...]:
    """Return the latest entries of these kinds, the newest first; ``before``: those older than the one with this id.

    Raises:
        KnownError: ``locked``, ``not_allowed``.
    """
    ws.require(Right.JOURNAL)
    with ws.store.reading() as conn:
        return journal.page(conn, what, before, limit)
