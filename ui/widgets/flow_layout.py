"""Widgets one after the other, on as many lines as the width makes necessary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


class FlowLayout(QLayout):
    """Left to right, then the next line; nothing is wider than the line.

    A plain label never ends a line: it belongs to what follows it.
    """

    def __init__(self, parent: QWidget, gap: int) -> None:
        """Be empty; ``gap`` is kept between neighbours and between lines, and more before a label."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._breaks: frozenset[QWidget] = frozenset()
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def arrange(self, order: Sequence[QWidget], breaks: frozenset[QWidget]) -> None:
        """Show these of its widgets in this order, and no other; each of ``breaks`` begins a line."""
        place = {widget: here for here, widget in enumerate(order)}
        for item in self._items:
            widget = item.widget()
            if widget is not None:
                widget.setVisible(widget in place)
        self._items.sort(key=lambda item: place.get(item.widget(), len(place)))  # type: ignore[arg-type]
        self._breaks = breaks
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that no more is taken than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that it does: fewer lines where it is wide."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many lines as ``width`` makes necessary."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def setGeometry(self, rect: QRect) -> None:
        """Put every item in its place."""
        super().setGeometry(rect)
        for item, place in self._places(rect.width()):
            item.setGeometry(place.translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        """Return the least size: the width is whatever there is."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize(0, 0)
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Return where each item goes: those of a line share its middle."""
        places, top = [], 0
        for line in self._lines(width):
            height, left = max(item.sizeHint().height() for item in line), 0
            for item in line:
                left += self._space_before(item) if item is not line[0] else 0
                size = item.sizeHint().boundedTo(QSize(width, height))
                places.append((item, QRect(left, top + (height - size.height()) // 2, size.width(), size.height())))
                left += size.width()
            top += height + self._gap
        return places

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        items, left = self._shown(), 0
        for here, item in enumerate(items):
            wide = self._space_before(item) + item.sizeHint().width()
            wanted = wide
            if type(item.widget()) is QLabel and here + 1 < len(items):
                wanted += self._gap + items[here + 1].sizeHint().width()
            if not lines or item.widget() in self._breaks or left + wanted > width:
                lines.append([])
                left, wide = 0, item.sizeHint().width()
            lines[-1].append(item)
            left += wide
        return lines

    def _space_before(self, item: QLayoutItem) -> int:
        return self._gap * (3 if isinstance(item.widget(), QLabel) else 1)
