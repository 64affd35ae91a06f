"""What is warned of, against counting by hand; who counts here is a list of facts."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.facts import Facts, Within
from desk_app.domain.periods import Period, read_period
from desk_app.domain.warning import (
    Found,
    Level,
    Often,
    Part,
    Times,
    Unusual,
    WarningRule,
    WarningRules,
    Watch,
    chance,
    without_echoes,
)
from desk_app.domain.warning_file import read_rules
from desk_app.errors import KnownError
from desk_app.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TODAY = date(2026, 11, 22)
_BLANK = dict.fromkeys(Facts._fields, "") | {"is_void": 0, "kind": "complaint", "items": ()}
CATEGORY = WarningRule("category", Part.CATEGORY, ("complaint",), Often(3, 6, 12))
RISING = WarningRule("rising", Part.CATEGORY, ("complaint",), None, rising=True)
UNUSUAL = Unusual(0.01, 3, 3)
SHIPPED = tomllib.loads((resources_dir() / "warnings.toml").read_text(encoding="utf-8"))


def fact(day: date | str, category: str = "空调", **said: object) -> Facts:
    return Facts(**{**_BLANK, "day": str(day), "category": category, **said})


class Listed:
    """Counts what is in a list, one by one."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        self._all = list(facts)
        self._facts = [f for f in self._all if not f.is_void]

    def numbers(self, part: str, value: str, within: Within, limit: int) -> tuple[str, ...]:
        mine = [f.number for f in self._of(within) if value in (f.items if part == "items" else (getattr(f, part),))]
        return tuple(mine[::-1][:limit])

    def facts_of(self, number: str) -> Facts | None:
        return next((f for f in self._all if f.number == number), None)

    def _of(self, within: Within) -> list[Facts]:
        return [f for f in self._facts if within.first <= f.day < within.before and f.kind in within.kinds]

    def counts(self, part: str, within: Within) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for each in self._of(within):
            said = getattr(each, part)
            found.update(v for v in (said if isinstance(said, tuple) else (said,)) if v)
        return found

    def count(self, part: str, value: str, within: Within) -> int:
        return self.counts(part, within).get(value, 0)

    def by_day(self, within: Within) -> Mapping[str, int]:
        return Counter(f.day for f in self._of(within))


def watch(facts: Iterable[Facts], *rules: WarningRule, today: date = TODAY, period: Period | None = None) -> Watch:
    span = period or read_period("month", today)
    return Watch(WarningRules(rules, UNUSUAL), span, today, Listed(facts), {})


def found(
    facts: Iterable[Facts], *rules: WarningRule, today: date = TODAY, period: Period | None = None
) -> tuple[Found, ...]:
    return tuple(watch(facts, *rules, today=today, period=period).found())


def planted(category: str, **days: int) -> list[Facts]:
    """Return so many cases on some days, as d20261103=2."""
    return [fact(f"{day[1:5]}-{day[5:7]}-{day[7:]}", category) for day, n in days.items() for _ in range(n)]


# ------------------------------------------------------------------------------------------------------ thresholds


@pytest.mark.parametrize(
    ("times", "level"),
    [
        ((2, 9, 99), None),
        ((3, 3, 3), Level.NOTICE),
        ((3, 5, 11), Level.NOTICE),
        ((3, 6, 11), Level.FOCUS),
        ((3, 6, 12), Level.SERIOUS),
        ((3, 3, 12), Level.SERIOUS),
    ],
)
def test_n_in_the_month_are_a_notice_in_the_quarter_too_a_focus_in_the_year_too_serious(
    times: tuple[int, int, int], level: Level | None
) -> None:
    assert Often(3, 6, 12).level(Times(*times)) is level


def test_a_month_ends_with_its_last_day_a_quarter_and_a_year_begin_with_their_first() -> None:
    at_the_edges = planted("空调", d20261001=2, d20260930=6, d20260101=2, d20251231=5, d20261101=3, d20261031=1)

    (only,) = found(at_the_edges, CATEGORY)

    assert (only.times, only.level) == (Times(3, 6, 14), Level.SERIOUS)
    assert not found(planted("空调", d20261031=2, d20261101=1), CATEGORY)


def test_a_void_case_and_one_of_another_kind_count_nowhere() -> None:
    three = planted("空调", d20261103=2)

    assert not found([*three, fact("2026-11-04", is_void=1), fact("2026-11-04", kind="praise")], CATEGORY)
    assert found([*three, fact("2026-11-04")], CATEGORY)


def test_an_item_that_says_nothing_is_left_out_and_of_several_each_counts() -> None:
    rule = WarningRule("item", Part.ITEM, ("complaint",), Often(3, 6, 12), left_out=frozenset({"stay"}))
    facts = [fact("2026-11-03", items=("room：1203", f"order_no：{n}", "stay：2026-11-01")) for n in range(3)]

    assert [f.value for f in found(facts, rule)] == ["room：1203"]
    assert [f.value for f in watch(facts, rule).of(facts[0])] == ["room：1203"]


