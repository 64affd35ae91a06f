"""A program of its own that acts on a case, for the tests that let several act on one.

    python -m tests.helpers.acting FOLDER NUMBER NAME ACTION KEYS SEEN COUNT

Opens the register, says ``ready``, waits for a line, and does the action COUNT times under the request ids ``NAME-n``.
KEYS is a JSON object; SEEN the event that the person saw, or 0 for whatever comes. After each commit its request id
goes to standard output; at a known error its code, and it goes on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services import desk
from desk_app.services.rules import load_rules
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import NOW


def main(folder: str, number: str, name: str, action: str, *rest: str) -> None:
    """Wait for the others, act, and say what came of it."""
    keys, seen, count = rest
    ws = open_workspace(DataFolder(Path(folder)), FixedClock(NOW), load_rules())
    say("ready")
    sys.stdin.readline()
    for n in range(int(count)):
        try:
            desk.act(ws, number, action, json.loads(keys), f"{name}-{n}", int(seen) or None)
            say(f"{name}-{n}")
        except KnownError as error:
            say(f"! {error.code}")
    ws.close()


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
