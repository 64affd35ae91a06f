"""A line at the top of what not everybody may do: whose matter it is. It forbids nothing; the use case does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desk_app.errors import KnownError
from ui import theme
from ui.theme import Step, Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from desk_app.domain.rights import Granted
    from desk_app.services.results import Shop
    from ui.desk import Desk


class RightLine(QWidget):
    """Hidden while the person at the desk has the right; follows who that is."""

    def __init__(self, desk: Desk, right: Granted, parent: QWidget) -> None:
        """Look at once."""
        super().__init__(parent)
        self._desk, self._right = desk, right
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setFont(theme.font(Step.SMALL))
        theme.ink(self._label, Token.WARNING)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(Glyph("warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.hide()
        desk.shop_changed.connect(self._show)
        if desk.shop is not None:
            self._show(desk.shop)

    @property
    def sentence(self) -> str:
        """What is said; empty where the person may."""
        return "" if self.isHidden() else self._label.text()

    def _show(self, shop: Shop) -> None:
        authority = self._desk.policy.authority
        may = authority.may(shop.operator, self._right)
        office = authority.office_of(self._right)
        why = KnownError("not_allowed", by=shop.operator, right=self._right, office=office)
        self._label.setText("" if may else self._desk.rules.sentences.error(why))
        self.setAccessibleName(self._label.text())
        self.setVisible(not may)
