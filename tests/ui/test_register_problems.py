"""What is wrong with a form: told under its field, the first one in sight and in focus; and what a paste may bring."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    contents,
    fill,
    go,
    paste,
    press,
    problems,
    row,
    save,
    saved,
    told,
)
from ui.forms.category_editor import CategoryEditor
from ui.forms.editors import LineEditor, LongTextEditor
from ui.forms.item_editor import ItemEditor

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow

PASTED_INTO = (LineEditor, LongTextEditor, CategoryEditor, ItemEditor)
TEN_MEGABYTES = 10_000_000
AT_ONCE = 3.0  # seconds: what a person would call hanging; usually it is a tenth of this


def is_in_sight(window: MainWindow, key: str) -> bool:
    """Whether the row of a field, with its problem, lies inside what the page shows at present."""
    view = window.register._scroll.viewport()
    field = row(window, key)
    top = field.mapTo(view, field.rect().topLeft()).y()
    return top >= 0 and top + field.height() <= view.height()


def test_an_empty_form_names_each_missing_field_under_it(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    save(qtbot, window)

    assert problems(window) == {
        "content": "请填写",
        "category": "请填写",
        "customer_name": "请填称呼或联系方式，都不愿留的勾选匿名",
    }
    assert told(window) == "还不能保存：有 3 处要改，请看红字。"
    assert at(window) == "content"
    assert row(window, "content").editor.accessibleDescription().startswith("请填写")
    assert contents(folder) == []


def test_each_problem_goes_as_its_field_is_corrected_and_the_refusal_with_the_save(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    save(qtbot, window)
    commit("不加热")
    assert problems(window).keys() == {"category", "customer_name"}

    save(qtbot, window)
    assert problems(window).keys() == {"category", "customer_name"}
    assert told(window) == "还不能保存：有 2 处要改，请看红字。"
    assert at(window) == "category"

    commit("缺货")
    press(KEY.Key_Return)
    go(window, "anonymous")
    press(KEY.Key_Space)
    save(qtbot, window)
    assert told(window) == ""
    assert "TS-20261122-001" in saved(window)
    assert contents(folder) == ["不加热"]


def test_the_first_problem_is_scrolled_into_sight(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(window.width(), window.height() // 2)
    a_small_case(window)
    go(window, "consent")
    scroll = window.register._scroll.verticalScrollBar()
    scroll.setValue(scroll.maximum())
    assert not is_in_sight(window, "received_at")
    window.register.form.rows["received_at"].set_value("2026-02-30 10:00")
    save(qtbot, window)

    assert at(window) == "received_at"
    assert is_in_sight(window, "received_at")

    row(window, "received_at").set_value("今天 9:00")
    row(window, "amount").set_value("很多")
    scroll.setValue(0)
    assert not is_in_sight(window, "amount")
    save(qtbot, window)
    assert at(window) == "amount"
    assert is_in_sight(window, "amount")


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("received_at", "明天 9:00", "不能晚于现在（2026-11-22 10:00），请核对"),
        ("received_at", "2026-02-30 10:00", "没有“2026-02-30 10:00”这个日期或时间，请核对"),
        ("received_at", "很早", "“很早”不是时间，请写成 2026-10-01 14:30"),
        ("received_at", "1026-11-22 9:00", "不能早于 1990 年，请核对年份"),
        ("occurred_at", "2026-13-01", "没有“2026-13-01”这个日期或时间，请核对"),
        ("promised_at", "昨天 9:00", "不能早于受理时间（2026-11-22 10:00）"),
        ("promised_at", "2062-11-23 9:00", "2062-11-23 09:00 在受理一年以后，请核对年份"),
        ("amount", "一百", "“一百”不是金额，请写数字，单位元，最多两位小数"),
        ("place", "楼" * 101, "最多 100 个字，现有 101 个，请缩短"),
        ("customer_name", "李" * 61, "最多 60 个字，现有 61 个，请缩短"),
    ],
)
def test_what_cannot_be_is_told_in_words_and_can_be_corrected(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, key: str, typed: str, sentence: str
) -> None:
    a_small_case(window)
    go(window, key)
    press(KEY.Key_A, CTRL)
    commit(typed)
    save(qtbot, window)
    assert problems(window) == {key: sentence}
    assert told(window) == "还不能保存：有 1 处要改，请看红字。"
    assert at(window) == key
    assert contents(folder) == []

    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    commit({"customer_name": "李女士"}.get(key, ""))
    save(qtbot, window)
    assert saved(window)
    assert len(contents(folder)) == 1


def test_an_external_route_unfolds_its_body_asks_for_it_and_folds_it_again(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    body = row(window, "external_body")
    a_small_case(window)
    assert not body.isVisible()
    go(window, "route")
    press(KEY.Key_3)
    assert body.isVisible()
    press(KEY.Key_1)
    assert not body.isVisible()

    press(KEY.Key_3)
    save(qtbot, window)
    assert problems(window) == {"external_body": "请填写"}
    assert at(window) == "external_body"
    commit("消费者协会")
    save(qtbot, window)
    assert saved(window)
    assert contents(folder) == ["水壶不加热"]


def test_a_folded_field_that_is_wrong_unfolds(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    press(KEY.Key_F9)
    fill(window, {"true_cause": "因" * 501})
    press(KEY.Key_F9)
    assert row(window, "true_cause").isVisible(), "one with something in it does not fold away"
    save(qtbot, window)
    assert at(window) == "true_cause"
    assert problems(window) == {"true_cause": "最多 500 个字，现有 501 个，请缩短"}


def test_a_long_text_typed_past_its_limit_is_told_at_the_save(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    a_small_case(window, "很" * 20_001)
    save(qtbot, window)
    assert problems(window) == {"content": "最多 20000 个字，现有 20001 个，请缩短"}
    press(KEY.Key_End, CTRL)
    press(KEY.Key_Backspace)
    save(qtbot, window)
    assert contents(folder) == ["很" * 20_000]


@pytest.mark.parametrize(("key", "room"), [("content", 20_000), ("demand", 5_000)])
def test_a_paste_of_ten_megabytes_answers_quickly_and_says_what_was_left_out(
    window: MainWindow, key: str, room: int
) -> None:
    go(window, key)
    commit("前言")
    begun = time.monotonic()
    paste("很" * TEN_MEGABYTES)
    assert time.monotonic() - begun < AT_ONCE

    assert row(window, key).value() == "前言" + "很" * (room - 2)
    assert problems(window) == {key: f"粘贴的内容有 {TEN_MEGABYTES} 个字，只放得下 {room - 2} 个，其余没有粘贴"}
    press(KEY.Key_Backspace)
    assert problems(window) == {}


def test_a_paste_of_ten_megabytes_into_one_line_answers_quickly_and_is_refused(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    a_small_case(window)
    go(window, "place")
    begun = time.monotonic()
    paste("楼" * TEN_MEGABYTES)
    assert time.monotonic() - begun < AT_ONCE
    save(qtbot, window)

    assert at(window) == "place"
    assert problems(window)["place"].startswith("最多 100 个字，现有 ")
    assert contents(folder) == []


def test_a_megabyte_in_every_field_answers_at_once_and_each_field_says_what_it_takes(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    press(KEY.Key_F9)
    texts = [
        key
        for key, each in window.register.form.rows.items()
        if isinstance(each.editor, PASTED_INTO) and each.isVisible()
    ]
    for key in texts:
        go(window, key)
        begun = time.monotonic()
        paste("很" * 1_000_000)
        assert time.monotonic() - begun < AT_ONCE, key
    told = set(problems(window))
    begun = time.monotonic()
    save(qtbot, window)
    assert time.monotonic() - begun < AT_ONCE

    assert len(texts) > 12
    assert told | set(problems(window)) == set(texts)
    assert contents(folder) == []


def test_a_paste_over_a_chosen_text_takes_its_room(window: MainWindow) -> None:
    go(window, "demand")
    commit("旧" * 5_000)
    press(KEY.Key_A, CTRL)
    paste("新" * 5_000)
    assert row(window, "demand").value() == "新" * 5_000
    assert problems(window) == {}


def test_control_characters_that_are_pasted_are_dropped(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    dirty = "不\x00加\x07热\r\n第\x1b二行\t\x7f，𠮷\ufffe😀 =HYPERLINK(1)"
    go(window, "content")
    paste(dirty)
    assert row(window, "content").value() == "不加热\n第二行\t，𠮷😀 =HYPERLINK(1)"
    assert window.register.form.rows["content"].editor.toPlainText() == row(window, "content").value(), "seen at once"
    go(window, "place")
    paste("二\x00楼\n小\t家电\x1f")
    assert row(window, "place").value() == "二楼 小 家电"
    fill(window, {"category": "缺货", "customer_name": "李女士"})
    save(qtbot, window)

    assert told(window) == ""
    assert contents(folder) == ["不加热\n第二行\t，𠮷😀 =HYPERLINK(1)"]


def test_half_a_character_does_not_get_in(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    a_small_case(window)
    window.register.form.rows["place"].editor.setText("二\ud842楼")
    save(qtbot, window)
    assert told(window) == ""
    assert len(contents(folder)) == 1
