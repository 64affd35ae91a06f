"""Taking back one's last action, and two windows on one case: nothing typed is lost, nothing is done unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

from desk_app.domain.vocabulary import Status
from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.case_rig import KEY, act, actions_of, begin, buttons, done, fields, form, open_case, problems, story
from tests.ui.window_rig import CTRL, focus, press, settle, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


def undo(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_Z, CTRL)
    settle(qtbot, window.desk)


def offer(window: MainWindow) -> QPushButton | None:
    """Return the button that offers to take back, if it is seen."""
    found = [b for b in window.notices.findChildren(QPushButton) if b.text().startswith("撤销") and b.isVisible()]
    return found[0] if found else None


@pytest.mark.parametrize("hand", ["key", "mouse"])
def test_an_action_is_taken_back_and_what_was_typed_is_there_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, hand: str
) -> None:
    number = registered(workspace).case.number
    before = use_cases.case_file(workspace, number)
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_R, "已换新壶")
    offered = offer(window)
    assert offered is not None

    if hand == "key":
        undo(qtbot, window)
    else:
        offered.click()
        settle(qtbot, window.desk)

    after = use_cases.case_file(workspace, number)
    assert told(window) == f"{number} 已撤销“答复”，经过里两步都留着；填过的内容还在它的表里"
    assert (after.case, after.owed) == (before.case, before.owed)
    assert actions_of(workspace, number) == ["register", "reply", "amend"]
    assert "撤销　小周\n收回 2026-11-22 10:00 的“答复”" in story(window)
    assert offer(window) is None
    assert buttons(window)["R"].text() == "答复…  R"
    act(qtbot, window, KEY.Key_R)
    assert use_cases.case_file(workspace, number).events[-1].data == {"content": "已换新壶"}


def test_it_is_taken_back_once(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_R, "已换新壶")

    undo(qtbot, window)
    undo(qtbot, window)

    assert actions_of(workspace, number) == ["register", "reply", "amend"]


def test_after_a_minute_it_is_too_late(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, clock: FixedClock
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_R, "已换新壶")

    clock.moment += timedelta(seconds=61)
    undo(qtbot, window)

    assert told(window).startswith(f"{number} 的上一步“答复”已超过一分钟")
    assert actions_of(workspace, number) == ["register", "reply"]


def test_the_offer_is_gone_with_its_minute_and_with_its_page(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_C, "来电")
    assert (window.undo.timer.isActive(), window.undo.timer.interval()) == (True, 60_000)
    window.undo.timer.timeout.emit()
    undo(qtbot, window)
    assert actions_of(workspace, number) == ["register", "contact"]

    act(qtbot, window, KEY.Key_C, "又来电")
    press(KEY.Key_1, CTRL)
    undo(qtbot, window)

    assert actions_of(workspace, number) == ["register", "contact", "contact"]


def test_in_a_text_the_key_takes_back_the_typing(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_C, "来电")

    begin(window, KEY.Key_R, "已换新壶")
    undo(qtbot, window)

    assert focus().toPlainText() == ""
    assert actions_of(workspace, number) == ["register", "contact"]


def test_nothing_is_taken_back_behind_another_s_action(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    act(qtbot, window, KEY.Key_C, "来电")
    acted(workspace, number, "contact", content="另一个窗口", by="小周")

    undo(qtbot, window)

    assert "刚才有了新的经过" in told(window)
    assert actions_of(workspace, number) == ["register", "contact", "contact"]


# --------------------------------------------------------------------------------------------------------- two windows


def test_the_second_window_is_told_what_changed_and_sends_again_what_it_typed(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_P, "晚上回电")
    acted(workspace, number, "contact", content="客户催问", by="小吴")

    done(qtbot, window)

    news = f"{number} 刚才有了新的经过：2026-11-22 10:00 小吴“联系记录”。已重新显示，请看过后再决定；您填写的内容还在"
    assert problems(window) == [news]
    assert "联系内容：客户催问" in story(window)
    assert fields(window)["what"].value() == "晚上回电"
    assert actions_of(workspace, number) == ["register", "contact"]
    done(qtbot, window)
    assert form(window) is None
    assert actions_of(workspace, number) == ["register", "contact", "promise"]


def test_what_another_does_meanwhile_is_told_in_the_open_form(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_P, "晚上回电")
    here = focus()

    acted(workspace, number, "contact", content="客户催问", by="小吴")
    window._look_now()
    settle(qtbot, window.desk)

    assert "小吴“联系记录”" in problems(window)[0]
    assert focus() is here
    done(qtbot, window)
    assert actions_of(workspace, number) == ["register", "contact", "promise"]


def test_an_action_that_another_has_done_already_is_refused_and_what_was_typed_stays(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    open_case(qtbot, window, number)
    begin(window, KEY.Key_R, "已换新壶")
    acted(workspace, number, "reply", content="已退款", by="小吴")

    done(qtbot, window)
    done(qtbot, window)

    assert problems(window) == [f"{number} 本轮已答复客户；补充说明请用“联系记录”，客户不满意请在回访时记“不满意”"]
    assert fields(window)["content"].value() == "已换新壶"
    assert use_cases.case_file(workspace, number).case.status is Status.AWAITING_RETURN_VISIT


def test_a_promise_that_another_kept_is_no_longer_offered_and_the_note_stays(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace).case.number
    acted(workspace, number, "promise", what="送果盘")
    acted(workspace, number, "promise", what="退一半房费")
    file = use_cases.case_file(workspace, number)
    fruit = next(f.id for f in file.owed if f.subject == "送果盘")
    open_case(qtbot, window, number)
    begin(window, KEY.Key_K, KEY.Key_1, KEY.Key_Tab, "已送到")

    acted(workspace, number, "keep_promise", promise=fruit, by="小吴")
    window._look_now()
    settle(qtbot, window.desk)

    assert "小吴“兑现承诺”" in problems(window)[0]
    assert fields(window)["note"].value() == "已送到"
    done(qtbot, window)
    assert "promise: 请选一项" in problems(window), "the other promise is not taken for it"
    assert actions_of(workspace, number)[-1] == "keep_promise"
    assert [f.subject for f in use_cases.case_file(workspace, number).owed if f.subject] == ["退一半房费"]
