"""What stands in the way: the closing gate with everything that is missing, and who may decide what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Role, Route
from desk_app.domain.workflow import caution, decide, why_not
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ACCEPT,
    ANGRY,
    ANSWERED,
    APPROVE,
    ASSIGN,
    BLAMELESS,
    BY_EXCEPTION,
    CLOSE,
    CLOSED,
    CONTACT,
    CORRECT,
    DETERMINE,
    ESCALATE,
    FED_BACK,
    FEED_BACK,
    HAPPY,
    INVESTIGATE,
    KEEP,
    NOBODY,
    ON_SITE,
    OUTSIDE,
    PROMISE,
    PROPOSE,
    PUT_OFF,
    REFUSED,
    REJECT,
    REOPEN,
    REPLY,
    SATISFIED,
    UNDECIDED,
    VERIFY,
    VOID,
    Deed,
    live,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

ROLES = {"小周": Role.RECEPTIONIST, "小王": Role.HANDLER, "林主管": Role.SUPERVISOR, "赵店长": Role.MANAGER}
EXTERNAL = {"route": Route.EXTERNAL, "external_body": "消协"}
TRIED = (REPLY, BLAMELESS, NOBODY, NOBODY, NOBODY)


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    """The rules as they are shipped, and two that a shop may turn on."""
    book = rules.policy.deadlines
    wanted = ("on_site_visit", "service_on_site")
    on = tuple(replace(rule, enabled=rule.enabled or rule.id in wanted) for rule in book.rules)
    return replace(rules.policy, deadlines=replace(book, rules=on))


@pytest.fixture(scope="module")
def ranked(rules: Rules) -> Policy:
    return rules.policy.of_shop(ROLES)


# What was done, the case → everything that is missing before it can be closed.
MISSING: Mapping[str, tuple[tuple[Deed, ...], Mapping[str, object], str]] = {
    "nothing done": ((), {}, "reply responsibility feed_back"),
    "answered": ((REPLY,), {}, "visit responsibility feed_back"),
    "answered, found": (ANSWERED, {}, "visit feed_back"),
    "answered, asked": ((REPLY, HAPPY), {}, "responsibility feed_back"),
    "answered, asked, found": ((*ANSWERED, HAPPY), {}, "feed_back"),
    "all done": (FED_BACK, {}, ""),
    "told before the answer": ((FEED_BACK, *ANSWERED), {}, "visit"),
    "still undecided": ((REPLY, UNDECIDED, HAPPY, FEED_BACK), {}, "responsibility"),
    "decided after all": ((REPLY, UNDECIDED, HAPPY, FEED_BACK, DETERMINE), {}, ""),
    "two tries": ((*TRIED[:-1], FEED_BACK), {}, "visit"),
    "put off three times": ((REPLY, BLAMELESS, PUT_OFF, PUT_OFF, PUT_OFF, FEED_BACK), {}, "visit"),
    "put off, then out of reach": ((REPLY, BLAMELESS, PUT_OFF, NOBODY, NOBODY, NOBODY, FEED_BACK), {}, ""),
    "three tries": ((*TRIED, FEED_BACK), {}, ""),
    "tries of the round before": ((REPLY, NOBODY, NOBODY, ANGRY, BLAMELESS, REPLY, NOBODY, FEED_BACK), {}, "visit"),
    "dissatisfied": ((*ANSWERED, ANGRY), {}, "reply feed_back"),
    "answered again": ((*ANSWERED, ANGRY, REPLY), {}, "visit feed_back"),
    "told in the round before": ((*ANSWERED, FEED_BACK, ANGRY, REPLY, HAPPY), {}, "feed_back"),
    "reopened": ((*CLOSED, REOPEN), {}, "reply feed_back"),
    "a promise is open": ((PROMISE, *FED_BACK), {}, "promise"),
    "two promises are open": ((PROMISE, PROMISE, *FED_BACK), {}, "promise promise"),
    "the promise is kept": ((PROMISE, *FED_BACK, KEEP), {}, ""),
    "a correction is open": ((CORRECT, *FED_BACK), {}, ""),
    "waits for approval": ((PROPOSE,), {}, "reply responsibility approve feed_back"),
    "from outside": (FED_BACK, EXTERNAL, "external_reply"),
    "from outside, told": ((*FED_BACK, OUTSIDE), EXTERNAL, ""),
    "told outside only": ((OUTSIDE,), EXTERNAL, "reply responsibility feed_back"),
    "a return": (FED_BACK, {"kind": Kind.RETURN_REQUEST}, ""),
    "a return, no finding": ((REPLY, HAPPY, FEED_BACK), {"kind": Kind.RETURN_REQUEST}, "responsibility"),
    "a suggestion": ((REPLY, HAPPY, FEED_BACK), {"kind": Kind.SUGGESTION}, "adoption"),
    "a suggestion, answered": (
        (REPLY.given(adopted=False), HAPPY, FEED_BACK), {"kind": Kind.SUGGESTION}, ""
    ),
    "its adoption told to others only": (
        (OUTSIDE.given(adopted=True), REPLY, HAPPY, FEED_BACK), {"kind": Kind.SUGGESTION, **EXTERNAL}, "adoption"
    ),
    "a proposal": ((REPLY, HAPPY, FEED_BACK), {"kind": Kind.PROPOSAL}, "adoption analyse"),
    "a proposal, analysed": (
        (INVESTIGATE, REPLY.given(adopted=True), HAPPY, FEED_BACK), {"kind": Kind.PROPOSAL}, ""
    ),
    "an inquiry": ((REPLY, HAPPY), {"kind": Kind.INQUIRY}, ""),
    "an inquiry, not asked": ((REPLY,), {"kind": Kind.INQUIRY}, "visit"),
    "praise": ((REPLY, FEED_BACK), {"kind": Kind.PRAISE}, ""),
    "praise, not passed on": ((REPLY,), {"kind": Kind.PRAISE}, "feed_back"),
    "praise, not thanked for": ((FEED_BACK,), {"kind": Kind.PRAISE}, "reply"),
    "a repair": ((REPLY, HAPPY, FEED_BACK), {"kind": Kind.SERVICE_REQUEST}, "visit_on_site"),
    "a repair, done": ((ON_SITE, REPLY, HAPPY, FEED_BACK), {"kind": Kind.SERVICE_REQUEST}, ""),
}  # fmt: skip


def missing(refusals: tuple[KnownError, ...]) -> list[str]:
    """Return what is missing, in the order it is told: the end of the code, or the kind that is still owed."""
    return [str(e.params.get("kind") or e.code.removeprefix("close_before_")) for e in refusals]


@pytest.mark.parametrize("name", MISSING)
def test_before_closing_all_that_is_missing_is_told_and_the_first_of_it_refuses(
    rules: Rules, policy: Policy, name: str
) -> None:
    deeds, case, wanted = MISSING[name]
    is_repair = case.get("kind") is Kind.SERVICE_REQUEST
    rule_book = policy if is_repair else rules.policy
    file = live(rule_book, *deeds, **case)

    told = caution(file, Action.CLOSE, rule_book)

    assert missing(told) == wanted.split()
    assert all(rules.sentences.error(each) for each in told)
    if not told:
        assert decide(file, CLOSE.at(NOW), rule_book).case.status.is_over
        return
    with pytest.raises(KnownError) as caught:
        decide(file, CLOSE.at(NOW), rule_book)
    assert (caught.value.code, caught.value.params) == (told[0].code, told[0].params)


def test_only_the_closing_has_a_list(policy: Policy) -> None:
    file = live(policy)

    assert [action for action in Action if caution(file, action, policy)] == [Action.CLOSE]


WITHOUT_A_VISIT_ON_SITE = [name for name, (_, case, _) in MISSING.items() if case.get("kind") != Kind.SERVICE_REQUEST]


@pytest.mark.parametrize("name", WITHOUT_A_VISIT_ON_SITE)
def test_the_exception_stands_in_for_a_customer_who_accepts_and_for_a_visit_and_for_nothing_else(
    rules: Rules, name: str
) -> None:
    deeds, case, wanted = MISSING[name]
    file = live(rules.policy, REFUSED, *deeds, **case)
    left = [each for each in wanted.split() if each not in ("reply", "visit", "adoption")]

    refusal = why_not(file, Action.CLOSE, rules.policy)

    assert bool(refusal) is bool(left), "what the window shows as possible is possible by exception"
    if left:
        assert refusal is not None
        assert missing((refusal,)) == left[:1]
        with pytest.raises(KnownError, match=refusal.code):
            decide(file, BY_EXCEPTION.at(NOW), rules.policy)
    else:
        assert decide(file, BY_EXCEPTION.at(NOW), rules.policy).case.status.is_over


@pytest.mark.parametrize("name", WITHOUT_A_VISIT_ON_SITE)
def test_where_no_customer_was_dissatisfied_there_is_no_exception(rules: Rules, name: str) -> None:
    deeds, case, wanted = MISSING[name]
    if ANGRY in deeds:
        return
    file = live(rules.policy, *deeds, **case)
    left = [each for each in wanted.split() if each != "adoption"]

    refusal = why_not(file, Action.CLOSE, rules.policy)

    assert missing((refusal,) if refusal else ()) == left[:1], "what is missing, and the exception waives none of it"
    with pytest.raises(KnownError, match="exception_without_dissatisfaction") as caught:
        decide(file, BY_EXCEPTION.at(NOW), rules.policy)
    assert rules.sentences.error(caught.value) == (
        f"{file.case.number} 没有客户不满意的记录，不能按“客户不满意但已尽处理”结案；请先“回访”，联系不上的试满 3 次"
    )


@pytest.mark.parametrize("unserved", [REFUSED, ANGRY], ids=lambda deed: deed.action)
def test_a_customer_who_was_dissatisfied_in_any_round_allows_the_exception(policy: Policy, unserved: Deed) -> None:
    before = () if unserved is REFUSED else (REPLY,)
    told_only = live(policy, *before, unserved, REPLY, HAPPY, ON_SITE, BLAMELESS, FEED_BACK, CLOSE, REOPEN, FEED_BACK)

    assert decide(told_only, BY_EXCEPTION.at(NOW), policy).case.status.is_over


def test_an_answer_that_the_body_outside_refused_is_no_dissatisfied_customer(rules: Rules) -> None:
    file = live(rules.policy, OUTSIDE.given(accepted=False), *FED_BACK, **EXTERNAL)

    with pytest.raises(KnownError, match="exception_without_dissatisfaction"):
        decide(file, BY_EXCEPTION.at(NOW), rules.policy)


def test_whether_a_suggestion_is_adopted_may_be_said_at_the_closing(rules: Rules) -> None:
    file = live(rules.policy, REPLY, HAPPY, FEED_BACK, kind=Kind.SUGGESTION)

    for adopted in (True, False):
        assert decide(file, CLOSE.given(adopted=adopted).at(NOW), rules.policy).case.status.is_over


def test_what_is_not_settled_is_told_with_who_owes_it_by_when(rules: Rules) -> None:
    file = live(rules.policy, PROMISE, *FED_BACK)
    (owed,) = (f for f in file.owed if f.kind is FollowUpKind.PROMISE)

    (refusal,) = caution(file, Action.CLOSE, rules.policy)

    assert refusal.params["owed_by"] == owed.owed_by
    assert refusal.params["due"] == owed.due_at
    assert "待兑现" in rules.sentences.error(refusal)


def test_a_visit_that_is_missing_is_told_with_the_tries(rules: Rules) -> None:
    (first, _) = caution(live(rules.policy, BLAMELESS, REPLY, NOBODY), Action.CLOSE, rules.policy)

    assert (first.params["tries"], first.params["needed"]) == (1, rules.policy.deadlines.visit_attempts)


def test_what_the_gate_asks_of_a_kind_is_the_shops_to_say(rules: Rules) -> None:
    book = replace(
        rules.policy.deadlines,
        need_responsibility=frozenset({Kind.INQUIRY}),
        need_feed_back=frozenset(),
        visit_attempts=1,
    )
    lenient = replace(rules.policy, deadlines=book)

    assert missing(caution(live(lenient, REPLY, NOBODY), Action.CLOSE, lenient)) == []
    assert missing(caution(live(lenient, REPLY, HAPPY, kind=Kind.INQUIRY), Action.CLOSE, lenient)) == ["responsibility"]


# ------------------------------------------------------------------------------------------------- who may decide what


def refusal_of(policy: Policy, deed: Deed, *before: Deed) -> str:
    file = live(policy, *before)
    try:
        decide(file, deed.at(NOW), policy)
    except KnownError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("amount", "allowed"),
    [
        ("0", "林主管 赵店长"),
        ("1000", "林主管 赵店长"),
        ("1000.01", "赵店长"),
        ("999999", "赵店长"),
        (None, "林主管 赵店长"),
    ],
)
def test_an_approval_is_within_the_authority_of_who_gives_it(ranked: Policy, amount: str | None, allowed: str) -> None:
    proposal = Deed(Action.PROPOSE, {"solution": "退款"} if amount is None else {"solution": "退款", "amount": amount})

    able = [who for who in (*ROLES, "临时工") if not refusal_of(ranked, APPROVE.by_whom(who), proposal)]

    assert able == allowed.split()
    assert refusal_of(ranked, APPROVE.by_whom("临时工"), proposal) == "beyond_authority"


def test_who_may_not_approve_is_told_the_amount_and_the_office(rules: Rules, ranked: Policy) -> None:
    file = live(ranked, PROPOSE.given(amount="1500"))

    with pytest.raises(KnownError, match="beyond_authority") as caught:
        decide(file, APPROVE.by_whom("林主管").at(NOW), ranked)

    assert rules.sentences.error(caught.value) == "林主管 不能批准 1500 元，超出权限，请由店长批准"


def test_what_counts_is_the_amount_of_the_latest_proposal(ranked: Policy) -> None:
    dear, cheap = PROPOSE.given(amount="1500"), PROPOSE.given(amount="500")

    assert refusal_of(ranked, APPROVE.by_whom("林主管"), cheap, dear) == "beyond_authority"
    assert refusal_of(ranked, APPROVE.by_whom("林主管"), dear, cheap) == ""


def test_a_proposal_within_ones_own_authority_needs_nobody_else(rules: Rules, ranked: Policy) -> None:
    def status(policy: Policy, who: str, amount: str) -> str:
        return live(policy, PROPOSE.given(amount=amount).by_whom(who)).case.status.value

    assert status(ranked, "林主管", "1000") == "awaiting_reply"
    assert status(ranked, "林主管", "1001") == "awaiting_approval"
    assert status(ranked, "赵店长", "99999") == "awaiting_reply"
    assert status(ranked, "小王", "1") == "awaiting_approval"
    assert status(rules.policy, "赵店长", "1") == "awaiting_approval", "without roles nobody's authority is known"


@pytest.mark.parametrize("who", [*ROLES, "临时工", "部门负责人", "店长"])
def test_only_a_supervisor_sends_back_or_closes_an_unsatisfied_customer(ranked: Policy, who: str) -> None:
    is_able, is_office = who in ("林主管", "赵店长"), who in ("部门负责人", "店长")
    ended = (*ANSWERED, ANGRY, FEED_BACK)

    def wanted(code: str) -> str:
        return "" if is_able else "office_is_no_person" if is_office else code

    assert refusal_of(ranked, REJECT.by_whom(who), PROPOSE) == wanted("needs_role")
    assert refusal_of(ranked, BY_EXCEPTION.by_whom(who), *ended) == wanted("needs_role")
    assert refusal_of(ranked, CLOSE.by_whom(who), *FED_BACK) == wanted("needs_role")


@pytest.mark.parametrize("who", [*ROLES, "临时工"])
def test_where_anybody_may_close_an_unsatisfied_customer_is_still_a_supervisors_matter(rules: Rules, who: str) -> None:
    authority = rules.policy.authority
    easier = replace(authority, rights={**authority.rights, Action.CLOSE: Role.RECEPTIONIST}, roles=ROLES)
    policy, is_able = replace(rules.policy, authority=easier), who in ("林主管", "赵店长")

    assert refusal_of(policy, CLOSE.by_whom(who), *FED_BACK) == ""
    refusal = refusal_of(policy, BY_EXCEPTION.by_whom(who), *ANSWERED, ANGRY, FEED_BACK)
    assert refusal == ("" if is_able else "exception_needs_role")


@pytest.mark.parametrize("office", ["部门负责人", "店长"])
def test_the_word_for_an_office_decides_nothing_where_people_have_roles(
    rules: Rules, ranked: Policy, office: str
) -> None:
    decisions = ((APPROVE, (PROPOSE,)), (REJECT, (PROPOSE,)), (VOID, ()), (REOPEN, CLOSED), (CLOSE, FED_BACK))

    for deed, before in decisions:
        assert refusal_of(ranked, deed.by_whom(office), *before) == "office_is_no_person"
        assert refusal_of(rules.policy, deed.by_whom(office), *before) == "", "without roles anybody may"
    assert live(ranked, PROPOSE.by_whom(office)).case.status == "awaiting_approval", "nor is it its own matter"
    assert refusal_of(ranked, FEED_BACK.by_whom(office), *SATISFIED) == "", "what anybody may do is no decision"
    named_so = rules.policy.of_shop({office: Role.MANAGER})
    assert refusal_of(named_so, VOID.by_whom(office)) == "", "somebody who is really called that"


@pytest.mark.parametrize("who", [*ROLES, "临时工"])
def test_a_case_is_voided_by_a_supervisor_and_reopened_by_the_manager(ranked: Policy, who: str) -> None:
    may_void, may_reopen = who in ("林主管", "赵店长"), who == "赵店长"

    assert refusal_of(ranked, VOID.by_whom(who)) == ("" if may_void else "needs_role")
    assert refusal_of(ranked, REOPEN.by_whom(who), *FED_BACK, CLOSE) == ("" if may_reopen else "needs_role")


def test_asking_a_superior_goes_upward_only(rules: Rules, ranked: Policy) -> None:
    assert refusal_of(ranked, ESCALATE.given(to="小王")) == "", "a handler stands above a receptionist"
    assert refusal_of(ranked, ESCALATE.given(to="临时工")) == "nobody_above"
    assert (
        live(ranked, ASSIGN.given(person="林主管"), ACCEPT.by_whom("林主管"), ESCALATE).events[-1].data["to"] == "店长"
    )
    assert refusal_of(ranked, ESCALATE, ASSIGN.given(person="赵店长"), ACCEPT.by_whom("赵店长")) == "nobody_above"
    assert refusal_of(rules.policy, ESCALATE.given(to="王总")) == "", "without roles nobody's place is known"


def test_what_a_vacant_office_is_asked_for_goes_to_the_one_above(rules: Rules) -> None:
    boss_only = rules.policy.of_shop({"小王": Role.HANDLER, "赵店长": Role.MANAGER})

    def debtors(*deeds: Deed) -> list[str]:
        return [f"{f.kind} {f.owed_by}" for f in live(boss_only, *deeds).owed]

    assert debtors(ESCALATE) == debtors(ESCALATE.given(to="部门负责人")) == ["reply 店长"]
    assert live(boss_only, ESCALATE.given(to="部门负责人")).events[-1].data["to"] == "店长", "the history says who"
    assert debtors(ESCALATE.given(to="赵店长")) == ["reply 赵店长"]
    assert debtors(PROPOSE.given(amount="1")) == ["reply 小周", "approve 店长"]


@pytest.mark.parametrize("deed", [APPROVE, REJECT, BY_EXCEPTION], ids=lambda deed: deed.action)
def test_where_the_shop_has_given_no_roles_everybody_may_decide(rules: Rules, deed: Deed) -> None:
    before = (*ANSWERED, ANGRY, FEED_BACK) if deed is BY_EXCEPTION else (PROPOSE.given(amount="99999"),)

    assert refusal_of(rules.policy, deed, *before) == ""


# --------------------------------------------------------------------------------------------------- the other guards


def test_the_answer_waits_for_the_approval_but_the_one_to_outside_does_not(rules: Rules) -> None:
    file = live(rules.policy, PROPOSE, **EXTERNAL)

    with pytest.raises(KnownError, match="reply_before_approval"):
        decide(file, REPLY.at(NOW), rules.policy)
    assert decide(file, OUTSIDE.at(NOW), rules.policy)
    assert why_not(file, Action.REPLY, rules.policy) is None, "the window lets a person answer, and say to whom"


def test_who_is_outside_is_answered_once_and_only_where_somebody_is(rules: Rules) -> None:
    assert refusal_of(rules.policy, OUTSIDE) == "external_reply_not_owed"
    file = live(rules.policy, OUTSIDE, **EXTERNAL)

    with pytest.raises(KnownError, match="external_reply_not_owed"):
        decide(file, OUTSIDE.at(NOW), rules.policy)
    assert decide(file, REPLY.at(NOW), rules.policy), "the customer has still to be answered"
    answered = live(rules.policy, REPLY, **EXTERNAL)
    assert why_not(answered, Action.REPLY, rules.policy) is None
    with pytest.raises(KnownError, match="already_replied"):
        decide(answered, REPLY.at(NOW), rules.policy)


def test_a_refused_deed_says_why_in_a_sentence(rules: Rules) -> None:
    for deed, before in (
        (REPLY, (REPLY,)),
        (HAPPY, ()),
        (HAPPY, (REPLY, HAPPY)),
        (KEEP, ()),
        (KEEP, (PROMISE, PROMISE)),
        (VERIFY, ()),
        (VERIFY, (CORRECT, CORRECT)),
        (PROPOSE, (REPLY, HAPPY)),
        (REOPEN, ()),
        (CONTACT, CLOSED),
        (REFUSED, (PROPOSE,)),
    ):
        file = live(rules.policy, *before)
        with pytest.raises(KnownError) as caught:
            decide(file, deed.at(NOW), rules.policy)
        assert file.case.number in rules.sentences.error(caught.value)
