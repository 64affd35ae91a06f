"""Ctrl+Z for a minute: what can be taken back, the words that offer it, and the page on which it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ui.pages import Pages
    from ui.widgets.notice_bar import NoticeBar

_WITHIN_MS = 60_000  # domain.undoing.WITHIN: not loaded before the first paint


class _Undo(NamedTuple):
    take_back: Callable[[], None]
    words: str
    page: QWidget | None


class UndoOffer(QObject):
    """The last thing that can be taken back. Only the page it was done on offers it, and only where nothing is told."""

    def __init__(self, pages: Pages, notices: NoticeBar, parent: QObject) -> None:
        """Have nothing to take back."""
        super().__init__(parent)
        self._pages, self._notices = pages, notices
        self._undo: _Undo | None = None
        self._operator = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.forget)
        notices.undo_wanted.connect(self.take_back)

    def offer(self, undo: Callable[[], None], words: str) -> None:
        """Let the last thing be taken back, for a minute, whenever this page is in front."""
        self._undo = _Undo(undo, words, self._pages.currentWidget())
        self.timer.start(_WITHIN_MS)
        self._notices.offer_undo(_WITHIN_MS)

    def again(self) -> None:
        """Where nothing else is told, say what can be taken back here for the rest of its minute."""
        if self._undo is not None and self._is_here(self._undo) and not self._notices.sentence:
            self._notices.offer_undo(self.timer.remainingTime(), self._undo.words)

    def keep_to(self, operator: str) -> None:
        """Let nobody else take back what one did."""
        if operator != self._operator:
            self._operator = operator
            self.forget()

    def forget(self) -> None:
        """Let what was done stay done."""
        self._undo = None
        self.timer.stop()

    def take_back(self) -> None:
        """Take back what this page offers; once."""
        if (undo := self._undo) is not None and self._is_here(undo):
            self.forget()
            self._notices.close_notice()
            undo.take_back()

    def end_notice(self, sentence: str) -> None:
        """Take a notice away that has had its time; what can be taken back still can."""
        if self._notices.sentence == sentence:
            self._notices.close_notice()
            self.again()

    def _is_here(self, undo: _Undo) -> bool:
        return undo.page is self._pages.currentWidget()
