from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.problems import Problem, RefusedError
from desk_app.domain.text import find_unstorable, unify_line_breaks
from desk_app.domain.validation import read_action, read_moment, read_operator, read_submission
from desk_app.domain.vocabulary import Action, Kind, Route, Severity
from tests.helpers.builders import NOW, a_case, a_full_case
from tests.helpers.records import a_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.services.rules import Rules

TEN_MEGABYTES = "退" * 3_500_000


def problems_of(rules: Rules, raw: Mapping[str, object]) -> tuple[Problem, ...]:
    with pytest.raises(RefusedError) as caught:
        read_submission(raw, a_context(rules))
    return caught.value.problems


def action_problems(rules: Rules, action: Action, raw: Mapping[str, object]) -> dict[str, str]:
    with pytest.raises(RefusedError) as caught:
        read_action(rules.actions[action], raw, a_context(rules))
    return {p.field: p.code for p in caught.value.problems}


def test_a_complaint_is_read_with_its_defaults(rules: Rules) -> None:
    given_case = read_submission(a_case(), a_context(rules))

    assert given_case.kind is Kind.COMPLAINT
    assert given_case.route is Route.NORMAL
    assert given_case.severity is Severity.NORMAL
    assert given_case.received_at == NOW
    assert given_case.receiver == "前台"
    assert given_case.first_contact == "前台"
    assert given_case.content == a_case()["content"]
    assert given_case.demand_kind == ("replace",)
    assert given_case.amount is None
    assert given_case.promised_at is None


def test_every_field_is_kept_as_it_was_given(rules: Rules) -> None:
    raw = a_full_case(content="第一行\n第二行  \n\n=1+1 😡𠮷", demand="  退款\n")
    case = read_submission(raw, a_context(rules))

    assert case.content == raw["content"]
    assert case.demand == raw["demand"]
    assert case.amount == Decimal("199.90")
    assert case.item == {"name": "电水壶", "model": "SX-1500"}
    assert case.received_at == NOW.replace(hour=9, minute=12, second=30)
    assert case.promised_at == NOW.replace(hour=18)
    assert (case.safety, case.read_back, case.consent) == (True, True, True)
    assert (case.anonymous, case.confidential) == (False, False)
    for key in ("occurred_at", "place", "parties", "target", "customer_name", "customer_phone", "on_behalf_of"):
        assert getattr(case, key) == raw[key]


def test_the_receiver_is_by_then_the_operator_and_the_first_contact_is_the_receiver(rules: Rules) -> None:
    named = read_submission(a_case(by="小王"), a_context(rules))
    both = read_submission(a_case(by="小王", receiver="小李"), a_context(rules))
    unnamed = read_submission(a_case(by=" "), a_context(rules, operator="小张"))

    assert (named.receiver, named.first_contact) == ("小王", "小王")
    assert (both.receiver, both.first_contact) == ("小李", "小李")
    assert unnamed.receiver == "小张"


