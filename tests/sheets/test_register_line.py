from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from desk_app.domain.case import Case, CaseFile
from desk_app.domain.event import Event
from desk_app.domain.register_line import LINE_KEYS, register_line
from desk_app.domain.snoozing import snooze
from desk_app.domain.undoing import undo
from desk_app.domain.vocabulary import Action, FollowUpKind, Kind, Route, Severity, Status
from desk_app.domain.wording import Line, Wording, read_wording
from desk_app.domain.workflow import decide
from tests.helpers.builders import NOW
from tests.helpers.deeds import (
    ACCEPT,
    ANGRY,
    APPROVE,
    ASSIGN,
    CLOSE,
    CONTACT,
    CORRECT,
    DETERMINE,
    ESCALATE,
    FED_BACK,
    FEED_BACK,
    HAPPY,
    INVESTIGATE,
    KEEP,
    MERGED,
    OUTSIDE,
    PROMISE,
    PROPOSE,
    REJECT,
    REOPEN,
    REPLY,
    SUPPLIER,
    UNDECIDED,
    VERIFY,
    VOID,
    Deed,
)
from tests.helpers.records import a_record, after, changes, opened

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def wording(rules: Rules) -> Wording:
    return read_wording(rules.fields, rules.actions, rules.trade("hotel"), rules.sentences.labels, NOW)


class Story:
    """A case and what is done to it, one action an hour."""

    def __init__(self, rules: Rules, wording: Wording, **changes: Any) -> None:
        self.file = opened(a_record(**changes), rules.policy)
        self._policy, self._wording, self._at = rules.policy, wording, NOW

    def then(self, action: Action, hours: float = 1, **data: object) -> Story:
        return self.did(Deed(action, data), hours)

    def did(self, deed: Deed, hours: float = 1) -> Story:
        self._at += hours * HOUR
        decision = decide(self.file, deed.at(self._at), self._policy)
        self._changes = changes(self.file, decision)
        self.file = after(self.file, decision)
        return self

    def undone(self) -> Story:
        self.file = after(self.file, undo(self.file, self._changes, self.file.events[-1].by, self._at))
        return self

    def line(self) -> Line:
        return register_line(self.file, LINE_KEYS, self._wording)

    def __getitem__(self, key: str) -> object:
        return self.line()[key]


@pytest.fixture
def told(rules: Rules, wording: Wording) -> Any:
    return lambda **changes: Story(rules, wording, **changes)


def test_every_key_of_the_register_can_be_asked_for() -> None:
    assert {f.name for f in fields(Case)} <= LINE_KEYS


def test_an_untouched_case_has_a_value_or_nothing_for_every_key(told: Any) -> None:
    story = told()
    for key in LINE_KEYS:
        assert isinstance(story[key], (str, int, Decimal, datetime, type(None))), key
        assert story[key] != "", key


def test_only_what_is_asked_for_is_given(told: Any, wording: Wording) -> None:
    assert register_line(told().file, ["number", "kind"], wording) == {"number": "TS-20261122-001", "kind": "投诉"}


def test_what_is_kept_as_a_key_is_shown_as_people_know_it(told: Any) -> None:
    story = told(
        kind=Kind.SERVICE_REQUEST,
        channel="online",
        route=Route.EXTERNAL,
        severity=Severity.CRITICAL,
        safety=True,
        demand_kind=("refund", "apology"),
        item={"room": "808", "车牌": "苏E12345"},
        amount=Decimal("199.90"),
    )
    shown = {key: story[key] for key in ("kind", "channel", "route", "severity", "status", "demand_kind")}
    assert shown == {
        "kind": "报修/上门",
        "channel": "网络/IM",
        "route": "直接外部",
        "severity": "重大",
        "status": "已登记",
        "demand_kind": "退款、道歉",
    }
    assert (story["safety"], story["read_back"]) == ("是", "否")
    assert story["item"] == "房号：808；车牌：苏E12345"
    assert (story["amount"], story["received_at"]) == (Decimal("199.90"), NOW)


def test_a_choice_that_the_shop_has_since_removed_is_shown_as_it_is(told: Any) -> None:
    assert told(channel="pigeon")["channel"] == "pigeon"


def test_who_wants_to_stay_unnamed_is_not_named_and_who_asks_for_secrecy_is_masked(told: Any) -> None:
    person = {"customer_name": "张小山", "customer_phone": "13800138000", "customer_address": "和平路 8 号"}
    keys = list(person)
    assert [told(**person)[key] for key in keys] == ["张小山", "13800138000", "和平路 8 号"]
    assert [told(**person, confidential=True)[key] for key in keys] == ["张**", "138****8000", None]
    assert told(**person, anonymous=True)["customer_name"] == "匿名"


