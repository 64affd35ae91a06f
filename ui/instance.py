"""One window a data folder: a second start brings the first one to the front."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QLockFile, QObject, QProcess, QThread, Signal

from desk_app.paths import make_private_file, make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.paths import DataFolder

_PATIENCE_MS = 2000  # a first window that is still starting does not listen yet
_PAUSE_MS = 50


def take_lock(folder: DataFolder) -> QLockFile | None:
    """Return the lock of the one window, or None where another one holds it.

    A lock whose owner died is taken over. Where no lock file can be written the window opens without one, to look at
    what is there: also where one was left that cannot be taken away.

    Raises:
        OSError: the folder cannot be made.
    """
    make_private_folder(folder.root)
    lock = QLockFile(str(folder.window_lock))
    lock.setStaleLockTime(0)
    if lock.tryLock(0) or lock.error() is not QLockFile.LockError.LockFailedError:
        return lock
    return None if _can_write(folder) else lock


def _can_write(folder: DataFolder) -> bool:
    """Whether a file can be made there: tried, because access lists and mounted disks are not to be asked."""
    probe = folder.root / f".write-{QCoreApplication.applicationPid()}"
    try:
        make_private_file(probe)
        probe.unlink()
    except OSError:
        return False
    return True


def call_first(folder: DataFolder) -> bool:
    """Ask the window that is open to come to the front; return whether it answered."""
    from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 -- a usual start needs no network module

    patience = QDeadlineTimer(_PATIENCE_MS)
    while not patience.hasExpired():
        socket = QLocalSocket()
        socket.connectToServer(_name(folder))
        if socket.waitForConnected(_PAUSE_MS):
            socket.disconnectFromServer()
            return True
        QThread.msleep(_PAUSE_MS)
    return False


class Doorbell(QObject):
    """Listens, in the first window, for a second start; ``rung`` says that there was one."""

    rung = Signal()

    def __init__(self, folder: DataFolder, parent: QObject) -> None:
        """Begin to listen (after the first paint: it loads the network module)."""
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 -- see call_first

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        QLocalServer.removeServer(_name(folder))  # left by one that was killed; the lock says that none is alive
        self.is_listening = self._server.listen(_name(folder))

    def _answer(self) -> None:
        self._server.nextPendingConnection().deleteLater()
        self.rung.emit()


def _name(folder: DataFolder) -> str:
    from hashlib import sha256  # noqa: PLC0415 -- see call_first

    return "complaint-desk-" + sha256(str(folder.root.resolve()).encode()).hexdigest()[:24]


def start_on(root: Path) -> bool:
    """Start the program anew on another data folder, in a window of its own, and return whether it started."""
    how = [] if getattr(sys, "frozen", False) else ["-m", "desk_app"]
    return bool(QProcess.startDetached(sys.executable, [*how, "--data", str(root)])[0])
