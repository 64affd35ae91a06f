"""The case, its history and what is owed on it: one aggregate, written together and read together."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Change, Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.terms import Term
from desk_app.domain.text import phone_key
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Severity, Status
from desk_app.errors import BugError

if TYPE_CHECKING:
    import sqlite3

    from desk_app.domain.workflow import Decision

_COLUMNS = tuple(f.name for f in fields(Case))
_SELECT_CASE = "id, " + ", ".join(_COLUMNS)
_INSERT_CASE = (
    f'INSERT INTO "case" ({", ".join(_COLUMNS)}, customer_phone_key) VALUES ({", ".join("?" * (len(_COLUMNS) + 1))})'
)
_INSERT_EVENT = (
    "INSERT INTO event (case_id, request_id, action, at, entered_at, by, round, data) VALUES (?,?,?,?,?,?,?,?)"
)
_OWED_COLUMNS = tuple(f.name for f in fields(FollowUp) if f.name != "id")
_INSERT_FOLLOW_UP = (
    f"INSERT INTO follow_up (case_id, due_utc, {', '.join(_OWED_COLUMNS)})"
    f" VALUES ({', '.join('?' * (len(_OWED_COLUMNS) + 2))})"
)
_SELECT_FOLLOW_UP = f"SELECT case_id, id, {', '.join(_OWED_COLUMNS)} FROM follow_up"
_SELECT_COUNTED = f"""
    SELECT f.case_id, c.number, c.round, f.id, {", ".join(f"f.{name}" for name in _OWED_COLUMNS)}
    FROM follow_up f INDEXED BY follow_up_open_counted CROSS JOIN "case" c ON c.id = f.case_id
    WHERE f.done_at IS NULL AND substr(f.term, -2) IN ('wd', 'bd') AND f.id > ? ORDER BY f.id LIMIT ?
"""
_INSERT_CHANGE = "INSERT INTO change (event_id, follow_up_id, key, old, new) VALUES (?, ?, ?, ?, ?)"
_SELECT_EVENT = "SELECT case_id, id, action, at, entered_at, by, round, data FROM event"


class Counted(NamedTuple):
    """Something owed on a day that was counted, with what its case is called."""

    case_id: int
    number: str
    round: int
    owed: FollowUp


def next_serial(conn: sqlite3.Connection, series: str) -> int:
    """Count a series one further, inside the caller's transaction; it never goes back (triggers say so)."""
    row = conn.execute(
        "INSERT INTO counter (series, last) VALUES (?, 1)"
        " ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
        (series,),
    ).fetchone()
    return int(row[0])


def stored_number(conn: sqlite3.Connection, request_id: str) -> str | None:
    """Return the number of the case that a request has already written to, or None."""
    row = conn.execute(
        'SELECT number FROM "case" WHERE id = (SELECT case_id FROM event WHERE request_id = ?)', (request_id,)
    ).fetchone()
    return None if row is None else str(row[0])


