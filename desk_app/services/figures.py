"""Use cases of what is counted: keep the file of figures behind the register up to date, and ask it.

What is asked is answered as of the last line of history: the cases that went on since are put in first. That is quick
but for the very first time, and after a restore; who does not want to wait for that goes by :func:`catch_up`, a slice
at a time, and asks when :func:`behind` is small.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from desk_app.domain.ahead import Ahead
from desk_app.domain.facts import facts_of
from desk_app.services.search import CaughtUp
from desk_app.storage import cases, derived
from desk_app.storage.derived import IndexLostError, State
from desk_app.storage.figures import FigureBook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.ahead import Book
    from desk_app.domain.facts import Facts, Within
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_T = TypeVar("_T")
_SLICE = 500
_AT_A_GLANCE = 50  # lines of history


def catch_up(ws: Workspace, most: int = _SLICE) -> CaughtUp:
    """Put the cases of the next lines of history, at most so many, into the figures; the register is only read.

    Where the folder cannot be written, they are kept in memory.
    """
    with ws.store.reading() as conn:
        try:
            return _next(_book(ws, conn), conn, most)
        except IndexLostError as error:
            _lose(ws, error)
            return CaughtUp(0, _left(conn, State()))


def behind(ws: Workspace) -> int:
    """Return how many lines of history are not in the figures."""
    with ws.store.reading() as conn:
        try:
            return _left(conn, _book(ws, conn).state())
        except IndexLostError as error:
            _lose(ws, error)
            return _left(conn, State())


def ask(ws: Workspace, question: Callable[[FigureBook], _T], meanwhile: Callable[[], object] = bool) -> _T:
    """Return the answer of the figures, brought up to date first; ``meanwhile`` is called between two slices of that.

    ``question`` is asked once more, of figures in memory, where the file turns out to be lost.
    """
    ws.require_person()
    try:
        return question(_up_to_date(ws, meanwhile))
    except IndexLostError as error:
        _lose(ws, error)
        ws.figures = derived.in_memory(FigureBook, ws.folder.figures)
        return question(_up_to_date(ws, meanwhile))


def peek(ws: Workspace, question: Callable[[Book], _T]) -> _T | None:
    """Return the answer as of now without bringing the figures up to date, which costs the disk: right after a save.

    None where more has gone on since than is read in a moment.
    """
    ws.require_person()
    with ws.store.reading() as conn:
        try:
            book = _book(ws, conn)
            ids, _, left = derived.next_events(conn, book.state(), _AT_A_GLANCE)
            return None if left else question(Ahead(book, map(facts_of, cases.read_ids(conn, ids))))
        except IndexLostError as error:
            _lose(ws, error)
            return None


def counts(ws: Workspace, part: str, within: Within) -> Mapping[str, int]:
    """Return how many cases have each value of a part (``facts.PARTS``)."""
    return ask(ws, lambda book: book.counts(part, within))


def count(ws: Workspace, part: str, value: str, within: Within) -> int:
    """Return how many of them have one value."""
    return ask(ws, lambda book: book.count(part, value, within))


def numbers(ws: Workspace, part: str, value: str, within: Within, limit: int) -> tuple[str, ...]:
    """Return the numbers of the cases that have one value, the newest first, at most so many."""
    return ask(ws, lambda book: book.numbers(part, value, within, limit))


def facts(ws: Workspace, number: str) -> Facts | None:
    """Return what is counted of one case, None where there is no such number."""
    return ask(ws, lambda book: book.facts_of(number))


def forget(ws: Workspace) -> None:
    """Delete the figures: they are made again from the register. Raises as the disk does (``folder_unwritable``)."""
    with ws.store.reading():
        _close(ws)
        derived.delete_derived(ws.folder.figures)


def _up_to_date(ws: Workspace, meanwhile: Callable[[], object]) -> FigureBook:
    while True:
        with ws.store.reading() as conn:
            book = _book(ws, conn)
            left = _next(book, conn, _SLICE).left
        if not left:
            return book
        meanwhile()


def _next(book: FigureBook, conn: Transaction, most: int) -> CaughtUp:
    before = book.state()
    ids, after, left = derived.next_events(conn, before, most)
    if ids:
        found = {case_id: facts_of(file) for case_id, file in zip(ids, cases.read_ids(conn, ids), strict=True)}
        with book.writing():
            if book.state() != before:  # another program has just done it
                return CaughtUp(0, left)
            book.put(found, after)
    return CaughtUp(after.event_id - before.event_id, left)


def _left(conn: Transaction, state: State) -> int:
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]) - state.event_id


def _book(ws: Workspace, conn: Transaction) -> FigureBook:
    """Return the figures of this register, begun anew where there are none."""
    if ws.figures is not None and not ws.figures.is_current:
        _close(ws)
    if ws.figures is None:
        ws.figures = _opened(ws)
    if not derived.is_of(conn, ws.figures.state()):
        ws.figures.begin_anew()  # of another register
    return ws.figures


def _opened(ws: Workspace) -> FigureBook:
    if ws.store.is_read_only:
        return derived.in_memory(FigureBook, ws.folder.figures)
    try:
        return derived.make_derived(FigureBook, ws.folder.figures)
    except IndexLostError:
        return derived.in_memory(FigureBook, ws.folder.figures)


def _lose(ws: Workspace, error: IndexLostError) -> None:
    """Go on without a file that cannot be read; a damaged one is made anew."""
    _close(ws)
    if error.is_damaged:
        with suppress(OSError):
            derived.delete_derived(ws.folder.figures)


def _close(ws: Workspace) -> None:
    if ws.figures is not None:
        ws.figures.close()
        ws.figures = None
