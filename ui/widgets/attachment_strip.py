"""Files side by side: what each looks like, its name and its size; chosen by the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from desk_app.domain.attachments import MEGABYTE, Attached, AttachmentKind, Taken
from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QFocusEvent, QKeyEvent

_WIDTH_IN_CHARACTERS = 26
_HEIGHT_IN_LINES = 2.6
_SIDE_IN_LINES = 2.2
_KILOBYTE = 1000


class AttachmentStrip(QListWidget):
    """A row of files. ``opened`` and ``removed`` carry the file that Enter or Space, or Delete, was pressed on.

    A pointer opens by a double click. Keys that are of no use here go on to the page.
    """

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty, and hidden while it is."""
        super().__init__(parent)
        line = QFontMetrics(theme.font()).height()
        self.side = int(_SIDE_IN_LINES * line)
        self._size = QSize(
            _WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth(), int(_HEIGHT_IN_LINES * line)
        )
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(self.side, self.side))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setFixedHeight(self._size.height() + self.horizontalScrollBar().sizeHint().height() + theme.space(1))
        self.itemDoubleClicked.connect(lambda _item: self._tell(self.opened))
        self.hide()

    def show_files(self, files: Sequence[Taken | Attached]) -> None:
        """Show these; the one that was chosen stays, or its place."""
        row = self.currentRow()
        self.clear()
        for each in files:
            item = QListWidgetItem(_sign(each.kind, self.side), f"{each.name}\n{size_in_words(each.size)}")
            item.setData(Qt.ItemDataRole.UserRole, each)
            item.setToolTip(each.name)
            item.setSizeHint(self._size)
            self.addItem(item)
        self.setCurrentRow(min(max(row, 0), self.count() - 1))
        if not self.hasFocus():
            self.clearSelection()
        self.setVisible(self.count() > 0)

    def show_picture(self, sha256: str, picture: QPixmap) -> None:
        """Show what every file of this content looks like."""
        for row in range(self.count()):
            if self.file(row).sha256 == sha256:
                self.item(row).setIcon(_untinted(picture))

    def file(self, row: int) -> Taken | Attached:
        """Return the file of a row."""
        found: Taken | Attached = self.item(row).data(Qt.ItemDataRole.UserRole)
        return found

    def names(self) -> list[str]:
        """Return the names that are shown."""
        return [self.file(row).name for row in range(self.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, remove, or choose another; a letter is no search here, but an action of the page."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            self._tell(self.opened)
        elif key == Qt.Key.Key_Delete:
            self._tell(self.removed)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the one that the keys go to."""
        super().focusInEvent(event)
        if self.currentItem() is not None:
            self.currentItem().setSelected(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Mark none while the keys go elsewhere."""
        super().focusOutEvent(event)
        self.clearSelection()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the signs anew in other colours."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for row in range(self.count()):
                if self.file(row).kind is not AttachmentKind.PICTURE:
                    self.item(row).setIcon(_sign(self.file(row).kind, self.side))

    def _tell(self, signal: SignalInstance) -> None:
        if self.currentRow() >= 0:
            signal.emit(self.file(self.currentRow()))


def size_in_words(size: int) -> str:
    """Return a number of bytes as people read it: 12 KB, 3.4 MB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / _KILOBYTE))} KB"
    return f"{size / MEGABYTE:.1f} MB"


def _sign(kind: AttachmentKind, side: int) -> QIcon:
    """Return one character on a quiet ground: what a file is that has no picture of its own."""
    words = {
        AttachmentKind.PICTURE: QCoreApplication.translate("AttachmentStrip", "图"),
        AttachmentKind.RECORDING: QCoreApplication.translate("AttachmentStrip", "音"),
        AttachmentKind.VIDEO: QCoreApplication.translate("AttachmentStrip", "像"),
        AttachmentKind.DOCUMENT: QCoreApplication.translate("AttachmentStrip", "文"),
    }
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    theme.fill(painter, pixmap.rect(), Token.SURFACE_ALT)
    painter.setFont(theme.font())
    painter.setPen(theme.token(Token.MUTED))
    painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, words[kind])
    painter.end()
    return _untinted(pixmap)


def _untinted(picture: QPixmap) -> QIcon:
    """Return an icon that looks the same where it is chosen."""
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