def test_it_is_since_the_day_of_the_case_with_which_the_level_was_reached() -> None:
    facts = planted("空调", d20261005=3, d20261102=1, d20261109=1, d20261110=1, d20261120=1)

    looking = watch(facts, CATEGORY)
    (only,) = looking.found()

    assert only.level is Level.FOCUS
    assert looking.since(only) == date(2026, 11, 10)


def test_a_first_level_that_is_one_category_alone_is_told_once() -> None:
    topic = replace(CATEGORY, id="topic", part=Part.TOPIC)
    one = [fact("2026-11-03", "设施 > 空调", topic="设施") for _ in range(3)]
    two = [*one, fact("2026-11-04", "设施 > 电梯", topic="设施")]

    assert [f.value for f in without_echoes(found(one, CATEGORY, topic))] == ["设施 > 空调"]
    assert [f.value for f in without_echoes(found(two, CATEGORY, topic))] == ["设施 > 空调", "设施"]


days = st.dates(date(2025, 9, 1), date(2027, 1, 31))
cases = st.lists(
    st.builds(
        fact,
        days,
        st.sampled_from(["甲", "乙", "甲 > 一"]),
        kind=st.sampled_from(["complaint", "praise"]),
        is_void=st.sampled_from([0, 0, 0, 1]),
    ),
    max_size=80,
)


