"""Beside the handover: the regular duties with their marks, and the handovers that were signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from ui import theme
from ui.theme import Token
from ui.widgets.row_style import show_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.duties import DutyStanding
    from desk_app.domain.handover import HandoverSheet

_ROW_IN_TEXT_HEIGHTS = 1.7
_LEAST_ROWS = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CalmList(QListWidget):
    """A list of one-line rows, elided; the chosen row is in the accent only while the keys go here."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Begin empty; ``name`` is for a screen reader."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self._row_height = round(QFontMetrics(theme.font()).ascent() * _ROW_IN_TEXT_HEIGHTS)
        self.setMinimumHeight(_LEAST_ROWS * self._row_height)
        show_choice(self)

    def show_rows(self, rows: Sequence[tuple[object, str, Token | None]]) -> None:
        """Show these rows, each with what it stands for; the chosen one stays chosen, wherever it has gone."""
        before, chosen = self.currentRow(), self.chosen()
        self.clear()
        for stands_for, text, ink in rows:
            item = QListWidgetItem(text, self)
            item.setData(Qt.ItemDataRole.UserRole, stands_for)
            item.setToolTip(text)
            item.setSizeHint(QSize(0, self._row_height))
            if ink is not None:
                item.setForeground(QBrush(theme.token(ink)))
        if self.count():
            places = [place for place, row in enumerate(rows) if row[0] == chosen]
            self.setCurrentRow(places[0] if places else min(max(before, 0), self.count() - 1))

    def chosen(self) -> object:
        """Return what the chosen row stands for; None where there is none."""
        return self.currentItem().data(Qt.ItemDataRole.UserRole) if self.currentRow() >= 0 else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row in the accent."""
        super().focusInEvent(event)
        show_choice(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the chosen row faintly."""
        super().focusOutEvent(event)
        show_choice(self)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            show_choice(self)


class DutyList(CalmList):
    """What the shop owes regularly. The space bar says that it is done, or takes that back: ``toggled``.

    Del says of what was missed that it never will be: ``left``.
    """

    toggled = Signal(object)
    left = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(self.tr("例行事项"), parent)
        self._standings: Sequence[DutyStanding] = ()

    def show_duties(self, standings: Sequence[DutyStanding]) -> None:
        """Show where each stands, what is owed first."""
        self._standings = standings
        self.show_rows([(each.duty.id, *self._row(each)) for each in standings])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mark by the space bar or Enter, give up what was missed by Del."""
        row = self.currentRow()
        chosen = self._standings[row] if 0 <= row < len(self._standings) else None
        if event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_Delete, *_ENTER):
            super().keyPressEvent(event)
        elif chosen is None or chosen.period is None:
            return
        elif event.key() != Qt.Key.Key_Delete:
            self.toggled.emit(chosen)
        elif chosen.missed:
            self.left.emit(chosen)

    def _row(self, each: DutyStanding) -> tuple[str, Token | None]:
        title = f"{each.duty.title}（{each.duty.owed_by}）"
        if each.period is None:
            return f"·  {title}", Token.MUTED
        if each.done and each.mark is not None:
            return self.tr("✓ 已做 {0:%m-%d} {1}　{2}").format(each.mark.at, each.mark.by, title), Token.DONE
        if each.left and each.mark is not None:
            return self.tr("✗ 未做 {0:%m-%d}　{1}（{2:%m-%d} {3}记）").format(
                each.period.last, title, each.mark.at, each.mark.by
            ), Token.MUTED
        if each.missed:
            return self.tr("▲ 过期 {0:%m-%d}　{1}").format(each.period.last, title), Token.DANGER
        return self.tr("○ {0:%m-%d} 前　{1}").format(each.period.last, title), None


class PastList(CalmList):
    """The handovers that were signed, the newest first. Enter asks for the paper: ``wanted`` carries the sheet's id."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(self.tr("交接班记录"), parent)
        self.itemActivated.connect(lambda _item: self._ask())

    def show_sheets(self, sheets: Sequence[HandoverSheet]) -> None:
        """Show who handed over to whom, when."""
        rows = [(s.id, f"{s.at:%m-%d %H:%M}　{s.outgoing} → {s.incoming}　{s.shift}", None) for s in sheets]
        self.show_rows(rows or [(None, self.tr("还没有交接班记录"), Token.MUTED)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the paper by Enter or the space bar."""
        if event.key() in (Qt.Key.Key_Space, *_ENTER):
            self._ask()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        if isinstance(sheet_id := self.chosen(), int):
            self.wanted.emit(sheet_id)
