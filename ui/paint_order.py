"""What waits until the rows that somebody looks for have been painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_AT_LAST = 3 * Qt.EventPriority.LowEventPriority.value  # Qt posts its requests to paint with low priority
_PATIENCE_MS = 50


def when_painted(owner: QObject, work: Callable[[], object]) -> None:
    """Do some work of ``owner`` as soon as nothing is left to be painted.

    A timer of no time does not wait for that, and the storage thread, once it is asked, takes turns with the painting.
    """
    QCoreApplication.postEvent(_Later(owner, work), QEvent(QEvent.Type.User), _AT_LAST)


class _Later(QObject):
    def __init__(self, owner: QObject, work: Callable[[], object]) -> None:
        super().__init__(owner)
        self._work = work

    def customEvent(self, _event: QEvent) -> None:
        self._work()
        self.deleteLater()


class PaintedLater(QObject):
    """Holds the painting of a part of a page until what is waited for is painted.

    It is held no longer than a twentieth of a second: the storage may be busy with other work.
    """

    def __init__(self, part: QWidget) -> None:
        """Belong to ``part``, and hold nothing yet."""
        super().__init__(part)
        self._part = part
        self._limit = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._limit.timeout.connect(self._paint)

    def hold(self) -> None:
        """Paint nothing of the part for now."""
        self._part.setUpdatesEnabled(False)
        self._limit.start()

    def release(self) -> None:
        """Paint it as soon as nothing else is left to be painted."""
        if self._limit.isActive():
            when_painted(self, self._paint)

    def _paint(self) -> None:
        self._limit.stop()
        self._part.setUpdatesEnabled(True)
