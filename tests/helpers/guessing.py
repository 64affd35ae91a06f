"""A program of its own that tries one PIN and is killed as soon as it has the answer.

    python -m tests.helpers.guessing FOLDER NAME PIN

Prints the code of the refusal.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from desk_app.clock import SystemClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import access
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace


def main(folder: str, name: str, pin: str) -> None:
    """Try, say what came of it, and end without tidying up anything."""
    ws = open_workspace(DataFolder(Path(folder)), SystemClock(), load_rules())
    try:
        access.sign_in(ws, name, pin)
    except KnownError as error:
        sys.stdout.write(error.code)
        sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
