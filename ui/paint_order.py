"""A part of a page that is painted after the one that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_AT_LAST = 3 * Qt.EventPriority.LowEventPriority.value  # Qt posts its requests to paint with low priority
_PATIENCE_MS = 50


class PaintedLater(QObject):
    """Holds the painting of ``part`` until what is waited for is painted, a twentieth of a second at most."""

    def __init__(self, part: QWidget) -> None:
        """Belong to ``part``, and hold nothing yet."""
        super().__init__(part)
        self._part = part
        self._limit = QTimer(self, singleShot=True, interval=_PATIENCE_MS)  # the storage may be busy with other work
        self._limit.timeout.connect(self._go_on)

    def hold(self) -> None:
        """Paint nothing of the part for now."""
        self._part.setUpdatesEnabled(False)
        self._limit.start()

    def release(self) -> None:
        """Paint it as soon as nothing else is left to be painted."""
        if self._limit.isActive():
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _AT_LAST)

    def customEvent(self, _event: QEvent) -> None:  # noqa: N802 -- Qt's own name
        """Paint it now."""
        self._go_on()

    def _go_on(self) -> None:
        self._limit.stop()
        self._part.setUpdatesEnabled(True)
