"""What one line, or one form, of a sheet is about, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.domain import undoing
from desk_app.domain.register_line import LINE_KEYS
from desk_app.domain.sheet_lines import (
    Each,
    Facts,
    Of,
    Subject,
    choices,
    known_keys,
    of_round,
    subject_line,
    subjects,
    when,
)
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Status
from desk_app.domain.wording import read_wording
from desk_app.domain.workflow import decide
from desk_app.services.rules import load_rules
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ANGRY,
    CLOSED,
    CONTACT,
    CORRECT,
    KEEP,
    NOBODY,
    ON_SITE,
    PROMISE,
    PROPOSE,
    REFUSED,
    REOPEN,
    REPLY,
    live,
)
from tests.helpers.records import after, changes

if TYPE_CHECKING:
    from datetime import datetime

    from desk_app.domain.case import CaseFile
    from desk_app.domain.wording import Line
    from tests.helpers.deeds import Deed

RULES = load_rules()
POLICY = RULES.policy
FACTS = Facts(RULES.fields, RULES.actions)
WORDING = read_wording(RULES.fields, RULES.actions, RULES.trade("general"), RULES.sentences.labels, NOW)
MASKED = replace(WORDING, masked=True)
HOUR = timedelta(hours=1)


def of(each: Each, **narrowed: Any) -> Of:
    return Of(each, **{key: frozenset(v) if isinstance(v, (list, tuple)) else v for key, v in narrowed.items()})


def deeds(*actions: Action, **where: list[str]) -> Of:
    return Of(Each.DEED, actions=frozenset(actions), where={key: frozenset(v) for key, v in where.items()})


def told(file: CaseFile, asked: Of, *keys: str, at: datetime = NOW) -> list[tuple[object, ...]]:
    """Return the values of these keys for everything that a sheet asks for of a case."""
    lines = (subject_line(each, keys, replace(WORDING, at=at)) for each in subjects(file, asked))
    return [tuple(line[key] for key in keys) for line in lines]


def taken_back(file: CaseFile, deed: Deed, at: datetime) -> CaseFile:
    """Return a case to which something was done, and taken back at once."""
    decision = decide(file, deed.at(at), POLICY)
    done = after(file, decision)
    return after(done, undoing.undo(done, changes(file, decision), deed.by, at))


# ------------------------------------------------------------------------------------------------ what there is one of


def test_there_is_one_line_for_a_case_whatever_was_done_on_it() -> None:
    file = live(POLICY, CONTACT, REPLY)

    for each in (Each.CASE, Each.HANDOVER, Each.NOTHING, Each.FIGURES):
        assert list(subjects(file, Of(each))) == [Subject(file)]
    assert when(Subject(file)) == file.case.received_at


@pytest.mark.parametrize(
    ("narrowed", "is_taken"),
    [
        ({}, True),
        ({"kinds": [Kind.COMPLAINT, Kind.PRAISE]}, True),
        ({"kinds": [Kind.PRAISE]}, False),
        ({"channels": ["phone"]}, True),
        ({"channels": ["online"]}, False),
        ({"routes": [Route.NORMAL], "statuses": [Status.REGISTERED]}, True),
        ({"routes": [Route.NORMAL], "statuses": [Status.CLOSED]}, False),
    ],
)
@pytest.mark.parametrize("each", [Each.CASE, Each.ROUND])
def test_a_case_is_taken_where_it_is_all_of_what_is_asked(each: Each, narrowed: Any, *, is_taken: bool) -> None:
    assert bool(list(subjects(live(POLICY), of(each, **narrowed)))) is is_taken


def test_there_is_one_line_for_each_deed_that_holds_in_the_order_it_was_done() -> None:
    file = live(POLICY, CONTACT.given(content="一"), REPLY, CONTACT.given(content="二"))
    file = taken_back(file, CONTACT.given(content="三"), NOW)

    found = told(file, deeds(Action.CONTACT, Action.REPLY), "deed.serial", "deed.action", "deed.content", "deed.by")

    assert found == [(1, "联系记录", "一", "小周"), (1, "答复", "换新", "小周"), (2, "联系记录", "二", "小周")]
    moments = [when(each) for each in subjects(file, deeds(Action.CONTACT, Action.REPLY))]
    assert moments == [file.case.received_at + hours * HOUR for hours in (1, 2, 3)]


def test_where_narrows_the_deeds_by_what_is_kept_and_by_what_is_absent() -> None:
    phone, silent = CONTACT.given(content="话", medium="phone"), CONTACT.given(content="空")
    file = live(POLICY, phone, ON_SITE.given(content="门"), silent, REPLY, NOBODY)

    assert told(file, deeds(Action.CONTACT, medium=["phone"]), "deed.content") == [("话",)]
    assert told(file, deeds(Action.CONTACT, medium=["phone", "on_site"]), "deed.content") == [("话",), ("门",)]
    assert told(file, deeds(Action.CONTACT, medium=[""]), "deed.content") == [("空",)]
    assert told(file, deeds(Action.CONTACT, medium=["phone"], direction=["in"]), "deed.content") == []
    assert told(file, deeds(Action.RETURN_VISIT, reached=["false"]), "deed.serial") == [(1,)]
    assert told(file, deeds(Action.RETURN_VISIT, reached=["true", ""]), "deed.serial") == []


def test_the_registration_is_a_deed_whose_medium_is_the_channel() -> None:
    file = live(POLICY, CONTACT.given(medium="online"))
    both = (Action.REGISTER, Action.CONTACT)

    assert told(file, deeds(*both), "deed.content", "deed.serial") == [
        ("昨天买的电水壶通电后不加热", 1),
        ("致电", 1),
    ]
    assert told(file, deeds(*both, medium=["phone"]), "deed.action") == [("登记",)]
    assert told(file, deeds(*both, medium=["online"]), "deed.action") == [("联系记录",)]


def test_a_datum_stands_as_what_it_is() -> None:
    due = NOW + 5 * HOUR
    file = live(POLICY, REFUSED, PROMISE.given(due_at=due.isoformat()), PROPOSE.given(amount="800.50"))
    kept = next(f for f in file.follow_ups if f.kind is FollowUpKind.PROMISE)
    file = after(file, decide(file, KEEP.given(promise=kept.id).at(NOW), POLICY))

    assert told(file, deeds(Action.PROMISE), "deed.due_at", "deed.what") == [(due, "送一张券")]
    assert told(file, deeds(Action.PROPOSE), "deed.amount", "deed.medium") == [(Decimal("800.50"), None)]
    assert told(file, deeds(Action.REPLY), "deed.accepted", "deed.to", "deed.adopted") == [("否", None, None)]
    assert told(file, deeds(Action.KEEP_PROMISE), "deed.promise") == [("送一张券",)]


# ---------------------------------------------------------------------------------------------------- what is owed


def test_what_is_owed_stands_as_it_does_at_the_moment_of_writing() -> None:
    due = NOW + 2 * HOUR
    open_ = live(POLICY, PROMISE.given(due_at=due.isoformat()))
    (owed,) = (f for f in open_.follow_ups if f.kind is FollowUpKind.PROMISE)
    promises = of(Each.OWED, owed=[FollowUpKind.PROMISE])
    keys = ("owed.state", "owed.in_time")

    assert told(open_, promises, *keys, at=due) == [("未结", None)]
    assert told(open_, promises, *keys, at=due + HOUR) == [("逾期", "否")]
    for done_at, in_time in ((due, "是"), (due + HOUR, "否")):
        done = replace(open_, follow_ups=(replace(owed, done_at=done_at),))
        assert told(done, promises, *keys, at=due + 3 * HOUR) == [("已结", in_time)]
    assert told(open_, promises, "owed.kind", "owed.subject", "owed.owed_by", "owed.owed_to", "owed.due_at") == [
        ("待兑现", "送一张券", "小周", "客户", due)
    ]
    assert [when(each) for each in subjects(open_, promises)] == [owed.start_at]


def test_a_promise_that_was_taken_back_was_never_owed() -> None:
    file = taken_back(live(POLICY), PROMISE, NOW)
    assert [f.kind for f in file.follow_ups][-1] is FollowUpKind.PROMISE

    assert told(file, of(Each.OWED, owed=[FollowUpKind.PROMISE]), "owed.subject") == []
    assert [f.kind for f in of_round(file, 1).follow_ups] == [FollowUpKind.REPLY]


def test_a_key_of_another_kind_of_sheet_has_no_value() -> None:
    file = live(POLICY)
    assert dict(subject_line(Subject(file), ("deed.at", "owed.due_at", "number"), WORDING)) == {
        "deed.at": None,
        "owed.due_at": None,
        "number": file.case.number,
    }


# ---------------------------------------------------------------------------------------------------------- rounds


def rounds(file: CaseFile, *keys: str) -> list[tuple[object, ...]]:
    return told(file, Of(Each.ROUND), *keys)


def test_each_round_tells_of_itself_alone() -> None:
    file = live(POLICY, REPLY.given(content="一"), ANGRY, REFUSED.given(content="二"), REPLY.given(content="三"))

    assert rounds(file, "round", "reply_content", "visit_satisfaction", "status") == [
        (1, "一", "不满意", "处理中"),
        (2, "二", None, "处理中"),
        (3, "三", None, "待回访"),
    ]
    first, second, _third = (subject.file for subject in subjects(file, Of(Each.ROUND)))
    assert {f.round for f in first.follow_ups} == {1}
    assert {f.round for f in second.follow_ups} == {2}


def test_a_round_that_was_closed_stays_closed_on_paper_when_the_case_goes_on() -> None:
    file = live(POLICY, *CLOSED, REOPEN, REPLY.given(content="又"))

    assert rounds(file, "status", "result", "reply_content", "closed_by") == [
        ("已结案", "已换新", "换新", "小周"),
        ("待回访", None, "又", None),
    ]


def test_what_was_closed_and_then_void_is_void() -> None:
    file = live(POLICY, *CLOSED)
    void = replace(file, case=replace(file.case, status=Status.VOID))

    assert rounds(void, "status", "result") == [("作废", None)]


def test_a_reopening_that_was_taken_back_leaves_one_round_as_it_was() -> None:
    file = live(POLICY, *CLOSED)

    again = taken_back(file, REOPEN, NOW)

    assert rounds(again, "round", "status", "result") == rounds(file, "round", "status", "result")
    owed_reply = of(Each.OWED, owed=[FollowUpKind.REPLY])
    assert told(again, owed_reply, "owed.due_at") == told(file, owed_reply, "owed.due_at")


def test_the_term_that_was_told_at_the_registration_is_of_the_first_round() -> None:
    file = live(POLICY, REFUSED, promised_at=NOW)
    assert rounds(file, "promised_at") == [(NOW,), (None,)]


# ------------------------------------------------------------------------------------------------- keys and choices


def test_each_kind_of_sheet_knows_its_keys() -> None:
    deed, owed = known_keys(Each.DEED, FACTS), known_keys(Each.OWED, FACTS)

    assert {"deed.at", "deed.content", "deed.satisfaction", "number"} <= deed
    assert {"owed.due_at", "owed.state", "number"} <= owed
    assert not any(key.startswith("owed.") for key in deed)
    assert known_keys(Each.CASE, FACTS) == known_keys(Each.ROUND, FACTS) == LINE_KEYS
    assert known_keys(Each.NOTHING, FACTS) == known_keys(Each.HANDOVER, FACTS) == frozenset()


@pytest.mark.parametrize(
    ("key", "some"),
    [
        ("kind", {"投诉", "表扬"}),
        ("channel", {"来电", "意见箱"}),
        ("demand_kind", {"退货", "其他"}),
        ("visit_satisfaction", {"满意", "基本满意", "不满意"}),
        ("responsibility", {"公司", "待定"}),
        ("reply_medium", {"电话", "其他"}),
        ("deed.medium", {"电话", "上门"}),
    ],
)
def test_a_closed_list_gives_its_words_once_each(key: str, some: set[str]) -> None:
    words = choices(key, FACTS)
    assert some <= set(words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize("key", ["content", "anonymous", "status", "deed.content", "deed.nothing", "nothing", ""])
def test_what_is_of_no_closed_list_has_no_words(key: str) -> None:
    assert choices(key, FACTS) == ()


# -------------------------------------------------------------------------------------------------------- privacy


SECRETS = ("张小山", "13800138000", "138 0013 8000", "和平路", "王德发")
FREE = CONTACT.given(content="张小山说手机是 138-0013-8000，家住和平路 8 号，爱人 139 0000 1234")


def lively(**case: Any) -> CaseFile:
    """Return a case in which the customer is told of in every text."""
    said = "张小山（13800138000）住和平路 8 号，代王德发"
    texts = dict.fromkeys(("content", "demand", "true_cause", "place", "target", "occurred_at"), said)
    own = {"customer_name": "张小山先生", "customer_phone": "138 0013 8000", "customer_address": "和平路 8 号"}
    done = (FREE, PROMISE.given(what=said), REPLY.given(content=said, reaction=said))
    return live(
        POLICY,
        *done,
        ANGRY.given(opinion=said),
        CORRECT.given(problem=said),
        on_behalf_of="王德发（父亲）",
        **own,
        **texts,
        **case,
    )


def everything(file: CaseFile, wording: Any) -> list[Line]:
    """Return every key of every sheet that tells of a case."""
    every = (Of(Each.CASE), Of(Each.ROUND), deeds(*Action), of(Each.OWED, owed=list(FollowUpKind)))
    return [subject_line(s, known_keys(o.each, FACTS), wording) for o in every for s in subjects(file, o)]


def leaks(lines: list[Line]) -> set[str]:
    return {key for line in lines for key, value in line.items() if any(secret in str(value) for secret in SECRETS)}


def test_no_key_of_any_sheet_tells_who_the_customer_is_where_it_is_masked() -> None:
    file = lively(parties="张小山、导购小陈")
    assert {"content", "handling", "reply_content", "deed.content", "owed.subject"} <= leaks(everything(file, WORDING))

    lines = everything(file, MASKED)

    assert leaks(lines) == set()
    line = subject_line(Subject(file), LINE_KEYS, MASKED)
    assert (line["customer_name"], line["customer_phone"]) == ("张**先生", "138 **** 8000")
    assert (line["customer_address"], line["on_behalf_of"], line["parties"]) == (None, None, None)
    assert "139 **** 1234" in str(line["handling"]), "a mobile number of whomever"
    assert (line["number"], line["receiver"]) == (file.case.number, "小周")


def test_who_asked_for_secrecy_is_masked_on_every_sheet_and_only_they() -> None:
    secret, other = lively(confidential=True, parties="导购小陈"), lively(parties="导购小陈")

    assert leaks(everything(secret, WORDING)) == set()
    line = subject_line(Subject(secret), ("parties", "customer_name"), WORDING)
    assert line == {"parties": "导购小陈", "customer_name": "张**先生"}, "inside it takes the parties to handle it"
    assert subject_line(Subject(other), ("customer_name",), WORDING) == {"customer_name": "张小山先生"}


def test_who_stays_unnamed_is_unnamed_whether_masked_or_not() -> None:
    file = lively(anonymous=True)
    for wording in (WORDING, MASKED):
        assert subject_line(Subject(file), ("customer_name",), wording) == {"customer_name": "匿名"}


def test_our_own_people_are_named_even_where_a_customer_is_called_the_same() -> None:
    file = live(POLICY, REPLY.given(content="小周来电"), customer_name="小周")
    keys = ("receiver", "reply_by", "reply_content")
    assert subject_line(Subject(file), keys, MASKED) == {
        "receiver": "小周",
        "reply_by": "小周",
        "reply_content": "小*来电",
    }


def test_what_was_put_right_is_hidden_as_the_fact_itself() -> None:
    file = lively()
    amend = replace(file.events[-1], action=Action.AMEND, id=99, data={"customer_name": "张小山", "was": {}})
    file = replace(file, events=(*file.events, amend))
    assert told(file, deeds(Action.AMEND), "deed.customer_name") == [("张小山",)]

    (subject,) = subjects(file, deeds(Action.AMEND))

    assert subject_line(subject, ("deed.customer_name",), MASKED) == {"deed.customer_name": "张**"}
