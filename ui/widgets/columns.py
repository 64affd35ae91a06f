"""Widgets in two columns, or in one below the other where there is no room for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_TWO = 2


class Columns(QWidget):
    """Its widgets are read, and reached by Tab, in their order: from left to right, then the next line."""

    def __init__(self, widgets: Sequence[QWidget], least: int, gap: int, parent: QWidget | None = None) -> None:
        """Take widgets; ``least`` is the width in pixels below which a column is too narrow for one."""
        super().__init__(parent)
        self._widgets, self._least, self._gap, self._columns = tuple(widgets), least, gap, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(gap)
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take one column or two."""
        super().resizeEvent(event)
        self._arrange(_TWO if self.width() >= _TWO * self._least + self._gap else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, place // columns, place % columns)
        for column in range(_TWO):
            self._grid.setColumnStretch(column, int(column < columns))
