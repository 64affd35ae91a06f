"""The real program, ``run_window``, in a process of its own, for the tests that kill it or ask what it has loaded.

python -m tests.ui.window_program FOLDER loaded NAME …   which of these modules are loaded at the first key and later
python -m tests.ui.window_program FOLDER type TEXT …     types each into a form, says when all are kept, stays open
python -m tests.ui.window_program FOLDER keys            presses a key 20 times a second, says after each how many
python -m tests.ui.window_program FOLDER stay            says when it listens, minimizes itself, says when it is called
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtTest import QTest

from desk_app.paths import DataFolder
from ui import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import MainWindow

_LOOK_MS = 20
_LONGEST_MS = 15_000
_KEY_MS = 50


def say(*words: object) -> None:
    """Write a line that the test reads at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def when(window: MainWindow, so: Callable[[], bool], then: Callable[[], object]) -> None:
    """Do something as soon as something is so; where it never is, say so instead, so that no test waits for ever."""
    timer, patience = QTimer(window), QDeadlineTimer(_LONGEST_MS)

    def look() -> None:
        if so():
            timer.stop()
            then()
        elif patience.hasExpired():
            timer.stop()
            say("never")

    timer.timeout.connect(look)
    timer.start(_LOOK_MS)


def loaded(window: MainWindow, *names: str) -> None:
    """Say what is loaded when the window is painted (before anything slow begins), and once the register is open."""
    say("painted", *[name for name in names if name in sys.modules])
    when(
        window,
        lambda: window.desk.shop is not None,
        lambda: (say("open", window.desk.shop is not None), window.close()),
    )


def type_and_stay(window: MainWindow, *texts: str) -> None:
    """Type one form after the other, say when every draft is on disk, and stay."""
    from tests.ui.desk_rig import commit  # noqa: PLC0415 -- it loads what a start must not
    from tests.ui.window_rig import drafts_on_disk  # noqa: PLC0415

    editor = window.register.form.rows["content"].editor

    def type_all() -> None:
        for number, text in enumerate(texts):
            if number:
                window.register.begin_next()
            editor.setFocus()
            commit(text)
        when(window, lambda: len(drafts_on_disk(window.desk.folder)) == len(texts), lambda: say("kept"))

    def begin() -> None:
        window.activateWindow()
        window.show_page("register")
        editor.setFocus()
        when(window, editor.hasFocus, type_all)

    when(window, lambda: window.desk.shop is not None, begin)


def press_keys(window: MainWindow) -> None:
    """Press one key after the other in the customer's words, and say after each how many it was."""
    editor = window.register.form.rows["content"].editor
    timer, pressed = QTimer(window), count(1)

    def press() -> None:
        number = next(pressed)
        QTest.keyClick(editor, str(number % 10))
        say(number)

    def begin() -> None:
        window.activateWindow()
        window.show_page("register")
        editor.setFocus()
        timer.timeout.connect(press)
        when(window, editor.hasFocus, lambda: timer.start(_KEY_MS))

    when(window, lambda: window.desk.shop is not None, begin)


def stay(window: MainWindow) -> None:
    """Go out of the way when the doorbell is there, and say when somebody rang."""

    def out_of_the_way() -> None:
        window.showMinimized()
        when(window, lambda: not window.isMinimized(), lambda: say("front"))
        say("listening")

    when(window, lambda: any(type(child).__name__ == "Doorbell" for child in window.children()), out_of_the_way)


_DOES = {"loaded": loaded, "type": type_and_stay, "keys": press_keys, "stay": stay}


def main(folder: str, does: str, *words: str) -> int:
    """Run the program; what it does beside begins at the first paint, before what the program begins there."""
    make = app.build_window

    def build(*facts: object) -> MainWindow:
        window = make(*facts)  # type: ignore[arg-type]  # handed through
        window.painted.connect(lambda: _DOES[does](window, *words))  # type: ignore[operator]  # from the command line
        return window

    app.build_window = build
    return app.run_window(DataFolder(Path(folder)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