WRONG: Mapping[str, tuple[Mapping[str, object], str, str]] = {
    "no kind": ({"kind": None}, "kind", "required"),
    "no content": ({"content": None}, "content", "required"),
    "content of nothing but blanks": ({"content": " \n\u3000 "}, "content", "required"),
    "no category": ({"category": ""}, "category", "required"),
    "a key nobody knows": ({"colour": "red"}, "colour", "unknown_key"),
    "a key without a name": ({"": "red"}, "", "unknown_key"),
    "a number of one's own": ({"number": "TS-1"}, "number", "given_key"),
    "a status of one's own": ({"status": "closed"}, "status", "given_key"),
    "a time of entry of one's own": ({"entered_at": "2026-10-01"}, "entered_at", "given_key"),
    "a round of one's own": ({"round": 2}, "round", "given_key"),
    "content that is a number": ({"content": 12}, "content", "not_text"),
    "content that is a list": ({"content": ["退款"]}, "content", "not_text"),
    "a name that is a tick": ({"customer_name": True}, "customer_name", "not_text"),
    "ten megabytes": ({"content": TEN_MEGABYTES}, "content", "too_long"),
    "ten megabytes of name": ({"customer_name": TEN_MEGABYTES}, "customer_name", "too_long"),
    "one character too many": ({"content": "退" * 20_001}, "content", "too_long"),
    "a NUL": ({"content": "退款\x00"}, "content", "bad_character"),
    "an escape": ({"content": "\x1b[31m退款"}, "content", "bad_character"),
    "half a surrogate pair": ({"content": "退款\ud83d"}, "content", "bad_character"),
    "a noncharacter": ({"demand": "退款\uffff"}, "demand", "bad_character"),
    "a line break in a name": ({"customer_name": "李\n女士"}, "customer_name", "bad_character"),
    "a name that turns the writing round": ({"customer_name": "李\u202e四"}, "customer_name", "bad_character"),
    "half a surrogate pair in by": ({"by": "小\ud83d"}, "by", "bad_character"),
    "a kind outside the choices": ({"kind": "rant"}, "kind", "not_a_choice"),
    "a kind by its label": ({"kind": "投诉"}, "kind", "not_a_choice"),
    "a kind that is a number": ({"kind": 1}, "kind", "not_a_choice"),
    "a channel that is a list": ({"channel": ["phone"]}, "channel", "not_a_choice"),
    "a category outside the tree": ({"category": "天气"}, "category", "not_a_choice"),
    "a category that is a table": ({"category": {"a": 1}}, "category", "not_text"),
    "a demand outside the choices": ({"demand_kind": ["refund", "moon"]}, "demand_kind", "not_a_choice"),
    "a demand in a list in the list": ({"demand_kind": [["refund"]]}, "demand_kind", "not_a_choice"),
    "demands that are a table": ({"demand_kind": {"refund": True}}, "demand_kind", "not_a_list"),
    "a tick that is a word": ({"safety": "yes"}, "safety", "not_bool"),
    "a tick that is a number": ({"safety": 1}, "safety", "not_bool"),
    "words for a time": ({"received_at": "昨天"}, "received_at", "bad_time"),
    "a number for a time": ({"received_at": 1790000000}, "received_at", "bad_time"),
    "a list for a time": ({"received_at": []}, "received_at", "bad_time"),
    "a day that does not exist": ({"received_at": "2026-02-30 10:00"}, "received_at", "no_such_time"),
    "an hour that does not exist": ({"received_at": "2026-10-01 25:00"}, "received_at", "no_such_time"),
    "the year 9999": ({"promised_at": "9999-12-31 10:00"}, "promised_at", "too_late"),
    "the year 26": ({"received_at": "0026-10-01 10:00"}, "received_at", "too_early"),
    "a moment too far off for a clock": ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at", "bad_time"),
    "a time in the future": ({"received_at": "2026-11-22 10:00:01"}, "received_at", "in_future"),
    "a promise in 2062": ({"promised_at": "2062-11-22 10:00"}, "promised_at", "too_far"),
    "a promise a year and a day on": ({"promised_at": "2027-11-23 10:01"}, "promised_at", "too_far"),
    "a promise before the receipt": ({"promised_at": "2026-11-22 09:59"}, "promised_at", "before_received"),
    "an event on a day that does not exist": ({"occurred_at": "2026-02-30 晚上八点"}, "occurred_at", "no_such_time"),
    "words for an amount": ({"amount": "很多"}, "amount", "not_amount"),
    "a negative amount": ({"amount": -1}, "amount", "not_amount"),
    "a tenth of a fen": ({"amount": "1.005"}, "amount", "not_amount"),
    "a fortune": ({"amount": "10000000000"}, "amount", "not_amount"),
    "no number at all": ({"amount": "NaN"}, "amount", "not_amount"),
    "no end of money": ({"amount": Decimal("Infinity")}, "amount", "not_amount"),
    "a tick for an amount": ({"amount": True}, "amount", "not_amount"),
    "an item that is a number": ({"item": 3}, "item", "not_item"),
    "an item that is a list": ({"item": ["壶"]}, "item", "not_item"),
    "an item with a table inside": ({"item": {"name": {"a": 1}}}, "item", "not_text"),
    "an item with a tick inside": ({"item": {"name": True}}, "item", "not_text"),
    "an item of too many lines": ({"item": {str(n): "x" for n in range(41)}}, "item", "too_many"),
    "an item with a long key": ({"item": {"k" * 41: "x"}}, "item", "too_long"),
    "an item with a long text": ({"item": {"name": TEN_MEGABYTES}}, "item", "too_long"),
    "an item with a NUL": ({"item": {"name": "x\x00"}}, "item", "bad_character"),
    "an item with a NUL in its key": ({"item": {"na\x00me": "x"}}, "item", "bad_character"),
    "nobody at all": ({"customer_name": None, "customer_phone": None}, "customer_name", "who_is_it"),
    "an external one from nowhere": ({"route": "external"}, "external_body", "required"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_with_its_field_and_nothing_else_is(rules: Rules, wrong: str) -> None:
    changes, field, code = WRONG[wrong]
    raw: dict[str, object] = {**a_case(), **changes}

    (problem,) = problems_of(rules, raw)

    assert (problem.field, problem.code) == (field, code)
    sentence = rules.sentences.problem_at(problem, rules.fields)
    assert len(sentence) < 300
    assert sentence.count("\n") == 0


def test_every_problem_is_told_at_once_in_the_order_of_the_form(rules: Rules) -> None:
    raw = a_case(kind="rant", content=None, amount="很多", received_at="昨天", colour="red", shape="round")

    told = [(p.field, p.code) for p in problems_of(rules, raw)]

    assert told == [
        ("kind", "not_a_choice"),
        ("received_at", "bad_time"),
        ("content", "required"),
        ("amount", "not_amount"),
        ("colour", "unknown_key"),
        ("shape", "unknown_key"),
    ]


def test_a_bad_character_is_told_by_its_place_counted_from_one(rules: Rules) -> None:
    (problem,) = problems_of(rules, a_case(content="退款\x07了"))

    assert problem.params == {"position": 3, "character": "U+0007"}


def test_a_wrong_value_is_shown_short_and_printable(rules: Rules) -> None:
    (problem,) = problems_of(rules, a_case(kind="x\n\x1b" + "y" * 10_000))

    shown = str(problem.params["value"])
    assert len(shown) == 40
    assert shown.isprintable()


@pytest.mark.parametrize("who", [{"customer_name": "李女士"}, {"customer_phone": "138"}, {"anonymous": True}])
def test_one_of_name_phone_and_anonymous_is_enough(rules: Rules, who: Mapping[str, object]) -> None:
    raw = {**a_case(customer_name=None, customer_phone=None), **who}

    assert read_submission(raw, a_context(rules))


def test_a_wrong_name_is_not_also_told_to_be_missing(rules: Rules) -> None:
    raw = a_case(customer_name="李\x00", customer_phone=None)

    assert [p.code for p in problems_of(rules, raw)] == ["bad_character"]


@pytest.mark.parametrize(
    ("given_amount", "amount"),
    [("199.9", "199.90"), (199.9, "199.90"), (0, "0.00"), ("1,280元", "1280.00"), (Decimal("0.10"), "0.10"),
     ("9999999999.99", "9999999999.99"), ("１００", "100.00")],
)  # fmt: skip
def test_an_amount_is_yuan_and_fen(rules: Rules, given_amount: object, amount: str) -> None:
    assert str(read_submission(a_case(amount=given_amount), a_context(rules)).amount) == amount


@pytest.mark.parametrize("text", ["上周二晚上", "2026-10-01", "2026-10-01 晚上", "10月1日前后", "2026/9/30 20:00"])
def test_a_time_of_the_event_may_be_words(rules: Rules, text: str) -> None:
    assert read_submission(a_case(occurred_at=f" {text} "), a_context(rules)).occurred_at == text


def test_an_item_takes_labels_for_keys_keeps_foreign_keys_and_drops_what_is_empty(rules: Rules) -> None:
    trade = rules.trade("general")
    first = trade.items[0]
    raw = {first.label: "8 月 3 日", "颜色": "红", "空": " ", "无": None, "数量": 3, "单价": Decimal("9.50")}

    item = read_submission(a_case(item=raw), a_context(rules)).item

    assert item == {first.key: "8 月 3 日", "颜色": "红", "数量": "3", "单价": "9.50"}


def test_demands_come_once_each_in_the_order_of_the_list(rules: Rules) -> None:
    raw = a_case(demand_kind=["apology", "refund", "apology"])

    assert read_submission(raw, a_context(rules)).demand_kind == ("refund", "apology")
    assert read_submission(a_case(demand_kind="refund"), a_context(rules)).demand_kind == ("refund",)
    assert read_submission(a_case(demand_kind=[]), a_context(rules)).demand_kind == ()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_every_text_that_can_be_kept_is_kept_but_for_its_line_breaks(rules: Rules, text: str) -> None:
    if not text.strip() or find_unstorable(unify_line_breaks(text)) is not None:
        return
    assert read_submission(a_case(content=text), a_context(rules)).content == unify_line_breaks(text)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
"""What a line of JSON can give for a key, and worse: half a surrogate pair, a NaN."""


@given(st.dictionaries(st.sampled_from([*a_full_case(), "by", "x"]), JUNK, max_size=6))
def test_no_value_that_json_can_give_does_worse_than_be_refused(rules: Rules, changes: dict[str, object]) -> None:
    try:
        read_submission({**a_case(), **changes}, a_context(rules))
    except RefusedError as refused:
        for problem in refused.problems:
            assert rules.sentences.problem_at(problem, rules.fields)


def test_an_action_takes_its_keys_and_no_others(rules: Rules) -> None:
    reply = {"content": "已换新", "medium": "phone", "accepted": True}

    assert read_action(rules.actions[Action.REPLY], reply, a_context(rules)) == reply
    assert action_problems(rules, Action.REPLY, {}) == {"content": "required"}
    assert action_problems(rules, Action.REPLY, {"content": "好", "tone": "kind"}) == {"tone": "unknown_key"}
    assert action_problems(rules, Action.REPLY, {"content": "好", "accepted": "no"}) == {"accepted": "not_bool"}
    assert action_problems(rules, Action.CONTACT, {"content": "x" * 20_001}) == {"content": "too_long"}


def test_a_visit_that_reached_the_customer_asked_how_satisfied_they_are(rules: Rules) -> None:
    visit = rules.actions[Action.RETURN_VISIT]

    assert action_problems(rules, Action.RETURN_VISIT, {"reached": True}) == {"satisfaction": "required"}
    assert read_action(visit, {"reached": False}, a_context(rules)) == {"reached": False}
    assert read_action(visit, {"satisfaction": "fair"}, a_context(rules)) == {"reached": True, "satisfaction": "fair"}
    bad = {"reached": True, "satisfaction": "thrilled"}
    assert action_problems(rules, Action.RETURN_VISIT, bad) == {"satisfaction": "not_a_choice"}
    unasked = {"reached": False, "satisfaction": "satisfied"}
    assert action_problems(rules, Action.RETURN_VISIT, unasked) == {"satisfaction": "not_reached"}


def test_a_visit_that_reached_nobody_may_have_another_time_agreed_and_one_that_did_not_may_not(rules: Rules) -> None:
    agreed = {"reached": False, "due_at": "2026-11-23 09:00"}

    read = read_action(rules.actions[Action.RETURN_VISIT], agreed, a_context(rules))

    assert read == {"reached": False, "due_at": "2026-11-23T09:00:00+08:00"}
    reached = {"reached": True, "satisfaction": "fair"}
    for key, value in (("due_at", "2026-11-23 09:00"), ("attempt", "no_answer")):
        assert action_problems(rules, Action.RETURN_VISIT, {**reached, key: value}) == {key: "was_reached"}


def test_an_attempt_reached_nobody_and_one_that_was_put_off_says_to_when(rules: Rules) -> None:
    visit, context = rules.actions[Action.RETURN_VISIT], a_context(rules)

    assert read_action(visit, {"attempt": "no_answer"}, context) == {"attempt": "no_answer", "reached": False}
    assert action_problems(rules, Action.RETURN_VISIT, {"attempt": "rescheduled"}) == {"due_at": "required"}
    agreed = {"attempt": "rescheduled", "due_at": "2026-11-23 09:00"}
    assert read_action(visit, agreed, context)["reached"] is False
    said = {"attempt": "unreachable", "satisfaction": "fair"}
    assert action_problems(rules, Action.RETURN_VISIT, said) == {"attempt": "was_reached"}


def test_an_assignment_names_a_department_or_a_person(rules: Rules) -> None:
    assert action_problems(rules, Action.ASSIGN, {"note": "尽快"}) == {"department": "required"}
    for named in ({"department": "客房部"}, {"person": "小王"}):
        assert read_action(rules.actions[Action.ASSIGN], named, a_context(rules)) == named


def test_the_data_of_an_action_is_json(rules: Rules) -> None:
    proposal = {"solution": "退款", "amount": "1,280元"}

    assert read_action(rules.actions[Action.PROPOSE], proposal, a_context(rules)) == {
        "solution": "退款",
        "amount": "1280.00",
    }


@pytest.mark.parametrize("owed", [0, -1, "0", "x", "³", "1" * 19, 2.0, True, [], {"id": 1}])
def test_what_is_owed_is_named_by_its_number(rules: Rules, owed: object) -> None:
    assert action_problems(rules, Action.KEEP_PROMISE, {"promise": owed}) == {"promise": "not_owed"}
    verified = {"correction": owed, "effect": "好"}
    assert action_problems(rules, Action.VERIFY_CORRECTION, verified) == {"correction": "not_owed"}


@pytest.mark.parametrize("owed", [7, "7", "007"])
def test_the_number_of_what_is_owed_may_be_typed(rules: Rules, owed: object) -> None:
    assert read_action(rules.actions[Action.KEEP_PROMISE], {"promise": owed}, a_context(rules)) == {"promise": 7}


@given(st.data())
def test_no_value_of_any_action_does_worse_than_be_refused(rules: Rules, data: st.DataObject) -> None:
    form = rules.actions[data.draw(st.sampled_from(list(rules.actions)))]
    keys = st.sampled_from([*(f.key for f in form.fields), "x"])
    raw = data.draw(st.dictionaries(keys, JUNK, max_size=5))
    try:
        read = read_action(form, raw, a_context(rules))
    except RefusedError as refused:
        labels = {f.key: f.label for f in form.fields}
        for problem in refused.problems:
            assert rules.sentences.problem_at(problem, rules.fields, labels)
    else:
        assert json.loads(json.dumps(read)) == read


def test_a_close_by_exception_says_why(rules: Rules) -> None:
    raw = {"result": "已尽力", "exception": True}

    assert action_problems(rules, Action.CLOSE, raw) == {"reason": "required"}
    assert read_action(rules.actions[Action.CLOSE], {**raw, "reason": "客户要求超出规定"}, a_context(rules))


@pytest.mark.parametrize("score", [0, 6, -1, "6", "9" * 5000, "五", 2.5, True, None, []])
def test_a_score_is_one_to_five(rules: Rules, score: object) -> None:
    visit = {"satisfaction": "fair", "result_fair": score}

    if score is None:
        assert "result_fair" not in read_action(rules.actions[Action.RETURN_VISIT], visit, a_context(rules))
    else:
        assert action_problems(rules, Action.RETURN_VISIT, visit) == {"result_fair": "not_score"}


@pytest.mark.parametrize("score", [1, 5, "3", "４"])
def test_a_score_may_come_as_a_digit(rules: Rules, score: object) -> None:
    visit = {"satisfaction": "fair", "result_fair": score}

    assert read_action(rules.actions[Action.RETURN_VISIT], visit, a_context(rules))["result_fair"] == int(str(score))


def test_a_moment_and_a_name_that_come_with_an_action_are_read_or_refused(rules: Rules) -> None:
    localise = a_context(rules).localise

    assert read_moment("at", "2026-11-22 09:00", localise) == NOW - timedelta(hours=1)
    assert read_moment("at", "", localise) is None
    assert read_moment("at", None, localise) is None
    assert read_operator(" 小王 ") == "小王"
    assert read_operator("  ") is None
    for wrong, code in (("昨天", "bad_time"), ("2026-02-30", "no_such_time"), (7, "bad_time")):
        with pytest.raises(RefusedError, match=f"at: {code}"):
            read_moment("at", wrong, localise)
    for name, code in (("王" * 41, "too_long"), ("小\n王", "bad_character"), (7, "not_text")):
        with pytest.raises(RefusedError, match=f"by: {code}"):
            read_operator(name)