def test_the_reply_is_told_with_how_the_customer_took_it(told: Any) -> None:
    story = told().then(Action.REPLY, content="已换新", medium="phone", reaction="满意", accepted=True)
    shown = [story[f"reply_{key}"] for key in ("content", "at", "by", "medium", "reaction", "accepted")]
    assert shown == ["已换新", NOW + HOUR, "小周", "电话", "满意", "是"]


def test_of_several_replies_the_latest_counts(told: Any) -> None:
    story = told().then(Action.REPLY, content="先修", accepted=False).then(Action.REPLY, content="换新")
    assert (story["reply_content"], story["reply_accepted"], story["rounds"]) == ("换新", None, 2)


@pytest.mark.parametrize(("hours", "in_time"), [(24, "是"), (24.1, "否")])
def test_a_reply_is_in_time_up_to_its_due_time(told: Any, hours: float, in_time: str) -> None:
    story = told()
    assert (story["reply_due"], story["replied_in_time"]) == (NOW + 24 * HOUR, None)
    story.then(Action.REPLY, hours, content="已换新")
    assert (story["reply_due"], story["replied_in_time"]) == (NOW + 24 * HOUR, in_time)


def test_a_promise_to_the_customer_is_the_due_time(told: Any) -> None:
    story = told(promised_at=NOW + 2 * HOUR).then(Action.REPLY, 3, content="已换新")
    assert (story["reply_due"], story["replied_in_time"]) == (NOW + 2 * HOUR, "否")


def test_in_a_new_round_the_question_of_time_is_open_again(told: Any) -> None:
    story = told().then(Action.REPLY, content="先修", accepted=False)
    assert (story["reply_due"], story["replied_in_time"]) == (NOW + 25 * HOUR, None)


def test_the_visit_that_reached_the_customer_is_told_and_every_try_counted(told: Any) -> None:
    story = told().then(Action.REPLY, content="已换新")
    assert (story["visit_at"], story["visit_attempts"]) == (None, None)
    story.then(Action.RETURN_VISIT, reached=False)
    assert (story["visit_at"], story["visit_satisfaction"], story["visit_attempts"]) == (NOW + 2 * HOUR, None, 1)
    story.then(Action.RETURN_VISIT, reached=True, satisfaction="fair", opinion="慢了点")
    shown = [story[f"visit_{key}"] for key in ("at", "by", "satisfaction", "opinion", "attempts")]
    assert shown == [NOW + 3 * HOUR, "小周", "基本满意", "慢了点", 2]


def test_a_later_try_that_reaches_nobody_does_not_hide_what_the_customer_said(told: Any) -> None:
    story = told().then(Action.REPLY, content="先修")
    story.then(Action.RETURN_VISIT, reached=True, satisfaction="dissatisfied").then(Action.REPLY, content="换新")
    story.then(Action.RETURN_VISIT, reached=False)
    assert (story["visit_satisfaction"], story["visit_attempts"]) == ("不满意", 2)


def test_the_close_is_told_while_it_holds(told: Any) -> None:
    story = told()
    for deed in FED_BACK:
        story.did(deed)
    story.then(Action.CLOSE, result="换新一台")
    assert [story[key] for key in ("result", "closed_at", "closed_by")] == ["换新一台", NOW + 5 * HOUR, "小周"]
    story.then(Action.REOPEN, reason="又坏了")
    assert [story[key] for key in ("result", "closed_at", "closed_by")] == [None, None, None]


def test_the_handling_is_one_note_a_line(told: Any) -> None:
    story = told()
    assert story["handling"] is None
    story.then(Action.CONTACT, content="请客户送来\n检测").then(Action.CONTACT, content="已收到")
    story.then(Action.VOID, reason="重复登记")
    assert str(story["handling"]).split("\n") == [
        "2026-11-22 11:00 小周：请客户送来",
        "检测",
        "2026-11-22 12:00 小周：已收到",
        "2026-11-22 13:00 小周：【作废】重复登记",
    ]


