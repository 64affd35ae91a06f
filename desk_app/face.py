"""What every command of the command line is given, and how it speaks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk_app.clock import Clock
from desk_app.paths import DataFolder, default_data_dir
from desk_app.services import calendar, surroundings
from desk_app.services.export import Writer
from desk_app.services.rules import Rules
from desk_app.services.workspace import Workspace, open_workspace


@dataclass(slots=True)
class Face:
    """The facts, the clock, the data folder, the window's two commands, and who writes PDF files."""

    rules: Rules
    clock: Clock
    run_demo: Callable[[Path], list[Path]]
    run_self_test: Callable[[], None]
    pdf: Writer | None = None
    folder: DataFolder | None = None

    @property
    def data(self) -> DataFolder:
        """The data folder that was named, else the platform's."""
        return self.folder or DataFolder(default_data_dir())

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """Open the data folder for one command; go on with due dates that wait to be reckoned anew.

        What endangers the register is told first, on standard error.
        """
        ws = open_workspace(self.data, self.clock, self.rules)
        try:
            for danger in surroundings.look(ws):
                tell(self.say(danger.code, **danger.params))
            if (fault := ws.shop.rules_fault) is not None:
                tell(self.say(fault.code, **fault.params))
            if moved := calendar.recount_all(ws):
                tell(self.say("calendar_moved", count=len(moved)))
            yield ws
        finally:
            ws.close()

    def say(self, code: str, **params: object) -> str:
        """Return a sentence."""
        return self.rules.sentences.say(code, params)


def tell(sentence: str) -> None:
    """Write a sentence on standard error, on one line, whatever characters somebody's input brought into it."""
    plain = "".join(c if c.isprintable() else "�" for c in sentence)
    sys.stderr.write(f"{plain}\n")
