"""What every command of the command line is given, and how it speaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from desk_app.clock import Clock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder, default_data_dir
from desk_app.services import access, calendar, surroundings
from desk_app.services.export import Writer
from desk_app.services.rules import Rules
from desk_app.services.workspace import Workspace, open_workspace

PIN_VARIABLE = "DESK_APP_PIN"


@dataclass(slots=True)
class Face:
    """The facts, the clock, the data folder, the window's two commands, and who writes PDF files.

    ``acting``: who was named by ``--as``; empty: whoever the register says, as long as they have no PIN.
    """

    rules: Rules
    clock: Clock
    run_demo: Callable[[Path], list[Path]]
    run_self_test: Callable[[], None]
    pdf: Writer | None = None
    folder: DataFolder | None = None
    acting: str = ""

    @property
    def data(self) -> DataFolder:
        """The data folder that was named, else the platform's."""
        return self.folder or DataFolder(default_data_dir())

    @contextmanager
    def workspace(self, *, is_visit: bool = False) -> Iterator[Workspace]:
        """Open the data folder for one command; go on with due dates that wait to be reckoned anew.

        What endangers the register is told first, on standard error. Whoever ``--as`` names signs in for this command
        alone; with ``is_visit`` nobody does.
        """
        ws = open_workspace(self.data, self.clock, self.rules)
        try:
            for danger in surroundings.look(ws):
                tell(self.say(danger.code, **danger.params))
            if self.acting and not is_visit:
                has_pin = ws.has_pin(self.acting)
                pin = ask_pin(self.say("cli_pin", name=self.acting)) if has_pin else ""
                access.sign_in(ws, self.acting, pin, stays=False)
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


def ask_pin(sentence: str) -> str:
    """Return the PIN of who acts: from the environment, else asked at the terminal without an echo.

    Raises:
        KnownError: ``pin_not_given``: neither is there.
    """
    given = os.environ.get(PIN_VARIABLE)
    if given is not None:
        return given
    if not is_at_terminal():
        raise KnownError("pin_not_given", variable=PIN_VARIABLE)
    return str(click.prompt(sentence, hide_input=True, err=True))


def is_at_terminal() -> bool:
    """Whether somebody is there who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def tell(sentence: str) -> None:
    """Write a sentence on standard error, on one line, whatever characters somebody's input brought into it."""
    plain = "".join(c if c.isprintable() else "�" for c in sentence)
    sys.stderr.write(f"{plain}\n")