def test_every_step_of_the_work_is_a_note_in_the_words_of_people(told: Any) -> None:
    story = told(route=Route.EXTERNAL, external_body="消协")
    for deed in (
        ASSIGN.given(due_at="2026-11-24T18:00:00+08:00", note="今天查清"),
        ACCEPT,
        INVESTIGATE,
        DETERMINE.given(note="温控器不良"),
        PROPOSE.given(amount="1280.00"),
        REJECT,
        PROPOSE,
        APPROVE,
        PROMISE.given(due_at="2026-11-25T10:00:00+08:00"),
        KEEP.given(note="已寄出"),
        ESCALATE,
        OUTSIDE,
        REPLY,
        HAPPY,
        CORRECT.given(preventive="加检"),
        VERIFY,
        FEED_BACK.given(department="品管"),
        CLOSE.given(reason="要求超出规定"),
        REOPEN,
    ):
        story.did(deed)

    notes = [note.split(" ", 2)[2] for note in str(story["handling"]).split("\n")]

    assert notes == [
        "小周：【交办】客房部；小王；2026-11-24 18:00 前；今天查清",
        "小王：【签收】",
        "小周：【调查】查看录像",
        "小周：【责任判定】公司；温控器不良",
        "小周：【方案】退款；1280.00 元",
        "小周：【退回】再谈",
        "小周：【方案】退款；800 元",
        "小周：【批准】",
        "小周：【承诺】送一张券；2026-11-25 10:00 前",
        "小周：【兑现承诺】送一张券；已寄出",
        "小周：【请示上级】部门负责人；超出权限",
        "小周：【答复】消协；换新",
        "小周：【纠正措施】温控器虚焊；返修；加检",
        "小周：【措施验证】温控器虚焊；抽查 20 台无异常",
        "小周：【反映到部门】品管；已通报",
        "小周：【结案】要求超出规定",
        "小周：【重新打开】又坏了",
    ]


def test_the_answer_to_outside_is_not_the_answer_to_the_customer(told: Any) -> None:
    story = told(route=Route.EXTERNAL, external_body="消协")
    story.did(OUTSIDE)
    assert [story[key] for key in ("reply_content", "reply_at", "replied_in_time")] == [None, None, None]
    story.then(Action.REPLY, content="换了").then(Action.RETURN_VISIT, reached=True, satisfaction="fair")
    assert (story["reply_content"], story["replied_in_time"]) == ("换了", "是")


def test_whose_fault_it_was_and_what_is_mended_is_told_as_it_was_found_last(told: Any) -> None:
    story = told()
    assert (story["responsibility"], story["corrective"]) == (None, None)
    story.did(UNDECIDED).did(SUPPLIER).did(CORRECT).did(CORRECT.given(problem="说明书不清", preventive="改版"))
    assert story["responsibility"] == "供应商（商品）"
    assert story["corrective"] == "温控器虚焊；返修\n说明书不清；返修；改版"


@pytest.mark.parametrize(("adopted", "word"), [(True, "是"), (False, "否")])
def test_whether_a_suggestion_is_adopted_is_told(told: Any, *, adopted: bool, word: str) -> None:
    story = told(kind=Kind.SUGGESTION)
    assert story["adopted"] is None
    assert story.did(REPLY.given(adopted=adopted))["adopted"] == word


@pytest.mark.parametrize(
    "deed",
    [CONTACT, ASSIGN, INVESTIGATE, DETERMINE, PROPOSE, PROMISE, REPLY, REPLY.given(adopted=True), CORRECT, FEED_BACK,
     ESCALATE, VOID],
    ids=lambda deed: deed.action,
)  # fmt: skip
def test_what_was_undone_does_not_stand_on_the_sheet(told: Any, deed: Deed) -> None:
    story = told()
    before = story.line()
    assert story.did(deed).line() != before

    story.undone()

    assert story.line() == before


def test_an_undone_visit_and_an_undone_close_do_not_stand_on_the_sheet(told: Any) -> None:
    story = told()
    for deed in FED_BACK:
        story.did(deed)
    before = story.line()

    story.did(CLOSE).undone()

    assert story.line() == before
    visited = told().did(REPLY).did(ANGRY).undone()
    shown = [visited[key] for key in ("visit_satisfaction", "visit_attempts", "rounds", "reply_due", "replied_in_time")]
    assert shown == [None, None, 1, NOW + 24 * HOUR, "是"]


def test_the_reply_of_a_round_that_was_begun_twice_is_due_by_the_second_beginning(told: Any) -> None:
    story = told().did(REPLY).did(ANGRY).undone().did(ANGRY)

    assert story["reply_due"] == NOW + 27 * HOUR


def test_an_assignment_is_due_as_it_says_or_else_as_its_rule_says(told: Any) -> None:
    due = NOW + 30 * HOUR
    assert told()["handle_due"] is None
    assert told().did(ASSIGN.given(due_at=due.isoformat()))["handle_due"] == due

    by_rule = told().did(ASSIGN)

    assert by_rule["handle_due"] == next(f.due_at for f in by_rule.file.follow_ups if f.kind is FollowUpKind.HANDLE)
    assert by_rule.did(ASSIGN.given(note="请查原因"))["assigned_note"] == "请查原因"


def test_the_first_and_the_last_visit_on_site_are_told_apart(told: Any) -> None:
    story = told().did(CONTACT.given(medium="on_site", content="查看")).did(CONTACT)
    story.did(CONTACT.given(medium="on_site", content="修好").by_whom("小刘"))

    assert (story["on_site_at"], story["last_on_site_at"]) == (NOW + HOUR, NOW + 3 * HOUR)
    assert (story["last_on_site_by"], story["last_on_site_content"]) == ("小刘", "修好")


