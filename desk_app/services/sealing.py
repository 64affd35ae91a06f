"""Use cases of the passphrase for backups that leave the house.

A sealed backup opens with the passphrase, or with the recovery code that was printed once; the computer itself keeps
neither (docs/decisions/0011). The register on the computer is not sealed: losing both loses no case.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.domain.journal import Noted
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.storage import seal
from desk_app.storage.faults import told_plainly

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace
    from desk_app.storage.seal import Seal

SHORTEST_PASSPHRASE = 10
_SUBJECT = "backup_seal"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The recovery code that has just been made, to be shown and printed once: nothing can show it again."""

    recovery_code: str


def is_on(ws: Workspace) -> bool:
    """Whether what goes to the second place is sealed; a seal that cannot be read counts, and its use is refused."""
    return ws.folder.seal.exists()


def set_up(ws: Workspace, passphrase: str) -> Sealed:
    """Make a new key for backups, from now on; older sealed backups still want the passphrase or code of their time.

    Takes about a second (Argon2id, twice).

    Raises:
        KnownError: ``passphrase_short``; ``not_allowed``; ``folder_unwritable``, ``disk_full``.
    """
    ws.require(Right.SETTINGS)
    _refuse_short(passphrase)
    made, code = seal.make(passphrase)
    _put(ws, made, "new")
    return Sealed(code)


def change_passphrase(ws: Workspace, secret: str, passphrase: str) -> None:
    """Set another passphrase; ``secret`` is the present one or the recovery code, which stays.

    Backups that are out already still open with the passphrase of their time.

    Raises:
        KnownError: ``seal_off``, ``seal_unreadable``, ``sealed_needs_secret``, ``sealed_wrong_secret``,
            ``recovery_code_mistyped``, ``passphrase_short``; ``not_allowed``.
    """
    ws.require(Right.SETTINGS)
    _refuse_short(passphrase)
    present = _present(ws)
    _put(ws, seal.with_passphrase(present, seal.opened(present, secret), passphrase), "passphrase")


def turn_off(ws: Workspace, secret: str) -> None:
    """Seal no more backups from now on; raises as :func:`change_passphrase`."""
    ws.require(Right.SETTINGS)
    seal.opened(_present(ws), secret)
    with told_plainly(ws.folder.database, ws.folder.backups):
        with ws.store.transaction() as conn:
            ws.note(conn, Noted.SETTING, _SUBJECT, change="off")
        ws.folder.seal.unlink()


def _present(ws: Workspace) -> Seal:
    present = seal.read(ws.folder.seal)
    if present is None:
        raise KnownError("seal_off")
    return present


def _put(ws: Workspace, made: Seal, change: str) -> None:
    with told_plainly(ws.folder.database, ws.folder.backups):
        with ws.store.transaction() as conn:
            ws.note(conn, Noted.SETTING, _SUBJECT, change=change, key=made.id)
        seal.write(ws.folder.seal, made)


def _refuse_short(passphrase: str) -> None:
    if len(unicodedata.normalize("NFKC", passphrase).strip()) < SHORTEST_PASSPHRASE:
        raise KnownError("passphrase_short", shortest=SHORTEST_PASSPHRASE)
