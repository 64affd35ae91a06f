"""Use cases of the register's check: at once and whole, in slices while nobody waits, and at a glance at the start."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.domain.sealed import Fit, Occasion
from desk_app.errors import KnownError
from desk_app.services import anchoring, backup_watch
from desk_app.services.results import Finding, Verified
from desk_app.storage import anchors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from desk_app.services.workspace import Workspace
    from desk_app.storage.anchors import Anchor

    _Found: TypeAlias = list[tuple[str, Mapping[str, object]]]


class LastCheck(NamedTuple):
    """The last check while nobody waited: when it ended, and how many things were wrong."""

    at: datetime
    found: int


def verify(ws: Workspace, meanwhile: Callable[[], object] = bool) -> Verified:
    """Check the register: structure, references, schema and triggers, ledger, what is owed, counters, files; backups.

    ``meanwhile`` is called again and again, outside of any transaction, so that no save waits; what it raises ends it.

    Raises:
        KnownError: the register is busy, or the disk refuses.
    """
    from desk_app.storage import check  # noqa: PLC0415 -- sqlite_utils, only when the schema is compared

    found = [*check.structure(ws.store, ws.folder.backups, meanwhile)]
    for some in _in_steps(ws):
        if some is None:
            meanwhile()
        else:
            found += some
    return Verified((*_verified(found).findings, *backup_watch.findings(ws, meanwhile)), _notes(ws))


def vouch(ws: Workspace) -> tuple[Finding, ...]:
    """Have the operator say that a key is lost: the lines it sealed stand as they are from now on, and are no finding.

    Each stretch of such lines goes into the journal with its digest, which the present key seals: whoever changes one
    of them afterwards is found out. Return what was noted.

    Raises:
        KnownError: ``no_key_lost``; ``not_allowed``; ``locked``; the disk refuses.
    """
    from desk_app.storage.ledger_check import LedgerCheck, vouched  # noqa: PLC0415 -- only when it is asked for

    ws.require(Right.RESTORE)
    with ws.store.reading() as conn:
        known = set(vouched(conn))
    fresh = [lines for lines in LedgerCheck(ws.store).unproved() if lines not in known]
    if not fresh:
        raise KnownError("no_key_lost", path=ws.store.keys.path)
    with ws.store.transaction() as conn:
        for lines in fresh:
            ws.note(conn, Noted.LOST_KEY, f"{lines.first}–{lines.last}", **lines._asdict())
    return _notes(ws)


def _notes(ws: Workspace) -> tuple[Finding, ...]:
    from desk_app.storage.ledger_check import vouchers  # noqa: PLC0415 -- only when it is asked for

    with ws.store.reading() as conn:
        return tuple(Finding("key_lost", each) for each in vouchers(conn))


def check_in_steps(ws: Workspace) -> Iterator[Verified | None]:
    """Check the register while nobody waits: None after each step of some 10 ms, at the end what was found.

    To be driven on the thread of the workspace, others first. All that :func:`verify` checks but for SQLite's own
    structure and references, which every backup checks in its copy. The result is remembered (:func:`last_check`), and
    the end of the ledger written down outside.

    Raises:
        KnownError: as :func:`verify`.
    """
    found: _Found = []
    for some in _in_steps(ws):
        if some is None:
            yield None
        else:
            found = some
    if not found:
        anchoring.drop(ws, Occasion.CHECK)
    result = _verified(found)
    with suppress(OSError):
        text = json.dumps({"at": ws.clock.now().isoformat(), "found": len(found)})
        ws.folder.last_check.write_text(text, encoding="utf-8")
    yield result


def _in_steps(ws: Workspace) -> Iterator[_Found | None]:
    """Check all but the structure: None after each step, at the end what was found."""
    from desk_app.storage import check  # noqa: PLC0415 -- sqlite_utils, only when the schema is compared

    is_same = False
    found: _Found = []
    while not is_same:  # a register that was restored meanwhile is another one: checked from its beginning
        (outside, found), head = _anchors(ws), anchoring.head(ws)
        for some in check.slices(ws.store, ws.folder.attachments, outside):
            found += some
            yield None
        is_same = anchoring.fit(ws, head) is Fit.SAME
    yield found


def _anchors(ws: Workspace) -> tuple[Sequence[Anchor], _Found]:
    """Return what was written down outside, or why that cannot be read: the rest is checked all the same."""
    try:
        return anchors.read(ws.folder.anchors), []
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (), [("check_anchors_unreadable", {"path": ws.folder.anchors, "reason": reason})]


def last_check(ws: Workspace) -> LastCheck | None:
    """Return when the register was last checked in steps, and how much was found; None: never, or nobody knows."""
    try:
        told = json.loads(ws.folder.last_check.read_text(encoding="utf-8"))
        return LastCheck(datetime.fromisoformat(told["at"]), int(told["found"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_check_due(ws: Workspace) -> bool:
    """Whether the register was not checked in steps today."""
    last = last_check(ws)
    return last is None or last.at.date() != ws.clock.now().date()


def quick_check(ws: Workspace) -> Verified:
    """Check what takes a few milliseconds: the file's version, its tables and guards, the end of the ledger."""
    from desk_app.storage import quick_check as at_a_glance  # noqa: PLC0415 -- after the first paint

    return _verified(at_a_glance.findings(ws.store))


def _verified(found: Iterable[tuple[str, Mapping[str, object]]]) -> Verified:
    """Tell the same once: each part of the check stops at the page that cannot be read."""
    once = {f"{code} {params}": Finding(code, params) for code, params in found}
    return Verified(tuple(once.values()))
