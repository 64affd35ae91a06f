"""Reckoning what is due anew after a change of the calendar: every counted due date that is open, in batches."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.measure import Ceiling, Check, Findings, Series, in_turn, milliseconds
from bench.register_maker import END, Size, copy_of, open_with, register_of
from desk_app.clock import FixedClock
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.services import calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desk_app.services.workspace import Workspace

_MOST_MS = 1_000
_REFERENCE = 10_000
_WEDNESDAY, _WEEK = 2, timedelta(weeks=1)


def run(cache: Path, scratch: Path, size: Size, rounds: int) -> Findings:
    """Close every Wednesday and open it again, in turn; told is what 10,000 due dates cost, whatever there are."""
    with closing(open_with(copy_of(register_of(size, cache), scratch / "recount"), FixedClock(END))) as ws:
        turns = _Turns(ws, size)
        cost = in_turn({"": turns.reckon}, rounds)[""]
    name = f"changed calendar, {turns.total:,} due dates, of which {turns.moved:,} move: for {_REFERENCE:,}"
    each = Series(tuple(sample * _REFERENCE / turns.total for sample in cost.samples))
    moves = Check("a changed calendar moves due dates", turns.moved > 0)
    return Findings((), (moves,), (Ceiling(name, each, _MOST_MS),))


class _Turns:
    """Changes the calendar and reckons everything anew, each time the other way."""

    def __init__(self, ws: Workspace, size: Size) -> None:
        self.total = self.moved = 0
        self._ws, self._wednesdays, self._is_closed = ws, _wednesdays(size), False

    def reckon(self) -> float:
        """Return how long it took until the last due date was right."""
        self._is_closed = not self._is_closed
        kind = DayKind.REST if self._is_closed else DayKind.WORK
        calendar.put_days(self._ws, self._wednesdays[kind])
        self.moved = 0
        return milliseconds(self._reckon)

    def _reckon(self) -> None:
        while (batch := calendar.recount(self._ws)) is not None:
            self.total, self.moved = batch.total, self.moved + len(batch.moved)


def _wednesdays(size: Size) -> dict[DayKind, Sequence[CalendarDay]]:
    """Return those from the first receipt until all that is owed is due, as days off and as days of work."""
    first = (END - timedelta(days=size.days)).date()
    first += timedelta(days=(_WEDNESDAY - first.weekday()) % 7)
    days = [first + n * _WEEK for n in range(size.days // 7 + 6)]
    return {kind: [CalendarDay(day, kind, "盘点", "店规") for day in days] for kind in (DayKind.REST, DayKind.WORK)}
