"""Use cases of the follow-up desk: what is owed, one case, and what is done about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from desk_app.domain import snoozing, undoing, workflow
from desk_app.domain.event import Event
from desk_app.domain.text import find_unstorable
from desk_app.domain.times import epoch
from desk_app.domain.validation import read_action, read_moment, read_operator
from desk_app.domain.vocabulary import Action
from desk_app.errors import KnownError
from desk_app.services.results import Acted, Changes, QueueCounts, View
from desk_app.storage import cases, queue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.case import CaseFile
    from desk_app.domain.queue import QueueRow
    from desk_app.domain.workflow import Decision
    from desk_app.services.workspace import Workspace
    from desk_app.storage.connection import Transaction

_MATTER_LENGTH = 60
_VIEWS = tuple(View)


def queue_page(ws: Workspace, view: View, at: datetime, offset: int, limit: int) -> tuple[QueueRow, ...]:
    """Return one page of the queue as of ``at``: open follow-ups of the view, the earliest due (most overdue) first."""
    with ws.store.reading() as conn:
        return queue.page(conn, _until(view, at), epoch(at), offset, limit)


def queue_counts(ws: Workspace, at: datetime) -> QueueCounts:
    """Return how many open follow-ups each view holds as of ``at``, and how many fall due within the hour."""
    limits = [*(_until(view, at) for view in _VIEWS), epoch(at + timedelta(hours=1))]
    with ws.store.reading() as conn:
        *views, soon = queue.counts(conn, limits)
    by_view = dict(zip(_VIEWS, views, strict=True))
    return QueueCounts(by_view, soon - by_view[View.OVERDUE])


def case_file(ws: Workspace, number: str) -> CaseFile:
    """Return a case with its history and what is owed on it.

    Raises:
        KnownError: ``case_unknown``.
    """
    with ws.store.reading() as conn:
        return _find(conn, number)


def act(
    ws: Workspace, number: str, action: str, raw: Mapping[str, object], request_id: str, seen: int | None = None
) -> Acted:
    """Do one action on a case, in one transaction: status, history, what is settled and what is owed next.

    ``raw`` has the keys of the action, and may have ``by`` (default: the operator of the data folder) and ``at``
    (default: now; earlier = 补录). ``seen`` is the last event that the person had before them; where the case has gone
    on since, nothing is done. A retry with the same ``request_id`` changes nothing twice.

    Raises:
        RefusedError: problems of the given values.
        KnownError: ``action_unknown``, ``case_unknown``, ``case_went_on``, or why the case does not allow it.
    """
    form = next((f for f in ws.rules.actions.values() if f.action == action), None)
    if form is None:
        known = "、".join(f.action for f in ws.rules.actions.values())
        if action in set(Action):
            raise KnownError("action_not_built", action=Action(action))
        raise KnownError("action_unknown", action=action[:40], actions=known)
    now = ws.clock.now()
    given = dict(raw)
    by = read_operator(given.pop("by", None)) or ws.shop.operator
    at = read_moment("at", given.pop("at", None), ws.clock.local)
    data = read_action(form, given, ws.context(now))

    def decide(_conn: Transaction, file: CaseFile) -> Decision:
        happened = at or max(now, workflow.latest(file))  # a clock that was set back keeps nobody from working
        deed = Event(action=form.action, at=happened, entered_at=now, by=by, data=data, round=file.case.round)
        return workflow.decide(file, deed, ws.policy)

    return _write(ws, number, request_id, decide, seen)


def undo(ws: Workspace, number: str, request_id: str) -> Acted:
    """Take back the operator's own last action on a case, within the minute, by a new event; one transaction.

    Raises:
        KnownError: ``case_unknown``, or why it cannot be taken back (``undo_*``).
    """
    now = ws.clock.now()

    def decide(conn: Transaction, file: CaseFile) -> Decision:
        return undoing.undo(file, cases.changes_of(conn, file.events[-1].id), ws.shop.operator, now)

    return _write(ws, number, request_id, decide)


def snooze(ws: Workspace, number: str, follow_up_id: int, until: datetime, reason: str, request_id: str) -> Acted:
    """Leave something owed aside until a day, for a reason; it comes back by itself, and at its due date at the latest.

    One transaction.

    Raises:
        KnownError: ``case_unknown``, ``snooze_unknown``, ``snooze_past``, ``snooze_beyond_due``, ``snooze_no_reason``.
    """
    now, by = ws.clock.now(), ws.shop.operator

    def decide(_conn: Transaction, file: CaseFile) -> Decision:
        return snoozing.snooze(file, follow_up_id, until, reason.strip(), by, now)

    return _write(ws, number, request_id, decide)


def _write(
    ws: Workspace,
    number: str,
    request_id: str,
    decide: Callable[[Transaction, CaseFile], Decision],
    seen: int | None = None,
) -> Acted:
    """Decide and write in one transaction; a request that is stored already is not decided again."""
    with ws.store.transaction() as conn:
        if cases.stored_number(conn, request_id) is None:
            file = _find(conn, number)
            if seen is not None and file.events[-1].id != seen:
                last = file.events[-1]
                raise KnownError("case_went_on", number=number, by=last.by, action=last.action, at=last.entered_at)
            cases.update(conn, file, decide(conn, file), request_id)
    return Acted(case_file(ws, number), Changes(cases=frozenset({number}), queue=True))


def has_changed(ws: Workspace) -> Changes | None:
    """Return what to look at again where another program (or an editor, the rules) has written since, else None."""
    if ws.is_behind():
        ws.look_again()
    elif not ws.has_news:
        return None
    ws.has_news = False
    return Changes(queue=True, drafts=True, shop=True, everything=True)


def _find(conn: Transaction, number: str) -> CaseFile:
    file = cases.read_file(conn, number) if find_unstorable(number) is None else None
    if file is None:
        raise KnownError("case_unknown", number=number[:40])
    return file


def _until(view: View, at: datetime) -> int | None:
    """Return before which moment a view's follow-ups are due: overdue by now, to the day's end, to the week's end."""
    if view is View.OVERDUE:
        return epoch(at)
    if view is View.ALL:
        return None
    day = datetime.combine(at.date(), time(), at.tzinfo)
    days = 1 if view is View.TODAY else 7 - day.weekday()
    return epoch(day + timedelta(days=days))
