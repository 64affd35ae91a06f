"""The files of cases beside a backup in another folder, plain or sealed; each is whole there, or not there.

A plain one lies under its hash as in the data folder. A sealed one lies in a folder that is named by the key it was
sealed for, so that a shop that makes a new key writes them anew. Nothing here touches the register: it may run beside
the storage thread.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.storage import attachments, backup, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.storage.backup import Made
    from desk_app.storage.seal import Seal

PLAIN = "attachments"


def sealed_folder(folder: Path, seal: Seal) -> Path:
    """Return where files sealed for a key lie, beside the backups of ``folder``."""
    return folder / f"{PLAIN}-{seal.id}"


def put(source: Path, target: Path, sha256: str, seal: Seal | None) -> bool:
    """See that a file of the data folder lies whole in ``target``; return whether it had to be written.

    A plain one that is there is read and compared; of a sealed one, which only the passphrase opens, the length is. One
    that the data folder has not is left to the check of the register.

    Raises:
        OSError: the target cannot be written, or the source cannot be read.
        KnownError: ``backup_damaged``: what was read back is not what was written.
    """
    path, there = attachments.path_of(source, sha256), attachments.path_of(target, sha256)
    if not path.is_file() or _is_whole(path, there, sha256, seal):
        return False
    there.parent.mkdir(parents=True, exist_ok=True)
    if seal is not None:
        sealed.write(path, there, seal, {}, with_locks=False)
        return True
    attachments.copy_to(source, sha256, there)
    backup.sync(there)
    if backup.sha256_of(there) != sha256:
        there.unlink()
        raise KnownError("backup_damaged", path=there)
    return True


def _is_whole(path: Path, there: Path, sha256: str, seal: Seal | None) -> bool:
    if not there.is_file():
        return False
    if seal is None:
        return backup.sha256_of(there) == sha256
    return there.stat().st_size == sealed.length(path.stat().st_size, seal)


def fetch(sources: tuple[Path, ...], target: Path, sha256: str, private: bytes | None) -> bool:
    """See that a file lies whole in the data folder; return whether it does.

    It is taken from the first of ``sources`` that has it whole; a damaged one never comes in. One that is there and is
    not what it must be is replaced.

    Raises:
        OSError: the target cannot be written.
    """
    there = attachments.path_of(target, sha256)
    if there.is_file() and backup.sha256_of(there) == sha256:
        return True
    part = there.with_name(f".{os.urandom(8).hex()}.part")
    for source in sources:
        path = attachments.path_of(source, sha256)
        if not path.is_file():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        try:
            with suppress(KnownError):  # damaged: perhaps another place has it
                _take(path, part, private)
                if backup.sha256_of(part) == sha256:
                    backup.sync(part)
                    part.replace(there)
                    backup.sync(there.parent)
                    return True
        finally:
            part.unlink(missing_ok=True)
    return False


def is_whole(source: Path, sha256: str, private: bytes | None) -> bool:
    """Whether a folder of files has one whole; every byte of it is read."""
    path = attachments.path_of(source, sha256)
    if not path.is_file():
        return False
    with suppress(OSError, KnownError):
        return (sealed.sha256_of(path, private) if private else backup.sha256_of(path)) == sha256
    return False


def _take(path: Path, part: Path, private: bytes | None) -> None:
    if private is not None:
        sealed.unseal(path, part, private)
        return
    part.touch(mode=0o600, exist_ok=False)
    with path.open("rb") as read, part.open("wb") as write:
        while piece := read.read(attachments.PIECE):
            write.write(piece)


def put_backup(made: Made, target: Path) -> None:
    """Copy a verified backup under the name ``target``, which it has only once it was read back and is the same.

    Raises:
        OSError: it cannot be written; nothing is left behind.
        KnownError: ``backup_damaged``.
    """
    part = target.with_name(f".desk-{os.getpid()}-{os.urandom(8).hex()}.part")
    try:
        _take(made.path, part, None)
        backup.sync(part)
        if backup.sha256_of(part) != made.sha256:
            raise KnownError("backup_damaged", path=part)
        part.replace(target)
        backup.sync(target.parent)
    finally:
        with suppress(OSError):  # a stick that was pulled out: the next backup there sweeps
            part.unlink()
