"""A number that was copied does not lie on the clipboard for whoever pastes next: after half a minute it is gone."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desk_app.domain.privacy import holds_number

STAYS_MS = 30_000


class ClipboardWatch(QObject):
    """Looks at each text that is copied while the keys go to this program; a person's number is taken off again.

    What has been replaced by then, or was copied in another program, is left alone. A history that the system keeps of
    the clipboard is out of reach.
    """

    def __init__(self, parent: QObject) -> None:
        """Watch from now on."""
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._copied = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self._clear)
        self._clipboard.dataChanged.connect(self._look)
        app = QGuiApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._clear)

    def _look(self) -> None:
        is_ours = QGuiApplication.focusWindow() is not None  # not every platform can say who owns the clipboard
        text = self._clipboard.text() if is_ours else ""
        self._copied = text if holds_number(text) else ""
        if self._copied:
            self._timer.start()
        else:
            self._timer.stop()

    def _clear(self) -> None:
        if self._copied and self._clipboard.text() == self._copied:
            self._clipboard.clear()
