"""The 登记 page: one complaint from the first key to the number, and the next one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QListView

from desk_app.domain.journal import Noted
from desk_app.services import desk as use_cases
from desk_app.services.workspace import open_workspace
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    button,
    commit,
    contents,
    drafts_on_disk,
    fill,
    focus,
    go,
    on_disk,
    press,
    problems,
    promise,
    row,
    save,
    saved,
    say,
    set_up,
    settle,
    ticked,
    told,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.domain.case import Case
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

ORDER = [
    *("kind", "received_at", "channel", "route", "occurred_at", "place"),
    *("content", "category", "severity", "safety"),
    *("customer_name", "anonymous", "parties", "target", "item"),
    *("customer_phone", "customer_address"),
    *("demand", "demand_kind", "promised_at", "amount", "read_back", "confidential", "consent"),
]
"""The stops in the order of the conversation, without the ones that are folded away."""
LONG = ("content", "demand")


def the_case(folder: DataFolder, clock: FixedClock, rules: Rules, number: str) -> Case:
    ws = open_workspace(folder, clock, rules)
    case = use_cases.case_file(ws, number).case
    ws.close()
    return case


def walk(window: MainWindow) -> list[str]:
    """Go on with Enter (with Tab from a long text) until the form is left; return the fields on the way."""
    way = [at(window)]
    for _ in range(2 * len(window.register.form.rows)):
        if not at(window):
            break
        press(KEY.Key_Tab if at(window) in LONG else KEY.Key_Return)
        if at(window) != way[-1]:
            way.append(at(window))
    return way[:-1]


def test_the_stops_are_in_the_order_of_the_conversation(window: MainWindow) -> None:
    assert walk(window) == ORDER


def test_tab_goes_the_same_way_and_back(window: MainWindow) -> None:
    there = [at(window)]
    while at(window):
        press(KEY.Key_Tab)
        if at(window) != there[-1]:
            there.append(at(window))
    back = []
    while len(back) < len(ORDER):
        press(KEY.Key_Backtab)
        if at(window) and [at(window)] != back[-1:]:
            back.append(at(window))

    assert there[:-1] == ORDER
    assert back == ORDER[::-1]


def test_unfolded_fields_stand_in_their_place(window: MainWindow) -> None:
    press(KEY.Key_F9)
    order = walk(window)
    assert order[order.index("content") :][:5] == ["content", "category", "severity", "safety", "true_cause"]
    assert order[order.index("item") :][:2] == ["item", "on_behalf_of"]

    press(KEY.Key_F9)
    window.register.form.focus_first()
    assert walk(window) == ORDER


def test_another_trade_has_its_stops_in_the_same_place(window: MainWindow, rules: Rules) -> None:
    window.register.form.set_trade(rules.trade("hotel"))
    assert walk(window) == ORDER


def test_a_complaint_is_registered_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    enter, space = KEY.Key_Return, KEY.Key_Space
    say(enter)  # 投诉
    say(enter, KEY.Key_2, enter, enter)  # now, 来电, 正常
    say("上周二晚上", enter, "二楼小家电", enter)
    say("昨天买的水壶不加热。", enter, "试了三次都一样。", KEY.Key_Tab)
    say("质量", enter)
    assert row(window, "category").value() == "商品问题 > 质量"
    say(enter, KEY.Key_3, enter, space, enter)  # 严重, 涉及安全
    say("李女士", enter, enter, "导购小陈", enter, "小家电部", enter)
    say("NO-7788", enter, enter, enter, enter)  # 单号, and three that are not known
    say("138-0013 8000", enter, "和平路 8 号", enter)
    say("换一个新的", KEY.Key_Tab, KEY.Key_3, KEY.Key_8, enter)  # 更换, 道歉
    say(enter, "199.9", enter)  # the promise as the rule has it
    say(space, enter, enter, space)  # 已复述确认, 同意保存个人信息
    save(qtbot, window)

    assert told(window) == ""
    shown = saved(window)
    assert "TS-20261122-001" in shown
    assert "请告诉客户：明天 10:00 前答复" in shown
    assert any(s.startswith("下一步：店长 对客户“待答复”") for s in shown), "safety is the manager's"
    case = the_case(folder, clock, rules, "TS-20261122-001")
    assert (case.kind, case.channel, case.route) == ("complaint", "phone", "normal")
    assert (case.received_at, case.occurred_at, case.place) == (clock.now(), "上周二晚上", "二楼小家电")
    assert case.content == "昨天买的水壶不加热。\n试了三次都一样。"
    assert (case.category, case.severity, case.safety) == ("商品问题 > 质量", "serious", True)
    assert (case.customer_name, case.parties, case.target) == ("李女士", "导购小陈", "小家电部")
    assert (case.item, case.customer_phone, case.customer_address) == (
        {"order_no": "NO-7788"},
        "138-0013 8000",
        "和平路 8 号",
    )
    assert (case.demand, case.demand_kind, str(case.amount)) == ("换一个新的", ("replace", "apology"), "199.90")
    assert (case.read_back, case.confidential, case.consent) == (True, False, True)
    assert (case.receiver, case.first_contact) == ("小周", "小周")


@pytest.mark.parametrize("key", ["Ctrl+N", "Enter", "the button"])
def test_after_a_save_the_next_form_is_empty_and_has_the_next_number(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, key: str
) -> None:
    a_small_case(window)
    save(qtbot, window)
    if key == "Ctrl+N":
        press(KEY.Key_N, CTRL)
    elif key == "Enter":
        press(KEY.Key_Return)
    else:
        button(window, "登记下一位").click()

    assert at(window) == "kind"
    assert saved(window) == []
    assert window.register.form.values() == {
        "kind": "complaint",
        "channel": "in_person",
        "route": "normal",
        "severity": "normal",
    }
    assert ticked(window) == set()
    a_small_case(window, "第二件")
    save(qtbot, window)
    assert "TS-20261122-002" in saved(window)
    assert contents(folder) == ["水壶不加热", "第二件"]


def test_from_the_number_one_key_leads_to_the_queue(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    save(qtbot, window)
    press(KEY.Key_Tab)
    press(KEY.Key_Tab)
    assert focus() is button(window, "去跟进")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert saved(window) == []
    assert type(window._stack.currentWidget()).__name__ == "FollowUpPage"


def test_ctrl_s_on_the_number_saves_nothing(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    a_small_case(window)
    save(qtbot, window)
    number = saved(window)
    save(qtbot, window)
    assert contents(folder) == ["水壶不加热"]
    assert saved(window) == number
    assert told(window) == ""
    assert not any(field.problem for field in window.register.form.rows.values())


def test_ctrl_s_pressed_twice_at_once_saves_once(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    a_small_case(window)
    press(KEY.Key_S, CTRL)
    save(qtbot, window)
    assert contents(folder) == ["水壶不加热"]
    assert "已保存" in saved(window), "and nothing of a second try"


def test_what_is_typed_while_a_save_is_under_way_is_not_lost(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    a_small_case(window)
    go(window, "content")
    press(KEY.Key_S, CTRL)
    typed_at = focus()
    commit("，还烫了手")
    taken = row(window, "content").value()
    settle(qtbot, window.desk)

    assert typed_at is not None
    assert contents(folder) == [taken], "either the key is not taken, or it is stored"


# ------------------------------------------------------------------------------------------------- received, promised


def test_the_time_of_the_first_key_is_the_time_received(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock
) -> None:
    assert row(window, "received_at").value() is None
    clock.moment += timedelta(minutes=1)
    go(window, "place")
    assert row(window, "received_at").value() is None

    commit("二")
    clock.moment += timedelta(minutes=7)
    commit("楼")
    a_small_case(window)
    assert row(window, "received_at").value() == "2026-11-22 10:01"
    save(qtbot, window)
    assert on_disk(folder, 'SELECT received_at, entered_at FROM "case"') == [
        ("2026-11-22T10:01:00+08:00", "2026-11-22T10:08:00+08:00")
    ]


def test_a_time_received_that_was_typed_stays_and_is_written_out(window: MainWindow) -> None:
    go(window, "received_at")
    commit("昨天 14:30")
    press(KEY.Key_Tab)
    assert window.register.form.rows["received_at"].editor.text() == "2026-11-21 14:30"
    fill(window, {"place": "二楼"})
    assert row(window, "received_at").value() == "2026-11-21 14:30"


def test_the_promise_follows_what_is_said(window: MainWindow) -> None:
    said = {"new": promise(window)}
    go(window, "received_at")
    commit("昨天 20:15")
    said["received yesterday"] = promise(window)
    go(window, "promised_at")
    commit("今天 18:30")
    said["promised"] = promise(window)
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    commit("明")
    said["half typed"] = promise(window)

    assert said == {
        "new": "明天 10:00 前答复",
        "received yesterday": "今天 20:15 前答复",
        "promised": "今天 18:30 前答复",
        "half typed": "今天 20:15 前答复",
    }


@pytest.mark.parametrize("typed", ["2026-02-30 10:00", "2027-01-01 10:00", "25:00", "早上"])
def test_nothing_is_promised_from_a_time_of_receipt_that_cannot_be(window: MainWindow, typed: str) -> None:
    go(window, "received_at")
    commit(typed)
    assert promise(window) == "—"

    press(KEY.Key_A, CTRL)
    commit("2026-11-22 09:00")
    assert promise(window) == "明天 09:00 前答复"


_QUICK = """
[[rule]]
id = "praise_reply"
title = "表扬：2 小时内答谢"
source = "本店"
trigger = "registered"
follow_up = "reply"
kinds = ["praise"]
term = "2h"
owed_by = "responsible"
owed_to = "客户"
told = true

