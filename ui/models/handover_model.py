"""What would be handed over, as an item model: a row is something owed, the last column takes the note on it.

The notes go by the follow-up, so that they outlive every fresh look at the register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui import theme
from ui.models.time_left import Urgency, time_left, urgency
from ui.theme import Token

if TYPE_CHECKING:
    from desk_app.domain.handover import Draft, HandoverLine
    from desk_app.sentences import Sentences

_DISPLAY, _EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
_FOREGROUND, _TOOL_TIP = int(Qt.ItemDataRole.ForegroundRole), int(Qt.ItemDataRole.ToolTipRole)
_SIGNS = {Urgency.OVERDUE: "▲ ", Urgency.SOON: "● ", Urgency.LATER: ""}
_INKS = {Urgency.OVERDUE: Token.DANGER, Urgency.SOON: Token.WARNING}
_OWED, _MATTER = 2, 4  # columns
_Index = QModelIndex | QPersistentModelIndex


class HandoverModel(QAbstractTableModel):
    """The lines of a draft, and the notes that were typed."""

    def __init__(self, sentences: Sentences, parent: QObject | None = None) -> None:
        """Begin without a draft."""
        super().__init__(parent)
        self._sentences = sentences
        self.draft: Draft | None = None
        self.notes: dict[int, str] = {}
        self._titles = tuple(self.tr("时间 事项 谁欠谁 编号 事由 交接说明").split())
        self.note_column = len(self._titles) - 1

    @property
    def lines(self) -> tuple[HandoverLine, ...]:
        """What is shown, the next due first."""
        return self.draft.lines if self.draft else ()

    def show(self, draft: Draft) -> None:
        """Show a fresh draft; the notes stay."""
        if self.draft is not None and _ids(self.draft) == _ids(draft):
            self.draft = draft
            if draft.lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(draft.lines) - 1, self.note_column))
            return
        self.beginResetModel()
        self.draft = draft
        self.endResetModel()

    def missing(self) -> list[int]:
        """Return the rows on which the outgoing person still owes a word."""
        return [row for row in range(self.rowCount()) if self._is_missing(row)]

    def whole(self, row: int) -> str:
        """Return what a row has no room for: the matter, who owes whom, and the note, in full."""
        if not 0 <= row < self.rowCount():
            return ""
        line = self.lines[row]
        note = self.notes.get(line.follow_up_id, "")
        told = f"{self._cell(line, _MATTER)}（{self._cell(line, _OWED)}）"
        return told + (self.tr("　交接说明：{0}").format(note) if note else "")

    # ---------------------------------------------------------------------------------- what Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own signature; never changed
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- see rowCount
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the note be written."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == self.note_column else flags

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return a text, or the colour of what presses."""
        row, is_note = index.row(), index.column() == self.note_column
        if role == _EDIT and is_note:
            return self.notes.get(self.lines[row].follow_up_id, "")
        if role in (_DISPLAY, _TOOL_TIP):
            if is_note and self._is_missing(row):
                return self.tr("▲ 逾期未办，请写一句")
            return self._cell(self.lines[row], index.column())
        if role == _FOREGROUND and self.draft is not None:
            pressing = _INKS.get(urgency(self.lines[row].due_at, self.draft.at)) if index.column() == 0 else None
            ink = Token.DANGER if is_note and self._is_missing(row) else pressing
            return theme.token(ink) if ink else None
        return None

    def setData(self, index: _Index, value: object, role: int = _EDIT) -> bool:
        """Take a note."""
        if role != _EDIT or index.column() != self.note_column:
            return False
        self.notes[self.lines[index.row()].follow_up_id] = str(value or "").strip()
        self.dataChanged.emit(index, index)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return a column's title."""
        if role == _DISPLAY and orientation is Qt.Orientation.Horizontal:
            return self._titles[section]
        return None

    # ------------------------------------------------------------------------------------ the cells

    def _is_missing(self, row: int) -> bool:
        line, draft = self.lines[row], self.draft
        is_owed = draft is not None and line.needs_note(draft.outgoing, draft.at)
        return is_owed and not self.notes.get(line.follow_up_id)

    def _cell(self, line: HandoverLine, column: int) -> str:
        if column == 0 and self.draft is not None:
            return _SIGNS[urgency(line.due_at, self.draft.at)] + time_left(line.due_at, self.draft.at)
        kind = self._sentences.label("follow_up", line.kind)
        customer = self._sentences.who(line.customer, confidential=line.is_confidential)
        matter = " · ".join(filter(None, (line.subject, customer, line.matter)))
        promised = self._sentences.label("handover", "promised")
        return (
            "",
            promised if line.promised_in_shift else kind,
            f"{line.owed_by} → {line.owed_to}",
            line.number,
            matter,
            self.notes.get(line.follow_up_id, ""),
        )[column]


def _ids(draft: Draft) -> list[int]:
    return [line.follow_up_id for line in draft.lines]
