"""What a search has found, as a model of a table: the words of each row are made once, when it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desk_app.domain.finding import Hit
from ui.models.time_left import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from PySide6.QtCore import QObject

    from desk_app.services.rules import Rules

NUMBER, CUSTOMER, MATTER = 0, 3, 6
_HEAD = {"number": NUMBER, "customer_name": CUSTOMER, "customer_phone": CUSTOMER}  # what has a column of its own
_OF_THE_MATTER = frozenset({"content", ""})
_DISPLAY, _TOOL_TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_NOWHERE = QModelIndex()

_Index = QModelIndex | QPersistentModelIndex
Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class HitLine:
    """One case that was found, ready to be painted: the text of each column, and where words stand in one of them."""

    hit: Hit
    cells: tuple[str, ...]
    marked: int
    marks: Marks


class HitsModel(QAbstractTableModel):
    """The hits in their order."""

    def __init__(self, rules: Rules, parent: QObject | None = None) -> None:
        """Be empty."""
        super().__init__(parent)
        self._rules = rules
        self._titles = tuple(self.tr("编号 受理时间 类别 客户 状态 在哪里 事由").split())
        self.lines: tuple[HitLine, ...] = ()
        self._day: date | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What is shown."""
        return tuple(line.hit for line in self.lines)

    def show(self, hits: Sequence[Hit], now: datetime) -> None:
        """Show these; what is shown already stays, and where only some are added at the end, only they come."""
        before, day = self.hits, self._day
        self._day = now.date()  # by which moments are told
        if before != tuple(hits[: len(before)]) or day != self._day:
            self.beginResetModel()
            self.lines = tuple(self._line(hit, now) for hit in hits)
            self.endResetModel()
        elif len(hits) > len(before):
            self.beginInsertRows(_NOWHERE, len(before), len(hits) - 1)
            self.lines += tuple(self._line(hit, now) for hit in hits[len(before) :])
            self.endInsertRows()

    def find(self, number: str) -> int | None:
        """Return the row of a case, None where it is not among them."""
        return next((row for row, line in enumerate(self.lines) if line.hit.number == number), None)

    # ---------------------------------------------------------------------------------- what Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return a prepared text."""
        return self.lines[index.row()].cells[index.column()] if role in (_DISPLAY, _TOOL_TIP) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return a column's title."""
        return self._titles[section] if role == _DISPLAY and orientation is Qt.Orientation.Horizontal else None

    # ------------------------------------------------------------------------------------------ words

    def _line(self, hit: Hit, now: datetime) -> HitLine:
        sentences, fields = self._rules.sentences, self._rules.fields
        if hit.where in _OF_THE_MATTER:
            where, text = "", hit.snippet or hit.matter
        elif hit.where in _HEAD:
            where, text = fields.label(hit.where), hit.matter
        else:
            is_step = hit.where in sentences.labels["action"]
            where = sentences.label("action", hit.where) if is_step else fields.label(hit.where)
            text = self.tr("{0}　· {1}").format(hit.snippet, hit.matter) if hit.snippet else hit.matter
        cells = (*head_cells(hit, self._rules, now), where, text)
        marked = _HEAD.get(hit.where, MATTER)
        is_there = marked == MATTER or cells[marked].startswith(
            hit.snippet
        )  # a masked phone is not, where there is a name
        return HitLine(hit, cells, marked, hit.marks if is_there else ())


def head_cells(hit: Hit, rules: Rules, now: datetime) -> tuple[str, ...]:
    """Return what a list tells of every case: number, when it came, kind, customer (masked), status."""
    return (
        hit.number,
        moment(hit.received_at, now),
        rules.fields["kind"].label_of(hit.kind),
        rules.sentences.who(hit.customer, confidential=hit.is_confidential),
        rules.sentences.label("status", hit.status),
    )
