"""A program of its own that brings the index of the search up to date in small steps, for tests that run or kill some.

    python -m tests.helpers.indexing FOLDER

After the first step it writes a line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services import search
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW


def main(folder: str) -> None:
    """Index until nothing is left."""
    ws = open_workspace(DataFolder(Path(folder)), FixedClock(NOW), load_rules())
    while True:
        left = search.catch_up(ws, 3).left
        sys.stdout.write(f"{left}\n")
        sys.stdout.flush()
        if not left:
            break
    ws.close()


if __name__ == "__main__":
    main(sys.argv[1])
