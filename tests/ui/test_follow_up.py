"""The 跟进 page: the queue, the keys, the detail, the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTextEdit

from desk_app.domain.queue import View
from desk_app.domain.vocabulary import Action, Status
from desk_app.services import desk as use_cases
from desk_app.services import intake
from tests.helpers.builders import a_case, acted, registered
from tests.ui.desk_rig import CTRL, commit, focus, notices, press, settle
from tests.ui.queue_rig import bring, numbers, rows, table
from ui.forms.action_form import ActionEditor
from ui.models.queue_model import PAGE_ROWS, QueueModel
from ui.widgets.view_bar import ViewBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.follow_up import FollowUpPage

KEY = Qt.Key


def chosen(page: FollowUpPage) -> str:
    current = table(page).currentIndex()
    return str(current.siblingAtColumn(3).data())


def heading(page: FollowUpPage) -> str:
    """Return the number that the detail shows; empty where it shows none."""
    shown = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return next((text for text in shown if text.startswith("TS-")), "")


def story(page: FollowUpPage) -> str:
    return next(e for e in page.findChildren(QTextEdit) if e.isReadOnly()).toPlainText()


def button(page: FollowUpPage, words: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.text().startswith(words))


def three_cases(workspace: Workspace, clock: FixedClock) -> tuple[str, str, str]:
    """Register a case that is overdue now, one due within the hour and one due tomorrow; return their numbers."""
    now = clock.now()
    late = registered(workspace, "a", received_at=now - timedelta(days=3), customer_name="张小山")
    soon = registered(workspace, "b", received_at=now - timedelta(hours=23, minutes=20), content="热水\n时有时无")
    calm = registered(workspace, "c", received_at=now - timedelta(hours=2), anonymous=True, customer_name=None)
    return late.case.number, soon.case.number, calm.case.number


def register_many(workspace: Workspace, clock: FixedClock, count: int) -> None:
    """Register cases a minute apart, the last of them now, in one transaction."""
    lines = (
        intake.InputLine(n, a_case(received_at=clock.now() - timedelta(minutes=count - n)), f"r{n}")
        for n in range(count)
    )
    intake.register_many(workspace, lines, keep_going=False)


# ------------------------------------------------------------------------------------------ the list


def test_the_most_overdue_comes_first_and_each_row_says_what_is_owed(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, calm = three_cases(workspace, clock)

    bring(qtbot, page, desk)

    who = "小周 → 客户"
    content = "昨天买的电水壶通电后不加热，按说明书试了三次都一样。"
    assert rows(page) == [
        ("▲ 逾期 2 天", "待答复", who, late, "张**", "已升级：店长", content),
        ("● 剩 40 分", "待答复", who, soon, "李女士", "已登记", "热水 时有时无"),
        ("明天 08:00", "待答复", who, calm, "匿名", "已登记", content),
    ]


def test_views_have_counts_and_are_changed_by_arrow_and_digit(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, calm = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    tabs = page.findChild(ViewBar)
    assert tabs.words()[:4] == ["逾期 1", "今天 2", "本周 2", "全部 3"]
    assert numbers(page) == [late, soon, calm]

    press(KEY.Key_1)
    settle(qtbot, desk)
    assert numbers(page) == [late]

    press(KEY.Key_Right)
    settle(qtbot, desk)
    assert numbers(page) == [late, soon]

    press(KEY.Key_Left)
    settle(qtbot, desk)
    assert tabs.current == list(View).index(View.OVERDUE)
    assert focus() is table(page)


def test_the_times_left_are_told_anew(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    three_cases(workspace, clock)
    list_ = bring(qtbot, page, desk)
    assert rows(page, 0)[1] == ("● 剩 40 分",)
    painted_again: list[tuple[int, int]] = []
    list_.model().dataChanged.connect(lambda first, last: painted_again.append((first.row(), last.row())))

    bring(qtbot, page, desk)
    assert painted_again == []  # nothing to tell anew
    clock.moment += timedelta(hours=1)
    bring(qtbot, page, desk)

    assert [time for (time,) in rows(page, 0)] == ["▲ 逾期 2 天", "▲ 逾期 20 分", "明天 08:00"]
    assert painted_again == [(1, 1)]


def test_an_empty_register_says_what_will_be_here_and_which_key_makes_it(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    bring(qtbot, page, desk)

    words = next(label for label in table(page).findChildren(QLabel) if label.isVisible()).text()
    assert words.startswith("没有待跟进的事项")
    assert "Ctrl+1" in words
    assert heading(page) == ""


def test_an_empty_view_says_so_calmly_and_where_the_rest_is(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    registered(workspace, "a", received_at=clock.now())
    bring(qtbot, page, desk)

    press(KEY.Key_1)
    settle(qtbot, desk)

    words = next(label for label in table(page).findChildren(QLabel) if label.isVisible()).text()
    assert words == "没有逾期的事项。\n\n全部 1 项，按 4 查看。"
    assert heading(page) == ""


def test_what_another_program_registered_appears_and_the_chosen_row_stays(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, calm = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    press(KEY.Key_Down)
    assert chosen(page) == soon

    first = registered(workspace, "d", received_at=clock.now() - timedelta(days=5)).case.number
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)

    assert numbers(page) == [first, late, soon, calm]
    assert chosen(page) == soon


def test_when_the_chosen_one_is_settled_elsewhere_the_next_one_is_chosen(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, calm = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    press(KEY.Key_Down)

    acted(workspace, soon, "void", reason="重复登记")
    first = registered(workspace, "d", received_at=clock.now() - timedelta(days=5)).case.number
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)

    assert numbers(page) == [first, late, calm]
    assert chosen(page) == calm
    assert heading(page) == calm


def test_the_case_that_was_worked_on_stays_when_nothing_more_of_it_is_in_the_view(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, _soon, _calm = three_cases(workspace, clock)
    later = registered(workspace, "d", received_at=clock.now() - timedelta(days=2)).case.number
    bring(qtbot, page, desk)
    press(KEY.Key_1)  # 逾期
    settle(qtbot, desk)
    assert chosen(page) == late

    press(KEY.Key_Return)
    press(KEY.Key_R)
    commit("已换新")
    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)

    assert numbers(page) == [later]
    assert heading(page) == late


def test_enter_in_the_line_for_a_number_opens_the_case_and_starts_nothing(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, *_ = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    assert heading(page) == late

    press(KEY.Key_F, CTRL)
    commit(late)
    press(KEY.Key_Return)
    settle(qtbot, desk)

    assert heading(page) == late
    assert page.findChild(ActionEditor) is None


def test_a_long_queue_is_fetched_page_by_page(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    many = PAGE_ROWS * 3 + 5
    register_many(workspace, clock, many)
    list_ = bring(qtbot, page, desk)
    model = list_.model()
    assert isinstance(model, QueueModel)
    assert model.rowCount() == many
    assert model.line(PAGE_ROWS * 2) is None  # not asked for yet

    press(KEY.Key_End)
    qtbot.waitUntil(lambda: model.line(many - 1) is not None)
    settle(qtbot, desk)

    assert list_.currentIndex().row() == many - 1
    assert model.line(many - 1).row.matter == model.line(0).row.matter
    assert heading(page) == chosen(page)
    assert model.line(PAGE_ROWS) is None  # what was jumped over was never fetched


def test_the_place_on_the_screen_survives_a_refresh(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    register_many(workspace, clock, PAGE_ROWS * 2)
    list_ = bring(qtbot, page, desk)
    list_.choose(PAGE_ROWS + 20)
    list_.verticalScrollBar().setValue(list_.verticalScrollBar().value() + 7)  # not the last row on the screen
    qtbot.waitUntil(lambda: desk.storage.is_idle and list_.model().line(PAGE_ROWS + 20) is not None)
    before = chosen(page), list_.visualRect(list_.currentIndex()).top()

    registered(workspace, "new", received_at=clock.now() - timedelta(days=9))
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)

    assert list_.currentIndex().row() == PAGE_ROWS + 21
    assert (chosen(page), list_.visualRect(list_.currentIndex()).top()) == before


# ---------------------------------------------------------------------------------------- the detail


def test_the_detail_follows_the_row_and_enter_and_esc_go_there_and_back(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, _ = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    assert heading(page) == late

    press(KEY.Key_Down)
    settle(qtbot, desk)
    assert heading(page) == soon
    assert "为什么是这个时间" in story(page)
    assert "热水\n时有时无" in story(page)

    press(KEY.Key_Return)
    assert isinstance(focus(), QTextEdit)
    press(KEY.Key_Escape)
    assert focus() is table(page)
    assert chosen(page) == soon


def test_texts_of_customers_are_shown_as_they_are_and_never_as_markup(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a", content="<b>退款</b> &amp; <img src=x>\n第二行", place="<i>二楼</i>")

    bring(qtbot, page, desk)

    assert "<b>退款</b> &amp; <img src=x>\n第二行" in story(page)
    assert "<i>二楼</i>" in story(page)


def test_a_closed_case_can_be_opened_by_its_number_and_reopened(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "other")
    number = registered(workspace, "a").case.number
    acted(workspace, number, "reply", content="已换新壶")
    acted(workspace, number, "return_visit", reached=True, satisfaction="satisfied")
    acted(workspace, number, "determine", responsibility="supplier")
    acted(workspace, number, "feed_back", content="温控器虚焊")
    acted(workspace, number, "close", result="换货")
    bring(qtbot, page, desk)

    page.open_case(number)
    settle(qtbot, desk)
    assert heading(page) == number
    press(KEY.Key_O)
    commit("又坏了")
    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)

    assert heading(page) == number  # it stays, although another row is the first of the list
    assert use_cases.case_file(workspace, number).case.status is Status.IN_PROGRESS


def test_many_cases_from_elsewhere_do_not_put_another_customer_before_the_one_on_the_screen(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    mine = registered(workspace, "mine").case.number
    bring(qtbot, page, desk)
    assert heading(page) == mine

    for n in range(2 * PAGE_ROWS):
        registered(workspace, f"old-{n}", received_at=clock.now() - timedelta(days=9, minutes=n))
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)

    assert heading(page) == mine


def test_a_close_that_only_the_exception_allows_says_so_when_its_form_opens(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace, "a").case.number
    acted(workspace, number, "reply", content="已换新壶", accepted=False)
    acted(workspace, number, "determine", responsibility="customer")
    acted(workspace, number, "feed_back", content="已转告")
    acted(workspace, number, "reply", content="再换一把")
    bring(qtbot, page, desk)

    press(KEY.Key_X)

    assert "还没有回访客户" in page.findChild(ActionEditor)._note.text()


def test_a_case_opened_by_its_number_gives_way_to_the_next_row_that_is_chosen(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, calm = three_cases(workspace, clock)
    list_ = bring(qtbot, page, desk)
    page.open_case(calm)
    settle(qtbot, desk)
    assert (heading(page), chosen(page)) == (calm, late)

    list_.setFocus()
    press(KEY.Key_Down)
    settle(qtbot, desk)

    assert (heading(page), chosen(page)) == (soon, soon)


def test_on_a_small_screen_list_and_detail_take_turns(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    three_cases(workspace, clock)
    page.resize(700, 460)
    list_ = bring(qtbot, page, desk)
    assert (list_.isVisible(), heading(page)) == (True, "")

    press(KEY.Key_Return)
    assert (list_.isVisible(), heading(page)) == (False, chosen(page))

    press(KEY.Key_Escape)
    assert (list_.isVisible(), heading(page)) == (True, "")
    assert focus() is list_


# --------------------------------------------------------------------------------------- the actions


def test_a_case_is_worked_from_reply_to_close_by_keyboard_alone(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace, "a").case.number
    bring(qtbot, page, desk)
    heard = notices(desk)

    press(KEY.Key_R)
    commit("已为您免费更换。")
    press(KEY.Key_Tab)
    press(KEY.Key_1)  # 电话
    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)
    assert heard == [("done", f"{number} 已记录“答复”。接下来：待回访，明天 10:00（小周 → 客户）")]
    assert rows(page, 0, 1) == [("明天 10:00", "待回访")]
    assert focus() is table(page)

    press(KEY.Key_V)
    press(KEY.Key_1)  # 联系上：是
    press(KEY.Key_Tab)
    press(KEY.Key_1)  # 满意
    press(KEY.Key_S, CTRL)
    settle(qtbot, desk)
    assert rows(page, 1) == [("待反映",)]

    press(KEY.Key_B)
    press(KEY.Key_Tab)
    commit("该批次温控器虚焊")
    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)
    assert rows(page, 1) == [("待处理",)]

    press(KEY.Key_D)
    press(KEY.Key_5)  # 客户
    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)
    press(KEY.Key_X)
    commit("换货，客户满意")
    press(KEY.Key_Enter, CTRL)
    settle(qtbot, desk)

    assert rows(page) == []
    assert heard[-1] == ("done", f"{number} 已记录“结案”。没有待办的事了。")
    file = use_cases.case_file(workspace, number)
    assert file.case.status is Status.CLOSED
    steps = [Action.REPLY, Action.RETURN_VISIT, Action.FEED_BACK, Action.DETERMINE, Action.CLOSE]
    assert [e.action for e in file.events] == [Action.REGISTER, *steps]
    assert file.events[1].data == {"content": "已为您免费更换。", "medium": "phone"}
    assert file.events[2].data == {"reached": True, "satisfaction": "satisfied"}


def test_enter_twice_starts_what_is_owed_next(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a")
    bring(qtbot, page, desk)

    press(KEY.Key_Return)
    press(KEY.Key_Return)

    assert page.findChild(ActionEditor).form.action is Action.REPLY


def test_a_problem_stands_under_its_field_and_nothing_is_stored(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace, "a").case.number
    bring(qtbot, page, desk)
    press(KEY.Key_R)
    first = focus()

    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)

    assert "请填写" in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert focus() is first
    assert len(use_cases.case_file(workspace, number).events) == 1


def test_what_was_typed_stays_for_its_case_and_action(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    late, soon, _ = three_cases(workspace, clock)
    bring(qtbot, page, desk)
    press(KEY.Key_R)
    commit("已请工程部")
    press(KEY.Key_Escape)
    assert page.findChild(ActionEditor) is None or not page.findChild(ActionEditor).isVisible()
    assert button(page, "答复").text() == "答复…  R"

    press(KEY.Key_Escape)
    press(KEY.Key_Down)
    settle(qtbot, desk)
    assert heading(page) == soon
    press(KEY.Key_R)
    assert focus().toPlainText() == ""
    press(KEY.Key_Escape)
    press(KEY.Key_Escape)
    press(KEY.Key_Up)
    settle(qtbot, desk)
    assert heading(page) == late
    press(KEY.Key_R)

    assert focus().toPlainText() == "已请工程部"


def test_another_page_and_back_goes_on_in_the_form(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    registered(workspace, "a")
    bring(qtbot, page, desk)
    press(KEY.Key_R)
    commit("已请")
    press(KEY.Key_Tab)
    here = focus()
    page.setFocus()  # as a window does that shows another page

    bring(qtbot, page, desk)

    assert focus() is here


def test_an_action_that_is_not_possible_says_why(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = registered(workspace, "a").case.number
    bring(qtbot, page, desk)
    heard = notices(desk)
    visit = button(page, "回访")
    assert not visit.isEnabled()
    assert visit.toolTip() == f"{number} 还没有答复客户，请先“答复”再“回访”"

    press(KEY.Key_V)

    assert heard == [("warning", visit.toolTip())]
    assert page.findChild(ActionEditor) is None


@pytest.mark.fault
def test_a_disk_that_refuses_keeps_the_form_and_the_retry_stores_once(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    resource = pytest.importorskip("resource", reason="only Unix can limit the size of files")
    number = registered(workspace, "a").case.number
    bring(qtbot, page, desk)
    heard = notices(desk)
    press(KEY.Key_R)
    commit("已换新壶")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))  # as a full disk: no file can grow
    try:
        press(KEY.Key_Return, CTRL)
        settle(qtbot, desk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [kind for kind, _ in heard] == ["refused"]
    assert heard[0][1] in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert focus().toPlainText() == "已换新壶"
    assert len(use_cases.case_file(workspace, number).events) == 1

    press(KEY.Key_Return, CTRL)
    settle(qtbot, desk)

    assert [e.action for e in use_cases.case_file(workspace, number).events] == [Action.REGISTER, Action.REPLY]
