"""Use cases of the working calendar: the shop's own days, in and out as a file, and due dates that follow a change.

A change of the calendar is one transaction, and asks for a *recount*: every open due date that was counted in working
or business days is reckoned anew, in batches that let other work in between (:func:`recount`). How far it has come is
kept in the register, so that whoever opens it next goes on where the program was stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain.calendar_csv import LONGEST_TEXT, decode, read_days, write_days
from desk_app.domain.event import CALENDAR_KEY, Event
from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.domain.text import find_unstorable
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.domain.work_calendar import EVERY_DAY
from desk_app.errors import KnownError
from desk_app.services.files import read_bytes
from desk_app.services.results import Changes, Shop
from desk_app.storage import calendar, cases, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from desk_app.domain.deadlines import DeadlineBook
    from desk_app.domain.follow_up import FollowUp
    from desk_app.domain.work_calendar import CalendarDay, DayKind
    from desk_app.services.workspace import Workspace

BATCH = 500
"""Due dates of one transaction: a save that comes in between waits for one, some 50 ms."""

_Days = dict[tuple["date", bool], "CalendarDay"]


@dataclass(frozen=True, slots=True)
class CalendarSaved:
    """The calendar after a change: how many entries are new, and how many say otherwise than the shop had said."""

    shop: Shop
    changes: Changes
    added: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """One due date that a changed calendar has moved."""

    number: str
    kind: FollowUpKind
    old: datetime
    new: datetime


@dataclass(frozen=True, slots=True)
class Recounted:
    """What one batch came to, and how far the recount is: ``done`` of ``total`` due dates."""

    moved: tuple[Moved, ...]
    done: int
    total: int
    is_over: bool
    changes: Changes


def put_days(ws: Workspace, entries: Iterable[CalendarDay]) -> CalendarSaved:
    """Enter days, each in the place of what the shop had said of it; the others stay. One transaction.

    What says just the same as the official calendar is not kept as the shop's own.

    Raises:
        KnownError: ``calendar_entry_bad``; nothing is changed.
    """
    ws.require(Right.CALENDAR)
    given = {(entry.day, entry.kind.asks_of_work): _checked(entry) for entry in entries}
    return _change(ws, lambda days: {**days, **given})


def remove_day(ws: Workspace, day: date, kind: DayKind) -> CalendarSaved:
    """Take back what the shop had said of a day: the official calendar, or the weekday, decides again.

    Raises:
        KnownError: ``calendar_not_own``.
    """
    ws.require(Right.CALENDAR)
    key = (day, kind.asks_of_work)

    def without(days: _Days) -> _Days:
        if key not in days:
            raise KnownError("calendar_not_own", day=day)
        return {other: entry for other, entry in days.items() if other != key}

    return _change(ws, without)


def import_file(ws: Workspace, path: Path) -> CalendarSaved:
    """Enter the days of a CSV file (``domain.calendar_csv``): all of them, or none.

    Raises:
        KnownError: the file cannot be read, or ``calendar_…``, with the line; nothing is changed.
    """
    ws.require(Right.CALENDAR)
    return put_days(ws, read_days(decode(read_bytes(path))))


def export_file(ws: Workspace, path: Path, year: int | None = None) -> int:
    """Write the shop's own days, or all that holds in one year, as a file that Excel opens; return how many.

    Raises:
        KnownError: the file cannot be written; an older one stays.
    """
    from desk_app.sheets import target  # noqa: PLC0415 -- only an export needs it

    listed = ws.policy.deadlines.calendar().listed
    days = ws.shop.days if year is None else [entry for entry, _ in listed(year)]
    target.replace_file(path, write_days(days).encode("utf-8-sig"))
    return len(days)


def set_open_weekdays(ws: Workspace, weekdays: Iterable[int]) -> CalendarSaved:
    """Say on which days of the week the shop is open (0 is Monday); one transaction.

    Raises:
        KnownError: ``calendar_never_open``.
    """
    ws.require(Right.CALENDAR)
    chosen = tuple(sorted(EVERY_DAY & set(weekdays)))
    if not chosen:
        raise KnownError("calendar_never_open")
    return _change(ws, lambda days: days, chosen)


def provisional_years(ws: Workspace) -> tuple[int, ...]:
    """Return the years whose notice is not here: the present one, and later ones in which something counted is due."""
    now = ws.clock.now()
    with ws.store.reading() as conn:
        years = {now.year, *calendar.counted_years(conn, epoch(now.replace(month=1, day=1)))}
    is_provisional = ws.policy.deadlines.calendar().is_provisional
    return tuple(year for year in sorted(years) if is_provisional(year))


def recount(ws: Workspace, limit: int = BATCH) -> Recounted | None:
    """Reckon the next ``limit`` counted due dates anew, in one transaction; None where nothing is to be reckoned.

    Each that moves is written under an ``amend`` event of its case, with the old date and the new one. What is left
    aside longer than it may be now comes back when it is due. A register that is read-only keeps what it says.
    """
    if ws.store.is_read_only:
        return None
    with ws.store.reading() as conn:
        if calendar.pending_recount(conn) is None:
            return None
    if ws.is_behind():
        ws.look_again()
    now, moved = ws.clock.now(), []
    with ws.store.transaction() as conn:
        state = calendar.pending_recount(conn)
        if state is None:
            return None
        if ws.is_behind():  # written to since we looked: the calendar in hand may be the old one
            return Recounted((), state.done, state.total, is_over=False, changes=Changes())
        found = cases.open_counted(conn, state.after, limit)
        for each in found:
            after = _reckoned(ws.policy.deadlines, each.owed)
            if after.due_at == each.owed.due_at:
                continue
            data = {"follow_up": after.id, "due_at": after.due_at.isoformat(), CALENDAR_KEY: True}
            event = Event(action=Action.AMEND, at=now, entered_at=now, by=state.by, data=data, round=each.round)
            cases.move(conn, each, after, event, f"{state.id}-{after.id}")
            moved.append(Moved(each.number, after.kind, each.owed.due_at, after.due_at))
        is_over, done = len(found) < limit, state.done + len(found)
        after_id = found[-1].owed.id if found else state.after
        calendar.keep_recount(conn, None if is_over else replace(state, after=after_id, done=done))
    changes = Changes(queue=is_over, everything=is_over)
    return Recounted(tuple(moved), done, max(done, state.total), is_over, changes)


def recount_all(ws: Workspace) -> tuple[Moved, ...]:
    """Reckon everything that is to be reckoned; return what moved."""
    moved: list[Moved] = []
    while (batch := recount(ws)) is not None:
        moved += batch.moved
    return tuple(moved)


def _change(ws: Workspace, change: Callable[[_Days], _Days], weekdays: tuple[int, ...] | None = None) -> CalendarSaved:
    """Change the shop's own days or weekdays, and ask for a recount where anything is other than before."""
    official = set(ws.rules.policy.deadlines.calendar().official)
    with ws.store.transaction() as conn:
        before = {(entry.day, entry.kind.asks_of_work): entry for entry in calendar.read(conn)}
        after = {key: entry for key, entry in change(before).items() if entry not in official}
        if weekdays is not None:
            settings.write(conn, {"open_weekdays": weekdays})
            ws.note(conn, Noted.SETTING, "open_weekdays", old=ws.shop.open_weekdays, new=weekdays)
        if after != before or weekdays is not None:
            old, new = (
                [_told(days[key]) for key in sorted(days) if days[key] != others.get(key)]
                for days, others in ((before, after), (after, before))
            )
            if old or new:
                ws.note(conn, Noted.SETTING, "calendar", old=old, new=new)
            calendar.replace_all(conn, after.values())
            calendar.ask_for_recount(conn, ws.operator)
    ws.look_again()
    added = len(after.keys() - before.keys())
    replaced = sum(1 for key in after.keys() & before.keys() if after[key].kind is not before[key].kind)
    return CalendarSaved(ws.shop, Changes(shop=True), added, replaced)


def _reckoned(deadlines: DeadlineBook, owed: FollowUp) -> FollowUp:
    after = deadlines.reckoned(owed)
    waits_too_long = after.snoozed_until is not None and after.snoozed_until > after.due_at
    return replace(after, snoozed_until=after.due_at) if waits_too_long else after


def _told(entry: CalendarDay) -> str:
    return f"{entry.day} {entry.kind} {entry.name}".rstrip()


def _checked(entry: CalendarDay) -> CalendarDay:
    for text in (entry.name, entry.source):
        if len(text) > LONGEST_TEXT or find_unstorable(text, one_line=True) is not None:
            raise KnownError("calendar_entry_bad", day=entry.day, limit=LONGEST_TEXT)
    return entry
