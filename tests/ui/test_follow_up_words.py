"""What the 跟进 page says: times left, the step a case is at, its facts and its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.guide import Stage
from desk_app.domain.vocabulary import FollowUpKind
from desk_app.services import desk as use_cases
from tests.helpers.builders import NOW, acted, registered
from ui.models import case_story
from ui.models.time_left import Urgency, time_left, urgency

if TYPE_CHECKING:
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
    acted(workspace, number, "return_visit", reached=True, satisfaction="satisfied")
    seen.append(step())
    acted(workspace, number, "close", result="退款")
    seen.append(step())
    acted(workspace, number, "void", reason="重复登记")
    seen.append(step())

    reply, visit, improve = map(tuple(Stage).index, (Stage.REPLY, Stage.VISIT, Stage.IMPROVE))
    assert seen == [reply, visit, reply, improve, case_story.END, None]


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


def test_the_history_is_told_latest_first_with_late_entries_named(workspace: Workspace, rules: Rules) -> None:
    number = registered(workspace, received_at="2026-11-20 09:00").case.number
    acted(workspace, number, "reply", content="已换新壶", medium="phone", accepted=False, at="2026-11-22 09:40")

    told = case_story.history(use_cases.case_file(workspace, number), rules)

    assert [(h.at, h.by, h.action, h.lines, h.entered_at) for h in told] == [
        ("2026-11-22 09:40", "前台", "答复", ("答复内容：已换新壶", "方式：电话", "客户接受：否"), ""),
        ("2026-11-20 09:00", "前台", "登记", (), "2026-11-22 10:00"),
    ]
