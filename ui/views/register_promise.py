"""What the receptionist tells the customer: until when the answer comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.times import parse_when
from desk_app.domain.vocabulary import Kind, Route
from ui.forms.moments import say_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ui.desk import Desk


def promised(desk: Desk, values: Mapping[str, object]) -> str:
    """Return the time to promise, as it is said (「明天 15:20」); empty where nothing can be promised.

    That is where no rule owes an answer, while a time of receipt stands there that is none or is yet to come, and until
    the register is open and the shop's own rules are known. A time typed as the promise goes before the rule's.
    """
    now = desk.clock.now()
    received = _moment(desk, values.get("received_at"))
    if values.get("received_at") and (received is None or received > now):
        return ""
    typed = _moment(desk, values.get("promised_at"))
    if typed is not None:
        return say_time(typed, now)
    if desk.shop is None:
        return ""
    due = desk.policy.deadlines.reply_due(
        Kind(str(values.get("kind", Kind.COMPLAINT))),
        Route(str(values.get("route", Route.NORMAL))),
        received or now,
        safety=values.get("safety") is True,
    )
    return say_time(due, now) if due else ""


def _moment(desk: Desk, typed: object) -> datetime | None:
    try:
        return parse_when(str(typed), desk.clock.local) if typed else None
    except (ValueError, OverflowError, OSError):
        return None  # half typed; the save will say what is wrong with it
