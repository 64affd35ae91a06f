"""What a sealed row is to people: of which case, the how manieth step, and when a line of the ledger was written."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.sealed import Sealed
from desk_app.domain.vocabulary import Action, FollowUpKind
from desk_app.errors import KnownError
from desk_app.storage.readable import rows_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_OF_CASE = '(SELECT number FROM "case" WHERE id = {0})'
_NTH = "(SELECT count(*) FROM event o WHERE o.case_id = e.case_id AND o.id <= e.id)"
_TOLD: Mapping[Sealed, tuple[str, str]] = {
    Sealed.CASE: ("sealed_case", 'SELECT number FROM "case" WHERE id = ?'),
    Sealed.EVENT: (
        "sealed_event",
        f"SELECT {_OF_CASE.format('e.case_id')} AS number, {_NTH} AS nth, action FROM event e WHERE id = ?",
    ),
    Sealed.FOLLOW_UP: (
        "sealed_follow_up",
        f"SELECT {_OF_CASE.format('case_id')} AS number, kind FROM follow_up WHERE id = ?",
    ),
    Sealed.CHANGE: (
        "sealed_change",
        f"SELECT {_OF_CASE.format('e.case_id')} AS number FROM change w JOIN event e ON e.id = event_id WHERE w.id = ?",
    ),
    Sealed.ATTACHMENT: (
        "sealed_attachment",
        f"SELECT {_OF_CASE.format('case_id')} AS number, name FROM attachment WHERE id = ?",
    ),
    Sealed.CUSTOMER_EVENT: ("sealed_customer_event", "SELECT at FROM customer_event WHERE id = ?"),
    Sealed.EXPORT: ("sealed_export", "SELECT at, name FROM export WHERE id = ?"),
    Sealed.HANDOVER: ("sealed_handover", "SELECT at FROM handover WHERE id = ?"),
    Sealed.DUTY_DONE: ("sealed_duty_done", "SELECT at FROM duty_done WHERE id = ?"),
    Sealed.SHOP_EVENT: ("sealed_shop_event", "SELECT at FROM shop_event WHERE id = ?"),
    Sealed.JOURNAL: ("sealed_journal", "SELECT at, what FROM journal WHERE id = ?"),
}
"""By what a row is told where it is there; one of the other tables, and one that is gone, by its name alone."""
_WRITTEN: Mapping[str, str] = {
    Sealed.EVENT: "entered_at",
    Sealed.JOURNAL: "at",
    Sealed.EXPORT: "at",
    Sealed.HANDOVER: "at",
}
"""Where it stands when something was written; a line mostly has an event or an entry of the journal."""
_LINES_BACK = 50
_BLOTTED: Mapping[Sealed, str] = {
    Sealed.EVENT: 'SELECT c.number FROM event e JOIN "case" c ON c.id = e.case_id WHERE e.id = ?1',
    Sealed.CHANGE: 'SELECT c.number FROM change w JOIN event e ON e.id = w.event_id JOIN "case" c ON c.id = e.case_id'
    " WHERE w.id = ?1",
    Sealed.ATTACHMENT: 'SELECT c.number FROM attachment a JOIN "case" c ON c.id = a.case_id WHERE a.id = ?1',
    Sealed.CUSTOMER_EVENT: "SELECT 'customer_event:' || ?1",
    Sealed.HANDOVER: "SELECT 'handover:' || ?1",
}
"""Of whom words may have been blotted out: the subject of the entry in the journal that let it be (migration 5)."""


def described(conn: sqlite3.Connection, table: Sealed, name: object) -> KnownError:
    """Return in words (the code of them) what a row is, as far as the register still says it."""
    if table in _TOLD:
        code, sql = _TOLD[table]
        names = [column[0] for column in conn.execute(f"SELECT * FROM ({sql}) LIMIT 0", (name,)).description]
        for row in rows_of(conn, sql, (name,)):
            told = {key: _value(key, value) for key, value in zip(names, row, strict=True)}
            if all(value is not None for value in told.values()):
                return KnownError(code, **told)
    return KnownError("sealed_other", table=table, name=name)


def moment(conn: sqlite3.Connection, line: int) -> datetime | str:
    """Return about when a line was written: what it seals, or one of those just before it, says so; else ``—``."""
    sql = "SELECT rows FROM ledger WHERE id <= ? ORDER BY id DESC LIMIT ?"
    for (rows,) in rows_of(conn, sql, (line, _LINES_BACK)):
        try:
            told = [(table, name) for table, name, _ in json.loads(rows) if table in _WRITTEN]
            names = [(table, name) for table, name in told if isinstance(name, int) and 0 < name < 2**63]
        except (ValueError, TypeError, RecursionError):
            continue
        for table, name in names:
            asked = f'SELECT {_WRITTEN[table]} FROM "{table}" WHERE id = ?'
            for (at,) in rows_of(conn, asked, (name,)):
                if (found := _moment(at)) is not None:
                    return found
    return "—"


def is_blotted(conn: sqlite3.Connection, table: Sealed, name: object) -> bool:
    """Whether the journal says that words of a row were to be blotted out."""
    if table not in _BLOTTED:
        return False
    sql = f"SELECT 1 FROM journal WHERE what = 'erase' AND subject = ({_BLOTTED[table]})"
    return conn.execute(sql, (name,)).fetchone() is not None


def _value(key: str, value: object) -> object:
    kinds = {"action": Action, "kind": FollowUpKind, "what": Noted}
    if key == "at":
        return _moment(value) or value
    try:
        return kinds[key](str(value)) if key in kinds else value
    except ValueError:
        return value


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
