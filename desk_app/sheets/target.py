"""Puts a finished file in its place: whole or not at all, and never over a file that stays behind half written."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 0.8)
"""Windows only: a virus scanner or a preview holds a file for a moment; together 2.35 s."""
_HELD_ELSEWHERE = frozenset({5, 32, 33})  # ERROR_ACCESS_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION
_LEFT_BEHIND_SECONDS = 600


def replace_file(path: Path, data: bytes | memoryview) -> None:
    """Write ``data`` to a temporary file beside ``path``, sync it, and rename it over ``path``.

    Whatever fails, the old file stays as it was and the temporary file goes. Only a kill between the two can leave one
    (hidden, named after the target); the next write of the same target removes it.

    Raises:
        KnownError: ``target_open``, with the free name ``other``; ``disk_full``; ``target_unwritable``.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")
    try:
        _sweep(path)
        try:
            _write(temporary, data)
            _rename(temporary, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise _known(error, path) from error


def put_in_place(staged: Path, path: Path) -> None:
    """Rename a file that is written whole over ``path``; both lie on the same disk.

    Raises:
        KnownError: ``target_open``, with the free name ``other``; ``disk_full``; ``target_unwritable``.
    """
    try:
        _rename(staged, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _known(error, path) from error


def make_folder(folder: Path) -> None:
    """Make the folder that the targets go into, where it is not there yet.

    Raises:
        KnownError: ``disk_full``; ``target_unwritable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _known(error, folder) from error


def free_name(path: Path) -> Path:
    """Return the first of ``name(2).xlsx``, ``name(3).xlsx`` … that does not exist."""
    number = 2
    while (other := path.with_name(f"{path.stem}({number}){path.suffix}")).exists():
        number += 1
    return other


def _known(error: OSError, path: Path) -> KnownError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return KnownError("disk_full")
    return KnownError("target_unwritable", path=path, reason=error.strerror or str(error))


def _write(temporary: Path, data: bytes | memoryview) -> None:
    with temporary.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _rename(temporary: Path, path: Path) -> None:
    for pause in (*RETRY_SECONDS, None):
        try:
            os.replace(temporary, path)  # noqa: PTH105 -- the name under which the fault is injected in the tests
        except PermissionError as error:
            if pause is None or getattr(error, "winerror", None) not in _HELD_ELSEWHERE:
                raise KnownError("target_open", path=path, other=free_name(path)) from error
            time.sleep(pause)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows does so by itself and cannot open folders."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(path: Path) -> None:
    """Remove what killed writers of the same target left; a living one needs seconds, not minutes."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                left.unlink()
