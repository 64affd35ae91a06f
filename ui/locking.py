"""Locks the window: at its start, by a key, and when nobody has touched it for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget
from shiboken6 import isValid

from desk_app import services
from desk_app.errors import KnownError
from desk_app.services.results import Changes

if TYPE_CHECKING:
    from desk_app.services.access import SignedIn, StaffMember
    from desk_app.services.results import Finding, Shop
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.main_window import MainWindow
    from ui.views.lock import LockPage

_MINUTE_MS = 60_000
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
    }
)


class _Standing(NamedTuple):
    """Who there is, whether the desk is locked, and whether the one who is signed in has a PIN."""

    staff: tuple[StaffMember, ...]
    is_locked: bool
    has_pin: bool


class IdleWatch(QObject):
    """Says when nobody has touched a key or the mouse for some minutes; costs nothing while it is not on."""

    def __init__(self, parent: QObject) -> None:
        """Watch nothing yet."""
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)

    def watch(self, minutes: int) -> None:
        """Begin to count anew; 0: watch no more."""
        app = cast("QApplication", QApplication.instance())
        app.removeEventFilter(self)
        if minutes:
            app.installEventFilter(self)
            self.timer.start(minutes * _MINUTE_MS)
        else:
            self.timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin to count anew whenever somebody touches anything."""
        if event.type() in _TOUCHES:
            self.timer.start()
        return False


class Locking(QObject):
    """The window's lock. What is half typed stays where it is, unseen, and is there for whoever signs in."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        """Lock nothing yet."""
        super().__init__(window)
        self._desk, self._window = desk, window
        self.idle = IdleWatch(self)
        self.is_locked = False
        self._known: _Standing | None = None
        self.idle.timer.timeout.connect(self.lock)
        desk.locked.connect(self.look)
        desk.shop_changed.connect(self._watch)

    def look(self) -> None:
        """Ask whether somebody is signed in, and lock where nobody is."""
        self._desk.ask(_standing, self._take, _leave_it)

    def begin(self) -> None:
        """Ask it of a register that has just been opened: it may be another one than that which the lock was of."""
        self._desk.ask(_standing, self._begin, _leave_it)

    def _begin(self, standing: _Standing) -> None:
        was_locked, self.is_locked = self.is_locked, False
        self._take(standing)
        if was_locked and not self.is_locked:
            self._window.unlock()

    def lock(self) -> None:
        """Lock the desk now (Ctrl+Shift+L; idle): at once, however much the storage thread has still to do."""
        if self.is_locked:
            return
        if self._known is not None and self._desk.lost is None and any(each.has_pin for each in self._known.staff):
            self._cover(self._known)
        self._desk.ask(services.access.sign_out, lambda _done: self.look(), self._not_noted)

    def _not_noted(self, error: Exception) -> bool:
        """Lock all the same: what could not be written is told behind it. Without any PIN there is no locking."""
        if self.is_locked and isinstance(error, KnownError) and error.code == "pins_none":
            self._uncover()
        else:
            self.look()
        return False

    def ask_pin(self, name: str) -> None:
        """Let somebody take over who has a PIN; who is there goes on where they do not."""
        self._desk.ask(_standing, lambda standing: self._show(standing, name, can_leave=not standing.is_locked))

    def tell_open(self) -> None:
        """Say once what it means that everybody may do everything here."""
        self._desk.ask(services.shop.tell_open, self._tell, _leave_it)

    def _tell(self, finding: Finding | None) -> None:
        if finding is not None:
            self._desk.notice.emit("warning", self._desk.rules.sentences.say(finding.code, finding.params))

    def _take(self, standing: _Standing) -> None:
        if standing.is_locked and not self.is_locked:
            self._cover(standing)
        self._watch_for(standing)

    def _cover(self, standing: _Standing) -> None:
        self.is_locked = True
        self.idle.watch(0)
        self._show(standing, self._desk.shop.operator if self._desk.shop else "", can_leave=False)

    def _uncover(self) -> None:
        self.is_locked = False
        self._window.unlock()

    def _show(self, standing: _Standing, name: str, *, can_leave: bool) -> None:
        _close_what_is_open(self._window)
        page = cast("LockPage", self._window.show_page("lock"))
        page.ask(standing.staff, name, can_leave=can_leave)

    def wire(self, page: LockPage) -> None:
        """Obey the page."""
        page.entered.connect(self._entered)
        page.left.connect(self._uncover)

    def _entered(self, signed: SignedIn) -> None:
        self._desk.take_shop(signed.shop)
        self._desk.notice.emit("done", self.tr("现在由 {0} 受理").format(signed.shop.operator))
        self._uncover()
        self._desk.changed.emit(Changes(queue=True, drafts=True, everything=True))

    def _watch(self, _shop: Shop) -> None:
        self._desk.ask(_standing, self._watch_for, _leave_it)

    def _watch_for(self, standing: _Standing) -> None:
        shop = self._desk.shop
        rested = (services.access.StaffMember(each.name, each.role, each.has_pin) for each in standing.staff)
        self._known = standing._replace(staff=tuple(rested))  # who has to wait, the next try says
        is_on = standing.has_pin and not standing.is_locked and shop is not None
        self.idle.watch(shop.lock_after if is_on and shop is not None else 0)


def _standing(ws: Workspace) -> _Standing:
    session = ws.session
    return _Standing(services.access.staff(ws), session is None, session is not None and ws.has_pin(session.name))


def _leave_it(_error: Exception) -> bool:
    """Say nothing: whoever asked for something was told, and this is asked again."""
    return True


def _close_what_is_open(window: QWidget) -> None:
    """Close every menu, list and dialog: what they show is not for who comes next.

    What cannot be closed now (pages are on their way to a printer) goes on unseen.
    """
    for widget in QApplication.topLevelWidgets():
        if widget is window or not widget.isVisible() or widget.windowType() is Qt.WindowType.Window:
            continue
        widget.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        if not isinstance(widget, QProgressDialog):  # to close it would end what it tells of
            widget.close()
        if isValid(widget):
            widget.hide()
