"""Use cases of the second place: a USB stick or another disk that holds backups and the files of cases as well.

One disk that breaks, or one computer that is stolen, must not take the register and its backups together. What goes to
the second place is what ``services.upkeep.backup`` writes: verified there after writing, sealed where the shop has set
a passphrase (``services.sealing``). Nothing that was there before is harmed by a copy that fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.results import Changes
    from desk_app.services.workspace import Workspace


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
        KnownError: ``second_is_data_folder``, ``second_missing``, ``second_unwritable``.
    """
    raise NotImplementedError


def second_due(ws: Workspace) -> SecondPlace:
    """Return how it stands with the second place; cheap, for a reminder."""
    raise NotImplementedError


def copy_to_second(ws: Workspace, meanwhile: Callable[[], object] = bool) -> CopiedThere:
    """Write a verified backup and the files of cases missing there to the second place.

    ``meanwhile`` is called often, between two steps and outside of any transaction; what it raises ends the copy.

    Raises:
        KnownError: ``second_none``, ``second_missing``, ``second_is_data_folder``, ``backup_failed`` (its reason says
            which: full, pulled out, read-only); no half file has a name of its own there.
    """
    raise NotImplementedError
