"""What is half typed: kept within a second, offered again, gone with the save."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desk_app.services import intake
from desk_app.services.workspace import open_workspace
from tests.ui.window_rig import (
    CTRL,
    KEY,
    USUAL_SCREEN,
    a_small_case,
    at,
    button,
    commit,
    contents,
    drafts_on_disk,
    fill,
    go,
    press,
    row,
    save,
    saved,
    set_up,
    settle,
    tabs,
    told,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier
SOON = 2_000  # ms: the promise is one second; a busy machine gets another


def keep_drafts(folder: DataFolder, clock: FixedClock, rules: Rules, *texts: str) -> None:
    """Leave half-typed forms behind, a minute apart, as a window that was closed does."""
    ws = open_workspace(folder, clock, rules)
    for n, text in enumerate(texts):
        intake.save_draft(ws, f"draft-{n}", {"kind": "inquiry", "content": text, "customer_name": f"客户{n}"})
        clock.moment += timedelta(minutes=1)
    ws.close()


def texts_on_disk(folder: DataFolder) -> list[object]:
    return [form.get("content") for form in drafts_on_disk(folder)]


def test_a_draft_is_on_disk_within_a_second_while_typing_goes_on(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    go(window, "content")
    begun = time.monotonic()

    def typed_on_and_kept() -> bool:
        commit("字")  # never a pause
        return bool(drafts_on_disk(folder))

    until(qtbot, typed_on_and_kept, SOON)
    (draft,) = drafts_on_disk(folder)
    assert set(str(draft["content"])) == {"字"}
    assert draft["received_at"] == "2026-11-22 10:00"
    assert time.monotonic() - begun < SOON / 1000


def test_at_a_pause_the_draft_holds_all_of_it(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    fill(window, {"place": "二楼", "content": "不加热", "customer_phone": "138"})
    until(qtbot, lambda: [d.get("customer_phone") for d in drafts_on_disk(folder)] == ["138"], SOON)
    commit("0013")
    until(qtbot, lambda: [d.get("customer_phone") for d in drafts_on_disk(folder)] == ["1380013"], SOON)

    assert drafts_on_disk(folder) == [window.register.form.values()]


def test_what_is_typed_before_the_register_is_open_is_written_once_and_then_the_rest(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules, opened=False) as window:
        keeper = window.register._keeper
        go(window, "content")
        commit("一")
        until(qtbot, lambda: window.desk.storage._pending == 1, SOON)
        commit("二")
        assert keeper._pause.isActive()
        until(qtbot, lambda: not keeper._pause.isActive() and not keeper._limit.isActive(), SOON)
        assert window.desk.storage._pending == 1, "never two writes at once"

        window.open_register()
        until(qtbot, lambda: texts_on_disk(folder) == ["一二"], SOON)


def test_a_form_with_nothing_of_its_own_leaves_no_draft(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    go(window, "place")
    commit("二楼")
    until(qtbot, lambda: len(drafts_on_disk(folder)) == 1, SOON)
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    until(qtbot, lambda: drafts_on_disk(folder) == [], SOON)
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    assert tabs(window) == []


def test_the_draft_is_gone_with_the_save_and_does_not_come_back(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        until(qtbot, lambda: len(drafts_on_disk(folder)) == 1, SOON)
        commit("（二号柜）")  # a write is due in 0.4 s
        save(qtbot, window)
        keeper = window.register._keeper
        assert not keeper._pause.isActive()
        assert not keeper._limit.isActive()
        assert drafts_on_disk(folder) == []
    assert drafts_on_disk(folder) == [], "nor at the closing"
    assert len(contents(folder)) == 1


def test_ctrl_n_keeps_the_present_form_at_once_as_a_tab(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    assert tabs(window) == [], "one form needs no tabs"
    fill(window, {"content": "第一位客人只说了一半", "customer_name": "李女士"})
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)

    assert texts_on_disk(folder) == ["第一位客人只说了一半"]
    assert row(window, "content").value() is None
    assert at(window) == "kind"
    assert tabs(window) == ["李女士 · 第一位客人只说了一半", "[（新登记）]"]

    a_small_case(window, "第二位")
    assert tabs(window) == ["李女士 · 第一位客人只说了一半", "[李女士 · 第二位]"], "called by what is typed, at once"
    save(qtbot, window)
    assert contents(folder) == ["第二位"]
    assert texts_on_disk(folder) == ["第一位客人只说了一半"]
    assert tabs(window) == ["李女士 · 第一位客人只说了一半", "[（新登记）]"]


def test_closing_the_window_keeps_the_last_key_and_the_next_start_offers_it(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        go(window, "content")
        commit("还没说完")
    assert texts_on_disk(folder) == ["还没说完"]

    clock.moment += timedelta(hours=20)
    with window_on(qtbot, folder, clock, rules) as window:
        assert tabs(window) == ["还没说完", "[（新登记）]"]
        assert row(window, "content").value() is None


def test_a_tab_is_gone_on_with_by_its_number_and_becomes_one_case(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的")
    with window_on(qtbot, folder, clock, rules) as window:
        assert tabs(window) == ["客户0 · 旧的", "客户1 · 新的", "[（新登记）]"], "the newest last"
        press(KEY.Key_1, ALT)

        assert tabs(window) == ["[客户0 · 旧的]", "客户1 · 新的"], "an empty form is no tab to go back to"
        assert at(window) == "kind"
        values = window.register.form.values()
        assert (values["kind"], values["content"], values["customer_name"]) == ("inquiry", "旧的", "客户0")
        fill(window, {"category": "缺货"})
        save(qtbot, window)
        assert saved(window)
        assert contents(folder) == ["旧的"]
        assert texts_on_disk(folder) == ["新的"]


def test_ctrl_tab_goes_round_and_typing_goes_on_where_it_stopped(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"content": "空调不制冷"})
    press(KEY.Key_N, CTRL)
    fill(window, {"place": "二楼"})
    press(KEY.Key_N, CTRL)
    fill(window, {"customer_phone": "138"})

    press(KEY.Key_Tab, CTRL)
    assert tabs(window) == ["[空调不制冷]", "二楼", "138"]
    assert at(window) == "content"
    commit("，很热")
    press(KEY.Key_Backtab, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert tabs(window) == ["空调不制冷，很热", "二楼", "[138]"]
    commit("0013")
    press(KEY.Key_Backtab, CTRL | Qt.KeyboardModifier.ShiftModifier)

    assert (at(window), row(window, "place").value()) == ("place", "二楼")
    assert row(window, "content").value() is None
    settle(qtbot, window.desk)
    kept = drafts_on_disk(folder)
    assert {d.get("content") or d.get("place") or d.get("customer_phone") for d in kept} == {
        *("空调不制冷，很热", "二楼", "1380013")
    }


def test_a_click_goes_to_a_tab_and_the_wheel_to_none(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的")
    with window_on(qtbot, folder, clock, rules) as window:
        strip = window.register._tabs._strip
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.tabRect(1).center())
        assert tabs(window) == ["客户0 · 旧的", "[客户1 · 新的]"]
        turn = QWheelEvent(
            *(QPointF(strip.rect().center()), QPointF(strip.mapToGlobal(strip.rect().center()))),
            *(QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(strip, turn)
        assert tabs(window) == ["客户0 · 旧的", "[客户1 · 新的]"]


def test_a_tab_is_discarded_by_ctrl_w_and_the_notice_has_it_back(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的", "最新的")
    with window_on(qtbot, folder, clock, rules) as window:
        press(KEY.Key_2, ALT)
        press(KEY.Key_W, CTRL)
        settle(qtbot, window.desk)
        assert tabs(window) == ["客户0 · 旧的", "[客户2 · 最新的]"]
        assert texts_on_disk(folder) == ["旧的", "最新的"]
        assert told(window) == "已丢弃“客户1 · 新的”；过后按 F3 也能找回"

        button(window, "撤销").click()
        settle(qtbot, window.desk)
        assert tabs(window) == ["客户0 · 旧的", "[客户1 · 新的]", "客户2 · 最新的"], "where it stood"
        assert sorted(map(str, texts_on_disk(folder))) == ["新的", "旧的", "最新的"]


def test_what_was_discarded_comes_back_by_f3_one_after_the_other(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的", "新的")
    with window_on(qtbot, folder, clock, rules) as window:
        press(KEY.Key_2, ALT)
        press(KEY.Key_W, CTRL)
        press(KEY.Key_W, CTRL)
        settle(qtbot, window.desk)
        assert tabs(window) == texts_on_disk(folder) == []
        assert row(window, "content").value() is None

        press(KEY.Key_F3)
        press(KEY.Key_F3)
        settle(qtbot, window.desk)
        assert set(tabs(window)) == {"客户0 · 旧的", "[客户1 · 新的]"}
        assert sorted(map(str, texts_on_disk(folder))) == ["新的", "旧的"]
        press(KEY.Key_F3)
        assert told(window) == "没有刚丢弃的登记"
        assert set(tabs(window)) == {"客户0 · 旧的", "[客户1 · 新的]"}


def test_what_was_typed_meanwhile_stays_when_a_discarded_form_comes_back(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"content": "先来的"})
    press(KEY.Key_W, CTRL)
    settle(qtbot, window.desk)
    fill(window, {"content": "后来的"})

    press(KEY.Key_F3)

    settle(qtbot, window.desk)
    assert set(tabs(window)) == {"[先来的]", "后来的"}
    assert sorted(map(str, texts_on_disk(folder))) == ["先来的", "后来的"]


def test_a_discarded_form_is_not_written_by_the_pause_that_was_under_way(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        fill(window, {"content": "不要了"})
        press(KEY.Key_W, CTRL)
        settle(qtbot, window.desk)
        assert drafts_on_disk(folder) == []
    assert drafts_on_disk(folder) == []


def test_ctrl_w_on_an_empty_form_that_is_the_only_one_does_nothing(window: MainWindow) -> None:
    go(window, "place")
    press(KEY.Key_W, CTRL)
    assert (at(window), told(window), tabs(window)) == ("place", "", [])


def test_where_a_case_has_just_been_saved_ctrl_w_discards_nothing(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的")
    with window_on(qtbot, folder, clock, rules) as window:
        a_small_case(window)
        save(qtbot, window)
        press(KEY.Key_W, CTRL)
        assert saved(window)
        press(KEY.Key_Tab, CTRL)
        assert not saved(window)
        assert tabs(window) == ["[客户0 · 旧的]"] or row(window, "content").value() == "旧的"


def test_thirty_tabs_are_scrolled_and_the_present_one_is_seen(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, *(f"第 {n} 位客人说的事情很长很长很长很长很长" for n in range(30)))
    with window_on(qtbot, folder, clock, rules) as window:
        strip = window.register._tabs._strip
        assert len(tabs(window)) == 31
        for here in (30, 0, 29):
            while strip.currentIndex() != here:
                press(KEY.Key_Tab, CTRL)
                if here == 30:
                    break
            assert strip.rect().contains(strip.tabRect(strip.currentIndex()).center())
        assert window.width() == USUAL_SCREEN[0]


def test_the_tabs_make_no_window_wider_and_a_name_of_any_length_is_one_line(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "x" * 90, "A & B\n第二行")
    with window_on(qtbot, folder, clock, rules) as window:
        fill(window, {"customer_name": "欧阳娜娜·阿里木江·买买提明先生（云栖国际旅行社）"})
        assert window.minimumSizeHint().width() <= 911, "a small screen at 150 %"
        assert tabs(window)[1:] == ["客户1 · A & B 第二行", "[欧阳娜娜·阿里木江…]"]


def test_with_tabs_the_usual_screen_still_needs_no_scrolling(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    keep_drafts(folder, clock, rules, "旧的")
    with window_on(qtbot, folder, clock, rules) as window:
        assert len(tabs(window)) == 2
        assert window.register._scroll.verticalScrollBar().maximum() == 0
