"""Under a field with something sensitive in it stands a muted line; nothing is refused because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.case_rig import begin, fields, open_case
from tests.ui.window_rig import (
    CTRL,
    KEY,
    a_small_case,
    commit,
    contents,
    fill,
    go,
    press,
    problems,
    row,
    save,
    saved,
    set_up,
    until,
    window_on,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

SOON = 2_000


def hints(window: MainWindow) -> dict[str, str]:
    """Return the line that stands, seen, under each field."""
    rows = window.register.form.rows
    return {key: r.note for key, r in rows.items() if r.note and r._note is not None and r._note.isVisible()}


def test_the_hint_comes_at_a_pause_and_goes_with_its_cause(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"content": "客人烫伤，已经住院"})
    assert hints(window) == {}, "no key waits for it"
    until(qtbot, lambda: bool(hints(window)), SOON)

    assert hints(window) == {
        "content": "像有医疗健康信息（烫伤）：只写处理投诉必需的；要留，先请客户单独同意，再勾选“客户保密”"
    }
    assert hints(window)["content"] in row(window, "content").editor.accessibleDescription()
    press(KEY.Key_A, CTRL)
    commit("客人不满意")
    until(qtbot, lambda: not hints(window), SOON)
    assert "医疗" not in row(window, "content").editor.accessibleDescription()


def test_a_child_needs_the_guardian_and_a_number_is_not_repeated(qtbot: QtBot, window: MainWindow) -> None:
    fill(window, {"content": "孩子6岁", "customer_phone": "6222021001116245702"})
    until(qtbot, lambda: len(hints(window)) == 2, SOON)
    assert hints(window) == {
        "content": "像有未成年人信息（6岁）：只写处理投诉必需的；要留，先请监护人单独同意，再勾选“客户保密”",
        "customer_phone": "像有银行账户信息：只写处理投诉必需的；要留，先请客户单独同意，再勾选“客户保密”",
    }


def test_it_never_stops_a_save_and_a_problem_stands_above_it(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    fill(window, {"place": "急诊门口" * 40, "content": "客人住院", "customer_name": "李女士"})
    until(qtbot, lambda: len(hints(window)) == 2, SOON)
    save(qtbot, window)
    assert {"place", "category"} == set(problems(window))
    place = row(window, "place")
    QApplication.processEvents()
    assert place._problem is not None
    assert place._note is not None
    assert place.editor.y() < place._problem.y() < place._note.y()
    assert "content" in hints(window)

    press(KEY.Key_A, CTRL)
    commit("急诊门口")
    fill(window, {"category": "质量"})
    save(qtbot, window)
    assert saved(window)
    assert contents(folder) == ["客人住院"]


def test_each_form_has_its_own_hints(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        fill(window, {"content": "客人住院"})
        until(qtbot, lambda: bool(hints(window)), SOON)
        press(KEY.Key_N, CTRL)
        assert hints(window) == {}
        press(KEY.Key_Tab, CTRL)
        until(qtbot, lambda: bool(hints(window)), SOON)
        press(KEY.Key_W, CTRL)
        assert hints(window) == {}


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
def test_the_hint_is_wholly_in_sight_and_cuts_nothing(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    a_small_case(window)
    go(window, "place")
    commit("急诊门口，身份证110101199003077774，卡号6222021001116245702，孩子6岁")
    until(qtbot, lambda: "place" in hints(window), SOON)
    QApplication.processEvents()

    note = row(window, "place")._note
    assert note is not None
    assert note.height() >= note.heightForWidth(note.width())
    assert note.visibleRegion().boundingRect() == note.rect()
    assert window.width() == size[0]


def test_what_is_told_of_a_case_later_is_looked_at_too(qtbot: QtBot, window: MainWindow) -> None:
    a_small_case(window, "客人烫伤")
    save(qtbot, window)
    open_case(qtbot, window, "TS-20261122-001")

    begin(window, KEY.Key_C, "客人说孩子 8 岁，已经住院")
    note = fields(window)["content"]
    until(qtbot, lambda: bool(note.note), SOON)

    assert "8 岁" in note.note
    press(KEY.Key_Escape)
    begin(window, KEY.Key_M)
    until(qtbot, lambda: "烫伤" in fields(window)["content"].note, SOON)
