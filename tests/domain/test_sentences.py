from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.validation import Problem
from desk_app.domain.vocabulary import Action, Status
from desk_app.errors import BugError, KnownError
from desk_app.services.results import Shop
from tests.helpers.builders import NOW
from tests.helpers.records import a_record, opened

if TYPE_CHECKING:
    from desk_app.domain.follow_up import FollowUp
    from desk_app.services.rules import Rules


_NOT_SET = {"operator", "told_open", "days", "rules_fault"}  # what the journal tells otherwise, or not at all


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


@pytest.mark.parametrize(
    ("what", "subject", "data", "told"),
    [
        (
            Noted.EXPORT,
            "",
            {"sheets": "register", "rows": 3, "masked": False, "period": "2026-10"},
            "表：register；行数：3；脱敏：否；期间：2026-10",
        ),
        (Noted.LOCK_MONTH, "2026-10", {"last_event": 320, "ledger": "15:ab"}, "到第几条经过：320；账：15:ab"),
        (Noted.ERASE, "TS-20220301-001", {"why": "retention"}, "原因：保存到期"),
        (Noted.SETTING, "backup_seal", {"change": "off"}, "改了：不再加密"),
        (Noted.SETTING, "lock_after", {"old": 10, "new": 5}, "10 → 5"),
    ],
)
def test_the_journal_is_told_in_words_and_not_in_the_keys_it_is_kept_by(
    rules: Rules, what: Noted, subject: str, data: dict[str, object], told: str
) -> None:
    entry = JournalEntry(at=NOW, by="小周", what=what, subject=subject, data=data)

    _by, _what, of, more = rules.sentences.noted(entry)

    assert more == told
    assert not of.isascii() or not of.replace("_", "").isalpha(), "no bare key of a setting"


def test_every_setting_of_a_shop_has_a_name_in_the_journal(rules: Rules) -> None:
    named = rules.sentences.labels["setting"]

    assert [f.name for f in fields(Shop) if f.name not in {*_NOT_SET, *named}] == []
