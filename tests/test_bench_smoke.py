"""The benchmark runs, reports, and measures what it says: its registers are what the use cases write.

No figure is asserted: they depend on the machine.
"""

from __future__ import annotations

import json
import random
from contextlib import closing
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from bench import __main__ as bench
from bench import lives, register_maker, texts
from bench.measure import Ceiling, Comparison, Series, in_turn
from bench.queue_page import ROWS
from bench.register_maker import END, Size
from bench.sizes import SCALES
from desk_app.clock import FixedClock
from desk_app.domain.case import Submission
from desk_app.domain.queue import View
from desk_app.domain.vocabulary import Unit
from desk_app.paths import DataFolder
from desk_app.services import desk, intake, upkeep

if TYPE_CHECKING:
    from pathlib import Path

CASES = lives.PATTERNS
KEYS = {"id", "case_id", "event_id", "request_id", "number"}  # what differs from one save to the next


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A small register as the benchmark makes it."""
    folder = DataFolder(tmp_path_factory.mktemp("made") / "data")
    register_maker.make(Size(CASES, 31), folder)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the operations keep their registers."""
    return tmp_path_factory.mktemp("cache")


def test_a_made_register_is_sound_and_owes_one_thing_for_every_ten_cases(made: DataFolder) -> None:
    with closing(register_maker.open_with(made, FixedClock(END))) as ws:
        findings = upkeep.verify(ws).findings
        owed = desk.queue_counts(ws, END).views[View.ALL]

    assert findings == ()
    assert owed == CASES // 10


def test_what_a_made_register_owes_is_of_many_kinds_by_many_and_due_as_the_rules_say(made: DataFolder) -> None:
    with closing(register_maker.open_with(made, FixedClock(END))) as ws:
        rows = desk.queue_page(ws, View.ALL, END, 0, CASES)
        files = [desk.case_file(ws, number) for number in {row.number for row in rows}]
        deadlines = ws.policy.deadlines
        for file in files:
            assert file.owed == tuple(map(deadlines.reckoned, file.owed))
            made_by = {event.id: event for event in file.events}
            assert all(made_by[f.event_id].at == f.start_at for f in file.follow_ups)
            named = {e.data["follow_up"] for e in file.events if "follow_up" in e.data}
            assert named == {f.id for f in file.follow_ups if f.snoozed_until}

    assert {row.kind for row in rows} >= {"reply", "handle", "approve", "return_visit", "promise", "correct", "verify"}
    assert {row.owed_by for row in rows} == {"李娜", "王强", "部门负责人", "店长", "前厅部"}
    assert {f.term.unit for file in files for f in file.owed} >= {Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS}


def test_a_made_case_equals_what_the_use_case_writes_column_by_column(made: DataFolder, tmp_path: Path) -> None:
    with closing(register_maker.open_with(made, FixedClock(END))) as ws:
        files = (desk.case_file(ws, row.number) for row in desk.queue_page(ws, View.ALL, END, 0, CASES))
        case = next(file.case for file in files if len(file.events) == 1)  # registered, nothing else
        number = case.number
        (case_id,) = ws.store.conn.execute('SELECT id FROM "case" WHERE number = ?', (number,)).fetchone()
        bulk = register_maker.rows_of(ws.store.conn, case_id)
    raw = {f.name: getattr(case, f.name) for f in fields(Submission)}

    new = DataFolder(tmp_path / "data")
    with closing(register_maker.open_with(new, FixedClock(case.received_at))) as ws:
        intake.register(ws, raw, "the same")
        saved = register_maker.rows_of(ws.store.conn, 1)

    assert without_keys(bulk) == without_keys(saved)
    assert [len(rows) for rows in bulk.values()] == [1, 1, 1, 0]


def test_the_views_are_measured_on_a_register_whose_customers_fell_silent(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    register_maker.make(Size(1_200, SCALES["small"].views.days), folder)

    with closing(register_maker.open_with(folder, FixedClock(END))) as ws:
        counts = desk.queue_counts(ws, END).views

    assert counts[View.SILENT] >= ROWS
    assert counts[View.ALL] == 1_200 // 10


def test_made_texts_are_as_long_as_they_should_be_and_differ() -> None:
    rng = random.Random(7)

    contents = [texts.content(rng) for _ in range(500)]

    assert {100 <= len(text) <= 200 for text in contents} == {True}
    assert len(set(contents)) > 450


def test_a_register_is_made_once_and_kept(tmp_path: Path) -> None:
    first = register_maker.register_of(Size(3, 31), tmp_path)
    made_at = first.database.stat().st_mtime_ns

    second = register_maker.register_of(Size(3, 31), tmp_path)

    assert second == first
    assert second.database.stat().st_mtime_ns == made_at


def test_both_sides_take_turns_and_the_warm_up_does_not_count() -> None:
    calls: list[str] = []

    def sampler(name: str) -> float:
        calls.append(name)
        return float(len(calls))

    taken = in_turn({"floor": lambda: sampler("floor"), "ours": lambda: sampler("ours")}, rounds=2)

    assert sorted(calls[:2]) == ["floor", "ours"]
    assert calls[2:] == ["floor", "ours", "ours", "floor"]
    assert taken == {"floor": Series((3.0, 6.0)), "ours": Series((4.0, 5.0))}


def test_a_ratio_is_the_median_of_the_rounds_and_met_up_to_its_goal() -> None:
    floor, ours = Series((1.0, 2.0, 90.0)), Series((3.0, 3.0, 9.0))

    exact, narrow = Comparison("x", floor, ours, goal=1.5), Comparison("x", floor, ours, goal=1.49)

    assert exact.ratio == 1.5
    assert (exact.is_met, narrow.is_met) == (True, False)
    assert floor.p95 == 90.0


def test_a_ceiling_is_met_by_the_middle_sample_or_by_95_of_100() -> None:
    taken = Series((1.0, 50.0, 90.0))

    assert Ceiling("x", taken, most=50).is_met
    assert not Ceiling("x", taken, most=49.9).is_met
    assert Ceiling("x", taken, most=90, rarely=True).is_met
    assert not Ceiling("x", taken, most=89.9, rarely=True).is_met


@pytest.mark.slow
@pytest.mark.parametrize("name", bench.OPERATIONS)
def test_each_operation_runs_and_reports(
    name: str, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"

    code = bench.main(["--only", name, "--size", "tiny", "--cache", str(cache), "--json", str(report)])

    printed, written = capsys.readouterr().out, json.loads(report.read_text(encoding="utf-8"))
    assert code == 0
    assert written["comparisons"] or written["ceilings"]
    for comparison in written["comparisons"]:
        assert comparison["operation"] in printed
        assert comparison["floor"]["median"] > 0
        assert comparison["ours"]["median"] > 0
    for ceiling in written["ceilings"]:
        assert f"{ceiling['operation']}  " in printed
        assert ceiling["ours"]["median"] > 0
    assert all(check["holds"] for check in written["checks"])
    assert "SQLite: " in printed


def without_keys(rows: object) -> object:
    return {table: [{k: v for k, v in row.items() if k not in KEYS} for row in found] for table, found in rows.items()}
