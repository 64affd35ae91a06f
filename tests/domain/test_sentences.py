from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.validation import Problem
from desk_app.domain.vocabulary import Action, Status
from desk_app.errors import BugError, KnownError
from tests.helpers.builders import NOW
from tests.helpers.records import a_record, opened

if TYPE_CHECKING:
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.rules import Rules


def owed_at_first(rules: Rules, **case: object) -> FollowUp:
    return opened(a_record(**case), rules.policy).owed[0]


def test_a_due_time_is_explained_by_its_rule_step_by_step(rules: Rules) -> None:
    book, owed = rules.policy.deadlines, owed_at_first(rules)

    told = rules.sentences.explain(owed, book)

    rule = book[owed.rule]
    assert rule is not None
    for part in (rule.title, "11月22日周日 10:00", "24 小时", "2026-11-23 10:00", rule.source):
        assert part in told


def test_a_time_that_was_told_is_explained_as_one(rules: Rules) -> None:
    owed = owed_at_first(rules, promised_at=NOW + timedelta(hours=2))

    told = rules.sentences.explain(owed, rules.policy.deadlines)

    assert "已说定 2026-11-22 12:00" in told
    assert "24 小时（" not in told


def test_a_rule_that_was_abolished_is_named(rules: Rules) -> None:
    owed = replace(owed_at_first(rules), rule="abolished")

    told = rules.sentences.explain(owed, rules.policy.deadlines)

    assert "“abolished”" in told
    assert "加 24 小时" in told, "how it was reckoned is known all the same"


def test_values_of_closed_lists_and_times_are_said_as_people_see_them(rules: Rules) -> None:
    error = KnownError("action_not_now", action=Action.REOPEN, status=Status.VOID, number="TS-1")

    assert rules.sentences.error(error) == "TS-1 现在是“作废”，不能“重新打开”"
    problem = Problem("received_at", "in_future", {"now": NOW})
    assert rules.sentences.problem(problem) == "不能晚于现在（2026-11-22 10:00），请核对"
    assert rules.sentences.problem_at(problem, rules.fields).startswith("受理时间（received_at）：不能晚于")
    assert rules.sentences.problem_at(Problem("colour", "unknown_key"), rules.fields).startswith("colour：")


def test_a_code_without_a_sentence_is_our_own_fault(rules: Rules) -> None:
    with pytest.raises(BugError, match="nobody_wrote_this"):
        rules.sentences.error(KnownError("nobody_wrote_this"))


def test_a_known_error_shows_no_personal_data_when_it_is_printed() -> None:
    assert repr(KnownError("case_unknown", number="TS-1", name="李女士")) == "KnownError('case_unknown', name, number)"
