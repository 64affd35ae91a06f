"""Hands and eyes for the window: keys as a person presses them, pictures of what is then on the screen."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEventLoop, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QImageWriter, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.errors import BugError, KnownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

_T = TypeVar("_T")
_Found = TypeVar("_Found", bound="QObject")
_LONGEST_MS = 60_000
_QUIET_TURNS = 5  # of the event loop without work: layouts and paints that follow each other are through
_MOST_TABS = 60
_PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@contextmanager
def no_screen() -> Iterator[None]:
    """Leave out what the offscreen platform says it cannot do (three lines a window); everything else is said."""

    def say(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if message.startswith("This plugin does not support"):
            return
        if before is not None:
            before(kind, context, message)
        else:
            sys.stderr.write(message + "\n")

    before = qInstallMessageHandler(say)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


class Player:
    """Plays one window. Every step is followed by :meth:`settle`, which waits for the program and not for a time."""

    def __init__(self, window: MainWindow, pictures: Path) -> None:
        """Show ``window`` and take the keyboard; ``pictures`` is the folder for PNG files."""
        self.window, self._folder = window, pictures
        self.written: list[Path] = []
        window.painted.connect(window.open_register)
        window.show()
        window.activateWindow()
        self.settle()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _PLAIN) -> None:
        """Press a key where the focus is, and let the program do what follows."""
        QTest.keyClick(self.focus(), key, modifiers)
        self.settle()

    def write(self, text: str) -> None:
        """Enter a text where the focus is: ASCII by keys, anything else as an input method does."""
        if text.isascii():
            QTest.keyClicks(self.focus(), text)
        else:
            event = QInputMethodEvent("", [])
            event.setCommitString(text)
            QApplication.sendEvent(self.focus(), event)
        self.settle()

    def go_to(self, widget: QWidget) -> None:
        """Press Tab until the focus is in ``widget``."""
        for _ in range(_MOST_TABS):
            if widget is self.focus() or widget.isAncestorOf(self.focus()):
                return
            self.press(Qt.Key.Key_Tab)
        raise BugError(f"Tab does not reach {type(widget).__name__} {widget.accessibleName()}")

    def focus(self) -> QWidget:
        """Return the widget that the keys go to."""
        widget = QApplication.focusWidget()
        if widget is None:
            raise BugError("nothing has the focus")
        return widget

    def picture(self, name: str) -> None:
        """Keep what is on the screen as ``name.png``.

        Raises:
            KnownError: ``target_unwritable``.
        """
        path = self._folder / f"{name}.png"
        writer = QImageWriter(str(path))
        if not writer.write(self.window.grab().toImage()):
            raise KnownError("target_unwritable", path=path, reason=writer.errorString())
        self.written.append(path)

    def ask(self, work: Callable[[Workspace], _T]) -> _T:
        """Run a use case on the storage thread, as the pages do, and wait for its value."""
        values: list[_T] = []
        self.window.desk.ask(work, values.append)
        self.settle()
        if not values:
            raise BugError("the use case was refused")
        return values[0]

    def found(self, kind: type[_Found]) -> _Found:
        """Return the one part of the window of a kind.

        Raises:
            BugError: there is none.
        """
        found = self.window.findChild(kind)
        if found is None:
            raise BugError(f"there is no {kind.__name__}")
        return found

    def expect(self, what: str, holds: object) -> None:
        """Stop where a step did not do what it should.

        Raises:
            BugError: ``holds`` is false.
        """
        if not holds:
            raise BugError(f"demo: not true that {what}")

    def until(self, what: str, holds: Callable[[], object]) -> None:
        """Turn the event loop until something is so that comes after a pause of the keys.

        Raises:
            BugError: it never is.
        """
        loop, turns = QEventLoop(), QTimer()
        turns.timeout.connect(lambda: loop.quit() if holds() else None)
        turns.start(0)
        QTimer.singleShot(_LONGEST_MS, loop, lambda: loop.exit(1))
        if not holds() and loop.exec():
            raise BugError(f"demo: it never comes that {what}")
        self.settle()

    def settle(self) -> None:
        """Turn the event loop until the storage has answered everything and what follows is laid out and painted."""
        loop, turns = QEventLoop(), QTimer()
        quiet = 0

        def look() -> None:
            nonlocal quiet
            quiet = quiet + 1 if self.window.desk.storage.is_idle else 0
            if quiet >= _QUIET_TURNS:
                loop.quit()

        turns.timeout.connect(look)
        turns.start(0)
        QTimer.singleShot(_LONGEST_MS, loop, lambda: loop.exit(1))
        if loop.exec():
            raise BugError("the storage does not come to rest")
