"""The tabs of the 设置 page, reached as a person reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from tests.ui.window_rig import CTRL, KEY, press, settle, until
from ui.views.settings import SettingsPage
from ui.views.settings_backup import BackupSection
from ui.views.settings_calendar import CalendarSection
from ui.views.settings_categories import CategoriesSection
from ui.views.settings_deadlines import DeadlinesSection
from ui.views.settings_privacy import PrivacySection
from ui.views.survey import SurveySection
from ui.views.volumes import VolumesSection

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.main_window import MainWindow

_Section = TypeVar("_Section", bound=QWidget)
ALT = Qt.KeyboardModifier.AltModifier


def open_settings(window: MainWindow) -> SettingsPage:
    press(KEY.Key_4, CTRL)
    page = window.findChild(SettingsPage)
    assert page is not None
    assert page.isVisible()
    return page


def _open_section(window: MainWindow, key: Qt.Key, kind: type[_Section]) -> _Section:
    page = open_settings(window)
    press(key, ALT)
    section = page.findChild(kind)
    assert section is not None
    assert section.isVisible()
    return section


def open_calendar(window: MainWindow) -> CalendarSection:
    return _open_section(window, KEY.Key_2, CalendarSection)


def open_deadlines(window: MainWindow) -> DeadlinesSection:
    return _open_section(window, KEY.Key_3, DeadlinesSection)


def open_categories(window: MainWindow) -> CategoriesSection:
    return _open_section(window, KEY.Key_4, CategoriesSection)


def open_privacy(window: MainWindow) -> PrivacySection:
    return _open_section(window, KEY.Key_6, PrivacySection)


def open_backups(window: MainWindow) -> BackupSection:
    return _open_section(window, KEY.Key_7, BackupSection)


def open_volumes(window: MainWindow) -> VolumesSection:
    return _open_section(window, KEY.Key_8, VolumesSection)


def open_survey(window: MainWindow) -> SurveySection:
    return _open_section(window, KEY.Key_9, SurveySection)


def go_to(widget: QWidget) -> None:
    """Press Tab until a widget, or a part of it, has the focus."""
    for _ in range(60):
        here = QApplication.focusWidget()
        if here is not None and (here is widget or widget.isAncestorOf(here)):
            return
        press(KEY.Key_Tab)
    raise AssertionError("the Tab key does not reach it")


def answer_dialog(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Type a path into the file dialog that is open, and wait for what comes of it."""
    until(qtbot, lambda: window.findChild(QFileDialog) is not None)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText(str(path))
    dialog.accept()
    window.activateWindow()  # as every window system does but the offscreen one
    until(qtbot, lambda: window.findChild(QFileDialog) is None and QApplication.focusWidget() is not None)
    settle(qtbot, window.desk)
