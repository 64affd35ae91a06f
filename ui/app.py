"""Puts the window together and runs it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desk_app import services
from desk_app.clock import Clock, SystemClock
from desk_app.errors import KnownError
from desk_app.services.rules import Rules, load_rules, load_sentences
from ui import instance, theme
from ui.crash import CrashDesk
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.tasks import Storage

if TYPE_CHECKING:
    from PySide6.QtCore import QLockFile

    from desk_app.paths import DataFolder

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""One of these says where a window on Linux can be shown."""


_DOORBELL_MS = 300  # loading the network module takes a while; a second start is patient for much longer
_FIRST_KEY_MS = 50  # the keys that were pressed while it started go before everything else
GIL_SECONDS = 0.0005  # how long the storage thread may keep a key waiting while it computes; 5 ms is Python's own


def run_window(folder: DataFolder, clock: Clock | None = None) -> int:
    """Open the window on a data folder and return the exit code when it is closed.

    Where the folder's window is open already, that one comes to the front instead.
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        return _say(_sentence(KnownError("no_display")), 1)  # Qt would abort the process
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Complaint Desk")
    try:
        rules = load_rules()
        lock = _lock(folder)
    except KnownError as error:
        return _refuse(error)
    if lock is None:
        if not instance.call_first(folder):
            return _refuse(KnownError("window_silent", path=folder.root))
        return _say(rules.sentences.error(KnownError("window_open")), 0)
    theme.apply(app)
    window = build_window(folder, clock or SystemClock(), rules)
    crashes = CrashDesk(window.desk, window.register.keep_now)
    crashes.install()
    window.painted.connect(lambda: QTimer.singleShot(_FIRST_KEY_MS, lambda: _after_first_paint(app, window, folder)))
    sys.setswitchinterval(GIL_SECONDS)
    window.show()
    try:
        return app.exec()
    finally:
        window.desk.storage.stop()
        lock.unlock()


def build_window(folder: DataFolder, clock: Clock, rules: Rules | None = None) -> MainWindow:
    """Make the window, not shown and with the register not opened yet (:meth:`MainWindow.open_register`).

    Raises:
        KnownError: ``resource_broken``.
    """
    facts = rules or load_rules()
    storage = Storage(lambda: services.workspace.open_workspace(folder, clock, facts))
    return MainWindow(Desk(folder, facts, clock, storage))


def _after_first_paint(app: QApplication, window: MainWindow, folder: DataFolder) -> None:
    """Do all that the first key need not wait for."""
    window.open_register()
    QTimer.singleShot(
        _DOORBELL_MS, window, lambda: instance.Doorbell(folder, window).rung.connect(window.come_to_front)
    )
    from PySide6.QtCore import QLibraryInfo, QTranslator  # noqa: PLC0415 -- not needed for the first key

    words = QTranslator(app)  # the words of Qt's own dialogs and menus
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)


def _lock(folder: DataFolder) -> QLockFile | None:
    try:
        return instance.take_lock(folder)
    except OSError as error:
        raise KnownError("folder_unwritable", path=folder.root, reason=error.strerror) from error


def _refuse(error: KnownError) -> int:
    """Say why there can be no window, in a dialog: a double click has no terminal to read."""
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 -- loaded when something is wrong

    sentence = _sentence(error)
    if QApplication.platformName() != "offscreen":
        QMessageBox.critical(None, "前台投诉登记", sentence)
    return _say(sentence, 1)


def _sentence(error: KnownError) -> str:
    try:
        return load_sentences().error(error)
    except KnownError as broken:
        return f"资料文件 {broken.params['file']} 有错，请改正或重新安装"


def _say(sentence: str, code: int) -> int:
    if sys.stderr is not None:
        sys.stderr.write(sentence + "\n")
    return code
