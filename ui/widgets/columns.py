"""Widgets in two columns, or in one below the other where there is no room for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_TWO = 2
_CHARACTERS = 39  # Chinese ones, below which a column is too narrow
_GAP = 6


class Columns(QWidget):
    """Its widgets are read, and reached by Tab, in their order: from left to right, then the next line."""

    def __init__(self, widgets: Sequence[QWidget], parent: QWidget | None = None) -> None:
        """Take widgets."""
        super().__init__(parent)
        gap = theme.space(_GAP)
        self._widgets, self._columns = tuple(widgets), 0
        self._least_for_two = _TWO * _CHARACTERS * self.fontMetrics().horizontalAdvance("国") + gap
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(gap)
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take one column or two."""
        super().resizeEvent(event)
        self._arrange(_TWO if self.width() >= self._least_for_two else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(_TWO):
            self._grid.setColumnStretch(column, int(column < columns))
