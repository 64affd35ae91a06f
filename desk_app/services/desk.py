"""Use cases of the follow-up desk: what is owed, one case, and what is done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from desk_app.domain import sight, snoozing, undoing, workflow
from desk_app.domain.event import Event
from desk_app.domain.numbering import completed
from desk_app.domain.queue import ALL_OF_IT, CASE_VIEWS, Sieve, Span, View, reader, sifted, spans
from desk_app.domain.text import find_unstorable
from desk_app.domain.times import epoch
from desk_app.domain.validation import read_action, read_amendment, read_moment, read_operator
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services import following, joining, looks
from desk_app.services.results import Acted, Changes, QueueCounts
from desk_app.storage import cases, queue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.queue import QueueRow
    from desk_app.domain.workflow import Decision
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_DAY = 86_400
_MOST_DEBTORS = 200
_EVERYTHING = 2**31  # lines: more than a register can hold


def queue_page(
    ws: Workspace, view: View, at: datetime, offset: int, limit: int, sieve: Sieve = ALL_OF_IT
) -> tuple[QueueRow, ...]:
    """Return one page of a view of the queue as of ``at``, sifted and in the order that ``sieve`` says."""
    ws.require_person()
    now = epoch(at)
    with ws.store.reading() as conn:
        if view is View.SILENT:
            rows = queue.silent_page(conn, *_silence(ws, now), offset, limit)
        elif view is View.UNRECORDED:
            rows = queue.unrecorded_page(conn, sieve, now, offset, limit)
        else:
            rows = queue.page(conn, sifted(_spans(ws, view, at), sieve), sieve, now, offset, limit)
    return tuple(row.concealed() for row in rows) if ws.sight().conceals_lists else rows


def queue_listing(ws: Workspace, view: View, at: datetime) -> tuple[QueueRow, ...]:
    """Return a whole view as of ``at``: read by one statement, so that whoever writes meanwhile moves no line of it."""
    return queue_page(ws, view, at, 0, _EVERYTHING)


def queue_count(ws: Workspace, view: View, at: datetime, sieve: Sieve) -> int:
    """Return how many lines one view holds as of ``at`` when it is sifted."""
    with ws.store.reading() as conn:
        if view is View.SILENT:
            return queue.silent_count(conn, *_silence(ws, epoch(at)))
        if view is View.UNRECORDED:
            return queue.unrecorded_count(conn, sieve)
        return sum(queue.count(conn, span, sieve) for span in sifted(_spans(ws, view, at), sieve))


def queue_counts(ws: Workspace, at: datetime) -> QueueCounts:
    """Return how many lines each view holds as of ``at``, and how many open follow-ups fall due within the hour."""
    now = epoch(at)
    of_views = {view: _spans(ws, view, at) for view in View if view not in CASE_VIEWS}
    soon = Span(since=now, until=epoch(at + timedelta(hours=1)))
    with ws.store.reading() as conn:
        each = queue.counts(conn, {soon, *chain.from_iterable(of_views.values())})
        of_cases = {
            View.UNRECORDED: queue.unrecorded_count(conn, ALL_OF_IT),
            View.SILENT: queue.silent_count(conn, *_silence(ws, now)),
        }
    found = {view: sum(each[span] for span in made) for view, made in of_views.items()} | of_cases
    return QueueCounts({view: found[view] for view in View}, each[soon])


def debtors(ws: Workspace) -> tuple[str, ...]:
    """Return who owes something at present, by name; of very many the first."""
    with ws.store.reading() as conn:
        return queue.debtors(conn, _MOST_DEBTORS)


def case_file(ws: Workspace, number: str) -> CaseFile:
    """Return a case with its history and what is owed on it, as the operator may see it (``domain.sight``).

    Raises:
        KnownError: ``case_unknown``.
    """
    ws.require_person()
    with ws.store.snapshot() as conn:
        return ws.sight().shown(find_file(conn, number))


def open_case(ws: Workspace, number: str) -> CaseFile:
    """Return a case as :func:`case_file` does, to somebody who opens it: that they saw it whole is noted."""
    file = case_file(ws, number)
    if not file.is_concealed:
        looks.note_view(ws, number)
    return file


def act(
    ws: Workspace, number: str, action: str, raw: Mapping[str, object], request_id: str, seen: int | None = None
) -> Acted:
    """Do one action on a case, in one transaction: status, history, what is settled and what is owed next.

    ``raw`` has the keys of the action, and may have ``by`` (default, and once there are PINs only: who acts) and ``at``
    (default: now; earlier = 补录). ``seen`` is the last event that the person had before them; where the case has gone
    on since, nothing is done. A retry with the same ``request_id`` changes nothing twice. A ``void`` that names another
    case is a merging: that one is written to as well (:mod:`desk_app.services.joining`).

    Raises:
        RefusedError: problems of the given values.
        KnownError: ``action_unknown``, ``case_unknown``, ``case_went_on``, or why the case does not allow it.
    """
    ws.require_person()
    form = next((f for f in ws.rules.actions.values() if f.action == action), None)
    if form is None:
        known = "、".join(f.action for f in ws.rules.actions.values())
        raise KnownError("action_unknown", action=action[:40], actions=known)
    now = ws.clock.now()
    given = dict(raw)
    by = _signer(ws, read_operator(given.pop("by", None)))
    at = read_moment("at", given.pop("at", None), ws.clock.local)
    context = ws.context(now)
    amends = form.action is Action.AMEND
    said = {} if amends else read_action(form, given, context)

    complete = partial(completed, pattern=ws.shop.number_pattern, today=ws.clock.local(now).date())

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        if why := sight.blind(ws.sight().shown(file), form.action, ws.policy.authority):
            raise why
        data, facts = read_amendment(form, given, file.case, context) if amends else (said, {})
        data = joining.with_partner(conn, form.action, data, file.case.number, complete)
        happened = at or max(now, workflow.latest(file))  # a clock that was set back keeps nobody from working
        deed = Event(action=form.action, at=happened, entered_at=now, by=by, data=data, round=file.case.round)
        return workflow.decide(file, deed, ws.policy, facts)

    return write_decision(ws, number, request_id, decide, seen)


def undo(ws: Workspace, number: str, request_id: str, seen: int | None = None) -> Acted:
    """Take back the operator's own last action on a case, within the minute, by a new event; one transaction.

    A merging is taken back on both cases, whichever ``number`` is given. ``seen`` is the event that the person means to
    take back: where it is no longer the last (two windows may have the same operator), nothing is done.

    Raises:
        KnownError: ``case_unknown``, ``case_went_on``, or why it cannot be taken back (``undo_*``).
    """
    ws.require_person()
    now = ws.clock.now()

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        return undoing.undo(file, cases.changes_of(conn, file.events[-1].id), ws.operator, now)

    return write_decision(ws, number, request_id, decide, seen)


def snooze(ws: Workspace, number: str, follow_up_id: int, until: datetime, reason: str, request_id: str) -> Acted:
    """Leave something owed aside until a day, for a reason; it comes back by itself, and at its due date at the latest.

    One transaction.

    Raises:
        KnownError: ``case_unknown``, ``snooze_unknown``, ``snooze_past``, ``snooze_beyond_due``, ``snooze_no_reason``.
    """
    ws.require_person()
    now, by = ws.clock.now(), ws.operator

    def decide(_conn: Transaction, file: CaseFile) -> Decision:
        return snoozing.snooze(file, follow_up_id, until, reason.strip(), by, now)

    return write_decision(ws, number, request_id, decide)


def write_decision(
    ws: Workspace,
    number: str,
    request_id: str,
    decide: Callable[[Transaction, CaseFile], Decision],
    seen: int | None = None,
    *,
    also: Callable[[Transaction, int], None] | None = None,
) -> Acted:
    """Decide and write in one transaction; a request that is stored already is not decided again.

    ``also`` writes what belongs to the event whose id it is given. Raises what ``decide`` does, and as :func:`act`.
    """
    if ws.is_behind():
        ws.look_again()  # roles and calendar as they are now, whoever changed them
    written, has_moved = frozenset({number}), False
    with ws.store.transaction() as conn:
        if cases.stored_number(conn, request_id) is None:
            file = find_file(conn, number)
            if seen is not None and file.events[-1].id != seen:
                last = file.events[-1]
                raise KnownError("case_went_on", number=number, by=last.by, action=last.action, at=last.entered_at)
            decision = decide(conn, file)
            event_id = cases.update(conn, file, decision, request_id)
            written |= joining.write_partner(conn, file, decision, ws.policy, request_id)
            has_moved = following.follow(conn, file.case, decision, request_id)
            if also is not None:
                also(conn, event_id)
    return Acted(case_file(ws, number), Changes(cases=written, queue=True, customers=has_moved))


def has_changed(ws: Workspace) -> Changes | None:
    """Return what to look at again where another program (or an editor, the rules) has written since, else None."""
    if ws.is_behind():
        ws.look_again()
    elif not ws.has_news:
        return None
    ws.has_news = False
    return Changes(queue=True, drafts=True, shop=True, everything=True)


def find_file(conn: Transaction, number: str) -> CaseFile:
    """Return a case as :func:`case_file` does, inside the caller's reading; raises like it."""
    file = cases.read_file(conn, number) if find_unstorable(number) is None else None
    if file is None:
        raise KnownError("case_unknown", number=number[:40])
    return file


def _signer(ws: Workspace, named: str | None) -> str:
    """Return whose action it is: somebody else's than the operator's only while nobody can prove to be anybody.

    Raises:
        KnownError: ``not_yourself``; ``locked``.
    """
    if named is not None and ws.has_pins and named != ws.operator:
        raise KnownError("not_yourself", by=named, operator=ws.operator)
    return named or ws.operator


def _spans(ws: Workspace, view: View, at: datetime) -> tuple[Span, ...]:
    return spans(view, at, reader(ws.policy.authority, ws.shop.operator, at))  # counted while it is locked, too


def _silence(ws: Workspace, now: int) -> tuple[int, int]:
    """Return from when on and before when (epoch) a silent customer was last spoken to."""
    return now - ws.shop.silent_until * _DAY, now - ws.shop.silent_after * _DAY
