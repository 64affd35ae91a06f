"""The 交班 page in the whole window, by keyboard."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from desk_app.services import access
from desk_app.services.workspace import Workspace, open_workspace
from tests.helpers.builders import NOW, acted, registered
from tests.ui.window_rig import (
    CTRL,
    KEY,
    commit,
    focus,
    is_seen,
    on_disk,
    press,
    say,
    set_up,
    settle,
    told,
    until,
    window_on,
)
from ui.printing.preview import SheetPreview
from ui.views.handover import HandoverPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIME, KIND, OWED, NUMBER, MATTER, NOTE = range(6)


@pytest.fixture
def register(folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[Workspace]:
    """The register, as another program has it open; 小周 is on duty."""
    set_up(folder, clock, rules, "小吴", "小郑")
    with closing(open_workspace(folder, clock, rules)) as ws:
        yield ws


@pytest.fixture
def window(
    qtbot: QtBot, register: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> Iterator[MainWindow]:
    owed(register, "还早", 20)
    owed(register, "逾期", -5)
    owed(register, "店长的", -1, first_contact="店长")
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


def owed(ws: Workspace, content: str, hours: float, **changes: object) -> str:
    """Register a case whose answer falls due so many hours from now."""
    received = NOW + timedelta(hours=hours) - DAY
    return registered(ws, content, received_at=received.isoformat(), content=content, **changes).case.number


def go(qtbot: QtBot, window: MainWindow) -> HandoverPage:
    press(KEY.Key_F8)
    settle(qtbot, window.desk)
    page = window.findChild(HandoverPage)
    assert page is not None
    assert page.isVisible()
    return page


def column(page: HandoverPage, which: int) -> list[str]:
    model = page.table.model()
    return [model.index(row, which).data() for row in range(model.rowCount())]


def problems(page: HandoverPage) -> dict[str, str]:
    assert page.form is not None
    return {key: row.problem for key, row in page.form.rows.items() if row.problem}


def words(page: HandoverPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if is_seen(label)]


def sign(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)


def note(text: str) -> None:
    """Write a note on the current row: Enter, the text, Enter."""
    press(KEY.Key_Return)
    commit(text)
    enter()


def enter() -> None:
    """End a note; the table takes it when the key is through, as with keys that come one by one."""
    press(KEY.Key_Return)
    QApplication.processEvents()


def to_the_form(page: HandoverPage) -> None:
    """Go from the table to the first field of the form."""
    page.table.setFocus()
    press(KEY.Key_Tab)
    assert page.form is not None
    assert focus() is page.form.rows["incoming"].editor


def settled(page: HandoverPage) -> None:
    """Tick that nothing is left over from the handover itself."""
    assert page.form is not None
    while focus() is not page.form.rows["settled"].editor:
        press(KEY.Key_Tab)
    press(KEY.Key_Space)


def hand_over(qtbot: QtBot, window: MainWindow, page: HandoverPage) -> None:
    """Do all that a handover needs, by keys."""
    note("已致电")
    to_the_form(page)
    say(KEY.Key_Down, KEY.Key_Return, KEY.Key_Down)
    settled(page)
    sign(qtbot, window)


def test_what_is_owed_is_listed_with_the_most_overdue_first(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)

    assert [text.split(" · ")[-1] for text in column(page, MATTER)] == ["逾期", "店长的", "还早"]
    assert column(page, TIME) == ["▲ 逾期 5 小时", "▲ 逾期 1 小时", "明天 06:00"]
    assert column(page, OWED) == ["小周 → 客户", "店长 → 客户", "小周 → 客户"]
    assert column(page, NOTE) == ["▲ 逾期未办，请写一句", "", ""]
    assert "小周 交班：未完 3 项，其中逾期 2 项（本班自 今天 00:00 起）" in words(page)
    assert focus() is page.table


def test_a_shift_is_handed_over_by_keyboard_alone(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    page = go(qtbot, window)

    hand_over(qtbot, window, page)

    assert told(window) == "已交班：小周 → 小吴，3 项。现在由 小吴 受理；按 Enter 生成交接班记录，Ctrl+P 打印"
    assert on_disk(folder, "SELECT outgoing, incoming, at FROM handover") == [("小周", "小吴", NOW.isoformat())]
    kept = "SELECT json_extract(data, '$.lines[0].note'), json_extract(data, '$.shift') FROM handover"
    assert on_disk(folder, kept) == [("已致电", "早班")]
    assert on_disk(folder, "SELECT value FROM setting WHERE key = 'operator'") == [('"小吴"',)]
    assert any("受理人：小吴" in b.text() for b in window.top.findChildren(type(window.top._operator)))
    assert "小吴 交班：未完 3 项，其中逾期 2 项（本班自 今天 10:00 起）" in words(page)
    assert column(page, NOTE) == ["", "", ""]
    assert page.form is not None
    assert page.form.values() == {}


def test_the_signed_sheet_is_written_by_enter(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = go(qtbot, window)
    page._paper.folder = tmp_path / "paper"
    hand_over(qtbot, window, page)
    assert focus() is page.past

    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    (path,) = page._paper.folder.iterdir()
    assert path.name == "交接班记录_2026-11-22_1000_1.xlsx"
    assert f"已写好：{path}" in words(page)
    assert told(window) == "交接班记录已写好，可以打印签字"


def preview(qtbot: QtBot, window: MainWindow) -> SheetPreview:
    """Press Ctrl+P and return what is shown."""
    press(KEY.Key_P, CTRL)
    settle(qtbot, window.desk)
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, SheetPreview) and each.isVisible()]
    assert len(shown) == 1
    return shown[0]


@pytest.mark.parametrize(("name", "begins"), [("记录.pdf", b"%PDF"), ("记录.xlsx", b"PK")], ids=["pdf", "xlsx"])
def test_the_signed_sheet_is_looked_at_and_saved_from_there(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str, begins: bytes
) -> None:
    page = go(qtbot, window)
    hand_over(qtbot, window, page)

    shown = preview(qtbot, window)
    assert shown.windowTitle() == "预览：交接班记录"
    assert "已致电" in [value for grid in shown._grids for row in grid.rows for value in row.values]
    shown._saved(tmp_path / name, "")
    settle(qtbot, window.desk)

    assert (tmp_path / name).read_bytes().startswith(begins)
    assert f"已存为 {tmp_path / name}" in [label.text() for label in shown.findChildren(QLabel) if is_seen(label)]
    shown.close()


def test_the_record_that_is_chosen_is_printed(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)
    hand_over(qtbot, window, page)
    page.table.setFocus()
    note("第二次")
    to_the_form(page)
    commit("小郑")
    press(KEY.Key_Tab)
    say(KEY.Key_Down)
    settled(page)
    sign(qtbot, window)
    assert page.past.count() == 2

    press(KEY.Key_Down)  # from the latest to the one before
    shown = preview(qtbot, window)

    stand = "\n".join(str(value) for grid in shown._grids for row in grid.rows for value in row.values)
    assert "接班：小吴" in stand
    assert "第二次" not in stand
    shown.close()


def test_before_the_first_handover_there_is_nothing_to_print(qtbot: QtBot, window: MainWindow) -> None:
    go(qtbot, window)

    press(KEY.Key_P, CTRL)
    settle(qtbot, window.desk)

    assert told(window) == "还没有交接班记录：交班后（Ctrl+S）再打印"


@pytest.mark.fault
def test_a_paper_that_is_open_in_a_spreadsheet_is_written_beside_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go(qtbot, window)
    page._paper.folder = tmp_path / "paper"
    hand_over(qtbot, window, page)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    (held,) = page._paper.folder.iterdir()
    rename = os.replace

    def refuse_the_held_one(source: Path, target: Path) -> None:
        if Path(target) == held:
            raise PermissionError(13, "Permission denied", str(source))
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_the_held_one)  # what Windows does while Excel holds the file
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert f"已写好：{held.with_stem(held.stem + '(2)')}" in words(page)
    assert told(window) == "交接班记录已写好，可以打印签字"


def test_a_handover_that_lacks_something_says_all_of_it_and_points_to_the_first(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = go(qtbot, window)

    sign(qtbot, window)

    assert problems(page) == {
        "incoming": "请填写",
        "shift": "请填写",
        "settled": "交接中冒出的问题，请交班人先处理到一个段落再勾选",
    }
    assert "您名下还有 1 项逾期没有写交接说明" in words(page)
    assert focus() is page.table
    assert page.table.currentIndex().row() == 0
    assert on_disk(folder, "SELECT count(*) FROM handover") == [(0,)]

    note("已致电")
    sign(qtbot, window)

    assert page.form is not None
    assert focus() is page.form.rows["incoming"].editor
    assert "您名下还有 1 项逾期没有写交接说明" not in words(page)


def test_a_note_is_written_by_typing_and_enter_goes_to_the_next(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)

    commit("第一项")  # what begins a note is not lost
    enter()
    qtbot.keyClicks(focus(), "b")
    qtbot.keyClicks(focus(), "c")
    enter()
    press(KEY.Key_D, CTRL)

    assert column(page, NOTE) == ["第一项", "bc", "bc"]
    assert page.table.currentIndex().row() == 2
    press(KEY.Key_Delete)
    assert column(page, NOTE) == ["第一项", "bc", ""]


def test_a_note_begun_with_an_input_method_is_whole(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)

    QApplication.sendEvent(focus(), QInputMethodEvent("yi zhi", []))  # while it is composed
    commit("已致")
    commit("电")
    enter()

    assert column(page, NOTE)[0] == "已致电"


def test_esc_leaves_a_note_as_it_was_and_then_the_page(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_3, CTRL)
    page = go(qtbot, window)
    press(KEY.Key_Return)
    commit("写错了")

    press(KEY.Key_Escape)
    assert column(page, NOTE)[0] == "▲ 逾期未办，请写一句"
    assert page.isVisible()

    press(KEY.Key_Escape)
    assert not page.isVisible()
    assert window.findChild(type(window._stack.page("export"))).isVisible()


def test_what_is_half_written_is_there_when_one_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)
    note("已致电")
    to_the_form(page)
    commit("小郑")

    press(KEY.Key_1, CTRL)
    go(qtbot, window)

    assert column(page, NOTE)[0] == "已致电"
    assert page.form is not None
    assert page.form.values() == {"incoming": "小郑"}


def test_what_comes_in_meanwhile_is_shown_and_the_notes_stay(
    qtbot: QtBot, window: MainWindow, register: Workspace
) -> None:
    page = go(qtbot, window)
    press(KEY.Key_Return)
    commit("已致电")

    owed(register, "刚来的", 2)
    with qtbot.waitSignal(window.desk.changed, timeout=5000):
        pass  # the window looks by itself
    settle(qtbot, window.desk)
    assert len(column(page, MATTER)) == 3  # not under the hand of somebody who writes
    enter()

    until(qtbot, lambda: len(column(page, MATTER)) == 4)
    assert column(page, NOTE)[0] == "已致电"


def test_a_signature_under_what_nobody_has_seen_is_refused(
    qtbot: QtBot, window: MainWindow, register: Workspace, folder: DataFolder
) -> None:
    page = go(qtbot, window)
    window._look.stop()  # the window has not looked yet
    owed(register, "刚来的", 2)

    hand_over(qtbot, window, page)

    assert told(window).startswith("交接期间又有 1 项新的未完事项")
    assert on_disk(folder, "SELECT count(*) FROM handover") == [(0,)]
    assert len(column(page, MATTER)) == 4
    assert page.form is not None
    assert page.form.values() == {"incoming": "小吴", "shift": "早班", "settled": True}

    sign(qtbot, window)
    assert on_disk(folder, "SELECT count(*) FROM handover") == [(1,)]


def test_a_promise_of_the_shift_is_called_so(qtbot: QtBot, window: MainWindow, register: Workspace) -> None:
    number = owed(register, "自行车", 5)
    acted(register, number, "promise", what="送货上门", due_at=(NOW + 3 * DAY).isoformat())

    page = go(qtbot, window)

    row = column(page, KIND).index("本班承诺")
    assert column(page, MATTER)[row] == "送货上门 · 李女士 · 自行车"
    assert column(page, TIME)[row] == "周三 10:00"


def test_suggestions_go_round_and_anything_can_be_typed(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)
    to_the_form(page)
    assert page.form is not None
    value = page.form.rows["incoming"].value

    seen = []
    for _ in range(3):
        press(KEY.Key_Down)
        seen.append(value())
    press(KEY.Key_Up)

    assert seen == ["小吴", "小郑", "小吴"]
    assert value() == "小郑"
    press(KEY.Key_Return)
    press(KEY.Key_Up)
    assert page.form.rows["shift"].value() == "晚班"
    press(KEY.Key_A, CTRL)
    commit("加班")
    assert page.form.rows["shift"].value() == "加班"


def test_a_regular_duty_is_marked_by_the_space_bar_and_taken_back(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = go(qtbot, window)
    page.duties.setFocus()
    first = page.duties.item(0).text()
    assert first.startswith("○ 11-22 前")
    assert "每周" in first

    press(KEY.Key_Space)
    settle(qtbot, window.desk)

    shown = [page.duties.item(row).text() for row in range(page.duties.count())]
    place = next(row for row, text in enumerate(shown) if text.startswith("✓ 已做 11-22 小周"))
    assert "每周" in shown[place]
    assert on_disk(folder, "SELECT duty, period, done, by FROM duty_done") == [("weekly_tables", "2026-W47", 1, "小周")]

    assert page.duties.currentRow() == place  # the chosen one stays chosen: the same key takes it back
    press(KEY.Key_Space)
    settle(qtbot, window.desk)
    assert page.duties.item(0).text() == first
    assert on_disk(folder, "SELECT duty, done FROM duty_done ORDER BY id") == [
        ("weekly_tables", 1),
        ("weekly_tables", 0),
    ]


def test_what_was_missed_is_said_to_be_left_by_del(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock
) -> None:
    clock.moment = NOW + 8 * DAY
    page = go(qtbot, window)
    page.duties.setFocus()
    shown = [page.duties.item(row).text() for row in range(page.duties.count())]
    place = next(row for row, text in enumerate(shown) if text.startswith("▲ 过期 11-29") and "每周" in text)
    due = next(row for row, text in enumerate(shown) if text.startswith("○ "))

    page.duties.setCurrentRow(due)
    press(KEY.Key_Delete)
    page.duties.setCurrentRow(place)
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)

    shown = [page.duties.item(row).text() for row in range(page.duties.count())]
    assert any(text.startswith("✗ 未做 11-29　每周") and text.endswith("（11-30 小周记）") for text in shown)
    assert not any(text.startswith("▲ 过期 11-29") and "每周" in text for text in shown)
    assert on_disk(folder, "SELECT duty, period, done, by FROM duty_done") == [("weekly_tables", "2026-W48", 0, "小周")]


def test_what_goes_with_every_shift_cannot_be_marked(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    page = go(qtbot, window)
    page.duties.setFocus()
    press(KEY.Key_End)
    assert page.duties.currentItem().text().startswith("·  ")

    press(KEY.Key_Space)
    settle(qtbot, window.desk)

    assert on_disk(folder, "SELECT count(*) FROM duty_done") == [(0,)]


def test_the_list_of_operators_leads_here_too(qtbot: QtBot, window: MainWindow) -> None:
    (action,) = [a for a in window.top.findChild(QMenu).actions() if a.text().startswith("交班")]

    action.trigger()
    settle(qtbot, window.desk)

    assert window.findChild(HandoverPage).isVisible()


def test_with_nothing_owed_the_page_says_so(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> None:
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as window:
        page = go(qtbot, window)

        assert any(text.startswith("没有未完的事项。") for text in words(page))
        assert page.past.item(0).text() == "还没有交接班记录"
        press(KEY.Key_Tab)  # nothing to choose in an empty table
        assert page.form is not None
        assert focus() is page.form.rows["incoming"].editor


@pytest.mark.parametrize(("width", "stacked"), [(1366, False), (910, True)])
def test_where_there_is_no_room_beside_the_table_the_form_stands_below_it(
    qtbot: QtBot, window: MainWindow, width: int, stacked: bool
) -> None:
    page = go(qtbot, window)
    window.resize(width, 512)
    QApplication.processEvents()
    assert page.form is not None

    def top(widget: object) -> int:
        return widget.mapTo(page, widget.rect().topLeft()).y()  # type: ignore[attr-defined]

    assert (top(page.form) > top(page.table)) is stacked
    to_the_form(page)
    settled(page)  # wherever the keys go, the page follows
    tick = page.form.rows["settled"].editor
    assert 0 <= top(tick) <= page.height() - tick.height()


def test_a_missing_tick_has_the_focus_in_sight(qtbot: QtBot, window: MainWindow) -> None:
    page = go(qtbot, window)
    window.resize(910, 512)
    note("已致电")
    to_the_form(page)
    say(KEY.Key_Down, KEY.Key_Return, KEY.Key_Down)
    assert page.form is not None
    row = page.form.rows["settled"]
    while focus() is not page._sign:
        press(KEY.Key_Tab)
    page._scroll.verticalScrollBar().setValue(0)

    press(KEY.Key_Space)
    settle(qtbot, window.desk)

    assert list(problems(page)) == ["settled"]
    assert focus() is row.editor
    assert window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # without it Fusion draws no ring
    assert not row.visibleRegion().isEmpty()
    assert row.visibleRegion().boundingRect() == row.rect()
    press(KEY.Key_Space)
    sign(qtbot, window)
    assert told(window).startswith("已交班")


def test_a_handover_that_could_not_be_stored_leaves_the_focus_where_it_was(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    page = go(qtbot, window)
    note("已致电")
    to_the_form(page)
    say(KEY.Key_Down, KEY.Key_Return, KEY.Key_Down)
    settled(page)
    here = focus()
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sign(qtbot, window)

    assert told(window).startswith("登记册正被另一个程序占用")
    assert focus() is here
    sign(qtbot, window)
    assert told(window).startswith("已交班")


def test_after_a_second_handover_its_own_sheet_is_offered(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = go(qtbot, window)
    page._paper.folder = tmp_path / "paper"
    hand_over(qtbot, window, page)
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    (first,) = page._paper.folder.iterdir()
    assert page._paper.open.isVisible()
    page.table.setFocus()
    note("又致电")

    hand_over(qtbot, window, page)

    assert not page._paper.open.isVisible()
    assert f"已写好：{first}" not in words(page)
    assert page.past.item(0).text().endswith("小吴 → 小周　早班")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    (second,) = set(page._paper.folder.iterdir()) - {first}
    assert f"已写好：{second}" in words(page)


def test_what_a_row_has_no_room_for_stands_below_the_table(
    qtbot: QtBot, register: Workspace, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    matter = "空调整夜漏水，行李箱和里面的衣服都泡了，前台当晚没有人接电话"
    owed(register, matter, -5)
    owed(register, "还早", 20)
    with window_on(qtbot, folder, clock, rules) as window:
        page = go(qtbot, window)
        assert f"李女士 · {matter}（小周 → 客户）" in words(page)

        note("很长的说明" * 20)
        assert "李女士 · 还早（小周 → 客户）" in words(page)
        press(KEY.Key_Up)
        QApplication.processEvents()

        (shown,) = [label for label in page.findChildren(QLabel) if label.text().endswith("很长的说明")]
        assert shown.height() >= shown.heightForWidth(shown.width())
        press(KEY.Key_Return)
        editor = focus()
        assert editor.width() > page.table.columnWidth(NOTE)


def test_who_takes_over_and_has_a_pin_gives_it_in_the_page(
    qtbot: QtBot, window: MainWindow, register: Workspace, folder: DataFolder
) -> None:
    access.set_pin(register, "小吴", "2580")
    page = go(qtbot, window)
    hand_over(qtbot, window, page)
    assert focus() is page.pin.line
    assert "小吴 设有口令" in told(window)

    qtbot.keyClicks(page.pin.line, "0000")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)
    assert "不对" in told(window)
    assert (focus(), page.pin.line.text()) == (page.pin.line, "")
    qtbot.keyClicks(page.pin.line, "2580")
    press(KEY.Key_Return)
    settle(qtbot, window.desk)

    assert "已交班：小周 → 小吴" in told(window)
    assert not page.pin.isVisible()
    assert on_disk(folder, "SELECT incoming FROM handover") == [("小吴",)]
