"""Use cases that put a backup in the register's place, after looking into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.clock import Clock
    from desk_app.paths import DataFolder
    from desk_app.services.results import Changes
    from desk_app.services.rules import Rules


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
    nor beside the backup; ``numbers`` are (some of) their cases.
    """

    cases: int
    kept: Path | None
    missing: int
    numbers: tuple[str, ...]
    changes: Changes


def look_into(folder: DataFolder, source: Path, secret: str = "") -> Inside:
    """Check a backup whole and say what it holds; nothing is changed.

    ``secret``: the passphrase or the recovery code of a sealed one.

    Raises:
        KnownError: ``file_missing``, ``backup_is_register``, ``backup_not_ours``, ``backup_damaged``,
            ``database_newer``, ``sealed_needs_secret``, ``sealed_wrong_secret``, ``recovery_code_mistyped``,
            ``disk_full``.
    """
    raise NotImplementedError


def restore(folder: DataFolder, clock: Clock, rules: Rules, source: Path, secret: str = "") -> Restored:
    """Put a backup in the register's place, after a full check of it; raises as :func:`look_into`.

    Where the present register can be opened, it is backed up first and then overwritten in one transaction, so that an
    open window goes on with the restored one, half-typed forms and all; where it cannot, it is moved aside and kept.
    """
    raise NotImplementedError
