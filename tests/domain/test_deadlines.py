"""Who owes what to whom by when, by the rules as they are shipped and by rules that a shop could write."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.case import Case, Submission
from desk_app.domain.deadlines import DeadlineBook, Parties
from desk_app.domain.deadlines_file import read_deadlines
from desk_app.domain.terms import Term
from desk_app.domain.vocabulary import FollowUpKind, Kind, Responsibility, Route, Trigger
from desk_app.domain.work_calendar import DayKind
from desk_app.paths import resources_dir
from tests.helpers.builders import NOW, SHANGHAI
from tests.helpers.calendars import days, shipped
from tests.helpers.records import a_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.rules import Rules

DAY = timedelta(hours=24)
THEM = Parties(
    responsible="小周", actor="小吴", assignee="小王", approver="部门负责人", subject="送券", department="品管"
)
DATA: Mapping[str, Any] = tomllib.loads((resources_dir() / "deadlines.toml").read_text(encoding="utf-8"))


def a_book(*rules: Mapping[str, object], keep: bool = True) -> DeadlineBook:
    """Return a book in which these rules stand first; without ``keep`` they are all there is."""
    plain = {"title": "规矩", "source": "店规", "owed_by": "responsible", "owed_to": "客户"}
    own = [{"id": f"own_{n}", **plain, **rule} for n, rule in enumerate(rules)]
    return read_deadlines({**DATA, "rule": [*own, *(DATA["rule"] if keep else [])]}, shipped)


@pytest.fixture(scope="module")
def book(rules: Rules) -> DeadlineBook:
    return rules.policy.deadlines


# ------------------------------------------------------------------------------------------------------- the receipt

AT_RECEIPT: Mapping[Kind, tuple[str, ...]] = {
    Kind.COMPLAINT: ("first_reply",),
    Kind.SUGGESTION: ("suggestion_reply",),
    Kind.INQUIRY: ("inquiry_reply",),
    Kind.PROPOSAL: ("suggestion_reply", "proposal_two_weeks"),
    Kind.SERVICE_REQUEST: ("first_reply",),
    Kind.RETURN_REQUEST: ("first_reply",),
    Kind.PRAISE: ("first_reply",),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("safety", [False, True])
def test_every_case_owes_an_answer_within_a_day_of_its_receipt(
    book: DeadlineBook, kind: Kind, route: Route, *, safety: bool
) -> None:
    case = a_record(kind=kind, route=route, safety=safety, external_body="消协", received_at=NOW - timedelta(hours=3))

    owed = book.owed(Trigger.REGISTERED, case, case.received_at, Parties(responsible=case.first_contact))

    (answer,) = (f for f in owed if f.kind is FollowUpKind.REPLY)
    assert (answer.start_at, answer.due_at) == (case.received_at, case.received_at + DAY)
    is_grave = route is Route.EXTERNAL or safety
    assert answer.owed_by == ("店长" if is_grave else case.first_contact)
    usual = AT_RECEIPT[kind]
    first = "external_reply" if route is Route.EXTERNAL else "safety_reply" if safety else usual[0]
    others = [*(["external_body_reply"] if route is Route.EXTERNAL else []), *usual[1:]]
    assert [f.rule for f in owed] == [first, *others]
    assert book.reply_due(kind, route, case.received_at, safety=safety) == answer.due_at, "what the customer is told"


def test_an_external_body_is_owed_an_answer_in_seven_working_days(book: DeadlineBook) -> None:
    eve = datetime(2026, 2, 13, 20, 0, tzinfo=SHANGHAI)
    case = a_record(route=Route.EXTERNAL, external_body="12315 平台", received_at=eve)

    (body,) = (f for f in book.owed(Trigger.REGISTERED, case, eve, THEM) if f.kind is FollowUpKind.EXTERNAL_REPLY)

    assert (body.owed_to, body.owed_by, str(body.term)) == ("12315 平台", "店长", "7wd")
    assert body.due_at == datetime(2026, 3, 2, 18, 0, tzinfo=SHANGHAI), "over the spring festival, domain.md part 18"


def test_a_time_that_was_told_takes_the_place_of_the_rule_but_not_in_the_next_round(book: DeadlineBook) -> None:
    promised = NOW + timedelta(hours=2)

    (first,) = book.owed(Trigger.REGISTERED, a_record(), NOW, replace(THEM, due_at=promised))
    (second,) = book.owed(Trigger.NEXT_ROUND, a_record(), NOW, replace(THEM, due_at=promised))

    assert (first.due_at, str(first.term)) == (promised, "given")
    assert (second.due_at, str(second.term)) == (NOW + DAY, "24h")


# ------------------------------------------------------------------------------------------------ one rule and another

AFTER: Mapping[Trigger, tuple[str, str, str]] = {  # trigger → what, by whom, to whom
    Trigger.ASSIGNED: ("handle", "小王", "首问责任人"),
    Trigger.PROPOSED: ("approve", "部门负责人", "处理人"),
    Trigger.REJECTED: ("handle", "小周", "首问责任人"),
    Trigger.PROMISED: ("promise", "小吴", "客户"),
    Trigger.REPLIED: ("return_visit", "小周", "客户"),
    Trigger.NOT_REACHED: ("return_visit", "小周", "客户"),
    Trigger.VISITED: ("feed_back", "小周", "部门"),
    Trigger.NEXT_ROUND: ("reply", "小周", "客户"),
    Trigger.INEFFECTIVE: ("correct", "小周", "部门负责人"),
    Trigger.NOTHING_LEFT: ("handle", "小周", "部门负责人"),
}


@pytest.mark.parametrize("trigger", AFTER)
def test_who_owes_what_to_whom_after_what_happened(book: DeadlineBook, trigger: Trigger) -> None:
    (owed,) = book.owed(trigger, a_record(), NOW, THEM)

    assert (owed.kind, owed.owed_by, owed.owed_to) == AFTER[trigger]
    assert owed.due_at == book.due(owed.term, NOW)
    assert owed.subject == ("结案" if trigger is Trigger.NOTHING_LEFT else "送券")


def test_a_correction_is_owed_by_its_department_and_checked_by_who_is_responsible(book: DeadlineBook) -> None:
    correct, verify = book.owed(Trigger.CORRECTED, a_record(), NOW, THEM)
    (nobody, _) = book.owed(Trigger.CORRECTED, a_record(), NOW, replace(THEM, assignee=""))

    assert (correct.kind, correct.owed_by, str(correct.term)) == (FollowUpKind.CORRECT, "小王", "10wd")
    assert (verify.kind, verify.owed_by, str(verify.term)) == (FollowUpKind.VERIFY, "小周", "15wd")
    assert nobody.owed_by == "小周", "where nobody is named, who is responsible"


def test_a_correction_is_verified_after_the_date_that_was_set_for_it(book: DeadlineBook) -> None:
    until = NOW + 40 * DAY

    correct, verify = book.owed(Trigger.CORRECTED, a_record(), NOW, replace(THEM, due_at=until))
    _, usual = book.owed(Trigger.CORRECTED, a_record(), NOW, THEM)

    assert correct.due_at == until < verify.due_at
    assert (verify.start_at, verify.due_at, str(verify.term)) == (until, book.due(verify.term, until), "15wd")
    assert book.reckoned(verify) == verify, "also when the calendar changes"
    assert (usual.start_at, usual.due_at) == (NOW, book.due(usual.term, NOW)), "where no date was set"


@pytest.mark.parametrize("kind", Kind)
def test_after_the_answer_the_customer_is_asked_but_praise_is_passed_on(book: DeadlineBook, kind: Kind) -> None:
    owed = book.owed(Trigger.REPLIED, a_record(kind=kind), NOW, THEM)

    assert [f.kind for f in owed] == [FollowUpKind.FEED_BACK if kind is Kind.PRAISE else FollowUpKind.RETURN_VISIT]


@pytest.mark.parametrize("responsibility", [None, *Responsibility])
def test_a_rule_of_a_finding_speaks_of_that_finding_alone(
    book: DeadlineBook, responsibility: Responsibility | None
) -> None:
    owed = book.owed(Trigger.DETERMINED, a_record(), NOW, THEM, responsibility)

    ours = (Responsibility.COMPANY, Responsibility.DEPARTMENT, Responsibility.PERSON)
    wanted = {
        **dict.fromkeys(ours, ("correct", "部门负责人")),
        Responsibility.SUPPLIER: ("feed_back", "采购"),
        Responsibility.UNDECIDED: ("handle", "部门负责人"),
    }
    assert [(f.kind.value, f.owed_to) for f in owed] == [wanted[r] for r in [responsibility] if r in wanted]


def test_a_special_rule_stands_before_the_general_one_and_speaks_only_of_its_own() -> None:
    own = {"trigger": "registered", "follow_up": "reply", "term": "2h", "kinds": ["complaint"], "routes": ["direct"]}
    book = a_book(own)

    def rule(**case: object) -> str:
        return book.owed(Trigger.REGISTERED, a_record(**case), NOW, THEM)[0].rule

    assert rule(route=Route.DIRECT) == "own_0"
    assert rule(route=Route.NORMAL) == "first_reply"
    assert rule(kind=Kind.INQUIRY, route=Route.DIRECT) == "inquiry_reply"


def test_a_rule_for_dangerous_cases_speaks_of_them_only() -> None:
    book = a_book({"trigger": "registered", "follow_up": "visit_on_site", "term": "1h", "safety": True})

    assert [f.kind for f in book.owed(Trigger.REGISTERED, a_record(safety=True), NOW, THEM)] == [
        "visit_on_site",
        "reply",
    ]
    assert [f.kind for f in book.owed(Trigger.REGISTERED, a_record(), NOW, THEM)] == ["reply"]


def test_a_rule_that_is_not_enabled_does_not_speak() -> None:
    own = {"trigger": "registered", "follow_up": "reply", "term": "2h"}

    for enabled in (True, False):
        book = a_book({**own, "enabled": enabled})
        assert (book.owed(Trigger.REGISTERED, a_record(), NOW, THEM)[0].rule == "own_0") is enabled
        assert (book.reply_due(Kind.COMPLAINT, Route.NORMAL, NOW) == NOW + timedelta(hours=2)) is enabled


def test_what_is_agreed_each_time_is_owed_only_where_a_time_was_told() -> None:
    book = a_book({"trigger": "registered", "follow_up": "reply", "term": "given", "told": True})
    agreed = NOW + timedelta(minutes=90)

    (told,) = book.owed(Trigger.REGISTERED, a_record(), NOW, replace(THEM, due_at=agreed))
    (untold,) = book.owed(Trigger.REGISTERED, a_record(), NOW, THEM)

    assert (told.rule, told.due_at) == ("own_0", agreed)
    assert untold.rule == "first_reply", "the next rule speaks"
    assert book.reply_due(Kind.COMPLAINT, Route.NORMAL, NOW) == NOW + DAY


def test_a_rule_is_found_by_its_name_and_one_that_is_gone_is_none(book: DeadlineBook) -> None:
    assert book["first_reply"] is not None
    assert book["abolished"] is None


# -------------------------------------------------------------------------------------------- books that are no rules

REPLY_RULE = {"trigger": "registered", "follow_up": "reply", "term": "24h"}
MUST: Mapping[str, Mapping[str, object]] = {
    "registered": REPLY_RULE,
    "next_round": {**REPLY_RULE, "trigger": "next_round"},
    "promised": {"trigger": "promised", "follow_up": "promise", "term": "3d"},
    "nothing_left": {"trigger": "nothing_left", "follow_up": "handle", "term": "24h"},
}


def test_four_rules_are_enough_that_nobody_is_forgotten() -> None:
    assert a_book(*MUST.values(), keep=False).silent_on() == ()


@pytest.mark.parametrize("trigger", MUST)
@pytest.mark.parametrize(
    "flaw",
    [
        None,
        {"enabled": False},
        {"kinds": ["complaint", "inquiry"]},
        {"routes": ["external", "direct"]},
        {"safety": True},
        {"responsibilities": ["company"]},
        {"term": "given", "told": True},
        {"follow_up": "correct"},
        {"follow_up": "feed_back"},
    ],
    ids=str,
)
def test_a_book_after_which_somebody_could_be_forgotten_is_refused(
    trigger: str, flaw: Mapping[str, object] | None
) -> None:
    others = [rule for name, rule in MUST.items() if name != trigger]
    flawed = [] if flaw is None else [{**MUST[trigger], **flaw}]

    with pytest.raises(ValueError, match=f"rule: .*{trigger}"):
        a_book(*others, *flawed, keep=False)


@pytest.mark.parametrize("trigger", MUST)
def test_rules_may_share_the_cases_among_them(trigger: str) -> None:
    others = [rule for name, rule in MUST.items() if name != trigger]
    halves = (["complaint", "inquiry"], [kind.value for kind in Kind if kind not in ("complaint", "inquiry")])

    shared = a_book(*others, *({**MUST[trigger], "kinds": half} for half in halves), keep=False)

    assert shared.silent_on() == ()


ESSENTIAL = {"first_reply", "next_reply", "promise", "close_up"}


@given(st.sets(st.sampled_from([rule["id"] for rule in DATA["rule"]])), st.sampled_from(Kind), st.sampled_from(Route))
def test_whatever_rules_a_shop_takes_out_the_book_is_refused_or_forgets_nobody(
    gone: set[str], kind: Kind, route: Route
) -> None:
    left = [rule for rule in DATA["rule"] if rule["id"] not in gone]
    try:
        book = read_deadlines({**DATA, "rule": left}, shipped)
    except ValueError:
        book = None
    assert book is not None or gone & ESSENTIAL, "no other rule is indispensable"
    if book is None:
        return
    must = {"registered": "reply", "next_round": "reply", "promised": "promise", "nothing_left": "handle"}
    for trigger, wanted in must.items():
        assert wanted in {f.kind for f in book.owed(Trigger(trigger), a_record(kind=kind, route=route), NOW, THEM)}


# --------------------------------------------------------------------------------- the clock, the calendar, the limits


def test_hours_run_through_the_night_and_the_holiday(book: DeadlineBook) -> None:
    spring = datetime(2026, 2, 14, 20, 0, tzinfo=SHANGHAI)

    assert book.due(Term.parse("24h"), spring) == datetime(2026, 2, 15, 20, 0, tzinfo=SHANGHAI)


def test_what_was_reckoned_moves_with_the_calendar_and_what_was_told_stays(book: DeadlineBook) -> None:
    told = book.owed(Trigger.ASSIGNED, a_record(), NOW, replace(THEM, due_at=NOW + DAY))[0]
    counted = book.owed(Trigger.ASSIGNED, a_record(), NOW, THEM)[0]
    closed_on = replace(shipped(), own=days("2026-11-24", DayKind.REST))

    assert str(counted.term) == "2wd"
    changed = replace(book, calendar=lambda: closed_on)
    assert book.reckoned(counted) == counted
    assert changed.reckoned(counted) == replace(counted, due_at=counted.due_at + DAY)
    assert changed.reckoned(told) == told
    assert changed.steps(told) == book.steps(told) == ()
    first, *_, last = book.steps(counted)
    assert (first.code, last.code, last.params["due"]) == ("from_day", "until_day_end", counted.due_at)


def test_the_calendar_is_asked_only_for_days_that_are_counted(book: DeadlineBook) -> None:
    def no_calendar() -> Any:
        raise AssertionError

    hurried = replace(book, calendar=no_calendar)

    assert hurried.reply_due(Kind.COMPLAINT, Route.NORMAL, NOW) == NOW + DAY
    assert hurried.owed(Trigger.REPLIED, a_record(), NOW, THEM)
    with pytest.raises(AssertionError):
        hurried.owed(Trigger.ASSIGNED, a_record(), NOW, THEM)


@pytest.mark.parametrize(
    ("day", "limit", "term"),
    [("2026-04-14", "mediation_45_working_days", "45wd"), ("2026-04-15", "mediation_60_days", "60d")],
)
def test_the_law_that_holds_is_that_of_the_day_of_receipt(book: DeadlineBook, day: str, limit: str, term: str) -> None:
    """standards.md part 5: 45 working days until 2026-04-14, 60 days from 2026-04-15."""
    for clock in ("00:00:00", "23:59:59"):
        received = datetime.fromisoformat(f"{day}T{clock}+08:00")
        case = a_record(kind=Kind.SUGGESTION, route=Route.EXTERNAL, received_at=received)

        ((found, end),) = book.limits_on(case)

        assert (found.id, str(found.term)) == (limit, term)
        assert end == book.due(found.term, received)


def test_the_limits_on_a_case_are_those_of_its_kind_the_earliest_first(book: DeadlineBook) -> None:
    def ids(**case: object) -> list[str]:
        return [limit.id for limit, _ in book.limits_on(a_record(**case))]

    assert ids() == ["answer_5_days", "remedy_15_days"]
    assert ids(kind=Kind.RETURN_REQUEST) == ["answer_5_days", "no_reason_return", "remedy_15_days"]
    assert ids(route=Route.EXTERNAL) == ["answer_5_days", "remedy_15_days", "mediation_60_days"]
    assert ids(kind=Kind.PRAISE) == []
    assert ids(received_at=datetime(2016, 1, 1, 9, 0, tzinfo=SHANGHAI)) == ["remedy_15_days"]
    ends = [end for _, end in book.limits_on(a_record(kind=Kind.RETURN_REQUEST, route=Route.EXTERNAL))]
    assert ends == sorted(ends)
    assert ends[0] == NOW + timedelta(days=5)


def test_a_record_is_a_whole_case() -> None:
    assert isinstance(a_record(), Case)
    assert isinstance(a_record(), Submission)
