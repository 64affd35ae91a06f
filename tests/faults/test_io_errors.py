"""Row 3: one call of a save fails with an I/O error or a full disk, each call in its turn.

strace gives the error to the unmodified program. Nothing acknowledged may be lost, the same save tried again with its
request id is stored once, and the person is told one sentence.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import FixedClock
from desk_app.errors import KnownError
from desk_app.paths import DataFolder
from desk_app.services.workspace import open_workspace
from tests.faults import programs
from tests.faults.goals import Goal, is_full
from tests.faults.killing import Child
from tests.faults.promises import Promises
from tests.faults.syscalls import needs_strace
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from desk_app.services.rules import Rules
    from tests.faults.goals import Tally

GOAL = Goal(
    "3",
    "a call of a save fails (I/O error, full disk): lost, stored twice, not told in a sentence",
    ci=60,
    release=10_000,
)
_ERRORS = {
    "pwrite64": ("EIO", "ENOSPC"),
    "write": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO",),
    "fsync": ("EIO",),
    "ftruncate": ("EIO",),
    "rename": ("EIO", "ENOSPC"),
    "openat": ("EIO", "ENOSPC"),
    "pread64": ("EIO",),
}


@pytest.mark.slow
def test_a_call_that_fails_loses_nothing_and_stores_nothing_twice(
    tmp_path: Path, tally: Tally, luck: random.Random, rules: Rules
) -> None:
    needs_strace()
    new = DataFolder(tmp_path / "new")
    open_workspace(new, FixedClock(NOW), rules).close()
    counted = _count(new, tmp_path)
    every = [(name, e, n) for name, errors in _ERRORS.items() for e in errors for n in range(1, counted[name] + 1)]
    chosen = every if is_full() else luck.sample(every, tally.count)
    refused = 0

    for trial, (name, error, n) in zip(tally.trials(), chosen, strict=False):
        folder, where = DataFolder(tmp_path / str(trial)), f"{name} no. {n} gives {error}: "
        shutil.copytree(new.root, folder.root)
        lines, exit_code = _run(folder, tmp_path / "log", f"trace={name}", f"inject={name}:error={error}:when={n}")
        promised = Promises.of(line for line in lines if line != "done")
        refused += bool(promised.refused)
        if exit_code or lines[-1:] != ["done"]:
            tally.found(f"{where}the program ended with {exit_code}")
        tally.found(*(where + wrong for wrong in promised.broken(folder, rules)))
        if set(promised.cases) != {"before", "hit", "after"}:
            tally.found(f"{where}not saved after all: {promised.refused}")
        for code in promised.refused:
            assert rules.sentences.error(KnownError(code, path="x", reason="x", backups="x", name="x"))
        shutil.rmtree(folder.root)

    assert len(every) > 60
    assert refused > tally.tried / 4
    tally.end()


def _count(new: DataFolder, scratch: Path) -> Counter[str]:
    """Return how often two saves make each call."""
    folder, log = DataFolder(scratch / "counted"), scratch / "log"
    shutil.copytree(new.root, folder.root)
    lines, exit_code = _run(folder, log, f"trace={','.join(_ERRORS)}")
    assert (lines[-1], exit_code) == ("done", 0)
    return Counter(line.split("(")[0].split()[-1] for line in log.read_text(encoding="ascii").splitlines())


def _run(folder: DataFolder, log: Path, *expressions: str) -> tuple[list[str], int | None]:
    """Run a child under strace; return what it said and how it ended."""
    child = Child(programs.save_stubbornly, str(folder.root))
    lines: list[str] = []
    while not (line := child.line()).startswith("ready"):
        lines.append(line)
    options = [option for expression in expressions for option in ("-e", expression)]
    command = ["strace", "-qq", "-o", str(log), *options, "-p", line.split()[1]]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        lines += child.rest()
        tracer.communicate(timeout=60)
    return lines, child.exit_code
