"""Who may decide what: a role for each operator, stored as it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.vocabulary import Role
from desk_app.services.shop import ShopSaved, notes_on_staff, set_role
from ui import theme
from ui.theme import Step, Token
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from desk_app.services.results import Shop
    from ui.desk import Desk


class StaffRoles(QWidget):
    """A line for each operator; a digit gives a role, the same digit takes it back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the shop as the desk knows it."""
        super().__init__(parent)
        self._desk = desk
        self._names: tuple[str, ...] = ()
        self.bars: dict[str, ChoiceBar] = {}
        label = desk.rules.sentences.label
        self._choices = tuple(Choice(role, label("role", role)) for role in Role)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setFont(theme.font(Step.SMALL))
        theme.ink(self._note, Token.MUTED)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(3))
        self._grid.setVerticalSpacing(theme.space(2))
        self._grid.setColumnStretch(1, 1)
        title = QLabel(self.tr("权限（数字键选，选了就生效；再按一次取消）"))
        title.setFont(theme.font(Step.SMALL))
        self._grid.addWidget(title, 0, 0, 1, 2)
        self._grid.addWidget(self._note, 1, 0, 1, 2)
        desk.shop_changed.connect(self._show)
        if desk.shop is not None:
            self._show(desk.shop)

    def _show(self, shop: Shop) -> None:
        if shop.operators != self._names:
            self._make_lines(shop.operators)
        for name, bar in self.bars.items():
            bar.set_value(shop.roles.get(name))
            self._describe(name)
        say = self._desk.rules.sentences.say
        self._note.setText("\n".join(say(n.code, n.params) for n in notes_on_staff(self._desk.policy.authority)))

    def _make_lines(self, names: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(2)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._names, self.bars = names, {}
        for line, name in enumerate(names, start=2):
            who, bar = QLabel(name), ChoiceBar(self._choices, optional=True)
            who.setTextFormat(Qt.TextFormat.PlainText)
            bar.edited.connect(lambda name=name: self._set(name))
            self.bars[name] = bar
            self._grid.addWidget(who, line, 0)
            self._grid.addWidget(bar, line, 1)
            self._grid.setRowStretch(line, 0)
        self._grid.setRowStretch(len(names) + 2, 1)

    def _describe(self, name: str) -> None:
        bar = self.bars[name]
        bar.setAccessibleName(self.tr("{0} 的权限").format(name))
        bar.setAccessibleDescription(bar.chosen_text())

    def _set(self, name: str) -> None:
        chosen = self.bars[name].value()
        role = Role(chosen) if isinstance(chosen, str) else None
        self._desk.ask(lambda ws: set_role(ws, name, role), self._saved, self._no)

    def _no(self, _error: Exception) -> bool:
        """Show the roles as they are: what was pressed is not stored."""
        if self._desk.shop is not None:
            self._show(self._desk.shop)
        return False

    def _saved(self, saved: ShopSaved) -> None:
        self._desk.take_shop(saved.shop)
        for note in saved.notes:
            self._desk.notice.emit("warning", self._desk.rules.sentences.say(note.code, note.params))
