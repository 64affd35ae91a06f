"""What the shop served: a year of months by kind, typed into a table or read from one (Ctrl+O), stored by Ctrl+S."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services import volumes
from ui import theme
from ui.theme import Step, Token
from ui.widgets.ask_path import ask_file
from ui.widgets.glyph import Glyph
from ui.widgets.right_line import RightLine
from ui.widgets.row_style import set_columns, show_choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from desk_app.domain.volumes import Entries, Kinds
    from desk_app.services.results import Changes
    from desk_app.services.volumes import MonthLine, VolumesSaved
    from ui.desk import Desk

_FIRST_YEAR, _LAST_YEAR = 2000, 9998
_MONTHS = 12
_TABLES = ("*.xlsx *.xlsm *.csv",)


class VolumesTable(QTableWidget):
    """Cells of numbers: any digit begins one, Enter goes on to the month below, Delete empties it. Tab leaves."""

    typed = Signal(int, int)
    """A person has changed the cell at this row and column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty."""
        super().__init__(_MONTHS, 0, parent)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.cellChanged.connect(self.typed)
        show_choice(self)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go on to the month below after Enter."""
        super().closeEditor(editor, hint)
        if hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            below = self.model().index(self.currentRow() + 1, self.currentColumn())
            if below.isValid() and below.flags() & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentIndex(below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with Enter, empty with Delete."""
        item = self.currentItem()
        is_open = bool(item and item.flags() & Qt.ItemFlag.ItemIsEditable)
        if is_open and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.state() is not QAbstractItemView.State.EditingState:
                self.editItem(item)
        elif is_open and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            item.setText("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the chosen cell in the accent."""
        super().focusInEvent(event)
        show_choice(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the chosen cell faintly."""
        super().focusOutEvent(event)
        show_choice(self)


class VolumesSection(QWidget):
    """What is typed is kept, whichever year is shown, until it is stored."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the present year."""
        super().__init__(parent)
        self._desk = desk
        self._lines: Sequence[MonthLine] = ()
        self._kinds: Kinds = {}
        self._typed: dict[tuple[str, str], str] = {}
        self._is_asked, self._request = False, str(uuid4())
        self.year = QSpinBox()
        self.year.setRange(_FIRST_YEAR, _LAST_YEAR)
        self.year.setValue(desk.clock.now().year)
        self.table = VolumesTable()
        self.table.setAccessibleName(self.tr("每月的接待量"))
        self.save = QPushButton(self.tr("保存  Ctrl+S"))
        self.take_in = QPushButton(self.tr("从表格读入…  Ctrl+O"))
        self.told, self._sign = QLabel(), Glyph("warning")
        self._lay_out()
        self._wire()
        self._show_kinds()

    def focus_first(self) -> None:
        """Look again, and take the keys."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    # ------------------------------------------------------------------------------------ what is shown

    def _show_kinds(self) -> None:
        """Give each kind of the trade its column."""
        shop = self._desk.shop
        kinds = volumes.kinds(self._desk.rules, shop.trade) if shop is not None else {}
        if kinds == self._kinds:
            return
        self._kinds = kinds
        self._typed = {cell: text for cell, text in self._typed.items() if cell[1] in kinds}
        titles = (self.tr("月份"), *kinds.values(), self.tr("投诉（件）"))
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        set_columns(self.table, ("2026-10", *kinds.values(), titles[-1]), 8)
        self.table.horizontalHeader().setStretchLastSection(False)

    def _look(self) -> None:
        year = self.year.value()
        self._desk.ask(lambda ws: volumes.year(ws, year), self._show)

    def _show(self, lines: Sequence[MonthLine]) -> None:
        self._lines = lines
        current = (self.table.currentRow(), self.table.currentColumn())
        self.table.blockSignals(True)
        for row in range(_MONTHS):
            self._show_row(row, lines[row] if row < len(lines) else None)
        self.table.blockSignals(False)
        last = max(0, len(lines) - 1)
        self.table.setCurrentCell(*(current if 0 <= current[0] <= last and current[1] > 0 else (last, 1)))
        self._tell_unsaved()

    def _show_row(self, row: int, line: MonthLine | None) -> None:
        month = line.month if line is not None else f"{self.year.value():04}-{row + 1:02}"
        self._set(row, 0, month)
        for column, key in enumerate(self._kinds, 1):
            known = "" if line is None or key not in line.known else f"{line.known[key]:,}"
            typed = self._typed.get((month, key))
            text, is_new = (known, False) if typed is None else (typed, True)
            self._set(row, column, text, is_open=line is not None, is_new=is_new)
        self._set(row, len(self._kinds) + 1, "" if line is None else str(line.complaints))

    def _set(self, row: int, column: int, text: str, *, is_open: bool = False, is_new: bool = False) -> None:
        item = QTableWidgetItem(text)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if is_open else flags)
        item.setFont(theme.font(bold=is_new))
        if column:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if not is_open:
            item.setForeground(theme.token(Token.MUTED))
        self.table.setItem(row, column, item)

    def _tell(self, sentence: str, *, is_warning: bool = False) -> None:
        self.told.setText(sentence)
        self._sign.setVisible(is_warning)

    def _tell_unsaved(self) -> None:
        months = sorted({month for month, _key in self._typed})
        if months:
            self._tell(self.tr("还没有保存：{0}").format("、".join(months)))
        else:
            is_empty = not any(line.known for line in self._lines)
            self._tell(self.tr("这一年还没有填。没有接待量，投诉率写“—”。") if is_empty else "")

    # ---------------------------------------------------------------------------------------- changing

    def _type(self, row: int, column: int) -> None:
        """Keep what was typed, and show that it is not stored."""
        key = tuple(self._kinds)[column - 1] if 0 < column <= len(self._kinds) else ""
        item = self.table.item(row, column)
        if not key or item is None or row >= len(self._lines):
            return
        line, text = self._lines[row], item.text().strip()
        was = "" if key not in line.known else f"{line.known[key]:,}"
        if text == was:
            self._typed.pop((line.month, key), None)
        else:
            self._typed[line.month, key] = text
        self._renew()
        self.table.blockSignals(True)
        item.setFont(theme.font(bold=text != was))
        self.table.blockSignals(False)
        self._tell_unsaved()

    def _renew(self) -> None:
        """Take what is stored next as another request, about which nobody was asked yet."""
        self._is_asked, self._request = False, str(uuid4())

    def _save(self) -> None:
        self.table.setFocus()  # what is being typed counts
        entries: dict[str, dict[str, str | None]] = {}
        for (month, key), text in self._typed.items():
            entries.setdefault(month, {})[key] = text or None
        if not entries:
            self._desk.notice.emit("nothing", self._desk.rules.sentences.say("volumes_same", {}))
            return
        request, is_sure, sent = self._request, self._is_asked, dict(self._typed)
        self._desk.ask(
            lambda ws: volumes.put_all(ws, entries, request, is_sure=is_sure), partial(self._saved, sent), self._no
        )

    def _saved(self, sent: Mapping[tuple[str, str], str], saved: VolumesSaved) -> None:
        self._typed = {cell: text for cell, text in self._typed.items() if sent.get(cell) != text}
        self._renew()
        code, count = ("volumes_saved", len(saved.months)) if saved.months else ("volumes_same", 0)
        self._desk.notice.emit("done", self._desk.rules.sentences.say(code, {"count": count}))
        self._look()

    def _no(self, error: Exception) -> bool:
        """Say below the table what is wrong, and go to the cell."""
        if not isinstance(error, KnownError) or error.code not in ("volume_number_bad", "volume_below"):
            return False
        sentence = self._desk.rules.sentences.error(error)
        self._is_asked = error.code == "volume_below"
        self._tell(sentence + (self.tr("（再按一次 Ctrl+S）") if self._is_asked else ""), is_warning=True)
        self._desk.notice.emit("done", "")  # that an earlier save was stored is no news under this one
        month, label = str(error.params["month"]), error.params["kind"]
        self.year.setValue(int(month[:4]))
        column = next((n for n, each in enumerate(self._kinds.values(), 1) if each == label), 1)
        self.table.setCurrentCell(int(month[5:]) - 1, column)
        return True

    # -------------------------------------------------------------------------------------------- files

    def _choose_file(self) -> None:
        filters = (f"{self.tr('表格')} ({_TABLES[0]})",)
        ask_file(self, self.tr("从表格读入接待量"), self.take_file, filters=filters)

    def take_file(self, path: str) -> None:
        """Read a table into the cells; it is stored by Ctrl+S, when it was looked at."""
        self._desk.ask(lambda ws: volumes.read_file(ws, Path(path)), self._take)

    def _take(self, found: Entries) -> None:
        self._typed |= {(month, key): str(n) for month, counts in found.items() for key, n in counts.items()}
        self._renew()
        self._desk.notice.emit("done", self._desk.rules.sentences.say("volumes_read", {"count": len(found)}))
        year = int(max(found)[:4])
        if year == self.year.value():
            self._look()
        self.year.setValue(year)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, changes: Changes) -> None:
        if self.isVisible() and (changes.volumes or changes.everything):
            self._look()

    def _wire(self) -> None:
        self._desk.shop_changed.connect(lambda _shop: self._show_kinds())
        self._desk.changed.connect(self._follow)
        self.year.valueChanged.connect(self._look)
        self.table.typed.connect(self._type)
        self.save.clicked.connect(self._save)
        self.take_in.clicked.connect(self._choose_file)
        for keys, slot in (
            ("Ctrl+S", self._save),
            ("Ctrl+O", self._choose_file),
            ("Ctrl+PgUp", partial(self.year.stepBy, -1)),
            ("Ctrl+PgDown", partial(self.year.stepBy, 1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("年份  Ctrl+PgUp/PgDn"))
        label.setFont(theme.font(Step.SMALL))
        label.setBuddy(self.year)
        self.year.setAccessibleName(self.tr("年份"))
        head = QHBoxLayout()
        head.setSpacing(theme.space(2))
        for widget in (label, self.year, self.take_in):
            head.addWidget(widget)
        head.addStretch()
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self._sign.hide()
        foot = QHBoxLayout()
        foot.setSpacing(theme.space(2))
        foot.addWidget(self.save)
        foot.addWidget(self._sign)
        foot.addWidget(self.told, 1)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addWidget(RightLine(self._desk, Right.VOLUMES, self))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
