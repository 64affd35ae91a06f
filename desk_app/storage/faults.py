"""Which SQLite errors a person can do something about, as a table (the habit is qutebrowser's).

What is not in the table is a bug and is left as it is.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PRIMARY = 0xFF  # the low byte of an extended code is the primary one

KNOWN: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "database_busy",
    sqlite3.SQLITE_LOCKED: "database_busy",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_CANTOPEN: "folder_unwritable",
    sqlite3.SQLITE_PERM: "folder_unwritable",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
}

_SAID_OF_DAMAGE = ("Could not decode to UTF-8", "unsupported file format")
"""What Python and SQLite say, without a code of its own, where the bytes of a file cannot be what was written."""

_FIRST_TO_BE_WRITTEN = frozenset({sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY})
"""Kinds of SQLITE_READONLY: a save that was cut short has to be taken back before the file can even be read."""


@contextmanager
def told_plainly(path: Path, backups: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's known errors into :class:`KnownError`; all others pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        number = getattr(error, "sqlite_errorcode", -1)
        code = "database_needs_writing" if number in _FIRST_TO_BE_WRITTEN else KNOWN.get(number & PRIMARY)
        if code is None and str(error).startswith(_SAID_OF_DAMAGE):
            code = "database_damaged"
        if code is None:
            raise
        raise _known(code, path, backups, getattr(error, "sqlite_errorname", "")) from error
    except UnicodeDecodeError as error:  # SQLite's own words about a damaged schema, or a text that is none any more
        raise _known("database_damaged", path, backups, "UTF-8") from error
    except OSError as error:
        code = "disk_full" if error.errno == errno.ENOSPC else "folder_unwritable"
        raise _known(code, path, backups, error.strerror or type(error).__name__) from error


def _known(code: str, path: Path, backups: Path, reason: str) -> KnownError:
    at = path.parent if code == "folder_unwritable" else path
    return KnownError(code, path=at, backups=backups, reason=reason)
