"""A program of its own that registers cases, for the test that runs several at once.

    python -m tests.helpers.registering FOLDER NAME COUNT

Each case bears the request id ``NAME-n`` and the content ``NAME-n 说：…``. After each commit its request id and number
go to standard output.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desk_app.clock import FixedClock
from desk_app.paths import DataFolder
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, registered

SAID = "说：电水壶通电后不加热。" * 60


def main(folder: str, name: str, count: str) -> None:
    """Register, acknowledge, and go on."""
    ws = open_workspace(DataFolder(Path(folder)), FixedClock(NOW), load_rules())
    for n in range(int(count)):
        request_id = f"{name}-{n}"
        stored = registered(ws, request_id, content=f"{request_id} {SAID}")
        sys.stdout.write(f"{request_id} {stored.case.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
