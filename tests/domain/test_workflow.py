"""The workflow as one table: from where a case stands to what may be done, and from what was done to what is owed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.case import CaseFile
from desk_app.domain.standing import standing
from desk_app.domain.vocabulary import Action, Kind, Role, Route, Status
from desk_app.domain.workflow import ALLOWED, EFFECTS, Outcome, allowed_actions, decide, why_not
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ACCEPT,
    AMEND,
    ANGRY,
    ANSWERED,
    APPROVE,
    ASSIGN,
    BLAMELESS,
    BY_EXCEPTION,
    CAME_BACK,
    CLOSE,
    CLOSED,
    CONTACT,
    CORRECT,
    DETERMINE,
    ESCALATE,
    FED_BACK,
    FEED_BACK,
    HAPPY,
    IN_VAIN,
    INVESTIGATE,
    KEEP,
    NOBODY,
    ON_SITE,
    OUTSIDE,
    PROMISE,
    PROPOSE,
    REFUSED,
    REJECT,
    REOPEN,
    REPLY,
    SATISFIED,
    TYPICAL,
    VERIFY,
    VOID,
    WAIT,
    Deed,
    kinds,
    live,
)
from tests.helpers.records import a_deed, a_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.domain.policy import Policy
    from desk_app.services.rules import Rules


@pytest.fixture(scope="module")
def policy(rules: Rules) -> Policy:
    return rules.policy


LIVES: Mapping[str, tuple[Deed, ...]] = {
    "new": (),
    "rung up": (CONTACT,),
    "assigned": (ASSIGN,),
    "accepted": (ASSIGN, ACCEPT),
    "waiting": (WAIT,),
    "proposed": (PROPOSE,),
    "approved": (PROPOSE, APPROVE),
    "rejected": (PROPOSE, REJECT),
    "refused": (REFUSED,),
    "answered": (REPLY,),
    "promised, answered": (PROMISE, *ANSWERED),
    "not reached": (REPLY, NOBODY),
    "satisfied": (REPLY, HAPPY),
    "found, satisfied": SATISFIED,
    "fed back": FED_BACK,
    "dissatisfied": (*ANSWERED, ANGRY),
    "answered again": (REPLY, ANGRY, REPLY),
    "corrected": (CORRECT,),
    "verified": (CORRECT, VERIFY),
    "closed": CLOSED,
    "closed, to be mended": (CORRECT, *CLOSED),
    "reopened": (*CLOSED, REOPEN),
    "void": (VOID,),
}

# What may be done: x, or the letter of the refusal. Closing is tried by exception where a customer was dissatisfied,
# all else as it typically is.
REFUSALS = {
    ".": "action_not_now",
    "a": "nothing_to_accept",
    "r": "already_replied",
    "A": "reply_before_approval",
    "J": "reply_after_rejection",
    "p": "no_promise",
    "c": "no_correction",
    "e": "visit_before_reply",
    "v": "already_visited",
    "R": "close_before_reply",
    "V": "close_before_visit",
    "D": "close_before_responsibility",
    "F": "close_before_feed_back",
}
# fmt: off
TABLE = {
    #                        ame con ass acc inv det pro app rej pro kee rep vis cor ver fee esc clo reo voi
    "new":                  " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "rung up":              " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "assigned":             " x   x   x   x   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "accepted":             " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "waiting":              " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "proposed":             " x   x   x   a   x   x   x   x   x   x   p   A   e   x   c   x   x   R   .   x ",
    "approved":             " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "rejected":             " x   x   x   a   x   x   x   .   .   x   p   J   e   x   c   x   x   R   .   x ",
    "refused":              " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   D   .   x ",
    "answered":             " x   x   x   a   x   x   .   .   .   x   p   r   x   x   c   x   x   V   .   x ",
    "promised, answered":   " x   x   x   a   x   x   .   .   .   x   x   r   x   x   c   x   x   V   .   x ",
    "not reached":          " x   x   x   a   x   x   .   .   .   x   p   r   x   x   c   x   x   V   .   x ",
    "satisfied":            " x   x   x   a   x   x   r   .   .   x   p   r   v   x   c   x   x   D   .   x ",
    "found, satisfied":     " x   x   x   a   x   x   r   .   .   x   p   r   v   x   c   x   x   F   .   x ",
    "fed back":             " x   x   x   a   x   x   r   .   .   x   p   r   v   x   c   x   x   x   .   x ",
    "dissatisfied":         " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   F   .   x ",
    "answered again":       " x   x   x   a   x   x   .   .   .   x   p   r   x   x   c   x   x   D   .   x ",
    "corrected":            " x   x   x   a   x   x   x   .   .   x   p   x   e   x   x   x   x   R   .   x ",
    "verified":             " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "closed":               " x   .   .   .   .   .   .   .   .   .   .   .   .   x   c   .   .   .   x   x ",
    "closed, to be mended": " x   .   .   .   .   .   .   .   .   .   .   .   .   x   x   .   .   .   x   x ",
    "reopened":             " x   x   x   a   x   x   x   .   .   x   p   x   e   x   c   x   x   R   .   x ",
    "void":                 " .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   . ",
}
# fmt: on
ORDER = (
    Action.AMEND,
    Action.CONTACT,
    Action.ASSIGN,
    Action.ACCEPT,
    Action.INVESTIGATE,
    Action.DETERMINE,
    Action.PROPOSE,
    Action.APPROVE,
    Action.REJECT,
    Action.PROMISE,
    Action.KEEP_PROMISE,
    Action.REPLY,
    Action.RETURN_VISIT,
    Action.CORRECT,
    Action.VERIFY_CORRECTION,
    Action.FEED_BACK,
    Action.ESCALATE,
    Action.CLOSE,
    Action.REOPEN,
    Action.VOID,
)  # fmt: skip


def typical(file: CaseFile, action: Action) -> Deed:
    is_exception = action is Action.CLOSE and standing(file).was_dissatisfied
    return BY_EXCEPTION if is_exception else TYPICAL[action]


@pytest.mark.parametrize("name", LIVES)
def test_where_a_case_stands_decides_what_may_be_done(policy: Policy, name: str) -> None:
    file = live(policy, *LIVES[name])

    for action, cell in zip(ORDER, TABLE[name].split(), strict=True):
        refusal = why_not(file, action, policy)
        assert (refusal.code if refusal else "") == REFUSALS.get(cell, ""), action
        assert (action in allowed_actions(file, policy)) is (cell == "x")
        if cell == "x":
            assert decide(file, typical(file, action).at(NOW), policy).event.action is action
        else:
            with pytest.raises(KnownError, match=f"^{REFUSALS[cell]}$"):
                decide(file, typical(file, action).at(NOW), policy)


def test_the_table_speaks_of_every_status_action_and_outcome(rules: Rules) -> None:
    assert set(TABLE) == set(LIVES)
    assert {live(rules.policy, *deeds).case.status for deeds in LIVES.values()} == set(Status)
    assert set(ORDER) == set(ALLOWED) == set(rules.actions) == set(TYPICAL)
    assert set(EFFECTS) == set(OUTCOMES) == set(Outcome)


@pytest.mark.parametrize("status", Status)
def test_what_is_registered_is_not_registered_again_in_any_status(policy: Policy, status: Status) -> None:
    file = CaseFile(a_record(status=status), (), ())

    with pytest.raises(KnownError, match="action_not_now"):
        decide(file, a_deed(Action.REGISTER), policy)


# What has been done before, what is done → status and round after, kinds that it settles, rules by which is owed then.
Step = tuple[tuple[Deed, ...], Deed, str, int, str, str]
OUTCOMES: Mapping[Outcome, Step] = {
    Outcome.AMENDED: ((), AMEND, "registered", 1, "", ""),
    Outcome.CONTACTED: ((), CONTACT, "in_progress", 1, "", ""),
    Outcome.VISITED_ON_SITE: ((), ON_SITE, "in_progress", 1, "", ""),
    Outcome.WAITS_FOR_CUSTOMER: ((), WAIT, "awaiting_customer", 1, "", ""),
    Outcome.CUSTOMER_CAME_BACK: ((WAIT,), CAME_BACK, "in_progress", 1, "", ""),
    Outcome.ASSIGNED: ((ASSIGN,), ASSIGN, "in_progress", 1, "handle", "handle"),
    Outcome.ACCEPTED: ((ASSIGN,), ACCEPT, "in_progress", 1, "", ""),
    Outcome.INVESTIGATED: ((), INVESTIGATE, "in_progress", 1, "", ""),
    Outcome.DETERMINED: ((), DETERMINE, "in_progress", 1, "", "correct_plan"),
    Outcome.PROPOSED: ((ASSIGN,), PROPOSE, "awaiting_approval", 1, "handle", "approve"),
    Outcome.PROPOSED_WITHIN_AUTHORITY: (
        (ASSIGN.by_whom("林主管"),), PROPOSE.by_whom("林主管"), "awaiting_reply", 1, "handle", ""
    ),
    Outcome.APPROVED: ((PROPOSE,), APPROVE, "awaiting_reply", 1, "approve", ""),
    Outcome.REJECTED: ((PROPOSE,), REJECT, "in_progress", 1, "approve", "propose_again"),
    Outcome.PROMISED: ((REPLY,), PROMISE, "awaiting_return_visit", 1, "", "promise"),
    Outcome.PROMISE_KEPT: ((PROMISE,), KEEP, "in_progress", 1, "promise", ""),
    Outcome.REPLIED: ((ASSIGN,), REPLY, "awaiting_return_visit", 1, "handle reply", "return_visit"),
    Outcome.REPLIED_OUTSIDE: ((), OUTSIDE, "in_progress", 1, "external_reply", ""),
    Outcome.REPLY_REFUSED: ((ASSIGN,), REFUSED, "in_progress", 2, "handle reply", "next_reply"),
    Outcome.NOT_REACHED: ((REPLY,), NOBODY, "awaiting_return_visit", 1, "return_visit", "return_visit_again"),
    Outcome.VISITED: ((REPLY,), HAPPY, "in_progress", 1, "return_visit", "feed_back"),
    Outcome.DISSATISFIED: ((REPLY, ASSIGN), ANGRY, "in_progress", 2, "handle return_visit", "next_reply"),
    Outcome.CORRECTED: ((DETERMINE,), CORRECT, "in_progress", 1, "correct", "correct verify"),
    Outcome.VERIFIED: ((CORRECT,), VERIFY, "in_progress", 1, "correct verify", ""),
    Outcome.INEFFECTIVE: ((CORRECT,), IN_VAIN, "in_progress", 1, "correct verify", "correct_again"),
    Outcome.FED_BACK: (SATISFIED, FEED_BACK, "in_progress", 1, "feed_back", "close_up"),
    Outcome.ESCALATED: ((ASSIGN,), ESCALATE, "in_progress", 1, "", ""),
    Outcome.CLOSED: ((CORRECT, *FED_BACK), CLOSE, "closed", 1, "handle", ""),
    Outcome.REOPENED: ((CORRECT, *CLOSED), REOPEN, "in_progress", 2, "", "next_reply"),
    Outcome.VOIDED: ((CORRECT, PROMISE, *ANSWERED), VOID, "void", 1, "correct promise return_visit verify", ""),
}  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_is_done_decides_what_is_settled_and_what_is_owed(policy: Policy, outcome: Outcome) -> None:
    before, deed, status, turn, settled, owed = OUTCOMES[outcome]
    case = {"route": Route.EXTERNAL, "external_body": "消协"} if outcome is Outcome.REPLIED_OUTSIDE else {}
    if outcome is Outcome.PROPOSED_WITHIN_AUTHORITY:
        policy = policy.of_shop({"林主管": Role.SUPERVISOR})
    file = live(policy, *before, **case)

    decision = decide(file, deed.at(NOW), policy)

    assert (decision.case.status, decision.case.round) == (status, turn)
    assert sorted(f.kind for f in decision.changed if f.done_at) == settled.split()
    assert all(f.done_at in (None, NOW) for f in decision.changed)
    assert [f.rule for f in decision.owed] == owed.split()
    assert all((f.start_at, f.round) == (NOW, turn) for f in decision.owed)
    assert decision.event.round == file.case.round, "the round in which it was done"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("route", Route)
def test_a_case_of_any_kind_owes_something_from_its_receipt_to_its_closing(
    policy: Policy, kind: Kind, route: Route
) -> None:
    story = [BLAMELESS, PROMISE, REPLY.given(adopted=True), HAPPY, INVESTIGATE, ON_SITE, FEED_BACK, KEEP]
    story += [OUTSIDE] if route is Route.EXTERNAL else []
    story = [deed for deed in story if kind is not Kind.PRAISE or deed.action is not Action.RETURN_VISIT]

    for done in range(len(story) + 1):
        file = live(policy, *story[:done], kind=kind, route=route, external_body="消协")
        assert file.owed, story[done - 1]
    assert kinds(file) == ["handle"], "nothing is left but the closing itself"
    assert live(policy, *story, CLOSE, kind=kind, route=route, external_body="消协").owed == ()


def test_two_rounds_end_where_the_customer_is_satisfied(policy: Policy) -> None:
    first = (ASSIGN, ACCEPT, INVESTIGATE, DETERMINE, PROPOSE, APPROVE, REPLY, ANGRY)
    second = (CORRECT, PROPOSE, REJECT, PROPOSE, APPROVE, REPLY, NOBODY, HAPPY, FEED_BACK)

    file = live(policy, *first, *second, CLOSE)

    assert (file.case.status, file.case.round) == (Status.CLOSED, 2)
    assert [e.round for e in file.events] == [1] * (1 + len(first)) + [2] * (len(second) + 1)
    assert kinds(file) == ["correct", "verify"]
    assert {f.round for f in file.owed} == {2}


def test_a_third_round_begins_when_a_closed_case_is_opened_again(policy: Policy) -> None:
    file = live(policy, REPLY, ANGRY, *CLOSED, REOPEN, CONTACT)

    assert (file.case.status, file.case.round) == (Status.IN_PROGRESS, 3)
    assert [(f.rule, f.round) for f in file.owed] == [("next_reply", 3)]


def test_what_was_refused_in_one_round_is_no_proposal_of_the_next(policy: Policy) -> None:
    file = live(policy, PROPOSE, APPROVE, REFUSED)

    assert kinds(file) == ["reply"]
    assert standing(live(policy, PROPOSE, APPROVE)).amount == Decimal(800)
    assert standing(file).amount is None


@pytest.mark.parametrize("action", ORDER)
def test_what_happens_in_order_is_not_written_before_the_last_step_and_a_note_may_be(
    policy: Policy, action: Action
) -> None:
    before = next(name for name, row in TABLE.items() if row.split()[ORDER.index(action)] == "x" and name != "new")
    file = live(policy, *LIVES[before], INVESTIGATE) if before not in ("closed", "closed, to be mended") else None
    file = file or live(policy, *LIVES[before])
    last = max(e.at for e in file.events)
    note = action in (Action.AMEND, Action.CONTACT, Action.PROMISE, Action.KEEP_PROMISE, Action.CORRECT)

    assert decide(file, typical(file, action).at(last, NOW), policy)
    early = typical(file, action).at(last - timedelta(seconds=1), NOW)
    if note:
        assert decide(file, early, policy).event.at < last
    else:
        with pytest.raises(KnownError, match="act_before_last"):
            decide(file, early, policy)
