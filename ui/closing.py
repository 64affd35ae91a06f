"""The closing of the window waits once for attachments that are being copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.desk import Desk


class Closing(QObject):
    """Whether the window can close now; it closes by itself when it could not."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Wait for nothing."""
        super().__init__(window)
        self._desk, self._window = desk, window
        self._is_waiting = False

    def waits(self) -> bool:
        """Tell that files are still being copied, and close when all are here; a second wish does not wait."""
        from ui.views.attachment_intake import FileIntake  # noqa: PLC0415 -- loaded by now, where there is any

        busy = [intake for intake in self._window.findChildren(FileIntake) if intake.is_busy]
        if not busy or self._is_waiting:
            for intake in busy:
                intake.drop()
            return False
        self._is_waiting = True
        self._desk.notice.emit("warning", self.tr("附件还在拷，拷完就关；再关一次则不等，没拷完的不放进去"))
        for intake in busy:
            intake.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)  # a save that waited goes first
        return True

    def _ended(self, all_are_here: bool) -> None:
        """Close as was wished, unless a file was refused: its notice is to be read."""
        was_waiting, self._is_waiting = self._is_waiting, False  # others may still be on their way
        if was_waiting and all_are_here:
            self._window.close()
