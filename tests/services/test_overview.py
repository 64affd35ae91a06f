"""The figures of the overview are those that somebody reckons by hand from the cases as they are shown."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import TYPE_CHECKING, Any

import pytest

from desk_app import jsonio
from desk_app.domain import metrics
from desk_app.domain.facts import Within
from desk_app.domain.metrics import METRICS, Rate, percentile
from desk_app.domain.periods import read_period
from desk_app.errors import KnownError
from desk_app.services import desk, figures, intake, overview
from desk_app.storage import cases
from tests.helpers.builders import SHANGHAI, acted, registered
from tests.helpers.working import closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.domain.periods import Period
    from desk_app.services.workspace import Workspace

Shown = dict[str, Any]


def shown(ws: Workspace) -> list[Shown]:
    """Return every case as ``show --json`` prints it: all that the reckoning by hand may look at."""
    numbers = cases.numbers(ws.store.conn)
    files = (desk.case_file(ws, number) for number in numbers)
    book = ws.policy.deadlines
    return [json.loads(json.dumps(jsonio.case_out(file, ws.rules.sentences, book), default=str)) for file in files]


class ByHand:
    """The figures of a period, reckoned from what is shown, with nothing of the program's own."""

    def __init__(self, everything: list[Shown], period: Period, now: datetime, kinds: tuple[str, ...]) -> None:
        first, last = period.first.isoformat(), period.last.isoformat()
        self.now = now
        self.cases = [
            one
            for one in everything
            if one["case"]["status"] != "void"
            and first <= one["case"]["received_at"][:10] <= last
            and (not kinds or one["case"]["kind"] in kinds)
        ]

    def count(self, holds: Callable[[Shown], object]) -> int:
        return sum(bool(holds(one)) for one in self.cases)

    def values(self, key: str) -> dict[str, int]:
        return dict(Counter(str(one["case"][key]) for one in self.cases if one["case"][key]))

    # -------------------------------------------------------------------------------------------- of one case

    def deeds(self, one: Shown, action: str) -> list[Shown]:
        return [event for event in one["events"] if event["action"] == action]

    def answers(self, one: Shown) -> list[Shown]:
        return [e for e in self.deeds(one, "reply") if e["data"].get("to") != "external"]

    def overdue(self, one: Shown) -> list[Shown]:
        return [f for f in one["follow_ups"] if f["done_at"] is None and at(f["due_at"]) < self.now]

    def was_late(self, one: Shown) -> bool:
        return any(f["done_at"] and at(f["done_at"]) > at(f["due_at"]) for f in one["follow_ups"])

    def lacks(self, one: Shown) -> bool:
        case = one["case"]
        happened = case["kind"] == "complaint" and not (case["occurred_at"] and case["place"])
        return happened or not (case["anonymous"] or case["customer_phone"] or case["customer_address"])

    def in_time(self, one: Shown) -> bool | None:
        owed = [f for f in one["follow_ups"] if f["kind"] == "reply"]
        answers = self.answers(one)
        if not owed or not answers or owed[-1]["done_at"] is None:  # a dissatisfied customer is owed another answer
            return None
        return at(answers[-1]["at"]) <= at(owed[-1]["due_at"])

    def word(self, one: Shown) -> str:
        reached = [e for e in self.deeds(one, "return_visit") if e["data"].get("reached") is not False]
        return str(reached[-1]["data"].get("satisfaction") or "") if reached else ""

    def to_ask(self, one: Shown) -> bool:
        return bool(self.deeds(one, "return_visit")) or any(f["kind"] == "return_visit" for f in one["follow_ups"])

    def minutes(self, until: Callable[[Shown], Iterator[str]]) -> list[int]:
        each = (
            int((at(end) - at(one["case"]["received_at"])).total_seconds() // 60)
            for one in self.cases
            for end in until(one)
        )
        return sorted(each)

    # ----------------------------------------------------------------------------------------------- the figures

    def rates(self) -> dict[str, tuple[int, int | None]]:
        everyone = len(self.cases)
        closed_ones = self.count(lambda one: one["case"]["status"] == "closed")
        said = self.count(self.word)
        return {
            "complaints": (self.count(lambda one: one["case"]["kind"] == "complaint"), None),
            "omissions": (
                self.count(lambda one: self.lacks(one) or self.was_late(one) or self.overdue(one)),
                everyone,
            ),
            "dissatisfied": (self.count(lambda one: self.word(one) == "dissatisfied"), said),
            "satisfied": (self.count(lambda one: self.word(one) in {"satisfied", "fair"}), said),
            "visited": (
                self.count(
                    lambda one: any(e["data"].get("reached") is not False for e in self.deeds(one, "return_visit"))
                ),
                self.count(self.to_ask),
            ),
            "replied_in_time": (
                self.count(self.in_time),
                self.count(lambda one: self.in_time(one) is not None)
                + self.count(
                    lambda one: self.in_time(one) is None and any(f["kind"] == "reply" for f in self.overdue(one))
                ),
            ),
            "closed_in_time": (
                self.count(lambda one: one["case"]["status"] == "closed" and not self.was_late(one)),
                closed_ones,
            ),
            "closed": (closed_ones, everyone),
            "came_again": (
                self.count(
                    lambda one: (
                        one["case"]["round"] > 1
                        or any(e["data"].get("direction") == "in" for e in self.deeds(one, "contact"))
                    )
                ),
                everyone,
            ),
        }


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def ends(by_hand: ByHand, one: Shown) -> Iterator[str]:
    if one["case"]["status"] == "closed":
        yield by_hand.deeds(one, "close")[-1]["at"]


def begins(by_hand: ByHand, one: Shown) -> Iterator[str]:
    yield from [min(e["at"] for e in by_hand.answers(one))] if by_hand.answers(one) else ()


def compare(ws: Workspace, period: Period, kinds: tuple[str, ...] = ()) -> overview.Overview:
    """Compare all that the overview says of a period with the reckoning by hand; return it."""
    by_hand = ByHand(shown(ws), period, ws.clock.now(), kinds)
    told = overview.overview(ws, period, kinds)
    span = told.now
    assert span.total == len(by_hand.cases)
    assert span.closed == by_hand.count(lambda one: one["case"]["status"] == "closed")
    assert span.open == span.total - span.closed
    assert span.overdue == by_hand.count(by_hand.overdue)
    assert {key: (each.count, each.whole) for key, each in span.rates.items()} == by_hand.rates()
    for part in ("kind", "channel", "route", "severity", "receiver"):
        assert span.parts[part] == by_hand.values(part), part
    assert span.parts["topic"] == dict(Counter(o["case"]["category"].split(" > ")[0] for o in by_hand.cases))
    responsible = (by_hand.deeds(one, "determine") for one in by_hand.cases)
    assert span.parts["responsibility"] == dict(Counter(e[-1]["data"]["responsibility"] for e in responsible if e))
    for times, minutes in (
        (span.answered, by_hand.minutes(lambda one: begins(by_hand, one))),
        (span.done, by_hand.minutes(lambda one: ends(by_hand, one))),
    ):
        assert times.count == len(minutes)
        assert times.median == (median_low(minutes) if minutes else None)
        if minutes:
            assert sum(m <= (times.ninety or 0) for m in minutes) >= 0.9 * len(minutes)
            assert sum(m < (times.ninety or 0) for m in minutes) < 0.9 * len(minutes)
    received = [at(one["case"]["received_at"]) for one in by_hand.cases]
    assert told.hours == dict(Counter((moment.weekday(), moment.hour) for moment in received))
    by_day = Counter(moment.date().isoformat() for moment in received)
    if (period.last - period.first).days < 60:
        assert {point.name: point.now for point in told.trend if point.now} == dict(by_day)
    for key in METRICS:
        numbers = overview.numbers_of_metric(ws, period, key, 10_000, kinds)
        assert len(set(numbers)) == len(numbers) == span.rates[key].count, key
        if METRICS[key].among is not metrics.Among.SERVED:
            assert len(overview.numbers_of_metric(ws, period, key, 10_000, kinds, among=True)) == span.rates[key].whole
    assert len(overview.numbers_of_overdue(ws, period, 10_000, kinds)) == span.overdue
    return told


def lived(ws: Workspace, clock: FixedClock, rng: random.Random, number: str, received: datetime) -> None:
    """Let a case be worked on somehow, as far as it may be."""
    clock.moment = received + timedelta(minutes=rng.randint(5, 4000))
    with_keys: list[tuple[str, dict[str, object]]] = [
        ("contact", {"content": "客户来问进度", "direction": rng.choice(["in", "out"])}),
        ("assign", {"department": rng.choice(["工程部", "客房部"]), "person": "小王"}),
        ("reply", {"content": "已答复"}),
        ("return_visit", {"satisfaction": rng.choice(["satisfied", "fair", "dissatisfied"])}),
        ("determine", {"responsibility": rng.choice(["company", "department", "customer"])}),
        ("void", {"reason": "重复登记"}) if rng.random() < 0.1 else ("contact", {"content": "再联系"}),
    ]
    for action, keys in with_keys:
        if rng.random() < 0.7:
            clock.moment += timedelta(minutes=rng.randint(1, 900))
            try:
                acted(ws, number, action, **keys)
            except KnownError:
                continue  # it may not be done now: that is as good a life


@pytest.mark.slow
def test_every_figure_of_a_real_october_is_the_one_reckoned_by_hand(
    real_data: Path, workspace: Workspace, clock: FixedClock
) -> None:
    rng = random.Random(10)
    clock.moment = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    lines = [json.loads(line) for line in (real_data / "month_2026-10.jsonl").read_text("utf-8").splitlines()]
    numbers = [intake.register(workspace, line, f"line-{n}").case.number for n, line in enumerate(lines)]
    for number, line in zip(numbers, lines, strict=True):
        lived(workspace, clock, rng, number, datetime.fromisoformat(line["received_at"]).replace(tzinfo=SHANGHAI))
    for number in numbers[:20]:
        clock.moment = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
        try:
            closed(workspace, number)
        except KnownError:
            continue
    clock.moment = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)

    october = compare(workspace, read_period("2026-10", clock.moment.date()))
    compare(workspace, read_period("2026-10", clock.moment.date()), ("complaint",))
    compare(workspace, read_period("2026", clock.moment.date()))
    week = compare(workspace, read_period("2026-W41", clock.moment.date()))

    assert october.now.total > 280
    assert week.now.total > 0
    assert 0 < october.now.overdue < october.now.total
    assert october.now.closed > 0
    assert october.now.rates["omissions"].count > 0


