"""设置 → 工作日历, and the due dates that follow it in the background."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.services import calendar
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import SHANGHAI, acted, registered
from tests.ui.settings_rig import answer_dialog, go_to, open_calendar
from tests.ui.window_rig import CTRL, KEY, commit, on_disk, press, save, say, set_up, settle, told, until, window_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow
    from ui.views.settings_calendar import CalendarSection

STOCKTAKING = CalendarDay(date(2026, 11, 24), DayKind.REST, "盘点", "店长")
DUE = "SELECT substr(due_at, 6, 11) FROM follow_up WHERE kind = 'handle' ORDER BY id"


@pytest.fixture
def window(qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules) -> Iterator[MainWindow]:
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        for n in range(3):
            number = registered(ws, f"save-{n}").case.number
            acted(ws, number, "assign", department="小家电部", person="小吴")
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


def fill_in(section: CalendarSection, day: str, kind: int, name: str = "", source: str = "") -> None:
    """Type a day into the line below the table."""
    go_to(section.entry.rows["day"])
    press(KEY.Key_A, CTRL)
    say(day, KEY.Key_Tab, [KEY.Key_1, KEY.Key_2, KEY.Key_3, KEY.Key_4][kind - 1], KEY.Key_Tab)
    if name:
        say(name)
    press(KEY.Key_Tab)
    if source:
        say(source)


def days_on_disk(folder: DataFolder) -> list[tuple[object, ...]]:
    return on_disk(folder, "SELECT day, kind, name, source FROM calendar_day ORDER BY day, kind")


def test_a_day_is_typed_in_and_the_due_dates_that_moved_are_listed(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_calendar(window)
    assert on_disk(folder, DUE) == [("11-24T18:00",)] * 3

    fill_in(section, "2026/11/24", 1, "盘点", "店长")
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert days_on_disk(folder) == [("2026-11-24", "rest", "盘点", "店长")]
    assert on_disk(folder, DUE) == [("11-25T18:00",)] * 3
    assert section.days.rows[section.days.row] == ("2026年11月24日周二", "休", "本店", "盘点", "店长")
    assert told(window) == "日历或每日截止时间变了，有 3 项期限随之改期"
    assert section.moved.isVisible()
    assert section.moved.rows[0] == ("TS-20261122-001", "待处理", "2026-11-24 18:00", "2026-11-25 18:00")
    assert len(section.moved.rows) == 3
    assert section.entry.rows["day"].editor.hasFocus()  # for the next day of the notice
    assert section.entry.values() == {"name": "盘点", "source": "店长"}


def test_a_day_is_taken_back_by_delete_and_only_the_shops_own(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_calendar(window)
    fill_in(section, "2026-11-24", 1)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)
    go_to(section.days)
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)

    assert days_on_disk(folder) == []
    assert on_disk(folder, DUE) == [("11-24T18:00",)] * 3
    assert section.moved.rows[0][2:] == ("2026-11-25 18:00", "2026-11-24 18:00")

    press(KEY.Key_Home)
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)
    assert "不是本店填的，不能删" in told(window)


def test_a_day_is_changed_by_enter(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_calendar(window)
    go_to(section.days)
    press(KEY.Key_Home)
    press(KEY.Key_Return)
    assert section.entry.values()["day"] == "2026-01-01"
    assert section.entry.rows["kind"].editor.hasFocus()

    press(KEY.Key_2)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert [row[:2] for row in days_on_disk(folder)] == [("2026-01-01", "work")]
    assert section.days.rows[0][1:3] == ("班", "本店")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写"),
        ("2026-02-30", "“2026-02-30”不是日期，请写成 2026-10-01"),
        ("明天", "“明天”不是日期，请写成 2026-10-01"),
    ],
)
def test_a_day_that_is_none_is_told_under_its_field(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, typed: str, said: str
) -> None:
    section = open_calendar(window)
    fill_in(section, typed, 1)
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)

    assert section.entry.rows["day"].problem == said
    assert section.entry.rows["day"].editor.hasFocus()
    assert days_on_disk(folder) == []


def test_a_file_is_read_in_or_refused_whole(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    open_calendar(window)
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("日期,类别\n2027-01-01,休\n2027-02-30,休\n", encoding="utf-8")
    good.write_text("日期,类别\n2027-01-01,休\n2027-10-01,休\n", encoding="utf-8")

    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, bad)
    assert "第 3 行的“2027-02-30”不是日期" in told(window)
    assert days_on_disk(folder) == []

    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, good)
    assert told(window) == "日历已更新：新填 2 天，改了 0 天"
    assert [row[0] for row in days_on_disk(folder)] == ["2027-01-01", "2027-10-01"]


def test_a_file_that_contradicts_itself_is_refused_until_the_next_change_is_stored(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, tmp_path: Path
) -> None:
    section = open_calendar(window)
    path = tmp_path / "twice.csv"
    path.write_text("日期,类别\n2027-01-01,休\n2027-01-01,班\n", encoding="utf-8")
    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, path)
    assert told(window) == "日历第 3 行把 2027-01-01 写成“班”，前面却是“休”，没有读入；请只留一种"

    go_to(section.entry.rows["day"])
    commit("2027-01-01")
    press(KEY.Key_Tab)
    press(KEY.Key_1)
    save(qtbot, window)

    assert told(window) == ""
    assert [row[0] for row in days_on_disk(folder)] == ["2027-01-01"]


def test_a_year_is_written_by_its_button(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    section = open_calendar(window)
    go_to(section.write_year)
    press(KEY.Key_Return)
    answer_dialog(qtbot, window, tmp_path / "2026.csv")

    assert told(window).startswith("已写出 25 天")
    assert (tmp_path / "2026.csv").read_text(encoding="utf-8-sig").count("\n") == 26


def test_another_year_is_shown_and_told_to_be_provisional(window: MainWindow) -> None:
    section = open_calendar(window)
    assert len(section.days.rows) == 25
    go_to(section.year)
    press(KEY.Key_Up)

    assert section.year.value() == 2027
    assert section.days.rows == []
    assert "2027 年官方放假安排未录入" in section._provisional.text()
    press(KEY.Key_Down)
    assert section._provisional.text() == ""


def test_the_weekdays_of_the_shop_are_ticked_and_the_last_one_stays(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_calendar(window)
    go_to(section.weekdays)
    for key in (KEY.Key_7, KEY.Key_6, KEY.Key_5, KEY.Key_4, KEY.Key_3, KEY.Key_2):
        press(key)
        settle(qtbot, window.desk)
    assert on_disk(folder, "SELECT value FROM setting WHERE key = 'open_weekdays'") == [("[0]",)]

    press(KEY.Key_1)
    settle(qtbot, window.desk)

    assert "至少要有一天营业" in told(window)
    assert section.weekdays.value() == ["0"]


def test_a_change_by_another_program_is_followed_and_shown(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    section = open_calendar(window)
    with closing(open_workspace(folder, clock, rules)) as other:
        calendar.put_days(other, [STOCKTAKING])  # and it is gone before the due dates followed

    until(qtbot, section.moved.isVisible)
    settle(qtbot, window.desk)

    assert on_disk(folder, DUE) == [("11-25T18:00",)] * 3
    assert ("2026年11月24日周二", "休", "本店", "盘点", "店长") in section.days.rows


def test_a_recount_that_was_stopped_goes_on_when_the_window_opens(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    with closing(open_workspace(folder, clock, rules)) as ws:
        for n in range(3):
            number = registered(ws, f"save-{n}").case.number
            acted(ws, number, "assign", department="小家电部", person="小吴")
        calendar.put_days(ws, [STOCKTAKING])
        calendar.recount(ws, 2)

    with window_on(qtbot, folder, clock, rules) as window:
        assert on_disk(folder, DUE) == [("11-25T18:00",)] * 3
        assert told(window) == "日历或每日截止时间变了，有 1 项期限随之改期"
        section = open_calendar(window)  # made after it was over: it still lists what moved
        assert [row[0] for row in section.moved.rows] == ["TS-20261122-003"]


def test_keys_are_taken_while_many_due_dates_follow(
    qtbot: QtBot, window: MainWindow, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar.recount, "__defaults__", (1,))  # a batch for each: as many as 1500 dates
    section = open_calendar(window)
    seen: list[tuple[int, int]] = []
    window.desk.recounted.connect(lambda recount: seen.append((recount.done, recount.total)))
    fill_in(section, "2026-11-24", 1)
    press(KEY.Key_S, CTRL)
    until(qtbot, lambda: bool(seen))

    press(KEY.Key_1, CTRL)
    commit("水壶")  # into the form, in the middle of it
    settle(qtbot, window.desk)

    assert seen == [(1, 3), (2, 3), (3, 3), (3, 3)]
    assert on_disk(folder, DUE) == [("11-25T18:00",)] * 3


def test_a_year_without_its_notice_is_said_above_every_page_while_it_matters(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    set_up(folder, clock, rules)
    clock.moment = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    with closing(open_workspace(folder, clock, rules)) as ws:
        number = registered(ws).case.number
        acted(ws, number, "assign", department="小家电部", person="小吴")

    with window_on(qtbot, folder, clock, rules) as window:
        assert window.standing is not None
        assert window.standing.isVisible()
        assert "2027 年官方放假安排未录入，暂按周末计算" in window.standing.sentences[0]
        press(KEY.Key_Escape)
        assert window.standing.isVisible()

        section = open_calendar(window)
        fill_in(section, "2027-10-01", 1, "国庆节")
        press(KEY.Key_S, CTRL)
        settle(qtbot, window.desk)
        assert window.standing.sentences == ()
        assert not window.standing.isVisible()
