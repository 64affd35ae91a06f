"""What the 登记 page says follows what is typed: labels the kind of the case, the promise its times; by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel

from tests.ui.case_rig import begin, fields, open_case, story
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    at,
    commit,
    fill,
    focus,
    go,
    on_disk,
    press,
    promise,
    row,
    save,
    saved,
    settle,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow


def labels(window: MainWindow) -> list[str]:
    """Return what the form says over its fields, and to a screen reader."""
    form = window.register.form
    seen = [label.text() for label in form.findChildren(QLabel)]
    return seen + [each.editor.accessibleName() for each in form.rows.values()]


def test_the_labels_follow_the_kind_and_come_back(window: MainWindow) -> None:
    before = labels(window)
    assert "投诉理由(事件经过) *" in before
    go(window, "kind")

    press(KEY.Key_7)

    assert "表扬内容(经过) *" in labels(window)
    assert row(window, "customer_name").editor.accessibleName() == "表扬人"
    assert row(window, "content").editor.accessibleName() == "表扬内容(经过)，必填"
    assert not [text for text in labels(window) if "投诉" in text]
    press(KEY.Key_1)
    assert labels(window) == before


def test_after_a_save_the_next_form_says_complaint_again_and_the_case_keeps_its_words(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    before = labels(window)
    go(window, "kind")
    press(KEY.Key_3)
    a_small_case(window, "几点可以退房")
    fill(window, {"demand": "想晚两小时"})

    save(qtbot, window)

    ((number, kind),) = on_disk(folder, 'SELECT number, kind FROM "case"')
    assert kind == "inquiry"
    press(KEY.Key_N, CTRL)
    assert labels(window) == before
    open_case(qtbot, window, str(number))
    settle(qtbot, window.desk)
    assert "咨询内容" in story(window)
    assert "投诉理由" not in story(window)
    assert "投诉方式" not in story(window)


def test_an_amendment_says_what_the_kind_says_and_follows_it(qtbot: QtBot, window: MainWindow) -> None:
    go(window, "kind")
    press(KEY.Key_7)
    a_small_case(window)
    save(qtbot, window)
    number = saved(window)[1]
    open_case(qtbot, window, number)

    begin(window, KEY.Key_M)
    rows = fields(window)
    assert rows["customer_name"].editor.accessibleName() == "表扬人"

    while focus() is not rows["kind"].editor:
        press(KEY.Key_Tab)
    press(KEY.Key_1)
    assert rows["customer_name"].editor.accessibleName() == "投诉人"


def test_what_is_over_before_it_is_entered_is_promised_to_nobody(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    go(window, "received_at")
    press(KEY.Key_A, CTRL)
    commit("2026-11-20 14:30")
    press(KEY.Key_Tab)

    assert promise(window) == "应在 昨天 14:30 前答复"
    assert "▲ 已经逾期，请马上答复" in labels_of(window.register._bar)
    save(qtbot, window)
    assert "▲ 已经逾期，应在 昨天 14:30 前答复" in saved(window)
    assert not any("请告诉客户" in words for words in saved(window))

    press(KEY.Key_N, CTRL)
    assert promise(window) == "明天 10:00 前答复"
    assert "请告诉客户" in labels_of(window.register._bar)


def labels_of(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def late_entry(window: MainWindow) -> str:
    return window.register._bar._entry.text()


def receive(window: MainWindow, moment: str) -> None:
    go(window, "received_at")
    press(KEY.Key_A, CTRL)
    commit(moment)
    press(KEY.Key_Tab)


def test_what_is_entered_afterwards_tells_both_times_and_the_promise_counts_from_the_first(
    qtbot: QtBot, window: MainWindow
) -> None:
    a_small_case(window)
    for now in ("10:00", "9:30", "10:01"):
        receive(window, now)
        assert late_entry(window) == ""
    receive(window, "9:29")
    assert late_entry(window) == "● 补录：受理 今天 09:29，录入 今天 10:00"
    receive(window, "昨天 15:20")
    assert late_entry(window) == "● 补录：受理 昨天 15:20，录入 今天 10:00"
    assert promise(window) == "今天 15:20 前答复"

    save(qtbot, window)
    number = saved(window)[1]
    press(KEY.Key_N, CTRL)
    assert late_entry(window) == ""
    open_case(qtbot, window, number)
    assert "录入时间2026-11-22 10:00（补录）" in story(window).replace("\n", "")
    assert "补录于 2026-11-22 10:00" in story(window)


def test_what_is_entered_at_once_has_one_time(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window)
    save(qtbot, window)
    open_case(qtbot, window, saved(window)[1])
    assert "受理时间" in story(window)
    assert "录入" not in story(window)
    assert "补录" not in story(window)


def test_ctrl_down_and_up_go_from_section_to_section(window: MainWindow) -> None:
    stops = ["kind"]
    for _ in range(5):
        press(KEY.Key_Down, CTRL)
        stops.append(at(window))
    assert stops == ["kind", "content", "customer_name", "customer_phone", "demand", "demand"]
    go(window, "promised_at")
    for wanted in ("demand", "customer_phone", "customer_name", "content", "kind", "kind"):
        press(KEY.Key_Up, CTRL)
        assert at(window) == wanted


def test_going_on_from_the_open_list_of_categories_takes_the_only_one_and_closes_it(window: MainWindow) -> None:
    go(window, "category")
    commit("缺货")
    assert QApplication.activePopupWidget() is not None
    press(KEY.Key_Down, CTRL)
    assert QApplication.activePopupWidget() is None
    assert row(window, "category").editor.currentText() == "商品问题 > 缺货"


def test_a_complaint_is_registered_in_a_dozen_keys_besides_its_texts(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    press(KEY.Key_Down, CTRL)
    commit("水壶不加热")
    press(KEY.Key_Tab)
    commit("质量")
    press(KEY.Key_Return)
    press(KEY.Key_Down, CTRL)
    commit("李女士")
    press(KEY.Key_Down, CTRL)
    commit("13800138000")
    press(KEY.Key_F2)
    press(KEY.Key_Return)
    save(qtbot, window)

    assert on_disk(folder, 'SELECT content, customer_name, customer_phone, read_back FROM "case"') == [
        ("水壶不加热", "李女士", "13800138000", 1)
    ]
