"""What the window reminds of: what falls due within the hour, and what fell due while nobody had it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk_app.domain.queue import ALL_OF_IT, Span
from desk_app.domain.times import epoch
from desk_app.storage import queue, settings

if TYPE_CHECKING:
    from desk_app.domain.queue import QueueRow
    from desk_app.services.workspace import Workspace

_MOST = 50
_CLOSED_AT = "closed_at"


@dataclass(frozen=True, slots=True)
class Missed:
    """How many open follow-ups fell due since the window was last closed, and when that was."""

    count: int
    since: datetime


def falling_due(ws: Workspace, at: datetime) -> tuple[QueueRow, ...]:
    """Return what falls due within the hour as of ``at``, but for what is left aside: the first 50."""
    now = epoch(at)
    span = Span(since=now, until=epoch(at + timedelta(hours=1)), awake_at=now)
    with ws.store.reading() as conn:
        return queue.page(conn, (span,), ALL_OF_IT, now, 0, _MOST)


def leave(ws: Workspace) -> None:
    """Remember that the window is closed now; one transaction."""
    with ws.store.transaction() as conn:
        settings.write(conn, {_CLOSED_AT: ws.clock.now().isoformat()})


def missed(ws: Workspace, at: datetime) -> Missed | None:
    """Return what fell due between the last closing of the window and ``at``, or None where nothing did.

    After a crash the last closing is an older one: then too much is told, never too little.
    """
    with ws.store.reading() as conn:
        closed_at = settings.read(conn).get(_CLOSED_AT)
        if not isinstance(closed_at, str):
            return None
        since = datetime.fromisoformat(closed_at)
        count = queue.count(conn, Span(since=epoch(since), until=epoch(at)), ALL_OF_IT)
    return Missed(count, since) if count else None
