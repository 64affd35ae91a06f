"""The pages of the window, one in front: each is made when it is first wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.desk import Desk
    from ui.widgets.search_line import SearchLine

_FIRST = "register"
PLACES = (
    ("register", "登记", "Ctrl+1"),
    ("follow_up", "跟进", "Ctrl+2"),
    ("export", "导出", "Ctrl+3"),
    ("overview", "统计", "Ctrl+5"),
    ("settings", "设置", "Ctrl+4"),
)
"""The pages of the rail in its order: name, words, key. A page keeps its key when another comes between."""
_NOT_TO_RETURN_TO = frozenset({"search", "welcome", "lock"})  # but from the lock to what was searched for
_LEADS_BACK_TO_THE_FIELD = frozenset({"search", "lock"})


class Pages(QStackedWidget):
    """Pages by name. Those that are no place of the rail (the handover, the search) lead back to where one was."""

    def __init__(
        self, make: Callable[[str], QWidget], made: Callable[[str, QWidget], None], parent: QWidget | None = None
    ) -> None:
        """Have no page yet; ``make`` makes one, and ``made`` is told of it."""
        super().__init__(parent)
        self._make, self._made = make, made
        self._pages: dict[str, QWidget] = {}
        self._before: dict[str, str] = {}
        self._had_focus: dict[str, QWidget | None] = {}
        self.current = ""
        """The name of the page in front."""

    def add(self, name: str, page: QWidget) -> None:
        """Take a page that was made already."""
        self._pages[name] = page
        self.addWidget(page)

    def page(self, name: str) -> QWidget:
        """Return a page, made now where it was not wanted before."""
        if name not in self._pages:
            self.add(name, self._make(name))
            self._made(name, self._pages[name])
        return self._pages[name]

    def bring(self, name: str, *, is_return: bool = False) -> QWidget:
        """Bring a page to the front, remember where one was (but on a return to this page), and return it."""
        page, before = self.page(name), self.current
        if name in _LEADS_BACK_TO_THE_FIELD and before != name and not is_return:
            self._had_focus[name] = QApplication.focusWidget()
        if before in _NOT_TO_RETURN_TO and (name, before) != ("lock", "search"):
            before = self.way_back(before)
        if before != name and not is_return:
            self._before[name] = before or _FIRST
        self.current = name
        self.setCurrentWidget(page)
        return page

    def way_back(self, name: str) -> str:
        """Return the page that was in front before this one."""
        return self._before.get(name, _FIRST)

    def restore_focus(self, name: str) -> None:
        """Let the keys go on where they went before the search, or the lock, if that is on the page in front still."""
        wanted = self._had_focus.pop(name, None)
        for widget in self.page(self.current).findChildren(QWidget):  # it may have been deleted meanwhile
            if widget is wanted and widget.isVisible():
                widget.setFocus(Qt.FocusReason.OtherFocusReason)


_MADE_BY = {
    "follow_up": ("ui.views.follow_up", "FollowUpPage"),
    "export": ("ui.views.export", "ExportPage"),
    "overview": ("ui.views.overview", "OverviewPage"),
    "welcome": ("ui.views.welcome", "WelcomePage"),
    "lock": ("ui.views.lock", "LockPage"),
    "handover": ("ui.views.handover", "HandoverPage"),
    "recovery": ("ui.views.recovery", "RecoveryPage"),
    "settings": ("ui.views.settings", "SettingsPage"),
}


def make_page(desk: Desk, box: SearchLine, name: str) -> QWidget:
    """Make a page; its module is loaded only now, so that the start does not wait for it."""
    if name == "search":
        from ui.views.search import SearchPage  # noqa: PLC0415

        return SearchPage(desk, box)
    module, page = _MADE_BY[name]
    return cast("QWidget", getattr(import_module(module), page)(desk))
