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
    """Return the time to promise, as it is said (「明天 15:20」); empty where no rule owes an answer.

    A time typed as the promise goes before the rule's. While a time is half typed the form's other values decide.
    """
    now = desk.clock.now()
    typed = _moment(desk, values.get("promised_at"))
    if typed is not None:
        return say_time(typed, now)
    due = desk.rules.deadlines.reply_due(
        Kind(str(values.get("kind", Kind.COMPLAINT))),
        Route(str(values.get("route", Route.NORMAL))),
        _moment(desk, values.get("received_at")) or now,
    )
    return say_time(due, now) if due else ""


def _moment(desk: Desk, typed: object) -> datetime | None:
    try:
        return parse_when(str(typed), desk.clock.local) if typed else None
    except (ValueError, OverflowError, OSError):
        return None  # half typed; the save will say what is wrong with it
