"""Use cases of a month that is handed in: locked, and what changed in it afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.month_lock import MonthLock, changed_since
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Occasion
from desk_app.errors import KnownError
from desk_app.services import anchoring
from desk_app.storage import cases, exports, journal, ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.month_lock import Locks
    from desk_app.domain.periods import Period
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_TOLD = 5


def lock_month(ws: Workspace, month: str) -> MonthLock:
    """Lock a month (``2026-10``): from now on each change of it is seen to be one. It may be locked again later.

    What is locked is what was handed in: a change between the last export and the lock would stand on no sheet that
    anybody has, nor be marked on a later one.

    Raises:
        KnownError: ``not_allowed``; ``bad_month``; ``month_not_over``; ``month_not_exported``: after its end, whole;
            ``month_exported_before``: it changed since.
    """
    period, now = ask(ws, month), ws.clock.now()
    month = period.name
    with ws.store.transaction() as conn:
        exported = exports.handed_in_at(conn, period.first_text, period.last.isoformat(), period.before_text)
        if not exported:
            raise KnownError("month_not_exported", month=month)
        if changed := _changed_after(conn, period, datetime.fromisoformat(exported)):
            raise KnownError(
                "month_exported_before", month=month, count=len(changed), numbers="、".join(changed[:_TOLD])
            )
        last = cases.last_event(conn)
        head = ledger.head(conn)
        ws.note(conn, Noted.LOCK_MONTH, month, last_event=last, ledger=anchoring.written(head))
    anchoring.drop(ws, Occasion.LOCK_MONTH)
    return MonthLock(month, now, ws.shop.operator, last)


def ask(ws: Workspace, month: str) -> Period:
    """Return a month that the operator may lock once it is exported; raises as :func:`lock_month` of its end."""
    ws.require(Right.LOCK_MONTH)
    period = _month(ws, month)
    if ws.clock.now().date() <= period.last:
        raise KnownError("month_not_over", month=period.name)
    return period


def locks(ws: Workspace) -> Locks:
    """Return the locked months, each with its latest lock."""
    with ws.store.reading() as conn:
        noted = journal.all_of(conn, Noted.LOCK_MONTH)
    return {e.subject: MonthLock(e.subject, e.at, e.by, int(str(e.data["last_event"]))) for e in noted}


def changed_numbers(ws: Workspace, month: str) -> Sequence[str]:
    """Return the numbers of the cases of a locked month that changed since, in order of receipt; none where it is not.

    Raises:
        KnownError: ``bad_month``.
    """
    period, known = _month(ws, month), locks(ws)
    if period.name not in known:
        return ()
    with ws.store.snapshot() as conn:
        files = cases.read_received(conn, period.first_text, period.before_text)
        return tuple(file.case.number for file in files if changed_since(file, known))


def lockable(ws: Workspace, period: Period | None) -> str:
    """Return the month that a period is, if the operator may lock it: it is whole, over, and not locked; else empty."""
    if period is None or period.last >= ws.clock.now().date() or ws.store.is_read_only:
        return ""
    month = _month(ws, period.first.isoformat()[:7])
    is_whole = (month.first, month.last) == (period.first, period.last)
    may = ws.policy.authority.may(ws.shop.operator, Right.LOCK_MONTH)
    return month.name if is_whole and may and month.name not in locks(ws) else ""


def _changed_after(conn: Transaction, period: Period, moment: datetime) -> Sequence[str]:
    """Return the numbers of the cases of a month whose lines in the register changed after a moment."""
    never = {period.name: MonthLock(period.name, moment, "", 0)}
    files = cases.read_received(conn, period.first_text, period.before_text)
    return tuple(f.case.number for f in files if any(e.entered_at > moment for e in changed_since(f, never)))


def _month(ws: Workspace, month: str) -> Period:
    from desk_app.services.export import month_of  # noqa: PLC0415 -- the workbook is not wanted to lock a month

    return month_of(month, ws.clock.now().date())
