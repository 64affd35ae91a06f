"""What the 跟进 page says: times left, the step a case is at, its facts and its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app import telling
from desk_app.domain.guide import Stage
from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.services import desk as use_cases
from tests.helpers.builders import NOW, acted, registered
from ui.models import case_story
from ui.models.time_left import Urgency, time_left, urgency

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace


@pytest.mark.parametrize(
    ("due", "words", "presses"),
    [
        (NOW - timedelta(days=2, hours=3), "逾期 2 天", Urgency.OVERDUE),
        (NOW - timedelta(hours=23, minutes=59), "逾期 23 小时", Urgency.OVERDUE),
        (NOW - timedelta(minutes=59, seconds=59), "逾期 59 分", Urgency.OVERDUE),
        (NOW - timedelta(seconds=1), "逾期 0 分", Urgency.OVERDUE),
        (NOW, "剩 0 分", Urgency.SOON),
        (NOW + timedelta(minutes=40), "剩 40 分", Urgency.SOON),
        (NOW + timedelta(hours=1), "剩 1 小时", Urgency.SOON),
        (NOW + timedelta(hours=1, seconds=1), "今天 11:00", Urgency.LATER),
        (NOW.replace(hour=23, minute=59), "今天 23:59", Urgency.LATER),
        (datetime.fromisoformat("2026-11-23T15:20+08:00"), "明天 15:20", Urgency.LATER),
        (datetime.fromisoformat("2026-11-24T09:00+08:00"), "后天 09:00", Urgency.LATER),
        (datetime.fromisoformat("2026-11-27T09:00+08:00"), "周五 09:00", Urgency.LATER),
        (datetime.fromisoformat("2026-11-29T09:00+08:00"), "11-29 09:00", Urgency.LATER),
        (datetime.fromisoformat("2027-01-03T09:00+08:00"), "2027-01-03", Urgency.LATER),
        (datetime.fromisoformat("2026-11-22T16:00+00:00"), "明天 00:00", Urgency.LATER),  # told by our own wall clock
    ],
)
def test_time_left_is_told_as_people_say_it(due: datetime, words: str, presses: Urgency) -> None:
    assert (time_left(due, NOW), urgency(due, NOW)) == (words, presses)


@given(st.integers(-(10**8), 10**8))
def test_what_is_called_overdue_is_overdue(seconds: int) -> None:
    due = NOW + timedelta(seconds=seconds)

    assert time_left(due, NOW).startswith("逾期") == (seconds < 0)
    assert (urgency(due, NOW) is Urgency.OVERDUE) == (seconds < 0)


def test_the_spine_moves_with_what_is_owed(workspace: Workspace) -> None:
    number = registered(workspace).case.number

    def step() -> int | None:
        return case_story.current_step(use_cases.case_file(workspace, number))

    seen = [step()]
    acted(workspace, number, "reply", content="已换新壶")
    seen.append(step())
    acted(workspace, number, "return_visit", reached=True, satisfaction="dissatisfied")
    seen.append(step())  # the next round begins with an answer
    acted(workspace, number, "reply", content="已退款")
    acted(workspace, number, "assign", person="小吴")
    seen.append(step())  # whatever is to be handled, the customer awaits the visit
    acted(workspace, number, "return_visit", reached=True, satisfaction="satisfied")
    seen.append(step())
    acted(workspace, number, "feed_back", content="温控器虚焊")
    seen.append(step())  # only the closing is left to handle
    acted(workspace, number, "determine", responsibility="supplier")
    acted(workspace, number, "close", result="退款")
    seen.append(step())
    acted(workspace, number, "void", reason="重复登记")
    seen.append(step())

    reply, visit, improve = map(tuple(Stage).index, (Stage.REPLY, Stage.VISIT, Stage.IMPROVE))
    assert seen == [reply, visit, reply, visit, improve, improve, case_story.END, None]


def test_of_several_things_owed_the_earliest_step_of_the_spine_comes_now(workspace: Workspace) -> None:
    file = use_cases.case_file(workspace, registered(workspace).case.number)
    later = replace(file.follow_ups[0], kind=FollowUpKind.FEED_BACK, due_at=NOW)

    assert case_story.current_step(replace(file, follow_ups=(later, *file.follow_ups))) == 1


def test_only_what_is_filled_is_told_with_labels_and_units(workspace: Workspace, rules: Rules) -> None:
    case = registered(
        workspace, amount="199.9", demand_kind=["refund", "apology"], item={"model": "SX-1500"}, read_back=True
    ).case

    facts = dict(case_story.facts(case, rules, rules.trade("general")))

    assert facts["涉及金额"] == "199.90 元"
    assert facts["要求类型"] == "退款、道歉"
    assert facts["商品/服务明细"] == "型号：SX-1500"
    assert facts["已复述确认"] == "是"
    assert facts["投诉方式"] == "来电"
    assert not {"匿名", "代理", "轮次", "真实原因"} & set(facts)


def test_the_facts_are_called_as_the_kind_has_it(workspace: Workspace, rules: Rules) -> None:
    case = registered(workspace, kind="praise").case

    facts = dict(case_story.facts(case, rules, rules.trade("general")))

    assert facts["表扬方式"] == "来电"
    assert facts["客户要求"] == "要求换一个新的"
    assert not [label for label in facts if "投诉" in label]


# -------------------------------------------------------------------------------------------------------- the history


def test_the_history_is_told_latest_first_with_late_entries_named(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace, received_at="2026-11-20 09:00").case.number
    acted(workspace, number, "reply", content="已换新壶", medium="phone", accepted=False, at="2026-11-22 09:40")

    told = telling.history(use_cases.case_file(workspace, number), rules)

    assert [(h.at, h.by, h.action, h.lines, h.entered_at) for h in told] == [
        ("2026-11-22 09:40", "前台", "答复", ("答复内容：已换新壶", "方式：电话", "客户接受：否"), ""),
        ("2026-11-20 09:00", "前台", "登记", (), "2026-11-22 10:00"),
    ]


def test_times_sums_and_what_was_owed_are_told_in_words(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘", due_at="2026-11-23T15:00:00+08:00")
    acted(workspace, number, "keep_promise", note="已送到")
    acted(workspace, number, "propose", solution="退款", amount="199")
    acted(workspace, number, "determine", responsibility="supplier")

    told = telling.history(use_cases.case_file(workspace, number), rules)

    assert [h.lines for h in told][:-1] == [
        ("责任方：供应商（商品）",),
        ("解决方案：退款", "金额：199.00 元"),
        ("哪一项承诺：待兑现：送果盘", "兑现情况：已送到"),
        ("承诺内容：送果盘", "兑现期限：2026-11-23 15:00"),
    ]


def test_what_was_taken_back_and_what_was_left_aside_is_told(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "contact", content="来电")
    use_cases.undo(workspace, number, "undo-1")
    reply = use_cases.case_file(workspace, number).owed[0]
    use_cases.snooze(workspace, number, reply.id, clock.now() + timedelta(hours=5), "等备件", "snooze-1")

    told = telling.history(use_cases.case_file(workspace, number), rules)

    assert [(h.action, h.lines, h.is_undone) for h in told] == [
        ("以后再办", ("待答复，到 2026-11-22 15:00", "原因：等备件"), False),
        ("撤销", ("收回 2026-11-22 10:00 的“联系记录”",), False),
        ("联系记录", ("联系内容：来电",), True),
        ("登记", (), False),
    ]


# ------------------------------------------------------------------------------------------------ where the case stands


def test_what_is_owed_is_told_with_how_far_it_has_climbed_and_until_when_it_was_left_aside(
    workspace: Workspace, clock: FixedClock, rules: Rules
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘", due_at="2026-11-22T11:00:00+08:00")
    promise = use_cases.case_file(workspace, number).owed[0]
    use_cases.snooze(workspace, number, promise.id, clock.now() + timedelta(minutes=30), "备货", "snooze-1")
    file = use_cases.case_file(workspace, number)

    def at(hours: float) -> list[tuple[str, str, str, str]]:
        now = clock.now() + timedelta(hours=hours)
        lines = case_story.owed(file, rules, rules.policy, now)
        return [(line.kind, line.subject, line.climbed, line.snoozed) for line in lines]

    assert at(0) == [("待兑现", "送果盘", "", "以后再办，到 今天 10:30"), ("待答复", "", "", "")]
    assert at(5)[0] == ("待兑现", "送果盘", "已升级：部门负责人", "")
    assert at(25)[0] == ("待兑现", "送果盘", "已升级：店长", "")


def test_every_step_of_a_reckoning_is_a_line_and_what_was_told_says_so(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘", due_at="2026-11-24T11:00:00+08:00")
    file = use_cases.case_file(workspace, number)

    reply, promise = case_story.owed(file, rules, rules.policy, NOW)

    assert reply.rule == "首次答复：受理后 24 小时内"
    assert reply.steps == (
        "从 11月22日周日 10:00 起算",
        "加 24 小时（昼夜、节假日连续计算）",
        "到 2026-11-23 10:00",
        "依据：对顾客意见的处理程序：24 小时内给予答复；告知等候时间并在时限内反馈",
    )
    assert promise.steps[0] == "已说定 2026-11-24 11:00，以说定的为准"


def test_where_the_case_stands_is_told_from_its_history(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace, place="三楼").case.number
    seen = []

    def look() -> None:
        seen.append(dict(case_story.stands(use_cases.case_file(workspace, number), rules)))

    look()
    acted(workspace, number, "amend", occurred_at="昨天")
    acted(workspace, number, "assign", department="采购部", person="小吴")
    acted(workspace, number, "determine", responsibility="supplier")
    acted(workspace, number, "propose", solution="换新", amount="199")
    look()
    acted(workspace, number, "accept")
    acted(workspace, number, "approve", by="店长")
    look()

    assert seen == [
        {"负责人": "前台", "未登记完": "缺时间　M 补充更正"},
        {
            "负责人": "前台",
            "已交办": "采购部 · 小吴　还没有签收",
            "责任": "供应商（商品）",
            "方案": "换新　199.00 元　等 部门负责人 审批",
        },
        {
            "负责人": "小吴",
            "已交办": "采购部 · 小吴　已签收",
            "责任": "供应商（商品）",
            "方案": "换新　199.00 元　店长 已批准",
        },
    ]


def test_the_limits_from_outside_are_told_while_the_case_is_open(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace).case.number
    case = use_cases.case_file(workspace, number).case

    def at(days: int) -> list[str]:
        return [limit.time_left for limit in case_story.limits(case, rules.policy, NOW + timedelta(days=days))]

    assert at(0) == ["周五 10:00", "12-07 10:00"]
    assert at(6) == ["昨天 10:00 已过", "12-07 10:00"]
    assert case_story.limits(replace(case, status=Status.CLOSED), rules.policy, NOW) == ()
