"""When the program itself is at fault: the open form is rescued first, then it is written down, then it is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ui.desk import Desk


class CrashDesk:
    """Takes every error that nobody expected.

    ``rescue`` keeps what is half typed; it is called first, and only once at a time, so that an error of the rescue
    itself cannot call it again.
    """

    def __init__(self, desk: Desk, rescue: Callable[[], None]) -> None:
        """Listen to the desk; :meth:`install` also takes what reaches the interpreter."""
        self._desk, self._rescue = desk, rescue
        self._is_rescuing = False
        desk.crashed.connect(self.take)

    def install(self) -> None:
        """Take what no slot caught."""
        sys.excepthook = self._hook

    def take(self, error: BaseException) -> None:
        """Rescue, write down, tell."""
        if not self._is_rescuing:
            self._is_rescuing = True
            try:
                self._rescue()
            finally:
                self._is_rescuing = False
        self._report(error)

    def _report(self, error: BaseException) -> None:
        from desk_app.crash import write_report  # noqa: PLC0415 -- loaded when something is wrong

        log, sentences = self._desk.folder.log, self._desk.rules.sentences
        code = "crashed"
        try:
            write_report(log, error, self._desk.clock.now())
        except OSError:
            code = "crashed_unlogged"
        self._desk.notice.emit("refused", sentences.say(code, {"kind": type(error).__name__, "log": log}))

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.take(error)
