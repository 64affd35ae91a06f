"""Row 14: the fault tests themselves: with a guard of the program broken, the test that watches it must fail.

The guard is broken in a copy of the source, and the test is run there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.goals import FULL, RESULTS, Goal, is_full
from tests.faults.mutants import MUTANTS, Mutant
from tests.faults.syscalls import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.goals import Tally

_TRIED = [mutant for mutant in MUTANTS if mutant.quick or is_full()]
GOAL = Goal("14", "a guard broken in the program: not noticed by the fault test that watches it", ci=1, release=1)
_COPIED = ("desk_app", "ui", "tests", "pyproject.toml")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.mark.slow
@pytest.mark.parametrize("mutant", _TRIED, ids=[mutant.guard.replace(" ", "_") for mutant in _TRIED])
def test_a_broken_guard_is_noticed(mutant: Mutant, tmp_path: Path, tally: Tally) -> None:
    tree = _copy(tmp_path / "tree")
    broken = tree / mutant.file
    source = broken.read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1, "the guard is written otherwise now: bring tests/faults/mutants.py up to date"
    broken.write_text(source.replace(mutant.old, mutant.new), encoding="utf-8")

    for _ in tally.trials():
        done = _run(tree, mutant.noticed_by)
        if " skipped" in done.stdout and done.returncode == 0:
            pytest.skip(done.stdout.strip().splitlines()[-1])
        if not (done.returncode == 1 and " failed" in done.stdout and " error" not in done.stdout.splitlines()[-1]):
            tally.found(f"not noticed: {mutant.guard}\n{(done.stdout + done.stderr)[-2000:]}")
    tally.end()


def _copy(tree: Path) -> Path:
    tree.mkdir()
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=_LEFT_OUT)
        else:
            shutil.copy(source, tree / name)
    (tree / "resources").symlink_to(ROOT / "resources")
    return tree


def _run(tree: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run a fault test in a copy of the source, with the counts of an ordinary run."""
    ordinary = {name: value for name, value in os.environ.items() if name not in (FULL, RESULTS)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, f"tests/{test}"],
        cwd=tree,
        env=ordinary,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
