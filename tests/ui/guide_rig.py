"""The guide as it is seen and opened, for the tests of the pages it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.desk_rig import press, settle
from tests.ui.window_rig import is_seen
from ui.views.case_guide import GuidePane
from ui.views.case_guide_list import PhraseList

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desk_app.domain.guide import Phrase
    from ui.desk import Desk


def open_guide(qtbot: QtBot, desk: Desk) -> None:
    """Press the key, and wait until the files are read."""
    press(Qt.Key.Key_F7)
    settle(qtbot, desk)


def guide(of: QWidget) -> GuidePane:
    """Return the pane of a page."""
    return of.findChild(GuidePane)


def listed(of: QWidget) -> list[str]:
    """Return what is said in each phrase on the list."""
    return [phrase.say for phrase in _rows(of) if not isinstance(phrase, str)]


def headed(of: QWidget) -> list[str]:
    """Return the titles above the phrases, as they stand on the list."""
    return [title for title in _rows(of) if isinstance(title, str)]


def _rows(of: QWidget) -> list[Phrase | str]:
    """Return each phrase on the list, and the words of what is none."""
    shown = guide(of).findChild(PhraseList)
    return [shown.item(row).data(Qt.ItemDataRole.UserRole) or shown.item(row).text() for row in range(shown.count())]


def chosen(of: QWidget) -> str:
    """Return what is said in the chosen phrase."""
    phrase = guide(of).findChild(PhraseList).chosen()
    assert phrase is not None
    return phrase.say


def written(of: QWidget) -> str:
    """Return everything that the pane has written beside the phrases."""
    return "\n".join(label.text() for label in guide(of).findChildren(QLabel) if is_seen(label))


def question(of: QWidget) -> QPushButton | None:
    """Return the question that stands below the phrases, or None."""
    return next((b for b in guide(of).findChildren(QPushButton) if b.isVisible()), None)


def clipboard() -> str:
    """Return what would be pasted now."""
    return QGuiApplication.clipboard().text()
