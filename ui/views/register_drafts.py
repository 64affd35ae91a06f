"""Keeps the open form as a draft while it is typed: at a pause, and at most a second behind the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.register_tabs import DraftTabs

_PAUSE_MS = 400
_AT_MOST_MS = 900
_AGAIN_MS = 3000  # after the disk has refused


class DraftKeeper(QObject):
    """Writes the form's values under its request id; never two writes at once, never one after its save.

    ``values`` returns what is worth keeping; where it returns nothing, a draft that was kept before is discarded. What
    the disk refuses is held here and tried again, also when the page has gone on to another form. While the register is
    lost, every form is kept in a file beside it (``services.set_aside``).
    """

    def __init__(
        self, desk: Desk, values: Callable[[], Mapping[str, object]], tabs: DraftTabs, parent: QObject
    ) -> None:
        """Keep nothing until :meth:`begin` and :meth:`touch`."""
        super().__init__(parent)
        self._desk, self._values, self._tabs = desk, values, tabs
        self._beside: Mapping[str, object] = {}
        self._id = ""
        self._unwritten: dict[str, Mapping[str, object]] = {}
        self._is_writing = False
        self._is_held = False
        self._is_behind = False
        self._has_failed = False
        self._pause, self._limit, self._again = QTimer(self), QTimer(self), QTimer(self)
        for timer, interval in ((self._pause, _PAUSE_MS), (self._limit, _AT_MOST_MS), (self._again, _AGAIN_MS)):
            timer.setSingleShot(True)
            timer.setInterval(interval)
            timer.timeout.connect(self._write)
        desk.register_lost.connect(self._lost)

    def begin(self, request_id: str) -> None:
        """Turn to another form."""
        self._stop()
        self._id, self._is_held, self._is_behind = request_id, False, False

    def touch(self) -> None:
        """Take note of a key."""
        self._is_behind = True
        self._pause.start()
        if not self._limit.isActive():
            self._limit.start()

    def keep_now(self) -> None:
        """Queue what is typed now, where something has been typed since the last write."""
        self._stop()
        self._take_note()
        self._send()

    def hold(self) -> None:
        """Write nothing while the form's save is under way."""
        self._is_held = True
        self._stop()

    def go_on(self) -> None:
        """The save was refused: the form is a draft again."""
        self._is_held = False
        if self._is_behind or self._unwritten:
            self.touch()

    def discard(self) -> None:
        """The form is not wanted any more: let its draft go, though the disk may have to be asked twice."""
        self._stop()
        self._unwritten[self._id] = {}
        self._is_behind = False
        self._send()

    def forget(self) -> None:
        """The save is on disk, and the draft went with it."""
        self._stop()
        self._unwritten.pop(self._id, None)
        self._is_behind = self._is_held = False
        if self._unwritten:
            self._again.start()

    def load(self) -> None:
        """Offer what is half typed on disk, after what the register could not take before has been given to it."""
        self._desk.ask(_take_back, _know, _quietly)
        self._write()
        self._desk.ask(services.intake.drafts, self._tabs.take)

    def _stop(self) -> None:
        self._pause.stop()
        self._limit.stop()

    def _write(self) -> None:
        self._stop()
        if not self._is_writing and not self._is_held:
            self._take_note()
            self._send()

    def _take_note(self) -> None:
        if self._is_behind:
            self._unwritten[self._id] = dict(self._values())
            self._is_behind = False

    def _send(self) -> None:
        if self._unwritten:
            self._again.stop()
            self._is_writing = True
            batch = dict(self._unwritten)
            self._desk.ask(lambda ws: _store(ws, batch), lambda _nothing: self._written(batch), self._failed)

    def _written(self, batch: Mapping[str, Mapping[str, object]]) -> None:
        self._is_writing = False
        for draft_id, values in batch.items():
            if self._unwritten.get(draft_id) is values:
                del self._unwritten[draft_id]
        self._has_failed = False
        if self._is_behind and not self._is_held:
            self._limit.start()

    def _failed(self, _error: Exception) -> bool:
        """Tell it once, not every second, and try again a little later.

        Of a register that is lost its own page tells: what is typed is kept beside it, and no step was refused.
        """
        self._is_writing = False
        self._again.start()
        if self._desk.lost is not None:
            self._keep_beside()
            return True
        told, self._has_failed = self._has_failed, True
        return told

    def _lost(self) -> None:
        """Keep every form, not only the one that is typed into: what comes in the register's place has none of them."""
        self._is_behind = True
        self._take_note()
        self._unwritten |= {tab.id: tab.values for tab in self._tabs.others}
        self._tabs.forget_gone()
        self._beside = {}
        self._keep_beside()
        folder, now = self._desk.folder, self._desk.clock.now()
        self._desk.storage.run_closed(lambda: services.set_aside.kept(folder, now), self._tabs.take, _know)
        self._again.start()

    def _keep_beside(self) -> None:
        """Write what the register cannot take into the file beside it, where that is not there yet."""
        folder, forms = self._desk.folder, dict(self._unwritten)
        if forms != self._beside:
            self._beside = forms
            self._desk.storage.run_closed(lambda: services.set_aside.keep(folder, forms), _know, _know)


def _know(_told: object) -> None:
    """Leave it untold: what is typed is on the screen still, and the next write tries again."""


def _quietly(error: Exception) -> bool:
    return isinstance(error, KnownError)


def _take_back(ws: Workspace) -> None:
    services.set_aside.take_back(ws)


def _store(ws: Workspace, batch: Mapping[str, Mapping[str, object]]) -> None:
    for draft_id, values in batch.items():
        if values:
            services.intake.save_draft(ws, draft_id, values)
        else:
            services.intake.discard_draft(ws, draft_id)
