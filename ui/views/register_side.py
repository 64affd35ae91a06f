"""Beside the form: the five things to ask, and what is half typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.text import first_words
from ui import theme
from ui.forms.moments import say_time
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.services.results import Draft
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_ASKED = {
    "received_at": ("occurred_at",),
    "place": ("place",),
    "content": ("content",),
    "parties": ("customer_name", "parties", "target", "anonymous"),
    "customer_phone": ("customer_phone", "anonymous"),
}
"""The five things to ask (domain.md part 4 F1), each with the fields that answer it."""
_WIDTH_IN_CHARACTERS = 30
_WORDS = 40
_UNBOUNDED = (1 << 24) - 1  # QWIDGETSIZE_MAX


class SidePane(QWidget):
    """What has been asked so far, and the drafts."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Have asked nothing, and know of no draft."""
        super().__init__(parent)
        self.drafts = DraftList(desk)
        self._signs: dict[str, Glyph] = {}
        words = {
            "received_at": self.tr("时间：什么时候的事"),
            "place": self.tr("地点：在哪里"),
            "content": self.tr("经过：发生了什么"),
            "parties": self.tr("当事人：谁、涉及谁"),
            "customer_phone": self.tr("联系方式：怎么答复"),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(3), theme.space(4), theme.space(3))
        column.setSpacing(theme.space(2))
        column.addWidget(_title(self.tr("请问到这五件事")))
        for key, text in words.items():
            line = QHBoxLayout()
            self._signs[key] = Glyph("open")
            line.addWidget(self._signs[key])
            line.addWidget(QLabel(text), 1)
            column.addLayout(line)
        for words_below in (self.tr("最后把记录复述一遍，请客户确认。"), self.tr("怎么说更好：F7 处理指引与话术")):
            last = QLabel(words_below)
            last.setWordWrap(True)
            theme.ink(last, Token.MUTED)
            column.addWidget(last)
        column.addSpacing(theme.space(4))
        column.addWidget(self.drafts, 3)
        column.addStretch(1)
        self._width = _WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth() + theme.space(8)
        self.setFixedWidth(self._width)

    def spread(self, *, alone: bool) -> None:
        """Take all the room there is where it stands alone, in the place of the form."""
        self.setMaximumWidth(_UNBOUNDED if alone else self._width)

    def show_asked(self, values: Mapping[str, object]) -> None:
        """Tick what the form already answers."""
        for key, answers in _ASKED.items():
            self._signs[key].set_sign("done" if any(values.get(a) for a in answers) else "open")


class DraftList(QWidget):
    """The half-typed forms: Enter goes on with one, Delete discards it (and it can be had back)."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be empty, and hidden until there is a draft."""
        super().__init__(parent)
        self._desk = desk
        self._drafts: list[Draft] = []
        self._discarded: Draft | None = None
        self._list = _KeyList()
        self._list.setAccessibleName(self.tr("没写完的登记"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTabKeyNavigation(False)
        self._back = QPushButton(self.tr("找回刚丢弃的"))
        self._back.setAutoDefault(True)  # Enter means the button that has the focus
        self._back.hide()
        hint = QLabel(self.tr("F3 到这里　Enter 接着写　Delete 丢弃"))
        hint.setFont(theme.font(Step.SMALL))
        hint.setWordWrap(True)
        theme.ink(hint, Token.MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(_title(self.tr("没写完的登记")))
        column.addWidget(self._list, 1)
        column.addWidget(self._back)
        column.addWidget(hint)
        self._list.itemActivated.connect(lambda _item: self._open())
        self._list.entered_key.connect(self._open)
        self._list.delete_key.connect(self._discard)
        self._list.escape_key.connect(self.left)
        self._back.clicked.connect(self._restore)
        self.setVisible(False)

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Show these, the newest first."""
        row = self._list.currentRow()
        self._drafts = list(reversed(drafts))
        self._list.clear()
        now = self._desk.clock.now()
        for draft in self._drafts:
            who = str(draft.values.get("customer_name") or draft.values.get("customer_phone") or "")
            words = first_words(str(draft.values.get("content") or ""), _WORDS)
            item = QListWidgetItem(f"{say_time(draft.saved_at, now)}　{who}\n{words or self.tr('（还没写经过）')}")
            item.setSizeHint(QSize(0, int(2.6 * QFontMetrics(self._list.font()).height())))
            self._list.addItem(item)
        self._list.setCurrentRow(max(0, min(row, len(self._drafts) - 1)))
        self.setVisible(bool(self._drafts) or self._discarded is not None)

    @property
    def count(self) -> int:
        """How many are offered."""
        return len(self._drafts)

    def take_focus(self) -> bool:
        """Let the keys choose a draft, where there is one; return whether there is."""
        if self._drafts:
            self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(self._drafts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Esc from the button too."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _chosen(self) -> Draft | None:
        row = self._list.currentRow()
        return self._drafts[row] if 0 <= row < len(self._drafts) else None

    def _open(self) -> None:
        if (draft := self._chosen()) is not None:
            self.opened.emit(draft)

    def _discard(self) -> None:
        if (draft := self._chosen()) is not None:
            self._discarded = draft
            self._back.show()
            self._desk.ask(lambda ws: _discard_and_read(ws, draft.id), self.show_drafts)

    def _restore(self) -> None:
        if self._discarded is not None:
            draft, self._discarded = self._discarded, None
            self._back.hide()
            self._desk.ask(lambda ws: _keep_and_read(ws, draft), self.show_drafts)


class _KeyList(QListWidget):
    """A list that says which key was pressed on it."""

    entered_key = Signal()
    delete_key = Signal()
    escape_key = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = {
            Qt.Key.Key_Return: self.entered_key,
            Qt.Key.Key_Enter: self.entered_key,
            Qt.Key.Key_Delete: self.delete_key,
            Qt.Key.Key_Escape: self.escape_key,
        }.get(Qt.Key(event.key()))
        if signal is None:
            super().keyPressEvent(event)
        else:
            signal.emit()


def _discard_and_read(ws: Workspace, draft_id: str) -> tuple[Draft, ...]:
    services.intake.discard_draft(ws, draft_id)
    return services.intake.drafts(ws)


def _keep_and_read(ws: Workspace, draft: Draft) -> tuple[Draft, ...]:
    services.intake.save_draft(ws, draft.id, draft.values)
    return services.intake.drafts(ws)


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(bold=True))
    return label
