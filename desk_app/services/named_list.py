"""Short lists in the shop's settings of what people keep under a name: views of the queue, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from desk_app.domain.text import first_words, strip_unstorable
from desk_app.errors import KnownError
from desk_app.storage import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

MOST = 20
LONGEST_NAME = 20


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """Under which it is kept."""


_T = TypeVar("_T", bound=Named)


class NamedList(NamedTuple, Generic[_T]):
    """One such list: the key of the setting, the codes of the two refusals, and how an item is written and read.

    ``read`` raises KeyError, TypeError or ValueError where this version cannot read what another wrote: it is left out.
    """

    key: str
    unnamed: str
    full: str
    write: Callable[[_T], Mapping[str, object]]
    read: Callable[[Mapping[str, Any]], _T]

    def all(self, ws: Workspace) -> tuple[_T, ...]:
        """Return the items, in the order in which they were made."""
        with ws.store.reading() as conn:
            return self._stored(conn)

    def keep(self, ws: Workspace, item: _T) -> tuple[_T, ...]:
        """Keep an item, in the place of one that has its name already, and return all; one transaction.

        Raises:
            KnownError: ``unnamed``, ``full`` of this list.
        """
        if not item.name:
            raise KnownError(self.unnamed)
        with ws.store.transaction() as conn:
            items = {each.name: each for each in self._stored(conn)} | {item.name: item}
            if len(items) > MOST:
                raise KnownError(self.full, most=MOST)
            return self._write(conn, tuple(items.values()))

    def forget(self, ws: Workspace, name: str) -> tuple[_T, ...]:
        """Keep an item no longer, and return the others; one transaction. A name that is not there changes nothing."""
        with ws.store.transaction() as conn:
            return self._write(conn, tuple(each for each in self._stored(conn) if each.name != name))

    def leave_out(self, conn: Transaction, is_out: Callable[[_T], bool]) -> None:
        """Keep some items no longer, inside the caller's transaction; where there are none such, nothing is written."""
        items = self._stored(conn)
        left = tuple(each for each in items if not is_out(each))
        if len(left) < len(items):
            self._write(conn, left)

    def _stored(self, conn: Transaction) -> tuple[_T, ...]:
        stored = settings.read_one(conn, self.key)
        items = []
        for entry in stored if isinstance(stored, list) else ():
            try:
                items.append(self.read(entry))
            except (KeyError, TypeError, ValueError):
                continue
        return tuple(items)

    def _write(self, conn: Transaction, items: tuple[_T, ...]) -> tuple[_T, ...]:
        settings.write(conn, {self.key: [self.write(each) for each in items]})
        return items


def name_of(typed: str) -> str:
    """Return the name that a person means: on one line, and not too long."""
    return first_words(strip_unstorable(typed), LONGEST_NAME)
