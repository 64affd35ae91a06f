"""Prints the forms of one case, or of several together: which of those that fit, then one preview of all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desk_app.services import offers
from desk_app.services.export import OF_A_CASE, RECEIPT, Order, fill
from desk_app.services.sheets import Scope
from ui import theme
from ui.theme import Step
from ui.views.preview import documents, preview_order
from ui.views.privacy_bar import PrivacyBar
from ui.views.sheet_list import SheetList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desk_app.services.offers import Offers
    from ui.desk import Desk

_SIZE_IN_CHARACTERS, _SIZE_IN_LINES = 66, 26


class FormChooser(QDialog):
    """The forms that fit a case, or some of several.

    Enter takes those that are ticked, else the one that is chosen; Esc leaves.

    ``chosen`` carries the ids of the sheets, and whether customers are masked (None: as each sheet says).
    """

    chosen = Signal(object, object)

    def __init__(self, of: str, found: Offers, desk: Desk, parent: QWidget) -> None:
        """Stand at the record of a case. ``of`` says of which one, or of how many."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("打印 {0}").format(of))
        self.sheets = SheetList(desk.rules.sentences)
        self.sheets.show_offers(found, ())
        self.sheets.choose(OF_A_CASE)
        self._privacy = PrivacyBar()
        self._look, leave = QPushButton(self.tr("预览  Enter")), QPushButton(self.tr("返回  Esc"))
        title = QLabel(self.tr("{0} 的表单").format(of))
        title.setFont(theme.font(Step.LARGE, bold=True))
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self._look, leave):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(5)] * 4)
        column.setSpacing(theme.space(3))
        column.addWidget(title)
        column.addWidget(self.sheets, 1)
        column.addWidget(self._privacy)
        column.addLayout(buttons)
        self.sheets.taken.connect(self._take)
        self._look.clicked.connect(self._take)
        leave.clicked.connect(self.reject)
        metrics = QFontMetrics(theme.font())
        wanted = QSize(metrics.averageCharWidth() * _SIZE_IN_CHARACTERS, metrics.height() * _SIZE_IN_LINES)
        self.resize(wanted.boundedTo(self.screen().availableGeometry().size()))
        self.sheets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        wanted = self.sheets.ticked() or tuple(filter(None, (self.sheets.current(),)))
        if wanted:
            self.chosen.emit(wanted, self._privacy.masked)
            self.accept()


def print_cases(desk: Desk, parent: QWidget, numbers: Sequence[str]) -> None:
    """Let a person choose among the forms that there is at least one of for these cases, then show all in one preview.

    Of each sheet there are the forms of the first case, then those of the next, in the order of ``numbers``.
    """
    of = numbers[0] if len(numbers) == 1 else desk.tr("{0} 件").format(len(numbers))

    def show(found: Offers) -> None:
        if desk.is_covered:  # it was locked since
            return
        chooser = FormChooser(of, found, desk, parent.window())
        chooser.chosen.connect(lambda wanted, masked: _preview(desk, parent, numbers, wanted, masked=masked))
        chooser.open()

    desk.ask(lambda ws: offers.of_cases(ws, numbers), show)


def print_receipt(desk: Desk, parent: QWidget, number: str) -> None:
    """Show the receipt that the customer is given."""
    _preview(desk, parent, (number,), (RECEIPT,))


def _preview(
    desk: Desk, parent: QWidget, numbers: Sequence[str], wanted: Sequence[str], *, masked: bool | None = None
) -> None:
    """Show forms of cases as they will be on paper."""
    order = Order(
        sheets=tuple(wanted),
        scope=Scope(numbers=tuple(numbers), masked=masked),
        out=documents(),
    )
    desk.ask(lambda ws: fill(ws, order), partial(preview_order, desk, parent, order))
