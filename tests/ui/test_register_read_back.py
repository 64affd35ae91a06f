"""F2 on the 登记 page: the record is read to the customer, who says yes by one key of the receptionist's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    button,
    commit,
    drafts_on_disk,
    fill,
    focus,
    go,
    press,
    row,
    save,
    saved,
    settle,
    told,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow


def read(window: MainWindow) -> str:
    """Return the sentence that is to be read; empty where there is none on the screen."""
    band = window.register._read_back.band
    return band.sentence.text() if band.isVisible() else ""


def test_the_sentence_has_what_the_form_has_and_the_promise_at_its_foot(window: MainWindow) -> None:
    fill(
        window,
        {"occurred_at": "2026-11-21 20:30", "place": "302 房", "content": "空调不制冷", "customer_name": "李女士"},
    )
    fill(window, {"customer_phone": "13800138000"})
    go(window, "demand_kind")
    press(KEY.Key_5)

    press(KEY.Key_F2)

    assert read(window) == (
        "李女士，跟您核对一下：昨天 20:30，在302 房，您反映空调不制冷，希望退款，"
        "我们在 明天 10:00 前给您答复，打您 138 0013 8000，对吗？"
    )
    assert focus() is window.register._read_back.band


def test_a_day_without_a_time_is_said_as_a_day_and_words_as_words(window: MainWindow) -> None:
    fill(window, {"occurred_at": "2026-11-14", "content": "漏水"})
    press(KEY.Key_F2)
    assert "：11月14日（周六），您反映" in read(window)
    press(KEY.Key_Escape)
    go(window, "occurred_at")
    press(KEY.Key_A, CTRL)
    commit("上周二晚上")
    press(KEY.Key_F2)
    assert "：上周二晚上，您反映" in read(window)


def test_enter_is_the_customers_yes_and_typing_goes_on_where_it_was(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    a_small_case(window)
    go(window, "place")
    press(KEY.Key_F2)

    press(KEY.Key_Return)

    assert (read(window), at(window)) == ("", "place")
    assert row(window, "read_back").value() is True
    save(qtbot, window)
    assert saved(window)


def test_the_yes_is_kept_with_the_draft(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    fill(window, {"content": "漏水"})
    press(KEY.Key_F2)
    press(KEY.Key_Return)
    press(KEY.Key_N, CTRL)
    settle(qtbot, window.desk)
    assert [d.get("read_back") for d in drafts_on_disk(folder)] == [True]


def test_esc_or_f2_again_close_it_and_tick_nothing(window: MainWindow) -> None:
    fill(window, {"content": "漏水"})
    for key in (KEY.Key_Escape, KEY.Key_F2):
        press(KEY.Key_F2)
        assert read(window)
        press(key)
        assert (read(window), at(window), row(window, "read_back").value()) == ("", "content", None)


def test_what_is_put_right_meanwhile_is_read_as_it_is_now(window: MainWindow) -> None:
    fill(window, {"content": "漏水"})
    press(KEY.Key_F2)
    row(window, "content").editor.setFocus()
    commit("很大")
    assert "漏水很大" in read(window)
    button(window, "客户确认").click()
    assert row(window, "read_back").value() is True


def test_an_empty_form_has_nothing_to_read(window: MainWindow) -> None:
    go(window, "place")
    press(KEY.Key_F2)
    assert (read(window), told(window), at(window)) == ("", "还没有可以复述的内容", "place")
    assert window.notices.kind == "nothing", "nothing was done, and no tick says so"


def test_the_next_form_and_a_save_close_it(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    press(KEY.Key_F2)
    press(KEY.Key_N, CTRL)
    assert read(window) == ""
    a_small_case(window)
    press(KEY.Key_F2)
    save(qtbot, window)
    assert saved(window)
    press(KEY.Key_F2)
    assert (read(window), bool(saved(window))) == ("", True)
    press(KEY.Key_Return)
    assert read(window) == ""


def test_a_promise_that_is_over_is_read_to_nobody(window: MainWindow) -> None:
    fill(window, {"received_at": "2026-11-20 14:30", "content": "漏水"})
    press(KEY.Key_F2)
    assert read(window) == "跟您核对一下：您反映漏水，对吗？"


def test_a_long_record_is_read_whole_on_a_small_screen(window: MainWindow) -> None:
    window.resize(911, 512)
    fill(
        window,
        {"place": "三楼" * 30, "content": "没有人来" * 40, "customer_name": "欧阳娜娜" * 5, "demand": "退款" * 30},
    )
    press(KEY.Key_F2)
    QApplication.processEvents()
    label = window.register._read_back.band.sentence
    assert label.height() >= label.heightForWidth(label.width())
    assert label.visibleRegion().boundingRect() == label.rect()
    assert window.width() == 911


def test_an_edit_of_what_was_read_out_takes_the_yes_back(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    press(KEY.Key_F2)
    press(KEY.Key_Return)
    go(window, "target")
    commit("前台")  # not read out
    assert row(window, "read_back").value() is True
    press(KEY.Key_N, CTRL)
    press(KEY.Key_Tab, CTRL)
    assert row(window, "read_back").value() is True, "another form and back is no edit"

    go(window, "place")
    commit("302 房")

    assert row(window, "read_back").value() is None
    assert told(window) == "复述过的内容改了，“已复述确认”已取消；请按 F2 再念一遍"
    press(KEY.Key_F2)
    press(KEY.Key_Return)
    assert row(window, "read_back").value() is True
    save(qtbot, window)
    assert saved(window)
