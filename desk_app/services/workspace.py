"""An open data folder: what every use case is given."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from desk_app.domain.journal import JournalEntry, Noted
from desk_app.domain.numbering import DEFAULT_PATTERN
from desk_app.domain.sight import sight_of
from desk_app.domain.values import Context
from desk_app.domain.vocabulary import Role
from desk_app.errors import KnownError
from desk_app.services import rule_file
from desk_app.services.results import Shop
from desk_app.services.rules import DEFAULT_TRADE, Rules
from desk_app.storage import backup, calendar, credentials, journal, settings
from desk_app.storage.connection import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from desk_app.clock import Clock
    from desk_app.domain.rights import Granted
    from desk_app.domain.sight import Sight
    from desk_app.paths import DataFolder
    from desk_app.services.warning_rules import InForce
    from desk_app.storage.connection import Transaction
    from desk_app.storage.figures import FigureBook
    from desk_app.storage.search import SearchIndex

_ROLES = tuple(Role)
UNNAMED_OPERATOR = "前台"

_NEW = Shop(
    name="",
    trade=DEFAULT_TRADE,
    operators=(UNNAMED_OPERATOR,),
    operator=UNNAMED_OPERATOR,
    number_pattern=DEFAULT_PATTERN,
    is_set_up=False,
)


class Session(NamedTuple):
    """Who is signed in in this process; ``proof`` is the hash of the PIN that was given, empty where there is none."""

    name: str
    proof: str = ""


class Workspace:
    """The register, the facts and the clock of one shop. Used on the thread that opened it.

    ``shop``, and the ``policy`` and the ``trade`` that follow from it, are renewed by the use cases of
    ``services.shop`` and by :func:`~desk_app.services.desk.has_changed`.
    """

    def __init__(self, store: Store, folder: DataFolder, clock: Clock, rules: Rules) -> None:
        """Wrap an open store; use :func:`open_workspace`."""
        self.store, self.folder, self.clock, self.rules = store, folder, clock, rules
        self._pins: Mapping[str, str] = {}
        self._acting: Session | None = None
        self._is_locked = False
        self._data_version = store.data_version()
        self.has_news = False
        self.search: SearchIndex | None = None
        """The index of words, once it was asked for; managed by ``services.search`` alone, as is the next."""
        self.search_is_lost = False
        self.figures: FigureBook | None = None
        """The file of what is counted, once it was asked for; managed by ``services.figures`` alone."""
        self.warnings: InForce | None = None
        """The rules of early warning, once they were asked for; managed by ``services.warning_rules`` alone."""
        self.is_backing_up = False
        """Whether a backup is under way; managed by ``services.upkeep`` alone."""
        self.look_again()

    @property
    def shop(self) -> Shop:
        """What the register says of the shop, as of the last look.

        Its ``operator`` is whoever signed in here, if somebody did: for showing, and for what no person does. Who acts
        is :attr:`operator`.
        """
        return self._shop

    @shop.setter
    def shop(self, shop: Shop) -> None:
        if self._acting is not None and self._acting.name in shop.operators:
            shop = replace(shop, operator=self._acting.name)
        self.trade = self.rules.trade_of(shop)
        self._shop = shop
        self.policy = self.rules.policy_of(shop)

    def look_again(self) -> None:
        """Take the shop's settings and its own rules as they are now.

        ``has_news`` then says until the next ``desk.has_changed`` that another program has written.
        """
        version = self.store.data_version()
        self.has_news = self.has_news or version != self._data_version
        self._data_version = version
        self._rules_stamp = rule_file.stamp(self.folder.deadlines)
        with self.store.reading() as conn:
            self._pins = credentials.hashes(conn)
        self.shop = _read_shop(self.store, self.rules, self.folder, self.clock.now())

    def is_behind(self) -> bool:
        """Whether another program, or a person with an editor, has changed what was looked at."""
        return (
            self.store.data_version() != self._data_version
            or rule_file.stamp(self.folder.deadlines) != self._rules_stamp
        )

    @property
    def has_pins(self) -> bool:
        """Whether anybody has a PIN."""
        return bool(self._pins)

    def has_pin(self, name: str) -> bool:
        """Whether a person has a PIN, so that only ``access.sign_in`` makes them the operator."""
        return name in self._pins

    @property
    def session(self) -> Session | None:
        """Who is signed in in this process, or None: the desk is locked.

        Whoever gave their PIN here stays it until they sign out, until their PIN is changed or they are taken off the
        list, whatever another program says. Else it is the operator of the settings, as long as they have no PIN: they
        need none. A register whose operator has one opens locked.
        """
        if self._is_locked:
            return None
        session = self._acting or Session(self._shop.operator)
        holds = self._pins.get(session.name, session.proof) == session.proof
        return session if holds and session.name in self._shop.operators else None

    @property
    def operator(self) -> str:
        """Who acts: asked by every use case that reads or writes on behalf of a person.

        Raises:
            KnownError: ``locked``.
        """
        session = self.session
        if session is None:
            raise KnownError("locked")
        return session.name

    def enter(self, session: Session | None) -> None:
        """Take somebody as signed in here (None: whoever the settings name). For ``services.access`` alone."""
        self._acting, self._is_locked = session, False

    def lock(self) -> None:
        """Let nobody act until somebody has signed in. For ``services.access`` alone."""
        self._acting, self._is_locked = None, True

    def require_person(self) -> None:
        """Let only go on while somebody is signed in now: called first by what shows cases, and needs no right.

        Raises:
            KnownError: ``locked``.
        """
        self._look_before_asking()
        _ = self.operator

    def sight(self) -> Sight:
        """Return how much of customers who acts may see: asked wherever one is shown.

        Raises:
            KnownError: ``locked``.
        """
        return sight_of(self.policy.authority, self.operator)

    def require(self, right: Granted) -> None:
        """Let only go on who has a right at this moment: called first by each use case that needs one.

        Raises:
            KnownError: ``locked``; ``not_allowed``, saying whose matter it is.
        """
        self._look_before_asking()
        authority, who = self.policy.authority, self.operator
        if not authority.may(who, right):
            raise KnownError("not_allowed", by=who, right=right, office=authority.office_of(right))

    def _look_before_asking(self) -> None:
        """Take roles and PINs as they are now, whoever has changed them; inside a transaction nobody else can."""
        if not self.store.is_in_transaction and self.is_behind():
            self.look_again()

    def note(self, conn: Transaction, what: Noted, subject: str = "", **data: object) -> None:
        """Note in the journal what the operator does, inside the caller's transaction."""
        journal.add(conn, JournalEntry(at=self.clock.now(), by=self.operator, what=what, subject=subject, data=data))

    def context(self, now: datetime) -> Context:
        """Return what typed values are checked against."""
        return Context(
            fields=self.rules.fields,
            trade=self.trade,
            operator=self.operator,
            now=now,
            localise=self.clock.local,
        )

    def close(self) -> None:
        """Close the register, its index and its figures."""
        if self.search is not None:
            self.search.close()
        if self.figures is not None:
            self.figures.close()
        self.store.close()


