"""The period of the 导出 page: counted through, typed, and changed into another kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from desk_app.domain.periods import read_period
from tests.ui.desk_rig import focus, press
from ui.models.periods import Span, number_of, read, spell, written
from ui.views.period_picker import PeriodBox, PeriodPicker

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.rules import Rules

KEY = Qt.Key
COUNTED = [span for span in Span if span is not Span.DAYS]
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@pytest.fixture
def picker(qtbot: QtBot, rules: Rules) -> PeriodPicker:
    """At the front, on 2026-11-22."""
    made = PeriodPicker(date(2026, 11, 22), rules.sentences)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.take_focus()
    return made


@given(day=DAYS, span=st.sampled_from(COUNTED))
def test_every_day_is_in_its_period_and_the_periods_follow_each_other(day: date, span: Span) -> None:
    number = number_of(span, day)

    period, after = (read_period(written(span, each), day) for each in (number, number + 1))

    assert period.first <= day <= period.last
    assert after.first == period.last + timedelta(days=1)


@given(day=DAYS, span=st.sampled_from(COUNTED), mark=st.sampled_from(["-", " 年 ", "/", " 年第 "]))
def test_what_is_typed_is_read_whatever_stands_between_its_figures(day: date, span: Span, mark: str) -> None:
    number = number_of(span, day)
    figures = written(span, number).replace("-Q", "-").replace("-W", "-")

    assert read(span, figures.replace("-", mark) + " ") == number


@pytest.mark.parametrize("typed", ["", "2026-13", "2026-0", "十月", "2026-10-01"])
def test_what_is_no_month_is_none(typed: str) -> None:
    assert read(Span.MONTH, typed) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-10-05", "2026 年 10 月 5 日（周一）"),
        ("2026-11-22", "2026 年 11 月 22 日（周日）（还没过完）"),
        ("2026-W01", "2025 年 12 月 29 日（周一） 至 2026 年 1 月 4 日（周日），共 7 天"),
        ("2026-11", "2026 年 11 月 1 日（周日） 至 11 月 30 日（周一），共 30 天（还没过完）"),
    ],
)
def test_a_period_is_told_by_its_days(text: str, told: str) -> None:
    assert spell(read_period(text, date(2026, 11, 22)), date(2026, 11, 22)) == told


@pytest.mark.parametrize(
    ("today", "month"),
    [("2026-11-01", "2026-10"), ("2026-11-09", "2026-10"), ("2026-11-10", "2026-11"), ("2026-01-05", "2025-12")],
)
def test_the_first_days_of_a_month_belong_to_the_sheets_of_the_last(qtbot: QtBot, today: str, month: str) -> None:
    box = PeriodBox(date.fromisoformat(today))
    qtbot.addWidget(box)

    assert box.written == month


def test_a_month_is_chosen_by_arrow_page_and_typing_and_none_that_has_not_come(
    qtbot: QtBot, picker: PeriodPicker
) -> None:
    seen = []

    for key in (KEY.Key_Up, KEY.Key_Down, KEY.Key_PageDown, KEY.Key_PageUp):
        press(key)
        seen.append(picker.written)
    for typed in ("2025-02", "2031-02"):
        picker.box.selectAll()
        qtbot.keyClicks(picker.box, typed)
        press(KEY.Key_Return)
        seen.append(picker.written)

    assert seen == ["2026-11", "2026-10", "2025-10", "2026-10", "2025-02", "2025-02"]
    assert picker.box.text() == "2025 年 2 月"


def test_arrows_go_through_the_kinds_and_letters_to_one_with_the_end_of_the_period_kept(picker: PeriodPicker) -> None:
    press(KEY.Key_Down)  # October
    seen = [picker.written]

    for key in (*[KEY.Key_Right] * 4, KEY.Key_Down, KEY.Key_D, KEY.Key_H, KEY.Key_M):
        press(key)
        seen.append(picker.written)

    assert seen[:4] == ["2026-10", "2026-Q4", "2026-H2", "2026"]
    assert seen[4:] == ["2026-W47", "2026-W46", "2026-11-09..2026-11-15", "2026-H2", "2026-11"]
    assert focus() is picker.box


@pytest.mark.parametrize(
    ("key", "period"), [(KEY.Key_Q, "2025-Q4"), (KEY.Key_W, "2025-W47"), (KEY.Key_H, "2025-H2"), (KEY.Key_Y, "2016")]
)
def test_a_page_is_a_year_and_of_years_ten(picker: PeriodPicker, key: Qt.Key, period: str) -> None:
    press(key)

    press(KEY.Key_PageDown)

    assert picker.written == period


def test_a_digit_on_the_kinds_chooses_one_and_tab_goes_on_to_the_days(picker: PeriodPicker) -> None:
    press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)

    press(KEY.Key_6)
    press(KEY.Key_Tab)
    assert focus() is picker.first
    press(KEY.Key_Down)  # the year

    assert picker.written == "2025-11-01..2026-11-30"
    assert picker.problem == ""


def test_days_still_to_come_are_told_at_once(picker: PeriodPicker) -> None:
    press(KEY.Key_D)

    picker.last.setDate(picker.last.date().addYears(2))
    picker.first.setDate(picker.first.date().addYears(1))

    assert picker.problem == "2027-11-01..2028-11-30 还没有到，没有可导出的登记"


def test_the_next_month_can_be_chosen_when_it_has_come(picker: PeriodPicker) -> None:
    picker.set_today(date(2026, 12, 1))

    press(KEY.Key_Up)

    assert picker.written == "2026-12"
