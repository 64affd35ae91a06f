"""What every page of the window is given: the facts, the clock, the storage thread, and the bus of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desk_app import services
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import Clock
    from desk_app.domain.policy import Policy
    from desk_app.paths import DataFolder
    from desk_app.services.results import Shop
    from desk_app.services.rules import Rules
    from desk_app.services.workspace import Workspace
    from ui.calendar_watch import Recount
    from ui.tasks import Storage

_T = TypeVar("_T")


class Desk(QObject):
    """One open data folder, seen from the window.

    ``changed`` carries the :class:`Changes` of every use case that wrote something; ``shop_changed`` the shop's
    settings, at the opening too; ``notice`` a sentence for the bar at the top (kind: ``"done"``, ``"nothing"`` where
    there was nothing to do, ``"warning"`` or ``"refused"``; an empty sentence takes the last one away);
    ``notice_over`` such a sentence that has had its time; ``undo_offered`` what takes back the thing just told of, to
    be called within the minute, and the words that offer it; ``recounted`` how far the due dates have followed a
    changed calendar (``recount`` keeps the last); ``crashed`` an exception nobody expected; ``register_lost`` the
    :class:`KnownError` of a register that nobody can work with until a person has decided what happens (``lost`` keeps
    it): nothing is asked of it any more; ``recovery_wanted`` that the person is to see what can be done about it.
    ``register_back`` says that it is there again, to be looked at anew; ``cared`` that a backup, a copy elsewhere or a
    drill was made; ``locked`` that something was asked for while nobody is signed in.
    """

    changed = Signal(object)
    shop_changed = Signal(object)
    notice = Signal(str, str)
    notice_over = Signal(str)
    undo_offered = Signal(object, str)
    recounted = Signal(object)
    crashed = Signal(object)
    register_lost = Signal(object)
    recovery_wanted = Signal()
    register_back = Signal()
    cared = Signal()
    locked = Signal()

    def __init__(self, folder: DataFolder, rules: Rules, clock: Clock, storage: Storage) -> None:
        """Keep what the pages share."""
        super().__init__()
        self.folder, self.rules, self.clock, self.storage = folder, rules, clock, storage
        self.shop: Shop | None = None
        self._policy: Policy | None = None
        self.recount: Recount | None = None
        self.is_covered = False
        """Whether the lock page is in front: no dialog opens then, and no tray says a name."""
        self._told_here = ""
        self.lost: KnownError | None = None
        self._over: KnownError | None = None  # why it was lost the last time

    @property
    def policy(self) -> Policy:
        """The rules of the shop; as they are shipped while nobody knows the shop yet, which no form should ask for."""
        return self._policy or self.rules.policy

    def take_shop(self, shop: Shop) -> None:
        """Know the shop's settings from now on, and let every page know."""
        self.shop = shop
        self._policy = self.rules.policy_of(shop)
        self.shop_changed.emit(shop)

    def tell_recount(self, recount: Recount) -> None:
        """Keep how far the due dates have followed a changed calendar, and let every page know."""
        self.recount = recount
        self.recounted.emit(recount)

    def tell_here(self, kind: str, sentence: str) -> None:
        """Give a notice that means something only until the person goes on (:meth:`go_on`)."""
        self._told_here = sentence
        self.notice.emit(kind, sentence)

    def tell_undoable(self, sentence: str, take_back: Callable[[], None]) -> None:
        """Say what was done, and offer to take it back."""
        self.notice.emit("done", sentence)
        self.undo_offered.emit(take_back, sentence)

    def go_on(self) -> None:
        """Take away what was told of the case that the person leaves, or of what they have done since."""
        if self._told_here:
            self.notice_over.emit(self._told_here)
            self._told_here = ""

    def lose(self, error: KnownError) -> None:
        """Ask nothing more of a register that was found lost, and say so once; its file is closed and not touched."""
        if self.lost is None:
            self.lost = error
            self.storage.shut(error)
            self.register_lost.emit(error)

    def want_recovery(self) -> bool:
        """Where the register is lost, show what can be done about it; return whether it is."""
        if self.lost is not None:
            self.recovery_wanted.emit()
        return self.lost is not None

    def have_back(self) -> None:
        """Work with the register again: it is opened by what is asked next."""
        self._over, self.lost = self.lost, None
        self.storage.open_again()
        self.register_back.emit()

    def ask(
        self,
        work: Callable[[Workspace], _T],
        done: Callable[[_T], None],
        refused: Callable[[Exception], bool] | None = None,
        *,
        is_patient: bool = False,
    ) -> None:
        """Run a use case on the storage thread.

        ``done`` gets its value. An error goes to ``refused`` first, which returns whether it has told the person; what
        it leaves becomes a notice (a known error) or a crash report (anything else). ``is_patient``: others need not
        wait for it (:class:`~ui.latest.Latest`).

        Where the register is lost, that is told once and by its own page; a notice says later only that nothing was
        done.
        """

        def failed(error: Exception) -> None:
            if error is self._over:  # asked for before the register was back
                self.ask(work, done, refused, is_patient=is_patient)
                return
            lost, was_lost = services.recovery.lost_by(error), self.lost is not None
            if lost is not None:
                self.lose(lost)
            if refused is None or not refused(error):
                self._tell(error, is_lost=lost is not None, was_lost=was_lost)

        def delivered(value: _T) -> None:
            changes = getattr(value, "changes", None)
            done(value)
            if isinstance(changes, services.results.Changes):
                self.changed.emit(changes)

        self.storage.run(work, delivered, failed, is_patient=is_patient)

    def _tell(self, error: Exception, *, is_lost: bool, was_lost: bool) -> None:
        """Say what was refused; that the register is lost is said by its own page the first time."""
        if is_lost:
            if was_lost:
                self.notice.emit("refused", self.rules.sentences.say("register_lost", {}))
        elif isinstance(error, KnownError) and error.code == "locked":
            self.locked.emit()
        elif isinstance(error, KnownError):
            self.notice.emit("refused", self.rules.sentences.error(error))
        else:
            self.crashed.emit(error)


def looks_again(error: Exception) -> bool:
    """Leave a look untold that nobody asked for: another program was writing, or the register is lost (its page tells).

    The next look follows.
    """
    is_busy = isinstance(error, KnownError) and error.code == "database_busy"
    return is_busy or services.recovery.lost_by(error) is not None
