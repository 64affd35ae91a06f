"""What is left of a case when nobody is to be known from it: what is counted stays, what tells of a person goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.blotting import Blotter, known_by
from desk_app.domain.case import Case, CaseFile
from desk_app.domain.fields import Personal
from desk_app.domain.privacy import BLOTTED
from desk_app.domain.retention import after_years, check_years
from desk_app.errors import KnownError
from desk_app.services.rules import load_rules
from tests.helpers.builders import NOW
from tests.helpers.records import a_record

RULES = load_rules()
ITEMS = RULES.fields["item"].impersonal


def blotted(case: Case) -> Case:
    """Return a case as it is left."""
    words = known_by(CaseFile(case, (), ()), ITEMS)
    return Blotter(RULES.fields, RULES.actions, words).case(case)


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ("一楼大堂", "一楼大堂"),
        ("2 号收银台", "2 号收银台"),
        ("3 号楼 1201 室", BLOTTED),  # a number of three digits is a room, a house or a telephone
        ("李小山家里", BLOTTED),
        ("和平路八号的门口", BLOTTED),
        ("", ""),
    ],
)
def test_a_place_stays_unless_it_tells_whose_matter_it_was(place: str, left: str) -> None:
    case = a_record(place=place, customer_name="李小山先生", customer_address="和平路八号")

    assert blotted(case).place == left


@pytest.mark.parametrize("when", ["2026-11-20T09:00:00+08:00", "2026-11-20", "上周二晚上", ""])
def test_a_moment_stays_in_whatever_words(when: str) -> None:
    assert blotted(a_record(occurred_at=when)).occurred_at == when


def test_of_an_item_what_it_is_stays_and_whose_it_is_goes() -> None:
    item = {"model": "SX-1500", "order_no": "A1", "member_no": "77431", "room": "12", "batch": "77431 的"}

    assert blotted(a_record(item=item)).item == {"model": "SX-1500"}


@given(st.dictionaries(st.sampled_from([f.key for f in RULES.fields if f.personal is Personal.ALWAYS]), st.text()))
def test_what_was_typed_freely_is_gone_and_the_rest_is_as_it_was(said: dict[str, object]) -> None:
    case = replace(a_record(), **{k: {"order_no": v} if k == "item" else v for k, v in said.items()})  # type: ignore[arg-type]

    left = blotted(case)

    for fact in RULES.fields:
        before, after = getattr(case, fact.key), getattr(left, fact.key)
        if fact.key == "item":
            assert set(after) <= set(ITEMS)
        elif fact.personal is Personal.ALWAYS:
            assert after == (BLOTTED if before else before)
        elif fact.personal is Personal.NEVER:
            assert after == before
    assert blotted(left) == left


def test_every_field_that_names_a_person_goes() -> None:
    gone = {fact.key for fact in RULES.fields if fact.personal is Personal.ALWAYS}

    assert gone == {
        *("customer_name", "customer_phone", "customer_address", "on_behalf_of", "parties"),
        *("item", "content", "demand", "true_cause"),
    }


@pytest.mark.parametrize("years", [-1, 0, 31])
def test_a_time_that_is_none_is_refused(years: int) -> None:
    with pytest.raises(KnownError, match="retention_years_wrong"):
        check_years(years)


def test_a_leap_day_ends_on_the_day_before_march() -> None:
    leap = datetime(2028, 2, 29, 10, tzinfo=NOW.tzinfo)

    assert after_years(leap, 3) == datetime(2031, 2, 28, 10, tzinfo=NOW.tzinfo)
    assert after_years(leap, 4) == datetime(2032, 2, 29, 10, tzinfo=NOW.tzinfo)