def test_what_is_owed_still_is_told_with_what_is_late(told: Any, rules: Rules, wording: Wording) -> None:
    story = told()
    due = story.file.owed[0].due_at
    assert (story["owing"], story["owing_state"]) == (f"待答复：小周，{due:%Y-%m-%d %H:%M} 前", "未结")

    later = register_line(story.file, ["owing", "owing_state", "open_days"], replace(wording, at=due + 24 * HOUR))

    assert later == {"owing": f"{story['owing']}（逾期）", "owing_state": "逾期", "open_days": 2}
    for deed in (*FED_BACK, CLOSE):
        story.did(deed)
    assert (story["owing"], story["owing_state"], story["fed_back"]) == (None, None, "已通报")
    assert register_line(story.file, ["open_days"], replace(wording, at=due + 24 * HOUR))["open_days"] == 0


def test_what_was_left_aside_is_no_matter_of_the_sheet(told: Any) -> None:
    story = told()
    before = story.line()
    owed = story.file.owed[0]

    story.file = after(story.file, snooze(story.file, owed.id, owed.due_at, "稍后", "小周", NOW))

    assert story.line() == before


def test_a_case_without_a_rule_for_its_reply_shows_what_was_promised(wording: Wording) -> None:
    file = CaseFile(a_record(promised_at=NOW + HOUR), (), ())
    assert register_line(file, ["reply_due"], wording) == {"reply_due": NOW + HOUR}


def test_other_owed_things_are_no_reply(told: Any, wording: Wording) -> None:
    file = told().file
    other = replace(file.follow_ups[0], kind=FollowUpKind.RETURN_VISIT)
    assert register_line(replace(file, follow_ups=(other,)), ["reply_due"], wording) == {"reply_due": None}


def test_a_case_that_was_merged_says_into_which(told: Any) -> None:
    story = told()
    story.did(MERGED)
    assert str(story["handling"]).endswith("【作废】重复登记；并入 TS-20261122-009")


def test_an_action_without_words_makes_no_note(wording: Wording) -> None:
    silent = Event(action=Action.CONTACT, at=NOW, entered_at=NOW, by="小周", data={}, round=1)
    file = CaseFile(a_record(status=Status.IN_PROGRESS), (), (silent,))
    assert register_line(file, ["handling"], wording) == {"handling": None}


def test_a_round_that_a_visit_began_and_nobody_answered_is_told(told: Any) -> None:
    story = told().did(REPLY.given(medium="phone"))
    assert story["replies"] == "换新"

    story.did(ANGRY.given(opinion="又坏了"))

    assert str(story["replies"]).split("\n") == [
        "第1轮 11-22 11:00 小周 电话：换新",
        "第1轮 11-22 12:00 小周 回访 不满意：又坏了",
        "第2轮：（尚未答复）",
    ]


def test_what_was_decided_holds_for_the_latest_proposal_only(told: Any) -> None:
    story = told().did(PROPOSE).did(APPROVE.given(opinion="同意"))
    assert (story["ruling"], story["ruling_opinion"], story["solution_amount"]) == ("批准", "同意", Decimal(800))

    assert story.did(PROPOSE.given(solution="换新", amount=None))["ruling"] is None
    assert (story["solution"], story["solution_amount"]) == ("换新", None)


def test_an_assignment_is_accepted_only_until_the_next_one(told: Any) -> None:
    story = told().did(ASSIGN).did(ACCEPT)
    assert story["accepted_by"] == "小王"
    assert story.did(ASSIGN.given(person="小李"))["accepted_by"] is None


def test_an_amendment_is_told_with_both_values_but_never_who_a_hidden_customer_was(
    rules: Rules, wording: Wording
) -> None:
    was = {"place": "大厅", "customer_phone": "13800138000", "promised_at": None}
    data = {"was": was, "place": "大堂", "customer_phone": "13900139000", "promised_at": "2026-11-23T09:30:00+08:00"}
    file = opened(a_record(customer_phone="13900139000"), rules.policy)
    amend = replace(file.events[0], action=Action.AMEND, data=data, by="王芳", entered_at=NOW + 30 * HOUR, id=2)
    file = replace(file, events=(*file.events, amend))

    shown = register_line(file, ("amendments",), wording)["amendments"]
    hidden = register_line(file, ("amendments",), replace(wording, masked=True))["amendments"]

    assert shown == (
        "11-23 更正：发生地点 大厅→大堂，联系方式 13800138000→13900139000，承诺答复期限 空→11-23 09:30（王芳）"
    )
    assert hidden == "11-23 更正：发生地点 大厅→大堂，联系方式，承诺答复期限 空→11-23 09:30（王芳）"
