"""Is the register still what it must be? Reads only, in slices, so that a save can come between."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from desk_app.domain import numbering
from desk_app.errors import KnownError
from desk_app.storage import attachments, backup, drafts, last_contact, schema
from desk_app.storage.ledger_check import MANY, LedgerCheck
from desk_app.storage.quick_check import actual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from desk_app.storage.anchors import Anchor
    from desk_app.storage.connection import Store
    from desk_app.storage.ledger_check import Finding

_CASES = 2000  # of a slice
_NO_COPY = frozenset({"disk_full", "folder_unwritable", "database_read_only"})
"""Why there can be no copy of a register that can still be read."""

# What is to be corrected and verified outlives the closing (domain.workflow), so it does not keep a case going either.
_OWED = "SELECT 1 FROM follow_up f WHERE f.case_id = c.id AND f.done_at IS NULL"
_OWED_TO_THE_CASE = f"{_OWED} AND f.kind NOT IN ('correct', 'verify')"

_QUESTIONS = {
    "check_open_but_owes_nothing": f"status NOT IN ('closed', 'void') AND NOT EXISTS ({_OWED_TO_THE_CASE})",
    "check_over_but_owes": (
        f"((status = 'closed' AND EXISTS ({_OWED_TO_THE_CASE})) OR (status = 'void' AND EXISTS ({_OWED})))"
    ),
    "check_no_registration": ("NOT EXISTS (SELECT 1 FROM event e WHERE e.case_id = c.id AND e.action = 'register')"),
}


def slices(store: Store, folder: Path, outside: Sequence[Anchor] = ()) -> Iterator[Sequence[Finding]]:
    """Check all but the structure in steps of some 10 ms, each giving what it found; between two others may write.

    A part that cannot be read is a finding, and the others are checked still. ``folder`` is that of the attachments;
    every file is read. ``outside``: heads of the ledger that were written down elsewhere.

    Raises:
        KnownError: the register is busy, or the disk refuses.
    """
    parts = (_schema(store), LedgerCheck(store, outside).slices(), _cases(store), _numbers(store), _drafts(store))
    for part in (*parts, last_contact.slices(store), _files(store, folder)):
        yield from _readable(part)


def structure(store: Store, folder: Path, meanwhile: Callable[[], object]) -> Sequence[Finding]:
    """Ask SQLite itself for its pages, rows and references, which takes seconds a gigabyte and cannot be cut up.

    It is asked of a copy in ``folder``, which is gone afterwards, so that no save waits; ``meanwhile`` is called again
    and again. Where the disk has no room for one or refuses it, nothing can be saved either, and it is asked in place.

    Raises:
        KnownError: the register is busy, or cannot be read; and what ``meanwhile`` raises.
    """

    def of_a_copy() -> Iterator[Sequence[Finding]]:
        if shutil.disk_usage(store.path.parent).free < store.path.stat().st_size:
            yield structure_in_place(store)
            return
        try:
            yield backup.look_into_copy(store, folder, _structure, meanwhile)
        except KnownError as error:
            if error.code not in _NO_COPY:
                raise
            yield structure_in_place(store)

    return tuple(found for some in _readable(of_a_copy()) for found in some)


def structure_in_place(store: Store) -> Sequence[Finding]:
    """Ask it of a register that nobody else works with; raises KnownError where it cannot be read."""
    with store.reading() as conn:
        return _structure(conn)


def _readable(part: Iterator[Sequence[Finding]]) -> Iterator[Sequence[Finding]]:
    """Go through the slices of a part, up to where the file cannot be read."""
    try:
        yield from part
    except KnownError as error:
        if error.code != "database_damaged":
            raise
        yield (("check_unreadable", {"reason": error.params["reason"]}),)
    except sqlite3.DatabaseError as error:
        yield (("check_unreadable", {"reason": getattr(error, "sqlite_errorname", type(error).__name__)}),)


def _structure(conn: sqlite3.Connection) -> Sequence[Finding]:
    found: list[Finding] = []
    try:
        messages = [message for (message,) in conn.execute(f"PRAGMA integrity_check({MANY})")]
        found += [("check_integrity", {"detail": message}) for message in messages if message != "ok"]
        lost = conn.execute("PRAGMA foreign_key_check").fetchmany(MANY)
    except sqlite3.DatabaseError:
        if not found:
            raise
        return found
    found += [("check_foreign_key", {"table": t, "row": row, "parent": parent}) for t, row, parent, _ in lost]
    return found


def _schema(store: Store) -> Iterator[Sequence[Finding]]:
    expected = schema.expected()
    found: list[Finding] = []
    with store.reading() as conn:
        there, applied = actual(conn), schema.applied(conn)
    for name in sorted(expected.keys() | there.keys()):
        if name not in there:
            found.append(("check_schema_missing", {"name": name}))
        elif name not in expected:
            found.append(("check_schema_extra", {"name": name}))
        elif expected[name] != there[name]:
            found.append(("check_schema_changed", {"name": name}))
    strange = set(applied) ^ set(schema.STEPS)
    found += [("check_migrations", {"name": name}) for name in sorted(strange)]
    yield (*found, *store.oddities)


def _cases(store: Store) -> Iterator[Sequence[Finding]]:
    """What a case must never be, asked of some cases at a time."""
    told = dict.fromkeys(_QUESTIONS, 0)
    after: int | None = 0
    while after is not None:
        with store.reading() as conn:
            reach = 'SELECT max(id) FROM (SELECT id FROM "case" WHERE id > ? ORDER BY id LIMIT ?)'
            until = conn.execute(reach, (after, _CASES)).fetchone()[0]
            found: list[Finding] = []
            for code, question in _QUESTIONS.items() if until else ():
                sql = f'SELECT number FROM "case" c WHERE c.id > ? AND c.id <= ? AND {question} LIMIT ?'
                numbers = conn.execute(sql, (after, until, MANY - told[code])).fetchall()
                told[code] += len(numbers)
                found += [(code, {"number": number}) for (number,) in numbers]
        yield found
        after = until if until and until > after else None  # in a damaged table the ids may go back


def _numbers(store: Store) -> Iterator[Sequence[Finding]]:
    """A number past its counter, or without one, could be given a second time."""
    found: list[Finding] = []
    with store.reading() as conn:
        counted = dict(conn.execute("SELECT series, last FROM counter"))
        cases = conn.execute('SELECT count(*) FROM "case"').fetchone()[0]
        if (given := sum(counted.values())) < cases:
            found.append(("check_counter_behind", {"given": given, "cases": cases}))
        for series, last in counted.items():
            following = numbering.number(series, last + 1)
            if conn.execute('SELECT 1 FROM "case" WHERE number = ?', (following,)).fetchone():
                found.append(("check_number_ahead", {"number": following}))
    yield found


def _drafts(store: Store) -> Iterator[Sequence[Finding]]:
    """A draft changes too often for the ledger; its digest, which has no key, tells damage and no more."""
    with store.reading() as conn:
        damaged = drafts.damaged(conn)
    yield tuple(("check_draft", {"at": at}) for at in damaged[:MANY])


def _files(store: Store, folder: Path) -> Iterator[Sequence[Finding]]:
    with store.reading() as conn:
        for finding in attachments.findings(conn, folder):
            yield () if finding is None else (finding,)
