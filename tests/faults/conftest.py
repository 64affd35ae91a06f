"""What the fault tests may ask for; each of them bears the mark ``fault``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app.clock import FixedClock
from desk_app.domain.attachments import as_draft
from desk_app.paths import DataFolder
from desk_app.services import attachments, export, intake, upkeep
from desk_app.services.export import Order
from desk_app.services.workspace import open_workspace
from tests.faults.goals import RESULTS, Goal, Tally, chance
from tests.helpers.builders import NOW, a_full_case, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    import random
    from collections.abc import Generator, Iterator

    from desk_app.services.rules import Rules

_HERE = Path(__file__).parent
_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this package."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.fault)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
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
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the system has such: thousands of registers are laid out there and opened."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Count the trials of the module's ``GOAL``, or of the goal that the test is parametrized with; write them down."""
    goal: Goal = getattr(request, "param", None) or request.module.GOAL
    counted = Tally(goal)
    yield counted
    if path := os.environ.get(RESULTS):
        counted.write(Path(path), failed=request.node.stash.get(_FAILED, True))


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> DataFolder:
    """A register with a bit of everything in it, backed up."""
    folder = DataFolder(tmp_path_factory.mktemp("shop") / "data")
    ws = open_workspace(folder, FixedClock(NOW), rules)
    for n in range(6):
        taken = attachments.take_in(ws, f"收据 {n}".encode() * 500, "收据.txt")
        acted(
            ws, registered(ws, f"one-{n}", **a_full_case(), **as_draft([taken])).case.number, "contact", content="致电"
        )
    closed(ws, registered(ws, "over").case.number)
    intake.save_draft(ws, "half", {"content": "电水壶"})
    export.export(ws, Order(("register",), export.month_scope(ws, "2026-11"), folder.root.parent))
    upkeep.backup(ws)
    ws.close()
    return folder
