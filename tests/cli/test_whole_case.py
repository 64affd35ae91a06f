"""One case from its receipt to its end, two rounds, with every action there is; every refused step says why."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from desk_app import telling
from desk_app.domain.event import Event
from desk_app.domain.vocabulary import Action
from desk_app.services import desk
from tests.helpers.builders import NOW, a_case, acted, registered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.workspace import Workspace
    from tests.cli.conftest import DeskApp, Ran

FIRST = "TS-20261122-001"
HOUR = timedelta(hours=1)

ANY: Mapping[str, dict[str, object]] = {
    "contact": {"content": "致电"},
    "assign": {"person": "小赵"},
    "accept": {},
    "investigate": {"findings": "查看监控"},
    "determine": {"responsibility": "misunderstanding"},
    "propose": {"solution": "维修"},
    "approve": {},
    "reject": {"opinion": "不妥"},
    "promise": {"what": "明天回电"},
    "keep_promise": {},
    "reply": {"content": "维修"},
    "return_visit": {"satisfaction": "fair"},
    "correct": {"problem": "接待慢"},
    "verify_correction": {"effect": "合格"},
    "feed_back": {"content": "已反映"},
    "escalate": {"reason": "超出权限"},
    "close": {"result": "已办"},
    "reopen": {"reason": "又来"},
    "void": {"reason": "重复"},
}
"""Every action with all it needs: what refuses it is the case."""

Reasons = dict[str, str]
STATUS = "现在是“"
UNANSWERED: Reasons = {
    "accept": "没有等待签收的交办，请先“交办”",
    "approve": STATUS,
    "reject": STATUS,
    "keep_promise": "没有未兑现的承诺",
    "return_visit": "还没有答复客户，请先“答复”再“回访”",
    "verify_correction": "没有待验证的措施，请先“纠正措施”",
    "close": "还没有答复客户，不能结案，请先“答复”",
    "reopen": STATUS,
}
REJECTED: Reasons = {**UNANSWERED, "reply": "的方案被退回了，不能答复客户，请重新提出“方案”"}
PROPOSED: Reasons = {
    **{action: why for action, why in UNANSWERED.items() if action not in ("approve", "reject")},
    "reply": "的方案还没有批准，不能答复客户，请先“批准”或“退回”",
}
ANSWERED: Reasons = {
    **{action: why for action, why in UNANSWERED.items() if action != "return_visit"},
    "propose": STATUS,
    "reply": "本轮已答复客户；补充说明请用“联系记录”",
    "close": "还没有回访客户（已试 0 次，联系不上要满 3 次），不能结案，请先“回访”",
}
NOT_REACHED: Reasons = {**ANSWERED, "close": "还没有回访客户（已试 1 次，联系不上要满 3 次）"}
VISITED: Reasons = {
    **ANSWERED,
    "propose": "本轮已答复客户",
    "return_visit": "本轮已回访，请“反映到部门”后“结案”",
    "close": "的结果还没有反映到部门，不能结案，请先“反映到部门”",
}
CLOSED: Reasons = {
    **{action: STATUS for action in ANY if action not in ("correct", "reopen", "void")},
    "verify_correction": "没有待验证的措施",
}
VOID: Reasons = dict.fromkeys(ANY, STATUS)


class Step(NamedTuple):
    """An action, what becomes of the case, and what is refused then: all of ``refused`` but what is ``possible``."""

    action: str
    keys: dict[str, object]
    status: str
    round: int
    owed: str
    refused: Reasons
    possible: str = ""


STORY = (
    Step("contact", {"content": "请客户补小票", "awaiting": True}, "awaiting_customer", 1, "reply", UNANSWERED),
    Step(
        "assign", {"department": "小家电部", "person": "小王", "due_at": "2026-11-24 12:00"},
        "awaiting_customer", 1, "reply handle", UNANSWERED, "accept",
    ),
    Step("accept", {"by": "小王"}, "awaiting_customer", 1, "reply handle", UNANSWERED),
    Step(
        "investigate", {"findings": "温控器虚焊", "true_cause": "虚焊", "by": "小王"},
        "awaiting_customer", 1, "reply handle", UNANSWERED,
    ),
    Step("determine", {"responsibility": "company"}, "awaiting_customer", 1, "reply handle correct", UNANSWERED),
    Step("contact", {"content": "小票到了", "direction": "in"}, "in_progress", 1, "reply handle correct", UNANSWERED),
    Step(
        "propose", {"solution": "换新并补偿", "amount": "200", "by": "小王"},
        "awaiting_approval", 1, "reply approve correct", PROPOSED,
    ),
    Step("reject", {"opinion": "先问客户", "by": "部门负责人"}, "in_progress", 1, "reply handle correct", REJECTED),
    Step(
        "promise", {"what": "周二前回电", "due_at": "2026-11-24 18:00", "by": "小王"},
        "in_progress", 1, "reply handle promise correct", REJECTED, "keep_promise",
    ),
    Step(
        "propose", {"solution": "换新", "by": "小王"},
        "awaiting_approval", 1, "reply approve promise correct", PROPOSED, "keep_promise",
    ),
    Step("approve", {"by": "部门负责人"}, "awaiting_reply", 1, "reply promise correct", UNANSWERED, "keep_promise"),
    Step(
        "reply", {"content": "可以换新", "medium": "phone", "by": "小王"},
        "awaiting_return_visit", 1, "return_visit promise correct", ANSWERED, "keep_promise",
    ),
    Step("keep_promise", {"note": "已回电"}, "awaiting_return_visit", 1, "return_visit correct", ANSWERED),
    Step("return_visit", {"reached": False}, "awaiting_return_visit", 1, "return_visit correct", NOT_REACHED),
    Step(
        "return_visit", {"satisfaction": "dissatisfied", "opinion": "换的又坏了"},
        "in_progress", 2, "reply correct", UNANSWERED,
    ),
    Step("escalate", {"reason": "客户要见经理"}, "in_progress", 2, "reply correct", UNANSWERED),
    Step(
        "reply", {"content": "退款", "accepted": True, "by": "部门负责人"},
        "awaiting_return_visit", 2, "return_visit correct", ANSWERED,
    ),
    Step(
        "return_visit", {"satisfaction": "satisfied", "result_fair": 5, "process_fair": 4, "manner_fair": 5},
        "in_progress", 2, "feed_back correct", VISITED,
    ),
    Step(
        "correct", {"problem": "温控器虚焊", "corrective": "停售该批", "preventive": "逐台通电检查"},
        "in_progress", 2, "feed_back correct verify", VISITED, "verify_correction",
    ),
    Step(
        "feed_back", {"department": "小家电部", "content": "两轮才解决"},
        "in_progress", 2, "handle correct verify", VISITED, "verify_correction close",
    ),
    Step("close", {"result": "已退款，客户满意"}, "closed", 2, "correct verify", CLOSED, "verify_correction"),
    Step("verify_correction", {"effect": "抽查 20 台合格", "effective": True}, "closed", 2, "", CLOSED),
    Step("reopen", {"reason": "款未到账"}, "in_progress", 3, "reply", UNANSWERED),
    Step("void", {"reason": "另立一件"}, "void", 3, "", VOID),
)  # fmt: skip


def act(desk_app: DeskApp, action: str, keys: dict[str, object], data: Path | None = None) -> Ran:
    stdin = json.dumps(keys, ensure_ascii=False).encode()
    return desk_app("act", FIRST, action, "--json", "--json-input", "-", stdin=stdin, data=data)


def see_what_is_refused(desk_app: DeskApp, refused: Reasons) -> None:
    """Try everything that must be refused: exit 1, one sentence that says why, the case as it was."""
    before = desk_app("show", FIRST, "--json").out
    for action, why in refused.items():
        ran = act(desk_app, action, ANY[action])
        assert (ran.code, ran.out) == (1, ""), action
        (sentence,) = ran.err.splitlines()
        assert sentence.startswith(FIRST)
        assert why in sentence, action
        assert desk_app("show", FIRST, "--json").out == before


def see_what_is_possible(desk_app: DeskApp, folder: DataFolder, scratch: Path, refused: Reasons) -> None:
    """Try everything else, on a copy of the data folder each: it goes through."""
    for action in ANY.keys() - refused.keys():
        shutil.copytree(folder.root, scratch / action)
        assert act(desk_app, action, ANY[action], scratch / action).code == 0, action


@pytest.mark.slow
def test_a_case_goes_through_two_rounds_and_every_refused_step_says_why(
    desk_app: DeskApp, clock: FixedClock, folder: DataFolder, tmp_path: Path
) -> None:
    assert desk_app("register", stdin=json.dumps(a_case()).encode()).out == f"{FIRST}\n"
    see_what_is_refused(desk_app, UNANSWERED)

    for number, step in enumerate(STORY, start=1):
        clock.moment = NOW + number * HOUR
        file = act(desk_app, step.action, step.keys).json
        owed = [f["kind"] for f in sorted(file["follow_ups"], key=lambda f: f["due_at"]) if f["done_at"] is None]
        assert (file["case"]["status"], file["case"]["round"]) == (step.status, step.round)
        assert sorted(owed) == sorted(step.owed.split())
        assert desk_app("show", FIRST, "--json").json == file
        refused = {action: why for action, why in step.refused.items() if action not in step.possible.split()}
        see_what_is_refused(desk_app, refused)
        see_what_is_possible(desk_app, folder, tmp_path / f"{number}", refused)

    assert [e["action"] for e in file["events"]] == ["register", *(step.action for step in STORY)]
    assert desk_app("verify").code == 0
    assert desk_app("queue", "--json").json == []


def test_the_story_has_every_action_there_is() -> None:
    every = {str(action) for action in Action} - {"register", "amend"}

    assert {step.action for step in STORY} == every == ANY.keys()


def history(desk_app: DeskApp) -> list[str]:
    """Return the history as people read it, without the moment each line begins with."""
    lines = [line for line in desk_app("show", FIRST).lines if line.startswith("2026-11-2")]
    return [line.partition("  ")[2] for line in lines]


def test_show_tells_people_times_choices_and_promises_in_words(desk_app: DeskApp, clock: FixedClock) -> None:
    desk_app("register", stdin=json.dumps(a_case()).encode())
    for number, step in enumerate(STORY[:13], start=1):
        clock.moment = NOW + number * HOUR
        assert act(desk_app, step.action, step.keys).code == 0
    act(desk_app, "correct", ANY["correct"])
    act(desk_app, "verify_correction", {"effect": "合格", "effective": True})

    assert history(desk_app) == [
        "前台  登记",
        "前台  联系记录  联系内容：请客户补小票  等客户补充材料：是",
        "前台  交办  责任部门：小家电部  责任人：小王  处理期限：2026-11-24 12:00",
        "小王  签收",
        "小王  调查  调查经过：温控器虚焊  真实原因：虚焊",
        "前台  责任判定  责任方：公司",
        "前台  联系记录  联系内容：小票到了  去向：客户联系我方",
        "小王  方案  解决方案：换新并补偿  金额：200.00 元",
        "部门负责人  退回  意见：先问客户",
        "小王  承诺  承诺内容：周二前回电  兑现期限：2026-11-24 18:00",
        "小王  方案  解决方案：换新",
        "部门负责人  批准",
        "小王  答复  答复内容：可以换新  方式：电话",
        "前台  兑现承诺  哪一项承诺：待兑现：周二前回电  兑现情况：已回电",
        "前台  纠正措施  问题：接待慢",
        "前台  措施验证  哪一项措施：待整改：接待慢  效果：合格  有效：是",
    ]


def test_show_tells_what_was_taken_back_and_what_was_left_aside(desk_app: DeskApp, workspace: Workspace) -> None:
    registered(workspace)
    acted(workspace, FIRST, "promise", what="周二前回电")
    acted(workspace, FIRST, "contact", content="记错了")
    desk.undo(workspace, FIRST, "undo")
    (promise,) = (f for f in desk.case_file(workspace, FIRST).owed if f.subject)
    desk.snooze(workspace, FIRST, promise.id, NOW + HOUR, "等到货", "snooze")

    assert history(desk_app)[2:] == [
        "前台  联系记录（已撤销）  联系内容：记错了",
        "前台  撤销  收回 2026-11-22 10:00 的“联系记录”",
        "前台  以后再办  待兑现：周二前回电，到 2026-11-22 11:00  原因：等到货",
    ]


def test_a_due_date_that_was_moved_is_told_with_what_is_due(workspace: Workspace) -> None:
    registered(workspace)
    file = desk.case_file(workspace, FIRST)
    data = {"follow_up": file.owed[0].id, "due_at": "2026-11-24T18:00:00+08:00"}
    moved = Event(action=Action.AMEND, at=NOW, entered_at=NOW, by="前台", data=data, round=1)
    moved_file = replace(file, events=(*file.events, moved))

    *_, last = telling.case_lines(moved_file, workspace.rules, workspace.trade, workspace.policy.deadlines)

    assert last == "2026-11-22 10:00  前台  工作日历有变  待答复，改到 2026-11-24 18:00"


def test_a_promise_says_what_was_promised_wherever_it_is_owed(desk_app: DeskApp) -> None:
    desk_app("register", stdin=json.dumps(a_case()).encode())
    keys = {"what": "周二前回电", "due_at": "2026-11-24 18:00"}

    stdin = json.dumps(keys, ensure_ascii=False).encode()
    told = desk_app("act", FIRST, "promise", "--json-input", "-", stdin=stdin).lines

    line = "下一步：前台 应在 2026-11-24 18:00 前“待兑现”：周二前回电"
    assert line in told
    assert line in desk_app("show", FIRST).lines


def test_of_two_promises_the_one_that_was_kept_is_named(desk_app: DeskApp) -> None:
    desk_app("register", stdin=json.dumps(a_case()).encode())
    act(desk_app, "promise", {"what": "周二前回电"})
    made = act(desk_app, "promise", {"what": "送新壶"}).json["follow_ups"]
    first, second = (f["id"] for f in made if f["kind"] == "promise")

    unnamed = act(desk_app, "keep_promise", {})
    wrong = act(desk_app, "keep_promise", {"promise": 1})
    named = act(desk_app, "keep_promise", {"promise": second})

    for ran in (unnamed, wrong):
        assert ran.code == 1
        assert f"请给出 promise；现有：{first} 周二前回电；{second} 送新壶" in ran.err
    assert [f["id"] for f in named.json["follow_ups"] if f["done_at"]] == [second]
