"""The guide in the whole window: beside the form, and the packs that the settings turn on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from tests.helpers.builders import registered
from tests.helpers.working import closed
from tests.ui.guide_rig import guide, listed, open_guide, question, written
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    focus,
    go,
    press,
    settle,
    told,
)
from ui.views.case_guide_list import PhraseList
from ui.views.follow_up import FollowUpPage
from ui.views.help import KeysDialog
from ui.views.settings import SettingsPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow


def test_objections_are_off_until_the_shop_turns_them_on(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_2, CTRL)
    open_guide(qtbot, window.desk)
    page = window.findChild(FollowUpPage)
    commit("太贵了")
    assert listed(page) == []

    press(KEY.Key_4, CTRL)
    settings = window.findChild(SettingsPage)
    for _ in range(3):
        press(KEY.Key_Tab)
    assert focus() is settings.form.rows["objection"].editor
    press(KEY.Key_Space)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert told(window) == "设置已保存"

    press(KEY.Key_2, CTRL)
    assert len(listed(page)) >= 22
    assert guide(page).findChild(PhraseList).currentItem().text().startswith("解除价格问题　客户说：太贵了\n")
    press(KEY.Key_4, CTRL)
    assert settings.form.values()["objection"] is True


# --------------------------------------------------------------------------------------- beside the form


def test_beside_the_form_stands_the_guide_to_receiving_and_esc_goes_back_to_the_field(
    qtbot: QtBot, window: MainWindow
) -> None:
    go(window, "content")
    commit("水壶不加热")
    open_guide(qtbot, window.desk)
    register = window.register
    assert "先处理客户心情，再处理具体事件" in written(register)
    assert "明白了，您的问题我刚详细记录下来了。" in listed(register)
    assert register.form.isVisible()

    commit("听")
    press(KEY.Key_Escape)

    assert at(window) == "content"
    assert not guide(register).isVisible()
    assert register.form.rows["content"].value() == "水壶不加热"


def test_a_promise_before_there_is_a_case_is_told_and_not_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    open_guide(qtbot, window.desk)
    commit("我马上为您处理")

    press(KEY.Key_Return)

    assert told(window) == "已复制“您的心情我可以理解，我马上为您处理”；说了就要做到，保存之后请记入承诺台账"
    assert question(window.register) is None


def test_on_a_small_screen_the_guide_has_the_place_of_the_form_until_that_is_wanted(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(911, 512)
    go(window, "place")
    open_guide(qtbot, window.desk)
    assert not window.register.form.isVisible()
    press(KEY.Key_Escape)
    assert at(window) == "place"

    open_guide(qtbot, window.desk)
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)

    assert (guide(window.register).isVisible(), at(window)) == (False, "kind")


def test_on_a_small_screen_the_form_comes_back_to_be_saved(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(911, 512)
    a_small_case(window, "")
    open_guide(qtbot, window.desk)
    register = window.register
    assert (guide(register).isVisible(), register.form.isVisible()) == (True, False)

    press(KEY.Key_2, CTRL)
    press(KEY.Key_1, CTRL)
    assert guide(register).isAncestorOf(focus())
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert (guide(register).isVisible(), register.form.isVisible()) == (False, True)
    assert at(window) == "content"


def test_f1_names_the_key(window: MainWindow) -> None:
    press(KEY.Key_F1)

    labels = [label.text() for label in window.findChild(KeysDialog).findChildren(QLabel)]
    assert labels[labels.index("F7") + 1].startswith("处理指引与话术")
    window.findChild(KeysDialog).close()


def test_what_helped_before_in_the_category_stands_beside_the_plan(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    number = registered(workspace, "solved", category="商品问题").case.number
    closed(workspace, number, reply={"content": "当场换新，送一包茶叶"})
    registered(workspace, "another", category="商品问题")
    press(KEY.Key_2, CTRL)
    settle(qtbot, window.desk)

    open_guide(qtbot, window.desk)
    settle(qtbot, window.desk)

    page = window.findChild(FollowUpPage)
    assert f"办好过的\n· 当场换新，送一包茶叶（{number}）" in written(page)
