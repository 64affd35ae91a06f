"""The first start: three questions, by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desk_app.services.workspace import open_workspace
from tests.ui.window_rig import CTRL, KEY, at, commit, focus, is_seen, press, set_up, settle, told, window_on
from ui.views.welcome import WelcomePage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


def asked(window: MainWindow) -> WelcomePage:
    page = window.findChild(WelcomePage)
    assert page is not None
    assert page.isVisible()
    return page


def questions_with_problems(page: WelcomePage) -> list[str]:
    return [key for key, row in page.form.rows.items() if row.problem]


def test_three_answers_by_enter_alone_lead_to_the_form(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, folder, clock, rules) as window:
        assert asked(window).form.rows["name"].editor.hasFocus()
        assert not window.rail.isVisible()
        assert not window.top.search.isVisible(), "there is nothing to be found yet"

        commit("云栖酒店")
        press(KEY.Key_Return)
        press(KEY.Key_2)  # 酒店
        press(KEY.Key_Return)
        commit("小周")
        press(KEY.Key_Return)  # to the button …
        press(KEY.Key_Return)  # … and through it
        settle(qtbot, window.desk)

        assert at(window) == "kind"
        assert window.rail.isVisible()
        assert window.top.search.isVisible()
        assert window.windowTitle() == "云栖酒店 · 前台投诉登记"
        shown = [label.text() for label in window.top.findChildren(QLabel) if is_seen(label)]
        assert "云栖酒店" in shown
        assert window.register.form.rows["item"].editor.lines.keys() == {c.key for c in rules.trade("hotel").items}
    ws = open_workspace(folder, clock, rules)
    shop = ws.shop
    ws.close()
    assert (shop.name, shop.trade, shop.operator, shop.operators) == ("云栖酒店", "hotel", "小周", ("小周",))
    assert shop.is_set_up


def test_unanswered_questions_are_named_and_the_first_gets_the_focus(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, folder, clock, rules) as window:
        page = asked(window)
        press(KEY.Key_Tab)  # the trade, which has an answer
        press(KEY.Key_S, CTRL)
        settle(qtbot, window.desk)

        assert questions_with_problems(page) == ["name", "operator"]
        assert page.form.rows["name"].problem == "请填写"
        assert page.form.rows["name"].editor.hasFocus()
        commit("云栖酒店")
        assert questions_with_problems(page) == ["operator"]

        press(KEY.Key_S, CTRL)
        commit("小周")
        press(KEY.Key_S, CTRL)
        settle(qtbot, window.desk)
        assert at(window) == "kind"


def test_the_pages_wait_until_the_questions_are_answered(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, folder, clock, rules) as window:
        for key in (KEY.Key_1, KEY.Key_2, KEY.Key_3, KEY.Key_4):
            press(key, CTRL)
        assert asked(window).isVisible()
        assert asked(window).isAncestorOf(focus())


def test_an_answer_that_is_refused_is_told_under_its_question_and_can_be_corrected(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with window_on(qtbot, folder, clock, rules) as window:
        commit("云栖酒店")
        press(KEY.Key_Tab)
        press(KEY.Key_Tab)
        commit("x" * 41)
        press(KEY.Key_S, CTRL)
        settle(qtbot, window.desk)
        assert asked(window).form.rows["operator"].problem == "最多 40 个字，现有 41 个，请缩短"
        assert asked(window).form.rows["operator"].editor.hasFocus()
        assert asked(window).start.isEnabled()

        press(KEY.Key_A, CTRL)
        commit("小周")
        press(KEY.Key_S, CTRL)
        settle(qtbot, window.desk)
        assert at(window) == "kind"
        assert told(window) == ""


def test_a_shop_that_is_set_up_is_not_asked_again(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        assert window.findChild(WelcomePage) is None
        assert at(window) == "kind"
        assert window.windowTitle() == "云栖百货 · 前台投诉登记"
