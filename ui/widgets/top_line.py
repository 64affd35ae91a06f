"""The line at the top: the box that searches everything, the shop, what falls due soon, and who receives at present."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desk_app import services
from desk_app.errors import KnownError
from ui import theme
from ui.theme import Token
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.glyph import Glyph
from ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from desk_app.services.results import Shop
    from desk_app.services.shop import ShopSaved
    from ui.desk import Desk


_SEARCH_IN_CHARACTERS = 64


class TopLine(QWidget):
    """Follows the shop as the desk knows it; F4 opens the list of who may receive.

    ``handover_wanted`` says that the shift is to be handed over, not just the seat; ``pin_wanted`` that somebody was
    chosen who has a PIN.
    """

    handover_wanted = Signal()
    pin_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Know of no shop until the desk says so."""
        super().__init__(parent)
        self._desk = desk
        self.search = SearchLine()
        self.search.setMaximumWidth(_SEARCH_IN_CHARACTERS * self.search.fontMetrics().averageCharWidth())
        self._name = ElidedLabel()
        self._name.setFont(theme.font(bold=True))
        self._sign = Glyph("warning")
        self._soon = QLabel()
        theme.ink(self._soon, Token.WARNING)
        self._operator = QToolButton()
        self._operator.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._operator.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._operator.setAutoRaise(True)
        self._operator.setToolTip(self.tr("换人受理  F4"))
        self._menu = QMenu(self)
        self._operator.setMenu(self._menu)
        self._operator.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(), theme.space(4), theme.space())
        row.setSpacing(theme.space(2))
        row.addWidget(self.search, 3)
        row.addSpacing(theme.space(3))
        row.addWidget(self._name, 2)
        row.addWidget(self._sign)
        row.addWidget(self._soon)
        row.addSpacing(theme.space(4))
        row.addWidget(self._operator)
        self.show_soon(0)
        desk.shop_changed.connect(self._show_shop)

    def show_soon(self, count: int) -> None:
        """Say how many fall due within the hour."""
        self._sign.setVisible(count > 0)
        self._soon.setText(self.tr("{0} 项一小时内到期").format(count) if count else "")

    def choose_operator(self) -> None:
        """Open the list of operators."""
        if self.isVisible() and not self._operator.isHidden():
            self._menu.popup(self._operator.mapToGlobal(self._operator.rect().bottomLeft()))  # showMenu would wait here

    def _show_shop(self, shop: Shop) -> None:
        self._name.setText(shop.name)
        self.search.setEnabled(shop.is_set_up)
        self.search.setVisible(shop.is_set_up)
        self._operator.setVisible(shop.is_set_up)
        self._operator.setText(self.tr("受理人：{0}  F4").format(shop.operator))
        self._menu.clear()
        for place, name in enumerate(shop.operators, start=1):
            action = self._menu.addAction(f"&{place}  {name}" if place < 10 else name)  # noqa: PLR2004 -- one digit
            action.setCheckable(True)
            action.setChecked(name == shop.operator)
            action.triggered.connect(lambda _checked=False, name=name: self._choose(name))
        self._menu.addSeparator()
        self._menu.addAction(self.tr("交班…  F8")).triggered.connect(self.handover_wanted)

    def _choose(self, name: str) -> None:
        self._desk.ask(lambda ws: services.shop.choose_operator(ws, name), self._chosen, partial(self._no, name))

    def _no(self, name: str, error: Exception) -> bool:
        if not isinstance(error, KnownError) or error.code != "pin_needed":
            return False
        self.pin_wanted.emit(name)
        return True

    def _chosen(self, saved: ShopSaved) -> None:
        self._desk.take_shop(saved.shop)
        self._desk.notice.emit("done", self.tr("现在由 {0} 受理").format(saved.shop.operator))
