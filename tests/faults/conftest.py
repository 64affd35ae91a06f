"""What the fault tests may ask for; each of them bears the mark ``fault``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.goals import RESULTS, Goal, Tally, chance

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_HERE = Path(__file__).parent
_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this package."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.fault)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test itself failed, for the file of results."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture
def luck() -> random.Random:
    """Chance that can be repeated."""
    return chance()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Count the trials of the module's ``GOAL``, or of the goal that the test is parametrized with; write them down."""
    goal: Goal = getattr(request, "param", None) or request.module.GOAL
    counted = Tally(goal)
    yield counted
    if path := os.environ.get(RESULTS):
        counted.write(Path(path), failed=request.node.stash.get(_FAILED, True))
