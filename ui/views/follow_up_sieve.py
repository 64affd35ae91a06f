"""One line that sifts a view: who owes, what is owed, where the case stands, in which order; and keeps it by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.queue import Order, SavedView, Sieve
from desk_app.domain.vocabulary import FollowUpKind, Status
from ui import theme
from ui.forms.editors import ChoiceCombo, LineEditor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.sentences import Sentences

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OPEN = tuple(status for status in Status if status is not Status.VOID)
_LONGEST_NAME = 20
_LEAST_CHARACTERS = 4  # of a choice, that stay readable in a narrow window


class SieveBar(QWidget):
    """What a view is sifted by, while it is sifted.

    ``sifted`` carries the :class:`Sieve` at each change; ``named`` a name to keep it by; ``forgotten`` asks to keep the
    saved view no longer; ``left`` says that the person goes back to the list (Enter), ``undone`` that the view is to be
    as it was (Esc).
    """

    sifted = Signal(object)
    named = Signal(str)
    forgotten = Signal()
    left = Signal()
    undone = Signal()

    def __init__(
        self,
        sentences: Sentences,
        debtors: Sequence[str],
        kept: SavedView,
        parent: QWidget | None = None,
    ) -> None:
        """Show the sieve of ``kept`` (no name: it is not a saved view); ``debtors`` are the names to choose from."""
        super().__init__(parent)
        names = dict.fromkeys((*debtors, *filter(None, (kept.sieve.owed_by,))))
        kinds = ((kind, sentences.label("follow_up", kind)) for kind in FollowUpKind)
        statuses = ((status, sentences.label("status", status)) for status in _OPEN)
        self._owed_by = self._combo(((name, name) for name in names), kept.sieve.owed_by)
        self._kind = self._combo(kinds, kept.sieve.kind)
        self._status = self._combo(statuses, kept.sieve.status)
        self._order = ChoiceCombo((Choice(Order.DUE, self.tr("先到期")), Choice(Order.NEWEST, self.tr("新登记"))))
        self._order.set_value(kept.sieve.order)
        self._name = LineEditor()
        self._name.set_value(kept.name)
        self._forget = QPushButton(self.tr("删除视图"))
        self._lay_out()
        self._forget.setVisible(bool(kept.name))  # now that it is no window of its own
        for combo in (self._owed_by, self._kind, self._status, self._order):
            combo.edited.connect(self._edited)
        self._forget.clicked.connect(self.forgotten)

    def take_focus(self) -> None:
        """Begin at who owes."""
        self._owed_by.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter (keep it by the name that was typed, else go back to the list) and Esc."""
        name = self._name.value()
        if event.key() == Qt.Key.Key_Escape:
            self.undone.emit()
        elif event.key() in _ENTER and self._name.hasFocus() and name:
            self.named.emit(name)
        elif event.key() in _ENTER:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _edited(self) -> None:
        kind, status = self._kind.value(), self._status.value()
        self.sifted.emit(
            Sieve(
                owed_by=self._owed_by.value() or "",
                kind=FollowUpKind(kind) if kind else None,
                status=Status(status) if status else None,
                order=Order(self._order.value() or Order.DUE),
            )
        )

    def _combo(self, choices: Iterable[tuple[str, str]], chosen: str | None) -> ChoiceCombo:
        combo = ChoiceCombo((Choice("", self.tr("不限")), *(Choice(key, label) for key, label in choices)), self)
        combo.set_value(chosen or "")
        return combo

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1.5))
        for words, combo in (
            (self.tr("谁欠"), self._owed_by),
            (self.tr("事项"), self._kind),
            (self.tr("状态"), self._status),
            (self.tr("顺序"), self._order),
        ):
            combo.setAccessibleName(words)
            combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(_LEAST_CHARACTERS)
            row.addWidget(QLabel(words))
            row.addWidget(combo, 1)
        self._name.setAccessibleName(self.tr("视图的名字"))
        self._name.setPlaceholderText(self.tr("起名保存  Enter"))
        self._name.setMaxLength(_LONGEST_NAME)
        row.addWidget(self._name, 1)
        row.addWidget(self._forget)
