"""Use cases of the passphrase for backups that leave the house.

A sealed backup opens with the passphrase, or with the recovery code that was printed once; the computer itself keeps
neither (docs/decisions/0011). The register on the computer is not sealed: losing both loses no case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

SHORTEST_PASSPHRASE = 10


@dataclass(frozen=True, slots=True)
class Sealed:
    """The recovery code that has just been made, to be shown and printed once: nothing can show it again."""

    recovery_code: str


def is_on(ws: Workspace) -> bool:
    """Whether what goes to the second place is sealed."""
    raise NotImplementedError


def set_up(ws: Workspace, passphrase: str) -> Sealed:
    """Make a new key for backups, from now on; older sealed backups still want the passphrase or code of their time.

    Takes about a second (Argon2id, twice).

    Raises:
        KnownError: ``passphrase_short``; ``folder_unwritable``, ``disk_full``.
    """
    raise NotImplementedError


def change_passphrase(ws: Workspace, secret: str, passphrase: str) -> None:
    """Set another passphrase; ``secret`` is the present one or the recovery code, which stays.

    Raises:
        KnownError: ``seal_off``, ``sealed_wrong_secret``, ``recovery_code_mistyped``, ``passphrase_short``.
    """
    raise NotImplementedError


def turn_off(ws: Workspace, secret: str) -> None:
    """Seal no more backups from now on; raises as :func:`change_passphrase`."""
    raise NotImplementedError
