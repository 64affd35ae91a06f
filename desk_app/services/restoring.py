"""Use cases that put a backup in the register's place, after looking into it."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services.results import Changes
from desk_app.services.workspace import open_workspace
from desk_app.storage import attachments as files
from desk_app.storage import backup as copies
from desk_app.storage import drafts, elsewhere, journal
from desk_app.storage import restoring as stored
from desk_app.storage.aside import aside
from desk_app.storage.connection import VERSION
from desk_app.storage.faults import told_plainly
from desk_app.storage.ledger import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from desk_app.clock import Clock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Session, Workspace
    from desk_app.storage.seal import Seal

_LEFT_AFTER = 86_400  # seconds after which a temporary folder is one that a kill has left
_TOLD = 20  # numbers of cases whose files are missing


@dataclass(frozen=True, slots=True)
class Inside:
    """What a backup holds, as far as it is told before it is put back."""

    path: Path
    made_at: datetime | None
    cases: int
    events: int
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """A register put back.

    ``kept`` is where what was there before is kept now. ``missing`` counts the files of cases that were neither here
    nor beside the backup whole; ``numbers`` are (some of) their cases.
    """

    cases: int
    kept: Path | None
    missing: int
    numbers: tuple[str, ...]
    changes: Changes


class Source(NamedTuple):
    """A checked backup that can be read: the plain file, what it holds, its keys, and where files of cases may lie.

    ``private`` and ``seal`` are of a sealed one: what opened it, and what it was sealed with.
    """

    path: Path
    plain: Path
    contents: copies.Contents
    keys: str
    private: bytes | None
    folders: tuple[Path, ...]
    seal: Seal | None = None


class _Before(NamedTuple):
    """What there was before a restore: where it is kept, who puts it back, half-typed forms, the end of its ledger."""

    kept: Path | None
    by: str
    forms: tuple[tuple[str, datetime, Mapping[str, object]], ...] = ()
    head: Head = Head(0, "")


def look_into(folder: DataFolder, clock: Clock, source: Path, secret: str = "") -> Inside:
    """Check a backup whole and say what it holds; nothing is changed.

    ``secret``: the passphrase or the recovery code of a sealed one.

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``backup_is_register``, ``backup_not_ours``,
            ``backup_damaged``, ``database_newer``, ``sealed_needs_secret``, ``sealed_wrong_secret``,
            ``recovery_code_mistyped``, ``sealed_newer``, ``disk_full``, ``folder_unwritable``.
    """
    with opened(folder, source, secret) as found:
        held = found.contents
        return Inside(source, made_at(clock, source), held.cases, held.events, found.private is not None)


def restore(
    folder: DataFolder, clock: Clock, rules: Rules, source: Path, secret: str = "", session: Session | None = None
) -> Restored:
    """Put a backup in the register's place, after a full check of it; raises as :func:`look_into`.

    ``session``: who is signed in at the present register (None: whoever it names, if they need no PIN).

    Where the present register can be opened, it is backed up first and then overwritten in one transaction, so that an
    open window goes on with the restored one; half-typed forms stay. Where it cannot, it is moved aside and kept. Files
    of its cases that are not whole here are fetched from beside the backup. The journal notes it.

    Raises:
        KnownError: ``locked``, ``not_allowed``, where the present register says who may.
    """
    return _restore(folder, clock, rules, source, secret, lambda ready: _put(folder, clock, rules, ready, session))


def restore_lost(folder: DataFolder, clock: Clock, rules: Rules, source: Path, secret: str = "") -> Restored:
    """Put a backup in the place of a register that was found damaged or missing; raises as :func:`look_into`.

    What is there is moved aside and kept, and is not asked who may: nobody could sign in to it to be asked.
    """

    def put(ready: Path) -> _Before:
        return _Before(stored.restore_as(ready, folder.database, folder.backups, clock.now()), "")

    return _restore(folder, clock, rules, source, secret, put)


def _restore(
    folder: DataFolder, clock: Clock, rules: Rules, source: Path, secret: str, put: Callable[[Path], _Before]
) -> Restored:
    is_new = not folder.database.exists()
    with opened(folder, source, secret) as found, _brought_up_to_date(folder, clock, rules, found) as ready:
        with told_plainly(folder.database, folder.backups):
            folder.root.mkdir(parents=True, exist_ok=True)
            stored.add_keys(found.keys, folder.key)  # before it is opened: without its key it would be sealed anew
            _go_on_sealing(folder, found, is_new=is_new)
        before = put(ready)
        ws = open_workspace(folder, clock, rules)
        try:
            _note(ws, found, before)
            numbers, missing = _fetch_files(ws, found)
        finally:
            ws.close()
    everything = Changes(queue=True, drafts=True, shop=True, everything=True)
    return Restored(found.contents.cases, before.kept, missing, numbers, everything)


def _go_on_sealing(folder: DataFolder, found: Source, *, is_new: bool) -> None:
    """Keep the passphrase of a sealed backup on a new computer: no later copy may leave it unsealed for want of one."""
    if found.seal is not None and is_new and not folder.seal.exists():
        from desk_app.storage import seal  # noqa: PLC0415 -- PyNaCl, only for a sealed one

        seal.write(folder.seal, found.seal)


def made_at(clock: Clock, source: Path) -> datetime | None:
    """Return when a backup was made, by its name; None where it was not named by us."""
    wall = copies.made_at(source)
    return None if wall is None else clock.local(wall)


@contextmanager
def opened(folder: DataFolder, source: Path, secret: str, meanwhile: Callable[[], object] = bool) -> Iterator[Source]:
    """Check a backup, unsealed into a folder of its own where it is sealed, which is gone afterwards.

    Raises:
        KnownError: as :func:`look_into`.
    """
    if source.exists() and folder.database.exists() and source.samefile(folder.database):
        raise KnownError("backup_is_register", path=source)
    if not _is_sealed(source):
        places = _beside(source, folder)
        keys = "".join(stored.read_keys(place / folder.key.name) for place in places)
        held = aside(lambda: copies.check(source), meanwhile)
        yield Source(source, source, held, keys, None, tuple(place / elsewhere.PLAIN for place in places))
        return
    from desk_app.storage import seal, sealed  # noqa: PLC0415 -- PyNaCl, only for a sealed one

    header = sealed.header_of(source)
    private = aside(lambda: seal.opened(header.seal, secret), meanwhile)
    with temporary(folder) as place, told_plainly(folder.database, folder.backups):
        told = aside(lambda: sealed.unseal(source, place.database, private), meanwhile)
        contents = aside(lambda: copies.check(place.database), meanwhile)
        beside = elsewhere.sealed_folder(source.parent, header.seal)
        yield Source(source, place.database, contents, str(told.get("keys", "")), private, (beside,), header.seal)


def _beside(source: Path, folder: DataFolder) -> tuple[Path, ...]:
    """Return where the keys and files that belong to a plain backup lie: with it, or in the data folder around it."""
    parent = source.resolve().parent
    return (parent, parent.parent) if parent.name == folder.backups.name else (parent,)


@contextmanager
def temporary(folder: DataFolder) -> Iterator[DataFolder]:
    """Make an empty data folder within a data folder, for its owner alone; it is gone afterwards."""
    with told_plainly(folder.database, folder.backups):
        folder.root.mkdir(parents=True, exist_ok=True)
        for left in folder.root.glob(".restore-*"):
            if left.stat().st_mtime < time.time() - _LEFT_AFTER:
                shutil.rmtree(left, ignore_errors=True)
        place = DataFolder(folder.root / f".restore-{uuid4().hex}")
        place.root.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place.root, ignore_errors=True)


def _is_sealed(source: Path) -> bool:
    with_magic = b"CDSEAL"  # asked here, so that a plain one needs no PyNaCl
    try:
        with source.open("rb") as file:
            return file.read(len(with_magic)) == with_magic
    except OSError:  # `check` says what is wrong with it
        return False


@contextmanager
def _brought_up_to_date(folder: DataFolder, clock: Clock, rules: Rules, found: Source) -> Iterator[Path]:
    """Bring a backup of an older version up to date beside the register, so that no open window ever meets the old."""
    if found.contents.version == VERSION:
        yield found.plain
        return
    with temporary_beside(folder, found) as place:
        stored.add_keys(found.keys + stored.read_keys(folder.key), place.key)
        stored.restore_as(found.plain, place.database, place.backups, clock.now())
        open_workspace(place, clock, rules).close()
        stored.add_keys(stored.read_keys(place.key), folder.key)
        yield place.database


@contextmanager
def temporary_beside(folder: DataFolder, found: Source) -> Iterator[DataFolder]:
    """Make an empty data folder; within the one that a sealed backup was opened in, where there is one."""
    outer = folder if found.plain == found.path else DataFolder(found.plain.parent)
    with temporary(outer) as place:
        yield place


def _put(folder: DataFolder, clock: Clock, rules: Rules, ready: Path, session: Session | None) -> _Before:
    if folder.database.exists():  # else opening it would make a new one
        try:
            return _restore_over(folder, clock, rules, ready, session)
        except KnownError as error:
            if error.code not in ("database_missing", "database_damaged"):
                raise
    kept = stored.restore_as(ready, folder.database, folder.backups, clock.now())
    return _Before(kept, session.name if session else "")


def _restore_over(folder: DataFolder, clock: Clock, rules: Rules, ready: Path, session: Session | None) -> _Before:
    """Overwrite the present register after a backup of it; ``database_damaged`` where it cannot be read."""
    ws = open_workspace(folder, clock, rules)
    try:
        if session is not None:
            ws.enter(session)
        ws.require(Right.RESTORE)
        who = ws.operator
        made = copies.make(ws.store, folder.backups, clock.now(), "before-restore")
        with ws.store.reading() as conn:
            forms = tuple(drafts.read(conn))
        stored.restore_into(ws.store, ready)
    except KnownError as error:
        if getattr(error.params.get("reason"), "code", "") in copies.DAMAGED:
            raise KnownError("database_damaged", path=folder.database, backups=folder.backups) from error
        raise
    finally:
        ws.close()
    return _Before(made.path, who, forms, made.contents.head or Head(0, ""))


def _note(ws: Workspace, found: Source, before: _Before) -> None:
    """Keep the half-typed forms of before, and note the restore; one transaction."""
    head = found.contents.head or Head(0, "")
    with ws.store.transaction() as conn:
        for draft_id, saved_at, form in before.forms:
            drafts.write(conn, draft_id, saved_at, form)
        entry = JournalEntry(
            at=ws.clock.now(),
            by=before.by or ws.shop.operator,  # who may not be known to the restored register
            what=Noted.RESTORE,
            subject=found.path.name,
            data={"head": list(head), "before": list(before.head)},
        )
        journal.add(conn, entry)


def _fetch_files(ws: Workspace, found: Source) -> tuple[tuple[str, ...], int]:
    """Fetch the files of cases that are not whole here; return the numbers of those that stay without, and how many."""
    with ws.store.reading() as conn:
        named = files.named(conn)
    own = ws.folder.attachments
    with told_plainly(ws.folder.database, ws.folder.backups):
        missing = [sha256 for sha256 in named if not elsewhere.fetch(found.folders, own, sha256, found.private)]
    with ws.store.reading() as conn:
        return files.numbers_naming(conn, missing, _TOLD), len(missing)
