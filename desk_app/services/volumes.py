"""Use cases of what the shop served: a number a month and kind, entered by hand or from a table (domain.md part 15).

What is entered is noted and stays; what was noted last of a month holds (``domain.shop_event``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from desk_app.domain import volumes as writing
from desk_app.domain.facts import Within
from desk_app.domain.journal import Noted
from desk_app.domain.periods import read_period
from desk_app.domain.rights import Right
from desk_app.domain.shop_event import ShopAction, ShopEvent
from desk_app.domain.vocabulary import Kind
from desk_app.domain.volumes import SERVED, Entries, Kinds
from desk_app.errors import KnownError
from desk_app.services import figures
from desk_app.services.files import read_bytes
from desk_app.services.results import Changes
from desk_app.services.rules import DEFAULT_TRADE, read_toml
from desk_app.storage import shop_events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from desk_app.domain.periods import Period
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_SETTING = "volumes"  # in the journal


@dataclass(frozen=True, slots=True)
class VolumesSaved:
    """The months that say otherwise than before, each with what it says now."""

    months: Mapping[str, Mapping[str, int]]
    changes: Changes


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month as it is to be looked at: what is known of it, and how many complaints came in it (without void ones)."""

    month: str
    known: Mapping[str, int]
    complaints: int


def kinds(rules: Rules, trade: str) -> Kinds:
    """Return what is entered in a trade: the label of each kind by its key, ``served`` first.

    Raises:
        KnownError: ``resource_broken``.
    """
    by_trade = _kinds(rules)
    return by_trade.get(trade, by_trade[DEFAULT_TRADE])


@cache
def _kinds(rules: Rules) -> Mapping[str, Kinds]:
    return read_toml(rules.root / "volumes.toml", writing.read_kinds)


def volumes(ws: Workspace, first_month: str, last_month: str) -> Mapping[str, Mapping[str, int]]:
    """Return of each month from one to another (``2026-10``) what is known of it; months without anything are absent.

    Raises:
        KnownError: ``locked``.
    """
    ws.require_person()
    with ws.store.reading() as conn:
        return _known(conn, first_month, last_month)


def of_period(ws: Workspace, period: Period, kind: str = SERVED) -> int | None:
    """Return how many were served in a period: the sum of its months.

    None where that is not known: one of its months was not entered (a part is never given for the whole), or the period
    is no whole months (a week, some days).

    Raises:
        KnownError: ``locked``.
    """
    months = writing.months_of(period)
    if not months:
        return None
    known = volumes(ws, months[0], months[-1])
    counts = [known.get(month, {}).get(kind) for month in months]
    return None if None in counts else sum(count for count in counts if count is not None)


def missing(ws: Workspace, period: Period, kind: str = SERVED) -> tuple[str, ...]:
    """Return the months of a period, up to the present one, of which nobody has said how many were served.

    Raises:
        KnownError: ``locked``.
    """
    today = ws.clock.now().date().isoformat()[:7]
    months = tuple(month for month in writing.months_of(period) if month <= today)
    known = volumes(ws, months[0], months[-1]) if months else {}
    return tuple(month for month in months if kind not in known.get(month, {}))


def year(ws: Workspace, number: int) -> tuple[MonthLine, ...]:
    """Return the months of a year, up to the present one.

    Raises:
        KnownError: ``locked``.
    """
    today = ws.clock.now().date().isoformat()[:7]
    months = [month for n in range(1, 13) if (month := f"{number:04}-{n:02}") <= today]
    if not months:
        return ()
    known, complaints = volumes(ws, months[0], months[-1]), _complaints(ws, months)
    return tuple(MonthLine(month, known.get(month, {}), complaints[month]) for month in months)


def put(
    ws: Workspace, month: str, counts: Mapping[str, object], request_id: str, *, is_sure: bool = False
) -> VolumesSaved:
    """Enter what was served in one month; raises and stores like :func:`put_all`."""
    return put_all(ws, {month: counts}, request_id, is_sure=is_sure)


