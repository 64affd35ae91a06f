"""What a shop may make owed: every pair of a trigger and a kind, with a name and without, is lived to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain import shop_rules
from desk_app.domain.policy import read_policy
from desk_app.domain.vocabulary import FollowUpKind, Trigger
from desk_app.errors import KnownError
from tests.helpers.deeds import (
    ANGRY,
    ASSIGN,
    CLOSE,
    CLOSED,
    CORRECT,
    DETERMINE,
    FED_BACK,
    FEED_BACK,
    HAPPY,
    IN_VAIN,
    NOBODY,
    PROMISE,
    PROPOSE,
    REFUSED,
    REJECT,
    REOPEN,
    REPLY,
    SATISFIED,
    Deed,
    live,
)
from tests.helpers.ending import next_towards_the_end, settling
from tests.helpers.records import acted_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules

MENDING = (FollowUpKind.CORRECT, FollowUpKind.VERIFY)
MANY = 30
"""More deeds than any case needs to its end."""

ANOTHER_TOLD = (*SATISFIED, FEED_BACK.given(department="客房部"), CLOSE)
LIVES: Mapping[Trigger, tuple[tuple[Deed, ...], ...]] = {
    Trigger.REGISTERED: ((),),
    Trigger.ASSIGNED: ((ASSIGN,), (REPLY, ASSIGN), (REPLY, HAPPY, ASSIGN)),
    Trigger.PROPOSED: ((PROPOSE,),),
    Trigger.REJECTED: ((PROPOSE, REJECT),),
    Trigger.DETERMINED: ((DETERMINE,), (REPLY, DETERMINE), (REPLY, HAPPY, DETERMINE)),
    Trigger.PROMISED: ((PROMISE,), (REPLY, PROMISE), (REPLY, HAPPY, PROMISE)),
    Trigger.REPLIED: ((REPLY,),),
    Trigger.NOT_REACHED: ((REPLY, NOBODY),),
    Trigger.VISITED: ((REPLY, HAPPY),),
    Trigger.NEXT_ROUND: ((REFUSED,), (REPLY, ANGRY), (*CLOSED, REOPEN)),
    Trigger.CORRECTED: ((CORRECT,), (REPLY, HAPPY, CORRECT), (*CLOSED, CORRECT), (*ANOTHER_TOLD, CORRECT)),
    Trigger.INEFFECTIVE: ((CORRECT, IN_VAIN), (CORRECT, *CLOSED, IN_VAIN), (CORRECT, *ANOTHER_TOLD, IN_VAIN)),
    Trigger.NOTHING_LEFT: (FED_BACK,),
}
"""Where a trigger finds a case: not answered yet, answered, asked, closed."""


def a_rule(trigger: Trigger, kind: FollowUpKind, subject: str) -> dict[str, object]:
    named = {"subject": subject} if subject else {}
    return {
        "id": "extra", "title": "另加", "trigger": trigger.value, "follow_up": kind.value, "term": "24h",
        "owed_by": "responsible", "owed_to": "采购", **named,
    }  # fmt: skip


CLOSE_UP = a_rule(Trigger.NOTHING_LEFT, FollowUpKind.HANDLE, "")
"""A shop may leave out what the shipped rule of the closing says is to be done: 结案."""


def refused(rules: Rules, rule: Mapping[str, object]) -> KnownError | None:
    try:
        shop_rules.merged(rules.deadlines, {"rule": [rule]})
    except KnownError as error:
        return error
    return None


def with_rule(rules: Rules, *own: Mapping[str, object]) -> Policy:
    """Return the shipped rules with some more, which nobody has looked at."""
    listed = rules.deadlines["rule"]
    assert isinstance(listed, list)
    return read_policy(
        {**rules.deadlines, "rule": [*({"source": "", **rule} for rule in own), *listed]},
        rules.policy.deadlines.calendar,
    )


def extra(file: CaseFile) -> list[FollowUpKind]:
    return [f.kind for f in file.owed if f.rule == "extra"]


def ends(file: CaseFile, policy: Policy) -> bool:
    """Whether a case can be closed as it should be, and then mended until nothing is owed any more."""
    for hours in range(MANY):
        if file.case.status.is_over and not file.owed:
            return True
        deed = settling(file.owed[0]) if file.case.status.is_over else next_towards_the_end(file, policy)
        try:
            file = acted_on(file, policy, deed.at(file.events[-1].at + timedelta(hours=hours)))
        except KnownError:
            return False
    return False


@pytest.mark.parametrize("subject", ["", "回电"], ids=["nameless", "named"])
@pytest.mark.parametrize("kind", FollowUpKind)
@pytest.mark.parametrize("trigger", Trigger)
def test_a_rule_is_taken_where_its_case_comes_to_an_end_and_refused_where_it_cannot(
    rules: Rules, trigger: Trigger, kind: FollowUpKind, subject: str
) -> None:
    rule = a_rule(trigger, kind, subject)
    policies = [with_rule(rules, rule), with_rule(rules, rule, {**CLOSE_UP, "id": "own"})]
    lives = [(policy, live(policy, *deeds)) for policy in policies for deeds in LIVES[trigger]]
    assert any(extra(file) for _, file in lives), "the rule speaks"

    come_to_an_end = all(ends(file, policy) for policy, file in lives)

    refusal = refused(rules, rule)
    if refusal is None:
        assert come_to_an_end
        return
    assert refusal.code in ("deadlines_endless", "deadlines_nameless")
    assert "rule extra" in rules.sentences.error(refusal)
    nothing_to_approve = kind is FollowUpKind.APPROVE and trigger is not Trigger.PROPOSED
    assert nothing_to_approve or not come_to_an_end


def test_what_needs_a_name_is_told_so_and_what_has_no_end_what_could_be_owed_instead(rules: Rules) -> None:
    def refusal(trigger: Trigger, kind: FollowUpKind) -> str:
        with pytest.raises(KnownError) as caught:
            shop_rules.merged(rules.deadlines, {"rule": [a_rule(trigger, kind, "")]})
        return rules.sentences.error(caught.value)

    assert refusal(Trigger.REGISTERED, FollowUpKind.PROMISE) == (
        '“rule extra”行不通：“登记”之后的“待兑现”没有说是哪一项，没有操作能办结；请加上 subject = "…"'
    )
    assert refusal(Trigger.CORRECTED, FollowUpKind.REPLY) == (
        "“rule extra”行不通：“提出纠正措施”之后的“待答复”没有操作能最终办结，登记会永远结不了案；"
        "请把 follow_up 改为：correct, verify"
    )


def test_a_shipped_rule_that_is_bent_into_a_dead_end_is_refused_too_in_force_or_not(rules: Rules) -> None:
    for own in ({"follow_up": "promise"}, {"follow_up": "promise", "enabled": False}):
        with pytest.raises(KnownError, match="deadlines_nameless"):
            shop_rules.merged(rules.deadlines, {"rule": [{"id": "on_site_visit", **own}]})
