"""设置 → 接待量: a year of months typed by keyboard, stored by Ctrl+S, or read from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.vocabulary import Role
from desk_app.services import shop, volumes
from tests.helpers.builders import registered
from tests.ui.settings_rig import answer_dialog, open_volumes
from tests.ui.window_rig import CTRL, KEY, commit, press, settle

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk_app.services.workspace import Workspace
    from ui.main_window import MainWindow
    from ui.views.volumes import VolumesSection

NOVEMBER, OCTOBER = 10, 9
ONE, THREE, ZERO = KEY.Key_1, KEY.Key_3, KEY.Key_0


def opened(qtbot: QtBot, window: MainWindow) -> VolumesSection:
    section = open_volumes(window)
    settle(qtbot, window.desk)
    return section


def enter(qtbot: QtBot, window: MainWindow) -> None:
    """Press Enter in a cell: Qt takes the text over when the loop comes round."""
    press(KEY.Key_Return)
    settle(qtbot, window.desk)


def save(qtbot: QtBot, window: MainWindow) -> None:
    press(KEY.Key_S, CTRL)
    settle(qtbot, window.desk)


def known(workspace: Workspace) -> dict[str, dict[str, int]]:
    return {month: dict(counts) for month, counts in volumes.volumes(workspace, "2000-01", "2099-12").items()}


def text(section: VolumesSection, row: int, column: int) -> str:
    item = section.table.item(row, column)
    assert item is not None
    return item.text()


def test_two_months_are_typed_one_under_the_other_and_stored(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    section = opened(qtbot, window)
    assert section.table.hasFocus()
    assert (section.table.currentRow(), section.table.currentColumn()) == (NOVEMBER, 1)  # the present month
    press(KEY.Key_Up)

    for number in (THREE, ONE):
        press(number)
        press(ZERO)
        enter(qtbot, window)
    assert section.told.text() == "还没有保存：2026-10、2026-11"
    assert known(workspace) == {}
    save(qtbot, window)

    assert known(workspace) == {"2026-10": {"served": 30}, "2026-11": {"served": 10}}
    assert section.told.text() == ""
    assert section.table.hasFocus()


def test_what_an_input_method_gives_and_what_is_still_in_the_cell_count(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    section = opened(qtbot, window)

    press(KEY.Key_F2)
    commit("３，２００")
    save(qtbot, window)

    assert known(workspace) == {"2026-11": {"served": 3200}}
    assert text(section, NOVEMBER, 1) == "3,200"


def test_a_slip_is_told_under_the_table_and_its_cell_is_chosen(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    section = opened(qtbot, window)
    press(KEY.Key_Up)
    press(KEY.Key_F2)
    commit("三千")
    enter(qtbot, window)
    assert section.table.currentRow() == NOVEMBER

    save(qtbot, window)

    assert section.told.text() == "2026-10 的“接待量”写着“三千”，没有存；请填 0 或更大的整数，不知道就空着"
    assert section.table.currentRow() == OCTOBER
    assert text(section, OCTOBER, 1) == "三千"
    assert known(workspace) == {}


def test_fewer_than_complained_is_stored_when_the_key_is_pressed_again(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    for n in range(2):
        registered(workspace, f"save-{n}", customer_phone=f"1380013800{n}")
    section = opened(qtbot, window)
    assert text(section, NOVEMBER, 2) == "2"
    press(ONE)

    save(qtbot, window)
    assert "比当月的投诉（2 件）还少" in section.told.text()
    assert known(workspace) == {}
    save(qtbot, window)

    assert known(workspace) == {"2026-11": {"served": 1}}


def test_another_number_is_asked_about_again(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    for n in range(4):
        registered(workspace, f"save-{n}", customer_phone=f"1380013800{n}")
    opened(qtbot, window)
    press(ONE)
    save(qtbot, window)

    press(THREE)
    save(qtbot, window)

    assert known(workspace) == {}


def test_a_number_is_emptied_by_delete(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    volumes.put(workspace, "2026-11", {"served": 7}, "one")
    opened(qtbot, window)

    press(KEY.Key_Delete)
    save(qtbot, window)

    assert known(workspace) == {"2026-11": {}}


def test_months_that_are_ahead_cannot_be_typed_into(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    section = opened(qtbot, window)
    section.table.setCurrentCell(NOVEMBER + 1, 1)

    press(ONE)
    enter(qtbot, window)
    save(qtbot, window)

    assert known(workspace) == {}


def test_what_is_typed_stays_while_another_year_is_looked_at(
    qtbot: QtBot, window: MainWindow, workspace: Workspace
) -> None:
    section = opened(qtbot, window)
    press(ONE)
    enter(qtbot, window)

    press(KEY.Key_PageUp, CTRL)
    settle(qtbot, window.desk)
    assert section.year.value() == 2025
    assert text(section, NOVEMBER, 1) == ""
    save(qtbot, window)

    assert known(workspace) == {"2026-11": {"served": 1}}


def test_a_table_is_read_into_the_cells_and_stored_when_looked_at(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, tmp_path: Path
) -> None:
    table = tmp_path / "served.csv"
    table.write_text("月份,接待量\n2025-12,50\n2026-10,3200\n", encoding="utf-8")
    section = opened(qtbot, window)

    press(KEY.Key_O, CTRL)
    answer_dialog(qtbot, window, table)
    assert text(section, OCTOBER, 1) == "3200"
    assert section.told.text() == "还没有保存：2025-12、2026-10"
    assert known(workspace) == {}
    save(qtbot, window)

    assert known(workspace) == {"2025-12": {"served": 50}, "2026-10": {"served": 3200}}


@pytest.fixture
def others() -> tuple[str, ...]:
    return ("郑店长",)


def test_who_may_not_is_told_whose_matter_it_is(qtbot: QtBot, window: MainWindow, workspace: Workspace) -> None:
    shop.set_role(workspace, "郑店长", Role.MANAGER)
    opened(qtbot, window)

    press(ONE)
    save(qtbot, window)

    assert known(workspace) == {}
