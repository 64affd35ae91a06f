"""F2: the record as it is read to the customer, large over the form; Enter says that the customer agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.forms.moments import say_time, say_when
from ui.theme import Step, Token
from ui.views.register_promise import promised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from ui.desk import Desk
    from ui.forms.field_form import FieldForm
    from ui.views.register_room import FormRoom

_TICK = "read_back"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ReadBackBand(QWidget):
    """The sentence and its two keys: ``agreed`` by Enter, ``left`` by Esc."""

    agreed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be hidden until there is something to read."""
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setFont(theme.font(Step.LARGE))
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        lead = QLabel(self.tr("念给客户听"))
        theme.ink(lead, Token.MUTED)
        agree, leave = QPushButton(self.tr("客户确认  Enter")), QPushButton(self.tr("关上  Esc"))
        agree.setFont(theme.font(bold=True))
        agree.clicked.connect(self.agreed)
        leave.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(lead, 1)
        for button in (agree, leave):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(5), theme.space(1.5), theme.space(5), theme.space(2))
        column.setSpacing(theme.space())
        column.addLayout(head)
        column.addWidget(self.sentence)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def read(self, sentence: str) -> None:
        """Show a sentence."""
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the two keys."""
        if event.key() in _ENTER:
            self.agreed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay a ground that sets the band off."""
        theme.fill(QPainter(self), self.rect(), Token.SELECTED)


class ReadBack(QObject):
    """Shows what is to be read to the customer over the form, and takes it away again; ``agreed`` when they confirm."""

    agreed = Signal()

    def __init__(self, desk: Desk, form: FieldForm, room: FormRoom, parent: QObject) -> None:
        """Show nothing."""
        super().__init__(parent)
        self._desk, self._form, self._room = desk, form, room
        self._said_yes_to = ""  # the sentence, while 已复述确认 is ticked
        self.band = ReadBackBand()
        self.band.agreed.connect(self._agree)
        self.band.left.connect(self.close)

    def begin(self) -> None:
        """Begin with what another form holds: if it is ticked, that is what the customer said yes to."""
        self.band.hide()
        self._take_yes()

    def edited(self, key: str) -> None:
        """Take the tick away, and say so, where the customer would hear something else now than they said yes to."""
        if key == _TICK:
            self._take_yes()
        elif self._said_yes_to and to_read(self._desk, self._form.values()) != self._said_yes_to:
            self._said_yes_to = ""
            self._form.rows[_TICK].set_value(None)
            words = self.tr("复述过的内容改了，“{0}”已取消；请按 F2 再念一遍")
            self._desk.notice.emit("warning", words.format(self._desk.rules.fields[_TICK].label))

    def turn(self) -> None:
        """Show it, or close it again; tell where there is nothing to read."""
        sentence = to_read(self._desk, self._form.values())
        if self.band.isVisible() or not sentence:
            self.close()
            if not sentence:
                self._desk.notice.emit("nothing", self.tr("还没有可以复述的内容"))
            return
        self._room.show_form()
        self.band.read(sentence)
        self.band.show()
        self.band.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Follow what is typed, while it is shown."""
        if self.band.isVisible():
            self.band.read(to_read(self._desk, self._form.values()))

    def close(self) -> None:
        """Go back to the form."""
        if self.band.isVisible():
            self._room.take_focus()  # before the band is hidden: Qt would pass the focus on to any field
            self.band.hide()

    def _take_yes(self) -> None:
        is_ticked = bool(self._form.rows[_TICK].value())
        self._said_yes_to = to_read(self._desk, self._form.values()) if is_ticked else ""

    def _agree(self) -> None:
        self._form.rows[_TICK].set_value(raw=True)
        self.agreed.emit()
        self.close()


def to_read(desk: Desk, values: Mapping[str, object]) -> str:
    """Return what a form says in one spoken sentence; empty where it says nothing yet.

    The time of the answer is the one at the foot of the form; one that is over is read to nobody.
    """
    from desk_app.domain.read_back import Said, sentence  # noqa: PLC0415 -- no first key waits for it

    def typed(key: str) -> str:
        return str(values.get(key) or "")

    now, due = desk.clock.now(), promised(desk, values)
    kinds, kind_fact = values.get("demand_kind"), desk.rules.fields["demand_kind"]
    kinds_said = "、".join(kind_fact.label_of(str(kind)) for kind in kinds) if isinstance(kinds, (list, tuple)) else ""
    said = Said(
        kind=typed("kind"),
        name=typed("customer_name"),
        when=say_when(typed("occurred_at"), now, desk.clock.local),
        place=typed("place"),
        content=typed("content"),
        demand=typed("demand") or kinds_said,
        amount=typed("amount"),
        due=say_time(due.due, now) if due is not None and not due.is_late else "",
        phone=typed("customer_phone"),
    )
    return sentence(said, desk.rules.read_back)
