"""The program's own window on a made-up register, and keys that are due at their moments."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from bench.register_maker import END
from bench.screen import SIZE, application, until
from desk_app.clock import FixedClock
from ui.app import GIL_SECONDS, build_window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow


@contextmanager
def window_on(folder: DataFolder) -> Iterator[MainWindow]:
    """Show the program's own window, at the form, as the program runs it."""
    application()
    before = sys.getswitchinterval()
    sys.setswitchinterval(GIL_SECONDS)
    window = build_window(folder, FixedClock(END))
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    window.open_register()
    until(lambda: window.desk.shop is not None and window.desk.storage.is_idle)
    try:
        yield window
    finally:
        window.close()
        sys.setswitchinterval(before)


def wait_until(due: int) -> None:
    """Let Qt work until a moment (of ``time.perf_counter_ns``) has come."""
    left = (due - time.perf_counter_ns()) / 1e6
    if left > 0:
        alarm = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        alarm.start(int(left))
        until(lambda: not alarm.isActive())
