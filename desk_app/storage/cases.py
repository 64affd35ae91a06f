"""The case, its history and what is owed on it: one aggregate, written together and read together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Event
from desk_app.domain.follow_up import FollowUp
from desk_app.domain.text import phone_key
from desk_app.domain.times import epoch
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Severity, Status
from desk_app.errors import BugError

if TYPE_CHECKING:
    import sqlite3

    from desk_app.domain.workflow import Decision

_COLUMNS = tuple(f.name for f in fields(Case))
_BOOLS = frozenset({"anonymous", "safety", "read_back", "confidential", "consent"})
_SELECT_CASE = "id, " + ", ".join(_COLUMNS)
_INSERT_CASE = (
    f'INSERT INTO "case" ({", ".join(_COLUMNS)}, customer_phone_key) VALUES ({", ".join("?" * (len(_COLUMNS) + 1))})'
)
_INSERT_EVENT = (
    "INSERT INTO event (case_id, request_id, action, at, entered_at, by, round, data) VALUES (?,?,?,?,?,?,?,?)"
)
_INSERT_FOLLOW_UP = (
    "INSERT INTO follow_up (case_id, kind, owed_by, owed_to, start_at, due_at, due_utc, rule, round)"
    " VALUES (?,?,?,?,?,?,?,?,?)"
)
_SELECT_FOLLOW_UP = "SELECT case_id, id, kind, owed_by, owed_to, start_at, due_at, rule, round, done_at FROM follow_up"
_SELECT_EVENT = "SELECT case_id, id, action, at, entered_at, by, round, data FROM event"


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


def insert(conn: sqlite3.Connection, decision: Decision, request_id: str) -> None:
    """Put a new case on file with its first event and what is owed, inside the caller's transaction."""
    case = decision.case
    values = [_to_column(getattr(case, name)) for name in _COLUMNS]
    case_id = conn.execute(_INSERT_CASE, (*values, phone_key(case.customer_phone))).lastrowid
    if case_id is None:
        raise BugError("no row id")
    _write_what_follows(conn, case_id, decision, request_id)


def update(conn: sqlite3.Connection, decision: Decision, request_id: str) -> None:
    """Write what an action came to, inside the caller's transaction: status and round, event, settled, owed."""
    case = decision.case
    case_id = conn.execute(
        'UPDATE "case" SET status = ?, round = ? WHERE number = ? RETURNING id',
        (case.status, case.round, case.number),
    ).fetchone()[0]
    conn.executemany(
        "UPDATE follow_up SET done_at = ? WHERE id = ?",
        [(f.done_at.isoformat() if f.done_at else None, f.id) for f in decision.settled],
    )
    _write_what_follows(conn, case_id, decision, request_id)


def read_file(conn: sqlite3.Connection, number: str) -> CaseFile | None:
    """Return a case with its history and everything owed on it, or None where there is no such number."""
    row = conn.execute(f'SELECT {_SELECT_CASE} FROM "case" WHERE number = ?', (number,)).fetchone()
    return None if row is None else next(_files(conn, [row]))


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


def _write_what_follows(conn: sqlite3.Connection, case_id: int, decision: Decision, request_id: str) -> None:
    event = decision.event
    conn.execute(
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
    )
    conn.executemany(
        _INSERT_FOLLOW_UP,
        [
            (
                case_id,
                f.kind,
                f.owed_by,
                f.owed_to,
                f.start_at.isoformat(),
                f.due_at.isoformat(),
                epoch(f.due_at),
                f.rule,
                f.round,
            )
            for f in decision.owed
        ],
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
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return value


def _case(row: Sequence[object]) -> Case:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in _BOOLS:
        values[name] = values[name] == 1
    values["received_at"] = datetime.fromisoformat(str(values["received_at"]))
    values["entered_at"] = datetime.fromisoformat(str(values["entered_at"]))
    values["promised_at"] = _moment(values["promised_at"])
    values["kind"] = Kind(str(values["kind"]))
    values["route"] = Route(str(values["route"]))
    values["severity"] = Severity(str(values["severity"]))
    values["status"] = Status(str(values["status"]))
    values["item"] = json.loads(str(values["item"])) if values["item"] else {}
    values["demand_kind"] = tuple(str(values["demand_kind"]).split(",")) if values["demand_kind"] else ()
    values["amount"] = None if values["amount"] is None else Decimal(str(values["amount"]))
    return Case(**values)  # type: ignore[arg-type]  # one column a field, each brought back to its type above


def _follow_up(row: Sequence[Any]) -> FollowUp:
    row_id, kind, owed_by, owed_to, start_at, due_at, rule, turn, done_at = row
    return FollowUp(
        kind=FollowUpKind(kind),
        owed_by=owed_by,
        owed_to=owed_to,
        start_at=datetime.fromisoformat(start_at),
        due_at=datetime.fromisoformat(due_at),
        rule=rule,
        round=turn,
        done_at=_moment(done_at),
        id=row_id,
    )


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


def _moment(text: object) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text))