@pytest.mark.parametrize("seed", range(3))
def test_figures_of_a_made_up_quarter_are_those_reckoned_by_hand(
    workspace: Workspace, clock: FixedClock, seed: int
) -> None:
    rng = random.Random(seed)
    for n in range(30):
        received = datetime(2026, rng.randint(8, 11), rng.randint(1, 20), rng.randint(0, 23), tzinfo=SHANGHAI)
        clock.moment = received + timedelta(minutes=rng.choice([1, 3000]))
        made = registered(
            workspace,
            f"{seed}-{n}",
            received_at=received.isoformat(),
            kind=rng.choice(["complaint", "complaint", "service_request", "praise"]),
            place=rng.choice(["大堂", ""]),
        )
        lived(workspace, clock, rng, made.case.number, received)
    clock.moment = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)

    for name in ("2026-10", "2026-Q4", "2026-11", "2026", "2026-10-01..2026-10-01"):
        compare(workspace, read_period(name, clock.moment.date()))
        compare(workspace, read_period(name, clock.moment.date()), ("complaint",))


def test_a_month_stands_beside_the_one_before_and_the_same_of_last_year(
    workspace: Workspace, clock: FixedClock
) -> None:
    for n, day in enumerate(["2025-10-05", "2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"]):
        registered(workspace, f"{n}", received_at=f"{day} 10:00:00")

    told = overview.overview(workspace, read_period("2026-10", clock.now().date()))

    assert told.year_ago is not None
    assert (told.now.total, told.before.total, told.year_ago.total) == (2, 1, 1)
    assert (told.before.period.name, told.year_ago.period.name) == ("2026-09", "2025-10")
    assert [(p.name, p.now, p.before, p.year_ago) for p in told.trend if p.now or p.before or p.year_ago] == [
        ("2026-10-01", 1, 0, 0),
        ("2026-10-05", 0, 0, 1),
        ("2026-10-30", 0, 1, 0),
        ("2026-10-31", 1, 0, 0),
    ]
    assert len(told.trend) == 31


