"""What the receptionist tells the customer: until when the answer comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.times import is_late_entry, parse_when
from desk_app.domain.vocabulary import Kind, Route

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ui.desk import Desk


class Promised(NamedTuple):
    """Until when the customer is answered; ``is_late`` where that was over before the case was entered."""

    due: datetime
    is_late: bool


def entered_late(desk: Desk, values: Mapping[str, object]) -> datetime | None:
    """Return when the complaint was received, where that was so long ago that this is a late entry (补录)."""
    received = _moment(desk, values.get("received_at"))
    return received if received is not None and is_late_entry(received, desk.clock.now()) else None


def is_late(received: datetime, due: datetime, now: datetime) -> bool:
    """Whether a time is no longer one to promise; what is due at once (a term of nothing) still is."""
    return received < due < now


def promised(desk: Desk, values: Mapping[str, object]) -> Promised | None:
    """Return what to promise; None where nothing can be.

    That is where no rule owes an answer, while a time of receipt stands there that is none or is yet to come, and until
    the register is open and the shop's own rules are known. A time typed as the promise goes before the rule's.
    """
    now = desk.clock.now()
    received = _moment(desk, values.get("received_at"))
    if values.get("received_at") and (received is None or received > now):
        return None
    due = _moment(desk, values.get("promised_at")) or _by_rule(desk, values, received or now)
    return Promised(due, is_late(received or now, due, now)) if due else None


def _by_rule(desk: Desk, values: Mapping[str, object], received: datetime) -> datetime | None:
    if desk.shop is None:
        return None
    return desk.policy.deadlines.reply_due(
        Kind(str(values.get("kind", Kind.COMPLAINT))),
        Route(str(values.get("route", Route.NORMAL))),
        received,
        safety=values.get("safety") is True,
    )


def _moment(desk: Desk, typed: object) -> datetime | None:
    try:
        return parse_when(str(typed), desk.clock.local) if typed else None
    except (ValueError, OverflowError, OSError):
        return None  # half typed; the save will say what is wrong with it