@given(cases, days)
def test_what_is_found_is_what_counting_by_hand_finds(facts: list[Facts], today: date) -> None:
    often = Often(1, 2, 4)
    mine = [f for f in facts if not f.is_void and f.kind == "complaint"]
    month, last = str(today)[:7], read_period("month", today).last
    quarter = {f"{today.year}-{m:02}" for m in range((today.month - 1) // 3 * 3 + 1, today.month + 1)}
    expected = {}
    for value in {f.category for f in mine}:
        of_it = [f.day for f in mine if f.category == value and f.day <= str(last)]
        times = Times(
            sum(day[:7] == month for day in of_it),
            sum(day[:7] in quarter for day in of_it),
            sum(day[:4] == month[:4] for day in of_it),
        )
        if level := often.level(times):
            expected[value] = (level, times)

    hits = found(facts, replace(CATEGORY, often=often), today=today)

    assert {f.value: (f.level, f.times) for f in hits} == expected


near = st.lists(st.builds(fact, st.dates(date(2026, 10, 20), date(2026, 11, 20)), st.sampled_from("甲乙")), max_size=20)


@given(near, st.just(TODAY))
def test_it_is_since_the_first_day_after_which_counting_by_hand_finds_the_level(
    facts: list[Facts], today: date
) -> None:
    rule, last = replace(CATEGORY, often=Often(1, 3, 5)), read_period("month", today).last
    looking = watch(facts, rule, today=last)

    for each in looking.found():
        by_day = [
            any(f.value == each.value and f.level.rank >= each.level.rank for f in found(until, rule, today=last))
            for day in range(1, last.day + 1)
            if (until := [f for f in facts if f.day <= str(last.replace(day=day))]) is not None
        ]
        assert looking.since(each).day == by_day.index(True) + 1


@given(cases, days, st.booleans())
def test_a_case_is_told_just_what_the_overview_tells_of_it(facts: list[Facts], today: date, tested: bool) -> None:
    rule = replace(CATEGORY, often=Often(1, 3, 5), rising=tested)
    of_month = [f for f in facts if f.day[:7] == str(today)[:7]]

    everything = found(facts, rule, today=today)

    for each in of_month:
        mine = [f for f in everything if f.value == each.category and not each.is_void and each.kind == "complaint"]
        assert list(watch(facts, rule, today=today).of(each)) == mine


def test_many_things_are_counted_as_few_are() -> None:
    facts = [fact("2026-11-03", f"第 {n} 类") for n in range(25) for _ in range(3)]
    facts += [fact("2026-10-03", f"第 {n} 类") for n in range(25) for _ in range(n)]

    assert {f.value: f.times for f in found(facts, CATEGORY)} == {
        f"第 {n} 类": Times(3, n + 3, n + 3) for n in range(25)
    }


# ------------------------------------------------------------------------------------------------------------ rising


@given(st.integers(0, 40), st.integers(1, 31), st.integers(0, 60), st.integers(90, 366))
def test_the_chance_is_that_of_adding_up_every_outcome(now: int, days_now: int, before: int, days_before: int) -> None:
    total, share = now + before, Fraction(days_now, days_now + days_before)
    exact = sum(math.comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(now, total + 1))

    assert chance(now, days_now, before, days_before) == pytest.approx(float(exact), rel=1e-9)


def test_the_chance_of_very_many_is_no_overflow_and_no_chance_below_nought() -> None:
    assert chance(30_000, 30, 300_000, 365) == pytest.approx(0, abs=1e-9)
    assert chance(24_600, 30, 300_000, 365) == pytest.approx(0.65, abs=0.2)
    assert chance(1, 30, 300_000, 365) == pytest.approx(1)
    assert chance(0, 30, 0, 365) == 1


def usual(category: str, a_month: int, months: int = 12) -> list[Facts]:
    """Return so many cases in the middle of each of the months before November 2026."""
    first, made = date(2026, 11, 1), []
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
        made += [fact(first.replace(day=15), category)] * a_month
    return made


def test_much_more_than_usual_rises_and_as_much_as_usual_does_not() -> None:
    facts = [*usual("空调", 1), *usual("服务", 9), *planted("空调", d20261110=9), *planted("服务", d20261110=9)]

    (only,) = found(facts, RISING)

    assert (only.value, only.rising, only.level) == ("空调", True, Level.NOTICE)


def test_two_are_never_called_rising_and_nothing_is_with_less_than_three_months_before() -> None:
    assert not found(
        [*usual("空调", 1), *usual("服务", 90), *planted("空调", d20261101=2)], RISING, today=date(2026, 11, 1)
    )
    assert not found([*usual("空调", 1, months=2), *planted("空调", d20261110=30)], RISING)
    assert found([*usual("空调", 1, months=3), *planted("空调", d20261110=30)], RISING)


def test_one_case_of_years_ago_makes_no_history() -> None:
    assert not found([fact("2025-12-31"), *planted("空调", d20261110=30, d20261031=1)], RISING)


def test_the_present_day_counts_and_the_rest_of_the_month_does_not() -> None:
    """Five on the first day are more than one a month; five in a whole month after four each month are not."""
    facts = [*usual("空调", 2), *planted("空调", d20261101=5)]

    assert found(facts, RISING, today=date(2026, 11, 1))
    assert not found(facts, RISING, today=date(2026, 11, 30))


def test_the_more_is_tested_the_less_is_significant() -> None:
    facts = [*usual("空调", 1), *planted("空调", d20261110=6)]
    crowd = [f for n in range(400) for f in usual(f"别的 {n}", 1)]

    assert found(facts, RISING)
    assert not found([*facts, *crowd], RISING)


def test_a_value_that_was_never_there_before_is_told_by_its_number_alone() -> None:
    facts = [*usual("服务", 5), *planted("空调", d20261110=5)]

    assert not found(facts, RISING)
    assert [f.value for f in found(facts, CATEGORY)] == ["空调"]


def test_a_rising_level_keeps_its_level_and_is_marked() -> None:
    (only,) = found([*usual("空调", 1), *planted("空调", d20261110=9)], replace(CATEGORY, rising=True))

    assert (only.level, only.rising) == (Level.SERIOUS, True)


def test_in_2099_it_is_as_at_any_time() -> None:
    facts = planted("空调", d20991201=3, d20991130=1)

    (only,) = found(facts, CATEGORY, today=date(2099, 12, 31))

    assert only.times == Times(3, 4, 4)


# ------------------------------------------------------------------------------------------------------ the rule file


def own(text: str) -> WarningRules:
    return read_rules(SHIPPED, tomllib.loads(text))


def test_what_is_shipped_can_be_read_and_has_a_rule_for_each_part_of_the_trade() -> None:
    rules = own("").rules

    assert len({rule.id for rule in rules}) == len(rules)
    assert {rule.part for rule in rules} == set(Part) - {Part.HANDLER}


def test_the_shop_bends_a_rule_puts_one_out_of_force_and_adds_one() -> None:
    rules = own(
        '[[rule]]\nid = "category"\nmonth = 2\n[[rule]]\nid = "place"\nenabled = false\n'
        '[[rule]]\nid = "who"\npart = "handler"\nkinds = ["complaint"]\nrising = true\n[rising]\nleast = 5\n'
    )

    by_id = {rule.id: rule for rule in rules.rules}
    assert by_id["category"].often == Often(2, 6, 12)
    assert "place" not in by_id
    assert (by_id["who"].part, by_id["who"].often) == (Part.HANDLER, None)
    assert rules.unusual == Unusual(0.01, 5, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[limits]\nmonth = 3", "deadlines_part_unknown"),
        ("[rule]\nid = 3", "deadlines_part_bad"),
        ("rising = 3", "deadlines_part_bad"),
        ('[[rule]]\nid = "a"\npart = "weather"', "deadlines_value_bad"),
        ('[[rule]]\nid = "category"\nmonth = "drei"', "deadlines_value_bad"),
        ('[[rule]]\nid = "category"\nmonth = 0', "deadlines_value_bad"),
        ('[[rule]]\nid = "category"\nmonth = 7', "deadlines_value_bad"),
        ('[[rule]]\nid = "category"\nkinds = []', "deadlines_value_bad"),
        ('[[rule]]\nid = "category"\nmonths = 7', "deadlines_key_unknown"),
        ('[[rule]]\npart = "place"', "deadlines_key_missing"),
        ('[[rule]]\nid = "a"\npart = "place"\nkinds = ["complaint"]', "deadlines_key_missing"),
        ('[[rule]]\nid = "a"\npart = "place"\nkinds = ["complaint"]\nmonth = 2', "deadlines_key_missing"),
        ('[[rule]]\nid = "place"\n[[rule]]\nid = "place"', "deadlines_rule_twice"),
        ("[rising]\nsignificance = 2.0", "deadlines_value_bad"),
        ("[rising]\nmonths = 2", "deadlines_value_bad"),
        ("[rising]\nleast = true", "deadlines_value_bad"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(text: str, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        own(text)

    assert caught.value.code == code
