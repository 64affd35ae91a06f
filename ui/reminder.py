"""What falls due within the hour, told once each by the system's tray; and what fell due while the window was closed.

Worked out whenever it is looked at: nothing runs in the background, and nothing is written but when the window closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon

from desk_app.services import reminders
from ui.desk import looks_again
from ui.models.time_left import time_left
from ui.widgets.glyph import paint_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_app.domain.queue import QueueRow
    from ui.desk import Desk

_LOOK_MS = 60_000
_TOLD_AT_ONCE = 3
_ICON_PIXELS = 64
_STAYS_MS = 15_000


class Reminder(QObject):
    """Looks once a minute. ``reminded`` carries a sentence of one to a few lines; ``wanted`` that it was clicked.

    What was told is not told again, unless its due time has moved or it was left aside in between.
    """

    reminded = Signal(str)
    wanted = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Look for the first time: at what falls due, and at what was missed (a notice says it)."""
        super().__init__(parent)
        self._desk = desk
        self._told: frozenset[tuple[int, str]] = frozenset()
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MS)
        now = desk.clock.now()
        desk.ask(lambda ws: reminders.missed(ws, now), self._missed, looks_again)
        self.look()

    def look(self) -> None:
        """Ask what falls due within the hour, and remind of what is new."""
        now = self._desk.clock.now()
        self._desk.ask(lambda ws: reminders.falling_due(ws, now), self._found, looks_again)

    def leave(self) -> None:
        """Remember that the window is closed now, so that the next one knows what was missed."""
        self._desk.ask(reminders.leave, _nothing, lambda _error: True)

    def _missed(self, missed: reminders.Missed | None) -> None:
        if missed is not None:
            sentences = self._desk.rules.sentences
            self._desk.notice.emit("warning", sentences.say("missed", {"count": missed.count, "since": missed.since}))

    def _found(self, rows: Sequence[QueueRow]) -> None:
        fresh = [row for row in rows if _key(row) not in self._told]
        self._told = frozenset(map(_key, rows))
        shop = self._desk.shop
        if fresh and shop is not None and shop.reminders:
            words = self._words(fresh)
            self.reminded.emit(words)
            self._tell(words)

    def _words(self, rows: Sequence[QueueRow]) -> str:
        now, sentences = self._desk.clock.now(), self._desk.rules.sentences
        lines = []
        for row in rows[:_TOLD_AT_ONCE]:
            what = sentences.label("follow_up", row.kind)
            left = time_left(row.due_at, now)
            customer = sentences.who(row.customer, confidential=row.is_confidential == 1)
            names = () if self._desk.is_covered else (row.owed_by, customer)  # the tray shows it to whoever is there
            lines.append("　".join((left, what, *names, row.number)))
        if len(rows) > _TOLD_AT_ONCE:
            lines.append(self.tr("还有 {0} 项，按 Ctrl+2 查看").format(len(rows) - _TOLD_AT_ONCE))
        return "\n".join(lines)

    def _tell(self, words: str) -> None:
        """Let the system's tray say it, where there is one; its icon is there from the first reminder on."""
        if QGuiApplication.platformName() == "offscreen" or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(_icon(), self)
            self._tray.setToolTip(self.tr("前台投诉登记"))
            self._tray.messageClicked.connect(self.wanted)
            self._tray.activated.connect(lambda _reason: self.wanted.emit())
            self._tray.show()
        self._tray.showMessage(self.tr("一小时内到期"), words, _icon(), _STAYS_MS)


def _key(row: QueueRow) -> tuple[int, str]:
    return row.follow_up_id, row.due_text


def _icon() -> QIcon:
    picture = QPixmap(_ICON_PIXELS, _ICON_PIXELS)
    picture.fill("transparent")
    painter = QPainter(picture)
    paint_sign(painter, QRectF(0, 0, _ICON_PIXELS, _ICON_PIXELS), "warning")
    painter.end()
    return QIcon(picture)


def _nothing(_value: object) -> None:
    """Do nothing with the answer."""
