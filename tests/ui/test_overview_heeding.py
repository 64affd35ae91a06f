"""A warning of the overview is heeded by keys: the measure is stored, and the row says so."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desk_app.domain.vocabulary import FollowUpKind, Role
from desk_app.services import desk, shop, warnings
from desk_app.services.workspace import open_workspace
from tests.ui.test_overview import opened, words
from tests.ui.test_overview_warnings import go_there, more, planted, shown
from tests.ui.window_rig import CTRL, KEY, commit, focus, press, settle, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

__all__ = ["planted"]  # a fixture


def heeds(folder: DataFolder, clock: FixedClock, rules: Rules) -> list[tuple[str, str, str, bool]]:
    """Return what is on file about each warning: measure, cause, case, whether it holds."""
    with closing(open_workspace(folder, clock, rules)) as ws:
        told_now = warnings.current(ws, clock.now())
        return [(w.heed.measure, w.heed.cause, w.heed.number, w.is_heeded) for w in told_now if w.heed]


def test_h_heeds_a_warning_with_its_measure_and_the_row_says_by_whom(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)

    press(KEY.Key_H)
    assert page.warnings.form is not None
    assert focus() is page.warnings.form.fields.rows["corrective"].editor
    assert "本月第 3 次：地点 二楼（提示）" in words(page.warnings.form)
    commit("换了滤芯")
    press(KEY.Key_Tab)
    commit("滤芯堵了")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert heeds(folder, clock, rules) == [("换了滤芯", "滤芯堵了", "", True)]
    assert [row[6] for row in shown(page)] == ["已处理　小周 今天 10:00　换了滤芯"]
    assert page.warnings.table.accessibleName() == "预警：1 条，都已处理"
    assert (page.warnings.form, focus()) == (None, page.warnings.table)
    assert told(window) == "已处理：本月第 3 次：地点 二楼（提示）"


def test_without_a_measure_nothing_is_stored_and_that_is_told_at_the_measure(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    press(KEY.Key_Tab)
    commit("滤芯堵了")

    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert page.warnings.form is not None
    row = page.warnings.form.fields.rows["corrective"]
    assert row.problem == "没有写怎么处理这条预警，请写上措施"
    assert focus() is row.editor
    assert heeds(folder, clock, rules) == []
    commit("换了滤芯")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert heeds(folder, clock, rules) == [("换了滤芯", "滤芯堵了", "", True)]


def test_escape_leaves_the_form_and_what_was_typed_is_there_when_it_is_opened_again(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    commit("换了滤芯")

    press(KEY.Key_Escape)
    left = page.warnings.form, focus()
    press(KEY.Key_H)

    assert left == (None, page.warnings.table)
    assert heeds(folder, clock, rules) == []
    assert page.warnings.form is not None
    assert page.warnings.form.values() == {"corrective": "换了滤芯"}


def test_a_measure_with_a_department_and_a_day_is_owed_on_the_newest_case(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...], folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    for said in ("换滤芯", "滤芯堵了", "工程部", "不是日子"):
        commit(said)
        press(KEY.Key_Tab)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    assert page.warnings.form is not None
    due = page.warnings.form.fields.rows["due_at"]
    refused = due.problem, focus() is due.editor, heeds(folder, clock, rules)

    commit("2026-11-30 18:00")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert refused[0]
    assert refused[1:] == (True, [])
    newest = planted[-1]
    assert heeds(folder, clock, rules) == [("换滤芯", "滤芯堵了", newest, True)]
    assert told(window).endswith(f"在 {newest} 上记了纠正措施")
    with closing(open_workspace(folder, clock, rules)) as ws:
        owed = [f for f in desk.case_file(ws, newest).owed if f.kind is FollowUpKind.CORRECT]
    assert [f"{f.due_at:%Y-%m-%d %H:%M}" for f in owed] == ["2026-11-30 18:00"]


def test_at_a_higher_level_it_is_new_again_and_says_that_it_was_heeded_before(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    go_there(page)
    press(KEY.Key_H)
    commit("换了滤芯")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    more(qtbot, window, 3, "2026-10-07", place="二楼")

    (row,) = [row for row in shown(page) if "地点" in row[1]]
    assert (row[0], row[3], row[6]) == ("▲ 重点", "6", "未处理（提示时处理过　小周 今天 10:00）")


def test_who_may_not_heed_reads_whose_matter_it_is_and_h_opens_nothing(
    qtbot: QtBot, window: MainWindow, planted: tuple[str, ...]
) -> None:
    page = opened(qtbot, window)
    assert "H 处理" in words(page)
    window.desk.ask(
        lambda ws: shop.set_role(ws, "小周", Role.RECEPTIONIST), lambda done: window.desk.take_shop(done.shop)
    )
    settle(qtbot, window.desk)
    go_there(page)

    press(KEY.Key_H)

    said = [label.text() for label in page.warnings.findChildren(QLabel) if label.isVisible()]
    assert any(sentence.startswith("小周 没有“纠正措施”的权限，请由") for sentence in said)
    assert not any("H 处理" in sentence for sentence in said)
    assert page.warnings.form is None
    assert shown(page)
