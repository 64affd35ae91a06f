"""Who may decide what, and who is asked next: roles, limits, offices, the ladder."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.authority import Authority, Rung, read_authority
from desk_app.domain.rights import ALL, Granted, Right, read_rights
from desk_app.domain.vocabulary import Action, Role
from desk_app.paths import resources_dir
from tests.helpers.builders import NOW

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

RIGHTS = read_rights(tomllib.loads((resources_dir() / "deadlines.toml").read_text(encoding="utf-8"))["rights"])
PLAIN = Authority(
    rights=RIGHTS,
    limits={Role.SUPERVISOR: Decimal(1000), Role.MANAGER: None},
    offices={Role.SUPERVISOR: "部门负责人", Role.MANAGER: "店长"},
    ladder=(Rung("部门负责人", 4), Rung("店长", 24)),
)
RANKED = replace(PLAIN, roles={"小王": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER})


def test_what_is_shipped_is_this(rules: Rules) -> None:
    assert rules.policy.authority == PLAIN


@pytest.mark.parametrize(
    ("person", "role"),
    [("小王", Role.HANDLER), ("赵店长", Role.MANAGER), ("店长", Role.MANAGER), ("部门负责人", Role.SUPERVISOR),
     ("没人认识", Role.RECEPTIONIST), ("", Role.RECEPTIONIST)],
)  # fmt: skip
def test_a_person_has_the_role_that_was_given_an_office_its_own_and_others_the_least(person: str, role: Role) -> None:
    assert RANKED.role_of(person) is role


def test_a_role_that_was_given_outweighs_the_name_of_an_office() -> None:
    assert replace(PLAIN, roles={"店长": Role.HANDLER}).role_of("店长") is Role.HANDLER


def test_while_no_roles_are_given_everybody_may_everything_and_nothing_is_ones_own_matter() -> None:
    assert not PLAIN.is_on
    assert RANKED.is_on
    assert all(PLAIN.may("小周", right) for right in ALL)
    assert PLAIN.may_grant("小周", Decimal(10**9))
    assert not PLAIN.is_own_matter("店长", None)


@pytest.mark.parametrize("right", ALL)
def test_a_person_may_what_their_role_and_those_below_may(right: Granted) -> None:
    able = [p for p in ("小周", "小王", "林主管", "赵店长") if RANKED.may(p, right)]

    assert able == ["小周", "小王", "林主管", "赵店长"][list(Role).index(PLAIN.rights[right]) :]


@pytest.mark.parametrize(
    ("amount", "able"),
    [(None, "林主管 赵店长"), (Decimal(1000), "林主管 赵店长"), (Decimal("1000.01"), "赵店长")],
)
def test_a_role_grants_up_to_its_limit_and_one_that_is_not_named_nothing(amount: Decimal | None, able: str) -> None:
    people = ("小周", "小王", "林主管", "赵店长")

    assert [p for p in people if RANKED.may_grant(p, amount)] == able.split()
    assert [p for p in people if RANKED.is_own_matter(p, amount)] == able.split()


def test_the_approver_is_the_lowest_office_that_covers_the_amount() -> None:
    assert PLAIN.approver(None) == "部门负责人"
    assert PLAIN.approver(Decimal(1000)) == "部门负责人"
    assert PLAIN.approver(Decimal(1001)) == "店长"


def test_a_limit_of_those_who_are_no_office_lets_them_decide_and_nobody_ask_them() -> None:
    generous = replace(RANKED, limits={Role.HANDLER: Decimal(200), **RANKED.limits})

    assert generous.approver(Decimal(100)) == "部门负责人"
    assert generous.is_own_matter("小王", Decimal(200))
    assert not generous.is_own_matter("小王", Decimal(201))


def test_where_nobody_covers_an_amount_the_manager_is_asked() -> None:
    mean = replace(RANKED, limits={Role.SUPERVISOR: Decimal(10), Role.MANAGER: Decimal(20)})

    assert mean.approver(Decimal(21)) == "店长"
    assert not mean.may_grant("赵店长", Decimal(21))


def test_the_next_office_is_one_rung_up_and_the_last_has_nobody_above() -> None:
    assert [PLAIN.next_office(who) for who in ("小周", "部门负责人", "店长")] == ["部门负责人", "店长", None]


BOSS_ONLY = replace(PLAIN, roles={"小王": Role.HANDLER, "赵店长": Role.MANAGER})


def test_what_is_an_offices_that_nobody_holds_is_the_next_ones_above() -> None:
    assert (PLAIN.vacant, RANKED.vacant, BOSS_ONLY.vacant) == ((), (), ("部门负责人",))
    assert [BOSS_ONLY.approver(amount) for amount in (None, Decimal(1), Decimal(1001))] == ["店长"] * 3
    assert [BOSS_ONLY.next_office(who) for who in ("小周", "小王", "赵店长")] == ["店长", "店长", None]
    late = BOSS_ONLY.rung(NOW, NOW + timedelta(hours=5))
    assert late is not None
    assert late.office == "店长"
    assert BOSS_ONLY.office_of(Right.EXPORT) == "店长"
    assert RANKED.office_of(Action.DETERMINE) == "部门负责人", "a handler may, but is no office that can be asked"
    assert BOSS_ONLY.offices_of("赵店长") == ("部门负责人", "店长"), "and what was owed by it before"
    assert RANKED.offices_of("赵店长") == ("店长",)
    assert BOSS_ONLY.offices_of("小王") == BOSS_ONLY.offices_of("店长") == ()


def test_where_nobody_is_above_either_it_stays_the_offices() -> None:
    no_boss = replace(PLAIN, roles={"小王": Role.HANDLER})
    headless = replace(PLAIN, roles={"林主管": Role.SUPERVISOR})

    assert no_boss.vacant == ("部门负责人", "店长")
    assert (no_boss.approver(None), no_boss.next_office("小周")) == ("部门负责人", "部门负责人")
    assert (headless.approver(Decimal(1001)), headless.vacant) == ("店长", ("店长",))
    assert headless.offices_of("林主管") == ("部门负责人",), "nobody is lifted above their own office"


def test_an_office_is_held_by_somebody_who_is_called_so_and_a_name_is_no_office() -> None:
    called_so = replace(PLAIN, roles={"部门负责人": Role.HANDLER, "赵店长": Role.MANAGER})

    assert called_so.vacant == ()
    assert called_so.acting("部门负责人") == "部门负责人"
    assert [BOSS_ONLY.acting(name) for name in ("小王", "王总", "")] == ["小王", "王总", ""]


def test_the_word_for_an_office_is_no_person_where_there_are_roles() -> None:
    assert RANKED.is_office_word("店长")
    assert not RANKED.is_office_word("赵店长")
    assert not PLAIN.is_office_word("店长")
    assert not replace(PLAIN, roles={"店长": Role.MANAGER}).is_office_word("店长")
    assert not RANKED.may("店长", Action.DETERMINE)
    assert not RANKED.may_grant("店长", None)
    assert not RANKED.is_own_matter("店长", None)


def test_an_office_stands_below_another_by_its_role() -> None:
    assert RANKED.is_below("小周", "小王")
    assert RANKED.is_below("部门负责人", "店长")
    assert not RANKED.is_below("店长", "部门负责人")
    assert not RANKED.is_below("林主管", "部门负责人")


@pytest.mark.parametrize(
    ("hours", "office"),
    [(-1, None), (0, None), (3.99, None), (4, "部门负责人"), (23.99, "部门负责人"), (24, "店长"), (999, "店长")],
)
def test_what_is_late_climbs_by_itself(hours: float, office: str | None) -> None:
    rung = PLAIN.rung(NOW, NOW + timedelta(hours=hours))

    assert (rung.office if rung else None) == office


@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_later_has_never_climbed_less(hours: list[int], first: int, more: int) -> None:
    ladder = tuple(Rung(f"{n}", after) for n, after in enumerate(sorted(hours)))
    high = replace(PLAIN, ladder=ladder)

    def height(minutes: int) -> int:
        rung = high.rung(NOW, NOW + timedelta(minutes=minutes))
        return -1 if rung is None else ladder.index(rung)

    assert height(first) <= height(first + more)
    assert height(60 * max(hours)) == len(ladder) - 1


def test_a_ladder_is_read_in_its_order_and_a_limit_as_a_sum() -> None:
    data = {
        "rights": dict.fromkeys(ALL, "manager"),
        "authority": {"supervisor": 0.1, "manager": "all"},
        "offices": {"manager": "总经理"},
        "escalation": [{"office": "甲", "after_hours": 1}, {"office": "乙", "after_hours": 1}],
    }

    authority = read_authority(data)

    assert authority.limits == {Role.SUPERVISOR: Decimal("0.1"), Role.MANAGER: None}
    assert [rung.office for rung in authority.ladder] == ["甲", "乙"]
    assert authority.approver(Decimal("0.1")) == "总经理", "the supervisor has no office here"
