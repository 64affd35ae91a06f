"""What the eye waits for is painted first: the rows of a page, then what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_LONGEST_MS = 100  # that painting waits for the rows, should they not come
_AFTER_PAINTING = 3 * Qt.EventPriority.LowEventPriority.value
"""Qt posts its requests to paint with low priority; what is posted with a lower one comes after them."""


class RowsFirst(QObject):
    """Has a page painted once when it is shown, with its fresh rows, and not with the old ones before."""

    def __init__(self, page: QWidget, beside: QWidget, then: Callable[[], None]) -> None:
        """Watch ``page``, not shown yet; ``beside`` is the part of it that follows the rows.

        ``then`` is called whenever rows have been painted.
        """
        super().__init__(page)
        self._parts, self._then = (page, beside), then
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._paint)
        self._paint(enabled=False)
        page.installEventFilter(self)

    def rows_are_here(self) -> None:
        """Let the rows be painted, and go on after that."""
        self._parts[0].setUpdatesEnabled(True)
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _AFTER_PAINTING)

    def customEvent(self, _event: QEvent) -> None:
        """Go on: the rows have been painted (a timer of 0 ms would come before)."""
        self._paint()
        self._then()

    def eventFilter(self, _page: QObject, event: QEvent) -> bool:
        """Hold the painting from when the page is left; a window that was minimised is painted as it was."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self._paint(enabled=False)
        elif event.type() == QEvent.Type.Show:
            self._patience.start(_LONGEST_MS)
        return False

    def _paint(self, *, enabled: bool = True) -> None:
        self._patience.stop()
        for part in self._parts:
            part.setUpdatesEnabled(enabled)