[[rule]]
id = "external_reply"
term = "4h"
"""


def test_the_promise_follows_the_rules_of_kind_and_route(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    """The shipped rules give every kind 24 hours, so the shop has others: praise 2 h, external 4 h."""
    folder.root.mkdir()
    folder.deadlines.write_text(_QUICK, encoding="utf-8")
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        said = [promise(window)]
        press(KEY.Key_7)  # 表扬
        said.append(promise(window))
        press(KEY.Key_1)
        go(window, "route")
        press(KEY.Key_3)  # 直接外部
        said.append(promise(window))
        press(KEY.Key_1)
        said.append(promise(window))
    assert said == ["明天 10:00 前答复", "今天 12:00 前答复", "今天 14:00 前答复", "明天 10:00 前答复"]


def test_the_five_things_are_ticked_as_they_are_answered(window: MainWindow) -> None:
    assert ticked(window) == set()
    fill(window, {"place": "二楼"})
    assert ticked(window) == {"place"}, "when it was said is not yet when it happened"
    fill(window, {"occurred_at": "昨晚"})
    assert ticked(window) == {"received_at", "place"}
    fill(window, {"content": "不加热"})
    assert ticked(window) == {"received_at", "place", "content"}
    fill(window, {"customer_name": "李女士"})
    assert ticked(window) == {"received_at", "place", "content", "parties"}
    fill(window, {"customer_phone": "1"})
    assert ticked(window) == {"received_at", "place", "content", "parties", "customer_phone"}
    press(KEY.Key_Backspace)
    assert ticked(window) == {"received_at", "place", "content", "parties"}


# ------------------------------------------------------------------------------------------------------------ category


def test_a_category_is_found_by_any_part_of_it_and_taken_by_enter(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "category")
    popup = window.register.form.rows["category"].editor._completer.popup()
    commit("态度")
    until(qtbot, popup.isVisible)
    assert isinstance(popup, QListView)
    assert [popup.model().index(n, 0).data() for n in range(popup.model().rowCount())] == [
        "一般工作失误、服务欠缺 > 服务态度"
    ]
    press(KEY.Key_Return)

    assert row(window, "category").value() == "一般工作失误、服务欠缺 > 服务态度"
    assert not popup.isVisible()
    assert problems(window) == {}


def test_a_category_typed_in_part_is_taken_when_it_is_left(window: MainWindow) -> None:
    fill(window, {"category": "配送"})
    press(KEY.Key_Tab)
    assert row(window, "category").value() == "商品问题 > 配送"


def test_a_category_typed_in_part_is_saved_whole_and_its_list_goes_with_the_form(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"content": "不加热", "customer_name": "李女士"})
    window.register.form.focus_first()
    fill(window, {"category": "缺货"})
    assert QApplication.activePopupWidget() is not None
    save(qtbot, window)
    assert QApplication.activePopupWidget() is None
    assert on_disk(folder, 'SELECT category FROM "case"') == [("商品问题 > 缺货",)]


def test_the_list_of_categories_goes_with_the_page(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"category": "问题"})
    assert QApplication.activePopupWidget() is not None
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)
    assert QApplication.activePopupWidget() is None


def test_a_category_that_is_none_is_refused_with_what_may_be_said(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"content": "不加热", "category": "天气", "customer_name": "李女士"})
    save(qtbot, window)
    assert problems(window).keys() == {"category"}
    assert "没有“天气”这个选项，可选：" in problems(window)["category"]
    assert "商品问题" in problems(window)["category"]
    assert contents(folder) == []
    assert len(drafts_on_disk(folder)) <= 1


def test_a_late_entry_into_a_month_that_is_handed_in_is_told_over_what_was_saved(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    with workspace.store.transaction() as conn:
        workspace.note(conn, Noted.LOCK_MONTH, "2026-10", last_event=0)
    a_small_case(window)
    row(window, "received_at").set_value("2026-10-20 09:30")

    save(qtbot, window)

    assert told(window) == "2026-10 已经锁定：这一件补录会在登记表上标为锁定后变更"
    assert saved(window)
