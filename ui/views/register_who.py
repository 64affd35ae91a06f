"""Beside the form, or on one line over it: the customer whom the form names, and the same matter again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.models import customer_words
from ui.theme import Step, Token
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QPaintEvent

    from desk_app.services.customers import Known
    from desk_app.services.rules import Rules
    from ui.models.customer_words import Line


class Who(NamedTuple):
    """What is told of a customer. ``alike`` is empty where nothing on file is like the form; ``can_add`` to it."""

    who: str
    standing: str
    open: tuple[Line, ...]
    history: tuple[str, ...]
    merges: tuple[str, ...]
    alike: str
    can_add: bool


def told(known: Known, rules: Rules, now: datetime) -> Who | None:
    """Return what is told of a customer; None where it is nobody known."""
    customer = known.customer
    if customer is None:
        return None
    first = known.alike[0] if known.alike else None
    return Who(
        who=customer_words.who(customer),
        standing=customer_words.standing(customer, rules),
        open=tuple(customer_words.open_lines(customer, rules, now)),
        history=tuple(customer_words.history_line(file, rules, now) for file in customer.cases),
        merges=tuple(customer_words.merged(customer, decision) for decision in customer.merges),
        alike=customer_words.alike(first, rules, now) if first else "",
        can_add=first is not None and not first.file.case.status.is_over,
    )


class WhoPane(QWidget):
    """All that is told, as far as there is room; ``menu_wanted`` and ``add_wanted`` are what can be done about it."""

    menu_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Know nobody."""
        super().__init__(parent)
        self.who, self._standing = _wrapped(), ElidedLabel()
        self.who.setFont(theme.font(Step.LARGE, bold=True))
        theme.ink(self._standing, Token.MUTED)
        self.alike = AlikeNote()
        self.alike.add.clicked.connect(self.add_wanted)
        self._lines = _Lines()
        self._menu = QPushButton(self.tr("历次、分类、合并  Ctrl+H"))
        self._menu.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._menu.clicked.connect(self.menu_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.space(3))
        column.setSpacing(theme.space(1.5))
        for widget in (self.who, self._standing, self.alike, self._lines, self._menu):
            column.addWidget(widget)
        self.hide()

    def tell(self, who: Who) -> None:
        """Show a customer."""
        self.who.setText(who.who)
        self._standing.setText(who.standing)
        self.alike.tell(who)
        merges = [(words, Token.MUTED) for words in who.merges]
        still = [(line.text, Token.DANGER if line.is_late else Token.TEXT) for line in who.open]
        self._lines.tell([*still, *merges, *((text, Token.MUTED) for text in who.history)])


class WhoLine(QWidget):
    """The same on one line over the form, where nothing stands beside it."""

    add_wanted = Signal()
    menu_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Know nobody."""
        super().__init__(parent)
        self.who, self.alike = ElidedLabel(), AlikeNote(across=True)
        self.who.setFont(theme.font(bold=True))
        menu = QPushButton(self.tr("历次  Ctrl+H"))
        menu.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        menu.clicked.connect(self.menu_wanted)
        self.alike.add.clicked.connect(self.add_wanted)
        head = QHBoxLayout()
        head.addWidget(self.who, 1)
        head.addWidget(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(5), theme.space(), theme.space(5), theme.space())
        column.setSpacing(theme.space())
        column.addLayout(head)
        column.addWidget(self.alike)
        self.hide()

    def tell(self, who: Who) -> None:
        """Show a customer; what is owed next to them is told where it is late."""
        late = next((line.text for line in who.open if line.is_late), "")
        self.who.setText(" · ".join(filter(None, (who.who, who.standing, late))))
        self.alike.tell(who)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay a ground that sets the line off."""
        theme.fill(QPainter(self), self.rect(), Token.SELECTED)


class AlikeNote(QWidget):
    """That a case on file is perhaps the same matter, and the key that adds to it; going on needs none."""

    def __init__(self, parent: QWidget | None = None, *, across: bool = False) -> None:
        """Be hidden; ``across`` puts everything on one line."""
        super().__init__(parent)
        self.words, self.add, self._hint = _wrapped(), QPushButton(self.tr("记到那一件  Alt+D")), _wrapped()
        self.add.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._hint.setFont(theme.font(Step.SMALL))
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        box, side = QBoxLayout(way, self), theme.space(1.5)
        box.setContentsMargins(side, side, side, side)
        box.setSpacing(theme.space())
        for widget, share in ((self.words, 3), (self.add, 0), (self._hint, 2)):
            box.addWidget(widget, share if across else 0)
        self.hide()

    def tell(self, who: Who) -> None:
        """Show it, or nothing."""
        self.words.setText(who.alike)
        self.add.setVisible(who.can_add)
        over = self.tr("那一件已了结：要接着办，按 Ctrl+H 打开它再“重新打开”；继续登记就是新的一件")
        self._hint.setText(self.tr("继续登记就是新的一件") if who.can_add else over)
        self.setVisible(bool(who.alike))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the ground of a warning."""
        theme.fill(QPainter(self), self.rect(), Token.WARNING_SURFACE)


class _Lines(QWidget):
    """So many lines as there is room for; the last tells how many more there are."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[tuple[str, Token]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def tell(self, told: list[tuple[str, Token]]) -> None:
        self._told = told
        self.setAccessibleName("\n".join(text for text, _ in told))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, len(self._told) * self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(2, len(self._told)) * self._line())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, room = QPainter(self), max(1, self.height() // self._line())
        shown = self._told if len(self._told) <= room else self._told[: room - 1]
        if len(shown) < len(self._told):
            shown = [*shown, (self.tr("…还有 {0} 行，按 Ctrl+H").format(len(self._told) - len(shown)), Token.MUTED)]
        for place, (text, ink) in enumerate(shown):
            area = QRect(0, place * self._line(), self.width(), self._line())
            painter.setPen(theme.token(ink))
            cut = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, cut)

    def _line(self) -> int:
        return self.fontMetrics().height() + theme.space(0.5)


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
