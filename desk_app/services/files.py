"""Small files that a person gives to the program: read whole, and refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 4_000_000  # bytes: a hundred years of calendar, a thousand rules


def read_bytes(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``file_too_big``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise KnownError("file_missing", path=path) from error
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror or str(error)) from error
    if len(data) > _LARGEST:
        raise KnownError("file_too_big", path=path, limit=_LARGEST)
    return data
