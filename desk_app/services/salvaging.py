"""Getting out of a damaged register what can still be read. The file itself is never written to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain import numbering
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import export
from desk_app.services.sheets import Scope
from desk_app.services.workspace import Session, open_workspace
from desk_app.storage import cases, credentials, restoring
from desk_app.storage import salvage as stored
from desk_app.storage.faults import told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desk_app.clock import Clock
    from desk_app.domain.case import CaseFile
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came out. ``register`` is a register of what was read; ``sheets`` its cases as workbooks, where it opens.

    ``missing``: numbers that were given and not read (gaps below the counters). ``unreadable``: tables with rows that
    could not be read. ``requests``: of each step of a case that was read, by what request it was made, and the number.
    """

    register: Path
    sheets: tuple[Path, ...]
    cases: int
    events: int
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]
    requests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a damaged register had beyond the present one, by numbers of cases.

    ``read``: cases of which something was read that the present register does not hold. ``lost``: those that neither
    gives back.
    """

    read: tuple[str, ...]
    lost: tuple[str, ...]


_NOT_UNDERSTOOD = (KeyError, TypeError, ValueError)
"""What a value that was damaged raises where it is read."""


def salvage(source: Path, out: Path, clock: Clock, rules: Rules, meanwhile: Callable[[], object] = bool) -> Salvaged:
    """Write what can be read of ``source`` into the folder ``out``, which must be new or empty.

    In it is then a data folder ``register``, which the program opens like any other, and a workbook of every case that
    can be understood. ``source`` must not be open elsewhere; nothing is written beside it.

    Raises:
        KnownError: ``file_missing``, ``salvage_out_not_empty``, ``salvage_nothing`` (no row could be read);
            ``disk_full``, ``folder_unwritable``.
    """
    if not source.is_file():
        raise KnownError("file_missing", path=source)
    with told_plainly(out / "x", out):
        if out.exists() and any(out.iterdir()):
            raise KnownError("salvage_out_not_empty", path=out)
        folder = DataFolder(out / "register")
        folder.root.mkdir(parents=True)
        read = stored.salvage(source, folder.database, meanwhile)
        restoring.add_keys(restoring.read_keys(source.with_suffix(folder.key.suffix)), folder.key)
    counts = {each.table: each.rows for each in read}
    ws = open_workspace(folder, clock, rules)
    try:
        missing, sheets = _missing(ws), _sheets(ws, out)
        with ws.store.reading() as conn:
            requests = cases.requests(conn)
    finally:
        ws.close()
    return Salvaged(
        register=folder.database,
        sheets=sheets,
        cases=counts.get("case", 0),
        events=counts.get("event", 0),
        missing=missing,
        unreadable=tuple(each.table for each in read if not each.is_whole),
        requests=requests,
    )


def beyond(ws: Workspace, found: Salvaged) -> Beyond:
    """Return what is to be entered again into the present register, after a backup has taken the damaged one's place.

    Steps are told apart by the request that made them: a number may have been given again since.
    """
    with ws.store.reading() as conn:
        there, known = set(cases.numbers(conn)), set(cases.requests(conn))
    read = dict.fromkeys(number for request, number in found.requests.items() if request not in known)
    return Beyond(tuple(read), tuple(number for number in found.missing if number not in there))


def files(out: Path, clock: Clock, rules: Rules) -> Iterator[CaseFile]:
    """Go through the cases of a salvaged register that can be understood, each with what is left of its history."""
    ws = open_workspace(DataFolder(out / "register"), clock, rules)
    try:
        yield from _understood(ws)
    finally:
        ws.close()


def _understood(ws: Workspace) -> Iterator[CaseFile]:
    with ws.store.reading() as conn:
        for number in cases.numbers(conn):
            with suppress(*_NOT_UNDERSTOOD):
                file = cases.read_file(conn, number)
                if file is not None:
                    yield file


def _missing(ws: Workspace) -> tuple[str, ...]:
    """Return the numbers below the counters that no case has."""
    with ws.store.reading() as conn:
        given, there = cases.counters(conn), set(cases.numbers(conn))
    return tuple(
        number
        for series, last in given.items()
        for number in (numbering.number(series, serial) for serial in range(1, last + 1))
        if number not in there
    )


def _sheets(ws: Workspace, out: Path) -> tuple[Path, ...]:
    """Write the standard sheet of every case that can be understood; none, where what is left is not enough for it.

    Nobody can be asked for a PIN here, where perhaps nobody's is left. Where the shop has any, customers are masked:
    whole they stand in the register, which asks for them.
    """
    numbers, who = tuple(file.case.number for file in _understood(ws)), ws.shop.operator
    with ws.store.reading() as conn:
        ws.enter(Session(who, credentials.hashes(conn).get(who, "")))
    order = export.Order(("register",), Scope(numbers=numbers, masked=ws.has_pins), out)
    with suppress(KnownError, *_NOT_UNDERSTOOD):
        return tuple(file.path for file in export.export(ws, order).files)
    return ()
