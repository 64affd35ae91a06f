"""The labels of the 登记 page follow the kind of the case, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.case_rig import open_case, story
from tests.ui.window_rig import CTRL, KEY, a_small_case, fill, go, on_disk, press, row, save, set_up, settle, window_on

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
