"""Behind every figure of the overview are exactly the cases that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.metrics import METRICS, Among
from desk_app.domain.periods import read_period
from desk_app.errors import KnownError
from desk_app.services import access, search, shop
from desk_app.services.overview import PARTS, Behind, What, cases_behind, overview
from tests.helpers.builders import NOW, registered
from tests.helpers.counting import CASES, fill

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.domain.periods import Period
    from desk_app.services.workspace import Workspace

MOST = 1000
MONTH = read_period("2026-11", NOW.date())


@pytest.fixture
def register(workspace: Workspace, clock: FixedClock) -> Workspace:
    """A register whose cases are of some kinds, came at many hours, and are worked at or not."""
    fill(workspace, clock)
    return workspace


def behind(ws: Workspace, what: Behind, kinds: tuple[str, ...] = (), period: Period = MONTH) -> int:
    """Return how many different cases are behind a figure."""
    hits = cases_behind(ws, period, what, MOST, kinds)
    assert len({hit.number for hit in hits}) == len(hits)
    return len(hits)


@pytest.mark.parametrize("kinds", [(), ("complaint",)], ids=["all", "complaints"])
def test_behind_each_count_and_rate_are_as_many_cases(register: Workspace, kinds: tuple[str, ...]) -> None:
    now = overview(register, MONTH, kinds).now

    found = {what: behind(register, Behind(what), kinds) for what in (What.ALL, What.OPEN, What.OVERDUE, What.CLOSED)}
    counted = {key: behind(register, Behind(What.RATE, key), kinds) for key in METRICS}
    among = {key: behind(register, Behind(What.AMONG, key), kinds) for key in METRICS}

    assert found == {
        What.ALL: now.total,
        What.OPEN: now.open,
        What.OVERDUE: now.overdue,
        What.CLOSED: now.closed,
    }
    assert now.closed
    assert now.overdue
    assert behind(register, Behind(What.ANSWERED), kinds) == now.answered.count > 0
    assert behind(register, Behind(What.DONE), kinds) == now.done.count > 0
    assert counted == {key: rate.count for key, rate in now.rates.items()}
    assert among == {k: 0 if METRICS[k].among is Among.SERVED else rate.whole for k, rate in now.rates.items()}


def test_behind_each_mark_are_as_many_cases(register: Workspace) -> None:
    found = overview(register, MONTH)

    for part in PARTS:
        counted = {value: behind(register, Behind(What.VALUE, value, part)) for value in found.now.parts[part]}
        assert counted == found.now.parts[part]
    assert len(found.spots) > 1
    assert {spot: behind(register, Behind(What.VALUE, spot, "spot")) for spot in found.spots} == found.spots
    hours = {(day, hour): behind(register, Behind(What.HOUR, f"{day}-{hour}")) for day, hour in found.hours}
    assert hours == found.hours
    days = {point.name: behind(register, Behind(What.ALL, days=point.name)) for point in found.trend}
    assert days == {point.name: point.now for point in found.trend}


def test_of_a_year_each_month_has_its_cases(register: Workspace) -> None:
    year = read_period("2026", NOW.date())
    found = overview(register, year)

    months = {point.name: behind(register, Behind(What.ALL, days=point.name), period=year) for point in found.trend}

    assert months == {point.name: point.now for point in found.trend}
    assert sum(months.values()) == CASES


def test_the_newest_come_first_and_no_more_than_are_wanted(register: Workspace) -> None:
    every = cases_behind(register, MONTH, Behind(What.ALL), MOST)
    days = [hit.received_at.date() for hit in every]

    assert days == sorted(days, reverse=True)
    assert cases_behind(register, MONTH, Behind(What.ALL), 3) == every[:3]


def test_what_is_behind_is_written_as_one_text_and_read_again() -> None:
    for each in (Behind(What.ALL), Behind(What.VALUE, "客房部 · 噪音|a", "spot"), Behind(What.ALL, days="2026-11-03")):
        assert Behind.of(each.key) == each


def test_cases_are_shown_in_the_order_they_are_asked_for_without_those_that_are_not_there(workspace: Workspace) -> None:
    numbers = [registered(workspace, f"case-{n}", customer_phone="13800138000").case.number for n in range(3)]

    hits = search.of_numbers(workspace, (numbers[2], "TS-20000101-001", numbers[0]))

    assert [hit.number for hit in hits] == [numbers[2], numbers[0]]
    assert all("13800138000" not in f"{hit.customer}{hit.matter}{hit.snippet}" for hit in hits)
    assert search.of_numbers(workspace, ()) == ()


def test_nothing_is_shown_while_the_desk_is_locked(register: Workspace) -> None:
    shop.set_up(register, "店", "general", "小周")
    access.set_pin(register, "小周", "2580")
    access.sign_out(register)

    for ask in (
        lambda: cases_behind(register, MONTH, Behind(What.ALL), MOST),
        lambda: search.of_numbers(register, ()),
    ):
        with pytest.raises(KnownError) as refused:
            ask()
        assert refused.value.code == "locked"
