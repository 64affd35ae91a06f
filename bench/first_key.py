"""In a child process: press the first key once the window has been painted, and say when it had changed a field.

Imports nothing that a window does not need, for it runs inside what is measured.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

FORBIDDEN = ("sqlite_utils", "openpyxl", "click", "pypinyin", "lxml", "numpy")
"""What must not be imported before the first paint."""
_AFTER_PAINTING = 2 * Qt.EventPriority.LowEventPriority.value  # Qt posts its requests to paint with low priority


class FirstKey(QObject):
    """Types ``1`` into the widget that has the focus, right after the first painting of a window that is shown."""

    def __init__(self, window: QWidget) -> None:
        """Wait for the painting."""
        super().__init__(window)
        self._window = window
        self._imported = ""
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own name
        """Notice the first painting; what is posted now arrives when the whole window has been painted."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._imported = " ".join(name for name in FORBIDDEN if name in sys.modules)
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), _AFTER_PAINTING)
        return False

    def customEvent(self, _event: QEvent) -> None:  # noqa: N802 -- Qt's own name
        """Type the key."""
        field = self._window.focusWidget()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1")
            QCoreApplication.postEvent(field, key)

    def taken(self, *_: object) -> None:
        """Say that a field has changed, and end the process there and then."""
        os.write(1, f"{time.time_ns()} {self._imported}\n".encode())
        os._exit(0)
