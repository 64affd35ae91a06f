"""How the 导出 page is laid out: choices with their words above them, what stays in sight below, two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtWidgets import QLayout


def add_labelled(column: QVBoxLayout, rows: Iterable[tuple[str, QWidget, QWidget]]) -> None:
    """Add each thing below its words, which are a screen reader's name of the widget that is changed there."""
    for words, buddy, shown in rows:
        label = QLabel(words)
        label.setFont(theme.font(Step.SMALL))
        label.setBuddy(buddy)
        buddy.setAccessibleName(words)
        column.addSpacing(theme.space(2))
        column.addWidget(label)
        column.addWidget(shown)


def foot(
    message: QLabel, offer: QWidget, job: QWidget, first: Sequence[QPushButton], last: Sequence[QPushButton]
) -> QVBoxLayout:
    """Return what stays in sight: the message and what it offers, how far it is, the buttons."""
    column, buttons = QVBoxLayout(), QHBoxLayout()
    message.setWordWrap(True)
    message.setTextFormat(Qt.TextFormat.PlainText)
    message.hide()
    offer.hide()
    for button in first:
        buttons.addWidget(button)
    buttons.addStretch()
    for button in last:
        buttons.addWidget(button)
    column.setSpacing(theme.space(2))
    column.addWidget(message)
    column.addWidget(offer, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(job)
    column.addLayout(buttons)
    return column


def side_by_side(page: QWidget, columns: Iterable[tuple[QLayout, int]]) -> None:
    """Lay columns beside each other, each at most so many characters wide."""
    character = page.fontMetrics().averageCharWidth()
    whole = QHBoxLayout(page)
    whole.setContentsMargins(theme.space(6), theme.space(4), theme.space(6), theme.space(4))
    whole.setSpacing(theme.space(6))
    for column, characters in columns:
        side = QWidget()
        side.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        side.setMaximumWidth(character * characters)
        whole.addWidget(side, characters)
    whole.addStretch()