def requests(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the number of the case that each request has written to, in the order of the steps."""
    rows = conn.execute('SELECT e.request_id, c.number FROM event e JOIN "case" c ON c.id = e.case_id ORDER BY e.id')
    return dict(rows)


def insert(conn: sqlite3.Connection, decision: Decision, request_id: str) -> int:
    """Put a new case on file with what is owed, inside the caller's transaction; return the id of its first event."""
    case = decision.case
    values = [_to_column(getattr(case, name)) for name in _COLUMNS]
    case_id = conn.execute(_INSERT_CASE, (*values, phone_key(case.customer_phone))).lastrowid
    if case_id is None:
        raise BugError("no row id")
    return _write_what_follows(conn, case_id, decision, request_id)


def update(conn: sqlite3.Connection, before: CaseFile, decision: Decision, request_id: str) -> int:
    """Write what an action came to, inside the caller's transaction, each changed value with its old one.

    Return the id of the event.
    """
    if before.is_concealed:
        raise BugError("what was hidden is not what is on file")
    case_id = conn.execute('SELECT id FROM "case" WHERE number = ?', (before.case.number,)).fetchone()[0]
    event_id = _write_what_follows(conn, case_id, decision, request_id)
    _write_changes(conn, "case", case_id, None, event_id, _differences(before.case, decision.case, _COLUMNS))
    known = {f.id: f for f in before.follow_ups}
    for after in decision.changed:
        found = _differences(known[after.id], after, _OWED_COLUMNS)
        _write_changes(conn, "follow_up", after.id, after.id, event_id, found)
    return event_id


def last_event(conn: sqlite3.Connection) -> int:
    """Return the id of the last event there is, or 0."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0])


def changes_of(conn: sqlite3.Connection, event_id: int) -> tuple[Change, ...]:
    """Return what an event changed, in the order it was written."""
    return tuple(change for _, change in changes_by_id(conn, event_id))


def changes_by_id(conn: sqlite3.Connection, event_id: int) -> tuple[tuple[int, Change], ...]:
    """Return the same, each with the id of its row."""
    rows = conn.execute(
        "SELECT id, key, old, new, follow_up_id FROM change WHERE event_id = ? ORDER BY id", (event_id,)
    )
    changes = []
    for row_id, key, old, new, owed in rows:
        read = (_OF_FOLLOW_UP if owed else _OF_CASE).get(key, _as_it_is)
        changes.append((row_id, Change(key, read(json.loads(old)), read(json.loads(new)), owed or 0)))
    return tuple(changes)


def as_kept(change: Change) -> tuple[str, str]:
    """Return the value before and the value after as their columns keep them."""
    return json.dumps(_to_column(change.old)), json.dumps(_to_column(change.new))


def columns_that_differ(before: Case, after: Case) -> Mapping[str, object]:
    """Return the columns of a case that are not as they were, with what they are to hold."""
    return {name: new for name, _, new in _differences(before, after, _COLUMNS)}


def last_entered(conn: sqlite3.Connection, most: int) -> tuple[str, ...]:
    """Return when the last events were entered, as ISO texts: of any case, the newest first."""
    rows = conn.execute("SELECT entered_at FROM event ORDER BY id DESC LIMIT ?", (most,))
    return tuple(row[0] for row in rows)


def entered_before(conn: sqlite3.Connection, day: str) -> str | None:
    """Return when the last event before a day (ISO text) was entered, None where there is none."""
    row = conn.execute("SELECT entered_at FROM event WHERE entered_at < ? ORDER BY id DESC LIMIT 1", (day,)).fetchone()
    return None if row is None else str(row[0])


def open_counted(conn: sqlite3.Connection, after: int, limit: int) -> tuple[Counted, ...]:
    """Return what is owed on a day that was counted, in the order of the ids, those after an id."""
    rows = conn.execute(_SELECT_COUNTED, (after, limit)).fetchall()
    return tuple(Counted(case_id, number, turn, _follow_up(owed)) for case_id, number, turn, *owed in rows)


def move(conn: sqlite3.Connection, before: Counted, after: FollowUp, event: Event, request_id: str) -> None:
    """Write that something owed is due on another day, under an event of its case, inside the caller's transaction."""
    event_id = add_event(conn, before.case_id, event, request_id)
    found = _differences(before.owed, after, ("due_at", "snoozed_until"))
    _write_changes(conn, "follow_up", after.id, after.id, event_id, found)


def read_file(conn: sqlite3.Connection, number: str) -> CaseFile | None:
    """Return a case with its history and everything owed on it, or None where there is no such number."""
    row = conn.execute(f'SELECT {_SELECT_CASE} FROM "case" WHERE number = ?', (number,)).fetchone()
    return None if row is None else next(_files(conn, [row]))


def numbers(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Return the number of every case, in the order in which they came on file."""
    return tuple(number for (number,) in conn.execute('SELECT number FROM "case" ORDER BY id'))


def counters(conn: sqlite3.Connection) -> Mapping[str, int]:
    """Return the last serial that was given in each series."""
    return dict(conn.execute("SELECT series, last FROM counter ORDER BY series"))


def read_received(conn: sqlite3.Connection, first: str, before: str, batch: int = 500) -> Iterator[CaseFile]:
    """Go through the cases received from ``first`` on and before ``before`` (local wall-clock texts), in order.

    Each is complete. Read in batches, so that a year needs no more memory than a day.
    """
    after: tuple[str, int] = (first, 0)
    while True:
        rows = conn.execute(
            f'SELECT {_SELECT_CASE} FROM "case" WHERE (received_at, id) > (?, ?) AND received_at < ?'
            " ORDER BY received_at, id LIMIT ?",
            (*after, before, batch),
        ).fetchall()
        if not rows:
            return
        yield from _files(conn, rows)
        after = (rows[-1][1 + _COLUMNS.index("received_at")], rows[-1][0])


def is_any_before(conn: sqlite3.Connection, before: str) -> bool:
    """Whether a case was received before a day (ISO text)."""
    return conn.execute('SELECT 1 FROM "case" WHERE received_at < ? LIMIT 1', (before,)).fetchone() is not None


def read_acted(conn: sqlite3.Connection, actions: Collection[str], first: str, before: str) -> Iterator[CaseFile]:
    """Go through the cases on which one of these actions was done from ``first`` on and before ``before``.

    Local wall-clock texts; in the order in which the cases were put on file, each complete.
    """
    marks = ",".join("?" * len(actions))
    sql = f"SELECT DISTINCT case_id FROM event WHERE action IN ({marks}) AND at >= ? AND at < ? ORDER BY case_id"
    yield from _by_id(conn, conn.execute(sql, (*actions, first, before)))


def read_owing(conn: sqlite3.Connection, kinds: Collection[str], first: str, before: str) -> Iterator[CaseFile]:
    """Go through the cases on which such a thing began to be owed in that time, or before it and is open still."""
    marks = ",".join("?" * len(kinds))
    sql = (
        f"SELECT DISTINCT case_id FROM follow_up WHERE kind IN ({marks}) AND start_at < ?"
        " AND (start_at >= ? OR done_at IS NULL) ORDER BY case_id"
    )
    yield from _by_id(conn, conn.execute(sql, (*kinds, before, first)))


def read_open_before(conn: sqlite3.Connection, first: str) -> Iterator[CaseFile]:
    """Go through the cases that were received before ``first`` and are neither closed nor void, in order of receipt."""
    sql = (
        'SELECT id FROM "case" WHERE id IN (SELECT case_id FROM follow_up WHERE done_at IS NULL)'
        " AND status NOT IN ('closed', 'void') AND received_at < ? ORDER BY received_at, id"
    )
    yield from _by_id(conn, conn.execute(sql, (first,)))


def read_ids(conn: sqlite3.Connection, ids: Iterable[int]) -> Iterator[CaseFile]:
    """Go through the cases of these ids, in their order, each complete."""
    yield from _by_id(conn, ((each,) for each in ids))


def _by_id(conn: sqlite3.Connection, found: Iterable[tuple[int]], batch: int = 500) -> Iterator[CaseFile]:
    """Complete the cases of these ids, in their order."""
    ids = [row[0] for row in found]
    for start in range(0, len(ids), batch):
        some = ids[start : start + batch]
        marks = ",".join("?" * len(some))
        rows = conn.execute(f'SELECT {_SELECT_CASE} FROM "case" WHERE id IN ({marks})', some)
        by_id = {row[0]: row for row in rows}
        yield from _files(conn, [by_id[each] for each in some])


def _write_what_follows(conn: sqlite3.Connection, case_id: int, decision: Decision, request_id: str) -> int:
    """Write the event and what is newly owed because of it; return the event's id."""
    event_id = add_event(conn, case_id, decision.event, request_id)
    conn.executemany(
        _INSERT_FOLLOW_UP,
        [
            (case_id, epoch(f.due_at), *(_to_column(getattr(f, name)) for name in _OWED_COLUMNS))
            for f in (replace(f, event_id=event_id) for f in decision.owed)
        ],
    )
    return event_id


def add_event(conn: sqlite3.Connection, case_id: int, event: Event, request_id: str) -> int:
    """Write a line of a case's history, inside the caller's transaction; return its id."""
    event_id = conn.execute(
        _INSERT_EVENT,
        (
            case_id,
            request_id,
            event.action,
            event.at.isoformat(),
            event.entered_at.isoformat(),
            event.by,
            event.round,
            json.dumps(event.data, ensure_ascii=False),
        ),
    ).lastrowid
    if event_id is None:
        raise BugError("no row id")
    return event_id


def _differences(before: object, after: object, names: Sequence[str]) -> list[tuple[str, object, object]]:
    """Return the columns that differ, each with its value before and after as it is stored."""
    pairs = ((name, _to_column(getattr(before, name)), _to_column(getattr(after, name))) for name in names)
    return [(name, old, new) for name, old, new in pairs if old != new]


def _write_changes(
    conn: sqlite3.Connection,
    table: str,
    row_id: int,
    follow_up_id: int | None,
    event_id: int,
    found: Sequence[tuple[str, object, object]],
) -> None:
    if not found:
        return
    columns = {name: new for name, _old, new in found}
    if "due_at" in columns:
        columns["due_utc"] = epoch(datetime.fromisoformat(str(columns["due_at"])))
    if "snoozed_until" in columns:
        until = _moment(columns["snoozed_until"])
        columns["snoozed_utc"] = 0 if until is None else epoch(until)
    if "customer_phone" in columns:
        columns["customer_phone_key"] = phone_key(str(columns["customer_phone"]))
    sets = ", ".join(f"{name} = ?" for name in columns)
    conn.execute(f'UPDATE "{table}" SET {sets} WHERE id = ?', (*columns.values(), row_id))
    conn.executemany(
        _INSERT_CHANGE,
        [(event_id, follow_up_id, name, json.dumps(old), json.dumps(new)) for name, old, new in found],
    )


def _files(conn: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> Iterator[CaseFile]:
    """Complete the cases of some rows with two queries, not two for each."""
    ids = [row[0] for row in rows]
    marks = ",".join("?" * len(ids))
    owed: dict[object, list[FollowUp]] = {case_id: [] for case_id in ids}
    events: dict[object, list[Event]] = {case_id: [] for case_id in ids}
    for case_id, *rest in conn.execute(f"{_SELECT_FOLLOW_UP} WHERE case_id IN ({marks}) ORDER BY id", ids):
        owed[case_id].append(_follow_up(rest))
    for case_id, *rest in conn.execute(f"{_SELECT_EVENT} WHERE case_id IN ({marks}) ORDER BY id", ids):
        events[case_id].append(_event(rest))
    for row in rows:
        yield CaseFile(_case(row[1:]), tuple(owed[row[0]]), tuple(events[row[0]]))


def _to_column(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (Decimal, Term)):
        return str(value)
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value


def _case(row: Sequence[object]) -> Case:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name, read in _OF_CASE.items():
        values[name] = read(values[name])
    return Case(**values)  # type: ignore[arg-type]  # one column a field, each brought back to its type


def _follow_up(row: Sequence[Any]) -> FollowUp:
    row_id, *rest = row
    values = dict(zip(_OWED_COLUMNS, rest, strict=True))
    for name, read in _OF_FOLLOW_UP.items():
        values[name] = read(values[name])
    return FollowUp(id=row_id, **values)


def _event(row: Sequence[Any]) -> Event:
    row_id, action, at, entered_at, by, turn, data = row
    return Event(
        action=Action(action),
        at=datetime.fromisoformat(at),
        entered_at=datetime.fromisoformat(entered_at),
        by=by,
        data=json.loads(data),
        round=turn,
        id=row_id,
    )


def _as_it_is(value: object) -> object:
    return value


def _moment(text: object) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text))


_OF_CASE: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(("anonymous", "safety", "read_back", "confidential", "consent"), bool),
    **dict.fromkeys(("received_at", "entered_at", "promised_at"), _moment),
    "kind": Kind,
    "route": Route,
    "severity": Severity,
    "status": Status,
    "item": lambda text: json.loads(text) if text else {},
    "demand_kind": lambda text: tuple(text.split(",")) if text else (),
    "amount": lambda text: None if text is None else Decimal(text),
}
_OF_FOLLOW_UP: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(("start_at", "due_at", "snoozed_until", "done_at"), _moment),
    "kind": FollowUpKind,
    "term": Term.parse,
}
"""From the columns back to what they hold, where that is another type."""