def open_workspace(folder: DataFolder, clock: Clock, rules: Rules) -> Workspace:
    """Open a data folder, making it where it is new. An older register is backed up, then migrated.

    Raises:
        KnownError: the folder or the register cannot be used; the code says why (``storage.connection.open_store``).
    """

    def back_up(old: Store) -> Path:
        return backup.make(old, folder.backups, clock.now(), "before-migration").path

    store = open_store(folder.database, folder.backups, back_up)
    folder.tighten()
    try:
        return Workspace(store, folder, clock, rules)
    except BaseException:
        store.close()
        raise


def _read_shop(store: Store, rules: Rules, folder: DataFolder, now: datetime) -> Shop:
    """Return the settings of a register, with its own rules; what it does not say yet is as in a new one."""
    with store.reading() as conn:
        stored, days = settings.read(conn), calendar.read(conn)
    shop = replace(as_stored(stored), days=days, deadlines=str(stored.get(rule_file.GOOD, "")))
    return rule_file.renewed(store, rules, folder.deadlines, shop, now)


def as_stored(stored: Mapping[str, object]) -> Shop:
    """Return what the settings themselves say of the shop; its calendar and its rules are kept elsewhere."""
    known: dict[str, Any] = {f.name: stored[f.name] for f in fields(Shop) if f.name in stored}
    operators = known.get("operators", _NEW.operators)
    known["operators"] = tuple(operators) if isinstance(operators, (list, tuple)) else _NEW.operators
    roles = known.get("roles", {})
    held = roles.items() if isinstance(roles, dict) else ()
    known["roles"] = {
        str(k): Role(v) for k, v in held if v in _ROLES
    }  # another stands in a damaged file: verify says so
    for key in ("open_weekdays", "phrase_packs", "own_categories", "hidden_categories"):
        listed = known.get(key)
        known[key] = tuple(listed) if isinstance(listed, (list, tuple)) else getattr(_NEW, key)
    words = known.get("own_words")
    known["own_words"] = dict(words) if isinstance(words, dict) else {}
    return replace(_NEW, **known)  # written by services.shop alone, from the same fields
