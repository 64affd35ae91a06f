"""The sheets to choose from: typing narrows them, arrows go along, the space bar ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Step, Token
from ui.widgets.row_style import show_choice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from desk_app.sentences import Sentences
    from desk_app.services.offers import Offer, Offers

_ROW_IN_TEXT_HEIGHTS = 1.7
_LEAST_ROWS = 4
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OFFER = Qt.ItemDataRole.UserRole


class SheetList(QWidget):
    """A line with the focus and below it the list that it narrows, by groups.

    Keys: ↑ ↓ PgUp PgDn go along, the space bar ticks, Ctrl+A ticks all that are seen (or none of them), Enter is
    ``taken``, Esc forgets what was typed. ``changed``: other sheets are ticked.
    """

    changed = Signal()
    taken = Signal()

    def __init__(self, sentences: Sentences, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`show_offers`."""
        super().__init__(parent)
        self._sentences = sentences
        self.line = _Line(self)
        self.line.setPlaceholderText(self.tr("打字筛选；↑↓ 选择，空格勾选，Ctrl+A 全勾"))
        self.line.setAccessibleName(self.tr("表单"))
        self.rows = QListWidget()
        self.rows.setFocusProxy(self.line)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row_height = round(QFontMetrics(theme.font()).ascent() * _ROW_IN_TEXT_HEIGHTS)
        self.rows.setMinimumHeight(_LEAST_ROWS * self._row_height)
        self._fault = QLabel()
        self._fault.setTextFormat(Qt.TextFormat.PlainText)
        self._fault.setWordWrap(True)
        theme.ink(self._fault, Token.WARNING)
        self._fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1.5))
        for widget in (self.line, self.rows, self._fault):
            column.addWidget(widget)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._narrow)
        self.rows.itemPressed.connect(self._toggle)
        self.rows.currentItemChanged.connect(self._tell_reader)

    # ------------------------------------------------------------------------------------- what is there

    def show_offers(self, offers: Offers, ticked: Collection[str]) -> None:
        """Show these sheets, those of ``ticked`` with a tick; the one chosen before stays chosen."""
        before = self.current()
        self.rows.clear()
        group = None
        for offer in offers.sheets:
            if offer.group is not group:
                group = offer.group
                self._add_head(self._sentences.label("sheet_group", group))
            self._add(offer, is_ticked=offer.id in ticked)
        told = self._sentences.error(offers.faults[0]) if offers.faults else ""
        if len(offers.faults) > 1:
            told = self.tr("{0}；另有 {1} 张也有错").format(told, len(offers.faults) - 1)
        self._fault.setText(told)
        self._fault.setVisible(bool(told))
        self._narrow()
        self.choose(before)
        self.show_colours()
        self.changed.emit()

    def ticked(self) -> tuple[str, ...]:
        """Return the ids of the sheets that are ticked, in their order, whether seen or not."""
        return tuple(_id(item) for item in self._offered() if item.checkState() is Qt.CheckState.Checked)

    def offer(self, sheet_id: str) -> Offer | None:
        """Return a sheet of the list by its id."""
        return next((item.data(_OFFER) for item in self._offered() if _id(item) == sheet_id), None)

    def current(self) -> str:
        """Return the id of the sheet that is chosen; empty where none is."""
        return next((_id(item) for item in self._seen() if item is self.rows.currentItem()), "")

    def choose(self, sheet_id: str) -> None:
        """Go to a sheet, where it is in the list."""
        for item in self._offered():
            if _id(item) == sheet_id:
                self.rows.setCurrentItem(item)

    # --------------------------------------------------------------------------------------- keys

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; return whether it means anything."""
        key = event.key()
        if key in _MOVES:
            self._move(key)
        elif key in _ENTER:
            self.taken.emit()
        elif key == Qt.Key.Key_Space:
            self._toggle(self.rows.currentItem())
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._tick_seen()
        elif key == Qt.Key.Key_Escape and self.line.text():
            self.line.clear()
        else:
            return False
        return True

    def _move(self, key: int) -> None:
        seen = self._seen()
        if not seen:
            return
        item = self.rows.currentItem()
        here = seen.index(item) if item in seen else -1
        page = max(1, self.rows.viewport().height() // self._row_height - 1)
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}[Qt.Key(key)]
        place = min(max(here + by, 0), len(seen) - 1)
        self.rows.setCurrentItem(seen[place])
        if place == 0:
            self.rows.scrollToTop()  # its head too

    def _toggle(self, item: QListWidgetItem | None) -> None:
        if item is None or item.data(_OFFER) is None or item.isHidden():
            return
        is_ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked)
        self._tell_reader()
        self.changed.emit()

    def _tick_seen(self) -> None:
        seen = self._seen()
        every = all(item.checkState() is Qt.CheckState.Checked for item in seen)
        for item in seen:
            item.setCheckState(Qt.CheckState.Unchecked if every else Qt.CheckState.Checked)
        self.changed.emit()

    def _narrow(self) -> None:
        """Leave what has every typed word in its title or its id; heads of empty groups go too."""
        words = self.line.text().casefold().split()
        head: QListWidgetItem | None = None
        for item in self._items():
            offer: Offer | None = item.data(_OFFER)
            if offer is None:
                head = item
            fits = offer is not None and all(word in f"{offer.title} {offer.id}".casefold() for word in words)
            item.setHidden(not fits)
            if fits and head is not None:
                head.setHidden(False)
        seen = self._seen()
        if seen and self.rows.currentItem() not in seen:
            self.rows.setCurrentItem(seen[0])
        if seen and self.rows.currentItem() is seen[0]:
            self.rows.scrollToTop()

    # ----------------------------------------------------------------------------------- what is shown

    def show_colours(self) -> None:
        """Show the chosen row as what has the focus, or not."""
        show_choice(self.rows)

    def changeEvent(self, event: QEvent) -> None:
        """Follow another scheme of colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.show_colours()
            for item in self._items():
                if item.data(_OFFER) is None:
                    item.setForeground(QBrush(theme.token(Token.MUTED)))

    def _tell_reader(self) -> None:
        """Let a screen reader say, of the line that has the focus, which sheet is chosen and whether it is ticked."""
        here = self.current()
        offer = self.offer(here)
        words = self.tr("{0}，已勾选") if here in self.ticked() else self.tr("{0}，未勾选")
        self.line.setAccessibleDescription(words.format(offer.title) if offer is not None else "")

    def _add_head(self, words: str) -> None:
        item = QListWidgetItem(words, self.rows)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.font(Step.SMALL, bold=True))
        item.setForeground(QBrush(theme.token(Token.MUTED)))
        item.setSizeHint(QSize(0, self._row_height))

    def _add(self, offer: Offer, *, is_ticked: bool) -> None:
        own = self._sentences.label("word", "own")
        item = QListWidgetItem(f"{offer.title}　{own}" if offer.is_own else offer.title, self.rows)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)  # a press anywhere on the row ticks
        item.setData(_OFFER, offer)
        item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        item.setSizeHint(QSize(0, self._row_height))

    def _items(self) -> Iterable[QListWidgetItem]:
        return (self.rows.item(row) for row in range(self.rows.count()))

    def _offered(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if item.data(_OFFER) is not None]

    def _seen(self) -> list[QListWidgetItem]:
        return [item for item in self._offered() if not item.isHidden()]


class _Line(QLineEdit):
    """What is typed narrows the list; the keys that walk and tick belong to the list."""

    def __init__(self, of: SheetList) -> None:
        super().__init__(of)
        self._list = of
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._list.take_key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._list.show_colours()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._list.show_colours()


def _id(item: QListWidgetItem) -> str:
    offer: Offer = item.data(_OFFER)
    return offer.id
