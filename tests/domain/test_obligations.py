"""Who owes what to whom: the first contact, who accepts, who is asked; findings, corrections, promises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import FollowUpKind, Kind, Route, Status
from desk_app.domain.workflow import decide
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ACCEPT,
    ANGRY,
    ANSWERED,
    APPROVE,
    ASSIGN,
    BLAMELESS,
    CLOSED,
    CORRECT,
    DETERMINE,
    ESCALATE,
    FEED_BACK,
    HAPPY,
    HOUR,
    IN_VAIN,
    INVESTIGATE,
    KEEP,
    NOBODY,
    PROMISE,
    PROPOSE,
    PUT_OFF,
    REFUSED,
    REPLY,
    SUPPLIER,
    UNDECIDED,
    VERIFY,
    Deed,
    kinds,
    live,
)

if TYPE_CHECKING:
    from desk_app.domain.case import CaseFile
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


def debtors(file: CaseFile) -> dict[str, str]:
    return {f.kind.value: f.owed_by for f in file.owed}


def test_the_first_contact_is_responsible_until_another_has_accepted(policy: Policy) -> None:
    assigned = live(policy, ASSIGN)
    accepted = live(policy, ASSIGN, ACCEPT)

    assert debtors(assigned) == {"reply": "小周", "handle": "小王"}
    assert debtors(accepted) == {"reply": "小王", "handle": "小王"}
    assert {f.id for f in accepted.owed} == {f.id for f in assigned.owed}, "the same things, now another's"
    assert {f.due_at for f in accepted.owed} == {f.due_at for f in assigned.owed}, "... by the same time"
    assert debtors(live(policy, ASSIGN, ACCEPT, REPLY)) == {"return_visit": "小王"}


def test_who_accepts_for_a_department_is_the_one_who_then_owes(policy: Policy) -> None:
    to_department = ASSIGN._replace(data={"department": "客房部"})

    assert debtors(live(policy, to_department)) == {"reply": "小周", "handle": "客房部"}
    assert debtors(live(policy, to_department, ACCEPT.by_whom("小陈"))) == {"reply": "小陈", "handle": "小陈"}


def test_a_second_assignment_has_to_be_accepted_again(policy: Policy) -> None:
    again = ASSIGN.given(person="小陈")

    assert debtors(live(policy, ASSIGN, ACCEPT, again)) == {"reply": "小王", "handle": "小陈"}
    assert debtors(live(policy, ASSIGN, ACCEPT, again, ACCEPT)) == {"reply": "小陈", "handle": "小陈"}


def test_what_another_owes_is_not_handed_over(policy: Policy) -> None:
    file = live(policy, PROMISE.by_whom("小吴"), CORRECT, ASSIGN, ACCEPT)

    assert debtors(file)["promise"] == "小吴", "who promised keeps the promise"
    assert debtors(file)["correct"] == "品管"
    assert debtors(file)["verify"] == "小周"


def test_the_manager_owes_the_answer_to_what_came_from_outside_or_is_dangerous_in_every_round(policy: Policy) -> None:
    external = {"route": Route.EXTERNAL, "external_body": "消协"}

    for case in (external, {"safety": True}):
        for deeds in ((), (ASSIGN, ACCEPT), (REPLY, ANGRY), (REFUSED, REFUSED), (PROPOSE, APPROVE)):
            assert debtors(live(policy, *deeds, **case))["reply"] == policy.deadlines.manager
    assert {f.owed_to for f in live(policy, **external).owed} == {"客户", "消协"}


def test_a_superior_who_is_asked_takes_over_what_the_customer_is_owed(policy: Policy) -> None:
    asked = live(policy, PROMISE, CORRECT, ESCALATE)

    assert debtors(asked) == {"reply": "部门负责人", "promise": "小周", "correct": "品管", "verify": "小周"}
    assert {f.kind.value: f.level for f in asked.owed} == {"reply": 1, "promise": 0, "correct": 0, "verify": 0}
    assert asked.events[-1].data["to"] == "部门负责人"
    assert debtors(live(policy, ESCALATE, ESCALATE)) == {"reply": "店长"}
    with pytest.raises(KnownError, match=r"^nobody_above$"):
        live(policy, ESCALATE, ESCALATE, ESCALATE)
    assert debtors(live(policy, ESCALATE.given(to="王总"))) == {"reply": "王总"}
    assert debtors(live(policy, ESCALATE, REPLY)) == {"return_visit": "部门负责人"}


def test_asking_a_superior_takes_nothing_from_who_stands_above_them(policy: Policy) -> None:
    dear = PROPOSE.given(amount="5000")

    assert debtors(live(policy, ESCALATE, safety=True)) == {"reply": "店长"}
    assert debtors(live(policy, dear, ESCALATE)) == {"reply": "部门负责人", "approve": "店长"}


def test_an_approval_is_owed_by_the_lowest_office_that_covers_it(policy: Policy) -> None:
    for amount, office in (("1000", "部门负责人"), ("1000.01", "店长"), ("0", "部门负责人")):
        assert debtors(live(policy, PROPOSE.given(amount=amount)))["approve"] == office
    without_amount = PROPOSE._replace(data={"solution": "道歉"})
    assert debtors(live(policy, without_amount))["approve"] == "部门负责人"


# ------------------------------------------------------------------ findings, corrections, promises, visits on site


@pytest.mark.parametrize(
    ("responsibility", "rule"),
    [("company", "correct_plan"), ("department", "correct_plan"), ("person", "correct_plan"),
     ("supplier", "supplier_feed_back"), ("undecided", "decide_together"), ("customer", ""), ("misunderstanding", ""),
     ("external", "")],
)  # fmt: skip
def test_a_finding_has_its_consequence(policy: Policy, responsibility: str, rule: str) -> None:
    file = live(policy, DETERMINE.given(responsibility=responsibility))

    assert [f.rule for f in file.owed if f.kind is not FollowUpKind.REPLY] == rule.split()


def test_a_new_finding_takes_the_place_of_the_former(policy: Policy) -> None:
    found = live(policy, UNDECIDED, ASSIGN, DETERMINE)
    cleared = live(policy, DETERMINE, BLAMELESS)
    repeated = live(policy, DETERMINE, DETERMINE.given(responsibility="person"))

    assert sorted(f.rule for f in found.owed) == ["correct_plan", "first_reply", "handle"], "it has been decided"
    assert kinds(cleared) == ["reply"], "no plan is asked of those who are not at fault"
    (plan,) = (f for f in repeated.owed if f.kind is FollowUpKind.CORRECT)
    assert plan.start_at == NOW - 19 * HOUR, "asked once, by the first finding"


def test_a_plan_that_was_made_is_not_asked_for_again_while_the_finding_is_the_same(policy: Policy) -> None:
    def plans(*deeds: Deed) -> int:
        return sum(f.kind is FollowUpKind.CORRECT and not f.subject for f in live(policy, *deeds).owed)

    assert plans(DETERMINE, CORRECT, DETERMINE) == 0
    assert plans(DETERMINE, CORRECT, REPLY, ANGRY, DETERMINE) == 0, "nor in the next round"
    assert plans(DETERMINE, CORRECT, IN_VAIN, DETERMINE) == 1, "that of the vain one"
    assert plans(CORRECT, DETERMINE) == 1, "what was mended before was not asked for"
    assert plans(DETERMINE, CORRECT, BLAMELESS, DETERMINE) == 1, "found anew"
    assert plans(DETERMINE, CORRECT, DETERMINE.given(responsibility="person")) == 1, "another is at fault"


@pytest.mark.parametrize(
    ("promised", "due"), [(-18 * HOUR, -18 * HOUR), (-19.5 * HOUR, -19 * HOUR), (99 * HOUR, 32 * HOUR)]
)
def test_an_approval_is_due_with_the_answer_that_waits_for_it(
    rules: Rules, policy: Policy, promised: timedelta, due: timedelta
) -> None:
    file = live(policy, PROPOSE, promised_at=NOW + promised)
    (owed,) = (f for f in file.owed if f.kind is FollowUpKind.APPROVE)
    (reply,) = (f for f in file.owed if f.kind is FollowUpKind.REPLY)

    assert reply.due_at == NOW + promised
    assert owed.due_at == NOW + due, "with the answer, not before it was proposed, and never later than its own term"
    assert policy.deadlines.reckoned(owed) == owed, "no calendar parts the two"
    why = rules.sentences.explain(owed, policy.deadlines)
    assert ("给客户的答复在等这项审批" in why) is (due < 32 * HOUR)


def test_what_the_purchaser_is_to_be_told_is_settled_when_the_supplier_is_cleared(policy: Policy) -> None:
    assert kinds(live(policy, SUPPLIER)) == ["feed_back", "reply"]
    assert kinds(live(policy, SUPPLIER, BLAMELESS)) == ["reply"]
    assert kinds(live(policy, SUPPLIER, SUPPLIER)) == ["feed_back", "reply"]


def test_the_department_is_told_once_a_round(policy: Policy) -> None:
    assert kinds(live(policy, *ANSWERED, FEED_BACK, HAPPY)) == ["handle"]
    assert kinds(live(policy, REPLY, SUPPLIER, HAPPY)) == ["feed_back"]
    assert kinds(live(policy, REPLY, FEED_BACK, ANGRY, REPLY, HAPPY)) == ["feed_back"], "and again in the next"


def test_a_correction_is_a_plan_and_its_verification_until_it_works(policy: Policy) -> None:
    planned = live(policy, DETERMINE, CORRECT)
    in_vain = live(policy, DETERMINE, CORRECT, IN_VAIN)

    made = [f for f in planned.owed if f.kind is not FollowUpKind.REPLY]
    assert {(f.kind.value, f.subject) for f in made} == {("correct", "温控器虚焊"), ("verify", "温控器虚焊")}
    assert len({f.event_id for f in made}) == 1
    assert [(f.rule, f.subject) for f in in_vain.owed[1:]] == [("correct_again", "")], "another plan is asked for"
    assert kinds(live(policy, DETERMINE, CORRECT, IN_VAIN, CORRECT, VERIFY)) == ["reply"]


def test_of_two_corrections_the_named_one_is_verified(policy: Policy) -> None:
    file = live(policy, CORRECT, CORRECT.given(problem="说明书不清"))
    (first_plan, first_check), (second_plan, second_check) = (
        [f for f in file.owed if f.subject == subject] for subject in ("温控器虚焊", "说明书不清")
    )

    for named, left in ((first_plan, second_plan), (first_check, second_plan), (second_check, first_plan)):
        decision = decide(file, VERIFY.given(correction=named.id).at(NOW), policy)
        assert {f.event_id for f in decision.changed} == {named.event_id}
        assert len(decision.changed) == 2
        assert left.id not in {f.id for f in decision.changed}
    with pytest.raises(KnownError, match="correction_unknown") as caught:
        decide(file, VERIFY.at(NOW), policy)
    assert "温控器虚焊" in str(caught.value.params["known"])
    assert "说明书不清" in str(caught.value.params["known"])


def test_of_two_promises_the_named_one_is_kept(policy: Policy) -> None:
    file = live(policy, PROMISE, PROMISE.given(what="上门检查"))
    first, second = (f for f in file.owed if f.kind is FollowUpKind.PROMISE)

    decision = decide(file, KEEP.given(promise=second.id).at(NOW), policy)

    assert [(f.id, f.done_at) for f in decision.changed] == [(second.id, NOW)]
    for wrong in (KEEP, KEEP.given(promise=99), KEEP.given(promise=file.owed[0].id)):
        if wrong.data.get("promise") in (first.id, second.id):
            continue
        with pytest.raises(KnownError, match="promise_unknown"):
            decide(file, wrong.at(NOW), policy)


def test_a_plan_that_names_no_fault_cannot_be_verified(policy: Policy) -> None:
    with pytest.raises(KnownError, match="no_correction"):
        decide(live(policy, DETERMINE), VERIFY.at(NOW), policy)


def test_a_promise_is_owed_by_who_made_it_until_the_time_that_was_told(policy: Policy) -> None:
    told = (NOW + timedelta(days=1)).isoformat()

    by_rule, by_word = live(policy, PROMISE), live(policy, PROMISE.given(due_at=told))

    assert by_rule.owed[-1].due_at == NOW - 19 * HOUR + timedelta(days=3)
    assert (by_word.owed[-1].due_at, str(by_word.owed[-1].term)) == (NOW + timedelta(days=1), "given")
    assert (by_word.owed[-1].subject, by_word.owed[-1].owed_by) == ("送一张券", "小周")


def test_a_visit_that_is_put_off_is_owed_by_the_time_that_was_agreed(policy: Policy) -> None:
    (agreed,) = live(policy, REPLY, PUT_OFF).owed
    (tried,) = live(policy, REPLY, NOBODY).owed

    assert (agreed.due_at, str(agreed.term)) == (NOW + 2 * HOUR, "given")
    assert tried.due_at == tried.start_at + 24 * HOUR


def test_promises_and_corrections_outlive_a_round_and_corrections_the_closing(policy: Policy) -> None:
    assert kinds(live(policy, PROMISE, CORRECT, REPLY, ANGRY)) == ["correct", "promise", "reply", "verify"]
    assert kinds(live(policy, PROMISE, CORRECT, KEEP, *CLOSED)) == ["correct", "verify"]
    assert kinds(live(policy, CORRECT, *CLOSED, VERIFY)) == []
    assert kinds(live(policy, CORRECT, *CLOSED, IN_VAIN)) == ["correct"]
    assert kinds(live(policy, *CLOSED, CORRECT)) == ["correct", "verify"]
    assert live(policy, *CLOSED, CORRECT).case.status is Status.CLOSED


def test_a_visit_on_site_and_an_analysis_are_settled_by_being_done(rules: Rules, policy: Policy) -> None:
    rule = policy.deadlines["on_site_visit"]
    assert rule is not None
    assert not rule.enabled
    proposal = live(policy, kind=Kind.PROPOSAL)

    assert kinds(proposal) == ["analyse", "reply"]
    assert kinds(live(policy, INVESTIGATE, kind=Kind.PROPOSAL)) == ["reply"]
    assert live(policy, INVESTIGATE).case.true_cause == "温控器虚焊"
    kept = live(policy, INVESTIGATE, INVESTIGATE._replace(data={"findings": "再查"}))
    assert kept.case.true_cause == "温控器虚焊", "a second look that finds no cause does not take the first away"
