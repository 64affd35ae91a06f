"""What every list and table of rows looks like: the chosen row, the height of a row, the heads of the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QHeaderView, QTableView

from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

_ROW_IN_TEXT_HEIGHTS = 2.2


def show_choice(rows: QWidget) -> None:
    """Show the chosen row in the accent while the keys go to it, else faintly; to be said anew when either changes."""
    colours = rows.palette()
    chosen = (Token.ACCENT, Token.ON_ACCENT) if rows.hasFocus() else (Token.SELECTED, Token.TEXT)
    for role, name in zip((QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText), chosen, strict=True):
        colours.setColor(role, theme.token(name))
    rows.setPalette(colours)


def set_columns(table: QTableView, widest: Sequence[str], padding: float) -> None:
    """Give a table rows of one height, quiet heads, and to its first columns the width of these texts.

    ``padding`` counts units of the grid, both sides of a cell together.
    """
    metrics = QFontMetrics(theme.font())
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(1)
    rows.setDefaultSectionSize(round(metrics.ascent() * _ROW_IN_TEXT_HEIGHTS))
    columns.setHighlightSections(False)
    columns.setSectionsClickable(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, text in enumerate(widest):
        table.setColumnWidth(column, metrics.horizontalAdvance(text) + theme.space(padding))
