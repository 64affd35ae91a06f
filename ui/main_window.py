"""The window: the rail, the line at the top, the notices, and the pages (made when they are first wanted)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desk_app import services
from ui import theme
from ui.closing import Closing
from ui.desk import looks_again
from ui.pages import PLACES, Pages, make_page
from ui.undo_offer import UndoOffer
from ui.views.register import RegisterPage
from ui.widgets.notice_bar import NoticeBar
from ui.widgets.rail import Rail
from ui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent

    from desk_app.services.results import Changes, QueueCounts, Shop
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.locking import Locking
    from ui.reminder import Reminder
    from ui.views.export import ExportPage
    from ui.views.follow_up import FollowUpPage
    from ui.views.lock import LockPage
    from ui.views.overview import OverviewPage
    from ui.views.recovery import RecoveryPage
    from ui.views.search import SearchPage
    from ui.views.settings import SettingsPage
    from ui.views.welcome import WelcomePage
    from ui.widgets.standing_bar import StandingBar

_LOOK_MS = 1000  # how often another program's changes are asked for
_REMIND_MS = 500  # after the register has been opened: the first keys go before
_COUNT_MS = 30_000  # what is overdue changes by the clock alone
_SIZE_IN_LINES = (84, 46)  # about 1366 × 768 at usual type


_ALONE = frozenset({"welcome", "lock"})  # pages beside which nothing else is offered


class Page(Protocol):
    """What a page of the window does beside being a widget."""

    def activated(self) -> None:
        """Come to the front."""


class MainWindow(QWidget):
    """One window on one data folder.

    ``painted`` is emitted once, after the first paint: everything slow begins then.
    """

    painted = Signal()

    def __init__(self, desk: Desk) -> None:
        """Make the frame and the 登记 page; nothing is asked of the register before :meth:`open_register`."""
        super().__init__()
        self.desk = desk
        self.register = RegisterPage(desk)
        self.notices = NoticeBar()
        self.top = TopLine(desk)
        self._stack = Pages(partial(make_page, desk, self.top.search), self._wire_page)
        self._was_painted = False
        self._failed_to_open = False
        self._closing = Closing(desk, self)
        self.locking: Locking | None = None
        self.standing: StandingBar | None = None
        self._reminder: Reminder | None = None
        self._look, self._count, self._later = QTimer(self), QTimer(self), QTimer(self)
        self.undo = UndoOffer(self._stack, self.notices, self)
        self._found_on = "search"  # the page that a visited case was listed on
        self.rail = Rail([(name, self.tr(words), key) for name, words, key in PLACES])
        self._stack.add("register", self.register)
        self.setWindowTitle(self.tr("前台投诉登记"))
        self._lay_out()
        self._wire()
        self.show_page("register")

    # --------------------------------------------------------------------------------------- pages

    def show_page(self, name: str, *, is_return: bool = False) -> QWidget:
        """Bring a page to the front and return it; ``is_return`` to where one has come from."""
        page = self._stack.bring(name, is_return=is_return)
        is_elsewhere = name == "recovery" and (self.desk.lost is None or self._is_locked)  # one leaves it by Esc
        self.rail.setVisible(name not in _ALONE and not is_elsewhere)
        self.top.setVisible(name != "lock")
        self.desk.is_covered = name == "lock"
        self.notices.hold(is_held=self.desk.is_covered)
        self.rail.show_page(name)
        if self.standing is not None:
            self.standing.show_whole(is_whole=name == "settings")
        cast("Page", page).activated()
        return page

    def open_case(self, number: str, *, is_visit: bool = False) -> None:
        """Show one case on the follow-up page; from a visit Esc leads back to what was found."""
        cast("FollowUpPage", self.show_page("follow_up")).open_case(number, is_visit=is_visit)

    def _open_found(self, page: str, number: str) -> None:
        self.notices.close_notice()
        self._found_on = page
        self.open_case(number, is_visit=True)

    def _return_to_found(self) -> None:
        self.notices.close_notice()
        self.show_page(self._found_on, is_return=True)
        if self._found_on == "search":
            self.top.search.end(False)

    def _leave_search(self) -> None:
        """Go back to where one was, the keys too."""
        self.notices.close_notice()
        self.show_page(self._stack.way_back("search"))
        self._stack.restore_focus("search")
        self.undo.again()

    def _wire_page(self, name: str, page: QWidget) -> None:
        """Obey a page that was just made."""
        if name == "follow_up":
            queue = cast("FollowUpPage", page)
            queue.handover_wanted.connect(partial(self._go_to, "handover"))
            queue.visit_over.connect(self._return_to_found)
        elif name == "export":
            cast("ExportPage", page).case_wanted.connect(self.open_case)
        elif name == "search":
            search = cast("SearchPage", page)
            search.opened.connect(partial(self._open_found, name))
            search.left.connect(self._leave_search)
        elif name == "overview":
            cast("OverviewPage", page).opened.connect(partial(self._open_found, name))
        elif name == "lock" and self.locking is not None:
            self.locking.wire(cast("LockPage", page))
        elif name == "welcome":
            cast("WelcomePage", page).answered.connect(lambda: self.show_page("register"))
        elif name == "recovery":
            cast("RecoveryPage", page).left.connect(self._leave_recovery)

    # ------------------------------------------------------------------------------------ register

    def open_register(self) -> None:
        """Begin to work with the register: the storage thread opens it now."""
        self.desk.storage.start()
        self.desk.ask(lambda ws: ws.shop, self._opened, self._not_opened)

    def _opened(self, shop: Shop) -> None:
        self._failed_to_open = False
        self._watch()
        self.desk.take_shop(shop)
        self.register.load_drafts()
        self._look.start(_LOOK_MS)
        self._count.start(_COUNT_MS)
        self._count_now()
        self._later.start(_REMIND_MS)
        if self.locking is not None:
            self.locking.begin()
        if not shop.is_set_up:
            self.show_page("welcome")
        elif self.locking is not None:
            self.locking.tell_open()

    def _prepare(self) -> None:
        """Make what is wanted next, while nobody waits for it: the queue, and then who reminds of it."""
        self.register.prepare()
        self._stack.page("follow_up")
        QTimer.singleShot(0, self, self._remind)

    def _remind(self) -> None:
        from ui.clipboard_watch import ClipboardWatch  # noqa: PLC0415 -- loaded when everything else is there
        from ui.danger_watch import DangerWatch  # noqa: PLC0415
        from ui.index_watch import IndexWatch  # noqa: PLC0415
        from ui.package_watch import PackageWatch  # noqa: PLC0415
        from ui.reminder import Reminder  # noqa: PLC0415

        if self._reminder is None:
            DangerWatch(self.desk, self).told.connect(self._show_danger)
            IndexWatch(self.desk, self)
            ClipboardWatch(self)
            PackageWatch(self.desk, self)
            self._reminder = Reminder(self.desk, self)
            self._reminder.wanted.connect(self._go_to_queue)

    def _go_to_queue(self) -> None:
        self.come_to_front()
        self._go_to("follow_up")

    def unlock(self) -> None:
        """Go back to where one was before the desk was locked, to the very field; what was told meanwhile is said."""
        if self._stack.current == "lock":
            self.show_page(self._stack.way_back("lock"), is_return=True)
            self._stack.restore_focus("lock")
            self.undo.again()

    def _watch(self) -> None:
        """Show what stays until it is mended, lock, and let the due dates follow the calendar; loaded only now."""
        from ui.locking import Locking  # noqa: PLC0415 -- no first key waits for it
        from ui.standing import Standing  # noqa: PLC0415

        if self.standing is None:
            self.locking = Locking(self.desk, self)
            self.top.pin_wanted.connect(self.locking.ask_pin)
            QShortcut(QKeySequence("Ctrl+Shift+L"), self).activated.connect(self.locking.lock)
            self.standing = Standing(self.desk, self).bar
            self._side.insertWidget(self._side.indexOf(self._stack), self.standing)

    def _not_opened(self, _error: Exception) -> bool:
        """Leave the sentence to the desk; what is typed meanwhile stays, and the next save tries again."""
        self._failed_to_open = True
        return False

    def _lose(self) -> None:
        """Show what can be done about a lost register; the form that somebody is typing into stays in front."""
        self._look.stop()
        self._count.stop()
        self._watch()
        if self._stack.current != "register" or not self.register.is_begun:
            self.show_page("recovery")

    @property
    def _is_locked(self) -> bool:
        return self.locking is not None and self.locking.is_locked

    def _leave_recovery(self, name: str) -> None:
        """Go on, but where nobody was signed in: then the register has to be there first, to ask who it is."""
        if self._is_locked and self.desk.lost is not None:
            self.desk.notice.emit("nothing", self.tr("前台还锁着：登记册能打开了，才能签到"))
            return
        self.show_page(name)
        if self._is_locked:
            self.show_page("lock")  # over the page where whoever signs in goes on; it is asked anew who there is

    def _have_back(self) -> None:
        self.desk.ask(lambda ws: ws.shop, self._opened, self._not_opened)

    def _show_standing(self) -> None:
        """Go where what the standing bar tells of can be mended."""
        if self._stack.current == "welcome":
            self.show_page("recovery")
        elif not self.desk.want_recovery() and self.rail.isVisible():
            cast("SettingsPage", self.show_page("settings")).show_backups()

    def _show_shop(self, shop: Shop) -> None:
        self.undo.keep_to(shop.operator)
        name = self.tr("前台投诉登记")
        self.setWindowTitle(self.tr("{0} · {1}").format(shop.name, name) if shop.name else name)

    def _show_danger(self, cause: str, sentence: str) -> None:
        if self.standing is not None:
            self.standing.tell(cause, sentence)

    def _look_now(self) -> None:
        if self.desk.storage.is_idle:
            self.desk.ask(_look, self._seen, looks_again)

    def _seen(self, seen: tuple[Changes, Shop] | None) -> None:
        if seen is not None:
            self.desk.take_shop(seen[1])
            self.desk.changed.emit(seen[0])

    def _count_now(self) -> None:
        now = self.desk.clock.now()
        self.desk.ask(lambda ws: services.desk.queue_counts(ws, now), self._show_counts, looks_again)

    def _show_counts(self, counts: QueueCounts) -> None:
        self.rail.show_overdue("follow_up", counts.overdue)
        self.top.show_soon(counts.within_the_hour)

    def _changed(self, changes: Changes) -> None:
        if self._failed_to_open:
            self._failed_to_open = False
            self.desk.ask(lambda ws: ws.shop, self._opened, self._not_opened)
        if changes.queue or changes.everything:
            self._count_now()
        if changes.everything:
            self.register.load_drafts()

    # ---------------------------------------------------------------------------------- the window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc close the notice, and leave the page that is no place of the rail."""
        if event.key() == Qt.Key.Key_Escape and not self.notices.isHidden():
            self.notices.close_notice()
        elif event.key() == Qt.Key.Key_Escape and self._stack.current == "handover":
            self._go_to(self._stack.way_back("handover"))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say, the first time, that the window is there."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half typed, then let the storage thread finish; files that are being copied come first."""
        if self._closing.waits():
            event.ignore()
            return
        self.register.keep_now()
        for timer in self.findChildren(QTimer):
            timer.stop()  # a page asks nothing more of a register that is closed
        if self._reminder is not None:
            self._reminder.leave()
        self.desk.storage.stop()
        super().closeEvent(event)

    def come_to_front(self) -> None:
        """Be the window that is worked in (a second start rang)."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_keys(self) -> None:
        """Show every key."""
        from ui.views.help import KeysDialog  # noqa: PLC0415 -- loaded when it is first wanted

        KeysDialog(self, self.desk.rules.actions.values()).open()

    def _show_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Let the focus be seen however it came: Qt shows it only after Tab, and the forms go on by Enter too."""
        if now is not None:
            now.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

    def _lay_out(self) -> None:
        side = self._side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.top)
        side.addWidget(self.notices)
        side.addWidget(self._stack, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(side, 1)
        line = QFontMetrics(theme.font()).height()
        wanted = QSize(_SIZE_IN_LINES[0] * line, _SIZE_IN_LINES[1] * line)
        self.resize(wanted.boundedTo(self.screen().availableGeometry().size()))

    def _wire(self) -> None:
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._show_focus)
        self.rail.chosen.connect(self._go_to)
        self.top.handover_wanted.connect(partial(self._go_to, "handover"))
        self.top.search.wanted.connect(self._search)
        self.register.go_to_queue.connect(lambda: self._go_to("follow_up"))
        self.register.case_wanted.connect(self.open_case)
        self.register.wanted.connect(lambda: self.show_page("register"))
        self.desk.notice.connect(self.notices.say)
        self.desk.notice_over.connect(self.undo.end_notice)
        self.desk.undo_offered.connect(self.undo.offer)
        self.desk.changed.connect(self._changed)
        self.desk.shop_changed.connect(self._show_shop)
        self.desk.register_lost.connect(self._lose)
        self.desk.register_back.connect(self._have_back)
        self.desk.recovery_wanted.connect(lambda: self.show_page("recovery"))
        self._look.timeout.connect(self._look_now)
        self._count.timeout.connect(self._count_now)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._prepare)
        keys: list[tuple[str, Callable[[], object]]] = [(key, partial(self._go_to, name)) for name, _, key in PLACES]
        own = (
            ("F1", self.show_keys),
            ("F4", self.top.choose_operator),
            ("F8", partial(self._go_to, "handover")),
            ("F12", self._show_standing),
            ("Ctrl+F", self._search),
            ("Ctrl+Z", self.undo.take_back),
        )
        for key, slot in (*keys, *own):
            QShortcut(QKeySequence(key), self).activated.connect(slot)

    def _search(self) -> None:
        self._go_to("search")

    def _go_to(self, name: str) -> None:
        """Go where the person wants to; what was said of the page that is left is over."""
        if self.rail.isVisible():  # at the first start the three questions come first
            self.notices.close_notice()
            self.show_page(name)
            self.undo.again()


def _look(ws: Workspace) -> tuple[Changes, Shop] | None:
    changes = services.desk.has_changed(ws)
    return None if changes is None else (changes, ws.shop)
