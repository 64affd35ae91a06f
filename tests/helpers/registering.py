"""A program of its own that registers cases, for the tests that run several or kill one.

    python -m tests.helpers.registering FOLDER NAME COUNT [BYTES]

Each case bears the request id ``NAME-n`` and the content ``NAME-n 说：…``. After each commit its request id and number
go to standard output; at a known error its code, and the program ends. With BYTES no file may grow past that size.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW, registered

SAID = "说：电水壶通电后不加热。" * 60


def main(folder: str, name: str, count: str, limit: str = "") -> None:
    """Register, acknowledge, and go on."""
    try:
        ws = open_workspace(DataFolder(Path(folder)), FixedClock(NOW), load_rules())
        if limit:
            _limit_files(int(limit))
        for n in range(int(count)):
            request_id = f"{name}-{n}"
            stored = registered(ws, request_id, content=f"{request_id} {SAID}")
            sys.stdout.write(f"{request_id} {stored.case.number}\n")
            sys.stdout.flush()
    except KnownError as error:
        sys.stdout.write(f"! {error.code}\n")


def _limit_files(size: int) -> None:
    import resource  # noqa: PLC0415 -- POSIX only

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    main(*sys.argv[1:])
