"""Files and pictures that are dropped on a page, or pasted where no text is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_PNG_QUALITY = 80  # packed lightly: the window waits for it


class Given(NamedTuple):
    """What a person gives: a file, or the bytes of a picture, and what it is called."""

    source: Path | bytes
    name: str


class FileTarget(QObject):
    """Takes what is dropped on a widget or anything in it, and Ctrl+V of a file or of a picture without a text.

    ``given`` carries a tuple of :class:`Given`. ``pasted_name`` is what a pasted picture is called.
    """

    given = Signal(object)

    def __init__(self, page: QWidget, pasted_name: str) -> None:
        """Take nothing until :meth:`watch`."""
        super().__init__(page)
        self._page, self._pasted_name = page, pasted_name

    def watch(self) -> None:
        """Look at the widget, and at the text fields in it, which would take a file as a text.

        Everything else hands on to the widget what it has no use for, and needs no filter over its events.
        """
        self._page.setAcceptDrops(True)
        for widget in self._page.findChildren(QWidget):
            if isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit)) or widget.acceptDrops():
                widget.installEventFilter(self)
        self._page.installEventFilter(self)

    def paste(self) -> bool:
        """Take what is on the clipboard; return whether there was anything to take."""
        found = self._pasted()
        if found:
            self.given.emit(found)
        return bool(found)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take files before any text field does."""
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            found = _files(event.mimeData())
            if found:
                event.acceptProposedAction()
                if kind is QEvent.Type.Drop:
                    self.given.emit(found)
            return bool(found)
        if kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.matches(_PASTE):
            return self.paste()
        return False

    def _pasted(self) -> tuple[Given, ...]:
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None: nothing was ever copied
        if data is None:
            return ()
        found = _files(data)
        if found or data.hasText() or not data.hasImage():
            return found
        image = QGuiApplication.clipboard().image()
        return () if image.isNull() else (Given(_packed(image), self._pasted_name),)


_PASTE = QKeySequence.StandardKey.Paste


def _files(data: QMimeData) -> tuple[Given, ...]:
    """Return the files of this machine that are named, none where something else is named too."""
    urls = data.urls() if data.hasUrls() else []
    if not urls or not all(url.isLocalFile() for url in urls):
        return ()
    paths = [Path(url.toLocalFile()) for url in urls]
    return tuple(Given(path, path.name) for path in paths)


def _packed(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]  # the stubs want bytes and refuse a text
    return bytes(buffer.data().data())