def put_all(
    ws: Workspace, entries: Mapping[str, Mapping[str, object]], request_id: str, *, is_sure: bool = False
) -> VolumesSaved:
    """Enter what was served in some months, one transaction; kinds that are not named stay, None takes a number away.

    Months and numbers may be given as people write them (2026年10月, 3,200). What was entered before stays on file; a
    month that says the same already is not written again, nor is a request
    that was stored.

    Raises:
        KnownError: ``not_allowed``, ``locked``; ``volume_month_bad``, ``volume_month_ahead``, ``volume_kind_unknown``,
            ``volume_number_bad``; ``volume_below``: fewer were served than complained, which is stored with
            ``is_sure``. Nothing is changed then.
    """
    ws.require(Right.VOLUMES)
    checked = _checked(ws, entries)
    if not is_sure:
        _ask_if_enough(ws, checked)
    now, saved = ws.clock.now(), {}
    with ws.store.transaction() as conn:
        for month, counts in sorted(checked.items()):
            after = _put(ws, conn, now, month, counts, f"{request_id}:{month}")
            if after is not None:
                saved[month] = after
    return VolumesSaved(saved, Changes(volumes=bool(saved)))


def read_file(ws: Workspace, path: Path) -> Entries:
    """Return what a workbook or a CSV file says (columns 月份 and any kind of the trade); nothing is stored.

    Raises:
        KnownError: ``not_allowed``, ``locked``; the file cannot be read; ``volumes_…``, naming row and column.
    """
    from desk_app.sheets import table_file  # noqa: PLC0415 -- only an import needs it

    ws.require(Right.VOLUMES)
    rows = table_file.read_workbook(path) if table_file.is_workbook(path) else table_file.read_text(read_bytes(path))
    return writing.read_table(rows, kinds(ws.rules, ws.shop.trade), ws.clock.now().date())


def import_file(ws: Workspace, path: Path, request_id: str, *, is_sure: bool = False) -> VolumesSaved:
    """Enter the months of a file: all of them, or none. Raises like :func:`read_file` and :func:`put_all`."""
    return put_all(ws, read_file(ws, path), request_id, is_sure=is_sure)


def _put(
    ws: Workspace, conn: Transaction, now: datetime, month: str, counts: Mapping[str, int | None], request_id: str
) -> Mapping[str, int] | None:
    """Note a month where that says anything new, and return what it says now, else None."""
    before = _known(conn, month, month).get(month, {})
    after = {key: count for key, count in {**before, **counts}.items() if count is not None}
    if after == before or shop_events.stored(conn, request_id) is not None:
        return None
    event = ShopEvent(action=ShopAction.VOLUME, at=now, by=ws.operator, subject=month, data=after)
    shop_events.add(conn, event, request_id)
    labels = kinds(ws.rules, ws.shop.trade)
    old, new = ([f"{labels.get(key, key)} {count}" for key, count in each.items()] for each in (before, after))
    ws.note(conn, Noted.SETTING, _SETTING, month=month, old=old, new=new)
    return after


def _known(conn: Transaction, first: str, last: str) -> Mapping[str, Mapping[str, int]]:
    events = shop_events.latest(conn, ShopAction.VOLUME, first, last)
    return {month: {key: int(str(count)) for key, count in event.data.items()} for month, event in events.items()}


def _checked(ws: Workspace, entries: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, int | None]]:
    labels, today = kinds(ws.rules, ws.shop.trade), ws.clock.now().date()
    checked: dict[str, dict[str, int | None]] = {}
    for written, counts in entries.items():
        month = writing.read_month(written, today)
        for key, count in counts.items():
            if key not in labels:
                raise KnownError("volume_kind_unknown", text=writing.told(key), known="、".join(labels.values()))
            try:
                checked.setdefault(month, {})[key] = writing.read_number(count)
            except ValueError as error:
                raise KnownError(
                    "volume_number_bad", month=month, kind=labels[key], text=writing.told(count)
                ) from error
    return checked


def _ask_if_enough(ws: Workspace, entries: Entries) -> None:
    """Ask back where fewer were served than complained: a slip, or a month that is not over."""
    named = {month: count for month, counts in entries.items() if (count := counts.get(SERVED)) is not None}
    complaints = _complaints(ws, sorted(named)) if named else {}
    for month, count in sorted(named.items()):
        if count < complaints[month]:
            label = kinds(ws.rules, ws.shop.trade)[SERVED]
            raise KnownError("volume_below", month=month, kind=label, count=count, complaints=complaints[month])


def _complaints(ws: Workspace, months: Iterable[str]) -> Mapping[str, int]:
    """Return how many complaints came in each of some months, void ones not counted."""
    periods = [read_period(month, ws.clock.now().date()) for month in months]
    within = Within(periods[0].first_text, periods[-1].before_text, (Kind.COMPLAINT,))
    found = dict.fromkeys((period.name for period in periods), 0)
    for day, count in figures.ask(ws, lambda book: book.by_day(within)).items():
        if day[:7] in found:
            found[day[:7]] += count
    return found
