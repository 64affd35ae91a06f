"""设置 → 分类与词语: every change by keys, stored at once, and seen on the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.settings_rig import go_to, open_categories
from tests.ui.window_rig import CTRL, KEY, commit, focus, on_disk, press, row, save, settle, told

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk_app.paths import DataFolder
    from ui.main_window import MainWindow
    from ui.views.settings_categories import CategoriesSection
    from ui.widgets.rows_table import RowsTable

SETTING = "SELECT key, value FROM setting WHERE key LIKE 'own_%' OR key LIKE 'hidden_%' ORDER BY key"


def stand_on(table: RowsTable, first: str) -> int:
    """Go to the table, and down by the arrow to the row that begins with these words."""
    go_to(table)
    press(KEY.Key_Home)
    for _ in range(len(table.rows)):
        if table.rows[table.row][0].strip() == first:
            return table.row
        press(KEY.Key_Down)
    raise AssertionError(f"{first} is not listed")


def line_of(table: RowsTable, first: str) -> tuple[str, ...]:
    return next(tuple(cells[1:]) for cells in table.rows if cells[0].strip() == first)


def offered(window: MainWindow) -> list[str]:
    editor = row(window, "category").editor
    return [editor.itemText(n) for n in range(editor.count())]  # type: ignore[union-attr]  # a box of choices


def add(qtbot: QtBot, window: MainWindow, section: CategoriesSection, path: str) -> None:
    go_to(section.tree.entry)
    press(KEY.Key_A, CTRL)
    commit(path)
    save(qtbot, window)


def test_a_category_of_the_shop_is_added_offered_and_taken_away(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_categories(window)
    assert section.tree.table.hasFocus()
    before = offered(window)

    add(qtbot, window, section, "停车＞车位")

    assert on_disk(folder, SETTING) == [("own_categories", '["停车 > 车位"]')]
    assert line_of(section.tree.table, "车位") == ("本店", "")
    assert offered(window) == [*before, "停车", "停车 > 车位"]
    stand_on(section.tree.table, "车位")
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)
    assert offered(window) == before


def test_enter_begins_a_second_level_below_the_chosen_one(qtbot: QtBot, window: MainWindow) -> None:
    section = open_categories(window)
    stand_on(section.tree.table, "商品问题")

    press(KEY.Key_Return)
    commit("包装")
    save(qtbot, window)

    assert "商品问题 > 包装" in offered(window)


def test_the_space_bar_hides_a_category_and_brings_it_back(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_categories(window)
    before = offered(window)
    place = stand_on(section.tree.table, "商品问题")

    press(KEY.Key_Space)
    settle(qtbot, window.desk)

    assert not any(path.startswith("商品问题") for path in offered(window))
    assert line_of(section.tree.table, "质量") == ("行业", "隐藏")
    assert section.tree.table.row == place
    press(KEY.Key_Space)
    settle(qtbot, window.desk)
    assert offered(window) == before
    assert on_disk(folder, SETTING) == [("hidden_categories", "[]")]


def test_a_word_is_added_changed_and_taken_away(qtbot: QtBot, window: MainWindow, folder: DataFolder) -> None:
    section = open_categories(window)
    go_to(section.words.table)
    press(KEY.Key_End)
    go_to(section.words.entry)

    commit("串味")
    press(KEY.Key_Tab)
    commit("质量")
    press(KEY.Key_Return)
    save(qtbot, window)

    assert on_disk(folder, SETTING) == [("own_words", '{"串味": "商品问题 > 质量"}')]
    assert section.words.table.rows[section.words.table.row] == ("串味", "本店", "商品问题 > 质量")
    assert section.words.entry.values() == {"path": "商品问题 > 质量"}, "ready for the next word"
    stand_on(section.words.table, "串味")
    press(KEY.Key_Return)
    press(KEY.Key_A, CTRL)
    commit("价格")
    press(KEY.Key_Return)
    save(qtbot, window)
    assert line_of(section.words.table, "串味") == ("本店", "商品问题 > 价格")
    stand_on(section.words.table, "串味")
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)
    assert on_disk(folder, SETTING) == [("own_words", "{}")]


def test_what_the_shop_says_itself_stands_first(qtbot: QtBot, window: MainWindow) -> None:
    section = open_categories(window)
    stand_on(section.words.table, "快递")
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)

    assert section.words.table.rows[0] == ("快递", "停用", "商品问题 > 配送")


def test_everything_fits_a_small_screen(window: MainWindow) -> None:
    section = open_categories(window)
    window.resize(911, 512)
    QApplication.processEvents()
    assert window.width() == 911

    stops: list[QWidget] = []
    while focus() not in stops:
        stops.append(focus())
        press(KEY.Key_Tab)
        QApplication.processEvents()
        place = QRect(focus().mapTo(window, QPoint()), focus().size())
        assert window.rect().contains(place), focus().accessibleName()
    assert {section.tree.table, section.tree.put, section.words.table, section.words.remove} <= set(stops)
    assert section.words.table.height() > 4 * section.words.table.rowHeight(0)


def test_a_word_of_the_trade_is_silenced_and_brought_back_by_the_same_key(qtbot: QtBot, window: MainWindow) -> None:
    section = open_categories(window)
    stand_on(section.words.table, "坏了")

    press(KEY.Key_Delete)
    settle(qtbot, window.desk)

    assert line_of(section.words.table, "坏了") == ("停用", "商品问题 > 质量")
    stand_on(section.words.table, "坏了")
    press(KEY.Key_Delete)
    settle(qtbot, window.desk)
    assert line_of(section.words.table, "坏了") == ("行业", "商品问题 > 质量")


def test_what_is_missing_or_wrong_is_told_and_nothing_is_stored(
    qtbot: QtBot, window: MainWindow, folder: DataFolder
) -> None:
    section = open_categories(window)
    go_to(section.words.entry)
    save(qtbot, window)
    assert {key: r.problem for key, r in section.words.entry.rows.items()} == {"word": "请填写", "path": "请填写"}

    commit("两 个")
    press(KEY.Key_Tab)
    commit("质量")
    press(KEY.Key_Return)
    save(qtbot, window)

    assert told(window).startswith("词语要有 1 到 30 个字")
    add(qtbot, window, section, "商品问题 > 质量")
    assert told(window) == "已经有“商品问题 > 质量”这个分类"
    assert on_disk(folder, SETTING) == []
    here = QApplication.focusWidget()
    assert here is not None
    assert section.tree.entry.isAncestorOf(here), "to be corrected"
