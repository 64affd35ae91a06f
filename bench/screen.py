"""A window without a screen, and when something on it has been painted."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1366, 768)
_PATIENCE_MS = 30_000
_AFTER_PAINTING = 2 * Qt.EventPriority.LowEventPriority.value


def application() -> QApplication:
    """Return the one application, made as the program makes it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    app = QApplication([])
    theme.apply(app, dark=False)
    return app


def until(is_done: Callable[[], bool]) -> None:
    """Let Qt work until something is so.

    Raises:
        TimeoutError: it did not come about in half a minute.
    """
    deadline = QTimer(singleShot=True)
    deadline.start(_PATIENCE_MS)
    while not is_done():
        if not deadline.isActive():
            raise TimeoutError
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


class PaintWatch(QObject):
    """Says when a widget has been painted and nothing is left to paint, after :meth:`ready` was said."""

    def __init__(self, watched: QWidget) -> None:
        """Watch from now on."""
        super().__init__(watched)
        self._ended_at: int | None = None
        self._was_painted = False
        watched.installEventFilter(self)

    def ready(self) -> None:
        """Say that what is to be painted is in place."""
        # Qt posts its requests to paint with low priority; what is posted with a lower one comes after them.
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _AFTER_PAINTING)

    def wait(self, began: int) -> float:
        """Let Qt work until it is painted, and return the milliseconds since ``began``."""
        until(lambda: self._ended_at is not None)
        assert self._ended_at is not None
        self.deleteLater()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.DeferredDelete)  # now: the next sample has its own
        return (self._ended_at - began) / 1e6

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own name
        """Notice that the widget is being painted."""
        self._was_painted |= event.type() == QEvent.Type.Paint
        return False

    def customEvent(self, _event: QEvent) -> None:  # noqa: N802 -- Qt's own name
        """Take the time."""
        assert self._was_painted
        self._ended_at = time.perf_counter_ns()
