"""What a case is without, from its facts and its history alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desk_app.domain.completeness import Gap, gaps
from desk_app.domain.event import ANONYMISED_KEY
from desk_app.domain.vocabulary import Action, Kind, Status
from tests.helpers.builders import NOW
from tests.helpers.records import a_deed, a_record, opened

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.services.rules import Rules


def found(file: CaseFile, rules: Rules, now: datetime = NOW) -> list[Gap]:
    return list(gaps(file, now, rules.policy.deadlines.need_responsibility))


def test_an_answer_is_overdue_from_the_moment_after_it_was_due(rules: Rules) -> None:
    file = opened(a_record(kind=Kind.INQUIRY), rules.policy)
    due = min(owed.due_at for owed in file.owed)

    assert Gap.OVERDUE not in found(file, rules, due)
    assert Gap.OVERDUE in found(file, rules, due + timedelta(seconds=1))


def test_no_fault_is_asked_for_where_a_case_is_closed_without_one(rules: Rules) -> None:
    kinds = rules.policy.deadlines.need_responsibility
    asked = {kind for kind in Kind if Gap.UNDETERMINED in found(opened(a_record(kind=kind), rules.policy), rules)}

    assert asked == kinds
    assert Kind.COMPLAINT in kinds
    assert Kind.PRAISE not in kinds


def test_of_a_case_that_was_made_anonymous_no_facts_are_asked_for(rules: Rules) -> None:
    file = opened(a_record(customer_phone="", status=Status.CLOSED), rules.policy)
    anonymous = replace(file, events=(*file.events, a_deed(Action.AMEND, **{ANONYMISED_KEY: "retention"})))

    assert Gap.UNRECORDED in found(file, rules)
    assert Gap.UNRECORDED not in found(anonymous, rules)
