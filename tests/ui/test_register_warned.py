"""What the page of a saved case says of what repeats: quietly, after the save, and only where it does."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.heeding import Measure
from desk_app.services import warnings
from desk_app.services.workspace import open_workspace
from tests.helpers.builders import registered
from tests.ui.window_rig import KEY, a_small_case, fill, on_disk, press, save, saved, set_up, settle, window_on
from ui.views.register_saved import SavedPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desk_app.clock import FixedClock
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.paths import DataFolder
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow

TOLD = "本月第 4 次：地点 二楼（提示）"


@pytest.fixture
def numbers(folder: DataFolder, clock: FixedClock, rules: Rules) -> tuple[str, ...]:
    """Three cases of one place, each of another matter and customer."""
    categories = ("商品问题", "一般工作失误、服务欠缺", "客户自身问题或误解")
    with closing(open_workspace(folder, clock, rules)) as ws:
        return tuple(
            registered(ws, c, place="二楼", category=c, customer_phone=f"1390000000{n}").case.number
            for n, c in enumerate(categories)
        )


@pytest.fixture
def at_the_desk(
    qtbot: QtBot, folder: DataFolder, clock: FixedClock, rules: Rules, numbers: tuple[str, ...]
) -> Iterator[MainWindow]:
    """The window on that register."""
    set_up(folder, clock, rules)
    with window_on(qtbot, folder, clock, rules) as opened:
        yield opened


def save_one(qtbot: QtBot, window: MainWindow, place: str) -> str:
    fill(window, {"place": place})
    a_small_case(window)
    save(qtbot, window)
    return window.findChild(SavedPanel).number.text()


def test_a_fourth_time_is_told_and_w_shows_by_which_cases_and_hides_them_again(
    qtbot: QtBot, at_the_desk: MainWindow, numbers: tuple[str, ...]
) -> None:
    number = save_one(qtbot, at_the_desk, "二楼")
    before = saved(at_the_desk)

    press(KEY.Key_W)
    settle(qtbot, at_the_desk.desk)
    shown = saved(at_the_desk)
    press(KEY.Key_W)

    assert TOLD in before
    assert set(shown) - set(before) == {f"本季 4 次，本年 4 次，11月22日周日 起：{'、'.join((number, *numbers[::-1]))}"}
    assert saved(at_the_desk) == before


def test_where_nothing_repeats_nothing_is_said_and_w_does_nothing(qtbot: QtBot, at_the_desk: MainWindow) -> None:
    save_one(qtbot, at_the_desk, "二楼")
    press(KEY.Key_Return)

    save_one(qtbot, at_the_desk, "三楼")
    press(KEY.Key_W)
    settle(qtbot, at_the_desk.desk)

    assert not any("次：" in said for said in saved(at_the_desk))


def test_what_was_heeded_is_told_no_more(
    qtbot: QtBot, at_the_desk: MainWindow, folder: DataFolder, clock: FixedClock, rules: Rules
) -> None:
    with closing(open_workspace(folder, clock, rules)) as ws:
        (place,) = warnings.current(ws, clock.now())
        warnings.heed(ws, place, Measure("换了滤芯"), request_id="heed-1")

    save_one(qtbot, at_the_desk, "二楼")

    assert TOLD not in saved(at_the_desk)


def test_nothing_is_asked_of_the_figures_before_the_case_is_on_the_disk_and_on_the_page(
    qtbot: QtBot, at_the_desk: MainWindow, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[tuple[bool, bool]] = []
    asked = warnings.of_case

    def ask(ws: Workspace, number: str) -> tuple[EarlyWarning, ...]:
        is_stored = on_disk(folder, "SELECT count(*) FROM 'case'") == [(4,)]
        stood.append((is_stored, at_the_desk.findChild(SavedPanel).number.text() == number))
        return asked(ws, number)

    monkeypatch.setattr(warnings, "of_case", ask)

    save_one(qtbot, at_the_desk, "二楼")

    assert stood == [(True, True)]
    assert TOLD in saved(at_the_desk)
