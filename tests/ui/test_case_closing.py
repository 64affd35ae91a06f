"""Closing a case in the window: everything that is missing is told at once, and what the exception waives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.vocabulary import Status
from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import KEY, act, begin, buttons, done, fields, form, open_case, problems
from tests.ui.window_rig import press, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

TAB = KEY.Key_Tab


def visited_but_for(workspace: Workspace, *left_out: str, **case: object) -> str:
    """Register a case and do everything a closing asks for but these actions; return its number."""
    number = registered(workspace, **case).case.number
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("determine", {"responsibility": "customer"}),
        ("reply", {"content": "已换新壶"}),
        ("feed_back", {"content": "已转告"}),
        ("return_visit", {"satisfaction": "satisfied"}),
    )
    for action, keys in steps:
        if action not in left_out:
            acted(workspace, number, action, **keys)
    return number


def test_everything_that_is_missing_is_told_with_the_letter_that_brings_it(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, kind="suggestion", route="external", external_body="消协").case.number
    acted(workspace, number, "promise", what="送果盘")
    acted(workspace, number, "propose", solution="换新")
    open_case(qtbot, window, number)

    press(KEY.Key_X)

    assert form(window) is None
    assert told(window) == (
        f"{number} 现在不能结案，还缺 6 项（按前面的字母去办）：R 还没有答复客户；"
        "X 还没有告诉客户是否采用（就在结案表里填）；"
        "Y 待审批（部门负责人）；K 待兑现：送果盘（小周）；R 外部待复（店长）；B 结果还没有反映到部门"
    )
    assert buttons(window)["X"].toolTip() == told(window)


def test_a_case_with_nothing_missing_is_closed_without_a_word_of_exceptions(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace)
    open_case(qtbot, window, number)

    begin(window, KEY.Key_X, "换货")
    assert (list(fields(window)), problems(window)) == (["result"], [])
    done(qtbot, window)

    assert use_cases.case_file(workspace, number).case.status is Status.CLOSED


def test_the_exception_says_what_it_waives_and_what_it_asks_for(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace, "return_visit")
    for action, keys in (
        ("return_visit", {"satisfaction": "dissatisfied"}),
        ("reply", {"content": "按规定不能再赔"}),
        ("feed_back", {"content": "客户仍不满意"}),
    ):
        acted(workspace, number, action, **keys)
    open_case(qtbot, window, number)

    begin(window, KEY.Key_X, "换货")
    note = problems(window)[0]
    assert note.startswith("V 还没有回访客户（已试 0 次，联系不上要满 3 次）\n先办好上面的再结案。")
    assert "由部门负责人决定，写明理由" in note
    for step in (TAB, KEY.Key_1):
        press(step)
    done(qtbot, window)
    assert problems(window)[-1] == "reason: 请填写"
    fields(window)["reason"].set_value("客户不愿再接电话")
    done(qtbot, window)

    file = use_cases.case_file(workspace, number)
    assert file.case.status is Status.CLOSED
    assert file.events[-1].data["exception"] is True


def test_without_a_dissatisfied_customer_the_visit_is_not_waived(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace, "return_visit")
    open_case(qtbot, window, number)

    press(KEY.Key_X)

    assert form(window) is None
    assert told(window).endswith("：V 还没有回访客户（已试 0 次，联系不上要满 3 次）")


def test_who_is_still_to_be_told_is_named_and_already_in_the_form_that_tells_them(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace, "determine", "feed_back")
    acted(workspace, number, "determine", responsibility="supplier")
    acted(workspace, number, "feed_back", department="小家电部", content="已转告")
    open_case(qtbot, window, number)

    press(KEY.Key_X)
    assert told(window).endswith("还缺 1 项（按前面的字母去办）：B 结果还没有反映到采购")
    press(KEY.Key_B)
    assert fields(window)["department"].value() == "采购"
    fields(window)["content"].set_value("这批温控器虚焊")
    done(qtbot, window)
    act(qtbot, window, KEY.Key_X, "换货")

    assert use_cases.case_file(workspace, number).case.status is Status.CLOSED


def test_whether_a_suggestion_is_adopted_can_be_said_in_the_closing(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace, "determine", kind="suggestion")
    open_case(qtbot, window, number)

    begin(window, KEY.Key_X, "已采纳")
    assert list(fields(window)) == ["result", "adopted", "reward", "reward_amount"]
    assert problems(window) == ["X 还没有告诉客户是否采用（就在结案表里填）"]
    press(TAB)
    press(KEY.Key_1)
    done(qtbot, window)

    assert use_cases.case_file(workspace, number).case.status is Status.CLOSED


def test_what_was_missing_is_done_by_its_letter_and_then_the_case_is_closed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = visited_but_for(workspace, "determine")
    open_case(qtbot, window, number)

    press(KEY.Key_X)
    assert told(window).endswith("：D 还没有判定责任")
    act(qtbot, window, KEY.Key_D, KEY.Key_5)  # 客户
    act(qtbot, window, KEY.Key_X, "换货")

    assert use_cases.case_file(workspace, number).case.status is Status.CLOSED
