"""The table of docs/reliability.md: what must hold, how often it is tried, and how a trial is counted.

A test asks for the fixture ``tally`` of its module's ``GOAL``; it tries ``tally.count`` times and names what is wrong
with :meth:`Tally.found`. What is wrong fails the test when it has ended, and is written down where
``FAULTS_RESULTS`` names a file (``dev.py faults`` does).
"""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL, RESULTS, SEED = "FAULTS_FULL", "FAULTS_RESULTS", "FAULTS_SEED"
"""Names in the environment: counts of a release; where the results go; another chance than the usual one."""
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """A row: what must never be found, and in how many trials it is looked for."""

    row: str
    what: str
    ci: int
    release: int

    @property
    def count(self) -> int:
        """How many trials this run makes."""
        return self.release if is_full() else self.ci


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the file of results: a goal as one run met it."""

    row: str
    what: str
    full: bool
    tried: int
    found: int
    seconds: float


@dataclass(slots=True)
class Tally:
    """The trials of one test, counted."""

    goal: Goal
    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    @property
    def count(self) -> int:
        """How many trials are to be made."""
        return self.goal.count

    def trials(self) -> Iterator[int]:
        """Go through the trials, each counted when it is over; they end early where much is wrong."""
        for number in range(self.count):
            if len(self.wrong) >= _TOLD:
                return
            yield number
            self.tried += 1

    def more(self, trials: int) -> bool:
        """Count trials that were made together; return whether more are wanted."""
        self.tried += trials
        return self.tried < self.count and not self.wrong

    def found(self, *wrong: str) -> None:
        """Name what must not be."""
        self.wrong += wrong

    def end(self) -> None:
        """Fail with what was found."""
        assert not self.wrong, f"{len(self.wrong)} found in {self.tried} trials (seed {seed()}):\n" + "\n".join(
            self.wrong[:_TOLD]
        )

    def write(self, path: Path, *, failed: bool) -> None:
        """Append the result to a file, one JSON object a line; nothing, where nothing was tried."""
        if not self.tried and not failed:
            return
        wrong = max(len(self.wrong), int(failed))
        taken = round(time.monotonic() - self._begun, 1)
        result = Result(self.goal.row, self.goal.what, is_full(), self.tried, wrong, taken)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def is_full() -> bool:
    """Whether this run makes the counts of a release."""
    return bool(os.environ.get(FULL))


def seed() -> int:
    """Return where chance begins: the same in every run, so that what was found is found again."""
    return int(os.environ.get(SEED) or 20261122)


def chance() -> random.Random:
    """Return chance that can be repeated."""
    return random.Random(seed())
