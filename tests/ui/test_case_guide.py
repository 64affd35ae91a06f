"""The guide beside the work: F7, search, Enter, and what follows from having said something."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTextEdit

from desk_app.domain.guide import BASE, Phrase
from desk_app.services import desk as use_cases
from tests.helpers.builders import acted, registered
from tests.ui.desk_rig import CTRL, commit, focus, notices, press, settle
from tests.ui.guide_rig import chosen, clipboard, guide, headed, listed, open_guide, question, written
from ui.forms.action_form import ActionEditor
from ui.views.case_guide_list import PhraseList
from ui.views.follow_up import FollowUpPage
from ui.views.follow_up_table import QueueTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

KEY = Qt.Key
PROMISE = "希望您能相信我，以后决不会有类似的事发生，我保证不会有同样事情发生。"
ASKED = "说了就要做到：记入承诺台账  P"


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, workspace: Workspace) -> FollowUpPage:
    """The page with one case that awaits its answer, the keys on the list."""
    registered(workspace, "a")
    made = FollowUpPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 700)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.activated()
    settle(qtbot, desk)
    return made


def promises(page: FollowUpPage) -> list[str]:
    heard: list[str] = []
    page.promise_wanted.connect(heard.append)
    return heard


# ------------------------------------------------------------------------------------------- to and fro


def test_f7_puts_the_guide_of_the_stage_in_the_place_of_the_list_and_back(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    table = page.findChild(QueueTable)
    assert guide(page) is None, "made when it is first asked for"

    open_guide(qtbot, desk)
    assert (guide(page).isVisible(), table.isVisible()) == (True, False)
    assert page.findChild(QTextEdit).isVisible(), "the case stays in sight"
    for line in ("答复 · 处理指引", "慎许诺，多落实", "1 换位思考，从客户的角度解释或澄清"):
        assert line in written(page)
    assert "我想给您正确的建议。" in listed(page)

    press(KEY.Key_F7)
    assert (guide(page).isVisible(), table.isVisible()) == (False, True)
    assert focus() is table

    open_guide(qtbot, desk)
    press(KEY.Key_Escape)
    assert (guide(page).isVisible(), focus()) == (False, table)


def test_the_guide_follows_the_case_to_its_stage(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace, clock: FixedClock
) -> None:
    number = registered(workspace, "b", received_at=clock.now() - timedelta(days=2)).case.number
    acted(workspace, number, "reply", content="已换新壶", at=clock.now() - timedelta(days=2))
    page.activated()
    settle(qtbot, desk)
    open_guide(qtbot, desk)
    assert "答复 · 处理指引" in written(page)

    press(KEY.Key_Escape)
    press(KEY.Key_Home)
    settle(qtbot, desk)
    open_guide(qtbot, desk)

    assert "回访 · 处理指引" in written(page)
    assert "您这次问题解决后尽管放心使用！" in listed(page)
    acted(workspace, number, "void", reason="重复登记")  # elsewhere, while the guide is open
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)
    assert "答复 · 处理指引" in written(page)
    assert guide(page).isVisible()


def test_letters_and_digits_are_words_to_look_for_and_begin_no_action(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    open_guide(qtbot, desk)

    QTest.keyClicks(focus(), "rx2p")

    assert focus().text() == "rx2p"
    assert page.findChild(ActionEditor) is None
    assert "没有含“rx2p”的话术" in written(page)
    press(KEY.Key_Return)  # nothing to copy, and nothing happens
    assert page.findChild(ActionEditor) is None


def test_from_a_form_and_back_the_cursor_is_where_it_was_and_the_phrase_can_be_pasted(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    press(KEY.Key_R)
    commit("您好，")
    field = focus()

    open_guide(qtbot, desk)
    commit("正确的建议")
    press(KEY.Key_Return)
    press(KEY.Key_Escape)
    assert focus() is field
    press(KEY.Key_V, CTRL)

    assert field.toPlainText() == "您好，我想给您正确的建议。"
    assert page.findChild(QueueTable).isVisible()


def test_when_the_action_is_done_the_list_is_back(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    press(KEY.Key_R)
    commit("已换新壶")
    page.findChild(ActionEditor).submitted.emit()
    press(KEY.Key_F7)  # faster than the disk
    settle(qtbot, desk)

    assert not guide(page).isVisible()
    assert focus() is page.findChild(QueueTable)


def test_another_page_and_back_goes_on_in_the_search(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    open_guide(qtbot, desk)
    commit("抱歉")
    page.setFocus()  # as a window does that shows another page

    page.activated()
    settle(qtbot, desk)

    assert isinstance(focus(), QLineEdit)
    assert focus().text() == "抱歉"


def test_on_a_small_screen_the_guide_takes_its_turn(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    page.resize(760, 460)
    press(KEY.Key_Return)
    press(KEY.Key_R)
    press(KEY.Key_Tab)
    field = focus()

    open_guide(qtbot, desk)
    assert (guide(page).isVisible(), field.isVisible()) == (True, False)

    press(KEY.Key_Escape)
    assert (guide(page).isVisible(), field.isVisible()) == (False, True)
    assert focus() is field


def test_where_there_is_no_case_the_phrases_of_every_stage_are_there(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    number = page._detail.number
    acted(workspace, number, "void", reason="重复登记")
    page.activated()
    settle(qtbot, desk)

    open_guide(qtbot, desk)

    assert len(listed(page)) == 97
    assert written(page).startswith("处理指引\n")


# --------------------------------------------------------------------------------------------- the phrases


def test_typing_narrows_the_list_at_once_and_arrows_choose(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    open_guide(qtbot, desk)
    every = len(listed(page))

    commit("客户")
    commit("需要")  # nothing has both, one after the other
    assert listed(page) == []
    press(KEY.Key_A, CTRL)
    commit("手机号码")  # in both columns of P007
    assert listed(page) == ["您是否能向他本人询问他的手机号码呢？"]
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    assert len(listed(page)) == every

    first, second = listed(page)[:2]
    assert chosen(page) == first
    press(KEY.Key_Down)
    assert chosen(page) == second
    press(KEY.Key_Up)
    press(KEY.Key_Up)  # there is nothing above
    assert chosen(page) == first
    press(KEY.Key_PageDown)
    assert listed(page).index(chosen(page)) > 2


@pytest.mark.parametrize(("key", "modifiers"), [(KEY.Key_Return, None), (KEY.Key_Enter, None), (KEY.Key_C, CTRL)])
def test_enter_or_ctrl_c_copies_the_phrase_and_says_so(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier | None
) -> None:
    QGuiApplication.clipboard().setText("before")
    open_guide(qtbot, desk)
    commit("正确的建议")
    heard = notices(desk)

    press(key, modifiers or Qt.KeyboardModifier.NoModifier)

    assert clipboard() == "我想给您正确的建议。"
    assert heard == [("done", "已复制“我想给您正确的建议。”")]
    assert question(page) is None
    assert focus().text() == "正确的建议", "the next search begins where this one was"


def test_what_is_marked_in_the_search_line_is_copied_as_in_any_line(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    open_guide(qtbot, desk)
    commit("正确的建议")

    press(KEY.Key_A, CTRL)
    press(KEY.Key_C, CTRL)

    assert clipboard() == "正确的建议"


def test_a_double_click_copies(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    open_guide(qtbot, desk)
    phrases = guide(page).findChild(PhraseList)
    place = phrases.visualItemRect(phrases.item(2)).center()

    QTest.mouseClick(phrases.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(phrases.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert clipboard() == listed(page)[2]
    assert isinstance(focus(), QLineEdit), "the keys still search"


def test_what_is_to_be_verified_is_marked_and_warned_of(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    open_guide(qtbot, desk)
    commit("微小瑕疵")
    assert "▲ 需核实后使用" in guide(page).findChild(PhraseList).currentItem().text()
    heard = notices(desk)

    press(KEY.Key_Return)

    assert heard == [("warning", "已复制“我完全理解您现在的感受，您购买的产品出现微小瑕…”；说之前请核实是否属实")]


def test_a_habit_to_avoid_and_a_note_are_shown_and_never_copied(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    open_guide(qtbot, desk)
    commit("是的，但是")
    assert guide(page).findChild(PhraseList).currentItem().text().split("\n") == [
        "委婉否认法　不说：是的，但是……",
        "是……而…… / 除非……",
        "注：尽量避免“但是”",
    ]

    press(KEY.Key_Return)

    assert clipboard() == "是……而…… / 除非……"


def test_a_long_phrase_has_all_its_lines_however_wide_the_list_is(qtbot: QtBot) -> None:
    phrases = PhraseList()
    qtbot.addWidget(phrases)
    phrases.resize(700, 400)
    said = (Phrase(say="您的疑虑是正常的，" * 9, pack=BASE), Phrase(say="好的", pack=BASE))
    phrases.show_phrases((("", said),))
    with qtbot.waitExposed(phrases):
        phrases.show()
    line = phrases.fontMetrics().height()
    before = phrases.visualItemRect(phrases.item(0)).height()

    phrases.resize(300, 400)
    qtbot.waitUntil(lambda: phrases.visualItemRect(phrases.item(0)).height() > before + line)

    assert phrases.visualItemRect(phrases.item(1)).top() == phrases.visualItemRect(phrases.item(0)).bottom() + 1
    assert phrases.visualItemRect(phrases.item(0)).width() <= phrases.viewport().width()


def test_the_search_goes_through_every_stage_and_says_where_each_hit_stands(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    open_guide(qtbot, desk)
    assert headed(page) == [], "what is not searched for is the stage's own"
    at_first = listed(page)
    assert guide(page).findChild(QLineEdit).placeholderText() == "搜索各步的话术"

    commit("您")

    titles = headed(page)
    assert titles[:2] == ["答复（现在这一步）", "每一步都能说"]
    assert {"回访", "改进"} <= set("、".join(titles[2:]).split("、"))
    assert [t for t in titles if titles.count(t) > 1] == []
    assert len(listed(page)) > len(at_first)
    assert chosen(page) == listed(page)[0]


def test_the_arrows_pass_the_titles_by_and_the_first_phrase_shows_its_own(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    open_guide(qtbot, desk)
    commit("您")
    shown = guide(page).findChild(PhraseList)
    seen = [chosen(page)]
    for _ in listed(page)[1:]:
        press(KEY.Key_Down)
        seen.append(chosen(page))
    assert seen == listed(page)
    assert shown.verticalScrollBar().value() > 0

    for _ in seen[1:]:
        press(KEY.Key_Up)

    assert (chosen(page), shown.verticalScrollBar().value()) == (seen[0], 0)
    press(KEY.Key_Up)
    assert chosen(page) == seen[0]
    press(KEY.Key_Return)
    assert clipboard() == seen[0]


# -------------------------------------------------------------------------------------------- the promises


def test_a_phrase_that_promises_asks_for_the_ledger_and_p_answers(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    heard = promises(page)
    open_guide(qtbot, desk)
    commit("保证不会")
    press(KEY.Key_Return)
    asked = question(page)
    assert asked is not None
    assert (asked.text(), asked.hasFocus()) == (ASKED, True)
    assert heard == []

    press(KEY.Key_P)

    assert heard == [PROMISE]
    assert clipboard() == PROMISE
    assert not guide(page).isVisible()
    assert page._detail.isAncestorOf(focus()), "where the promise is written down"


def test_who_does_not_want_it_in_the_ledger_goes_on(qtbot: QtBot, page: FollowUpPage, desk: Desk) -> None:
    heard = promises(page)
    open_guide(qtbot, desk)
    commit("一定")
    press(KEY.Key_Down)
    while "承诺" not in guide(page).findChild(PhraseList).currentItem().text():
        press(KEY.Key_Down)

    press(KEY.Key_Return)
    assert question(page) is not None
    press(KEY.Key_R)  # begins no action, and answers nothing
    assert question(page) is not None
    press(KEY.Key_Escape)
    assert question(page) is None
    assert isinstance(focus(), QLineEdit)

    press(KEY.Key_Return)
    press(KEY.Key_Up)
    assert question(page) is None
    commit("查")
    assert isinstance(focus(), QLineEdit)
    assert focus().text() == "一定查"
    assert heard == []
    assert page.findChild(ActionEditor) is None


# --------------------------------------------------------------------------------- the shop's own, and packs


def test_the_shops_own_phrases_are_there_the_next_time_and_a_broken_line_is_told(
    qtbot: QtBot, page: FollowUpPage, desk: Desk
) -> None:
    open_guide(qtbot, desk)
    assert "phrases.tsv" not in written(page)
    press(KEY.Key_Escape)

    desk.folder.phrases.write_text("say\tpromise\n云栖酒店欢迎您\t\n一\t是\n\t1\n", encoding="utf-8")
    open_guide(qtbot, desk)

    assert "云栖酒店欢迎您" in listed(page)
    assert (
        f"话术文件 {desk.folder.phrases} 第 3 行的 promise 应是 1 或空着，现为“是”，没有用上，请改正；另有 1 处"
    ) in written(page)
    commit("云栖")
    assert listed(page) == ["云栖酒店欢迎您"]


def test_what_another_program_writes_does_not_move_the_choice(
    qtbot: QtBot, page: FollowUpPage, desk: Desk, workspace: Workspace
) -> None:
    open_guide(qtbot, desk)
    press(KEY.Key_Down)
    before = chosen(page)

    registered(workspace, "other")
    desk.take_shop(workspace.shop)  # as the window does when it has looked
    desk.ask(use_cases.has_changed, desk.changed.emit)
    settle(qtbot, desk)

    assert chosen(page) == before
