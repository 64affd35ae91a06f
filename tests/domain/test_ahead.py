"""A book that runs ahead says what one says that has it all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.ahead import Ahead
from desk_app.domain.facts import Within
from tests.domain.test_warning import Listed, fact

if TYPE_CHECKING:
    from desk_app.domain.facts import Facts

facts = st.builds(
    fact,
    st.dates(date(2026, 10, 28), date(2026, 11, 3)),
    st.sampled_from(["甲", "乙"]),
    number=st.integers(1, 9).map(str),
    kind=st.sampled_from(["complaint", "praise"]),
    items=st.sampled_from([(), ("room：1",), ("room：1", "order_no：2")]),
    is_void=st.sampled_from([0, 0, 1]),
)
books = st.lists(facts, unique_by=lambda each: each.number)


@given(books, books, st.sampled_from([("complaint",), ("complaint", "praise")]))
def test_a_book_that_runs_ahead_counts_as_one_that_has_it_all(
    before: list[Facts], now: list[Facts], kinds: tuple[str, ...]
) -> None:
    changed = {each.number for each in now}
    all_of_it = Listed([*(each for each in before if each.number not in changed), *now])
    within = Within("2026-10-30", "2026-11-02", kinds)

    ahead = Ahead(Listed(before), now)

    for part in ("category", "items"):
        assert ahead.counts(part, within) == all_of_it.counts(part, within)
        for value in ("甲", "room：1", "nowhere"):
            assert set(ahead.numbers(part, value, within, 20)) == set(all_of_it.numbers(part, value, within, 20))
            assert ahead.count(part, value, within) == all_of_it.count(part, value, within)
    assert ahead.by_day(within) == all_of_it.by_day(within)
    assert {each.number: ahead.facts_of(each.number) for each in now} == {each.number: each for each in now}
