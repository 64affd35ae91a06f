"""What every chart is behind its widget: a plot of data, and the drawing that it comes to in an area."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from ui.widgets.charts.look import Look

_BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
_FORTH = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})
PAGE = 10


class Spot(NamedTuple):
    """A mark as it is drawn: where, what it stands for, and the row of the table that has its number.

    ``gathers`` is set for what stands for several items: its cases are listed by none, so the table is opened instead.
    """

    area: QRectF
    key: str
    row: int
    gathers: bool = False


class Table(NamedTuple):
    """The same numbers as rows: the titles, a text for the width of each column but the last, and what a row opens."""

    titles: Sequence[str]
    widest: Sequence[str]
    rows: Sequence[Sequence[str]]
    keys: Sequence[str]


class Drawing(ABC):
    """A chart laid out in an area: it knows where each mark is, and draws all of them with their numbers."""

    spots: Sequence[Spot] = ()

    def __init__(self, look: Look) -> None:
        self._look = look

    @abstractmethod
    def paint(self, painter: QPainter) -> None:
        """Draw everything but the ring."""

    @abstractmethod
    def said(self, place: int) -> str:
        """Return what a mark says, in a sentence."""

    def step(self, place: int, key: Qt.Key) -> int:
        """Return the mark that an arrow, a page key, Home or End leads to from another one."""
        last = len(self.spots) - 1
        leaps = {
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: place - PAGE,
            Qt.Key.Key_PageDown: place + PAGE,
        }
        to = leaps.get(key, place + (key in _FORTH) - (key in _BACK))
        return min(max(to, 0), last)

    def place_at(self, point: QPointF) -> int | None:
        """Return the mark at a point."""
        return next((place for place, spot in enumerate(self.spots) if spot.area.contains(point)), None)

    def paint_ring(self, painter: QPainter, place: int) -> None:
        """Draw the ring round the mark that the keys act on: accent outside, ground inside, seen on every shade."""
        look, area = self._look, self.spots[place].area
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width, inset in ((look.ground, 1.5, 2.5), (look.strong, 2.0, 1.0)):
            shift = inset * look.hair
            painter.setPen(look.pen(ink, width))
            painter.drawRoundedRect(area.adjusted(shift, shift, -shift, -shift), look.unit / 2, look.unit / 2)


class Plot(ABC):
    """Finished data that one of the charts can draw."""

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no marks, or nothing but zeros."""

    @abstractmethod
    def laid_out(self, look: Look, area: QRectF) -> Drawing:
        """Return the drawing in an area; only where it is not empty."""

    @abstractmethod
    def table(self) -> Table:
        """Return the same numbers as rows."""

    @abstractmethod
    def least(self, look: Look) -> QSizeF:
        """Return the size below which numbers would be left out."""

    @abstractmethod
    def wanted(self, look: Look) -> QSizeF:
        """Return the size in which it reads well."""