def test_an_empty_month_has_no_rates_and_a_single_case_has_whole_ones(workspace: Workspace, clock: FixedClock) -> None:
    registered(workspace, "one", received_at="2026-10-03 10:00:00", place="大堂", occurred_at="2026-10-03")

    empty = overview.overview(workspace, read_period("2026-08", clock.now().date())).now
    single = overview.overview(workspace, read_period("2026-10", clock.now().date())).now

    assert (empty.total, empty.answered.median, empty.done.ninety) == (0, None, None)
    assert [each.share for each in empty.rates.values()] == [None] * len(METRICS)
    assert single.total == 1
    assert single.rates["closed"] == Rate(0, 1)
    assert single.rates["closed"].share == 0.0


@pytest.mark.parametrize("year", ["2099", "9998", "0002"])
def test_a_year_far_away_is_empty(workspace: Workspace, year: str) -> None:
    registered(workspace, "one")

    assert overview.overview(workspace, read_period(year, date(2026, 11, 22))).now.total == 0


def test_the_figures_are_those_of_whoever_is_signed_in(workspace: Workspace) -> None:
    registered(workspace, "one")
    workspace.lock()

    with pytest.raises(KnownError, match="locked"):
        overview.overview(workspace, read_period("2026-11", date(2026, 11, 22)))
    with pytest.raises(KnownError, match="locked"):
        figures.counts(workspace, "topic", Within("2026-01-01", "2027-01-01"))


@pytest.mark.parametrize(
    ("times", "percent", "expected"),
    [([], 50, None), ([7], 50, 7), ([7], 90, 7), ([1, 2], 50, 1), ([1, 2, 3], 50, 2), (list(range(1, 11)), 90, 9)],
)
def test_a_percentile_is_the_nearest_rank(times: list[int], percent: int, expected: int | None) -> None:
    assert percentile(times, percent) == expected
