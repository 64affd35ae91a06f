"""Use cases of the regular duties: which are due, and that one was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.duties import DutyStanding, Mark, periods, standings
from desk_app.errors import KnownError
from desk_app.services.results import Changes
from desk_app.storage import duties

if TYPE_CHECKING:
    from datetime import date

    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class DutiesMarked:
    """Where every duty stands after one was marked."""

    standings: tuple[DutyStanding, ...]
    changes: Changes


def standing(ws: Workspace) -> tuple[DutyStanding, ...]:
    """Return where every regular duty stands today, what is owed first."""
    with ws.store.reading() as conn:
        return _standings(ws, conn, ws.clock.now().date())


def mark(ws: Workspace, duty: str, period: str, *, done: bool) -> DutiesMarked:
    """Say that the operator has done a duty in a period, or that it was not done after all; one transaction.

    Both marks stay. What is so already is not marked again, so that a retry changes nothing.

    Raises:
        KnownError: ``duty_unknown``: no such duty is owed at present, in such a period.
    """
    ws.require_person()
    now = ws.clock.now()
    with ws.store.transaction() as conn:
        found = _find(_standings(ws, conn, now.date()), duty, period)
        if found.done is not done:
            duties.write(conn, duty, period, Mark(done, now, ws.operator))
        return DutiesMarked(_standings(ws, conn, now.date()), Changes(duties=True))


def leave(ws: Workspace, duty: str, period: str) -> DutiesMarked:
    """Say that a duty was not done in a period that is over, and will not be; one transaction.

    What is done, or left already, stays as it is.

    Raises:
        KnownError: ``duty_unknown``: no such duty was missed in such a period.
    """
    ws.require_person()
    now = ws.clock.now()
    with ws.store.transaction() as conn:
        found = _find(_standings(ws, conn, now.date()), duty, period)
        if not found.missed:
            raise KnownError("duty_unknown", duty=duty[:40], period=period[:20])
        if found.due:
            duties.write(conn, duty, period, Mark(done=False, at=now, by=ws.operator, left=True))
        return DutiesMarked(_standings(ws, conn, now.date()), Changes(duties=True))


def _find(standings_: tuple[DutyStanding, ...], duty: str, period: str) -> DutyStanding:
    found = next((s for s in standings_ if s.duty.id == duty and s.period and s.period.key == period), None)
    if found is None:
        raise KnownError("duty_unknown", duty=duty[:40], period=period[:20])
    return found


def _standings(ws: Workspace, conn: Transaction, today: date) -> tuple[DutyStanding, ...]:
    owed = ws.policy.deadlines.duties
    marks = duties.read(conn, periods(owed, today))
    return standings(owed, today, duties.began(conn), marks, duties.kept_since(conn))
