"""Use cases of the search: find cases by any words in them, and keep the index behind it up to date.

A search only reads. It asks the index for what may answer, and each case itself before it is shown; the cases that went
on since the index was last brought up to date are looked at one by one. So the hits are exactly those of a scan through
all texts, however far the index is, unless ``Found.waiting`` says how much was too much to look at.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from desk_app.domain.finding import LONGEST_QUERY, Found, Hit, concerns, hit_of
from desk_app.domain.search_words import Document, anywhere, at_customer, at_number, words_of
from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.storage import derived
from desk_app.storage import search as storage
from desk_app.storage.derived import IndexLostError, State
from desk_app.storage.search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from desk_app.domain.entry import Entry
    from desk_app.domain.finding import Sought
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

BY_HAND = 2_000
"""How many lines of history beyond the index are looked at, one case after the other, at each search."""
WORTH_WRITING = 10
"""Lines of history from which on it is worth it to write the index: one write costs as much as a save (both wait for
the disk), while to look at so many cases by hand costs a search less than a millisecond."""
_A_CUSTOMER, _A_PAGE, _LARGEST_PIECE = 8, 64, 4_096  # cases that are read at once
_RANKS = 3
_T = TypeVar("_T")


class CaughtUp(NamedTuple):
    """How many lines of history were put into the index, and how many are left."""

    done: int
    left: int


class NotWantedError(Exception):
    """Nobody waits for the answer any more."""


def always() -> bool:
    """Say that the answer is wanted still."""
    return True


def find(ws: Workspace, sought: Sought, limit: int = 50, wanted: Callable[[], bool] = always) -> Found | None:
    """Return the first hits, best first: by number, then by the customer's name or phone, then the rest; newest first.

    Reads only, and holds no lock between two cases. ``wanted`` is asked again and again; when it says no, None is
    returned soon. Words in traditional characters that are nowhere are looked for in simplified ones
    (``Found.instead``).

    Raises:
        KnownError: ``search_too_long``.
    """
    ws.require_person()
    words = _words(sought)
    try:
        found = _guarded(ws, lambda conn: _Search(ws, conn, sought, words, wanted).best(limit))
        plain = tuple(word.translate(ws.rules.traditional) for word in words)
        if not found.hits and plain != words:
            other = _guarded(ws, lambda conn: _Search(ws, conn, sought, plain, wanted).best(limit))
            if other.hits:
                return replace(other, instead=" ".join(plain))
    except NotWantedError:
        return None
    return found


def count(ws: Workspace, sought: Sought, most: int, wanted: Callable[[], bool] = always) -> int | None:
    """Return how many cases have the words, as far as ``most``; None and errors as of :func:`find`."""
    ws.require_person()
    words = _words(sought)
    try:
        return _guarded(
            ws, lambda conn: sum(1 for _ in islice(_Search(ws, conn, sought, words, wanted).documents(), most))
        )
    except NotWantedError:
        return None


def of_numbers(ws: Workspace, numbers: tuple[str, ...]) -> tuple[Hit, ...]:
    """Return these cases in their order, each as a search that gave no words shows it; one that is not there is left.

    Raises:
        KnownError: ``locked``.
    """
    ws.require_person()
    with ws.store.reading() as conn:
        found = storage.entries(conn, storage.ids_of(conn, numbers), storage.EVERYTHING)
    conceals = ws.sight().conceals_lists
    hits = {entry.number: _hit(_document(ws, entry), (), conceals=conceals) for entry in found}
    return tuple(hits[number] for number in numbers if number in hits)


def catch_up(ws: Workspace, most: int = 500, least: int = 1) -> CaughtUp:
    """Put the next lines of history, at most so many, into the index; one transaction on it, none on the register.

    Where fewer than ``least`` are left, nothing is done. Where there is no index that belongs to this register, one is
    begun. Where it cannot be written (a read-only folder, another program at it) nothing is done: a search goes on
    without it.
    """
    with ws.store.reading() as conn:
        try:
            index = _index_to_write(ws, conn)
            with index.writing():
                before = index.state()
                ids, after, left = derived.next_events(conn, before, most)
                if (waiting := after.event_id - before.event_id + left) < least:
                    return CaughtUp(0, waiting)
                entries = storage.entries(conn, ids, storage.EVERYTHING)
                documents = (_document(ws, entry) for entry in entries)
                index.add(((document.entry.id, document.tokens()) for document in documents), after)
        except IndexLostError as error:
            _lose(ws, error)
            return CaughtUp(0, storage.waiting(conn, State(), 0)[1])
    return CaughtUp(after.event_id - before.event_id, left)


def behind(ws: Workspace) -> int:
    """Return how many lines of history are not in the index."""
    with ws.store.reading() as conn:
        return storage.waiting(conn, _state(ws, conn)[1], 0)[1]


def unread(ws: Workspace) -> int:
    """Return how many lines of history :func:`answering` does not look at, because the index is too far behind."""
    with ws.store.reading() as conn:
        return storage.waiting(conn, _state(ws, conn)[1], BY_HAND)[1]


def answering(
    ws: Workspace, expression: str, fits: Callable[[Document], bool], take: Callable[[Iterator[Document]], _T]
) -> _T:
    """Return what ``take`` makes of the cases that answer to an expression of the index and fit, newest first.

    ``take`` is called inside the reading, and once more from the beginning where the index turns out to be lost.
    """
    return _guarded(ws, lambda conn: take(_answering(ws, conn, expression, fits)))


def _answering(
    ws: Workspace, conn: Transaction, expression: str, fits: Callable[[Document], bool]
) -> Iterator[Document]:
    index, state = _state(ws, conn)
    fresh, _ = storage.waiting(conn, state, BY_HAND)
    indexed = iter(()) if index is None else (i for i in index.ids(expression) if i not in fresh)
    each = (_fitting(ws, conn, ids, fits) for ids in (iter(sorted(fresh, reverse=True)), indexed))
    return merge(*each, key=lambda document: -document.entry.id)


def _fitting(
    ws: Workspace, conn: Transaction, ids: Iterator[int], fits: Callable[[Document], bool]
) -> Iterator[Document]:
    """Go through those cases of some ids that fit, in their order: the newest first."""
    for some in _pieces(ids, _A_CUSTOMER):
        for entry in storage.entries(conn, some, storage.EVERYTHING):
            if fits(document := _document(ws, entry)):
                yield document


def forget(ws: Workspace) -> None:
    """Delete the index; :func:`catch_up` begins it anew.

    Raises:
        KnownError: ``folder_unwritable``.
    """
    with ws.store.reading():
        _close(ws)
        derived.delete_derived(ws.folder.search)


class _Search:
    """One search: what it looks for, and in which index."""

    def __init__(
        self, ws: Workspace, conn: Transaction, sought: Sought, words: tuple[str, ...], wanted: Callable[[], bool]
    ) -> None:
        self._ws, self._conn, self._sought, self._words, self._wanted = ws, conn, sought, words, wanted
        self._filter = storage.filter_of(sought)
        self._index, state = _state(ws, conn)
        self._fresh, self.waiting = storage.waiting(conn, state, BY_HAND) if words else (frozenset[int](), 0)
        self._fresh_hits = tuple(self._checked(sorted(self._fresh, reverse=True)))

    def best(self, limit: int) -> Found:
        """Return the first hits of all ranks."""
        documents, conceals = list(islice(self._best_first(), limit + 1)), self._ws.sight().conceals_lists
        hits = tuple(_hit(document, self._words, conceals=conceals) for document in documents[:limit])
        return Found(hits, len(documents) > limit, self.waiting)

    def _best_first(self) -> Iterator[Document]:
        """Go through the cases of all ranks, each once, whatever is written between two of the questions."""
        seen: set[int] = set()
        for rank in range(_RANKS) if self._words else (None,):
            for document in self.documents(rank):
                if document.entry.id not in seen:
                    seen.add(document.entry.id)
                    yield document

    def documents(self, rank: int | None = None) -> Iterator[Document]:
        """Go through the cases that have the words, all or those of a rank and better, the newest on file first.

        Of the better ones all are not asked for: only what answers to the question of this rank.
        """
        if not self._words:
            yield from self._checked(storage.all_ids(self._conn, self._filter) if self._sought.filters else ())
            return
        indexed = self._checked(i for i in self._candidates(rank) if i not in self._fresh)
        for document in merge(self._fresh_hits, indexed, key=lambda document: -document.entry.id):
            if rank is None or document.rank(self._words) <= rank:
                yield document

    def _candidates(self, rank: int | None) -> Iterable[int]:
        """Return the ids, newest first, among which are all indexed cases of a rank."""
        narrower = {0: at_number, 1: at_customer}.get(rank if rank is not None else _RANKS)
        where = narrower(self._words) if narrower else ""
        if self._index is None or (narrower and not where):
            return ()
        everywhere = anywhere(self._words)
        return self._index.ids(f"({everywhere}) AND ({where})" if where else everywhere, self._wanted)

    def _checked(self, ids: Iterable[int]) -> Iterator[Document]:
        """Look at cases themselves."""
        for some in _pieces(ids, _A_PAGE):
            for entry in storage.entries(self._conn, some, self._filter):
                if not self._wanted():
                    raise NotWantedError
                document = _document(self._ws, entry)
                if document.has(self._words) and concerns(entry, self._sought.department):
                    yield document
        if not self._wanted():
            raise NotWantedError


def _pieces(ids: Iterable[int], first: int) -> Iterator[list[int]]:
    """Cut into pieces that grow: who wants few waits for few."""
    rest, size = iter(ids), first
    while some := list(islice(rest, size)):
        yield some
        size = min(2 * size, _LARGEST_PIECE)


def _guarded(ws: Workspace, ask: Callable[[Transaction], _T]) -> _T:
    """Ask the index; where it turns out to be lost, once more without it."""
    with ws.store.reading() as conn:
        try:
            return ask(conn)
        except IndexLostError as error:
            _lose(ws, error)
            return ask(conn)


def _words(sought: Sought) -> tuple[str, ...]:
    text = strip_unstorable(sought.words)
    if len(text) > LONGEST_QUERY:
        raise KnownError("search_too_long", limit=LONGEST_QUERY, length=len(text))
    return words_of(text)


def _hit(document: Document, words: tuple[str, ...], *, conceals: bool) -> Hit:
    return hit_of(document, words, datetime.fromisoformat(document.entry.received_at), conceals=conceals)


def _document(ws: Workspace, entry: Entry) -> Document:
    return Document(entry, ws.rules.said, ws.rules.initials)


# -------------------------------------------------------------------------------------- the index of a workspace


def _state(ws: Workspace, conn: Transaction) -> tuple[SearchIndex | None, State]:
    """Return the index of this register and how far it goes, or none."""
    if ws.search is not None and not ws.search.is_current:
        _close(ws)
    if ws.search is None and not ws.search_is_lost:
        ws.search = derived.open_derived(SearchIndex, ws.folder.search)
    try:
        state = State() if ws.search is None else ws.search.state()
    except IndexLostError as error:
        _lose(ws, error)
        return None, State()
    return (ws.search, state) if derived.is_of(conn, state) else (None, State())


def _index_to_write(ws: Workspace, conn: Transaction) -> SearchIndex:
    """Return the index of this register, begun anew where there is none."""
    index, _ = _state(ws, conn)
    if index is not None:
        return index
    if ws.search is not None:
        ws.search.begin_anew()  # of another register
        return ws.search
    if ws.search_is_lost:
        with suppress(OSError):  # where it cannot be deleted, it cannot be made either
            derived.delete_derived(ws.folder.search)
    ws.search, ws.search_is_lost = derived.make_derived(SearchIndex, ws.folder.search), False
    return ws.search


def _lose(ws: Workspace, error: IndexLostError) -> None:
    """Go on without an index that cannot be read; a damaged one is made anew, one that is locked is asked again."""
    _close(ws)
    ws.search_is_lost = error.is_damaged


def _close(ws: Workspace) -> None:
    if ws.search is not None:
        ws.search.close()
        ws.search = None
