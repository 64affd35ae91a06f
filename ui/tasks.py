"""One storage thread: the window never waits for the disk, and SQLite sees one connection.

Work is queued, run in order on the thread that opened the workspace, and its result is handed back on the window's
thread. A long piece of work lets the others go first between its steps. Nothing else in ``ui`` starts a thread.
"""

from __future__ import annotations

import queue
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.services.workspace import Workspace

_T = TypeVar("_T")
_Item: TypeAlias = (
    "tuple[Callable[[Workspace], Any] | _Closed, Callable[[Any], None], Callable[[Exception], None], bool]"
)


class _Closed(NamedTuple):
    """Work that wants the register closed."""

    work: Callable[[], Any]


class _Thread(QThread):
    def __init__(self, loop: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._loop = loop

    def run(self) -> None:
        self._loop()


class Storage(QObject):
    """The storage thread and its queue.

    ``open_workspace`` is called on the storage thread as the first piece of work, so that connecting (and migrating)
    costs the window nothing. Every ``done`` and ``failed`` callback runs on the window's thread, in the order of the
    work. A piece of work whose opening failed fails with the same error.

    Patient work (a search) gives way: while it runs it may ask ``is_pressed`` and end early.

    A register that was found damaged is not touched any more: after :meth:`shut` all work fails at once with the error
    that was found, until :meth:`open_again`. What is to be done to its file meanwhile is done by :meth:`run_closed`.
    """

    _finished = Signal(object, object)

    def __init__(self, open_workspace: Callable[[], Workspace], parent: QObject | None = None) -> None:
        """Make the queue; :meth:`start` starts the thread."""
        super().__init__(parent)
        self._open_workspace = open_workspace
        self._work: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._pending = 0
        self._pressing, self._pressed = 0, 0  # how much that waits for nothing was queued, and was taken up
        self._workspace: Workspace | None = None  # the storage thread's own, as are the next two
        self._shut: Exception | None = None
        self._held: _Item | None = None  # asked for within a long piece of work, and not to be done there
        self._finished.connect(self._deliver)
        self._thread = _Thread(self._loop, self)

    @property
    def is_idle(self) -> bool:
        """Whether every piece of work has been delivered."""
        return self._pending == 0

    @property
    def is_pressed(self) -> bool:
        """Whether something is queued that ought not to wait; asked on either thread."""
        return self._pressing > self._pressed  # each of the two is counted on one thread alone

    def start(self) -> None:
        """Start the storage thread (after the first paint)."""
        self._thread.start()

    def run(
        self,
        work: Callable[[Workspace], _T] | _Closed,
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
        *,
        is_patient: bool = False,
    ) -> None:
        """Queue a use case; ``done`` gets its value, or ``failed`` the exception it raised."""
        self._pending += 1
        self._pressing += not is_patient
        self._work.put((work, done, failed, is_patient))

    def run_closed(
        self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Queue work that wants the register closed; what comes after it opens the register anew."""
        self.run(_Closed(work), done, failed)

    def shut(self, error: Exception) -> None:
        """Close the register, and let all further work fail with this error."""
        self.run_closed(partial(self._set_shut, error), _ignore, _ignore)

    def open_again(self) -> None:
        """Let further work open the register."""
        self.run_closed(partial(self._set_shut, None), _ignore, _ignore)

    def stop(self) -> None:
        """Finish what is queued, close the workspace and end the thread (at the closing of the window)."""
        if self._thread.isRunning():
            self._pressing += 1
            self._work.put(None)
            self._thread.wait()

    def let_others_go_first(self) -> None:
        """Do what was asked for meanwhile, from within a long piece of work that is between two transactions.

        Called on the storage thread, so that a save need not wait for the export of a year. Within a transaction it
        does nothing.
        """
        if self._workspace is None or self._workspace.store.is_in_transaction:
            return
        try:
            while self._held is None and (item := self._work.get_nowait()) is not None:
                if isinstance(item[0], _Closed):
                    self._held = item  # and all that comes after it: the long piece of work needs the register
                else:
                    self._do(item)
            if self._held is None:
                self._work.put(None)  # the end comes after the long piece of work
        except queue.Empty:
            return

    def _loop(self) -> None:
        while (item := self._held or self._work.get()) is not None:
            self._held = None
            self._do(item)
        self._close()

    def _do(self, item: _Item) -> None:
        work, done, failed, is_patient = item
        self._pressed += not is_patient
        if self._shut is not None and not isinstance(work, _Closed):
            self._finished.emit(failed, self._shut)
            return
        try:
            if isinstance(work, _Closed):
                self._close()
                value = work.work()
            else:
                if self._workspace is None:
                    self._workspace = self._open_workspace()
                value = work(self._workspace)
        except Exception as error:  # handed to the caller, on the window's thread
            self._finished.emit(failed, error)
        else:
            self._finished.emit(done, value)

    def _close(self) -> None:
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def _set_shut(self, error: Exception | None) -> None:
        self._shut = error

    @Slot(object, object)
    def _deliver(self, callback: Callable[[object], None], value: object) -> None:
        self._pending -= 1
        callback(value)


def _ignore(_told: object) -> None:
    """Want to know nothing of it."""
