"""What is counted is what a reckoning from the beginning gives, however the register came to be as it is."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.facts import PARTS, Within, facts_of, marks
from desk_app.errors import KnownError
from desk_app.services import figures, restoring, upkeep
from desk_app.services.workspace import open_workspace
from desk_app.storage import cases
from tests.helpers.builders import NOW, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace

EVER = Within("0000", "9999")


def from_the_beginning(ws: Workspace) -> dict[str, dict[str, int]]:
    """Count every case of the register anew."""
    found: dict[str, Counter[str]] = {}
    for number in cases.numbers(ws.store.conn):
        file = cases.read_file(ws.store.conn, number)
        assert file is not None
        for part, _kind, _day, value in marks(facts_of(file)):
            found.setdefault(part, Counter())[value] += 1
    return {part: dict(counted) for part, counted in found.items()}


def as_kept(ws: Workspace) -> dict[str, dict[str, int]]:
    counted = {part: dict(figures.counts(ws, part, EVER)) for part in ("", *PARTS)}
    return {part: values for part, values in counted.items() if values}


@pytest.mark.parametrize("seed", range(4))
def test_figures_kept_along_the_way_are_those_of_a_reckoning_anew(
    workspace: Workspace, clock: FixedClock, seed: int
) -> None:
    rng = random.Random(seed)
    numbers: list[str] = []
    for step in range(40):
        clock.moment += timedelta(minutes=rng.randint(1, 900))
        if not numbers or rng.random() < 0.3:
            made = registered(
                workspace,
                f"{seed}-{step}",
                kind=rng.choice(["complaint", "inquiry", "praise"]),
                place=rng.choice(["大堂", "1203", ""]),
                customer_phone=rng.choice(["13800138000", "13900139000"]),
                item={"room": rng.choice(["1203", "1204"])} if rng.random() < 0.5 else {},
            )
            numbers.append(made.case.number)
        number = rng.choice(numbers)
        with suppress(KnownError):  # what is refused changes nothing
            match rng.choice(["contact", "reply", "amend", "close", "void"]):
                case "contact":
                    acted(workspace, number, "contact", content="催办", direction="in")
                case "reply":
                    acted(workspace, number, "reply", content="已答复")
                case "amend":
                    acted(workspace, number, "amend", place=rng.choice(["大堂", "餐厅"]))
                case "close":
                    closed(workspace, number)
                case _:
                    acted(workspace, number, "void", reason="重复")
        if rng.random() < 0.4:
            assert as_kept(workspace) == from_the_beginning(workspace)

    assert as_kept(workspace) == from_the_beginning(workspace)
    assert sum(figures.counts(workspace, "", EVER).values()) > 3


def test_a_void_case_counts_nowhere(workspace: Workspace) -> None:
    number = registered(workspace, "one", place="1203").case.number
    before = figures.count(workspace, "place", "1203", EVER)

    acted(workspace, number, "void", reason="重复登记")

    assert before == 1
    assert as_kept(workspace) == {}
    assert figures.numbers(workspace, "place", "1203", EVER, 10) == ()


def test_a_late_entry_counts_on_the_day_it_was_received(workspace: Workspace) -> None:
    registered(workspace, "late", received_at="2026-10-31 23:59:59")
    registered(workspace, "first of the month", received_at="2026-11-01 00:00:00")

    october, november = Within("2026-10-01", "2026-11-01"), Within("2026-11-01", "2026-12-01")
    assert [figures.counts(workspace, "", within) for within in (october, november)] == [{"": 1}, {"": 1}]
    assert figures.counts(workspace, "late_entry", october) == {"1": 1}
    assert figures.counts(workspace, "hour", october) == {"23": 1}


def test_kinds_are_told_apart(workspace: Workspace) -> None:
    registered(workspace, "one")
    registered(workspace, "two", kind="praise")

    complaints = EVER._replace(kinds=("complaint",))
    assert figures.counts(workspace, "channel", EVER).keys() == figures.counts(workspace, "channel", complaints).keys()
    assert sum(figures.counts(workspace, "channel", EVER).values()) == 2
    assert sum(figures.counts(workspace, "channel", complaints).values()) == 1


def test_a_register_that_was_restored_gets_figures_of_its_own(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    registered(workspace, "kept")
    backup = upkeep.backup(workspace).path
    registered(workspace, "lost", place="1203")
    before = figures.counts(workspace, "", EVER)
    workspace.close()
    restoring.restore(workspace.folder, clock, rules, backup)

    with closing(open_workspace(workspace.folder, clock, rules)) as ws:
        after = as_kept(ws)
        assert after == from_the_beginning(ws)

    assert before == {"": 2}
    assert after[""] == {"": 1}


@pytest.mark.parametrize("damage", [b"", b"no figures at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_figures_that_are_damaged_are_made_anew(
    workspace: Workspace, clock: FixedClock, rules: Rules, damage: bytes
) -> None:
    registered(workspace, "one")
    before = as_kept(workspace)
    workspace.close()
    workspace.folder.figures.write_bytes(damage)

    with closing(open_workspace(workspace.folder, clock, rules)) as ws:
        assert as_kept(ws) == before


def test_beside_a_folder_in_the_way_figures_are_kept_in_memory(workspace: Workspace) -> None:
    registered(workspace, "one")
    workspace.folder.figures.mkdir()

    assert figures.counts(workspace, "", EVER) == {"": 1}
    registered(workspace, "two")
    assert figures.counts(workspace, "", EVER) == {"": 2}


def test_slices_bring_the_figures_up_to_date(workspace: Workspace) -> None:
    for n in range(5):
        registered(workspace, f"{n}")
    before = figures.behind(workspace)

    first = figures.catch_up(workspace, 2)

    assert (before, first, figures.behind(workspace)) == (5, (2, 3), 3)
    assert figures.catch_up(workspace, 100) == (3, 0)
    assert figures.catch_up(workspace, 100) == (0, 0)


@pytest.mark.parametrize(("after", "in_time"), [(timedelta(hours=2, minutes=5), 1), (timedelta(days=40), 0)])
def test_facts_say_how_long_the_first_answer_took(
    workspace: Workspace, clock: FixedClock, after: timedelta, in_time: int
) -> None:
    number = registered(workspace, "one", received_at=str(NOW)[:19]).case.number
    clock.moment = NOW + after
    acted(workspace, number, "reply", content="已答复")

    told = figures.facts(workspace, number)

    assert told is not None
    assert (told.answered_minutes, told.closed_minutes) == (after.total_seconds() / 60, None)
    assert told.replied_in_time == in_time
    assert told.was_late == 1 - in_time
