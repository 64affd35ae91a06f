"""What is seen of the 登记 page on small screens: nothing is cut, and the usual one needs no scrolling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.window_rig import (
    KEY,
    a_small_case,
    at,
    commit,
    fill,
    go,
    paste,
    press,
    problems,
    save,
)
from ui.forms.editors import EditorFacts, LongTextEditor
from ui.forms.field_form import FieldForm, Section, Slot
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


def resize(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    QApplication.processEvents()


@pytest.mark.parametrize("width", [1366, 1093, 911])  # a small screen at 100 %, 125 % and 150 %
def test_no_choice_is_cut_however_narrow_the_form_is(window: MainWindow, width: int) -> None:
    resize(window, width, 700)

    bars = [row.editor for row in window.register.form.rows.values() if isinstance(row.editor, ChoiceBar)]
    assert len(bars) == 4
    for bar in bars:
        assert all(bar.rect().contains(place) for place in bar._rects(bar.width())), bar.accessibleName()


def test_choices_that_need_more_lines_get_them(qtbot: QtBot, clock: FixedClock, rules: Rules) -> None:
    facts = EditorFacts(rules.trade("general"), clock)
    form = FieldForm([Section("", [[Slot(rules.fields["demand_kind"])]])], facts)
    qtbot.addWidget(form)
    form.resize(200, 400)
    form.show()

    bar = form.rows["demand_kind"].editor

    assert isinstance(bar, ChoiceBar)
    places = bar._rects(bar.width())
    assert len({place.top() for place in places}) > 2
    assert all(bar.rect().contains(place) for place in places)


def test_the_usual_screen_needs_no_scrolling(window: MainWindow) -> None:
    resize(window, 1366, 768)
    assert window.register._scroll.verticalScrollBar().maximum() == 0


def test_a_long_text_is_as_high_as_its_rows(window: MainWindow) -> None:
    resize(window, 1366, 768)
    content, demand = (window.register.form.rows[key].editor for key in ("content", "demand"))
    assert isinstance(content, LongTextEditor)
    assert isinstance(demand, LongTextEditor)
    line = demand.fontMetrics().lineSpacing()
    assert content.height() - demand.height() == 2 * line


def test_the_last_field_leads_to_saving(window: MainWindow) -> None:
    window.register.form.rows["consent"].editor.setFocus()
    press(KEY.Key_Return)
    assert at(window) == ""
    assert QApplication.focusWidget() is window.register._bar.save


def test_a_long_name_of_the_shop_does_not_make_the_window_wider(window: MainWindow) -> None:
    narrowest = window.minimumSizeHint().width()

    name = "海棠花园国际会议度假酒店滨江新区旗舰店" * 3
    window.desk.shop_changed.emit(replace(window.desk.shop, name=name))
    QApplication.processEvents()

    assert window.minimumSizeHint().width() == narrowest <= 911  # a small screen at 150 %
    assert window.top._name.text() == name


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
def test_a_field_that_is_wrong_is_wholly_in_sight_however_one_comes_to_it(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    resize(window, *size)
    fill(window, {"received_at": "明天 99", "promised_at": "随便", "amount": "很多"})

    save(qtbot, window)

    wrong = ["received_at", "content", "category", "customer_name", "promised_at", "amount"]
    assert list(problems(window)) == wrong
    for key in wrong:
        go(window, key)
        assert_in_sight(window, key)
    for key in reversed(wrong):
        back(window, key)
        assert_in_sight(window, key)


@pytest.mark.parametrize(
    "key", ["received_at", "place", "true_cause", "customer_name", "customer_phone", "promised_at"]
)
def test_each_field_that_is_wrong_alone_is_wholly_in_sight_when_a_save_is_refused(
    qtbot: QtBot, window: MainWindow, key: str
) -> None:
    resize(window, 911, 512)
    a_small_case(window)
    press(KEY.Key_F9)
    go(window, key)
    paste("很长" * 300)

    save(qtbot, window)

    assert list(problems(window)) == [key]
    assert at(window) == key
    assert_in_sight(window, key)


def test_what_is_wrong_in_a_line_is_typed_over(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    fill(window, {"promised_at": "随便"})
    press(KEY.Key_Tab)
    save(qtbot, window)
    assert at(window) == "promised_at"

    commit("明天 15:00")

    assert window.register.form.rows["promised_at"].value() == "2026-11-23 15:00"


def back(window: MainWindow, key: str) -> None:
    while at(window) != key:
        press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)


def assert_in_sight(window: MainWindow, key: str) -> None:
    row = window.register.form.rows[key]
    QApplication.processEvents()
    assert row.visibleRegion().boundingRect() == row.rect(), key
