"""Shift handovers: what would be handed over now, and the signed sheets (append-only).

A sheet keeps who signed for which follow-ups, how they stood and with which note; what the case says is asked of the
case when the sheet is read, so that no second copy of a customer's words is made.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from desk_app.domain.handover import HORIZON, Draft, HandoverLine, HandoverSheet
from desk_app.domain.privacy import mask_customer
from desk_app.domain.text import first_words
from desk_app.domain.times import epoch
from desk_app.domain.veil import Veil
from desk_app.domain.vocabulary import FollowUpKind
from desk_app.errors import BugError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

MOST_LINES = 500
"""More is no sheet that two people go through; the queue has it all."""
_MATTER_LENGTH = 60
_TOLD = """
    SELECT id, due_utc FROM follow_up WHERE done_at IS NULL AND due_utc < :soon
    UNION SELECT id, due_utc FROM follow_up WHERE done_at IS NULL AND kind = 'promise'
    UNION SELECT id, due_utc FROM follow_up WHERE done_at IS NULL AND owed_by = :outgoing
"""
_LINE = f"""
    SELECT f.id, f.kind, f.subject, f.due_at, f.owed_by, f.owed_to, c.number,
        CASE c.anonymous WHEN 1 THEN '' ELSE c.customer_name END,
        CASE c.anonymous WHEN 1 THEN '' ELSE c.customer_phone END,
        substr(c.content, 1, {2 * _MATTER_LENGTH}), c.confidential, c.customer_address,
        c.customer_name || '、' || c.on_behalf_of, e.entered_at
"""
_JOINED = """
    CROSS JOIN follow_up f ON f.id = p.id CROSS JOIN "case" c ON c.id = f.case_id LEFT JOIN event e ON e.id = f.event_id
"""
_OF_DRAFT = f"{_LINE} FROM (SELECT id FROM ({_TOLD}) ORDER BY due_utc, id LIMIT :most) p {_JOINED}"
_OF_SHEET = f"{_LINE} FROM (SELECT value AS id FROM json_each(?)) p {_JOINED}"
_SHEET = "SELECT id, at, outgoing, incoming, data FROM handover"


def draft(conn: sqlite3.Connection, outgoing: str, at: datetime) -> Draft:
    """Return what ``outgoing`` would hand over at ``at``, the next due first."""
    last = conn.execute("SELECT at FROM handover ORDER BY id DESC LIMIT 1").fetchone()
    since = datetime.combine(at.date(), time(), at.tzinfo) if last is None else datetime.fromisoformat(last[0])
    asked = {"soon": epoch(at + HORIZON), "outgoing": outgoing, "most": MOST_LINES}
    lines = [_line(row, since) for row in conn.execute(_OF_DRAFT, asked)]
    lines.sort(key=lambda line: (epoch(line.due_at), line.follow_up_id))
    left_out = 0
    if len(lines) == MOST_LINES:
        left_out = int(conn.execute(f"SELECT count(*) FROM ({_TOLD})", asked).fetchone()[0]) - MOST_LINES
    return Draft(outgoing=outgoing, at=at, since=since, lines=tuple(lines), left_out=left_out)


def insert(conn: sqlite3.Connection, sheet: HandoverSheet, request_id: str) -> int:
    """Put a signed sheet on file, inside the caller's transaction; return its id."""
    state = sheet.state
    data = {
        "shift": sheet.shift,
        "attention": sheet.attention,
        "reports": dict(sheet.reports),
        "drafted_at": state.at.isoformat(),
        "since": state.since.isoformat(),
        "left_out": state.left_out,
        "lines": [
            {
                "follow_up": line.follow_up_id,
                "due_at": line.due_at.isoformat(),
                "owed_by": line.owed_by,
                "owed_to": line.owed_to,
                "note": line.note,
            }
            for line in state.lines
        ],
    }
    row_id = conn.execute(
        "INSERT INTO handover (request_id, at, outgoing, incoming, data) VALUES (?, ?, ?, ?, ?)",
        (request_id, sheet.at.isoformat(), sheet.outgoing, sheet.incoming, json.dumps(data, ensure_ascii=False)),
    ).lastrowid
    if row_id is None:
        raise BugError("no row id")
    return row_id


def stored_id(conn: sqlite3.Connection, request_id: str) -> int | None:
    """Return the id of the sheet that a request has already signed, or None."""
    row = conn.execute("SELECT id FROM handover WHERE request_id = ?", (request_id,)).fetchone()
    return None if row is None else int(row[0])


def read(conn: sqlite3.Connection, sheet_id: int) -> HandoverSheet | None:
    """Return a signed sheet, or None where there is no such one."""
    row = conn.execute(f"{_SHEET} WHERE id = ?", (sheet_id,)).fetchone()
    return None if row is None else _sheet(row, tuple(_lines(conn, json.loads(row[4]))))


def recent(conn: sqlite3.Connection, limit: int) -> tuple[HandoverSheet, ...]:
    """Return the latest sheets without their lines, the newest first."""
    return tuple(_sheet(row, ()) for row in conn.execute(f"{_SHEET} ORDER BY id DESC LIMIT ?", (limit,)))


def _lines(conn: sqlite3.Connection, data: dict[str, Any]) -> Iterator[HandoverLine]:
    """Return the lines of a sheet: how they stood from the sheet, what they were about from the case."""
    kept: Sequence[dict[str, Any]] = data["lines"]
    rows = conn.execute(_OF_SHEET, (json.dumps([each["follow_up"] for each in kept]),))
    since = datetime.fromisoformat(data["since"])
    found = {line.follow_up_id: line for line in (_line(row, since) for row in rows)}
    for each in kept:
        yield replace(
            found[each["follow_up"]],
            due_at=datetime.fromisoformat(each["due_at"]),
            owed_by=each["owed_by"],
            owed_to=each["owed_to"],
            note=each["note"],
        )


def _sheet(row: Sequence[Any], lines: tuple[HandoverLine, ...]) -> HandoverSheet:
    row_id, at, outgoing, incoming, text = row
    data = json.loads(text)
    state = Draft(
        outgoing=outgoing,
        at=datetime.fromisoformat(data["drafted_at"]),
        since=datetime.fromisoformat(data["since"]),
        lines=lines,
        left_out=data["left_out"],
    )
    return HandoverSheet(
        state=state,
        at=datetime.fromisoformat(at),
        incoming=incoming,
        shift=data["shift"],
        attention=data["attention"],
        reports=data["reports"],
        id=row_id,
    )


def _line(row: Sequence[Any], since: datetime) -> HandoverLine:
    row_id, kind, subject, due_at, owed_by, owed_to, number, *whose, made_at = row
    name, phone, content, secret, address, names = whose
    veil = Veil(names, phone, (address,))
    is_promise = kind == FollowUpKind.PROMISE and made_at is not None
    return HandoverLine(
        follow_up_id=row_id,
        kind=FollowUpKind(kind),
        subject=veil.said(subject),
        due_at=datetime.fromisoformat(due_at),
        owed_by=owed_by,
        owed_to=owed_to,
        number=number,
        customer=mask_customer(name, phone),
        is_confidential=bool(secret),
        matter=first_words(veil.said(content), _MATTER_LENGTH),
        promised_in_shift=is_promise and datetime.fromisoformat(made_at) >= since,
    )
