"""The restore drill: is the backup one that a new computer could go on with? Nothing is changed, nothing left."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.errors import KnownError
from desk_app.services import restoring
from desk_app.services.results import Finding
from desk_app.services.workspace import open_workspace
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies
from desk_app.storage import compare, elsewhere, generations, journal
from desk_app.storage import restoring as stored
from desk_app.storage.aside import aside
from desk_app.storage.connection import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace


_FILES_COME_LATER = "check_attachment_missing"  # they are read where they lie, and not copied


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found. ``cases`` … ``files`` were put back; ``lost_…`` came since and would have to be typed again.

    ``findings`` is empty where the drill succeeded.
    """

    path: Path
    made_at: datetime | None
    cases: int
    events: int
    rows: int
    files: int
    lost_cases: int
    lost_events: int
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything was equal."""
        return not self.findings


def drill(
    ws: Workspace, source: Path | None = None, secret: str = "", meanwhile: Callable[[], object] = bool
) -> Drilled:
    """Restore a backup (default: the newest verified one) into an empty folder and compare it row by row.

    The restored register must be the backup in every row, open and pass the check; what never changes must be the
    beginning of the present register; every file that a case names must lie whole beside the backup (for a backup of
    the data folder: in it). A drill that succeeds is noted in the journal. Nothing else is changed, and nothing left.

    Raises:
        KnownError: ``drill_no_backup``; as ``restoring.look_into``; ``locked``.
    """
    ws.require_person()
    newest = generations.newest_sound(ws.folder.backups)
    if source is None and newest is None:
        raise KnownError("drill_no_backup")
    path, begun = source or newest.path, time.monotonic()  # type: ignore[union-attr]  # one of them is there
    with (
        restoring.opened(ws.folder, path, secret, meanwhile) as found,
        restoring.temporary_beside(ws.folder, found) as place,
    ):
        stored.add_keys(found.keys or stored.read_keys(ws.folder.key), place.key)
        now = ws.clock.now()
        aside(lambda: stored.restore_as(found.plain, place.database, place.backups, now), meanwhile)
        rows, differing = aside(lambda: compare.rows(found.plain, place.database), meanwhile)
        findings = [Finding("drill_row_differs", {"table": each.table, "row": each.row}) for each in differing]
        named, more = aside(lambda: _opened(ws, place), meanwhile)
        findings += more
        if found.contents.version == VERSION:
            findings += [
                Finding("drill_not_the_past", {"table": each.table, "row": each.row})
                for each in compare.since(place.database, ws.store, meanwhile)
            ]
        findings += _files(ws, found, named, meanwhile)
        present = _counts(ws)
    held = found.contents
    drilled = Drilled(
        path=path,
        made_at=restoring.made_at(ws.clock, path),
        cases=held.cases,
        events=held.events,
        rows=rows,
        files=len(named),
        lost_cases=max(0, present.cases - held.cases),
        lost_events=max(0, present.events - held.events),
        seconds=time.monotonic() - begun,
        findings=tuple(findings),
    )
    if drilled.ok:
        with ws.store.transaction() as conn:
            ws.note(conn, Noted.DRILL, path.name, cases=held.cases, rows=rows)
    return drilled


def last_drill(ws: Workspace) -> datetime | None:
    """Return when the last drill that succeeded was, None where there was none: for the monthly reminder."""
    with ws.store.reading() as conn:
        noted = journal.latest(conn, Noted.DRILL)
    return None if noted is None else noted.at


def _opened(ws: Workspace, place: DataFolder) -> tuple[tuple[str, ...], list[Finding]]:
    """Open the restored register as the program does, and check it; return the files that its cases name."""
    from desk_app.storage import check  # noqa: PLC0415 -- sqlite_utils, only when the schema is compared

    there = open_workspace(place, ws.clock, ws.rules)
    try:
        with there.store.reading() as conn:
            named = files.named(conn)
        parts = (check.structure_in_place(there.store), *check.slices(there.store, place.attachments))
        found = (each for some in parts for each in some)
        return named, [Finding(code, params) for code, params in found if code != _FILES_COME_LATER]
    finally:
        there.close()


def _files(
    ws: Workspace, found: restoring.Source, named: tuple[str, ...], meanwhile: Callable[[], object]
) -> Iterator[Finding]:
    for sha256 in named:
        is_whole = aside(partial(_is_whole, found, sha256), meanwhile)
        if not is_whole:
            with ws.store.reading() as conn:
                number = next(iter(files.numbers_naming(conn, (sha256,), 1)), "")
            yield Finding("drill_file_missing", {"number": number, "path": found.folders[0]})


def _is_whole(found: restoring.Source, sha256: str) -> bool:
    return any(elsewhere.is_whole(folder, sha256, found.private) for folder in found.folders)


def _counts(ws: Workspace) -> copies.Contents:
    with ws.store.reading() as conn:
        return copies.contents(conn)
