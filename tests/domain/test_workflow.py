from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.case import CaseFile
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Status
from desk_app.domain.workflow import ALLOWED, EFFECTS, Outcome, allowed_actions, decide, visit_attempts, why_not
from desk_app.errors import KnownError
from tests.helpers.builders import NOW
from tests.helpers.records import a_deed, a_record, after, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.rules import Rules

HOUR = timedelta(hours=1)
BUILT = ("contact", "reply", "return_visit", "close", "reopen", "void")

# Which action may be taken in which status, by the table of domain.md 9.11: x = may, . = may not.
TABLE = {
    "registered            ": "x x x x . x",
    "in_progress           ": "x x x x . x",
    "awaiting_customer     ": "x x x x . x",
    "awaiting_approval     ": "x x x x . x",
    "awaiting_reply        ": "x x x x . x",
    "awaiting_return_visit ": "x x x x . x",
    "closed                ": ". . . . x x",
    "void                  ": ". . . . . .",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_an_action_is_refused_by_the_status_where_the_table_says_so(
    rules: Rules, status: Status, action: Action
) -> None:
    file = CaseFile(a_record(status=status), (), ())

    refusal = why_not(file, action, rules.deadlines)

    if action not in BUILT:
        assert refusal is not None
        assert refusal.code == "action_not_built"
        return
    row = next(cells for name, cells in TABLE.items() if name.strip() == status)
    may = row.split()[BUILT.index(action)] == "x"
    assert (refusal is not None and refusal.code == "action_not_now") is not may


def test_the_table_speaks_of_every_action_that_is_built(rules: Rules) -> None:
    assert set(ALLOWED) == set(BUILT) == set(rules.actions)
    assert {name.strip() for name in TABLE} == set(Status)
    assert set(EFFECTS) == set(Outcome)


# What has been done → what may be done next (a close by exception counts), the status, the round, what is owed.
REFUSED: tuple[Action, dict[str, object]] = (Action.REPLY, {"content": "不退", "accepted": False})
REPLY: tuple[Action, dict[str, object]] = (Action.REPLY, {"content": "换新"})
CONTACT: tuple[Action, dict[str, object]] = (Action.CONTACT, {"content": "致电"})
NOBODY: tuple[Action, dict[str, object]] = (Action.RETURN_VISIT, {"reached": False})
HAPPY: tuple[Action, dict[str, object]] = (Action.RETURN_VISIT, {"reached": True, "satisfaction": "satisfied"})
FAIR: tuple[Action, dict[str, object]] = (Action.RETURN_VISIT, {"reached": True, "satisfaction": "fair"})
ANGRY: tuple[Action, dict[str, object]] = (Action.RETURN_VISIT, {"reached": True, "satisfaction": "dissatisfied"})
CLOSE: tuple[Action, dict[str, object]] = (Action.CLOSE, {"result": "已换新"})
BY_EXCEPTION: tuple[Action, dict[str, object]] = (
    Action.CLOSE,
    {"result": "已尽力", "exception": True, "reason": "要求超出规定"},
)
REOPEN: tuple[Action, dict[str, object]] = (Action.REOPEN, {"reason": "又坏了"})
VOID: tuple[Action, dict[str, object]] = (Action.VOID, {"reason": "重复登记"})

LIVES: Mapping[str, tuple[tuple[tuple[Action, dict[str, object]], ...], str, str, int, str]] = {
    "new": ((), "contact reply void", "registered", 1, "reply"),
    "rung up": ((CONTACT,), "contact reply void", "in_progress", 1, "reply"),
    "answered": ((REPLY,), "contact return_visit close void", "awaiting_return_visit", 1, "return_visit"),
    "answer refused": ((REFUSED,), "contact reply close void", "in_progress", 2, "reply"),
    "not reached": ((REPLY, NOBODY), "contact return_visit close void", "awaiting_return_visit", 1, "return_visit"),
    "rung up, then not reached": (
        (REPLY, CONTACT, NOBODY), "contact return_visit close void", "awaiting_return_visit", 1, "return_visit"
    ),
    "satisfied": ((REPLY, HAPPY), "contact close void", "in_progress", 1, "feed_back"),
    "fairly satisfied": ((REPLY, FAIR), "contact close void", "in_progress", 1, "feed_back"),
    "not satisfied": ((REPLY, ANGRY), "contact reply close void", "in_progress", 2, "reply"),
    "answered again": (
        (REPLY, ANGRY, REPLY), "contact return_visit close void", "awaiting_return_visit", 2, "return_visit"
    ),
    "closed": ((REPLY, HAPPY, CLOSE), "reopen void", "closed", 1, ""),
    "closed by exception": ((REPLY, ANGRY, BY_EXCEPTION), "reopen void", "closed", 2, ""),
    "closed unreachable": ((REPLY, NOBODY, NOBODY, NOBODY, CLOSE), "reopen void", "closed", 1, ""),
    "reopened": ((REPLY, HAPPY, CLOSE, REOPEN), "contact reply close void", "in_progress", 2, "reply"),
    "void": ((VOID,), "", "void", 1, ""),
    "closed, then void": ((REPLY, HAPPY, CLOSE, VOID), "", "void", 1, ""),
}  # fmt: skip


def live(rules: Rules, deeds: tuple[tuple[Action, dict[str, object]], ...], **case: object) -> CaseFile:
    file = opened(a_record(received_at=NOW - 20 * HOUR, **case), rules.deadlines)
    for hours, (action, data) in enumerate(deeds, start=1):
        deed = a_deed(action, file.case.received_at + hours * HOUR, NOW, **data)
        file = after(file, decide(file, deed, rules.deadlines))
    return file


@pytest.mark.parametrize("name", LIVES)
def test_what_was_done_decides_what_is_next(rules: Rules, name: str) -> None:
    deeds, possible, status, turn, owed = LIVES[name]

    file = live(rules, deeds)

    assert [a.value for a in allowed_actions(file, rules.deadlines)] == possible.split()
    assert (file.case.status, file.case.round) == (status, turn)
    assert [f.kind.value for f in file.owed] == owed.split()


def test_praise_is_thanked_for_and_passed_on_without_a_visit(rules: Rules) -> None:
    file = live(rules, (REPLY,), kind=Kind.PRAISE)

    assert [f.kind for f in file.owed] == [FollowUpKind.FEED_BACK]
    assert [a.value for a in allowed_actions(file, rules.deadlines)] == ["contact", "close", "void"]


def test_the_manager_owes_the_answer_to_an_external_body_in_every_round(rules: Rules) -> None:
    first = live(rules, (), route=Route.EXTERNAL)
    second = live(rules, (REPLY, ANGRY), route=Route.EXTERNAL)

    assert [f.owed_by for f in first.owed] == [rules.deadlines.manager]
    assert [f.owed_by for f in second.owed] == [rules.deadlines.manager]


REFUSALS: Mapping[str, tuple[tuple[tuple[Action, dict[str, object]], ...], tuple[Action, dict[str, object]], str]] = {
    "a second answer": ((REPLY,), REPLY, "already_replied"),
    "a visit before the answer": ((), HAPPY, "visit_before_reply"),
    "a visit before the second answer": ((REPLY, ANGRY), HAPPY, "visit_before_reply"),
    "a second visit": ((REPLY, HAPPY), HAPPY, "already_visited"),
    "closing a new case": ((), CLOSE, "close_before_reply"),
    "closing a new case by exception": ((), BY_EXCEPTION, "close_before_reply"),
    "closing without a visit": ((REPLY,), CLOSE, "close_before_visit"),
    "closing after two tries": ((REPLY, NOBODY, NOBODY), CLOSE, "close_before_visit"),
    "counting the tries of the round before": (
        (REPLY, NOBODY, NOBODY, ANGRY, REPLY, NOBODY), CLOSE, "close_before_visit"
    ),
    "closing an unsatisfied customer": ((REPLY, ANGRY), CLOSE, "close_before_reply"),
    "closing a reopened case": ((REPLY, HAPPY, CLOSE, REOPEN), CLOSE, "close_before_reply"),
    "closing twice": ((REPLY, HAPPY, CLOSE), CLOSE, "action_not_now"),
    "reopening an open case": ((), REOPEN, "action_not_now"),
    "reopening a void case": ((VOID,), REOPEN, "action_not_now"),
    "voiding twice": ((VOID,), VOID, "action_not_now"),
    "a word on a closed case": ((REPLY, HAPPY, CLOSE), CONTACT, "action_not_now"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_case_does_not_allow_is_refused_with_its_reason(rules: Rules, name: str) -> None:
    deeds, (action, data), code = REFUSALS[name]
    file = live(rules, deeds)

    with pytest.raises(KnownError, match=code) as caught:
        decide(file, a_deed(action, NOW, **data), rules.deadlines)
    assert rules.sentences.error(caught.value)


def test_a_deed_lies_between_the_receipt_and_now(rules: Rules) -> None:
    file = live(rules, ())
    received = file.case.received_at

    assert decide(file, a_deed(Action.REPLY, received, NOW, content="好"), rules.deadlines)
    assert decide(file, a_deed(Action.REPLY, NOW, NOW, content="好"), rules.deadlines)
    with pytest.raises(KnownError, match="act_in_future"):
        decide(file, a_deed(Action.REPLY, NOW + timedelta(seconds=1), NOW, content="好"), rules.deadlines)
    with pytest.raises(KnownError, match="act_before_received"):
        decide(file, a_deed(Action.REPLY, received - timedelta(seconds=1), NOW, content="好"), rules.deadlines)


def test_a_decision_says_what_is_settled_when_and_what_is_owed_from_when(rules: Rules) -> None:
    file = live(rules, ())
    late = a_deed(Action.REPLY, NOW - 3 * HOUR, NOW, content="换新")

    decision = decide(file, late, rules.deadlines)

    assert [(f.kind, f.done_at) for f in decision.settled] == [(FollowUpKind.REPLY, late.at)]
    assert [(f.kind, f.start_at, f.due_at) for f in decision.owed] == [
        (FollowUpKind.RETURN_VISIT, late.at, late.at + 24 * HOUR)
    ]
    assert (decision.event.at, decision.event.entered_at) == (late.at, NOW)


def test_a_history_line_bears_the_round_in_which_it_was_done(rules: Rules) -> None:
    file = live(rules, (REPLY, ANGRY, REPLY, HAPPY, CLOSE, REOPEN, CONTACT))

    assert [e.round for e in file.events] == [1, 1, 1, 2, 2, 2, 2, 3]
    assert [f.round for f in file.owed] == [3]


def test_tries_are_counted_in_the_present_round(rules: Rules) -> None:
    assert visit_attempts(live(rules, (REPLY, NOBODY, NOBODY))) == 2
    assert visit_attempts(live(rules, (REPLY, NOBODY, NOBODY, ANGRY, REPLY))) == 0
    assert visit_attempts(live(rules, (REPLY, HAPPY))) == 0
