"""The list of sheets: narrowed by typing, walked by arrows, ticked by the space bar, told to a screen reader."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desk_app.errors import KnownError
from desk_app.services.offers import Group, Offer, Offers
from tests.ui.desk_rig import CTRL, commit, press
from ui import theme
from ui.views.sheet_list import SheetList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.services.rules import Rules

KEY = Qt.Key
SHEETS = (
    Offer("register", "客户投诉登记表", Group.MONTH, is_form=False, is_own=False),
    Offer("feedback", "客户投诉登记反馈表", Group.MONTH, is_form=False, is_own=True),
    Offer("promises", "承诺台账", Group.LEDGER, is_form=False, is_own=False),
    Offer("receipt", "投诉受理回执", Group.CASE, is_form=True, is_own=False),
)


@pytest.fixture
def sheets(qtbot: QtBot, rules: Rules) -> SheetList:
    """Four sheets, one of them ticked; the line has the focus."""
    theme.apply(QApplication.instance(), dark=False)
    made = SheetList(rules.sentences)
    qtbot.addWidget(made)
    made.show_offers(Offers(SHEETS, ()), ("register",))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def seen(sheets: SheetList) -> list[str]:
    items = [sheets.rows.item(row) for row in range(sheets.rows.count())]
    return [item.text() for item in items if not item.isHidden()]


def faults(sheets: SheetList) -> list[str]:
    return [label.text() for label in sheets.findChildren(QLabel) if label.isVisible()]


def test_sheets_stand_under_the_heads_of_their_groups(sheets: SheetList) -> None:
    assert seen(sheets) == [
        "每月",
        "客户投诉登记表",
        "客户投诉登记反馈表　本店",
        "台账",
        "承诺台账",
        "单件",
        "投诉受理回执",
    ]
    assert sheets.ticked() == ("register",)
    assert sheets.current() == "register"


def test_what_is_typed_in_chinese_or_as_an_id_narrows_heads_and_all(qtbot: QtBot, sheets: SheetList) -> None:
    commit("回执")
    assert seen(sheets) == ["单件", "投诉受理回执"]
    assert sheets.current() == "receipt"

    press(KEY.Key_Escape)
    qtbot.keyClicks(sheets.line, "PROM")

    assert seen(sheets) == ["台账", "承诺台账"]
    commit("没有这样的表")
    assert seen(sheets) == []
    assert sheets.current() == ""
    press(KEY.Key_Space)  # nothing is there to be ticked
    assert sheets.ticked() == ("register",)


def test_arrows_pass_the_heads_and_stop_at_the_ends(sheets: SheetList) -> None:
    walked = []

    for key in (KEY.Key_Up, KEY.Key_Down, KEY.Key_Down, KEY.Key_PageDown, KEY.Key_Down, KEY.Key_PageUp):
        press(key)
        walked.append(sheets.current())

    assert walked == ["register", "feedback", "promises", "receipt", "receipt", "register"]


def test_the_space_bar_ticks_and_ticks_off_and_what_is_hidden_keeps_its_tick(sheets: SheetList) -> None:
    heard: list[tuple[str, ...]] = []
    sheets.changed.connect(lambda: heard.append(sheets.ticked()))

    press(KEY.Key_Space)
    commit("台账")
    press(KEY.Key_Space)
    press(KEY.Key_Escape)

    assert heard == [(), ("promises",)]
    assert sheets.ticked() == ("promises",)


def test_ctrl_a_ticks_all_that_are_seen_and_then_none_of_them(sheets: SheetList) -> None:
    commit("客户投诉")
    press(KEY.Key_A, CTRL)
    assert sheets.ticked() == ("register", "feedback")

    press(KEY.Key_A, CTRL)

    assert sheets.ticked() == ()


def test_a_press_anywhere_on_a_row_ticks_and_on_a_head_nothing(sheets: SheetList) -> None:
    for row in (0, 4):
        place = sheets.rows.visualItemRect(sheets.rows.item(row)).center()
        QTest.mouseClick(sheets.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert sheets.ticked() == ("register", "promises")
    assert QApplication.focusWidget() is sheets.line


def test_a_screen_reader_hears_the_sheet_and_whether_it_is_ticked(sheets: SheetList) -> None:
    told = [sheets.line.accessibleDescription()]

    for key in (KEY.Key_Down, KEY.Key_Space):
        press(key)
        told.append(sheets.line.accessibleDescription())

    assert told == ["客户投诉登记表，已勾选", "客户投诉登记反馈表，未勾选", "客户投诉登记反馈表，已勾选"]


def test_the_list_shown_anew_stays_where_it_was(sheets: SheetList) -> None:
    sheets.choose("promises")

    sheets.show_offers(Offers(SHEETS[1:], ()), sheets.ticked())

    assert sheets.current() == "promises"
    assert sheets.ticked() == ()


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, []), (1, ["表格文件 0.toml 第 3 行有错（x），请改正；别的表照常可用"]), (3, ["；另有 2 张也有错"])],
)
def test_sheets_that_are_broken_are_told_in_one_line(sheets: SheetList, count: int, told: list[str]) -> None:
    broken = tuple(KnownError("sheet_broken", file=Path(f"{n}.toml"), line=3, detail="x") for n in range(count))

    sheets.show_offers(Offers(SHEETS, broken), ())

    assert len(faults(sheets)) == len(told)
    assert all(sentence.endswith(end) for sentence, end in zip(faults(sheets), told, strict=True))
    assert len(seen(sheets)) == 7
