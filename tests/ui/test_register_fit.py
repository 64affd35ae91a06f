"""What is seen of the 登记 page on small screens: nothing is cut, and the usual one needs no scrolling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.window_rig import KEY, at, press, set_up, window_on
from ui.forms.editors import EditorFacts, LongTextEditor
from ui.forms.field_form import FieldForm, Section, Slot
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[MainWindow]:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


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
