"""The form and what stands beside it: the five things to ask, or the guide; one at a time where both do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.desk import Desk
    from ui.forms.field_form import FieldForm, FormScroll
    from ui.views.case_guide import GuidePane
    from ui.views.register_customer import CustomerWatch
    from ui.views.register_side import SidePane

_WIDE_IN_CHARACTERS = 115  # from here on the form and what stands beside it both fit


class FormRoom(QWidget):
    """Gives each of them its room. The guide is made when it is first wanted."""

    def __init__(
        self, desk: Desk, form: FieldForm, scroll: FormScroll, side: SidePane, parent: QWidget | None = None
    ) -> None:
        """Show the form, and beside it what is to be asked."""
        super().__init__(parent)
        self._desk, self._form, self._scroll, self._side = desk, form, scroll, side
        self._guide: GuidePane | None = None
        self._guide_is_open = False
        self._category = ""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.space(5), theme.space(2), theme.space(5), theme.space(1))
        column.addWidget(form)
        column.addStretch()
        scroll.setWidget(inner)
        self._customer: CustomerWatch | None = None
        self._whole, self._row = QVBoxLayout(self), QHBoxLayout()
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addLayout(self._row, 1)
        self._row.setSpacing(0)
        self._row.addWidget(scroll, 3)
        self._row.addWidget(side)

    def tell_customer(self, customer: CustomerWatch) -> None:
        """Let what is known of the customer stand beside the form, or on a line over it where that has no room."""
        self._customer = customer
        self._side.column.insertWidget(0, customer.pane)
        self._whole.insertWidget(0, customer.line)
        customer.moved.connect(self._scroll.show_focus)
        self._arrange()

    def take_focus(self) -> None:
        """Let the next key go where the last one went."""
        if self._guide is not None and self._guide_is_open and self._scroll.isHidden():
            self._guide.take_focus()
        elif self._form.focusWidget() is None:
            self._form.focus_first()
        else:
            self._form.focusWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_form(self) -> None:
        """Close the guide where it has the place of the form."""
        if self._scroll.isHidden():
            self._leave_guide()

    def show_category(self, path: str) -> None:
        """Let the guide, open or not yet, begin with the plan for a category."""
        self._category = path
        if self._guide is not None:
            self._guide.show_category(path)

    def guide_key(self) -> None:
        """Open the guide, or go to it; from within, close it."""
        if self._guide is None:
            self._guide = self._make_guide()
        if self._guide_is_open and self._guide.isAncestorOf(self.focusWidget()):
            self._leave_guide()
            return
        self._guide_is_open = True
        self._arrange()
        self._guide.activated()

    def _leave_guide(self) -> None:
        self._guide_is_open = False
        self._scroll.show()
        self.take_focus()  # before what has the focus is hidden: Qt would pass it on to any field
        self._arrange()

    def _make_guide(self) -> GuidePane:
        from desk_app.domain.guide import Stage  # noqa: PLC0415 -- the start need not wait for either
        from ui.views.case_guide import GuidePane  # noqa: PLC0415

        made = GuidePane(self._desk, can_promise=False)
        made.show_stage(Stage.RECEIVE)
        made.show_category(self._category)
        made.left.connect(self._leave_guide)
        self._row.addWidget(made, 2)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form the room of what stands beside it where both do not fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= _WIDE_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth()
        self._side.setVisible(wide and not self._guide_is_open)
        if self._customer is not None:
            self._customer.put_beside(beside=not self._side.isHidden())
        if self._guide is not None:
            self._guide.setVisible(self._guide_is_open)
        self._scroll.setVisible(wide or not self._guide_is_open)
