"""One line at the top of the pages that says what happened; a refusal stays until it is read away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui import theme
from ui.theme import Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

_GROUNDS = {
    "done": Token.DONE_SURFACE,
    "nothing": Token.SELECTED,
    "warning": Token.WARNING_SURFACE,
    "refused": Token.DANGER_SURFACE,
}
_SIGNS = {"nothing": "open"}
"""Where the sign is not called as the kind is."""
_GOES_BY_ITSELF = ("done", "nothing")
_IMPORTANT = ("warning", "refused")
_STAYS_MS = 8000


class NoticeBar(QWidget):
    """Sign, word and sentence. Esc or a click closes it; good news and hints go by themselves.

    ``undo_wanted``: the person wants back what the notice tells of.
    """

    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be hidden until there is something to say."""
        super().__init__(parent)
        self.kind = ""
        self._is_held, self._waiting = False, ("", "")
        self._sign = Glyph("done")
        self._word = QLabel()
        self._word.setFont(theme.font(bold=True))
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._undo = QPushButton(self.tr("撤销  Ctrl+Z"))
        self._undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._undo.clicked.connect(self.undo_wanted)
        close = QPushButton(self.tr("知道了  Esc"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.close_notice)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_notice)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(1.5), theme.space(3), theme.space(1.5))
        row.setSpacing(theme.space(2))
        for widget in (self._sign, self._word):
            row.addWidget(widget)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._undo)
        row.addWidget(close)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said at present; empty where nothing is."""
        return "" if self.isHidden() else self._sentence.text()

    def say(self, kind: str, sentence: str) -> None:
        """Say a sentence: ``done``, ``nothing``, ``warning`` or ``refused``; the newest replaces the one before.

        An empty sentence takes the notice away: what was refused has been done since.
        """
        if not sentence:
            self.close_notice()
            return
        if self._is_held:
            if self._waiting[0] not in _IMPORTANT or kind in _IMPORTANT:
                self._waiting = kind, sentence
            return
        words = {
            "done": self.tr("好了"),
            "nothing": self.tr("提示"),
            "warning": self.tr("请留意"),
            "refused": self.tr("没有成功"),
        }
        self.kind = kind
        self._sign.set_sign(_SIGNS.get(kind, kind))
        self._word.setText(words[kind])
        self._sentence.setText(sentence)
        self.setAccessibleName(f"{words[kind]}：{sentence}")
        self._undo.hide()
        self._timer.stop()
        if kind in _GOES_BY_ITSELF:
            self._timer.start(_STAYS_MS)
        self.show()
        self.update()

    def offer_undo(self, milliseconds: int, words: str = "") -> None:
        """Offer to take back what is being told, for so long; with ``words`` it is told anew by them."""
        if self._is_held:
            return
        if words:
            self.say(kind="done", sentence=words)
        self._undo.show()
        self._timer.start(milliseconds)

    def hold(self, *, is_held: bool) -> None:
        """Show nothing, the present notice neither, until it is let go of: then the latest that matters is said."""
        if is_held == self._is_held:
            return
        self._is_held = is_held
        (kind, sentence), self._waiting = self._waiting, ("", "")
        self.close_notice()
        if sentence:
            self.say(kind, sentence)

    def close_notice(self) -> None:
        """Say nothing more."""
        self._timer.stop()
        self.hide()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Close at a click."""
        self.close_notice()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the ground that goes with the kind."""
        if self.kind:
            theme.fill(QPainter(self), self.rect(), _GROUNDS[self.kind])
