"""What is known where the register cannot be opened: what is wrong, which backups there are, what they lack.

Nothing here needs an open register, and nothing is changed but the name of a backup that is found to be damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.services import backup_watch
from desk_app.storage import backup, generations
from desk_app.storage.remains import Remains, remains, setting_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace
    from desk_app.storage.generations import Kept

LOST = frozenset({"database_damaged", "database_missing", "database_foreign", "database_newer"})
"""The codes of a register that no retry brings back: a person has to decide what happens next."""
RESTORABLE = frozenset({"database_damaged", "database_missing"})
"""Those where a backup is put in its place; what another or a newer program wrote is no matter for a backup."""


class State(StrEnum):
    """How it stands with a backup."""

    SOUND = "sound"
    """Verified, and as it was then."""
    UNCHECKED = "unchecked"
    """It will be checked whole before it is put back."""
    SEALED = "sealed"
    """Encrypted: it opens with the passphrase or the recovery code."""
    UNREADABLE = "unreadable"
    """Damaged; kept, and of no use."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A backup that could be put back. ``checked_at`` is when it was last verified."""

    path: Path
    made_at: datetime
    state: State
    checked_at: datetime | None
    size: int
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the register holds and a backup does not: cases, and steps taken."""

    cases: int
    events: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The state of a data folder whose register cannot be opened.

    ``best`` is the newest backup that was just found to be sound, with how many ``cases`` it holds; ``lacking`` is what
    the register had beyond it, None where that cannot be read any more.
    """

    database: Path
    is_there: bool
    backups: tuple[Offered, ...]
    best: Offered | None
    cases: int
    lacking: Lacking | None


def lost_by(error: Exception) -> KnownError | None:
    """Return what an error says of a register that is lost until somebody decides, None where it says nothing such.

    A backup that failed because of the register says it too.
    """
    if not isinstance(error, KnownError):
        return None
    if error.code in LOST:
        return error
    reason = error.params.get("reason")
    return reason if isinstance(reason, KnownError) and reason.code in RESTORABLE else None


def survey(folder: DataFolder, now: datetime) -> Survey:
    """Look at what is there, and check backups from the newest on until one is found to be sound.

    Takes as long as reading that backup twice. The register must not be open.
    """
    best = _best(folder, now)
    held = remains(best.path) if best else None
    left = remains(folder.database) if folder.database.exists() else None
    return Survey(
        database=folder.database,
        is_there=folder.database.exists(),
        backups=_offered(folder, best),
        best=_offer(best) if best else None,
        cases=held.cases if held else 0,
        lacking=_beyond(left, held),
    )


def offered(ws: Workspace) -> tuple[Offered, ...]:
    """Return the backups of an open register's own folder, the newest first, as they were when last checked; cheap."""
    return tuple(_offer(kept) for kept in backup_watch.kept(ws))


def _best(folder: DataFolder, now: datetime) -> Kept | None:
    for kept in generations.listed(folder.backups):
        if not kept.path.name.startswith("desk-"):  # made before a restore or a migration, or unreadable
            continue
        if not generations.check_again(kept, now).fault:
            return next((each for each in generations.listed(folder.backups) if each.path == kept.path), kept)
    return None


def _beyond(left: Remains | None, held: Remains | None) -> Lacking | None:
    """Return what is left of a register beyond a backup: neither cases nor events are ever removed."""
    if left is None or held is None:
        return None
    return Lacking(max(0, left.cases - held.cases), max(0, left.events - held.events))


def _offered(folder: DataFolder, best: Kept | None) -> tuple[Offered, ...]:
    places = [(folder.backups, False)]
    second = setting_of(folder.database, "second_place") or (best and setting_of(best.path, "second_place"))
    if isinstance(second, str) and second:
        places.append((Path(second), True))
    found = [each for place, is_elsewhere in places for each in _in(place, is_elsewhere=is_elsewhere)]
    return tuple(sorted(found, key=lambda each: (each.made_at, each.path.name), reverse=True))


def _in(place: Path, *, is_elsewhere: bool) -> Iterator[Offered]:
    for kept in generations.listed(place):
        yield _offer(kept, is_elsewhere=is_elsewhere)
    for path in place.glob("*.sealed"):
        if (made := backup.made_at(path)) is not None:
            yield Offered(path, made, State.SEALED, None, path.stat().st_size, is_elsewhere)


def _offer(kept: Kept, *, is_elsewhere: bool = False) -> Offered:
    checked = kept.checked
    if kept.path.name.startswith(generations.UNREADABLE) or (checked is not None and checked.fault):
        state = State.UNREADABLE
    else:
        state = State.UNCHECKED if checked is None else State.SOUND
    return Offered(kept.path, kept.made_at, state, checked.at if checked else None, kept.size, is_elsewhere)
