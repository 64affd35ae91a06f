"""A disk that has stored a change and says that it has not, as one does that cannot sync a folder."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from desk_app.storage import ledger

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace


class LyingDisk(sqlite3.Connection):
    """A connection whose next COMMIT is done, and then reported as failed."""

    lies = False

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a statement as any connection does, but for that COMMIT."""
        done = super().execute(sql, *values)
        if sql == "COMMIT" and self.lies:
            self.lies = False
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_DIR_FSYNC, "SQLITE_IOERR_DIR_FSYNC"
            raise error
        return done


def put_under(ws: Workspace) -> LyingDisk:
    """Let an open register lie on such a disk from now on; it lies when it is told to (``lies = True``)."""
    disk = sqlite3.connect(ws.store.path, isolation_level=None, factory=LyingDisk)
    ledger.watch(disk)
    ws.store.conn.close()
    ws.store.conn = disk
    return disk
