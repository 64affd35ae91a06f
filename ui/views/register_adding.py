"""What the page does about the customer on the form: their keys, and adding what is typed to a case on file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from desk_app import services
from ui.views.register_customer import CustomerWatch

if TYPE_CHECKING:
    from desk_app.services.results import Acted
    from ui.desk import Desk
    from ui.views.register import RegisterPage
    from ui.views.register_room import FormRoom
    from ui.views.register_tabs import Tab


class FormCustomer(QObject):
    """Joins a :class:`CustomerWatch` to the page."""

    def __init__(self, desk: Desk, page: RegisterPage, room: FormRoom) -> None:
        """Begin to look for the customer whom the form names."""
        super().__init__(page)
        self._desk, self._page = desk, page
        self.watch = made = CustomerWatch(desk, page.form, self)
        room.tell_customer(made)
        made.case_wanted.connect(page.case_wanted)
        made.add_wanted.connect(self._add_to)
        for key, slot in (("F6", made.take_over), ("Ctrl+H", made.open_menu), ("Alt+D", made.add)):
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _add_to(self, number: str) -> None:
        """Write what is typed into a case that is on file, instead of a new one."""
        self._page.send(
            lambda ws, values, form_id: services.intake.add_to(ws, number, values, form_id),
            partial(self._added, self._page.as_tab()),
        )

    def _added(self, gone: tuple[Tab, int], added: Acted) -> None:
        self._page.put_away()
        number, event_id = added.file.case.number, added.file.events[-1].id
        self._page.case_wanted.emit(number)
        words = self.tr("已记到 {0}，没有另立一件").format(number)
        self._desk.tell_undoable(words, lambda: self._take_out(number, event_id, gone))

    def _take_out(self, number: str, event_id: int, gone: tuple[Tab, int]) -> None:
        """Take back what was added; it is a form again, under an id that no save has carried."""
        request_id = gone[0].id + "-undo"

        def is_out(_undone: Acted) -> None:
            self._page.bring_back(*gone)
            self._page.wanted.emit()
            self._desk.notice.emit("done", self.tr("已从 {0} 撤回，内容又在这张表里").format(number))

        self._desk.ask(lambda ws: services.desk.undo(ws, number, request_id, event_id), is_out)
