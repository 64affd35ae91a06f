"""A program of its own that takes a file in, for the test that kills it.

    python -m tests.helpers.taking FOLDER FILE

After each piece the share that is copied goes to standard output; it goes on when a line comes in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services.attachments import Taking
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW


def main(folder: str, source: str) -> None:
    """Copy a piece, say so, wait, and go on."""
    taking = Taking(open_workspace(DataFolder(Path(folder)), FixedClock(NOW), load_rules()), Path(source), source)
    while taking.step() is None:
        sys.stdout.write(f"{taking.progress}\n")
        sys.stdout.flush()
        sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
