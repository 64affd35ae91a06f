"""Puts a finished file in its place: whole or not at all, and never over a file that stays behind half written."""

from __future__ import annotations

import contextlib
import errno
import glob
import itertools
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 0.8)
"""Windows only: a virus scanner or a preview holds a file for a moment; together 2.35 s."""
_HELD_ELSEWHERE = frozenset({5, 32, 33})  # ERROR_ACCESS_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION
_LEFT_BEHIND_SECONDS = 600
_STAGING = ".export-"


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


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Make a hidden folder within ``folder``, for files that are written whole before they are put in place; remove it.

    So are those that killed programs left there. Where the block fails, a folder that was made for it goes too.

    Raises:
        KnownError: ``disk_full``; ``target_unwritable``.
    """
    was_there = folder.exists()
    make_folder(folder)
    try:
        for left in folder.glob(f"{_STAGING}*"):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        here = folder / f"{_STAGING}{uuid4().hex[:12]}"
        make_folder(here)
        try:
            yield here
        finally:
            shutil.rmtree(here, ignore_errors=True)
    except BaseException as error:
        if not was_there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):  # the disk was pulled out, or somebody removed the folder
            raise _known(error, folder) from error
        raise


@contextlib.contextmanager
def new_folder(within: Path, name: str) -> Iterator[Path]:
    """Make a folder of this name, or of the first ``name(2)`` … that is free: two programs never get the same.

    Where the block fails, it goes again, as does ``within`` where it was made for it; but not what others put there.

    Raises:
        KnownError: ``disk_full``; ``target_unwritable``.
    """
    was_there = within.exists()
    make_folder(within)
    here = within / name
    try:
        for number in itertools.count(2):
            with contextlib.suppress(FileExistsError):
                here.mkdir()
                break
            here = within / f"{name}({number})"
        yield here
    except BaseException as error:
        for made in (here,) if was_there else (here, within):
            with contextlib.suppress(OSError):
                made.rmdir()
        if isinstance(error, OSError):
            raise _known(error, here) from error
        raise


@contextlib.contextmanager
def put_in_place(pairs: Sequence[tuple[Path, Path]]) -> Iterator[None]:
    """Rename each file that is written whole over its target, both on the same disk.

    If one of them cannot be, or the block fails, every target is again what it was; no target is ever missing.

    Raises:
        KnownError: ``target_open``, with the free name ``other``; ``disk_full``; ``target_unwritable``.
    """
    done: list[tuple[Path, Path | None]] = []
    try:
        kept = [_keep(staged, path) for staged, path in pairs]
        for (staged, path), old in zip(pairs, kept, strict=True):
            try:
                _rename(staged, path)
                done.append((path, old))
                _sync_folder(path.parent)
            except OSError as error:
                raise _known(error, path) from error
        yield
    except BaseException:
        for path, old in done:
            with contextlib.suppress(OSError):
                path.unlink() if old is None else old.replace(path)
        raise


def _keep(staged: Path, path: Path) -> Path | None:
    """Copy what stands at ``path`` beside the file that will replace it; None where there is nothing."""
    if not path.exists():
        return None
    copy = staged.with_name(f"{staged.name}.old")
    try:
        _patiently(lambda: shutil.copy2(path, copy), path)
    except OSError as error:
        raise _known(error, path) from error
    return copy


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
    _patiently(lambda: os.replace(temporary, path), path)  # noqa: PTH105 -- where the tests inject the fault


def _patiently(touch: Callable[[], object], path: Path) -> None:
    """Do something with a target that another program may hold for a moment (a scanner) or for longer (Excel)."""
    for pause in (*RETRY_SECONDS, None):
        try:
            touch()
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
