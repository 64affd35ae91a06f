"""The journal: who signed in, looked at whole data, exported, changed a setting; the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.journal import Noted
from desk_app.errors import KnownError
from desk_app.sentences import short_time
from desk_app.services import logbook
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.journal import JournalEntry
    from ui.desk import Desk

_PAGE = 200  # entries that are asked for at once
_SIGNING = (Noted.SIGN_IN, Noted.SIGN_IN_FAILED, Noted.SIGN_OUT, Noted.PIN, Noted.RECOVERY_CODE)
_LEAVING = (Noted.VIEW, Noted.EXPORT, Noted.PRINT, Noted.PERSON_SHEET, Noted.SECOND_COPY)
_SETTING = (Noted.SETTING, Noted.LOCK_MONTH)


class JournalSection(QWidget):
    """A digit narrows it, the arrows go through it, Ctrl+PgDn brings what is older."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Ask for the newest."""
        super().__init__(parent)
        self._desk = desk
        self._entries: tuple[JournalEntry, ...] = ()
        self._kinds = {
            "all": (self.tr("全部"), logbook.EVERYTHING),
            "signing": (self.tr("签到与口令"), _SIGNING),
            "leaving": (self.tr("查看、导出与打印"), _LEAVING),
            "setting": (self.tr("设置"), _SETTING),
            "other": (self.tr("其他"), tuple(k for k in Noted if k not in {*_SIGNING, *_LEAVING, *_SETTING})),
        }
        self.which = ChoiceBar([Choice(key, label) for key, (label, _kinds) in self._kinds.items()])
        self.which.set_value("all")
        self.which.setAccessibleName(self.tr("哪些"))
        titles = (self.tr("时间"), self.tr("谁"), self.tr("做了什么"))
        self.table = RowsTable(titles, ("2026-12-30 23:59", "欧阳慕容晓晓", ""), self.tr("日志"))
        self.older = QPushButton(self.tr("更早的  Ctrl+PgDn"))
        self._lay_out()
        self._wire()

    def focus_first(self) -> None:
        """Look again, and take the keys."""
        self.table.setFocus()
        self._look()

    def _look(self) -> None:
        kinds = self._kinds[str(self.which.value())][1]
        self._desk.ask(lambda ws: logbook.page(ws, kinds, limit=_PAGE), self._show, self._no)

    def _look_further(self) -> None:
        if self._entries and not self.older.isHidden():
            kinds, before = self._kinds[str(self.which.value())][1], self._entries[-1].id
            self._desk.ask(lambda ws: logbook.page(ws, kinds, before, _PAGE), self._show_more, self._no)

    def _show(self, entries: tuple[JournalEntry, ...]) -> None:
        self._entries = entries
        self.older.setVisible(len(entries) == _PAGE)
        self.table.show_rows(self._rows(), self.tr("还没有记录"))

    def _show_more(self, entries: tuple[JournalEntry, ...]) -> None:
        self._entries += entries
        self.older.setVisible(len(entries) == _PAGE)
        self.table.show_rows(self._rows())

    def _rows(self) -> Sequence[Sequence[str]]:
        local = self._desk.clock.local
        told = [(short_time(local(e.at)), *self._desk.rules.sentences.noted(e)) for e in self._entries]
        return [(at, by, "  ".join(filter(None, words))) for at, by, *words in told]

    def _no(self, error: Exception) -> bool:
        """Say beside the empty list who may read it."""
        if not isinstance(error, KnownError) or error.code != "not_allowed":
            return False
        self._entries = ()
        self.table.show_rows((), self._desk.rules.sentences.error(error))
        self.older.hide()
        return True

    def _wire(self) -> None:
        self.which.edited.connect(self._look)
        self.older.clicked.connect(self._look_further)
        self._desk.shop_changed.connect(lambda _shop: self._look() if self.isVisible() else None)
        key = QShortcut(QKeySequence("Ctrl+PgDown"), self)
        key.activated.connect(self._look_further)

    def _lay_out(self) -> None:
        self.older.hide()
        head = QHBoxLayout()
        head.addWidget(self.which, 1)
        head.addWidget(self.older)
        whole = QVBoxLayout(self)
        whole.addLayout(head)
        whole.addWidget(self.table, 1)
