"""What the head of one particular sheet says, by the form of the sheet: the words that its phrases may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from desk_app.domain import sheet_lines
from desk_app.domain.handover import Draft, HandoverSheet
from desk_app.domain.handover_line import HANDOVER_KEYS
from desk_app.domain.sheet_lines import Each

if TYPE_CHECKING:
    from desk_app.domain.sheet_lines import Facts
    from desk_app.domain.wording import Value


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose the sheet is, and the words of its phrases; the layout adds ``count``, ``cut``, ``page`` and ``pages``."""

    shop: str
    words: Mapping[str, object]


def period_heading(shop: str, days: tuple[date, date], *, by: str, at: datetime, privacy: str = "") -> Heading:
    """Return the heading of a period (both days included), made by somebody at some time.

    ``privacy`` says whether customers can be known from the sheet.
    """
    first, last = days
    words = {"year": first.year, "month": first.month, "first": first, "last": last, "by": by, "at": shown(at)}
    return Heading(shop, {"shop": shop, **words, "privacy": privacy})


def handover_heading(shop: str, sheet: HandoverSheet) -> Heading:
    """Return the heading of a signed handover; ``open`` counts what was owed, ``late`` what of it was overdue."""
    state = sheet.state
    words = {
        "shift": sheet.shift,
        "outgoing": sheet.outgoing,
        "incoming": sheet.incoming,
        "since": shown(state.since),
        "at": shown(sheet.at),
        "open": len(state.lines) + state.left_out,
        "late": sum(1 for line in state.lines if line.due_at < state.at),
    }
    return Heading(shop, {"shop": shop, **words})


def shown(value: Value | date) -> str:
    """Return a value as a text on paper."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


_THEN = datetime(2000, 1, 1, tzinfo=UTC)
_NOBODY = HandoverSheet(
    state=Draft(outgoing="", at=_THEN, since=_THEN, lines=()),
    at=_THEN,
    incoming="",
    shift="",
    attention="",
    reports={},
)
_OF_A_PERIOD = tuple(period_heading("", (date.min, date.min), by="", at=_THEN).words)
_OF_A_HANDOVER = tuple(handover_heading("", _NOBODY).words)


def heading_words(each: Each) -> tuple[str, ...]:
    """Return the names of the words of a sheet's heading."""
    return _OF_A_HANDOVER if each is Each.HANDOVER else _OF_A_PERIOD


def known_keys(each: Each, facts: Facts) -> frozenset[str]:
    """Return the keys that the columns and cells of a sheet may ask for."""
    return HANDOVER_KEYS if each is Each.HANDOVER else sheet_lines.known_keys(each, facts)
