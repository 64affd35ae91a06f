"""Use cases of the second place: a USB stick or another disk that holds backups and the files of cases as well.

One disk that breaks, or one computer that is stolen, must not take the register and its backups together. What goes to
the second place is what ``services.upkeep.backup`` writes: verified there after writing, sealed where the shop has set
a passphrase (``services.sealing``). Nothing that was there before is harmed by a copy that fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services import shop, upkeep
from desk_app.services.results import Changes
from desk_app.storage import journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace

_MOST_DAYS = 90


class SecondState(StrEnum):
    """How it stands with the second place."""

    OFF = "off"
    """No second place was chosen."""
    NEVER = "never"
    """Chosen, and nothing was ever copied there."""
    FRESH = "fresh"
    """The last copy is younger than ``Shop.second_days`` days."""
    DUE = "due"
    """The last copy is older."""


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """The second place as it stands now. ``is_there``: the stick is plugged in. ``days``: whole days since the last."""

    state: SecondState
    path: Path | None
    is_there: bool
    last: datetime | None
    days: int | None


@dataclass(frozen=True, slots=True)
class CopiedThere:
    """What a copy to the second place wrote: the backup there, and how many files of cases were new."""

    path: Path
    files: int
    is_sealed: bool
    changes: Changes


def choose(ws: Workspace, path: Path | None, days: int = 7) -> Changes:
    """Say where the second place is (None: there is none) and how many days a copy there counts as fresh.

    Raises:
        KnownError: ``second_is_data_folder``, ``second_missing``, ``second_days``; ``not_allowed``.
    """
    ws.require(Right.SETTINGS)
    if not 1 <= days <= _MOST_DAYS:
        raise KnownError("second_days", most=_MOST_DAYS)
    place = "" if path is None else str(_usable(ws, path))
    return shop.change_shop(ws, lambda known: replace(known, second_place=place, second_days=days)).changes


def second_due(ws: Workspace) -> SecondPlace:
    """Return how it stands with the second place; cheap, for a reminder."""
    if not ws.shop.second_place:
        return SecondPlace(SecondState.OFF, None, is_there=False, last=None, days=None)
    path = Path(ws.shop.second_place)
    with ws.store.reading() as conn:
        noted = journal.latest(conn, Noted.SECOND_COPY, str(path))
    if noted is None:
        return SecondPlace(SecondState.NEVER, path, path.is_dir(), None, None)
    days = (ws.clock.now() - noted.at).days
    state = SecondState.FRESH if days < ws.shop.second_days else SecondState.DUE
    return SecondPlace(state, path, path.is_dir(), noted.at, days)


def copy_to_second(ws: Workspace, meanwhile: Callable[[], object] = bool) -> CopiedThere:
    """Write a verified backup and the files of cases missing there to the second place; the journal notes it.

    ``meanwhile`` is called often, between two steps and outside of any transaction; what it raises ends the copy.

    Raises:
        KnownError: ``second_none``, ``second_missing``, ``second_is_data_folder``, ``backup_failed``
            (its reason says which: full, pulled out, read-only …), ``seal_unreadable``; no half file has a name of its
            own there.
    """
    if not ws.shop.second_place:
        raise KnownError("second_none")
    place = Path(ws.shop.second_place)
    _usable(ws, place)
    made = upkeep.backup(ws, place, sealed=ws.folder.seal.exists(), meanwhile=meanwhile)
    return CopiedThere(made.path, made.files, made.is_sealed, Changes())


def _usable(ws: Workspace, path: Path) -> Path:
    """Return the folder, if it is there and not within the data folder, which a thief or a broken disk takes whole."""
    if not path.is_dir():  # never made: a stick that is not plugged in would become a folder of the same disk
        raise KnownError("second_missing", path=path)
    whole = path.resolve()
    if whole.is_relative_to(ws.folder.root.resolve()):
        raise KnownError("second_is_data_folder", path=path)
    return whole
