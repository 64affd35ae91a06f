"""The list of categories on the 登记 page: opened, narrowed, walked through and taken by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QApplication

from tests.ui.window_rig import CTRL, KEY, at, commit, go, press, row
from ui.forms.category_editor import CategoryEditor

if TYPE_CHECKING:
    from desk_app.services.rules import Rules
    from ui.main_window import MainWindow

NO, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
GOODS = ["商品问题", *(f"商品问题 > {name}" for name in ("质量", "缺货", "价格", "说明不符", "配送"))]


@pytest.fixture
def window(window: MainWindow) -> MainWindow:
    go(window, "category")
    return window


def shown() -> list[str]:
    """Return the paths of the list that is open; none where it is not."""
    popup = QApplication.activePopupWidget()
    if not isinstance(popup, QAbstractItemView):
        return []
    model = popup.model()
    return [model.index(n, 0).data() for n in range(model.rowCount())]


def text(window: MainWindow) -> str:
    editor = row(window, "category").editor
    assert isinstance(editor, CategoryEditor)
    return editor.currentText()


@pytest.mark.parametrize("modifiers", [NO, ALT])
def test_the_arrow_down_shows_both_levels_and_enter_takes_one(
    window: MainWindow, rules: Rules, modifiers: Qt.KeyboardModifier
) -> None:
    assert shown() == []

    press(KEY.Key_Down, modifiers)

    paths = rules.trade("general").categories
    assert shown() == list(paths)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QAbstractItemView)
    fonts = [popup.model().index(n, 0).data(Qt.ItemDataRole.FontRole) for n in range(len(paths))]
    assert [isinstance(font, QFont) and font.bold() for font in fonts] == [" > " not in path for path in paths]
    press(KEY.Key_Down)
    press(KEY.Key_Down)
    assert text(window) == ""  # nothing is taken by looking
    press(KEY.Key_Return)
    assert shown() == []
    assert row(window, "category").value() == paths[2]
    assert at(window) == "category"


def test_the_list_opens_at_what_is_chosen(window: MainWindow, rules: Rules) -> None:
    commit("质量")
    press(KEY.Key_Return)

    press(KEY.Key_Down)

    assert shown() == list(rules.trade("general").categories)
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    assert row(window, "category").value() == "商品问题 > 缺货"


def test_typing_narrows_the_list_and_enter_takes_the_first(window: MainWindow) -> None:
    commit("商")
    assert shown() == GOODS
    commit("品")
    assert shown() == GOODS

    press(KEY.Key_Return)

    assert row(window, "category").value() == "商品问题"


def test_esc_leaves_what_was_typed(window: MainWindow) -> None:
    commit("商品")
    press(KEY.Key_Down)
    press(KEY.Key_Down)

    press(KEY.Key_Escape)

    assert shown() == []
    assert text(window) == "商品"
    press(KEY.Key_Down)  # what was typed still narrows
    assert shown() == GOODS


def test_tab_takes_what_is_chosen_in_the_list(window: MainWindow) -> None:
    press(KEY.Key_A, CTRL)
    commit("商品")
    press(KEY.Key_Down)
    press(KEY.Key_Down)

    press(KEY.Key_Tab)

    assert shown() == []
    assert row(window, "category").value() == "商品问题 > 质量"


def test_words_that_are_no_category_leave_the_whole_list_to_the_arrow(window: MainWindow, rules: Rules) -> None:
    commit("天气")
    assert shown() == []

    press(KEY.Key_Down)

    assert shown() == list(rules.trade("general").categories)
